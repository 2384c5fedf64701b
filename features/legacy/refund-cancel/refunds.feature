@refund-cancel
Feature: Money of a sale in a shop goes back, over gateway.do
  > A refund has a number of its own, which is not the payment's, and may be for all or for a part.
  > is_success says that the call was understood, result_code what became of the refund. Where that
  > is unknown the same refund goes out again, with every parameter unchanged.
  > Refund: https://global.alipay.com/docs/ac/global/spot_refund · Errors: https://global.alipay.com/docs/ac/barcode_cn/error_handling

  @LEG-RFC-001 @mandatory @barcode @transaction-qr
  Scenario: Full refund
    Given an order of USD 20.00 is paid
    When the merchant refunds USD 20.00
    Then the refund names the payment and a number of its own, and asks for USD 20.00
    And the gateway answers the refund SUCCESS, its query says SUCCESS, and USD 20.00 is back with the buyer
    And the refund is pending until its end is known, and then USD 20.00 is refunded, once

  @LEG-RFC-002 @mandatory @barcode @transaction-qr
  Scenario: Partial refunds up to the whole
    Given an order of USD 100.00 is paid
    When the merchant refunds USD 30.00, USD 30.00 and USD 40.00, one after the other
    Then each refund names the payment, a number of its own and the amount of its slip
    And the gateway answers each refund SUCCESS, and all of it is back with the buyer
    And the order shows USD 30.00 as refunded, then USD 60.00, then USD 100.00

  @LEG-RFC-003 @mandatory @barcode @transaction-qr
  Scenario: Refund above what is left
    Given an order of USD 100.00 is paid
    And USD 60.00 of it is refunded
    When the merchant is asked to refund USD 50.00 more, and an own call asks for it too
    Then a refused refund is shown as refused, and the refunded total is the gateway's
    And the gateway refuses what exceeds the rest with REFUND_AMT_RESTRICTION
    And USD 60.00 is given back, once

  @LEG-RFC-004 @mandatory @barcode @transaction-qr
  Scenario: Same refund number twice
    Given an order of USD 100.00 is paid
    When the cashier presses refund of USD 30.00 twice for one return slip
    And the witness retransmits the first refund
    And an own call asks for USD 40.00 under the number of that refund
    Then each refund number gives USD 30.00 back once, and both answers to the refund that came twice agree
    And the same number with another amount is refused
    And one wish is one refund: one id, whatever is pressed
    And the order shows USD 30.00 as refunded, once

  @LEG-RFC-005 @mandatory @barcode @transaction-qr
  Scenario Outline: Refund result unknown
    Given an order of USD 100.00 is paid
    And <trouble>
    When the merchant refunds USD 30.00
    Then the same refund comes again, every parameter unchanged, or is asked about, until its end is known
    And the refund is pending until its end is known, and ends <end>
    And USD 30.00 is given back, once

    Examples:
      | trouble                                                                     | end           |
      | the first two answers to refund are lost                                   | refunded      |
      | the first two refunds are executed and answered UNKNOW                      | refunded      |
      | the first two answers to refund are replaced by is_success=F, SYSTEM_ERROR | refunded      |
      | every answer to refund is replaced by is_success=F, SYSTEM_ERROR            | with a person |

  @LEG-RFC-006 @conditional @barcode @transaction-qr
  Scenario Outline: Asynchronous refund
    Given <paid>
    When the merchant refunds USD 30.00
    And 20 hours pass
    Then the refund asks to be executed later, and names an address for the notice
    And the refund is pending until its end is known, and then USD 30.00 is refunded, once
    And a notice tells the end of the refund, which for the payment of an earlier day is executed between 23:00 and 05:00 Beijing time

    Examples:
      | paid                                                                                            |
      | an order of USD 100.00 is paid                                                                  |
      | an order of USD 100.00 was paid the day before, and such refunds are executed by night alone    |

  @LEG-RFC-007 @optional @barcode @transaction-qr
  Scenario Outline: A refund that cannot run yet
    Given an order of USD 100.00 is paid
    And <obstacle>
    When the merchant refunds USD 30.00, and hours pass until it can run
    Then the refund that could not run comes again unchanged, and not while refunds at once rest
    And the refund is pending until its end is known, and ends refunded
    And nothing is given back before the refund can run, and then USD 30.00, once

    Examples:
      | obstacle                                                          |
      | the settlement balance is too low, and is filled up after an hour |
      | it is 00:30 Beijing time, when refunds at once rest               |

  @LEG-RFC-031 @conditional @barcode @transaction-qr @website
  Scenario Outline: Forged refund notification
    Given an order of USD 100.00 is paid
    And refunds stay open: in shops they are accepted and left pending, on websites lost on their way
    When the merchant refunds USD 30.00, and the witness sends a notice of the refund's success meanwhile, <forged>
    Then the refund is never shown as refunded
    And the forged notice is not answered success

    Examples:
      | forged                       |
      | signed with a stranger's key |
      | signed by nobody at all      |
