//! Selling: what the runner hands to the merchant, and the buyer's code.

use evidence::words::CAP_REACHED;
use evidence::{OrderState, Party};
use merchant::{Charge, DriverError, Present};
use protocol::Amount;
use serde_json::json;

use crate::control::Control;
use crate::live::{Live, Mood};
use crate::product::Means;

/// What is sold where a case does not say.
pub(crate) const GOODS: &str = "One coffee";
/// Where it is sold.
pub(crate) const STORE: &str = "store-1";

/// What the wallet of a buyer is called who is a person.
const PERSON: &str = "person";

/// How long a payment code can be used that a person has to bring to the till, in milliseconds.
const BY_HAND: i64 = 15 * 60_000;

fn aside_price() -> Option<Amount> {
    Amount::from_price("USD 5.00").ok()
}

/// What the wallet calls itself when it opens a page.
const WALLET_AGENT: &str = "Mozilla/5.0 (Linux; Android 14) AliApp(AP/10.6.0) AlipayClient/10.6.0";

/// What the buyer looks at a shop on the web with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Device {
    /// A computer.
    #[default]
    Web,
    /// A phone's browser.
    Wap,
    /// The shop's own app.
    App,
}

impl Device {
    /// The word that the merchant is told.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Wap => "wap",
            Self::App => "app",
        }
    }

    fn agent(self) -> &'static str {
        match self {
            Self::Web => "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0",
            Self::Wap => "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
            Self::App => "HarbourTeahouse/2.1 (iOS 18.0)",
        }
    }
}

/// Which code the buyer's phone shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CodeKind {
    /// A fresh one of this form.
    Fresh {
        /// Its first two digits.
        prefix: String,
        /// How many digits it has.
        digits: usize,
    },
    /// A code of another wallet's form, which a wallet did issue.
    Foreign(String),
    /// A text that no wallet issued.
    Invented(String),
    /// A fresh one whose minute is over when it is scanned.
    Expired,
    /// One that has paid another order.
    Used,
}

impl Default for CodeKind {
    fn default() -> Self {
        Self::Fresh { prefix: "28".into(), digits: 18 }
    }
}

impl Live {
    /// The next order id: what the case is, a mark of this run of it, and a number.
    pub(crate) fn next_order(&self) -> String {
        format!("{}{}", self.mark, self.sold.len() + 1)
    }

    /// The buyer's wallet in a currency, with money enough and the buyer's mood.
    pub(crate) async fn wallet(&mut self, amount: Amount) -> Option<String> {
        if !self.control.is_there() {
            self.price = Some(amount);
            return Some(PERSON.to_owned());
        }
        let currency = self.holds.clone().unwrap_or_else(|| amount.currency.code().to_owned());
        if let Some(wallet) = self.wallets.get(&currency) {
            return Some(wallet.clone());
        }
        let mut wanted = json!({ "currency": currency, "mood": self.mood_on_the_wire() });
        if self.poor {
            wanted["balance"] = json!(amount.minor - 1);
        }
        let answer = self.control.post("wallets", &wanted).await;
        let answer = self.sure(answer)?;
        let wallet = self.sure(Control::text(&answer, "wallet"))?;
        self.wallets.insert(currency, wallet.clone());
        Some(wallet)
    }

    fn mood_on_the_wire(&self) -> serde_json::Value {
        // The wallet counts from the moment at which the buyer came to what is offered.
        let before = self.product.meets_after();
        let asks = |decides: &str, after: i64| json!({ "kind": "asks", "decides": decides, "after": (after - before).max(0) });
        match self.mood {
            Mood::Pays => json!({ "kind": "pays" }),
            Mood::Approves(after) => asks("approve", after),
            Mood::Declines(after) => asks("decline", after),
            Mood::Ignores => asks("ignore", 0),
        }
    }

    /// The code on the buyer's phone.
    pub(crate) async fn code(&mut self, wallet: &str) -> Option<String> {
        let code = if self.control.is_there() {
            self.issued_code(wallet).await?
        } else {
            self.told_code().await?
        };
        match self.code {
            CodeKind::Expired => Box::pin(self.pass(61_000)).await,
            CodeKind::Used => Box::pin(self.spend(wallet, &code)).await,
            CodeKind::Fresh { .. } | CodeKind::Foreign(_) | CodeKind::Invented(_) => {}
        }
        Some(code)
    }

    /// A code that the wallet issues.
    async fn issued_code(&self, wallet: &str) -> Option<String> {
        let mut issue = match self.code.clone() {
            CodeKind::Invented(text) => return Some(text),
            CodeKind::Fresh { prefix, digits } => json!({ "prefix": prefix, "digits": digits }),
            CodeKind::Foreign(text) => json!({ "value": text }),
            CodeKind::Expired | CodeKind::Used => json!({}),
        };
        if self.merchant.is_by_hand() && self.code != CodeKind::Expired {
            // Whoever types eighteen digits, and has to find the way to the till first, takes longer
            // than a scanner.
            issue["life"] = json!(BY_HAND);
        }
        let answer = self.control.post(&format!("wallets/{wallet}/codes"), &issue).await;
        let answer = self.sure(answer)?;
        self.sure(Control::text(&answer, "code"))
    }

