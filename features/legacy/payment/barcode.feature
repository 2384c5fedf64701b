@payment
Feature: The buyer shows a code and the till scans it, over gateway.do
  > The older generation answers SUCCESS, FAILED or UNKNOW. UNKNOW means that the buyer has to enter
  > the password, or that the gateway is not sure. So the till asks with alipay.acquire.overseas.query
  > at a set pace, believes its trade status alone, and cancels when nothing helps.
  > Timeout flow: https://global.alipay.com/docs/ac/globalbarcode/practice

  @LEG-PAY-001 @mandatory @barcode
  Scenario: Direct payment without a password
    Given a buyer who pays at once
    When the cashier scans an 18-digit code and charges USD 12.34
    Then the payment call has every parameter that a barcode payment needs
    And extend_info is JSON that names the store and the secondary merchant
    And the gateway answers the payment SUCCESS with a trade number, under which the query says TRADE_SUCCESS
    And the order is paid, once, for USD 12.34

  @LEG-PAY-002 @mandatory @barcode
  Scenario Outline: 24-digit code
    Given a buyer who pays at once
    When the cashier scans a 24-digit code that begins with <prefix> and charges USD 12.31
    Then the payment code reaches the gateway as scanned, with all its digits
    And the gateway takes the code
    And the order is paid, once

    Examples:
      | prefix |
      | 25     |
      | 26     |
      | 27     |
      | 28     |
      | 29     |
      | 30     |

  @LEG-PAY-003 @mandatory @barcode
  Scenario: Payment with a password
    Given a buyer who is asked for the password and approves after 20 s
    When the cashier charges USD 200.00
    Then the gateway answers the payment UNKNOW
    And the first query comes at most 5 s after UNKNOW, and then one every 3 to 5 s
    And the order waits until a query or a notice says TRADE_SUCCESS, and is paid then
    And no query and no cancel follow the final status
    And queries say WAIT_BUYER_PAY until the password is given, and TRADE_SUCCESS after it

  @LEG-PAY-004 @mandatory @barcode
  Scenario: Password prompt ignored
    Given a buyer who is asked for the password and does nothing
    When the cashier charges USD 12.31
    And the buyer approves after all
    Then 10 to 20 answered queries, 3 to 5 s apart, and then the cancel of the same number, at most 5 s after the last
    And the order is never paid, and ends failed or cancelled
    And the cancel answers SUCCESS, action=close, and the query says TRADE_CLOSED
    And the late approval is refused and nothing is debited

  @LEG-PAY-005 @mandatory @barcode
  Scenario Outline: SYSTEM_ERROR answered
    Given <error>
    When the cashier charges USD 12.31
    Then the next call, at most 5 s later, is a query for the number, or the payment with every parameter unchanged
    And the order waits until a query or a notice says TRADE_SUCCESS, and is paid then
    And the query says TRADE_SUCCESS, with one charge

    Examples:
      | error                                                                            |
      | the buyer is charged, and the answer is replaced by is_success=F, SYSTEM_ERROR   |
      | the gateway answers UNKNOW with SYSTEM_ERROR, and the buyer is charged 6 s later |

  @LEG-PAY-006 @mandatory @barcode
  Scenario: No answer to the payment
    Given a buyer who pays at once
    And the answer to pay is lost
    When the cashier charges USD 12.31
    Then at most 10 s after the payment was sent comes a query for the number, or the payment with every parameter unchanged
    And the order is not failed because of it, and is paid, once
    And the query finds the trade by partner_trans_id alone
