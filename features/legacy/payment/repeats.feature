@payment
Feature: One number, one trade over gateway.do
  > partner_trans_id stands for one wish to be paid. The same call again is answered as before and
  > moves no more money; the same number with other data is refused.
  > Idempotency: https://global.alipay.com/docs/ac/gr/idempotency

  @LEG-PAY-021 @mandatory @barcode
  Scenario Outline: Payment retransmitted
    Given a buyer who pays at once
    And a repeated payment is answered <answer>
    And the payment call is held on its way
    When the cashier charges USD 12.31
    And the witness retransmits the first pay, so that the till sees the second answer alone
    Then there is one trade number in all answers, and one charge
    And the order is never failed, and is paid, once, when an answer says so

    Examples:
      | answer                    |
      | SUCCESS again             |
      | FAILED, TRADE_HAS_SUCCESS |

  @LEG-PAY-022 @mandatory @barcode @transaction-qr
  Scenario: Till key pressed twice for one sale
    Given a buyer who pays at once
    When the cashier presses twice for one order of USD 12.31, the second time after it is paid
    Then no second number of the sale is used while the first is paid or payable
    And the order is paid, once

  @LEG-PAY-023 @mandatory @barcode
  Scenario Outline: Same number, other data
    Given a buyer who is asked for the password and does nothing
    When the cashier charges USD 10.00
    And meanwhile an own call repeats its pay with <other>
    And the basket grows, and the cashier charges the same order at USD 12.00
    Then the repeat is refused with <code>
    And the first payment keeps its amount and its status
    And the new attempt has a new partner_trans_id, and the code and the amount of the new sale

    Examples:
      | other                | code                  |
      | another amount       | CONTEXT_INCONSISTENT  |
      | another buyer's code | TRADE_BUYER_NOT_MATCH |
