@reconciliation
Feature: Settlement: fees, nets and sums
  > What is paid out for a transaction is its amount at the rate of the day, less the fee. The summary
  > of a batch adds up its items, and its total is what the bank account is to receive.
  > Items: https://docs.antom.com/ac/cashierpay/settlementitems · Summary: https://docs.antom.com/ac/cashierpay/settlementsummary

  Background:
    Given a day on which nothing was sold

  @AMS-REC-020 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: Settlement items and fees
    Given an order of KRW 18,000 is paid
    And KRW 9,000 of it is refunded
    And the report <items>
    When the day is over and the merchant reconciles its settlement items
    Then the settlement items name their batch, and what is paid out is the amount less the fee, as in the published sample
    And the merchant finds no difference in what was not altered
    And what was altered is reported, by id and values, and nothing else

    Examples:
      | items                           |
      | arrives as the gateway wrote it |
      | has a fee off by 0.01           |
      | has a net amount off by 0.01    |
      | lacks a payment                 |

  @AMS-REC-030 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: Summary against items
    Given an order of KRW 18,000 is paid
    And KRW 9,000 of it is refunded
    And an order of EUR 8.00 that the buyer declined
    And the report <summary>
    When the day is over and the merchant reconciles its settlement summary
    Then the summary counts and adds up what the items of its batch say, type by type
    And the merchant finds no difference in what was not altered, and names what the bank is to receive
    And what was altered is reported, by id and values, and nothing else

    Examples:
      | summary                         |
      | arrives as the gateway wrote it |
      | has a count off by one          |
      | has a total off by 0.01         |
      | names another batch             |
