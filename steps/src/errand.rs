//! What the runner itself sends, and for what: its own calls, and what its witness hands over.
//!
//! Neither merchant nor gateway answers for such a message, so a message that is told as one has to
//! be one. Each is announced in the record with its errand, and an errand belongs to a sentence: a
//! scenario without the sentence has no such message.

use std::collections::BTreeMap;

use evidence::{Blob, Way};
use protocol::ams::Api;
use protocol::legacy::Service;
use serde_json::{Value, json};

use crate::Seen;
use crate::live::Live;
use crate::seen::Exchange;

/// How the record calls the announcement.
const ANNOUNCED: &str = "runner-sends";

/// How the record calls it that the gateway sends a notice because it was told to.
pub(crate) const ON_DEMAND: &str = "gateway-sends-notice";
/// What the sentences say that tell it to, once each.
const DEMANDS: [&str; 3] = [
    Errand::AfterNotice.sentence().0,
    "under a genuine signature over another path",
    "the gateway sends a notification of TRADE_FINISHED",
];

/// For what the runner sends something itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Errand {
    /// An own inquiry at the end, one for each payment, each refund and each registration.
    ClosingLook,
    /// An own inquiry right after a notice that the gateway sent on demand.
    AfterNotice,
    /// An own inquiry about another order, whose answer is put in the place of others.
    AnotherOrder,
    /// An own pay under an id that is over.
    OldId,
    /// An own pay under a used id with other values.
    OtherValues,
    /// The merchant's pay once more.
    Retransmit,
    /// The gateway's notice once more.
    DeliverAgain,
    /// A notice that the gateway did not send.
    ForgedNotice,
    /// An own pay in which one thing is missing or ill-formed.
    IllFormed,
    /// An own inquiry after the buyer came back to the merchant's page.
    AfterReturn,
    /// An own refund for a wish that the merchant did not pass on.
    RefundInstead,
    /// An own refund of what was not paid.
    RefundOfNothing,
    /// The merchant's refund once more, as it was and with another amount.
    RefundAgain,
    /// An own refund beside the merchant's, which exceeds what is left.
    RefundToo,
    /// An own refund of another amount under the number of the merchant's.
    OtherAmount,
    /// An own inquiry about a refund that takes its time.
    RefundMeanwhile,
    /// An own cancel of what nobody knows.
    CancelOfNothing,
    /// An own cancel of what the merchant has cancelled.
    CancelAgain,
    /// An own inquiry about what nobody knows.
    NothingCame,
    /// Own inquiries about the status of a registration, before and after its review.
    AskStatus,
    /// An own inquiry about what was registered.
    AskRegistered,
    /// Own inquiries about what a repeated registration leaves as it was.
    BeforeAndAfter,
    /// A registration of the merchant's once more, or with other values.
    RegisterAgain,
    /// A registration without a store, where the merchant itself sends none.
    RegisterWithoutStore,
    /// An ill-formed registration.
    RegisterIllFormed,
    /// Own inquiries about nobody.
    AskNobody,
    /// An own pay in the name of a merchant that may not sell.
    SellToo,
    /// The gateway's notice of a review once more.
    ReviewAgain,
    /// A notice of a review that the gateway did not send.
    ForgedReview,
    /// A return to the shop to which the gateway sent no browser.
    ForgedReturn,
    /// Own inquiries shortly before and after the end of an order's time.
    AroundTheLimit,
    /// The gateway's notice once more, much later.
    DeliverLater,
    /// An own inquiry between two visits to the cashier.
    BetweenVisits,
    /// Own inquiries before and after an order closes by itself.
    AroundItsEnd,
    /// An own call that the gateway has to refuse.
    WrongCall,
    /// A notice of a refund that the gateway did not send.
    ForgedRefund,
    /// Registrations of a taxi, without drivers and with too many.
    RegisterTaxi,
    /// An illegal registration beside the merchant's.
    RegisterToo,
    /// Own inquiries about a store, during its review and after it.
    AskStore,
    /// An own question whether a notice is the gateway's.
    AskNotice,
    /// Own calls for files of days that there are none of.
    AskForDays,
}

