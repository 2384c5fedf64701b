@refund-cancel
Feature: Giving money back
  > A refund is one wish under one id. It may be for all or for a part, as long as everything that
  > went back does not exceed the payment.
  > Refund: https://docs.antom.com/ac/ams_zh-cn/refund · Test cases: https://docs.antom.com/ac/ams_upm/testcases

  @AMS-RFC-001 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: Full refund
    Given an order of USD 12.31 is paid
    When the merchant refunds USD 12.31
    Then the refund has an id of its own, names the payment, and asks for USD 12.31
    And the gateway answers the refund with success, a refund id and a refund time
    And the wallet gets USD 12.31 back, once, and both inquiries say so
    And the order shows USD 12.31 as refunded, once
    And the notice of the refund, where one is asked for, gets the fixed acknowledgement

  @AMS-RFC-002 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: Several partial refunds
    Given an order of USD 12.31 is paid
    When the merchant refunds USD 5.00, USD 7.30 and USD 0.01, one after the other
    Then each refund has its own id and amount, and all name the same payment
    And the gateway answers each with success and a refund id of its own
    And the wallet gets all of it back, and the inquiry lists each refund
    And the order shows USD 5.00 as refunded, then USD 12.30, then USD 12.31

  @AMS-RFC-003 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: More than was paid
    Given an order of USD 12.31 is paid
    And USD 10.00 of it is refunded
    When <too much>
    And the merchant refunds what is left
    Then the gateway refuses the one refund that would exceed the payment, and no other
    And what is left is accepted, and in all the price goes back
    And no refused refund is shown as done, and the refunded total is the gateway's

    Examples:
      | too much                                               |
      | USD 2.32 more is to be refunded                        |
      | twice USD 2.00 more is to be refunded at the same moment |

  @AMS-RFC-004 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: The same refund id twice
    Given an order of USD 12.31 is paid
    When the cashier presses refund of USD 3.00 twice for one return slip
    And own calls repeat that refund with the same amount and with USD 3.01
    Then one wish is one refund: one id, whatever is pressed
    And the same amount gets the same answer and refund id, another is refused with REPEAT_REQ_INCONSISTENT
    And USD 3.00 is given back, once
    And the order shows USD 3.00 as refunded, once

  @AMS-RFC-009 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: Hard characters in a refund
    Given an order of USD 12.31 is paid
    And the gateway writes hard characters into its texts
    When the merchant refunds USD 3.00 for a reason with hard characters
    Then the reason arrives as the clerk wrote it, character by character
    And the order shows USD 3.00 as refunded, once
