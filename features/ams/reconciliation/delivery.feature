@reconciliation
Feature: Delivery over SFTP
  > Reports are fetched from a server, day by day. A report that is not there yet is no day without
  > sales, and one without its end says nothing: both are fetched again, within three days.
  > Reports: https://global.alipay.com/docs/ac/cashierpayment/reports · Names: https://global.alipay.com/docs/ac/ams/transactionitems

  @AMS-REC-040 @conditional @user-presented @order-code @entry-code @cashier
  Scenario Outline: Delivery over SFTP
    Given an order of KRW 18,000 is paid
    And KRW 9,000 of it is refunded
    And the report of the day <arrival>
    When the day is over and the merchant fetches and reconciles its transactions
    Then each file of transactions lies where the documents say, by customer, day and what its name says
    And an absent or unfinished report is fetched again within three days, and no verdict is given before
    And in the end the merchant finds no difference, and counts each row once

    Examples:
      | arrival                           |
      | is there when it is fetched       |
      | is not there before noon          |
      | is there without its end at first |