impl Errand {
    const ALL: [Self; 41] = [
        Self::ClosingLook,
        Self::AfterNotice,
        Self::AnotherOrder,
        Self::OldId,
        Self::OtherValues,
        Self::Retransmit,
        Self::DeliverAgain,
        Self::ForgedNotice,
        Self::IllFormed,
        Self::AfterReturn,
        Self::RefundInstead,
        Self::RefundOfNothing,
        Self::RefundAgain,
        Self::RefundToo,
        Self::OtherAmount,
        Self::RefundMeanwhile,
        Self::CancelOfNothing,
        Self::CancelAgain,
        Self::NothingCame,
        Self::AskStatus,
        Self::AskRegistered,
        Self::BeforeAndAfter,
        Self::RegisterAgain,
        Self::RegisterWithoutStore,
        Self::RegisterIllFormed,
        Self::AskNobody,
        Self::SellToo,
        Self::ReviewAgain,
        Self::ForgedReview,
        Self::ForgedReturn,
        Self::AroundTheLimit,
        Self::DeliverLater,
        Self::BetweenVisits,
        Self::AroundItsEnd,
        Self::WrongCall,
        Self::ForgedRefund,
        Self::RegisterTaxi,
        Self::RegisterToo,
        Self::AskStore,
        Self::AskNotice,
        Self::AskForDays,
    ];

