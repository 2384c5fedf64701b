@payment
Feature: Calls that gateway.do has to refuse
  > A call that is ill-formed, or of nobody, is refused by the gateway itself with is_success=F; a
  > code that no wallet shows is refused by the service. No trade comes of either.
  > Error codes: https://global.alipay.com/docs/ac/gr/error_code

  @LEG-PAY-054 @optional @barcode @transaction-qr @website
  Scenario Outline: Calls the gateway has to refuse
    Given a buyer who pays at once
    When an own call goes out with <fault>
    Then the wrong call is refused with <code>
    And no wrong call leaves a trade

    Examples:
      | fault                                        | code                      |
      | the partner id of somebody else              | ILLEGAL_PARTNER           |
      | a service that does not exist                | ILLEGAL_SERVICE           |
      | sign_type SHA                                | ILLEGAL_SIGN_TYPE         |
      | the charset KOI8                             | ILLEGAL_CHARSET           |
      | a sign_type that no key was uploaded for     | HAS_NO_PUBLICKEY          |
      | a service that was not signed for            | ILLEGAL_PARTNER_EXTERFACE |
      | biz_product left out                         | INVALID_PARAMETER         |
      | a code of 15 digits                          | BUYER_NOT_EXIST           |
      | a code of 25 digits                          | BUYER_NOT_EXIST           |
      | a code that begins with 24                   | BUYER_NOT_EXIST           |
      | an amount of 0.00                            | INVALID_PARAMETER         |
      | an amount of 100000000.01                    | INVALID_PARAMETER         |
      | an amount of 1.001                           | INVALID_PARAMETER         |
      | a total_fee that is not price times quantity | INVALID_PARAMETER         |
      | both total_fee and rmb_fee                   | INVALID_PARAMETER         |
      | the query of an order that nobody knows      | TRADE_NOT_EXIST           |
      | a query without numbers                      | ILLEGAL_ARGUMENT          |
      | the refund of an order that nobody knows     | PURCHASE_TRADE_NOT_EXIST  |