    /// Pays another order with a code, so that it is used.
    async fn spend(&mut self, wallet: &str, code: &str) {
        let Some(amount) = aside_price() else { return };
        let order = self.next_order();
        self.aside = true;
        self.hand_over(&order, wallet, amount, GOODS, Some(code)).await;
        self.aside = false;
        self.settle().await;
    }

    /// Sells another order to a buyer who pays at once, waits until it is paid and its notice was
    /// answered, and answers its id. The case is not about it.
    pub(crate) async fn sell_aside(&mut self) -> Option<String> {
        let amount = aside_price()?;
        let wallets = std::mem::take(&mut self.wallets);
        let mood = std::mem::replace(&mut self.mood, Mood::Pays);
        self.aside = true;
        let order = self.sell(amount, GOODS).await;
        self.aside = false;
        self.wallets = wallets;
        self.mood = mood;
        let order = order?;
        let mine = order.clone();
        self.until(move |live| {
            live.state_of(&mine) == Some(OrderState::Paid)
                && (live.noticed(&mine) || !live.asked_for_notices(&mine))
        })
        .await;
        Some(order)
    }

    /// Whether a notice about an order was answered.
    pub(crate) fn noticed(&self, order: &str) -> bool {
        let seen = self.so_far();
        let ids = seen.ids_of(order);
        seen.notices().any(|notice| {
            notice.answer_sent.is_some() && notice.request_id().is_some_and(|id| ids.contains(&id))
        })
    }

    /// Whether a pay for an order named an address for its notice.
    fn asked_for_notices(&self, order: &str) -> bool {
        let seen = self.so_far();
        seen.pays_for(order).iter().any(|pay| pay.asked("paymentNotifyUrl").is_some())
    }

    /// Asks the merchant to sell a new order, and answers its id.
    pub(crate) async fn sell(&mut self, amount: Amount, text: &str) -> Option<String> {
        let wallet = self.wallet(amount).await?;
        let code = match self.product.means() {
            Means::ScannedCode => Some(self.code(&wallet).await?),
            Means::ShownCode | Means::EntryPage | Means::WalletPage => None,
        };
        let order = self.next_order();
        self.hand_over(&order, &wallet, amount, text, code.as_deref()).await;
        Some(order)
    }

    /// Asks the merchant to sell the same order once more; with a scanned code, a fresh one.
    pub(crate) async fn sell_again(&mut self, order: &str) {
        let seen = self.so_far();
        let Some((sale, amount)) = seen.sale_of(order).zip(seen.price_of(order)) else { return };
        let text = sale.text("text").unwrap_or(GOODS).to_owned();
        let Some(wallet) = self.wallet(amount).await else { return };
        self.code = CodeKind::default();
        let code = match self.product.means() {
            Means::ScannedCode => self.code(&wallet).await,
            Means::ShownCode | Means::EntryPage | Means::WalletPage => None,
        };
        self.hand_over(order, &wallet, amount, &text, code.as_deref()).await;
    }

    /// Presses the button once more for an order, with the same code.
    pub(crate) async fn press_again(&mut self, order: &str) {
        let seen = self.so_far();
        let Some((sale, amount)) = seen.sale_of(order).zip(seen.price_of(order)) else { return };
        let text = sale.text("text").unwrap_or(GOODS).to_owned();
        let code = sale.text("code").map(str::to_owned);
        let Some(wallet) = self.wallet(amount).await else { return };
        self.hand_over(order, &wallet, amount, &text, code.as_deref()).await;
    }

    pub(crate) async fn hand_over(
        &mut self,
        order: &str,
        wallet: &str,
        amount: Amount,
        text: &str,
        code: Option<&str>,
    ) {
        // Before anybody is asked for money, and whatever the plan said.
        if let Some(purse) = self.purse.as_ref().filter(|purse| !purse.takes(amount)) {
            let places = [amount.to_string(), purse.cap().to_string()];
            return self.broken(Party::Runner, CAP_REACHED.with(places));
        }
        let (device, user_agent) = match self.product.means() {
            Means::ScannedCode | Means::ShownCode => (None, None),
            Means::EntryPage => (None, Some(WALLET_AGENT)),
            Means::WalletPage => (Some(self.device.name()), Some(self.device.agent())),
        };
        self.did(
            "sale",
            json!({ "order": order, "amount": amount, "text": text, "code": code, "store": self.store,
                "device": device, "user_agent": user_agent, "aside": self.aside }),
        );
        self.remember(order, wallet.to_owned());
        let refused = order.to_owned();
        let (order, text, store) = (order.to_owned(), text.to_owned(), self.store.clone());
        let handed: Result<(), DriverError> = if let Some(code) = code {
            self.witness.claim(code);
            let code = code.to_owned();
            self.merchant.charge(Charge { order, amount, text, code, store }).await
        } else {
            let (device, user_agent) = (device.map(str::to_owned), user_agent.map(str::to_owned));
            let present = Present { order, amount, text, store, device, user_agent };
            self.merchant.present(present).await
        };
        if let Err(why) = handed {
            self.merchant_refused(&why, json!({ "order": refused }));
        }
    }
}
