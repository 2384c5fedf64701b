@reconciliation
Feature: Differences between the files of gateway.do and the books
  > Rows are looked up in the books, and the books in the rows. Each difference is told by the
  > merchant's number, one hides no other, and two that outweigh each other are two. Files are not
  > signed, so the runner alters a clean one.
  > Reconciling: https://global.alipay.com/docs/ac/globalbarcode/reconciliation · https://global.alipay.com/docs/ac/web/recon_files

  Background:
    Given a day on which nothing was sold

  @LEG-REC-021 @mandatory @barcode @transaction-qr @website
  Scenario Outline: Missing and extra rows
    Given an order of USD 12.31 is paid
    And an order of USD 20.00 is paid
    And <story>
    When the day is over and the merchant reconciles its transactions
    Then the merchant reports exactly that difference, with id and values, and every other row agrees
    And an order that was left to a person is with a person, or paid after a query

    Examples:
      | story                                                                                             |
      | the report lacks a payment                                                                        |
      | the report has a payment that nobody knows                                                        |
      | an order of USD 8.00 is paid, of which the merchant hears nothing and which it leaves to a person |
      | the file lacks a payment and has one over the same amount that nobody knows                       |

  @LEG-REC-022 @mandatory @barcode @transaction-qr @website
  Scenario Outline: Duplicate and different rows
    Given an order of USD 12.31 is paid
    And an order of USD 20.00 is paid
    And the <file>
    When the day is over and the merchant reconciles its transactions
    Then the merchant reports exactly that difference, with id and values, and every other row agrees

    Examples:
      | file                                     |
      | report has a payment twice               |
      | report has a dollar amount off by 0.01   |
      | report has a payment in another currency |
      | file has a payment as a refund           |
