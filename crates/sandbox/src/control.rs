//! The control API under `/_sandbox/`: what the stage, or a person with curl, does to a gateway.

use protocol::{Currency, Day, Fields, Rate};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wire::{Reply, Request};

use crate::control_bodies::{
    Acts, Advance, NewRate, NewRule, NewWallet, Open, OwnNotice, Reports, Scan, Settings, TopUp,
};
use crate::ledger::Ledger;
use crate::notification::Address;
use crate::tenant::Tenant;
use crate::terms::Contract;
use crate::wallet::{CodeForm, Decision, Mood, Wallet};

/// Why a control call is refused: the HTTP status, and what was expected.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) error: String,
}

impl Refusal {
    pub(crate) fn bad(error: impl Into<String>) -> Self {
        Self { status: 400, error: error.into() }
    }

    pub(crate) fn unknown(error: impl Into<String>) -> Self {
        Self { status: 404, error: error.into() }
    }

    /// Of who does not have the token.
    pub(crate) fn token() -> Self {
        Self { status: 401, error: "expected the header x-control-token".into() }
    }
}

/// The HTTP status and body of what went well.
pub(crate) type Done = Result<(u16, Value), Refusal>;

impl Tenant {
    /// Answers a control call, at once.
    pub(crate) fn control(&self, request: &Request) -> Reply {
        replied(if self.admitted(request) {
            self.controlled(request)
        } else {
            Err(Refusal::token())
        })
    }

    /// Adds a rule that the control API would take, and answers its number.
    ///
    /// # Errors
    /// What was expected instead.
    pub fn add_rule(&self, body: &Value) -> Result<u32, String> {
        let new: NewRule =
            serde_json::from_value(body.clone()).map_err(|error| error.to_string())?;
        let rule = new.rule(self.now())?;
        Ok(self.rules().lock().add(rule))
    }

    pub(crate) fn admitted(&self, request: &Request) -> bool {
        let Some(token) = &self.terms().control_token else { return true };
        let given = request.header("x-control-token").unwrap_or_default();
        // Digests are compared, so that the time it takes says nothing about the token.
        signing::sha256(given.as_bytes()) == signing::sha256(token.as_bytes())
    }

    fn controlled(&self, request: &Request) -> Done {
        let path = request.path().strip_prefix("/_sandbox/").unwrap_or_default();
        let words: Vec<&str> = path.split('/').collect();
        match (request.method.as_str(), words.as_slice()) {
            ("POST", ["wallets"]) => self.open_wallet(read(request)?),
            ("POST", ["wallets", wallet, what]) => self.wallet(wallet, what, request),
            ("GET", ["statement"]) => self.on_ledger(|ledger, _| written(200, ledger.statement())),
            ("GET", ["payments", id, "return"]) => self.way_back_of(id),
            ("GET", ["payments"]) => self.on_ledger(|ledger, now| Ok((200, ledger.list(now)))),
            ("POST", ["payments", id, "expire"]) => self.expire(id),
            ("POST", ["refunds"]) => {
                let pace = read(request)?;
                self.on_ledger(|ledger, _| ledger.refund_pace = pace);
                Ok((200, json!({})))
            }
            ("POST", ["reports"]) => {
                let Reports { rows } = read(request)?;
                self.on_ledger(|ledger, _| ledger.report_rows = rows.get());
                Ok((200, json!({})))
            }
            ("GET", ["reports", day]) => {
                let day = Day::parse(day).map_err(|error| Refusal::bad(error.to_string()))?;
                written(200, &self.reports(day))
            }
            (_, ["rules", rest @ ..]) => self.ruled(request, rest),
            ("POST", ["notices"]) => self.own_notice(read(request)?),
            ("POST", ["settings"]) => {
                self.settle_on(&read(request)?)?;
                Ok((200, json!({})))
            }
            ("POST", ["rates"]) => self.set_rate(&read(request)?),
            ("POST", ["reviews"]) => {
                let new = read(request)?;
                self.on_ledger(|ledger, _| ledger.plan_review(new));
                Ok((200, json!({})))
            }
            ("POST", ["merchants", id, "review"]) => {
                let end = read(request)?;
                let ended = self.on_ledger(|ledger, now| ledger.end_reviews(id, &end, now));
                Ok((200, json!({ "ended": ended })))
            }
            ("GET", ["merchants"]) => {
                Ok((200, self.on_ledger(|ledger, _| ledger.list_registrations())))
            }
            ("GET", ["clock"]) => Ok((200, self.clock_json())),
            ("POST", ["clock"]) => self.advance(&read(request)?),
            ("GET", ["log"]) => written(200, &self.journal().lines()),
            _ => Err(unknown(request)),
        }
    }

