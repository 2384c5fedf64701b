@payment
Feature: Only what is signed is believed
  > Calls, answers and notices are signed over their raw bytes. A merchant that believes an altered
  > or unsigned answer can be robbed by whoever stands between it and the gateway.
  > Signatures: https://global.alipay.com/docs/ac/ams/digital_signature

  @AMS-PAY-070 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: Hard characters in pay, answer and notice
    Given a buyer who pays at once
    And the gateway writes hard characters into its texts
    When the merchant sells a thing with hard characters in its name for USD 12.31
    Then every text of the order arrives as entered, character by character
    And the genuine answer and notice are believed: the order is paid and no cancel is sent

  @AMS-PAY-071 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: An altered answer is not believed
    Given nothing is paid, and the witness <forgery>
    When the merchant sells for USD 12.31
    Then the order is never paid and nothing is offered on the strength of it
    And it counts as no answer: no new payment request id comes because of it

    Examples:
      | forgery                                                                        |
      | turns the refusal of pay into a success                                        |
      | turns the refusal of pay into a success and signs it with a stranger's key     |
      | turns PROCESSING into SUCCESS in every inquiry                                 |
      | answers every inquiry with the genuine success of another order                |

  @AMS-PAY-072 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: An unsigned success is not believed
    Given pay is refused, and the witness turns it into a success <missing>
    When the merchant sells for USD 12.31
    Then the order is never paid and nothing is offered on the strength of it
    And it counts as no answer: no new payment request id comes because of it

    Examples:
      | missing                        |
      | without a Signature header     |
      | without a Response-Time header |
      | with an empty signature        |
      | with nothing but the algorithm |

  @AMS-PAY-073 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: Headers and signed text, both ways
    Given a buyer who is asked for the password and approves after 7 s
    And notices are held back
    When the merchant sells for USD 12.31
    And the clerk cancels the paid order
    Then every call goes to its documented path, with client id and time in a documented form
    And every call carries algorithm, key version and a URL-encoded signature
    And every answer is HTTP 200, with the caller's id and a time with offset

  @AMS-PAY-074 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: A request changed on the way
    Given a buyer who pays at once
    And the witness changes one digit of the amount in every pay request
    When the merchant sells for USD 12.31
    Then the gateway refuses the changed request for its signature
    And there is no order and nothing is debited
    And the order is never paid and no longer waits once the poll plan is over
