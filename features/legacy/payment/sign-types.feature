@payment
Feature: How calls to gateway.do are sent and signed
  > The text to sign is every parameter but sign and sign_type, sorted by name, with the values as
  > they are before any escaping. With a POST, _input_charset stands in the query of the address and
  > is signed all the same. What a merchant says about its signature in sign_type has to be true.
  > Signatures: https://global.alipay.com/docs/ac/gr/signature

  @LEG-PAY-033 @conditional @barcode @transaction-qr @website
  Scenario: _input_charset stands in the query of a POST
    Given a buyer who pays so late that the merchant asks meanwhile
    When the merchant sells for USD 12.31
    Then every POST has _input_charset in the query of its address and not in its body
    And the gateway merges query and body, and takes every call
    And every answer comes in the charset of its call

  @LEG-PAY-043 @conditional @barcode @transaction-qr @website
  Scenario: RSA2 signatures
    Given a buyer who pays at once
    When the merchant sells a thing with hard characters in its name for USD 12.31
    Then every call says sign_type RSA2 and is signed so
    And every answer with a response says RSA2 and is signed so
    And the order is paid, once
