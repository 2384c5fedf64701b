@payment
Feature: A refusal over gateway.do is final
  > FAILED says that nothing was paid and nothing will be under this number. The till asks no more
  > and shows the failure; the buyer's next code goes out under a number of its own.
  > alipay.acquire.overseas.spot.pay: https://global.alipay.com/docs/ac/global/spot_pay

  @LEG-PAY-015 @mandatory @barcode
  Scenario Outline: A definite refusal
    Given a buyer who pays at once
    And <trouble>
    When the cashier charges USD 12.31
    And the buyer shows a new, good code, and the cashier charges the same order again
    Then the order is failed before the buyer shows the new code
    And at most one query follows the refusal, and the refused code is charged no more
    And the new attempt has a new partner_trans_id, and the code and the amount of the new sale
    And the first try is refused with <code> and nothing is debited for it

    Examples:
      | trouble                                                                                   | code                       |
      | the buyer's wallet holds too little money                                                 | BUYER_BALANCE_NOT_ENOUGH   |
      | the buyer's code has expired                                                              | BUYER_NOT_EXIST            |
      | the gateway answers the first pay with F BUYER_ENABLE_STATUS_FORBID, without processing it | BUYER_ENABLE_STATUS_FORBID |
