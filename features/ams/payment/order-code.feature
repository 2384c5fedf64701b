@payment
Feature: The till shows a code and the buyer scans it
  > Success of pay means that a code was made, not that anything was paid. The till shows the code
  > as it was given, waits for the buyer, and takes it away when the order is over.
  > Best practice: https://global.alipay.com/docs/ac/ams_oc/bp

  @AMS-PAY-040 @mandatory @order-code
  Scenario: Order code shown, scanned, paid
    Given a buyer who scans what the till shows after 4 s and confirms after 10 s
    When the till presents an order of USD 12.31
    Then the pay request asks for an order code
    And the gateway answers with a code that has an end and a value
    And the code shown is the gateway's, byte for byte
    And the order waits after the code was made and is paid only after SUCCESS
    And the wallet is debited once, and not before the buyer confirms

  @AMS-PAY-041 @mandatory @order-code
  Scenario: Code never paid
    Given a buyer who scans what the till shows and does nothing
    When the till presents an order of USD 12.31
    And the buyer confirms after all
    Then the first inquiry comes 14 to 26 s after the code was shown, then one every 3 to 5 s, 10 to 20 in all
    And the call after the last inquiry is the cancel of the same payment
    And the cancel succeeds, the inquiry says CANCELLED, the late confirmation is refused and nothing is debited
    And the order ends cancelled, was never paid, and its code is no longer offered

  @AMS-PAY-042 @mandatory @order-code
  Scenario Outline: No clear answer to the request for a code
    Given a buyer who scans what the till shows and does nothing
    And <trouble>
    When the till presents an order of USD 12.31
    Then the same request comes again with the same id and amount, 3 sends at most
    And there is one order, and every repeat gets the same code
    And the order <end>

    Examples:
      | trouble                                                                            | end                                                |
      | the pay request is lost on its way                                                 | waits with that code                               |
      | the answer to pay is lost                                                          | waits with that code                               |
      | the gateway answers the first pay with U UNKNOWN_EXCEPTION, after processing it    | waits with that code                               |
      | every pay request is lost on its way                                               | ends failed or cancelled, and nothing was offered  |