    /// Adds, lists and takes away answers on demand.
    fn ruled(&self, request: &Request, rest: &[&str]) -> Done {
        match (request.method.as_str(), rest) {
            ("POST", []) => {
                let rule = read::<NewRule>(request)?.rule(self.now()).map_err(Refusal::bad)?;
                let number = self.rules().lock().add(rule);
                Ok((200, json!({ "rule": number })))
            }
            ("GET", []) => Ok((200, self.rules().lock().list(self.now()))),
            ("DELETE", []) => {
                self.rules().lock().clear();
                Ok((200, json!({})))
            }
            ("DELETE", [number]) => {
                let known = number.parse().is_ok_and(|number| self.rules().lock().remove(number));
                if known {
                    Ok((200, json!({})))
                } else {
                    Err(Refusal::unknown(format!("there is no rule {number}")))
                }
            }
            _ => Err(unknown(request)),
        }
    }

    fn set_rate(&self, new: &NewRate) -> Done {
        let rate = Rate::parse(&new.pair, &new.price);
        let rate = rate.map_err(|error| Refusal::bad(error.to_string()))?;
        self.on_ledger(|ledger, _| ledger.rates.set(rate));
        Ok((200, json!({})))
    }

    /// Ends the time of an open payment at once.
    fn expire(&self, id: &str) -> Done {
        self.on_ledger(|ledger, now| {
            let place = ledger
                .find(None, Some(id), now)
                .ok_or_else(|| Refusal::unknown(format!("there is no payment {id}")))?;
            ledger.payments[place].expires = now;
            ledger.settle(place, now);
            Ok((200, json!({})))
        })
    }

    /// Sends the browser of a buyer who paid back to the shop: the address that it then opens.
    fn way_back_of(&self, id: &str) -> Done {
        let place = self.on_ledger(|ledger, now| ledger.find(None, Some(id), now));
        let place = place.ok_or_else(|| Refusal::unknown(format!("there is no payment {id}")))?;
        Ok((200, json!({ "url": self.way_back(place) })))
    }

    fn open_wallet(&self, new: NewWallet) -> Done {
        let NewWallet { currency, balance, mood } = new;
        let currency =
            Currency::parse(&currency).map_err(|error| Refusal::bad(error.to_string()))?;
        if !currency.is_current() {
            return Err(Refusal::bad(format!(
                "no wallet holds {currency}: a currency is expected"
            )));
        }
        if balance < 0 {
            return Err(Refusal::bad("expected a 'balance' of 0 or more".to_owned()));
        }
        let number = self.on_ledger(|ledger, _| {
            ledger.wallets.push(Wallet { currency, balance, mood });
            ledger.wallets.len()
        });
        Ok((200, json!({ "wallet": format!("w{number}") })))
    }

    fn wallet(&self, name: &str, what: &str, request: &Request) -> Done {
        let wallet = self
            .on_ledger(|ledger, _| ledger.wallet_named(name))
            .ok_or_else(|| Refusal::unknown(format!("there is no wallet {name}")))?;
        match what {
            "mood" => {
                let mood: Mood = read(request)?;
                self.on_ledger(|ledger, _| ledger.wallets[wallet].mood = mood);
                Ok((200, json!({})))
            }
            "codes" => {
                let form: CodeForm = read(request)?;
                self.on_ledger(|ledger, now| ledger.issue(wallet, form, now))
                    .map(|(code, expires)| (200, json!({ "code": code, "expires": expires })))
                    .map_err(Refusal::bad)
            }
            "top-up" => {
                let TopUp { minor } = read(request)?;
                let balance = self.on_ledger(|ledger, _| {
                    let balance = &mut ledger.wallets[wallet].balance;
                    *balance = balance.saturating_add_unsigned(minor);
                    *balance
                });
                Ok((200, json!({ "balance": balance })))
            }
            "scan" => {
                let Scan { code } = read(request)?;
                Ok((200, self.take_up(wallet, &code)))
            }
            "open" => {
                let Open { url } = read(request)?;
                if let Contract::Legacy { .. } = self.terms().contract {
                    let (id, result) = self.browse(wallet, &url);
                    return Ok((200, accepted(result, id.as_deref())));
                }
                Ok((200, self.take_up(wallet, &url)))
            }
            "confirm" => Ok((200, self.act(wallet, Decision::Approve, &read(request)?))),
            "decline" => Ok((200, self.act(wallet, Decision::Decline, &read(request)?))),
            _ => Err(Refusal::unknown(format!("a wallet knows no '{what}'"))),
        }
    }

