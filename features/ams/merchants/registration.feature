@merchants
Feature: A secondary merchant is registered and reviewed
  > An acquirer registers every merchant that it sells for, with its stores. That the gateway took a
  > registration is no approval: each wallet decides for itself, and tells so later, by a notice or
  > when asked. Whoever sells before that sells in a name that no wallet knows.
  > Registration: https://docs.antom.com/ac/ams_zh-cn/registration · Status: https://docs.antom.com/ac/ams_zh-cn/irs

  @AMS-MER-001 @mandatory @user-presented @order-code @entry-code
  Scenario: Registration, from request to approval
    Given the review of a secondary merchant takes 24 h and approves it for every wallet
    When the merchant registers a secondary merchant with one store
    And an own call asks for the status, again when the review is over, and then for what was registered
    Then the registration names the merchant, its details and its store in the documented form
    And the gateway takes it, repeats what was passed through, and says PENDING
    And the review then ends with the approval of every wallet, and what was registered can be read
    And the merchant shows pending, and approved only after the approval

  @AMS-MER-002 @mandatory @user-presented @order-code @entry-code
  Scenario: Status by asking
    Given the review of a secondary merchant takes 72 h and approves it for every wallet
    And notices are held back
    When the merchant registers a secondary merchant with one store
    And 5 days pass
    Then every status inquiry names the merchant or its store
    And the merchant asks at least once a day until the review is over
    And the gateway answers for that registration alone or for every wallet, as asked
    And the merchant shows approved at the end

  @AMS-MER-003 @conditional @user-presented @order-code @entry-code
  Scenario Outline: The registration notice
    Given the notice of a review <comes>
    When the merchant registers a secondary merchant with one store
    And the review ends with approval, and its notice <comes>
    Then the notice comes to the address that the registration named, with ids and outcome
    And every notice is acknowledged in the fixed form
    And the merchant shows approved, as the notice said

    Examples:
      | comes                                     |
      | comes once                                |
      | comes three times                         |
      | comes before the registration is answered |

  @AMS-MER-004 @conditional @user-presented @order-code @entry-code
  Scenario Outline: A forged or unsigned registration notice
    Given the review of a secondary merchant goes on
    When the merchant registers a secondary merchant with one store
    And the witness sends a notice that the review ended with approval, <forged>
    Then the secondary merchant is still pending
    And the notice is not acknowledged as a success

    Examples:
      | forged                                            |
      | signed with a stranger's key and true in all else |
      | signed by nobody                                  |

  @AMS-MER-005 @mandatory @user-presented @order-code @entry-code
  Scenario: One wallet says no
    Given a review in which one wallet approves, one rejects with reasons and one says nothing
    When the merchant registers a secondary merchant with one store
    And 2 days pass
    Then the gateway tells the outcome of each wallet, and the reasons of the one that rejects
    And the merchant shows approval by the first wallet alone, with the reasons of the one that rejects

  @AMS-MER-022 @mandatory @user-presented @order-code @entry-code
  Scenario: Hard characters in a registration
    Given the review of a secondary merchant takes 1 h and approves it for every wallet
    When the merchant registers a secondary merchant with hard characters in every text
    And 2 days pass
    And an own call asks for what was registered
    Then every text of the registration arrives as entered, character by character
    And what was registered is told with the same texts
    And the answer is believed: the merchant shows pending and asks no second time
