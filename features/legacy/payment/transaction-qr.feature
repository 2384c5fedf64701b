@payment
Feature: The till shows a code for one sale and the buyer scans it, over gateway.do
  > SUCCESS of alipay.acquire.precreate means that a code was made, not that anything was paid. The
  > till shows qr_code as it was given, waits up to 60 s for the notification, then asks, and cancels
  > what nobody paid.
  > Flow: https://global.alipay.com/docs/ac/transactionqrcode/main_flow

  @LEG-PAY-053 @optional @transaction-qr
  Scenario: A call older than 30 minutes
    Given a buyer who never scans the code
    When the till presents an order of USD 12.31, and the call for its code is held for 29 minutes
    And the till presents an order of USD 12.32, and the call for its code is held for 31 minutes
    And the merchant sells the same order again
    Then a call that came within 30 minutes is taken, and the one that came later is refused with INVALID_PARAMETER and makes nothing
    And the next call for a code bears a fresh timestamp and a signature of its own

  @LEG-PAY-071 @mandatory @transaction-qr
  Scenario: QR paid, notification received
    Given a buyer who scans what the till shows after 4 s and confirms after 10 s
    When the till presents an order of USD 12.31
    And 2 minutes pass
    Then the precreate call has every parameter that a code for one sale needs
    And the code shown is the gateway's, byte for byte
    And precreate answers SUCCESS with a qr_code, and payByAccountAction names the order's number and amount
    And the order waits until a query or a notice says TRADE_SUCCESS, and is paid then
    And the query says TRADE_SUCCESS, with one charge

  @LEG-PAY-072 @mandatory @transaction-qr
  Scenario Outline: QR never paid
    Given <buyer>
    When the till presents an order of USD 12.31
    And the buyer confirms after all
    Then the first query comes at most 65 s, and the cancel at most 180 s, after the code was shown
    And the order ends cancelled, was never paid, and its code or link is no longer offered
    And the cancel answers SUCCESS; where the code was scanned it closes the trade, and the late confirmation is refused

    Examples:
      | buyer                                             |
      | a buyer who never scans the code                  |
      | a buyer who takes up the offer and does nothing   |

  @LEG-PAY-073 @mandatory @transaction-qr
  Scenario: QR paid, notification lost
    Given a buyer who scans what the till shows after 4 s and confirms after 10 s
    And notices are held back
    When the till presents an order of USD 12.31
    And 5 minutes pass
    Then the first query comes at most 65 s after the code was shown
    And the order is paid on TRADE_SUCCESS, and no cancel is sent
    And the notification is sent again 2 min after the first try

  @LEG-PAY-074 @mandatory @transaction-qr
  Scenario: Notifications that are not payments
    Given a buyer who takes up the offer and does nothing
    When the till presents an order of USD 12.31
    Then no notification but one of TRADE_SUCCESS makes the order paid
    And every notification is answered success
    And each notification's action and trade_status agree

  @LEG-PAY-075 @optional @transaction-qr
  Scenario: No code returned
    Given a buyer who scans what the till shows after 4 s and confirms after 10 s
    And the answer to pay is lost
    When the till presents an order of USD 12.31
    And 2 minutes pass
    Then the next call for a code has another out_trade_no
    And no second code of the sale is ever shown
