@merchants
Feature: Secondary merchants are reviewed, whether they sell in stores or on websites, over gateway.do
  > Only SUCCESS of queryStatus lets a secondary merchant sell. FAILED comes with a reason; the same id
  > once more is a change, and is reviewed too. DATA_NOT_EXIST says that nothing is registered.
  > Status: https://global.alipay.com/docs/ac/global/offline_querystatus · https://global.alipay.com/docs/ac/global/queryStatus

  @LEG-MER-011 @mandatory @barcode @transaction-qr @website
  Scenario: Registration rejected
    Given reviews that take 5 minutes and end in FAILED, for "the licence has expired"
    When the merchant registers a secondary merchant to sell for
    And the review is over, and the next one ends in SUCCESS
    And the merchant sells in its name for USD 12.31
    And the merchant registers other data: a store's new address, or one more site
    And own calls ask for its status during the review and after it
    And the merchant sells in its name for USD 12.31
    Then a reason stands with the status FAILED, and with no other
    And the merchant shows rejected, with the reason, and waits no longer
    And the other data goes out under the same ids, with every site where there are sites
    And no payment names the secondary merchant before its status is SUCCESS

  @LEG-MER-012 @mandatory @barcode @transaction-qr @website
  Scenario: Registered data changed
    Given reviews that take 5 minutes and end in SUCCESS
    And an approved secondary merchant, with one store or with two sites
    When the merchant registers other data: a store's new address, or one more site
    And own calls ask for its status during the review and after it
    Then the other data goes out under the same ids, with every site where there are sites
    And the change is taken, and its status is MODIFICATION_REVIEW during the review and SUCCESS after it
    And the merchant shows the change under review, neither rejected nor new, and then approved

  @LEG-MER-013 @mandatory @barcode @transaction-qr @website
  Scenario: Nothing registered under the key
    Given reviews that take 5 minutes and end in SUCCESS
    And the first registration is lost on its way
    When the merchant registers a secondary merchant to sell for
    And an own call asks for the status, and 30 minutes pass
    Then what never arrived has the status DATA_NOT_EXIST
    And the merchant shows it as not registered, once it is told so
    And the registration goes out again under the same id, with the same data

  @LEG-MER-021 @mandatory @barcode @transaction-qr @website
  Scenario Outline: Missing or illegal data
    When the merchant is asked to register a secondary merchant <wrong>, and an own call sends it too
    Then the merchant shows what is refused as refused, and never under review after that
    And the gateway refuses the own registration with PARAM_ILLEGAL
    And nothing is registered: its status is DATA_NOT_EXIST

    Examples:
      | wrong                            |
      | without secondary_merchant_name  |
      | with an industry of three digits |
      | with the country CHN             |
      | without store_id                 |
      | with six sites                   |

  @LEG-MER-031 @mandatory @barcode @transaction-qr @website
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
