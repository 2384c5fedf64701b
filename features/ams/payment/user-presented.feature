@payment
Feature: The buyer shows a code and the till scans it
  > With a scanned code the money moves at once, or after the buyer has entered a password. A till
  > that takes an unknown answer for a failure loses money; one that takes it for a success loses
  > goods. So it asks, at a set pace, and cancels when nothing helps.
  > Best practice: https://docs.antom.com/ac/ams_upm/bp

  @AMS-PAY-001 @mandatory @user-presented
  Scenario: Direct payment at the till
    Given a buyer who pays at once
    When the cashier scans an 18-digit code and charges USD 12.31
    Then the pay request says that a scanned code is charged
    And the pay request names the merchant, the store and the terminal
    And the gateway answers pay with success, a payment id and a payment time
    And the wallet is debited once by USD 12.31 and the inquiry says SUCCESS
    And one notice of success follows
    And the order is paid, once, for USD 12.31

  @AMS-PAY-002 @mandatory @user-presented
  Scenario Outline: 24-digit payment code
    Given a buyer who pays at once
    When the cashier scans a 24-digit code that begins with <prefix> and charges USD 12.31
    Then the payment code reaches the gateway as scanned, with all its digits
    And the gateway takes the code
    And the order is paid

    Examples:
      | prefix |
      | 25     |
      | 26     |
      | 27     |
      | 28     |
      | 29     |
      | 30     |

  @AMS-PAY-003 @mandatory @user-presented
  Scenario: Password asked, polling finds the success
    Given a buyer who is asked for the password and approves after 12 s
    And notices are held back for 10 s
    When the cashier charges JPY 20000
    Then the gateway answers pay with an unknown result
    And the order waits until an inquiry or a notice says SUCCESS, and is paid then
    And the first inquiry comes 5 s after pay, and then one every 3 s
    And there is no second pay and no cancel
    And the inquiries say PROCESSING before the approval and SUCCESS after it, with one debit

  @AMS-PAY-004 @mandatory @user-presented
  Scenario: Password ignored, polls used up, order cancelled
    Given a buyer who is asked for the password and does nothing
    When the cashier charges USD 12.31
    And the buyer approves after all
    Then the merchant inquires 10 to 20 times about the payment, once every 3 s
    And the call after the last inquiry is the cancel of the same payment
    And the gateway answers the cancel with success and a cancel time, and the inquiry says CANCELLED
    And the late approval is refused and nothing is debited
    And the order was never paid, ends cancelled, and the till shows a failure

  @AMS-PAY-030 @mandatory @user-presented
  Scenario Outline: Every form of payment code
    Given a buyer who pays at once
    And the buyer's code <form>
    When the cashier scans it and charges USD 12.31
    Then the payment code reaches the gateway as scanned, with all its digits
    And the gateway <takes> the code
    And the order ends <end>

    Examples:
      | form                                | takes   | end    |
      | has 16 digits and begins with 25    | takes   | paid   |
      | has 16 digits and begins with 26    | takes   | paid   |
      | has 16 digits and begins with 27    | takes   | paid   |
      | has 16 digits and begins with 28    | takes   | paid   |
      | has 16 digits and begins with 29    | takes   | paid   |
      | has 16 digits and begins with 30    | takes   | paid   |
      | has 17 digits and begins with 25    | takes   | paid   |
      | has 17 digits and begins with 26    | takes   | paid   |
      | has 17 digits and begins with 27    | takes   | paid   |
      | has 17 digits and begins with 28    | takes   | paid   |
      | has 17 digits and begins with 29    | takes   | paid   |
      | has 17 digits and begins with 30    | takes   | paid   |
      | has 18 digits and begins with 25    | takes   | paid   |
      | has 18 digits and begins with 26    | takes   | paid   |
      | has 18 digits and begins with 27    | takes   | paid   |
      | has 18 digits and begins with 28    | takes   | paid   |
      | has 18 digits and begins with 29    | takes   | paid   |
      | has 18 digits and begins with 30    | takes   | paid   |
      | has 20 digits and begins with 25    | takes   | paid   |
      | has 20 digits and begins with 26    | takes   | paid   |
      | has 20 digits and begins with 27    | takes   | paid   |
      | has 20 digits and begins with 28    | takes   | paid   |
      | has 20 digits and begins with 29    | takes   | paid   |
      | has 20 digits and begins with 30    | takes   | paid   |
      | has 24 digits and begins with 25    | takes   | paid   |
      | has 24 digits and begins with 26    | takes   | paid   |
      | has 24 digits and begins with 27    | takes   | paid   |
      | has 24 digits and begins with 28    | takes   | paid   |
      | has 24 digits and begins with 29    | takes   | paid   |
      | has 24 digits and begins with 30    | takes   | paid   |
      | is of another wallet's form         | takes   | paid   |
      | has 15 digits and begins with 28    | refuses | failed |
      | has 25 digits and begins with 28    | refuses | failed |
      | has 18 digits and begins with 24    | refuses | failed |
      | has 18 digits and begins with 31    | refuses | failed |
