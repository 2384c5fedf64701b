@payment
Feature: What became of a payment over gateway.do is unknown
  > Silence says nothing about the money. The till asks about the number, repeats the same call where
  > the gateway never saw it, and cancels the number when it cannot find out.
  > Error handling: https://global.alipay.com/docs/ac/barcode_cn/error_handling

  @LEG-PAY-011 @mandatory @barcode
  Scenario: No answer, and the payment never arrived
    Given a buyer who pays at once
    And the pay request is lost on its way
    When the cashier charges USD 12.31
    Then queries for the lost payment are answered FAIL with TRADE_NOT_EXIST or TRANS_NOT_FOUND, and no status
    And on that answer the payment goes out again with every parameter unchanged, or its number is cancelled
    And within 120 s the order is settled, as the gateway says at the end

  @LEG-PAY-012 @mandatory @barcode
  Scenario: Queries without an answer
    Given a buyer who is asked for the password and does nothing
    And the answers to the second, third and fourth query are lost
    When the cashier charges USD 12.31
    Then an unanswered query is sent again unchanged 3 to 6 s later, and decides nothing
    And at least 10 answered queries stand before the cancel
    And every query answers WAIT_BUYER_PAY

  @LEG-PAY-013 @mandatory @barcode
  Scenario: Buyer pays while the merchant cancels
    Given a buyer who is asked for the password and does nothing
    And the cancel is held on its way
    When the cashier charges USD 12.31
    And the buyer approves while the cancel is on its way
    Then the cancel answers SUCCESS, action=refund, the query says TRADE_CLOSED, and the whole amount is back
    And the order ends cancelled, and was never shown as paid
    And no refund of the order is asked for

  @LEG-PAY-014 @mandatory @barcode
  Scenario: Order closes by itself; its number is spent
    Given a buyer who is asked for the password and does nothing
    When the cashier charges USD 12.31, nothing gets through from 5 s to 185 s after it, and own queries ask at 170 s and at 190 s
    And an own call of pay uses its payment request id again
    And the buyer shows a new, good code, and the cashier charges the same order again
    Then the query says WAIT_BUYER_PAY after 170 s and TRADE_CLOSED after 190 s
    And the first attempt is failed, cancelled or with staff, and was never paid
    And the new attempt has a new partner_trans_id, and the code and the amount of the new sale
    And the old id is refused with TRADE_HAS_CLOSE or TRADE_CLOSED and nothing is debited for it
