@payment
Feature: Only what is signed over gateway.do is believed
  > Values are signed as they are and escaped afterwards; an answer with a response carries a
  > signature over its fields. Who believes one without, or one about another order, can be robbed
  > by whoever stands between it and the gateway.
  > Signatures: https://global.alipay.com/docs/ac/gr/signature

  @LEG-PAY-031 @mandatory @barcode @transaction-qr @website
  Scenario: Hard characters survive signing
    Given a buyer who pays at once
    When the merchant sells a thing with hard characters in its name for USD 4.35
    Then the name of the thing arrives as given
    And the amount of the call is that of the sale
    And the gateway takes the call, and repeats every character of it

  @LEG-PAY-051 @mandatory @barcode @transaction-qr @website
  Scenario: A call changed on its way
    Given a buyer who pays at once
    And the witness changes one digit of the amount in the first payment call
    When the merchant sells for USD 12.31
    And 20 minutes pass
    Then the gateway refuses the changed call with ILLEGAL_SIGN: is_success=F without a response, or a page that names it
    And there is no trade under the number
    And the order is never paid, and ends failed or cancelled

  @LEG-PAY-052 @mandatory @barcode @transaction-qr
  Scenario Outline: Unsigned or forged answer
    Given nothing is paid, and the first query is answered with <forged>
    When the merchant sells for USD 12.31
    Then the order is never paid, and ends failed or cancelled
    And it counts as no answer: the next call is a query, and the cancel comes later

    Examples:
      | forged                                             |
      | TRADE_SUCCESS without a sign                       |
      | TRADE_SUCCESS under the sign of a stranger's key   |
      | the genuine success of another order               |
      | its own answer, with TRADE_SUCCESS written into it |
