//! Own calls that the gateway has to refuse, and how it meets them.

use cucumber::{then, when};
use evidence::words as say;
use protocol::Amount;
use protocol::ams::{Api, inquiry_body};
use protocol::legacy::Form;
use serde_json::json;

use super::pages::{want_refused, want_refused_somehow};
use super::parameters::WrongCall;
use super::{form_of_own_call, names_of};
use crate::contract::{Contract, LegacyContract};
use crate::errand::Errand;
use crate::live::Live;
use crate::{Finding, Seen, Stage};

#[when(expr = "an own call goes out with {wrong-call}")]
async fn own_call_goes_wrong(stage: &mut Stage, fault: WrongCall) {
    let Some(live) = stage.live() else { return };
    let Contract::Legacy(contract) = live.contract.clone() else { return };
    let Some(mut form) = live.right_form(&contract, fault).await else { return };
    live.did("own-pay", json!({ "why": fault.to_string(), "guess": rests_on_guess(fault) }));
    spoil(&mut form, fault, names_of(live.product).amount);
    if let Err(why) = contract.sign(&mut form) {
        return live.broken(evidence::Party::Runner, why);
    }
    // This is no part of what is signed.
    if fault == WrongCall::SignType {
        form.set("sign_type", "SHA");
    } else if fault == WrongCall::NoKey {
        form.set("sign_type", contract.signing.other_type().name());
    }
    match LegacyContract::written(&form) {
        Ok(call) => drop(live.own_message(Errand::WrongCall, call).await),
        Err(why) => live.broken(evidence::Party::Runner, why),
    }
}

/// Makes one thing of a call wrong that is right in all else.
fn spoil(form: &mut Form, fault: WrongCall, amount: &str) {
    match fault {
        WrongCall::Partner => {
            for name in ["partner", "alipay_seller_id"] {
                if form.get(name).is_some() {
                    form.set(name, "2088999999999999");
                }
            }
        }
        WrongCall::NoService => form.set("service", "alipay.acquire.overseas.spot.pray"),
        WrongCall::Unsold => form.set("service", "mobile.securitypay.pay"),
        WrongCall::Charset => form.set("_input_charset", "KOI8"),
        WrongCall::NoProduct => form.set("biz_product", ""),
        WrongCall::ShortCode => form.set("buyer_identity_code", "281234567890123"),
        WrongCall::LongCode => form.set("buyer_identity_code", "2812345678901234567890123"),
        WrongCall::OtherCode => form.set("buyer_identity_code", "241234567890123456"),
        WrongCall::Nothing => form.set(amount, "0.00"),
        WrongCall::TooMuch => form.set(amount, "100000000.01"),
        WrongCall::ThreePlaces => form.set(amount, "1.001"),
        WrongCall::OtherSum => {
            form.set("price", "1.00");
            form.set("quantity", "2");
        }
        WrongCall::TwoFees => form.set("rmb_fee", "80.00"),
        WrongCall::QueryWithout => form.set("out_trade_no", ""),
        // What is wrong with these is said behind the signature, or lies in what they ask about.
        WrongCall::SignType
        | WrongCall::NoKey
        | WrongCall::QueryOfNothing
        | WrongCall::RefundOfNothing => {}
    }
}

/// Whether no page says with which code it is refused.
fn rests_on_guess(fault: WrongCall) -> bool {
    match fault {
        WrongCall::ShortCode
        | WrongCall::LongCode
        | WrongCall::OtherCode
        | WrongCall::Nothing
        | WrongCall::TooMuch
        | WrongCall::ThreePlaces
        | WrongCall::TwoFees => true,
        WrongCall::Partner
        | WrongCall::NoService
        | WrongCall::SignType
        | WrongCall::Charset
        | WrongCall::NoKey
        | WrongCall::Unsold
        | WrongCall::NoProduct
        | WrongCall::OtherSum
        | WrongCall::QueryOfNothing
        | WrongCall::QueryWithout
        | WrongCall::RefundOfNothing => false,
    }
}

impl Live {
    /// A call that lacks nothing: a payment of nobody's, or what asks about one.
    async fn right_form(&mut self, contract: &LegacyContract, fault: WrongCall) -> Option<Form> {
        let sale = self.sale_of_nobody()?;
        let number = sale.request_id.clone();
        let (api, body) = match fault {
            WrongCall::QueryOfNothing | WrongCall::QueryWithout => {
                (Api::InquiryPayment, inquiry_body(Some(&number), None))
            }
            WrongCall::RefundOfNothing => {
                let amount = json!({ "currency": "USD", "value": "1231" });
                let refund = format!("{number}-r1");
                (
                    Api::Refund,
                    json!({ "paymentRequestId": number, "refundRequestId": refund,
                        "refundAmount": amount }),
                )
            }
            WrongCall::Partner
            | WrongCall::NoService
            | WrongCall::SignType
            | WrongCall::Charset
            | WrongCall::NoKey
            | WrongCall::Unsold
            | WrongCall::NoProduct
            | WrongCall::ShortCode
            | WrongCall::LongCode
            | WrongCall::OtherCode
            | WrongCall::Nothing
            | WrongCall::TooMuch
            | WrongCall::ThreePlaces
            | WrongCall::OtherSum
            | WrongCall::TwoFees => (Api::Pay, self.whole_pay_body(sale).await?),
        };
        form_of_own_call(contract, self.product, api, self.clock.now(), &body).ok()
    }
}

#[then(expr = "the wrong call is refused with {word}")]
async fn wrong_call_refused(stage: &mut Stage, code: String) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            let Some(call) = seen.on_errand(Errand::WrongCall) else {
                finding.cannot_judge(say::CANNOT_JUDGE.plain());
                return finding;
            };
            if seen.acts_of("own-pay").iter().any(|act| act.is("guess")) {
                want_refused_somehow(&mut finding, call, &code);
            } else {
                want_refused(&mut finding, call, &code);
            }
            finding
        })
        .await;
}

#[then(expr = "no wrong call leaves a trade")]
async fn no_trade_of_it(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for id in seen.ids_at_gateway() {
                let answer = seen.closing(&id).and_then(|call| call.answer_sent.as_ref());
                let none = answer.is_some_and(crate::seen::Answer::knows_no_order);
                finding.shown_by(answer.map(|answer| answer.line));
                let told = seen.closing_status(&id).map_or("—", protocol::ams::PaymentStatus::name);
                finding.want(
                    none,
                    say::INQUIRY_SAYS.with(["TRADE_NOT_EXIST"]),
                    say::INQUIRY_SAYS.with([told]),
                );
            }
            want_no_debit_at_all(&mut finding, seen);
            finding
        })
        .await;
}

fn want_no_debit_at_all(finding: &mut Finding, seen: &Seen) {
    let Some(wallet) = &seen.wallet else {
        return finding.cannot_judge(say::CANNOT_JUDGE_WALLET.plain());
    };
    let debits: Vec<Amount> = wallet.debits.iter().map(|debit| debit.amount).collect();
    let list = debits.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    finding.want(debits.is_empty(), say::DEBITED.with(["—"]), say::DEBITED.with([list]));
}
