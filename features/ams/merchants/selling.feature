@merchants
Feature: Selling for secondary merchants
  > Buyers, wallets and report files go by the ids in the payment. A payment in the name of a
  > merchant that no wallet has approved is refused; one in the name of another merchant or store
  > than the till's is paid to the wrong people.
  > Registration: https://docs.antom.com/ac/ams_zh-cn/registration · Acceptance: https://docs.antom.com/ac/barcode_cn/ivalidate

  @AMS-MER-020 @mandatory @user-presented @order-code @entry-code
  Scenario Outline: Selling for a merchant that is not approved
    Given the gateway sells for registered merchants only
    And a secondary merchant that <standing>
    When the merchant sells in its name for USD 12.31, and an own call of pay does so too
    Then a pay that goes out names this merchant and no other
    And the gateway refuses the pay in its name
    And nothing is debited in its name
    And the order is failed or refused at the till, and never paid

    Examples:
      | standing                          |
      | was never registered              |
      | is still being reviewed           |
      | was rejected by the paying wallet |

  @AMS-MER-021 @mandatory @user-presented @order-code @entry-code
  Scenario: Pay carries the registered ids
    Given two approved secondary merchants with two stores each
    When each of the four tills sells for USD 12.31
    And the day is over and the gateway has written its files
    Then each pay carries the ids that were registered for the store of its till
    And the file has a row for each payment, with the merchant and the store that its pay named
