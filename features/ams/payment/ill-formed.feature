@payment
Feature: What is missing or ill-formed is refused
  > A request that lacks what it needs, or says it in another form, is refused before any order comes
  > of it.
  > Fields: https://docs.antom.com/ac/ams/upm · Results: https://docs.antom.com/ac/ams/api_fund

  @AMS-PAY-130 @optional @user-presented @order-code @entry-code @cashier
  Scenario Outline: Missing or ill-formed data
    Given a buyer who pays at once
    And the gateway demands store and merchant with a scanned code
    When an own call of pay goes out <fault>
    Then the own call is refused with PARAM_ILLEGAL
    And there is no order by that id

    Examples:
      | fault                                      |
      | without the store                          |
      | without the merchant                       |
      | without the wallet's name                  |
      | over an amount of nothing                  |
      | over an amount below nothing               |
      | over an amount with a decimal point        |
      | in a currency of two letters               |
      | with an end that lacks its offset          |
      | with a text of 257 characters              |
      | with an id of 65 characters                |
      | without an amount                          |