    fn take_up(&self, wallet: usize, offer: &str) -> Value {
        let (id, result) = self.on_ledger(|ledger, now| ledger.take_up(wallet, offer, now));
        accepted(result, id.as_deref())
    }

    fn act(&self, wallet: usize, decision: Decision, acts: &Acts) -> Value {
        let id = &acts.payment_request_id;
        let result = self.on_ledger(|ledger, now| ledger.act(wallet, id, decision, now));
        accepted(result, Some(id))
    }

    fn settle_on(&self, settings: &Settings) -> Result<(), Refusal> {
        let mut switches = self.switches();
        for (id, choice) in &settings.switches {
            switches.set(id, choice).map_err(|error| Refusal::bad(error.to_string()))?;
        }
        self.turn(switches);
        if let Some(hard) = settings.hard_texts {
            self.write_hard_texts(hard);
        }
        if let Some(only) = settings.registered_only {
            self.on_ledger(|ledger, _| ledger.registry.registered_only = only);
        }
        Ok(())
    }

    fn own_notice(&self, notice: OwnNotice) -> Done {
        let address = Address::parse(&notice.url)
            .ok_or_else(|| Refusal::bad("expected an absolute http URL in 'url'"))?;
        if let Contract::Legacy { .. } = self.terms().contract {
            self.own_form(notice, address).map_err(Refusal::bad)?;
            return Ok((202, json!({})));
        }
        let body = Fields::read(notice.body.to_string().as_bytes())
            .ok_or_else(|| Refusal::bad("expected a JSON object in 'body'"))?;
        self.tell_once(address, notice.sign_target, body);
        Ok((202, json!({})))
    }

    fn clock_json(&self) -> Value {
        let clock = self.clock();
        json!({
            "now": self.now(),
            "simulated": clock.is_simulated(),
            "next": clock.next_timer(),
        })
    }

    fn advance(&self, advance: &Advance) -> Done {
        if self.clock().is_simulated() {
            return Err(Refusal::bad(
                "expected a real clock: a simulated one is moved by its stage",
            ));
        }
        if !(0..=Advance::LONGEST).contains(&advance.advance) {
            return Err(Refusal::bad("expected 'advance' from 0 to ten years, in milliseconds"));
        }
        self.clock().advance(advance.advance);
        Ok((200, self.clock_json()))
    }
}

impl Ledger {
    pub(crate) fn wallet_named(&self, name: &str) -> Option<usize> {
        let number: usize = name.strip_prefix('w')?.parse().ok()?;
        number.checked_sub(1).filter(|place| *place < self.wallets.len())
    }

    fn list(&mut self, now: clock::Millis) -> Value {
        for place in 0..self.payments.len() {
            self.settle(place, now);
        }
        self.payments
            .iter()
            .map(|payment| {
                json!({
                    "paymentRequestId": payment.request_id,
                    "paymentId": payment.id,
                    "status": payment.state.reported().0.name(),
                    "amount": payment.amount.to_wire(),
                })
            })
            .collect()
    }
}

fn unknown(request: &Request) -> Refusal {
    Refusal::unknown(format!("there is no {} {}", request.method, request.path()))
}

/// What goes back.
pub(crate) fn replied(done: Done) -> Reply {
    let (status, body) =
        done.unwrap_or_else(|refusal| (refusal.status, json!({ "error": refusal.error })));
    Reply::json(status, body.to_string().into_bytes())
}

/// Reads a body; an empty one counts as an empty object.
pub(crate) fn read<T: DeserializeOwned>(request: &Request) -> Result<T, Refusal> {
    let body: &[u8] = if request.body.is_empty() { b"{}" } else { &request.body };
    serde_json::from_slice(body).map_err(|error| Refusal::bad(error.to_string()))
}

fn written<T: Serialize>(status: u16, value: &T) -> Done {
    let written = serde_json::to_value(value);
    written
        .map(|value| (status, value))
        .map_err(|error| Refusal { status: 500, error: error.to_string() })
}

fn accepted(result: Result<(), &'static str>, request_id: Option<&str>) -> Value {
    json!({ "accepted": result.is_ok(), "why": result.err(), "paymentRequestId": request_id })
}
