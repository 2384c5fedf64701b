@payment
Feature: The gateway tells the result by itself
  > A notice may come first, late, often, or never; it may be forged. The merchant verifies it before
  > it acts, applies it once, and acknowledges it in the one documented form, or it is sent again.
  > Notices: https://docs.antom.com/ac/ams/paymentrn · Re-sends: https://docs.antom.com/ac/ams_zh-cn/nrs

  @AMS-PAY-090 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: A good notice
    Given a buyer who is asked for the password and approves after 10 s
    And every inquiry is lost on its way
    When the merchant sells for USD 12.31
    Then the notice comes to the address that pay named, with result, ids and amount
    And every notice is acknowledged in the fixed form
    And the order is paid, once
    And no inquiry and no cancel comes later than 1 s after the acknowledgement

  @AMS-PAY-091 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: A forged notice
    Given a buyer who is asked for the password and does nothing
    When the merchant sells for USD 12.31
    And the witness sends a notice of success while the order waits, <forged>
    Then the order still waits
    And the notice is not acknowledged as a success

    Examples:
      | forged                                               |
      | signed with a stranger's key                         |
      | a genuine one of another order with our id and amount |
      | under a genuine signature over another path          |

  @AMS-PAY-092 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: An unsigned notice
    Given a buyer who is asked for the password and does nothing
    When the merchant sells for USD 12.31
    And the witness sends a notice of success while the order waits, <unsigned>
    Then the order still waits
    And the notice is not acknowledged as a success

    Examples:
      | unsigned                        |
      | without a Signature header      |
      | with an empty Signature header  |
      | with an empty signature value   |
      | with the algorithm none         |

  @AMS-PAY-093 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: A genuine signature over the wrong amount
    Given a buyer who is asked for the password and does nothing
    When the merchant sells for USD 12.31
    And the gateway sends a signed notice while the order waits, <amount>
    Then the notice does not make the order paid
    And the inquiry says PROCESSING and nothing is debited

    Examples:
      | amount                             |
      | over a hundredth of a unit         |
      | over a hundred times the amount    |
      | over another currency              |

  @AMS-PAY-094 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: The same notice again and again
    Given a buyer who is asked for the password and approves after 8 s
    And every inquiry is lost on its way
    When the merchant sells for USD 12.31
    And the witness delivers the notice three times in a row and then twice at once
    Then the order is booked once
    And every notice is acknowledged in the fixed form

  @AMS-PAY-095 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: The notice never comes
    Given a buyer who is asked for the password and approves after 25 s
    And notices are held back
    When the merchant sells for USD 12.31
    Then the merchant inquires at its product's pace until SUCCESS
    And the order is paid
    And the inquiry says SUCCESS, with one debit

  @AMS-PAY-096 @mandatory @user-presented
  Scenario: The notice overtakes the answer
    Given a buyer who pays at once
    And the answer to pay is held until the notice was answered
    When the cashier charges USD 12.31
    Then the notice is acknowledged in the fixed form before the answer has come
    And the order is paid once, after both

  @AMS-PAY-097 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: A success notice after the cancel
    Given a buyer who is asked for the password and approves after 8 s
    And notices are held back until they are let through
    And every inquiry is answered with nothing
    When the merchant sells for USD 12.31
    And the notice that was held back is let through after the order is cancelled
    Then the order is still cancelled and nothing is delivered
    And the cancel succeeds, the whole debit goes back once, and the inquiry says CANCELLED

  @AMS-PAY-098 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: Acknowledgements spoilt: the notice is sent again on schedule
    Given a buyer who pays at once
    And acknowledgements arrive spoilt: <spoilt>
    When the merchant sells for USD 12.31
    And 25 hours pass
    Then the notice is sent at 0 s and then 2 min, 10 min, 10 min, 1 h, 2 h, 6 h and 15 h after the one before
    And no notice follows a right acknowledgement
    And every notice is acknowledged in the fixed form
    And the order is booked once

    Examples:
      | spoilt                           |
      | a wrong body                     |
      | HTTP 500                         |
      | nothing                          |
      | 30 s late                        |
      | a byte-order mark before it      |
      | a wrong body twice and then right |

  @AMS-PAY-099 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: A signed notice that settles no order of ours
    Given a buyer who is asked for the password and approves after 12 s
    And every inquiry is lost on its way
    When the merchant sells for USD 12.31
    And the gateway sends a signed notice while the order waits, <strange>
    Then no order is paid by it and none is created
    And the good notice still works: the order is paid

    Examples:
      | strange                     |
      | of another type             |
      | without a result            |
      | for an id that nobody knows |
