//! Buyers who are people: at a gateway that simulates nobody, somebody with a wallet of it is asked
//! to show a code, to scan one, and to confirm or to leave it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use evidence::words::{self as say, Phrase, Place, Sentence};
use evidence::{Event, Party, Recorder};
use merchant::{Away, Came, Field, Form, Person, Reply, Task};
use parking_lot::Mutex;
use protocol::Generation;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::live::{Live, Mood, Turnout};
use crate::readings::Offer;
use crate::sale::CodeKind;

/// What a typed code is known by in a reply.
const CODE: &str = "code";
/// Everybody who pays in a run, as one person sees it: one thing at a time.
pub struct Buyers {
    person: Arc<dyn Person>,
    /// Codes that are known beforehand, each for one sale.
    codes: Mutex<VecDeque<String>>,
}

impl fmt::Debug for Buyers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buyers").field("codes", &self.codes.lock().len()).finish_non_exhaustive()
    }
}

impl Buyers {
    /// Buyers who are played by a person, and the payment codes that are known beforehand.
    pub fn new(person: Arc<dyn Person>, codes: Vec<String>) -> Self {
        Self { person, codes: Mutex::new(codes.into()) }
    }

    /// The first of the codes known beforehand that has a form.
    fn known_code(&self, form: &Form) -> Option<String> {
        let mut codes = self.codes.lock();
        let fits = codes.iter().position(|code| form.read(code).is_ok())?;
        codes.remove(fits)
    }

    /// Asks, and answers what was told or why it could not be done.
    async fn ask(&self, task: Task) -> Result<Reply, Place> {
        let reply = self.person.ask(task).await;
        let reply = reply.map_err(|Away| Place::from(say::BUYER_NOBODY.plain()))?;
        match reply.came.clone() {
            Came::Done => Ok(reply),
            Came::Refused(why) | Came::Lacking(why) => Err(say::BUYER_CANNOT.with([why]).into()),
        }
    }
}

fn task(about: &str, instruction: Phrase, expected: &Sentence) -> Task {
    Task {
        about: about.to_owned(),
        instruction,
        particulars: vec![],
        picture: None,
        expected: expected.plain(),
        fields: vec![],
        acts: true,
    }
}

impl Live {
    fn about(&self) -> String {
        self.recorder.key().to_string()
    }

    /// What the buyer is to do when the wallet asks.
    fn mood_in_words(&self, mood: Mood) -> Phrase {
        let mood = match mood {
            _ if self.turnout == Turnout::Looks => say::BUYER_IGNORES.plain(),
            Mood::Pays => say::BUYER_PAYS.plain(),
            Mood::Approves(after) => say::BUYER_APPROVES.with([after / 1_000]),
            Mood::Declines(after) => say::BUYER_DECLINES.with([after / 1_000]),
            Mood::Ignores => say::BUYER_IGNORES.plain(),
        };
        let mood = if self.poor { say::BUYER_POOR.holding([mood.into()]) } else { mood };
        match &self.holds {
            Some(currency) => say::BUYER_HOLDS.holding([Place::value(currency), mood.into()]),
            None => mood,
        }
    }

    /// The same, and what becomes of the browser that a shop on the web of the older generation sent to
    /// the gateway's cashier.
    fn visit_in_words(&self, mood: Mood, offer: &Offer) -> Phrase {
        let says = self.mood_in_words(mood);
        let by_browser =
            matches!(offer, Offer::Link(_)) && self.product.generation() == Generation::Legacy;
        if !by_browser || !matches!(mood, Mood::Pays | Mood::Approves(_)) {
            return says;
        }
        let closed = self.so_far().arranged.iter().any(|act| act.what == "browser-closed");
        let then = if closed { &say::BUYER_CLOSES } else { &say::BUYER_COMES_BACK };
        then.holding([says.into()])
    }

