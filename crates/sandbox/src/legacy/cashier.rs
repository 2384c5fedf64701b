//! The cashier: pages that a person or a headless browser clicks through, and the way back to the
//! shop.

use protocol::Currency;
use protocol::legacy::{Charset, Form};
use wire::{Reply, Request};

use super::order::Browser;
use super::said::{Said, What};
use crate::defect::Defect;
use crate::ledger::{Ledger, Payment, State};
use crate::tenant::Tenant;
use crate::wallet::Decision;

/// Where the pages are.
pub(crate) const PATH: &str = "/cashier";

/// A text as it stands in HTML.
fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n{body}\n\
         <p>This is an embedded gateway for tests; no money moves. 测试环境，不会扣款。</p>\n\
         </body>\n</html>\n"
    )
}

/// The page for a call that was refused.
pub(crate) fn refusal(code: &str) -> String {
    let code = html(code);
    document("Cashier 收银台", &format!("<p>Error 错误: <code id=\"error\">{code}</code></p>"))
}

/// A button of the cashier.
fn button(token: &str, act: &str, label: &str, more: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{PATH}\">\n<input type=\"hidden\" name=\"token\" \
         value=\"{}\">\n{more}<button id=\"{act}\" name=\"act\" value=\"{act}\">{label}</button>\n\
         </form>",
        html(token)
    )
}

/// The page of an order as it stands: log in, then pay or leave.
pub(crate) fn page(payment: &Payment, wallets: &[Currency]) -> String {
    let token = payment.offer.as_deref().unwrap_or_default();
    let order = format!(
        "<p>Order 订单: <code id=\"order\">{}</code>, <span id=\"subject\">{}</span>, \
         <b id=\"amount\">{}</b></p>\n<p><a id=\"page\" href=\"{PATH}?token={}\">This page \
         本页</a></p>",
        html(&payment.request_id),
        html(&payment.goods.text),
        html(&payment.amount.to_string()),
        html(token),
    );
    let acts = match (&payment.state, payment.wallet) {
        (State::Processing, None) => {
            let option = |(place, currency): (usize, &Currency)| {
                format!("<option value=\"w{0}\">w{0} ({currency})</option>", place + 1)
            };
            let options: String = wallets.iter().enumerate().map(option).collect();
            let select =
                format!("<label>Wallet 钱包 <select name=\"wallet\">{options}</select></label>\n");
            button(token, "login", "Log in 登录", &select)
        }
        (State::Processing, Some(_)) => {
            let pay = button(token, "pay", "Pay 付款", "");
            format!("{pay}\n{}", button(token, "leave", "Leave 离开", ""))
        }
        (State::Success, _) => {
            let back = button(token, "back", "Back to the shop 返回商家", "");
            format!("<p id=\"state\">Paid 已付款</p>\n{back}")
        }
        (State::Failed(_) | State::Closed | State::Cancelled, _) => {
            "<p id=\"state\">Closed 已关闭</p>".to_owned()
        }
    };
    document("Cashier 收银台", &format!("{order}\n{acts}"))
}

/// What the browser of a buyer asks for.
struct Visit {
    token: String,
    act: String,
    wallet: String,
}

impl Visit {
    fn read(request: &Request) -> Option<Self> {
        let query = request.target.split_once('?').map_or("", |(_, query)| query);
        let body: &[u8] = if request.method == "POST" { &request.body } else { b"" };
        let form = Form::read(query.as_bytes(), body, Charset::Utf8).ok()?;
        let told = |name: &str| form.get(name).unwrap_or_default().to_owned();
        Some(Self { token: told("token"), act: told("act"), wallet: told("wallet") })
    }
}

impl Tenant {
    /// Answers the browser of a buyer: the page of an order, or what a button did.
    pub(crate) fn visit_cashier(&self, request: &Request) -> (Reply, String) {
        let Some(visit) = Visit::read(request) else {
            return (page_reply(refusal("ILLEGAL_ARGUMENT")), "ILLEGAL_ARGUMENT".into());
        };
        let place = self.on_ledger(|ledger, now| ledger.find_offer(&visit.token, now));
        let Some(place) = place else {
            return (page_reply(refusal("TRADE_NOT_EXIST")), "TRADE_NOT_EXIST".into());
        };
        let acted = if request.method == "POST" { self.press(place, &visit) } else { Ok(()) };
        if let Err(code) = acted {
            return (page_reply(refusal(code)), code.into());
        }
        let goes = matches!(visit.act.as_str(), "pay" | "back") && request.method == "POST";
        if goes && let Some(url) = self.way_back(place) {
            let headers = vec![("location".to_owned(), url)];
            return (Reply { status: 302, headers, body: vec![] }, visit.act);
        }
        let said = self.on_ledger(|ledger, _| ledger.cashier_page(place));
        match said.what {
            What::Page(page) => (page_reply(page), visit.act),
            What::Rejected(_) | What::Accepted(_) | What::Text(_) => (Reply::none(), visit.act),
        }
    }

