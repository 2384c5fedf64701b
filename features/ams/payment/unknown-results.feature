@payment
Feature: What became of the payment is unknown
  > Silence, an unknown result or a broken connection says nothing about the money. The merchant
  > asks about the same payment until it knows, and cancels it when it cannot find out; it never
  > charges again under a new id.
  > Best practice: https://docs.antom.com/ac/ams_upm/bp

  @AMS-PAY-005 @mandatory @user-presented
  Scenario Outline: Pay answers unknown
    Given a buyer who pays at once
    And the gateway answers the first pay with U <code>, <processing>
    And notices are held back
    When the cashier charges USD 12.31
    Then at most 11 s after pay comes an inquiry for it, or the identical pay
    And the order has one payment request id from beginning to end
    And the order ends <end>
    And the wallet is debited at most once

    Examples:
      | code                         | processing            | end      |
      | UNKNOWN_EXCEPTION            | after processing it   | paid     |
      | UNKNOWN_EXCEPTION            | without processing it | given up |
      | REQUEST_TRAFFIC_EXCEED_LIMIT | without processing it | given up |
      | BANK_LINE_BUSY               | after processing it   | paid     |

  @AMS-PAY-006 @mandatory @user-presented
  Scenario: The pay request is lost
    Given a buyer who pays at once
    And the pay request is lost on its way
    When the cashier charges USD 12.31
    Then the merchant stops waiting and inquires 4 to 11 s after pay was sent
    And it inquires 10 to 20 times through ORDER_NOT_EXIST, once every 3 s, and then cancels
    And every inquiry and the cancel are answered with F ORDER_NOT_EXIST
    And the order is never paid and ends failed or cancelled
    And nothing is debited

  @AMS-PAY-007 @mandatory @user-presented
  Scenario: The answer is lost after the debit
    Given a buyer who pays at once
    And the answer to pay is lost
    And notices are held back
    When the cashier charges USD 12.31
    Then the order has one payment request id, no second pay and no cancel
    And the merchant stops waiting and inquires 4 to 11 s after pay was sent
    And the order is paid, once, in till and back office
    And the wallet is debited once and the inquiry repeats the payment id and amount of the lost answer

  @AMS-PAY-008 @mandatory @user-presented
  Scenario Outline: No inquiry gives a usable answer
    Given a buyer who pays at once
    And the answer to pay is lost
    And notices are held back
    And every inquiry is answered with <answer>
    When the cashier charges USD 12.31
    Then the merchant cancels after <polls> inquiries
    And the cancel succeeds, the whole debit goes back once, and the inquiry says CANCELLED
    And the order ends cancelled, neither paid nor merely failed

    Examples:
      | answer              | polls    |
      | nothing             | 10 to 20 |
      | U UNKNOWN_EXCEPTION | 10 to 20 |
      | F PROCESS_FAIL      | 1 to 20  |

  @AMS-PAY-009 @mandatory @user-presented
  Scenario: The order is not there yet
    Given a buyer who pays at once
    And the pay request reaches the gateway only after the second inquiry was answered
    And notices are held back
    When the cashier charges USD 12.31
    Then the first two inquiries are answered with ORDER_NOT_EXIST and a later one with SUCCESS
    And after each ORDER_NOT_EXIST it inquires again 3 s later, ten times at least, and pays no second time
    And the order is paid
    And the wallet is debited once

  @AMS-PAY-075 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: Broken transport after processing
    Given a buyer who pays at once
    And notices are held back
    And the first answer to pay is replaced by <breakage>
    When the merchant sells for USD 12.31
    Then it counts as no answer: the merchant inquires with the same id or repeats the same request
    And an order whose buyer is debited is never failed and ends paid, any other is never paid
    And there is one order, and one debit at most

    Examples:
      | breakage             |
      | a reset connection   |
      | HTTP 502 with a page |
      | its first half       |
      | an empty body        |