    /// Its name in the record.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ClosingLook => "closing-look",
            Self::AfterNotice => "after-notice",
            Self::AnotherOrder => "another-order",
            Self::OldId => "old-id",
            Self::OtherValues => "other-values",
            Self::Retransmit => "retransmitted",
            Self::DeliverAgain => "delivered-again",
            Self::ForgedNotice => "forged-notice",
            Self::IllFormed => "ill-formed",
            Self::AfterReturn => "after-return",
            Self::RefundInstead => "refund-instead",
            Self::RefundOfNothing => "refund-of-nothing",
            Self::RefundAgain => "refund-again",
            Self::RefundToo => "refund-too",
            Self::OtherAmount => "other-amount",
            Self::RefundMeanwhile => "refund-meanwhile",
            Self::CancelOfNothing => "cancel-of-nothing",
            Self::CancelAgain => "cancel-again",
            Self::NothingCame => "nothing-came",
            Self::AskStatus => "ask-status",
            Self::AskRegistered => "ask-registered",
            Self::BeforeAndAfter => "before-and-after",
            Self::RegisterAgain => "register-again",
            Self::RegisterWithoutStore => "register-without-store",
            Self::RegisterIllFormed => "register-ill-formed",
            Self::AskNobody => "ask-nobody",
            Self::SellToo => "sell-too",
            Self::ReviewAgain => "review-delivered-again",
            Self::ForgedReview => "forged-review",
            Self::ForgedReturn => "forged-return",
            Self::AroundTheLimit => "around-the-limit",
            Self::DeliverLater => "delivered-later",
            Self::BetweenVisits => "between-visits",
            Self::AroundItsEnd => "around-its-end",
            Self::WrongCall => "wrong-call",
            Self::ForgedRefund => "forged-refund",
            Self::RegisterTaxi => "register-taxi",
            Self::RegisterToo => "register-too",
            Self::AskStore => "ask-store",
            Self::AskNotice => "ask-notice",
            Self::AskForDays => "ask-for-days",
        }
    }

    /// What the sentence says that has it, and how many such messages it sends. The closing look
    /// is every scenario's, and sends one for each payment, each refund and each registration.
    const fn sentence(self) -> (&'static str, usize) {
        match self {
            Self::ClosingLook => ("", 1),
            Self::AfterNotice => ("the gateway sends a signed notice while the order waits", 1),
            Self::AnotherOrder => ("with the genuine success of another order", 1),
            Self::OldId => ("an own call of pay uses its payment request id again", 1),
            Self::OtherValues => ("an own call repeats its pay with", 1),
            Self::Retransmit => ("the witness retransmits the first", 1),
            Self::DeliverAgain => ("the witness delivers the notice three times in a row", 5),
            Self::ForgedNotice => ("the witness sends a notice of success", 1),
            Self::IllFormed => ("an own call of pay goes out", 1),
            Self::AfterReturn => ("the buyer leaves the wallet and comes back", 1),
            Self::RefundInstead => ("more is to be refunded", 2),
            Self::RefundOfNothing => ("an own call and the merchant refund", 1),
            Self::RefundAgain => ("own calls repeat that refund", 2),
            Self::RefundToo => ("more, and an own call asks for it too", 1),
            Self::OtherAmount => ("under the number of that refund", 1),
            Self::RefundMeanwhile => ("an own call asks about it meanwhile", 1),
            Self::CancelAgain => ("an own call cancels the order once more", 1),
            Self::CancelOfNothing | Self::NothingCame => ("an own call cancels", 1),
            Self::AskStatus => ("an own call asks for the status", 2),
            Self::AskRegistered => ("for what was registered", 1),
            Self::BeforeAndAfter => ("the first registration is repeated", 3),
            Self::RegisterAgain => ("the first registration is repeated", 1),
            Self::RegisterWithoutStore => ("registers a secondary merchant without a store", 1),
            Self::RegisterIllFormed => ("an own call registers a merchant", 1),
            Self::AskNobody => ("own calls ask for status and data", 2),
            Self::SellToo => ("an own call of pay does so too", 1),
            Self::ReviewAgain => ("its notice comes three times", 2),
            Self::ForgedReview => ("sends a notice that the review ended", 1),
            Self::ForgedReturn => ("the browser opens the shop's return page", 1),
            Self::AroundTheLimit => ("own calls ask shortly before and after", 2),
            Self::DeliverLater => ("the witness delivers it once more", 1),
            Self::BetweenVisits => ("the buyer opens the cashier, goes back to the shop", 1),
            Self::AroundItsEnd => ("own queries ask at 170 s and at 190 s", 2),
            Self::WrongCall => ("an own call goes out with", 1),
            Self::ForgedRefund => ("sends a notice of the refund's success", 1),
            Self::RegisterTaxi => ("own calls register it without drivers and with eleven", 2),
            Self::RegisterToo => ("and an own call sends it too", 1),
            Self::AskStore => ("own calls ask for its status", 2),
            Self::AskNotice => ("an own call asks about a notification", 1),
            Self::AskForDays => ("own calls ask for days eleven apart", 4),
        }
    }

    /// Whether an exchange can be one: what the runner calls goes through the witness like every
    /// call, and what the witness hands over begins there.
    fn fits(self, seen: &Seen, exchange: &Exchange) -> bool {
        let own = |api| exchange.own && exchange.api == Some(api);
        let handed = |way| !exchange.own && exchange.sent.is_none() && exchange.way == way;
        let before = || seen.exchanges.iter().filter(|known| known.line() < exchange.line());
        match self {
            Self::ClosingLook => {
                own(Api::InquiryPayment)
                    || own(Api::InquiryRefund)
                    || own(Api::InquiryRegistrationStatus)
            }
            Self::AfterNotice
            | Self::AnotherOrder
            | Self::AfterReturn
            | Self::NothingCame
            | Self::AroundTheLimit
            | Self::BetweenVisits
            | Self::AroundItsEnd => own(Api::InquiryPayment),
            Self::IllFormed | Self::SellToo => own(Api::Pay),
            Self::RefundInstead | Self::RefundOfNothing | Self::RefundToo => own(Api::Refund),
            Self::RefundAgain | Self::OtherAmount => {
                let id = exchange.refund_id();
                own(Api::Refund) && before().any(|known| !known.own && known.refund_id() == id)
            }
            Self::RefundMeanwhile => own(Api::InquiryRefund),
            Self::CancelOfNothing | Self::CancelAgain => own(Api::Cancel),
            Self::OldId | Self::OtherValues => {
                let id = exchange.request_id();
                own(Api::Pay) && before().any(|known| !known.own && known.request_id() == id)
            }
            Self::Retransmit => handed(Way::Call) && before().any(|known| copied(known, exchange)),
            Self::DeliverAgain | Self::DeliverLater | Self::ReviewAgain => {
                handed(Way::Notice) && before().any(|known| copied(known, exchange))
            }
            Self::ForgedReturn => handed(Way::Notice) && exchange.is_return(),
            // What is wrong with it may be the name of its service.
            Self::WrongCall => exchange.own && exchange.way == Way::Call,
            Self::AskForDays => exchange.own && exchange.service() == Some(Service::CompareFile),
            Self::ForgedNotice | Self::ForgedReview | Self::ForgedRefund => handed(Way::Notice),
            Self::AskNotice => exchange.own && exchange.service() == Some(Service::NotifyVerify),
            Self::AskStatus | Self::AskStore => own(Api::InquiryRegistrationStatus),
            Self::AskRegistered => own(Api::InquiryRegistrationInfo),
            Self::BeforeAndAfter | Self::AskNobody => {
                own(Api::InquiryRegistrationStatus) || own(Api::InquiryRegistrationInfo)
            }
            Self::RegisterAgain
            | Self::RegisterWithoutStore
            | Self::RegisterIllFormed
            | Self::RegisterTaxi
            | Self::RegisterToo => own(Api::Registration),
        }
    }
}

