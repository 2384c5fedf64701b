@reconciliation
Feature: Files of a day, as the gateway writes them for gateway.do
  > A day ends at midnight in Beijing, and its files are there on the next day from 9 to 10 o'clock.
  > A refund stands under its own number, and what was undone has a row that undoes it. Columns have
  > names, and a later variant of a file has more of them.
  > Stores: https://global.alipay.com/docs/ac/globalbarcode/transaction_format · Websites: https://global.alipay.com/docs/ac/web_cn/detail

  Background:
    Given a day on which nothing was sold

  @LEG-REC-001 @mandatory @website
  Scenario Outline: Website transaction file agrees with the books
    Given the files of the day come <way>
    And an order of USD 12.31 is paid
    And an order of EUR 8.00 is paid
    And an order of USD 20.00 is paid
    And USD 7.50 of it is refunded
    And an order of GBP 5.00 that was closed by its expiry
    When the day is over and the merchant reconciles its transactions
    Then each call for a file names first and last day as YYYYMMDD, at most ten apart, of which the last is over
    And there is one row for each payment and refund, with number, amount, currency and time as on record, and none for others
    And every row is matched, and the merchant finds no difference

    Examples:
      | way         |
      | by download |
      | by delivery |

  @LEG-REC-011 @mandatory @barcode @transaction-qr
  Scenario: In-store transaction file agrees with the books
    Given an order of USD 12.31 is paid
    And an order of EUR 8.00 is paid
    And an order of USD 9.99 is paid
    And an order of USD 20.00 is paid
    And USD 7.50 of it is refunded
    And an order of USD 6.00 that was cancelled after it was paid
    And an order of GBP 5.00 that was cancelled before it was paid
    When the day is over and the merchant reconciles its transactions
    And the file comes once more with Secondary_merchant_id and Store_id, and the merchant reconciles again
    Then the file's first line names partner, day and number of rows, and its second the columns
    And there is a PAYMENT row for each payment, a REFUND row under each refund's own number and a CANCEL row for what was undone, and none for others
    And every row is matched, and the merchant finds no difference
    And the file with two columns more gives the same result, since columns have names

  @LEG-REC-031 @mandatory @barcode @transaction-qr @website
  Scenario: The day ends at midnight in Beijing
    Given an order of USD 12.31 is paid in the last second of the day, and one in the first of the next
    When both days are over and the merchant reconciles the transactions of each
    Then the file of each day has what was paid in it by Beijing time
    And the merchant finds no difference on either day

  @LEG-REC-041 @optional @barcode @transaction-qr @website
  Scenario Outline: Encodings and line ends
    Given an order of USD 12.31 is paid
    And an order of USD 20.00 is paid
    And the file <form>
    When the day is over and the merchant reconciles its transactions
    Then the merchant finds the same rows whatever the form, and no more
    And what only a reader of the right encoding can read is told as it is written

    Examples:
      | form                                  |
      | comes in UTF-8                        |
      | comes in UTF-8 with a byte-order mark |
      | comes in GBK                          |
      | has lines that end with LF            |
      | ends with a line break                |
      | names its columns in its first line   |
