@reconciliation
Feature: Reports of a day
  > After each day, cut at midnight Beijing time, the gateway reports every transaction that succeeded.
  > The merchant compares the report with its books; only a whole report allows a verdict, and a day
  > without sales has a report too.
  > Transaction items: https://global.alipay.com/docs/ac/ams/transactionitems

  Background:
    Given a day on which nothing was sold

  @AMS-REC-001 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: A clean day, transaction items
    Given an order of JPY 1,200 is paid
    And JPY 1,200 of it is refunded
    And an order of KRW 18,000 is paid
    And KRW 9,000 of it is refunded
    And an order of USD 12.31 is paid
    And an order of EUR 8.00 that the buyer declined
    And an order of GBP 5.00 that was cancelled before it was paid
    When the day is over and the merchant reconciles its transactions
    Then each file of transactions has the documented columns, readable rows and its end mark
    And there is one row for each payment and refund that succeeded, and none for others
    And amounts are written in major units, refunds negative, with the ids that the gateway told
    And the merchant finds no difference, and names the day, its files and every row

  @AMS-REC-002 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: A day without transactions
    Given an order of USD 12.31 is paid
    When the next day passes without a sale and the merchant reconciles its transactions
    Then the gateway writes files without rows, and a summary that totals nothing
    And the merchant finds no difference, and names the day, its files and every row

  @AMS-REC-003 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: Several sequence files
    Given the gateway cuts its files at 3 rows
    And 8 orders of USD 2.00 are paid
    When the day is over and the merchant reconciles its transactions
    Then the files are numbered from 000 without a gap, each is whole, and no row stands twice
    And the merchant finds no difference, and names the day, its files and every row

  @AMS-REC-004 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: The day is cut at midnight GMT+8
    Given an order of USD 12.31 is paid in the last second of the day, and one in the first of the next
    And both are refunded after midnight
    When both days are over and the merchant reconciles the transactions of each
    Then each day has what happened in it by Beijing time, with times that name their offset
    And the merchant finds no difference on either day

  @AMS-REC-005 @optional @user-presented @order-code @entry-code @cashier
  Scenario Outline: Form that must not matter
    Given an order of KRW 18,000 is paid
    And KRW 9,000 of it is refunded
    And the report <form>
    When the day is over and the merchant reconciles its transactions
    Then the merchant reads the altered report, finds no difference and counts every row

    Examples:
      | form                                           |
      | begins with a byte-order mark                  |
      | has lines that end with CR and LF              |
      | has no line break behind its end               |
      | has a comma at the end of a row                |
      | has a description with a comma and quotation marks |

  @AMS-REC-006 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: A truncated file
    Given an order of KRW 18,000 is paid
    And KRW 9,000 of it is refunded
    And the report <damage>
    When the day is over and the merchant reconciles its transactions
    And the whole report is delivered and the merchant reconciles once more
    Then the unfinished report is refused as incomplete, and no verdict is given on it
    And in the end the merchant finds no difference, and counts each row once

    Examples:
      | damage                               |
      | is cut inside a row                  |
      | is cut behind a row, without its end |
      | has a row behind its end             |
