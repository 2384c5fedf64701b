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

  @AMS-PAY-041 @mandatory @order-code @entry-code
  Scenario: Code or link never paid
    Given a buyer who takes up the offer and does nothing
    When the merchant presents an order of USD 12.31
    And the buyer confirms after all
    Then the first inquiry comes 14 to 26 s after the code or link was given, then one every 3 to 5 s, 10 to 20 in all
    And the call after the last inquiry is the cancel of the same payment
    And the cancel succeeds, the inquiry says CANCELLED, the late confirmation is refused and nothing is debited
    And the order ends cancelled, was never paid, and its code or link is no longer offered

  @AMS-PAY-042 @mandatory @order-code @entry-code
  Scenario Outline: No clear answer to the request for a code or link
    Given a buyer who takes up the offer and does nothing
    And <trouble>
    When the merchant presents an order of USD 12.31
    Then the same request comes again with the same id and amount, 3 sends at most
    And there is one order, and every repeat gets the same code or link
    And the order <end>

    Examples:
      | trouble                                                                            | end                                                |
      | the pay request is lost on its way                                                 | waits with that code or link                       |
      | the answer to pay is lost                                                          | waits with that code or link                       |
      | the gateway answers the first pay with U UNKNOWN_EXCEPTION, after processing it    | waits with that code or link                       |
      | every pay request is lost on its way                                               | ends failed or cancelled, and nothing was offered  |

  @AMS-PAY-043 @conditional @order-code @entry-code @cashier
  Scenario: The order expires
    Given a buyer who takes up the offer and does nothing
    When the merchant presents an order of USD 12.31
    And the order's time runs out and the buyer confirms 1 s later
    Then the end of the order, where pay names one, is a time to come and has its offset
    And the inquiry says FAIL, the late confirmation is refused and nothing is debited
    And the order ends failed, was never paid, and its code or link is no longer offered
