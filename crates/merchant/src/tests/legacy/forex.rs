//! Website refunds, on a healthy merchant and with each defect.

use evidence::OrderState::Paid;
use evidence::RefundState::{self, Pending, Refunded, Refused};
use protocol::ams::Verified;
use protocol::legacy::Form;

use super::refunds::states;
use super::website::{finished, redirected};
use super::{Play, Seen, Stage, good_notice, usd};
use crate::Defect;

const MINUTE: i64 = 60_000;
const FOREX_REFUND: &str = "forex_refund";

/// A paid website order.
async fn sold(defect: Option<Defect>, script: fn(&Seen) -> Play) -> Stage {
    let stage = redirected(defect, script).await;
    stage.notice(&finished()).await;
    stage.assert_state(Paid).await;
    stage
}

fn refund_notice(slip: &str, amount: &str) -> Form {
    let mut form = good_notice();
    for (name, value) in [
        ("notify_type", "refund_status_sync"),
        ("out_return_no", slip),
        ("refund_status", "REFUND_SUCCESS"),
        ("return_amount", amount),
    ] {
        form.set(name, value);
    }
    form
}

#[tokio::test]
async fn a_refund_is_taken_and_done_by_its_notice() {
    let stage = sold(None, |_| Play::Takes).await;
    stage.refund("S1", 1231).await;
    stage.until(MINUTE).await;
    assert_eq!(states(&stage).await, [Pending]);
    assert_eq!(stage.notice(&refund_notice("S1-r1", "12.31")).await, "success");
    assert_eq!(states(&stage).await, [Refunded]);
    assert_eq!(stage.view().await.refunded, Some(usd(1231)));
    stage.run_out().await;
    let calls = stage.of(FOREX_REFUND);
    assert_eq!((calls.len(), calls[0].verified), (1, Verified::Valid));
    for (name, value) in [
        ("out_return_no", "S1-r1"),
        ("out_trade_no", "A1-p1"),
        ("return_amount", "12.31"),
        ("currency", "USD"),
        ("gmt_return", "2026-01-05 10:00:01"),
        ("product_code", "NEW_OVERSEAS_SELLER"),
        ("reason", "坏了"),
        ("notify_url", "http://merchant.assay.test/alipay/notify?a=1&b=2"),
    ] {
        assert_eq!(calls[0].form.get(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn refunds_of_one_partner_are_apart_and_a_refusal_is_shown() {
    let stage = sold(None, |seen| match seen.get("out_return_no") {
        "S3-r3" => Play::Refuses(200, "RETURN_AMOUNT_EXCEED"),
        _ => Play::Takes,
    })
    .await;
    for slip in ["S1", "S2", "S3"] {
        stage.refund(slip, 500).await;
    }
    stage.until(20_000).await;
    assert_eq!(stage.times(FOREX_REFUND), [1_000, 4_500, 8_000]);
    let moments = ["2026-01-05 10:00:01", "2026-01-05 10:00:04", "2026-01-05 10:00:08"];
    assert_eq!(stage.each(FOREX_REFUND, "gmt_return"), moments);
    assert_eq!(stage.each(FOREX_REFUND, "out_return_no"), ["S1-r1", "S2-r2", "S3-r3"]);
    assert_eq!(states(&stage).await, [Pending, Pending, Refused]);
}

#[tokio::test]
async fn a_refund_without_an_answer_is_repeated_unchanged_and_a_refused_repeat_proves_nothing() {
    for (repeat, told, end) in [
        (Play::Takes, true, Refunded),
        (Play::Refuses(200, "TRADE_STATUS_ERROR"), true, Refunded),
        (Play::Refuses(200, "TRADE_STATUS_ERROR"), false, RefundState::ForStaff),
    ] {
        let stage = sold(
            None,
            match repeat {
                Play::Takes => |seen: &Seen| if seen.nth == 1 { Play::Lost } else { Play::Takes },
                _ => |seen: &Seen| match seen.nth {
                    1 => Play::Lost,
                    _ => Play::Refuses(200, "TRADE_STATUS_ERROR"),
                },
            },
        )
        .await;
        stage.refund("S1", 500).await;
        stage.until(20_000).await;
        let calls = stage.of(FOREX_REFUND);
        assert_eq!(calls.len(), 2);
        assert_eq!(calls[0].form, calls[1].form);
        assert_eq!(states(&stage).await, [Pending]);
        if told {
            stage.notice(&refund_notice("S1-r1", "5.00")).await;
        }
        stage.run_out().await;
        assert_eq!((states(&stage).await, stage.times(FOREX_REFUND).len()), (vec![end], 2));
    }
}

#[tokio::test]
async fn defects_of_the_website_refund() {
    let refunded = async |defect, script: fn(&Seen) -> Play| {
        let stage = sold(Some(defect), script).await;
        stage.refund("S1", 500).await;
        stage.refund("S2", 500).await;
        stage.until(30_000).await;
        assert!(stage.merchant.defect_was_active(), "{}", defect.id());
        stage
    };
    let stage = refunded(Defect::LegForexCny, |_| Play::Takes).await;
    assert_eq!(stage.each(FOREX_REFUND, "currency"), ["CNY", "CNY"]);

    let stage = refunded(Defect::LegForexBareFailed, |_| Play::Takes).await;
    assert_eq!(states(&stage).await, [Refused, Refused]);

    let stage = refunded(Defect::LegForexBurst, |_| Play::Takes).await;
    assert_eq!(stage.times(FOREX_REFUND), [1_000, 1_000]);

    let lost_first = |seen: &Seen| if seen.nth <= 2 { Play::Lost } else { Play::Takes };
    let stage = refunded(Defect::LegForexNewId, lost_first).await;
    let ids = stage.each(FOREX_REFUND, "out_return_no");
    assert_eq!(ids.len(), 4);
    assert_eq!(ids.iter().filter(|id| id.ends_with('x')).count(), 2);

    let refused_repeat = |seen: &Seen| match seen.nth {
        1 | 2 => Play::Lost,
        _ => Play::Refuses(200, "TRADE_STATUS_ERROR"),
    };
    let stage = refunded(Defect::LegForexRepeatFailed, refused_repeat).await;
    assert_eq!(states(&stage).await, [Refused, Refused]);
}
