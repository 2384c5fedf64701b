@payment
Feature: What a payment over gateway.do says about store and money
  > Buyers and files go by the ids in the payment, so each names the store that sold as it was
  > registered. Amounts are major units; a currency without cents has none.
  > alipay.acquire.overseas.spot.pay: https://global.alipay.com/docs/ac/global/spot_pay

  @LEG-PAY-061 @mandatory @barcode @transaction-qr
  Scenario: Each payment names its own store and secondary merchant
    Given a buyer who pays at once
    And two approved secondary merchants with one store each
    When each of the two tills sells for USD 12.31
    Then each payment names the store that sold and its secondary merchant, as registered
    And name and industry of the secondary merchant are the registered ones, where they are sent

  @LEG-PAY-062 @conditional @barcode @transaction-qr @website
  Scenario: Currency without decimals
    Given an order of JPY 1,200 is paid
    When the merchant refunds JPY 500
    And an own call of pay goes out over JPY 1200.50
    Then payment and refund are called in whole units, without a point
    And the own call over part of a unit is refused with INVALID_PARAMETER
    And the order is paid for JPY 1,200, and JPY 500 is refunded
