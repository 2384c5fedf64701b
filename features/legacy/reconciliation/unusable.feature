@reconciliation
Feature: What is no file of gateway.do, and when files are there
  > A file that contradicts its own head, a sentence in the place of rows and a file that is not there
  > yet say nothing about orders. What may work later is fetched again. What happened from Friday to
  > Sunday is settled on Monday, in the file that comes on Tuesday.
  > Head: https://global.alipay.com/docs/ac/globalbarcode/transaction_format · Times: https://global.alipay.com/docs/ac/globalbarcode/reconciliation

  @LEG-REC-003 @mandatory @website
  Scenario Outline: Every documented error text is understood
    Given <day>
    And the first answer to each download is <text>
    When the merchant downloads transactions and settlement of the day at 10:00 of the next, and three hours pass
    And own calls ask for days eleven apart, for today, for an end before its start and for 2024-01-31
    Then the text is told as nothing to report or as an error in its own words, and becomes no row and no missing order
    And what may work later is asked again, and nothing else is asked again unchanged
    And the own calls are answered with the documented sentences, word for word

    Examples:
      | day                                                                | text                                           |
      | an order of USD 12.31 is paid                                      | Over 10 days to Date period                    |
      | an order of USD 12.31 is paid                                      | Over limit balance amount record               |
      | an order of USD 12.31 is paid                                      | System exception                               |
      | an order of USD 12.31 was paid four days before, and nothing since | No balance account data in the period          |
      | an order of USD 12.31 was paid four days before, and nothing since | No balance amount data in the period           |
      | an order of USD 12.31 is paid                                      | Finish date not ahead of today                 |
      | an order of USD 12.31 is paid                                      | Finish date ahead of begin date                |
      | an order of USD 12.31 is paid                                      | Illegal Date period!                           |
      | an order of USD 12.31 is paid                                      | Date format incorrect YYYYMMDD                 |
      | an order of USD 12.31 is paid                                      | Internet connected exception ,please try later |
      | an order of USD 12.31 is paid                                      | is_success=F, ILLEGAL_PARTNER                  |

  @LEG-REC-013 @mandatory @barcode @transaction-qr
  Scenario Outline: A file that contradicts its header
    Given a day on which nothing was sold
    And an order of USD 12.31 is paid
    And an order of USD 20.00 is paid
    And the file <damage>
    When the day is over and the merchant reconciles its transactions
    And the whole file comes an hour later
    Then the file is refused as a whole, with the reason, and no order is told as missing
    And the file is fetched again within three days, and no verdict is given before

    Examples:
      | damage                         |
      | lacks its last row             |
      | is headed with another day     |
      | is headed with another partner |
      | has no byte in it              |

  @LEG-REC-032 @mandatory @barcode @transaction-qr
  Scenario: Timetable and weekend
    Given a day on which nothing was sold
    And an order of USD 12.31 is paid on a Friday
    When orders of USD 12.31 are paid on Saturday and Sunday too, and the merchant looks for its files at 08:30 of each day until Tuesday, as they are at the gateway at 08:30 and at 10:00
    Then the file of each day's transactions is there at 10:00 of the next day, and not before 09:00
    And what was sold from Friday to Sunday is settled in the file that comes on Tuesday from 09:00 to 10:00, and in none before
    And a file that is not there yet makes no order missing, and is looked for again
    And what was sold at the weekend is not told as unsettled before Tuesday at 10:00
