//! What the standing checks make of refunds and cancels that did not go as they should.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod judging;
mod stand;

use evidence::{Entry, Event, Leg, Movement, OrderState, OrderView, RefundState};
use judging::{Ground, legs, message, rewrite};
use protocol::Amount;
use protocol::ams::Verified;
use serde_json::json;

/// Retells what the merchant's last reading says.
fn retell_end(entries: &mut [Entry], how: impl FnOnce(&mut OrderView)) {
    let views = entries.iter_mut().filter_map(|entry| {
        let Event::Order(view) = &mut entry.event else { return None };
        Some(view)
    });
    how(views.last().unwrap());
}

/// A way to tell an order otherwise.
type Retelling = fn(&mut OrderView);

/// Whether the check is among those that fail.
fn fails(failed: &[String], check: &str) -> bool {
    failed.iter().any(|name| name == check)
}

#[test]
fn the_gateways_words_about_a_refund_are_held_against_the_call() {
    let ground = Ground::of("AMS-RFC-001/user-presented");
    for (path, field, other) in [
        ("refund", "refundRequestId", json!("x")),
        ("refund", "paymentId", json!("x")),
        ("refund", "refundAmount", json!({ "currency": "USD", "value": "1" })),
        ("inquiryRefund", "refundRequestId", json!("x")),
        ("inquiryRefund", "refundAmount", json!({ "currency": "EUR", "value": "1231" })),
    ] {
        let failed = ground.judged(|entries| {
            let answer = legs(entries, path, Leg::AnswerSent)[0];
            rewrite(&mut entries[answer], |body| body[field] = other);
        });
        assert!(fails(&failed, "S3"), "{path} {field}: {failed:?}");
    }
    let failed = ground.judged(|entries| {
        let answer = legs(entries, "inquiryRefund", Leg::AnswerSent)[0];
        rewrite(&mut entries[answer], |body| body["refundId"] = json!("x"));
    });
    assert_eq!(failed, ["S4"]);
}

#[test]
fn the_merchants_refunds_are_held_against_the_closing_look() {
    let ground = Ground::of("AMS-RFC-007/user-presented#1");
    let retellings: [(&str, Retelling); 5] = [
        ("pending", |view| view.refunds[0].state = RefundState::Pending),
        ("refused", |view| view.refunds[0].state = RefundState::Refused),
        ("with staff", |view| view.refunds[0].state = RefundState::ForStaff),
        ("no total", |view| view.refunded = None),
        ("one more", |view| view.refunds.push(view.refunds[0].clone())),
    ];
    for (name, how) in retellings {
        let failed = ground.judged(|entries| retell_end(entries, how));
        assert!(fails(&failed, "S5"), "{name}: {failed:?}");
    }
    let failed = ground.judged(|entries| {
        let answer = *legs(entries, "inquiryRefund", Leg::AnswerSent).last().unwrap();
        rewrite(&mut entries[answer], |body| body["refundStatus"] = json!("FAIL"));
    });
    assert!(fails(&failed, "S5"), "{failed:?}");
}

#[test]
fn an_order_is_for_staff_only_while_its_cancel_is_unsettled() {
    let staff = |view: &mut OrderView| {
        (view.till, view.back_office) = (OrderState::ForStaff, OrderState::ForStaff);
        view.alarm = true;
    };
    // The healthy case leaves the order to a person, and S5 holds; see `Ground::of`.
    Ground::of("AMS-RFC-025/user-presented");
    let settled = Ground::of("AMS-RFC-024/user-presented#2");
    let failed = settled.judged(|entries| retell_end(entries, staff));
    assert!(fails(&failed, "S5"), "{failed:?}");
}

#[test]
fn while_a_refund_is_unknown_only_the_same_refund_follows() {
    let ground = Ground::of("AMS-RFC-006/user-presented#4");
    for (field, other) in [
        ("refundRequestId", json!("another")),
        ("refundAmount", json!({ "currency": "USD", "value": "299" })),
    ] {
        let failed = ground.judged(|entries| {
            let again = legs(entries, "refund", Leg::CallSent)[1];
            rewrite(&mut entries[again], |body| body[field] = other);
        });
        assert!(fails(&failed, "S6"), "{field}: {failed:?}");
    }
    // Another slip is another refund, known or not.
    let two = Ground::of("AMS-RFC-003/user-presented#2");
    let failed = two.judged(|entries| {
        let answers = legs(entries, "refund", Leg::AnswerReceived);
        for answer in answers.into_iter().rev().skip(1).take(2) {
            message(&mut entries[answer]).unwrap().verified = Some(Verified::Wrong);
        }
    });
    assert!(!fails(&failed, "S6"), "{failed:?}");
}

#[test]
fn money_that_moves_for_a_payment_that_nobody_knows_is_seen() {
    let ground = Ground::of("AMS-RFC-005/user-presented#4");
    let amount = Amount::from_price("USD 12.31").unwrap();
    for credited in [true, false] {
        let failed = ground.judged(|entries| {
            let statement = entries.iter_mut().find_map(|entry| {
                if let Event::Wallet(statement) = &mut entry.event { Some(statement) } else { None }
            });
            let statement = statement.unwrap();
            let moved = if credited { &mut statement.credits } else { &mut statement.debits };
            let (request_id, payment_id) = ("nobody-1".into(), "nobody-2".into());
            moved.push(Movement { request_id, payment_id, amount, at: 0 });
        });
        assert!(fails(&failed, "2"), "{credited}: {failed:?}");
    }
}
