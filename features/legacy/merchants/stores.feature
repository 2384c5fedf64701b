@merchants
Feature: Stores of secondary merchants are registered, over gateway.do
  > Whoever sells for others registers each store first. SUCCESS of the registration says that it is
  > taken for review; queryStatus says how far the review is, and only its SUCCESS lets the store sell.
  > Registration: https://global.alipay.com/docs/ac/global/offline_maintain · Status: https://global.alipay.com/docs/ac/global/offline_querystatus

  @LEG-MER-001 @mandatory @barcode @transaction-qr
  Scenario: A store is registered, reviewed and used
    Given reviews that take 5 minutes and end in SUCCESS
    When the merchant registers a secondary merchant to sell for
    And own calls ask for its status during the review and after it
    And the merchant sells in its name for USD 12.31
    Then the registration has every parameter that a store needs
    And the registration is taken, and its status is UNDER_REVIEW during the review and SUCCESS after it
    And the merchant shows under review until a question of its own is answered SUCCESS, and approved then
    And every question about the status names INSTORE_PAYMENT and the store
    And the first payment carries exactly the ids that were registered

  @LEG-MER-022 @conditional @barcode @transaction-qr
  Scenario: Taxi: extra fields for its industry
    When the merchant registers a taxi with two drivers, and own calls register it without drivers and with eleven
    Then the registration names one to ten drivers, each with number, contact and person
    And the gateway refuses both own registrations with PARAM_ILLEGAL
