@payment
Feature: The payment fails for good
  > A refusal is final: the merchant stops asking, books nothing, and may try again only under a new
  > payment request id. A gateway that has closed an id takes no new payment under it.
  > Codes: https://docs.antom.com/ac/ams/upm · Idempotency: https://docs.antom.com/ac/ams/idempotency

  @AMS-PAY-010 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: The payment fails after it began
    Given <buyer>
    When the merchant sells for USD 12.31
    Then the inquiry says FAIL and why, and the notice of a cashier says F
    And FAIL ends it: no inquiry and no cancel later than 1 s after it
    And the order ends failed

    Examples:
      | buyer                                                        |
      | a buyer who is asked for the password and declines after 8 s |
      | a buyer who confirms after 8 s and has too little money      |

  @AMS-PAY-020 @mandatory @user-presented
  Scenario Outline: Code expired, unknown or used before
    Given a buyer who pays at once
    And the buyer's code <story>
    When the cashier charges USD 12.31
    And the cashier scans a fresh code and charges the same order again
    Then the first try is refused with <refusal> and nothing is debited for it
    And F ends the first try: no inquiry loop and no cancel
    And the second try has the fresh code and a new payment request id
    And the order is failed after the first try and paid after the second
    And the wallet is debited exactly once, by the second try

    Examples:
      | story                         | refusal                              |
      | has expired                   | EXPIRED_CODE                         |
      | was issued by no wallet       | INVALID_PAYMENT_CODE                 |
      | has paid another order before | EXPIRED_CODE or INVALID_PAYMENT_CODE |

  @AMS-PAY-021 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: The payer cannot or may not pay
    Given a buyer who pays at once
    And the gateway answers the first pay with F <code>, without processing it
    When the merchant sells for USD 12.31
    Then F ends it: no inquiry loop and no second pay
    And the order ends failed
    And nothing is debited and the inquiry never says SUCCESS

    Examples:
      | code                             |
      | USER_BALANCE_NOT_ENOUGH          |
      | USER_AMOUNT_EXCEED_LIMIT         |
      | PAYMENT_AMOUNT_EXCEED_LIMIT      |
      | PAYMENT_COUNT_EXCEED_LIMIT       |
      | USER_STATUS_ABNORMAL             |
      | USER_NOT_EXIST                   |
      | USER_KYC_NOT_QUALIFIED           |
      | USER_PAYMENT_VERIFICATION_FAILED |
      | VERIFY_TIMES_EXCEED_LIMIT        |
      | NO_PAY_OPTIONS                   |
      | RISK_REJECT                      |
      | FRAUD_REJECT                     |
      | WALLET_ASLEEP                    |

  @AMS-PAY-022 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: Refused for contract, set-up, call or system reasons
    Given a buyer who pays at once
    And the gateway answers the first pay with F <code>, without processing it
    When the merchant sells for USD 12.31
    And 10 minutes pass
    Then there is no further pay for the order
    And the order ends failed and nothing is offered
    And nothing is debited

    Examples:
      | code                             |
      | PROCESS_FAIL                     |
      | SYSTEM_ERROR                     |
      | PARAM_ILLEGAL                    |
      | ACCESS_DENIED                    |
      | INVALID_API                      |
      | INVALID_CLIENT                   |
      | NO_INTERFACE_DEF                 |
      | METHOD_NOT_SUPPORTED             |
      | MEDIA_TYPE_NOT_ACCEPTABLE        |
      | OAUTH_FAIL                       |
      | INVALID_ACCESS_TOKEN             |
      | KEY_NOT_FOUND                    |
      | SERVICE_NOT_ALLOWED              |
      | INVALID_PAYMENT_METHOD_META_DATA |
      | INVALID_CONTRACT                 |
      | INVALID_MERCHANT_STATUS          |
      | MERCHANT_KYB_NOT_QUALIFIED       |
      | CURRENCY_NOT_SUPPORT             |
      | SETTLE_CONTRACT_NOT_MATCH        |
      | ORDER_NOT_EXIST                  |
      | PAYMENT_NOT_EXIST                |
      | ORDER_STATUS_INVALID             |

  @AMS-PAY-023 @mandatory @user-presented @order-code @entry-code @cashier
  Scenario Outline: The id belongs to a cancelled or closed order
    Given an order of USD 12.31 that was <ended>
    When an own call of pay uses its payment request id again
    And the merchant sells the same order again
    Then the old id is refused with <refusal> and nothing is debited for it
    And the merchant's new try has a new payment request id
    And the order is paid by the new try only

    Examples:
      | ended                  | refusal           |
      | cancelled by the clerk | ORDER_IS_CANCELED |
      | closed by its expiry   | ORDER_IS_CLOSED   |
