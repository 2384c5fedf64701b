@refund-cancel
Feature: Refunds without a clear answer
  > Nobody knows what became of a refund that was answered with an unknown result or not at all. The
  > merchant repeats the same refund or asks about it, until it knows. An answer that does not verify
  > is no answer.
  > Refund: https://docs.antom.com/ac/ams_zh-cn/refund_online · Inquiry: https://docs.antom.com/ac/ams_zh-cn/ir

  @AMS-RFC-006 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: No clear answer to a refund
    Given an order of USD 12.31 is paid
    And the first refund <trouble>
    When the merchant refunds USD 3.00
    Then it is one refund from beginning to end: one id, the same values
    And the merchant goes on, by repeating or by asking, until it knows the end
    And the refund is pending until its end is known, and then USD 3.00 is refunded, once
    And USD 3.00 is given back, once

    Examples:
      | trouble                                                           |
      | is processed and answered with U UNKNOWN_EXCEPTION                |
      | is answered with U UNKNOWN_EXCEPTION and not processed            |
      | is answered with U REQUEST_TRAFFIC_EXCEED_LIMIT and not processed |
      | is lost on its way                                                |
      | is processed and its answer lost                                  |
      | is processed and its answer replaced by a page of HTTP 502        |

  @AMS-RFC-007 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: A refund that takes its time
    Given an order of USD 12.31 is paid
    And every refund takes 20 s and then <ends>
    When the merchant refunds USD 3.00, and an own call asks about it meanwhile
    Then the refund inquiries say PROCESSING and then that it <ends>, each with success
    And the refund is pending while it takes its time, and then the books say that it <ends>
    And the merchant goes on, by repeating or by asking, until it knows the end

    Examples:
      | ends     |
      | succeeds |
      | fails    |

  @AMS-RFC-010 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: An altered or unsigned answer to refund or cancel
    Given an order of USD 12.31 is paid
    And the witness <forgery>
    When the clerk <deed>
    Then nothing is shown as refunded or cancelled on the strength of it
    And it counts as no answer: no refund under a new id follows

    Examples:
      | forgery                                                           | deed                   |
      | turns the refusal of a refund into a success                      | refunds USD 3.00 of it |
      | turns the refusal of a refund into a success without a signature  | refunds USD 3.00 of it |
      | turns PROCESSING into SUCCESS in every refund inquiry             | refunds USD 3.00 of it |
      | turns the refusal of a cancel into a success                      | cancels it             |