    fn press(&self, place: usize, visit: &Visit) -> Result<(), &'static str> {
        self.on_ledger(|ledger, now| match visit.act.as_str() {
            "login" => {
                let wallet = ledger.wallet_named(&visit.wallet).ok_or("BUYER_NOT_EXIST")?;
                ledger.take_up(wallet, &visit.token, now).1
            }
            "pay" => {
                let wallet = ledger.payments[place].wallet.ok_or("BUYER_NOT_EXIST")?;
                ledger.decide(place, wallet, Decision::Approve, now)
            }
            "leave" => {
                // The next one who comes logs in again; the order waits as before.
                if ledger.payments[place].state == State::Processing {
                    ledger.payments[place].wallet = None;
                }
                Ok(())
            }
            _ => Ok(()),
        })
    }

    /// The address to which the browser of a buyer goes back: none before the order is paid, or
    /// where the shop named no page.
    pub(crate) fn way_back(&self, place: usize) -> Option<String> {
        let (base, pairs, voice) = self.on_ledger(|ledger, now| {
            let pairs = ledger.way_back(place)?;
            ledger.send_held_notice(place, now);
            let order = ledger.payments[place].legacy.as_ref()?;
            Some((order.parameters.get("return_url")?.clone(), pairs, order.voice))
        })?;
        let mut form = self.signed_form(&pairs, voice, self.now())?;
        if self.strikes(Defect::LegReturnUnsigned) {
            let mut unsigned = Form::new(voice.charset);
            for (name, value) in form.iter().filter(|(name, _)| !name.starts_with("sign")) {
                unsigned.set(name, value);
            }
            form = unsigned;
        }
        let query = String::from_utf8(form.write().ok()?).ok()?;
        let joint = if base.contains('?') { '&' } else { '?' };
        Some(format!("{base}{joint}{query}"))
    }

    /// Opens an address in the browser of a wallet's owner: that of a call to the gateway, or of a
    /// page of the cashier. Answers the payment and what refused it.
    pub(crate) fn browse(
        &self,
        wallet: usize,
        url: &str,
    ) -> (Option<String>, Result<(), &'static str>) {
        let token = if let Some((_, query)) = url.split_once("/gateway.do?") {
            match self.visit_gateway(query) {
                Ok(token) => token,
                Err(code) => return (None, Err(code)),
            }
        } else {
            let query = url.split_once('?').map_or(url, |(_, query)| query);
            query.strip_prefix("token=").unwrap_or(query).to_owned()
        };
        self.on_ledger(|ledger, now| ledger.take_up(wallet, &token, now))
    }

    /// Visits the gateway as a browser does. Answers the token of the page that comes.
    fn visit_gateway(&self, query: &str) -> Result<String, &'static str> {
        let request = Request {
            method: "GET".into(),
            target: format!("/gateway.do?{query}"),
            headers: vec![],
            body: Vec::new().into(),
        };
        let (said, number) = self.browsed(&request);
        match said {
            Said { what: What::Page(_), .. } => {}
            Said { what: What::Rejected(_) | What::Accepted(_) | What::Text(_), .. } => {
                return Err("ORDER_NOT_EXIST");
            }
        }
        let token = self.on_ledger(|ledger, now| {
            let place = ledger.find(None, Some(&number), now)?;
            ledger.payments[place].offer.clone()
        });
        token.ok_or("ORDER_NOT_EXIST")
    }
}

impl Ledger {
    /// By a defect the news of a payment waits until the browser goes back.
    fn send_held_notice(&mut self, place: usize, now: clock::Millis) {
        let Some(order) = &mut self.payments[place].legacy else { return };
        let before = std::mem::replace(&mut order.browser, Browser::Back);
        if before == Browser::Awaited {
            self.tell_trade(place, super::Action::Paid, now);
        }
    }
}

fn page_reply(page: String) -> Reply {
    let headers = vec![("content-type".to_owned(), "text/html;charset=utf-8".to_owned())];
    Reply { status: 200, headers, body: page.into_bytes() }
}
