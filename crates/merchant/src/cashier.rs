//! Cashier: the shop sends the buyer to the wallet's own page, and asks until it knows.

use clock::Millis;
use evidence::OrderState;
use protocol::Fields;
use protocol::ams::Scenario;

use crate::driver::{DriverError, Present};
use crate::order::{Offer, Ticket};
use crate::pay::{PayEnd, Sale};
use crate::polling::Plan;
use crate::reference::Reference;
use crate::registrar::Seller;

/// How long the shop waits for the answer to pay.
const PATIENCE: Millis = 5_000;
/// From the start of one inquiry to the start of the next, and how long each answer is waited for.
const SPACING: Millis = 2_000;
/// How many inquiries before the shop leaves it to the notice.
const TIMES: u32 = 20;
/// How long the buyer may pay after the request.
const LIFE: Millis = 14 * 60_000;

/// What the buyer looks at the shop with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Device {
    /// A computer.
    Web,
    /// A phone's browser.
    Wap,
    /// The shop's own app.
    App,
}

impl Device {
    pub(crate) fn parse(text: &str) -> Result<Self, DriverError> {
        match text {
            "web" => Ok(Self::Web),
            "wap" => Ok(Self::Wap),
            "app" => Ok(Self::App),
            other => {
                let says = format!("no device '{other}', known are: web, wap, app");
                Err(DriverError::Refused(says))
            }
        }
    }

    fn terminal_type(self) -> &'static str {
        match self {
            Self::Web => "WEB",
            Self::Wap => "WAP",
            Self::App => "APP",
        }
    }

    /// The address that suits the device best; any other will do.
    fn link_in(self, fields: &Fields) -> Option<Offer> {
        let names = match self {
            Self::Web => ["normalUrl", "applinkUrl", "schemeUrl"],
            Self::Wap => ["applinkUrl", "normalUrl", "schemeUrl"],
            Self::App => ["schemeUrl", "applinkUrl", "normalUrl"],
        };
        names.into_iter().find_map(|name| fields.text(name)).map(Offer::Link)
    }
}

impl Reference {
    /// Sends the buyer to the wallet's page and follows the payment until the order is final or
    /// with staff.
    pub(crate) async fn check_out(
        self,
        ticket: Ticket,
        present: Present,
        seller: Seller,
        device: Device,
    ) {
        if !self.may_send(&ticket) {
            return;
        }
        self.books.sold_online(&ticket, device);
        let expires = self.clock.now() + LIFE;
        let sale =
            Sale { text: &present.text, seller: &seller, scanned_at: None, expires: Some(expires) };
        let scenario = Scenario::Cashier {
            terminal_type: device.terminal_type().into(),
            user_agent: present.user_agent.clone(),
        };
        let body = self.pay_body(&ticket, &sale, scenario);
        let link = match self.pay_once(&ticket, &body, PATIENCE).await {
            PayEnd::Done(_) => return self.take_payment(&ticket),
            PayEnd::Refused(_) => return self.books.end(&ticket, OrderState::Failed),
            PayEnd::Dropped => return,
            PayEnd::InProcess(fields) => device.link_in(&fields),
            PayEnd::Unclear => None,
        };
        // Who was never sent to the page cannot pay there, so nothing is left to wait for.
        let last = link.as_ref().map(|_| expires);
        if let Some(link) = link {
            self.books.show(&ticket, link);
        }
        let from = self.clock.now();
        let plan = Plan {
            from,
            first: SPACING,
            every: SPACING,
            limit: SPACING,
            times: TIMES,
            unheard: 0,
            repays: false,
            last,
        };
        self.follow(&ticket, plan).await;
    }
}
