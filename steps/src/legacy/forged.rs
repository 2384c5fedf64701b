//! Messages of the older generation that are altered or forged on their way.

use cucumber::given;
use evidence::Blob;
use protocol::ams::Api;
use protocol::legacy::{Answer, Signer};
use witness::{Effect, Match, Rewrite, with_body};

use super::parameters::ForgedQuery;
use crate::Stage;
use crate::contract::Contract;
use crate::errand::Errand;
use crate::live::{Live, Mood};
use crate::payment::alter;

/// An answer in which the trade is paid.
fn into_success(blob: &Blob, how: impl Fn(&mut Answer)) -> Blob {
    let Ok(mut answer) = Answer::read(&blob.body) else { return blob.clone() };
    if let Some(response) = &mut answer.response {
        let says = ["result_code", "error", "detail_error_code", "alipay_trans_status"];
        response.fields.retain(|(name, _)| !says.contains(&name.as_str()));
        let told = [("result_code", "SUCCESS"), ("alipay_trans_status", "TRADE_SUCCESS")];
        let told = told.map(|(name, value)| (name.to_owned(), value.to_owned()));
        response.fields.extend(told);
    }
    how(&mut answer);
    answer.write().map_or_else(|_fault| blob.clone(), |body| with_body(blob, body))
}

fn unsigned(blob: &Blob) -> Blob {
    into_success(blob, |answer| (answer.sign, answer.sign_type) = (None, None))
}

/// The same under another key; where it cannot sign, without a signature that fits.
fn signed_by(signer: &Signer, blob: &Blob) -> Blob {
    into_success(blob, |answer| {
        if answer.sign(signer).is_err() {
            answer.sign = Some("AAAA".to_owned());
        }
    })
}

#[given(expr = "nothing is paid, and the first query is answered with {forged-query}")]
async fn query_is_forged(stage: &mut Stage, forged: ForgedQuery) {
    let Some(live) = stage.live() else { return };
    live.buyer(Mood::Ignores, "does nothing");
    let Some((name, rewrite)) = live.forgery(forged).await else { return };
    live.plant(name, Match::nth(Api::InquiryPayment, 1), Effect::ReplaceAnswer(rewrite));
}

impl Live {
    async fn forgery(&mut self, forged: ForgedQuery) -> Option<(&'static str, Rewrite)> {
        match forged {
            ForgedQuery::Unsigned => Some(("unsigned-success", Rewrite::new(unsigned))),
            ForgedQuery::Stranger => {
                let Contract::Legacy(contract) = &self.contract else { return None };
                let signer = contract.signing.stranger()?;
                let rewrite = Rewrite::new(move |blob| signed_by(&signer, blob));
                Some(("stranger-success", rewrite))
            }
            ForgedQuery::Edited => {
                let rewrite = Rewrite::new(|blob| into_success(blob, |_answer| {}));
                Some(("processing-into-success", rewrite))
            }
            ForgedQuery::OtherOrder => {
                let order = self.sell_aside().await?;
                let id = self.so_far().ids_of(&order).pop()?;
                let genuine = self.own_inquiry(Errand::AnotherOrder, &id).await?;
                Some(("answer-of-another-order", alter::always(genuine)))
            }
        }
    }
}

#[given(expr = "the witness changes one digit of the amount in the first payment call")]
fn first_amount_changed(stage: &mut Stage) {
    if let Some(live) = stage.live() {
        let effect = Effect::ReplaceCall(alter::text("12.31", "12.32"));
        live.plant("amount-changed", Match::nth(Api::Pay, 1), effect);
    }
}
