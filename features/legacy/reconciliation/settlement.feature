@reconciliation
Feature: What is paid out, by the files of gateway.do
  > What is paid out for a payment is its amount less the fee; what is kept for a refund is reckoned
  > the same way, and the net is the one less the other. Files tell refunds by their type and not by a
  > sign. A website's file names its batch, and a list of batches has the sum of each.
  > Stores: https://global.alipay.com/docs/ac/transactionqrcode/settlement_format · Batches: https://global.alipay.com/docs/ac/wap_hk/settlemtfile

  Background:
    Given a day on which nothing was sold

  @LEG-REC-002 @mandatory @website
  Scenario Outline: Website settlement file: the sums are right
    Given the files of the day come <way>
    And an order of USD 12.31 is paid
    And an order of USD 8.00 is paid
    And an order of USD 20.00 is paid
    And USD 7.50 of it is refunded
    And the report <rows>
    When the day is over and the merchant reconciles its settlement items
    Then each row is settled, of status L, and what is paid out is the amount less the fee
    And the net is what is paid out for payments less what is kept for refunds
    And the row that was altered is reported, and no other

    Examples:
      | way         | rows                            |
      | by download | arrives as the gateway wrote it |
      | by delivery | arrives as the gateway wrote it |
      | by delivery | has a net amount off by 0.01    |

  @LEG-REC-012 @mandatory @barcode @transaction-qr
  Scenario Outline: In-store settlement file: the sums are right
    Given an order of USD 12.31 is paid
    And an order of USD 8.00 is paid
    And an order of USD 20.00 is paid
    And USD 7.50 of it is refunded
    And the report <rows>
    When the day is over and the merchant reconciles its settlement items
    Then each row is of type P or R and status L, Settlement is Amount less Fee, and Rmb_amount is Amount at Rate
    And the net is what is paid out for payments less what is kept for refunds
    And the row that was altered is reported, and no other

    Examples:
      | rows                            |
      | arrives as the gateway wrote it |
      | has a net amount off by 0.01    |
