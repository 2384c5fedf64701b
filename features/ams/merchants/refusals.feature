@merchants
Feature: Registrations that are refused or repeated
  > A registration is refused for good, or its answer is lost and nobody knows. Then the same one is
  > sent again under the same id, which the gateway takes once only; a new id for an old wish is a
  > second registration of the same merchant, and is refused.
  > Registration: https://docs.antom.com/ac/ams_zh-cn/registration · Idempotency: https://docs.antom.com/ac/ams/idempotency

  @AMS-MER-010 @mandatory @user-presented @order-code @entry-code
  Scenario: No store data
    When the merchant registers a secondary merchant without a store
    Then the gateway refuses the registration with PARAM_ILLEGAL
    And nothing is registered: its status is answered with RECORD_NOT_FOUND
    And the merchant shows it as refused, with the reason

  @AMS-MER-011 @optional @user-presented @order-code @entry-code
  Scenario Outline: Ill-formed registration
    When an own call registers a merchant <fault>
    Then the gateway refuses the registration with PARAM_ILLEGAL
    And nothing is registered: its status is answered with RECORD_NOT_FOUND

    Examples:
      | fault                                            |
      | for a product that does not exist                |
      | with a kind of contact that does not exist       |
      | with a page that is no address                   |
      | with a page whose address has 2049 characters    |
      | under an id of 65 characters                     |
      | with 2049 characters to be passed through        |
      | with an attachment whose name has 257 characters |
      | without a word about the merchant                |

  @AMS-MER-012 @mandatory @user-presented @order-code @entry-code
  Scenario Outline: Registered twice
    Given one secondary merchant is approved, and another was rejected by every wallet
    When the first registration is repeated <again>
    Then the repeat is <reply>
    And status and data of the first registration are unchanged
    And the approved merchant stays approved, and the rejected one is <other>

    Examples:
      | again                                                  | reply                                                             | other    |
      | unchanged                                              | answered as the first time                                        | rejected |
      | under the same id with another name                    | refused as inconsistent with the first                            | rejected |
      | under a new id                                         | refused as registered already                                     | rejected |
      | by the merchant itself, together with the rejected one | refused as registered already, and the rejected merchant is taken | pending  |

  @AMS-MER-013 @optional @user-presented @order-code @entry-code
  Scenario: Nobody by that name
    When own calls ask for status and data of a merchant that nobody registered
    Then both are answered with RECORD_NOT_FOUND, and no data is told

  @AMS-MER-014 @mandatory @user-presented @order-code @entry-code
  Scenario Outline: No clear answer to a registration
    Given the review of a secondary merchant goes on
    And the first registration <fate>
    When the merchant registers a secondary merchant with one store
    And 2 days pass
    Then the merchant sends the same registration again or asks for its status, never a new registration
    And the gateway has one registration, which is pending
    And the merchant shows it as pending, neither failed nor approved

    Examples:
      | fate                                                       |
      | is answered with an unknown result, after it was worked on |
      | is lost on its way                                         |
      | is worked on, and its answer is lost                       |
