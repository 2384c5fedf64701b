@merchants
Feature: Websites of secondary merchants are registered, over gateway.do
  > Whoever sells for others on the net registers each merchant with its sites, one to five, first.
  > The list of sites is replaced as a whole each time.
  > Registration: https://global.alipay.com/docs/ac/global/online_maintain · Status: https://global.alipay.com/docs/ac/global/queryStatus

  @LEG-MER-002 @mandatory @website
  Scenario: A website merchant is registered, reviewed and used
    Given reviews that take 5 minutes and end in SUCCESS
    When the merchant registers a secondary merchant to sell for
    And own calls ask for its status during the review and after it
    And the merchant sells in its name for USD 12.31
    Then the registration has every parameter that a website needs
    And the registration is taken, and its status is UNDER_REVIEW during the review and SUCCESS after it
    And the merchant shows under review until a question of its own is answered SUCCESS, and approved then
    And every question about the status names ONLINE_PAYMENT
    And the first payment carries exactly the ids that were registered
