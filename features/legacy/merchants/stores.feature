@merchants
Feature: Stores of secondary merchants are registered, over gateway.do
  > Whoever sells for others registers each store first. SUCCESS of the registration says that it is
  > taken for review; queryStatus says how far the review is, and only its SUCCESS lets the store sell.
  > The same id once more is a change, and is reviewed too.
  > Registration: https://global.alipay.com/docs/ac/global/offline_maintain · Status: https://global.alipay.com/docs/ac/global/offline_querystatus

  @LEG-MER-001 @mandatory @barcode
  Scenario: A store is registered, reviewed and used
    Given reviews that take 5 minutes and end in SUCCESS
    When the merchant registers a secondary merchant with one store
    And own calls ask for its status during the review and after it
    And the merchant sells in that store for USD 12.31
    Then the registration has every parameter that a store needs
    And the registration is taken, and its status is UNDER_REVIEW during the review and SUCCESS after it
    And the merchant shows under review until a question of its own is answered SUCCESS, and approved then
    And every question about the status names INSTORE_PAYMENT and the store
    And the first payment carries exactly the ids that were registered

  @LEG-MER-011 @mandatory @barcode
  Scenario: Registration rejected
    Given reviews that take 5 minutes and end in FAILED, for "the licence has expired"
    When the merchant registers a secondary merchant with one store
    And the review is over, and the next one ends in SUCCESS
    And the merchant sells in that store for USD 12.31
    And the merchant changes the address of the store
    And own calls ask for its status during the review and after it
    And the merchant sells in that store for USD 12.31
    Then a reason stands with the status FAILED, and with no other
    And the merchant shows rejected, with the reason, and waits no longer
    And the other data goes out under the same secondary_merchant_id and store_id
    And no payment names the secondary merchant before its status is SUCCESS

  @LEG-MER-012 @mandatory @barcode
  Scenario: Registered data changed
    Given reviews that take 5 minutes and end in SUCCESS
    And a secondary merchant with one store that is approved
    When the merchant changes the address of the store
    And own calls ask for its status during the review and after it
    Then the other data goes out under the same secondary_merchant_id and store_id
    And the change is taken, and its status is MODIFICATION_REVIEW during the review and SUCCESS after it
    And the merchant shows the change under review, neither rejected nor new, and then approved

  @LEG-MER-013 @mandatory @barcode
  Scenario: Nothing registered under the key
    Given reviews that take 5 minutes and end in SUCCESS
    And the first registration is lost on its way
    When the merchant registers a secondary merchant with one store
    And an own call asks for the status of the store, and 30 minutes pass
    Then what never arrived has the status DATA_NOT_EXIST
    And the merchant shows it as not registered, once it is told so
    And the registration goes out again under the same id, with the same data

  @LEG-MER-021 @mandatory @barcode
  Scenario Outline: Missing or illegal data
    When the merchant is asked to register a store <wrong>, and an own call sends it too
    Then the merchant shows what is refused as refused, and never under review after that
    And the gateway refuses the own registration with PARAM_ILLEGAL
    And nothing is registered: its status is DATA_NOT_EXIST

    Examples:
      | wrong                            |
      | without secondary_merchant_name  |
      | with an industry of three digits |
      | with the country CHN             |
      | without store_id                 |

  @LEG-MER-022 @conditional @barcode
  Scenario: Taxi: extra fields for its industry
    When the merchant registers a taxi with two drivers, and own calls register it without drivers and with eleven
    Then the registration names one to ten drivers, each with number, contact and person
    And the gateway refuses both own registrations with PARAM_ILLEGAL

  @LEG-MER-031 @mandatory @barcode
  Scenario Outline: No sale for a secondary merchant that is not approved
    Given the gateway sells for registered merchants only
    And a secondary merchant that <standing>
    When the merchant sells in its name for USD 12.31, and an own call of pay does so too
    Then no payment names the secondary merchant before its status is SUCCESS
    And the order is failed or refused at the till, and never paid
    And the gateway refuses the own payment in its name

    Examples:
      | standing                          |
      | was never registered              |
      | is still being reviewed           |
      | was rejected by the paying wallet |
