@refund-cancel
Feature: Cancelling a payment, over gateway.do
  > A cancel closes an unpaid order and gives the money of a paid one back: its answer says which, as
  > action. It can be called on the day of the payment, and until 00:15 Beijing time of the next;
  > after that only a refund helps. A cancel without a definite answer is repeated.
  > Cancel: https://global.alipay.com/docs/ac/global/acquire_cancel · Window: https://global.alipay.com/docs/ac/barcode_cn/implementing_apis

  @LEG-RFC-011 @mandatory @barcode @transaction-qr
  Scenario: Cancel a paid order, same day
    Given an order of USD 20.00 is paid
    When the clerk cancels the order
    And an own call cancels the order once more
    Then the cancel names the number of the payment, with a fresh timestamp
    And every cancel is answered SUCCESS, the first with action=refund, the query says TRADE_CLOSED, and the whole amount is back, once
    And the order is cancelled, and the whole amount is booked as returned
    And no refund is sent on top

  @LEG-RFC-012 @mandatory @barcode @transaction-qr
  Scenario: Cancel an unpaid order
    Given an order of USD 12.31 waits for the buyer
    When the clerk cancels the order after 20 s, and the buyer confirms 10 s later
    Then the cancel answers SUCCESS, action=close, the query says TRADE_CLOSED, and the late approval is refused
    And the order is cancelled, and nothing is booked as returned

  @LEG-RFC-013 @mandatory @barcode @transaction-qr
  Scenario: Cancel an order the gateway never saw
    Given every pay request is lost on its way
    When the cashier charges USD 12.31, and the clerk cancels the order after 2 s
    Then the cancel answers SUCCESS, and no trade comes into being
    And the order is cancelled
    And one definite answer suffices: the cancel is not repeated

  @LEG-RFC-014 @mandatory @barcode @transaction-qr
  Scenario Outline: Too late to cancel: refund instead
    Given an order of USD 12.31 is created and paid at 23:40:00 Beijing time
    When the clerk cancels the order at <time> Beijing time on the next day
    Then a cancel until 00:15 is answered SUCCESS, action=refund
    And a later cancel is refused for good, and the trade can still be refunded
    And a refused cancel is not repeated, and one refund of the whole amount follows it and nothing else
    And the money is back once, and the order is <end>

    Examples:
      | time     | end              |
      | 00:14:00 | cancelled        |
      | 00:15:01 | refunded in full |

  @LEG-RFC-015 @mandatory @barcode @transaction-qr
  Scenario Outline: Cancel without a definite answer
    Given an order of USD 12.31 is paid
    And <trouble>
    When the clerk cancels the order
    Then the same cancel comes again until a definite answer, and no new payment goes out meanwhile
    And the order is cancelled only after a definite answer, and ends <end>
    And the whole amount goes back to the wallet, once

    Examples:
      | trouble                                                                    | end                                                    |
      | the first two cancels are answered UNKNOWN                                 | cancelled                                              |
      | the first two cancels are answered FAIL with retry_flag=Y                  | cancelled                                              |
      | the first two answers to cancel are lost                                   | cancelled                                              |
      | the first two answers to cancel are replaced by is_success=F, SYSTEM_ERROR | cancelled                                              |
      | every answer to cancel is lost                                             | with a person, unless a notice tells that it is closed |
