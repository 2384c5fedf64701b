@refund-cancel
Feature: Money of a sale on a website goes back, over gateway.do
  > forex_refund has a number of its own, out_return_no, and names the currency of the order, never
  > CNY. A bare is_success=T says that the wish was taken; a notification, refund_status_sync, tells
  > the end. Refunds of one partner are at least three seconds apart.
  > Refund: https://global.alipay.com/docs/ac/global/forex_refund

  @LEG-RFC-021 @mandatory @website
  Scenario: Website refund, whole amount
    Given an order of USD 50.00 is paid
    When the merchant refunds USD 50.00
    Then the website's refund names its order and a number of its own, and asks for USD 50.00 in the order's currency
    And the refund is answered with a bare is_success=T, and a notice of it says REFUND_SUCCESS with number and amount
    And the refund is pending until its end is known, and then USD 50.00 is refunded, once

  @LEG-RFC-022 @mandatory @website
  Scenario: Website partial refunds
    Given an order of USD 100.00 is paid
    When the merchant is asked at once to refund USD 30.00, USD 30.00 and USD 50.00 more, and an own call asks for it too
    Then refunds of one partner go out at least 3 s apart
    And each refund has a number of its own
    And the gateway refuses what exceeds the rest with RETURN_AMOUNT_EXCEED, and USD 60.00 is back with the buyer
    And a refused refund is shown as refused, and the refunded total is the gateway's

  @LEG-RFC-023 @mandatory @website
  Scenario Outline: Website refund without an answer
    Given an order of USD 50.00 is paid
    And the first answer to forex_refund and the first notice of the refund are lost, and a repeat is <repeat>
    When the merchant refunds USD 50.00
    Then a repeated refund is the first one unchanged, under the same out_return_no
    And the refund is never shown as refused, and ends refunded, or with a person where a repeat was refused
    And USD 50.00 is given back, once

    Examples:
      | repeat                     |
      | answered as the first time |
      | refused                    |
