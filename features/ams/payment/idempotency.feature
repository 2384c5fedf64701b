@payment
Feature: One wish, one payment
  > The payment request id stands for one wish to be paid. Repeating it moves no more money, and it
  > cannot be used for another amount.
  > Idempotency: https://docs.antom.com/ac/ams/idempotency

  @AMS-PAY-080 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: The same payment twice
    Given a buyer who pays at once
    When the cashier presses twice for one order of USD 12.31, the second time <moment>
    And the witness retransmits the first pay
    Then the order has one payment request id from beginning to end
    And every repeat gets the same result, payment id and amount
    And there is one order, and one debit at most
    And the order is paid, once

    Examples:
      | moment             |
      | after the answer   |
      | at the same moment |

  @AMS-PAY-081 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: The same id with other values
    Given an order of USD 12.31 is paid
    When an own call repeats its pay with <other>
    Then the repeat is refused with REPEAT_REQ_INCONSISTENT
    And the inquiry gives the first amount, SUCCESS, and one debit
    And the order is still paid, once, for USD 12.31

    Examples:
      | other            |
      | another amount   |
      | another currency |
      | another code     |