/// What an inquiry is about: a payment, a refund, or a secondary merchant and perhaps one registration of it.
fn subject_of(inquiry: &Exchange) -> Option<String> {
    let merchant = inquiry.asked("referenceMerchantId").map(|merchant| {
        format!("{merchant} {}", inquiry.asked("registrationRequestId").unwrap_or_default())
    });
    // Whoever asks about a refund may name its payment as well.
    inquiry.refund_id().or_else(|| inquiry.request_id()).or(merchant)
}

/// Whether what was handed over is what somebody had sent, or, where no fault met that, what came of
/// it at its receiver: there it may be addressed otherwise.
fn copied(original: &Exchange, copy: &Exchange) -> bool {
    let Some(sent) = &original.sent else { return false };
    let arrived = original.received.as_ref().filter(|_| original.faults.is_empty());
    let known = [Some(sent), arrived].into_iter().flatten();
    let handed = copy.received.as_ref().map(|request| &request.blob);
    known.map(|request| Some(&request.blob)).any(|blob| blob == handed)
}

impl Live {
    /// Announces a message of the runner's own, and answers the number of its exchange.
    pub(crate) fn announce(&self, errand: Errand) -> u32 {
        let exchange = self.witness.number();
        self.did(ANNOUNCED, json!({ "exchange": exchange, "errand": errand.name() }));
        exchange
    }

    /// Lets the witness hand over a message that nobody sent just now, and waits for its answer.
    pub(crate) async fn hand_over_as_witness(&mut self, errand: Errand, way: Way, message: Blob) {
        let (number, witness) = (self.announce(errand), self.witness.clone());
        let sending = async move { witness.send(number, way, message, errand.name()).await };
        // What comes back stands in the record.
        drop(self.drive(sending).await);
    }
}

impl Seen {
    /// On which errand an exchange was announced, if it was.
    pub(crate) fn errand_of(&self, exchange: &Exchange) -> Option<Errand> {
        let acts = self.acts.iter().filter(|act| act.what == ANNOUNCED);
        let mut acts = acts.filter(|act| {
            let told = act.facts.get("exchange").and_then(Value::as_u64);
            told == Some(u64::from(exchange.number))
        });
        let act = acts.next().filter(|act| act.line < exchange.line())?;
        let told = act.text("errand").filter(|_| acts.next().is_none());
        Errand::ALL.into_iter().find(|errand| told == Some(errand.name()))
    }

    /// The first exchange on an errand.
    pub(crate) fn on_errand(&self, errand: Errand) -> Option<&Exchange> {
        self.exchanges.iter().find(|exchange| self.errand_of(exchange) == Some(errand))
    }

    /// The line of the first message that is told as the runner's own without being it, in a
    /// scenario of these sentences: one that was not announced, on an errand that no sentence has,
    /// or more of them than the sentence sends. The same goes for notices on demand.
    pub fn claimed_for_the_runner(&self, sentences: &[&str]) -> Option<u32> {
        let demanding = |sentence: &&&str| DEMANDS.iter().any(|demand| sentence.contains(demand));
        let demands = sentences.iter().filter(demanding).count();
        if let Some(act) = self.acts_of(ON_DEMAND).get(demands) {
            return Some(act.line);
        }
        let mut sent: BTreeMap<(Errand, Option<String>), usize> = BTreeMap::new();
        let told = self.exchanges.iter().filter(|known| known.own || known.sent.is_none());
        let mut strays = told.filter(|exchange| {
            let Some(errand) = self.errand_of(exchange) else { return true };
            let (wanted, most) = errand.sentence();
            let about = subject_of(exchange).filter(|_| errand == Errand::ClosingLook);
            let count = sent.entry((errand, about)).or_default();
            *count += 1;
            let asked = sentences.iter().any(|sentence| sentence.contains(wanted));
            !asked || *count > most || !errand.fits(self, exchange)
        });
        strays.next().map(Exchange::line)
    }
}
