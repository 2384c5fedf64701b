@payment
Feature: What the contract says about charset and signatures
  > A contract names one sign_type and one charset. Percent escapes and signatures are over the bytes
  > of that charset. MD5 is taken over the text and a key that both sides hold, so that a signature
  > names neither of them, and a notification is the gateway's only when notify_verify says so.
  > Signatures: https://global.alipay.com/docs/ac/gr/signature

  @LEG-PAY-032 @conditional @barcode @transaction-qr @website
  Scenario: GBK end to end
    Given a buyer who pays at once
    When the merchant sells a thing with hard characters in its name for USD 12.31
    Then every call is written in GBK, also the name of the thing
    And every answer declares GBK, and reads so with every character of the call
    And the order is paid, once

  @LEG-PAY-041 @conditional @barcode @transaction-qr @website
  Scenario: MD5 signatures
    Given a buyer who pays at once
    When the merchant sells a thing with hard characters in its name for USD 12.31
    Then the sign of every call is 32 lower-case hexadecimal digits, and says MD5
    And every answer with a response and every notification says MD5 and verifies
    And the shared key stands in no message of the merchant

  @LEG-PAY-042 @conditional @barcode @transaction-qr @website
  Scenario: RSA signatures
    Given a buyer who pays at once
    When the merchant sells a thing with hard characters in its name for USD 12.31
    Then every call says sign_type RSA and is signed so
    And every answer with a response says RSA and is signed so
    And the order is paid, once

  @LEG-PAY-044 @conditional @barcode @transaction-qr @website
  Scenario: DSA signatures
    Given a buyer who pays at once
    When the merchant sells a thing with hard characters in its name for USD 12.31
    And an own call goes out with one bit of its signature turned
    Then the sign of every call is a DSA signature, in DER
    And the wrong call is refused with ILLEGAL_SIGN
    And the order is paid, once

  @LEG-PAY-097 @conditional @barcode @transaction-qr @website
  Scenario Outline: notify_verify asked and obeyed
    Given a buyer who takes up the offer and confirms after 10 s
    And notify_verify brings the merchant <vouching>
    When the merchant sells for USD 12.31
    And 20 minutes pass
    And an own call asks about a notification that nobody sent
    Then the gateway is asked about each notification before its payment is booked
    And the payment is booked only when the gateway vouches for it
    And a notification that the gateway disowns is not answered success
    And notify_verify is answered true or false and nothing else, and false for what nobody sent

    Examples:
      | vouching               |
      | what the gateway says  |
      | false each time        |
      | nothing the first two times |
