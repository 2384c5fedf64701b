@refund-cancel
Feature: Refunds that are refused
  > Only a successful payment can be refunded, and only within the window of the contract. A refusal
  > is final: the merchant shows it as such and does not try again by itself.
  > Refund: https://docs.antom.com/ac/ams_zh-cn/refund_online · Test suites: https://global.alipay.com/docs/ac/ref/acceptance

  @AMS-RFC-005 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: Nothing to give back
    Given an order of USD 12.31 <story>
    When an own call and the merchant refund USD 12.31 of it
    Then the gateway refuses to refund it
    And no money moves for it, and no refund is listed
    And the merchant shows the refund as refused, and the order keeps its state

    Examples:
      | story                       |
      | that waits for the buyer    |
      | that the buyer declined     |
      | that was paid and cancelled |
      | that nobody knows           |

  @AMS-RFC-008 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: A refund refused for good
    Given an order of USD 12.31 is paid
    And <reason>
    When the merchant refunds USD 3.00, and 10 minutes pass
    Then the gateway refuses the refund for good, and no money moves
    And F ends it: no repeat, under the old id or a new one
    And the refund is refused, and the order still paid

    Examples:
      | reason                                                          |
      | the refund window has been over for a day                       |
      | the gateway refuses every refund with PROCESS_FAIL              |
      | the gateway refuses every refund with INVALID_MERCHANT_STATUS   |
      | the gateway refuses every refund with INVALID_CONTRACT          |
