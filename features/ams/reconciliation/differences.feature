@reconciliation
Feature: Differences between report and books
  > Report and books are compared row by row, in both directions, to the minor unit, with sign and
  > currency. Each difference is told by the transaction's id and both values, and one difference hides
  > no other. Reports are not signed, so the runner alters a clean one.
  > Reconciling: https://docs.antom.com/ac/ams_upm/testing · Columns: https://global.alipay.com/docs/ac/ams/transactionitems

  Background:
    Given a day on which nothing was sold

  @AMS-REC-010 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: A row is missing
    Given an order of KRW 18,000 is paid
    And KRW 9,000 of it is refunded
    And an order of USD 12.31 is paid
    And the report lacks a payment
    When the day is over and the merchant reconciles its transactions
    Then the merchant reports exactly that difference, with id and values, and every other row agrees

  @AMS-REC-011 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: A row too many
    Given an order of USD 12.31 is paid
    And an order of EUR 5.00 that was cancelled before it was paid
    And the report <row>
    When the day is over and the merchant reconciles its transactions
    Then the merchant reports exactly that difference, with id and values, and every other row agrees

    Examples:
      | row                                  |
      | has a payment that nobody knows      |
      | has a payment of the cancelled order |

  @AMS-REC-012 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: An amount is off by one minor unit
    Given an order of JPY 1,200 is paid
    And an order of USD 12.31 is paid
    And an order of USD 7.00 is paid
    And the report <amount>
    When the day is over and the merchant reconciles its transactions
    Then the merchant reports exactly that difference, with id and values, and every other row agrees

    Examples:
      | amount                                             |
      | has a yen amount off by 1                          |
      | has a dollar amount off by 0.01                    |
      | has one dollar amount 0.01 up and another 0.01 down |

  @AMS-REC-013 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: A row twice
    Given an order of USD 12.31 is paid
    And an order of USD 7.00 is paid
    And the report has a payment twice
    When the day is over and the merchant reconciles its transactions
    Then the merchant reports exactly that difference, with id and values, and every other row agrees

  @AMS-REC-014 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: The wrong currency
    Given an order of KRW 18,000 is paid
    And an order of USD 12.31 is paid
    And the report has a payment in another currency
    When the day is over and the merchant reconciles its transactions
    Then the merchant reports exactly that difference, with id and values, and every other row agrees

  @AMS-REC-015 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario: A refund with the wrong sign
    Given an order of KRW 18,000 is paid
    And KRW 9,000 of it is refunded
    And the report has a refund without its minus
    When the day is over and the merchant reconciles its transactions
    Then the merchant reports exactly that difference, with id and values, and every other row agrees