    /// A code that a person tells, or that was known beforehand.
    pub(crate) async fn told_code(&mut self) -> Option<String> {
        let (prefix, digits) = match &self.code {
            CodeKind::Invented(text) => return Some(text.clone()),
            // Whatever code the wallet shows will do, where the case asks for none in particular.
            kind if *kind == CodeKind::default() => (String::new(), None),
            CodeKind::Fresh { prefix, digits } => (prefix.clone(), Some(*digits)),
            CodeKind::Expired | CodeKind::Used | CodeKind::Foreign(_) => (String::new(), None),
        };
        let Some(buyers) = self.buyers.clone() else {
            self.broken(Party::Environment, say::BUYER_NOBODY.plain());
            return None;
        };
        let form = Form::PaymentCode { prefix: prefix.clone(), digits };
        // What the wallets hold whose codes are known beforehand, nobody knows.
        if let Some(code) = buyers.known_code(&form).filter(|_| self.holds.is_none()) {
            return Some(code);
        }
        let mood = Place::from(self.mood_in_words(self.mood));
        let instruction = match digits {
            None => say::BUYER_CODE.holding([mood]),
            Some(digits) => say::BUYER_CODE_OF.holding([Place::value(digits), prefix.into(), mood]),
        };
        let field = Field { name: CODE.into(), label: say::BUYER_TYPES.plain(), form };
        let mut task = task(&self.about(), instruction, &say::BUYER_CODE_EXPECTS);
        // Whoever has several wallets takes the one that pays in the order's currency.
        let price = self.price.map(|price| (say::PERSON_AMOUNT.plain(), price.to_string()));
        task.particulars.extend(price);
        match buyers.ask(Task { fields: vec![field], ..task }).await {
            Ok(reply) => {
                attach(&self.recorder, self.clock.now(), &reply);
                reply.values.get(CODE).cloned()
            }
            Err(why) => {
                self.broken(Party::Environment, why);
                None
            }
        }
    }

    /// Hands what the merchant offers on to a person, while the scenario goes on.
    pub(crate) fn offer_to_person(&mut self, order: &str, mood: Mood, offer: &Offer) {
        let Some(buyers) = self.buyers.clone() else {
            return self.broken(Party::Environment, say::BUYER_NOBODY.plain());
        };
        let (act, instruction, offered) = match offer {
            Offer::Code(code) => ("buyer-scans", &say::BUYER_SCANS, code.clone()),
            Offer::Link(link) => ("buyer-opens", &say::BUYER_OPENS, link.clone()),
        };
        let instruction = instruction.holding([self.visit_in_words(mood, offer).into()]);
        let mut task = task(&self.about(), instruction, &say::BUYER_OFFER_EXPECTS);
        task.particulars = vec![(say::PERSON_ORDER.plain(), order.to_owned())];
        let price = self.so_far().price_of(order);
        let price = price.map(|price| (say::PERSON_AMOUNT.plain(), price.to_string()));
        task.particulars.extend(price);
        task.particulars.push((say::BUYER_OFFERED.plain(), offered.clone()));
        task.picture = Some(offered);
        let (stays, mut gone) = oneshot::channel();
        self.asking.push(stays);
        let (clock, recorder, broken) =
            (self.clock.clone(), self.recorder.clone(), self.is_broken.clone());
        let (order, asked) = (order.to_owned(), clock.now());
        self.clock.spawn(async move {
            let reply = tokio::select! {
                reply = buyers.ask(task) => reply,
                _ = &mut gone => return,
            };
            match reply {
                Ok(done) => {
                    attach(&recorder, clock.now(), &done);
                    let facts = json!({ "order": order, "by": "person", "asked": asked });
                    recorder.append(clock.now(), did(act, &facts));
                }
                Err(why) => {
                    broken.store(true, Ordering::SeqCst);
                    recorder.append(clock.now(), Event::Broken { by: Party::Environment, why });
                }
            }
        });
    }

    /// A person tries to pay what was offered before. What comes of it the gateway tells at the end.
    pub(crate) async fn person_confirms(&mut self, id: &str) {
        let Some(buyers) = self.buyers.clone() else {
            return self.broken(Party::Environment, say::BUYER_NOBODY.plain());
        };
        let about = self.about();
        let task = task(&about, say::BUYER_CONFIRMS.plain(), &say::BUYER_CONFIRMS_EXPECTS);
        // Merchant and gateway go on meanwhile.
        match self.drive(async move { buyers.ask(task).await }).await {
            Some(Ok(reply)) => {
                attach(&self.recorder, self.clock.now(), &reply);
                self.did("buyer-confirms", json!({ "paymentRequestId": id, "by": "person" }));
            }
            Some(Err(why)) => self.broken(Party::Environment, why),
            None => self.broken(Party::Environment, say::BUYER_NOBODY.plain()),
        }
    }
}

/// Records what was attached meanwhile.
fn attach(recorder: &Recorder, at: i64, reply: &Reply) {
    for attachment in &reply.attached {
        recorder.append(at, attachment.event());
    }
}

fn did(what: &str, facts: &Value) -> Event {
    let facts = facts.as_object().cloned().unwrap_or_default();
    Event::Did { what: what.to_owned(), facts }
}
