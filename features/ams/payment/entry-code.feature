@payment
Feature: The buyer's wallet opens the merchant's page
  > Behind the shop's own static code is a page of the merchant. It tells the gateway which wallet
  > opened it, and sends the buyer on to the address that it is given. That address is no payment,
  > and a buyer who comes back has proved nothing.
  > Entry code: https://docs.antom.com/ac/ams_zh-cn/ec

  @AMS-PAY-050 @mandatory @entry-code
  Scenario: Entry code scanned, paid
    Given a buyer who takes up the offer and confirms after 10 s
    When the merchant's page opens in the wallet and presents an order of USD 12.31
    Then the pay request asks for the link of an entry code and names the wallet that opened the page
    And the gateway answers with an address to send the buyer to
    And the buyer is sent to the gateway's address, byte for byte
    And the order waits after the link was given and is paid only after SUCCESS
    And the wallet is debited once, and not before the buyer confirms

  @AMS-PAY-051 @mandatory @entry-code @cashier
  Scenario: Coming back is no proof of payment
    Given a buyer who takes up the offer and does nothing
    When the merchant presents an order of USD 12.31
    And the buyer leaves the wallet and comes back to the merchant's page
    Then page and order say waiting, and nothing is delivered
    And the inquiry says PROCESSING and nothing is debited
