@payment
Feature: The shop sends the buyer's browser to the cashier, over gateway.do
  > create_forex_trade is a redirect: it answers no result. What became of it the shop learns from a
  > verified return, a verified notification or single_trade_query, which say TRADE_FINISHED. Before
  > the buyer has logged in there is no trade at all.
  > Notifications and return: https://global.alipay.com/docs/ac/web/notifications

  @LEG-PAY-081 @mandatory @website
  Scenario Outline: Website payment from redirect to order
    Given a buyer who takes up the offer and confirms after 10 s
    When the shop checks out an order of USD 12.31 <device>
    And the browser goes back to the shop <when>
    Then the redirect has every parameter that a website payment needs
    And the redirect ends at a cashier page, and return and notification say TRADE_FINISHED with number and amount
    And the order is paid, once
    And the order waits at the redirect, and is paid only after a verified return, notification or query
    And single_trade_query says TRADE_FINISHED, with one charge

    Examples:
      | device               | when                    |
      | on a computer        | before the notification |
      | on a computer        | after the notification  |
      | in a phone's browser | before the notification |

  @LEG-PAY-082 @mandatory @website
  Scenario Outline: Return or notification missing
    Given a buyer who takes up the offer and confirms after 10 s
    And <missing>
    When the shop checks out an order of USD 12.31 on a computer
    And the browser goes back to the shop, unless the buyer closed it
    Then the order is paid, once
    And the notification is sent although the browser never went back

    Examples:
      | missing                                    |
      | the buyer closes the browser after paying  |
      | notices are held back                      |

  @LEG-PAY-083 @mandatory @website
  Scenario Outline: Forged return
    Given a buyer who takes up the offer and does nothing
    When the shop checks out an order of USD 12.31 on a computer
    And the browser opens the shop's return page <forged>
    And 20 minutes pass
    Then the forged return does not make the order paid

    Examples:
      | forged                                                 |
      | without a sign                                         |
      | with a sign of a stranger's key                        |
      | with the genuine return of another order               |
      | with that of another order over our number and amount  |

  @LEG-PAY-084 @mandatory @website
  Scenario Outline: Never paid: the order times out
    Given <buyer>
    When the shop checks out an order of USD 12.31 on a computer
    And the order's time limit passes, and own calls ask shortly before and after
    Then queries say that there is no trade before the login, and WAIT_BUYER_PAY from then to the limit
    And once the limit has passed they say TRADE_CLOSED, where there is a trade
    And the order waits until the limit and is never paid, then it is failed or cancelled
    And timeout_rule, if sent, is one of the documented ones

    Examples:
      | buyer                                                       |
      | a buyer who opens the cashier and never logs in             |
      | a buyer who takes up the offer and does nothing             |
      | a buyer who confirms after 10 s and has too little money    |

  @LEG-PAY-085 @mandatory @website
  Scenario: Buyer starts again
    Given a buyer who takes up the offer and does nothing
    When the shop checks out an order of USD 12.31 on a computer
    And the buyer opens the cashier, goes back to the shop, presses pay again, pays, and presses once more
    Then further redirects are the first one unchanged, or a new number after the first is closed
    And the payment goes on: one trade, one charge
    And the order is paid, once
