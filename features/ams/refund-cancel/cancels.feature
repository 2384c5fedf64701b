@refund-cancel
Feature: Cancelling a payment
  > A cancel undoes a payment as a whole: before it is paid the buyer can no longer pay, after it the
  > money returns. It can be called until 00:15 Beijing time of the next day, and is repeated until it
  > is confirmed. Once cancelled, always cancelled.
  > Cancel: https://docs.antom.com/ac/ams/paymentc · Window: https://docs.antom.com/ac/aba/cancel

  @AMS-RFC-020 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: Cancel before payment
    Given an order of USD 12.31 waits for the buyer
    When the clerk cancels the order
    And the buyer confirms after all
    Then the merchant sends a cancel that names the order's payment
    And the gateway answers the cancel with success and a cancel time, and the inquiry says CANCELLED
    And the late approval is refused and nothing is debited
    And the order is cancelled

  @AMS-RFC-021 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: Cancel after payment, same day
    Given an order of USD 12.31 is paid
    When the clerk cancels the order
    Then the gateway answers the cancel with success and a cancel time, and the inquiry says CANCELLED
    And the whole amount goes back to the wallet, once, and no refund is listed
    And the order is cancelled, and nothing is left to deliver
    And no refund is sent on top

  @AMS-RFC-022 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: The cancel window is over
    Given an order of USD 12.31 is created and paid at 23:50:00 Beijing time
    When the clerk cancels the order at <time> Beijing time on the next day
    Then the gateway answers the cancel with <answer>
    And the cancel is not repeated, and <follows> follows
    And the books show the order <end>
    And the whole amount goes back to the wallet, once

    Examples:
      | time     | answer                 | follows                       | end              |
      | 00:14:00 | S SUCCESS              | nothing                       | cancelled        |
      | 00:15:01 | F CANCEL_WINDOW_EXCEED | one refund of the full amount | refunded in full |

  @AMS-RFC-023 @optional @user-presented @order-code @entry-code @cashier
  Scenario Outline: Cancel of an unknown order
    When an own call cancels <unknown>
    Then the gateway refuses to cancel what it does not know
    And no order comes into being

    Examples:
      | unknown                       |
      | an unknown payment request id |
      | an unknown payment id         |
      | no id at all                  |

  @AMS-RFC-024 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: Cancel repeated until it is confirmed
    Given an order of USD 12.31 is paid
    And each of the first two cancels is <trouble>
    When the clerk cancels the order
    Then the same cancel comes again, 2 to 10 s later each time, until it is confirmed
    And meanwhile there is no refund and no other pay
    And the order is cancelled only after the confirmation
    And the payment is cancelled and the whole amount goes back, once, however many cancels came

    Examples:
      | trouble                           |
      | answered with U UNKNOWN_EXCEPTION |
      | lost on the way                   |
      | processed and its answer lost     |

  @AMS-RFC-025 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: Cancel never confirmed
    Given an order of USD 12.31 waits for the buyer
    And every cancel is lost on the way
    When the clerk cancels the order
    Then the same cancel is tried 5 times at least, never sooner than 2 s after the last
    And the order is in the hands of a person who is called, neither cancelled nor paid

  @AMS-RFC-026 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: Cancel and success at the same moment
    Given an order of USD 12.31 waits for the buyer
    When the clerk cancels the order and the buyer confirms <moment>
    Then there is one outcome: the payment is cancelled, and a debit went back, once
    And the order is cancelled like the gateway's, and never delivered after that

    Examples:
      | moment                                              |
      | just before the cancel arrives                      |
      | just after the cancel arrived                       |
      | so early that the notice of success meets the cancel |
