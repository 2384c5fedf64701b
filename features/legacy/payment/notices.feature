@payment
Feature: The gateway notifies the shop by itself, over gateway.do
  > A notification is a signed form. The merchant verifies it, books it once, and answers the one word
  > success; anything else, and it is sent again. It may be forged, unsigned, late, or come often.
  > A till that scans the buyer's code takes part where its payments ask for a notification: there the
  > offer is the scanned code, the buyer confirms with the password, and a query may tell of it first.
  > Notifications: https://global.alipay.com/docs/ac/web/async

  @LEG-PAY-091 @mandatory @barcode @transaction-qr @website
  Scenario Outline: Notification acknowledged exactly, after storing
    Given a buyer who takes up the offer and confirms after 10 s
    And <sign>
    And every query is lost on its way
    When the merchant sells for USD 12.31
    And 5 minutes pass
    Then every notification is answered success
    And the order is already paid when the notification of the payment is answered
    And the notification has notify_id, notify_time, notify_type, sign_type and sign
    And no notice follows a right acknowledgement

    Examples:
      | sign                                              |
      | the sign of each notification is percent-encoded  |
      | the + of each sign arrives as a blank             |

  @LEG-PAY-092 @mandatory @barcode @transaction-qr @website
  Scenario: Forged notification
    Given a buyer who takes up the offer and confirms after 20 s
    And every query is lost on its way
    When the merchant sells for USD 12.31
    And the witness sends a notice of success while the order waits, in a form signed with a stranger's key
    Then the order still waits after the forged one
    And the notice is not acknowledged as a success
    And the good notice still works: the order is paid

  @LEG-PAY-093 @mandatory @barcode @transaction-qr @website
  Scenario Outline: Unsigned or downgraded notification
    Given a buyer who takes up the offer and does nothing
    When the merchant sells for USD 12.31
    And the witness sends a notice of success while the order waits, in a form <unsigned>
    And 20 minutes pass
    Then the order still waits
    And the notice is not acknowledged as a success

    Examples:
      | unsigned                           |
      | without a sign                     |
      | with an empty sign                 |
      | signed as MD5 with an empty key    |

  @LEG-PAY-094 @mandatory @barcode @transaction-qr @website
  Scenario Outline: Genuinely signed, but not this order
    Given a buyer who takes up the offer and does nothing
    When the merchant sells for USD 12.31
    And the gateway sends a signed notice while the order waits, <strange>
    And 20 minutes pass
    Then no order is booked as paid, and none is created
    And the notice does not make the order paid

    Examples:
      | strange                           |
      | over a hundred times the amount   |
      | over another currency             |
      | for an id that nobody knows       |

  @LEG-PAY-095 @mandatory @barcode @transaction-qr @website
  Scenario: Duplicate notifications
    Given a buyer who takes up the offer and confirms after 10 s
    When the merchant sells for USD 12.31
    And the witness delivers the notice three times in a row and then twice at once
    And the witness delivers it once more an hour later
    Then the order is booked once
    And every notification is answered success

  @LEG-PAY-096 @mandatory @barcode @transaction-qr @website
  Scenario Outline: Not acknowledged: the notification comes again
    Given a buyer who takes up the offer and confirms after 10 s
    And the first seven acknowledgements of the payment arrive as <spoilt>
    When the merchant sells for USD 12.31
    And 25 hours pass
    Then the notice is sent at 0 s and then 2 min, 10 min, 10 min, 1 h, 2 h, 6 h and 15 h after the one before
    And no notice follows a right acknowledgement
    And the order is booked once, and each try is answered success

    Examples:
      | spoilt    |
      | fail      |
      | HTTP 500  |
      | nothing   |

  @LEG-PAY-098 @mandatory @barcode @transaction-qr @website
  Scenario: TRADE_FINISHED after a refund is not a payment
    Given an order of USD 12.31 is paid
    When the merchant refunds USD 12.31
    And the gateway sends a notification of TRADE_FINISHED with a new notify_id
    Then the order stays refunded, and nothing is booked anew
    And the notification of TRADE_FINISHED is answered success
