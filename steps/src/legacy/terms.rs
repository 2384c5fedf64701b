//! What the terms of a contract ask for: its charset, and the signs of MD5 and DSA.

use cucumber::{then, when};
use evidence::words as say;
use protocol::ams::{Api, Verified};
use protocol::legacy::Charset;
use serde_json::json;
use signing::{base64_encode, is_dsa_signature};

use super::texts::want_echo;
use super::transport::{read_sign, signed_calls};
use super::{form_of_own_call, names_of, want_parameter, want_value};
use crate::contract::{Contract, LegacyContract};
use crate::errand::Errand;
use crate::wants::first_pay;
use crate::{Finding, Stage};

/// Who is nobody's order.
const NOBODY: &str = "nobody-knows-this-order-1";
/// Bytes of the two numbers of a DSA signature under a q of 160 bits.
const RAW_DSA: usize = 40;

#[then(expr = "every call is written in GBK, also the name of the thing")]
async fn calls_in_gbk(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            // GBK, or its smaller brother GB2312.
            let charset = seen.contract("charset").unwrap_or("GBK");
            for call in signed_calls(seen, &mut finding) {
                finding.shown_by([call.line()]);
                want_value(&mut finding, call, "_input_charset", charset);
            }
            let Some(pay) = first_pay(seen, &mut finding) else { return finding };
            let name = names_of(seen.product).thing;
            let given = seen.sales().last().and_then(|sale| sale.text("text")).unwrap_or_default();
            // Read in the charset that the call names; outer blanks may be cut.
            let told = pay.parameter(name).unwrap_or_default();
            finding.want_for_good(
                told.trim() == given.trim(),
                say::FIELD_IS.with([name, given]),
                say::FIELD_IS.with([name, told]),
            );
            finding
        })
        .await;
}

#[then(expr = "every answer declares GBK, and reads so with every character of the call")]
async fn answers_in_gbk(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            signed_calls(seen, &mut finding);
            for call in seen.at_gateway() {
                let Some(answer) = &call.answer_sent else { continue };
                // A page for people is no answer in XML.
                let declared = answer.blob.body.trim_ascii_start().starts_with(b"<?xml");
                if !declared && answer.xml.is_none() {
                    continue;
                }
                finding.shown_by(call.lines());
                let names = [call.name()];
                let reads = say::ANSWER_READS.with(names);
                let Some(xml) = &answer.xml else {
                    finding.fail(reads, say::ANSWER_READS_NOT.with(names));
                    continue;
                };
                want_echo(&mut finding, call, xml);
                let (wanted, told) =
                    (["encoding", "GBK / GB2312"], ["encoding", xml.charset.name()]);
                finding.want(
                    xml.charset != Charset::Utf8,
                    say::FIELD_IS.with(wanted),
                    say::FIELD_IS.with(told),
                );
            }
            finding
        })
        .await;
}

#[then(expr = "the sign of every call is 32 lower-case hexadecimal digits, and says MD5")]
async fn calls_signed_md5(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in signed_calls(seen, &mut finding) {
                finding.shown_by([call.line()]);
                want_value(&mut finding, call, "sign_type", "MD5");
                let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                let fits = |sign: &str| sign.len() == 32 && sign.bytes().all(digit);
                want_parameter(&mut finding, call, "sign", "[0-9a-f]{32}", fits);
            }
            finding
        })
        .await;
}

#[then(expr = "every answer with a response and every notification says MD5 and verifies")]
async fn gateway_signs_md5(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            signed_calls(seen, &mut finding);
            for call in seen.at_gateway() {
                let Some(answer) = &call.answer_sent else { continue };
                let Some(xml) = answer.xml.as_ref().filter(|xml| xml.response.is_some()) else {
                    continue;
                };
                finding.shown_by(call.lines());
                let told = xml.sign_type.as_deref().unwrap_or_default();
                want_md5(&mut finding, call.name(), told, answer.verified);
            }
            for notice in seen.notices() {
                let Some(sent) = &notice.sent else { continue };
                finding.shown_by(notice.lines());
                let told = notice.parameter("sign_type").unwrap_or_default();
                want_md5(&mut finding, "notify", told, sent.verified);
            }
            finding
        })
        .await;
}

fn want_md5(finding: &mut Finding, name: &str, told: &str, verified: Option<Verified>) {
    let (wanted, was) = (["sign_type", "MD5"], ["sign_type", told]);
    finding.want(told == "MD5", say::FIELD_IS.with(wanted), say::FIELD_IS.with(was));
    let good = verified == Some(Verified::Valid);
    finding.want(good, say::SIGN_VERIFIES.with([name]), say::SIGN_VERIFIES_NOT.with([name]));
}

#[then(expr = "the shared key stands in no message of the merchant")]
async fn key_in_no_message(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            signed_calls(seen, &mut finding);
            let calls = seen
                .calls()
                .filter_map(|call| Some((call.name(), call.line(), &call.sent.as_ref()?.blob)));
            let answers = seen.notices().filter_map(|notice| {
                let answer = notice.answer_sent.as_ref()?;
                Some(("notify", answer.line, &answer.blob))
            });
            for (name, line, blob) in calls.chain(answers) {
                finding.shown_by([line]);
                let (hidden, shown) = (say::KEY_HIDDEN.plain(), say::KEY_SHOWN.with([name]));
                finding.want_for_good(!blob.is_redacted(), hidden, shown);
            }
            finding
        })
        .await;
}

#[then(expr = "the sign of every call is a DSA signature, in DER")]
async fn calls_signed_dsa(stage: &mut Stage) {
    stage
        .judge(|seen| {
            let mut finding = Finding::new();
            for call in signed_calls(seen, &mut finding) {
                finding.shown_by([call.line()]);
                want_value(&mut finding, call, "sign_type", "DSA");
                let raw = |bytes: &Vec<u8>| bytes.len() == RAW_DSA;
                let read = call.parameter("sign").and_then(read_sign);
                // As the published samples have it.
                if read.as_ref().is_some_and(raw) {
                    finding.note(say::NOTE_DSA_RAW.plain());
                    continue;
                }
                let fits = |_: &str| read.as_deref().is_some_and(is_dsa_signature);
                want_parameter(&mut finding, call, "sign", "base64(DER(r, s))", fits);
            }
            finding
        })
        .await;
}

#[when(expr = "an own call goes out with one bit of its signature turned")]
async fn own_call_turned(stage: &mut Stage) {
    let Some(live) = stage.live() else { return };
    let Contract::Legacy(contract) = live.contract.clone() else { return };
    let (body, now) = (json!({ "paymentRequestId": NOBODY }), live.clock.now());
    let form = form_of_own_call(&contract, live.product, Api::InquiryPayment, now, &body);
    let broken = |why| (evidence::Party::Runner, why);
    let turned = form.and_then(|mut form| {
        contract.sign(&mut form)?;
        let mut sign = form.get("sign").and_then(read_sign).unwrap_or_default();
        if let Some(last) = sign.last_mut() {
            *last ^= 1;
        }
        form.set("sign", base64_encode(&sign));
        LegacyContract::written(&form)
    });
    match turned.map_err(broken) {
        Ok(call) => drop(live.own_message(Errand::WrongCall, call).await),
        Err((by, why)) => live.broken(by, why),
    }
}
