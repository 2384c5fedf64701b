@payment
Feature: The buyer pays on the wallet's own page
  > A shop on the web or in an app sends the buyer to the wallet's page and learns the result by a
  > notice or by asking. That the payment is in process is the usual first answer: it is neither a
  > failure nor a success.
  > Test cases: https://docs.antom.com/ac/cashierpay_zh-cn/testcases

  @AMS-PAY-060 @mandatory @cashier
  Scenario Outline: Cashier payment
    Given a buyer who takes up the offer and confirms after 10 s
    When the shop checks out an order of USD 12.31 <device>
    Then the pay request asks for the cashier, tells where the notice goes, and names no other device
    And the gateway answers that the payment is in process, with an address for the buyer
    And the buyer is sent to one of these addresses, with no second pay and no cancel
    And a notice of success comes within 10 s of the payment
    And the order waits until an inquiry or a notice says SUCCESS, and is paid then

    Examples:
      | device               |
      | on a computer        |
      | in a phone's browser |
      | in an app            |

  @AMS-PAY-061 @optional @cashier
  Scenario: Pictures of checkout, success and order page
    Given a buyer who takes up the offer and confirms after 10 s
    When the shop checks out an order of USD 12.31 on a computer
    And the tester attaches pictures of the checkout, of the success page and of the order page
    Then the checkout page shows the wallet's mark
    And the success page shows the amount of the order
    And the order page shows the order shipped or delivered
