@payment
Feature: What the merchant's own order says
  > The till and the books show what has been proved, no sooner and no later, and in the money that
  > was asked for.
  > Test suites: https://global.alipay.com/docs/ac/ref/acceptance · Amounts: https://docs.antom.com/ac/ams/api_fund

  @AMS-PAY-110 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: The order state at every step
    Given the answer to the first inquiry is held for 2500 ms
    When the merchant sells to a buyer who pays, to one who declines and to one who never answers
    Then each change of an order follows the verified exchange that proves it
    And a final state does not change back
    And amount and currency are those of the order

  @AMS-PAY-120 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: Amounts in the smallest unit
    Given a buyer who pays at once
    When the merchant sells for <price>
    Then every amount of <price> is written in the smallest unit, as text
    And debit and inquiry have the same value and currency
    And the paid amount equals the price on the till

    Examples:
      | price      |
      | JPY 1,000  |
      | KRW 18,000 |
      | USD 1.15   |
      | USD 19.99  |
      | IDR 15,000 |

  @AMS-PAY-121 @conditional @user-presented
  Scenario: The wallet pays in another currency
    Given a buyer whose wallet holds CNY, at 0.064622 CNY for JPY
    When the cashier charges JPY 200
    Then the answer to pay says that CNY 12.92 are charged for JPY 200, by a quote that comes to just that
    And the order is paid, once, for JPY 200
