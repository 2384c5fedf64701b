//! What stands in the calls.

use protocol::legacy::Form;
use protocol::{Amount, GMT8};
use serde_json::{Value, json};

use crate::cashier::Device;
use crate::defect::Defect;
use crate::driver::{Charge, Present};
use crate::legacy::moments::{date_text, digits};
use crate::legacy::website::{LIFE_TEXT, product_code};
use crate::order::Ticket;
use crate::reference::Reference;
use crate::registrar::Seller;
use crate::slip::RefundTicket;

impl Reference {
    /// `alipay.acquire.overseas.spot.pay` of a scanned code.
    pub(super) fn pay_form(
        &self,
        ticket: &Ticket,
        charge: &Charge,
        seller: &Seller,
        created: i64,
    ) -> Form {
        let mut form = self.form("alipay.acquire.overseas.spot.pay");
        if self.setup.habits.barcode_notices {
            form.set("notify_url", self.setup.notify_url.clone());
        }
        form.set("alipay_seller_id", self.legacy().map_or("", |party| party.partner));
        form.set("trans_name", charge.text.clone());
        form.set("partner_trans_id", ticket.request_id.clone());
        form.set("currency", ticket.bill.currency.code());
        form.set("trans_amount", self.amount_text(ticket.bill));
        form.set("buyer_identity_code", self.buyer_code(&charge.code));
        form.set("identity_code_type", "barcode");
        form.set("trans_create_time", digits(created));
        form.set("biz_product", "OVERSEAS_MBARCODE_PAY");
        form.set("extend_info", self.extension(seller));
        form.set("trade_information", goods(&charge.text));
        // Nobody wrote a memo. Official clients send such an empty value as well.
        form.set("memo", "");
        form
    }

    /// `alipay.acquire.precreate` of a code that the buyer scans.
    pub(super) fn precreate_form(
        &self,
        ticket: &Ticket,
        present: &Present,
        seller: &Seller,
    ) -> Form {
        let mut form = self.form("alipay.acquire.precreate");
        form.set("notify_url", self.setup.notify_url.clone());
        let now = self.clock.now();
        let first = self.books.first_asked(&ticket.order, now);
        if first != now && self.switch.strikes(Defect::LegTimestampKept) {
            form.set("timestamp", date_text(first));
        } else {
            form.set("timestamp", self.timestamp());
        }
        form.set("out_trade_no", ticket.request_id.clone());
        form.set("subject", present.text.clone());
        form.set("product_code", "OVERSEAS_MBARCODE_PAY");
        form.set("total_fee", self.amount_text(ticket.bill));
        form.set("currency", ticket.bill.currency.code());
        form.set("trans_currency", ticket.bill.currency.code());
        form.set("extend_params", self.extension(seller));
        form.set("trade_information", goods(&present.text));
        // Official clients send such an empty value as well.
        form.set("body", "");
        form
    }

    /// `create_forex_trade`, which the buyer's browser sends.
    pub(super) fn trade_form(
        &self,
        ticket: &Ticket,
        present: &Present,
        seller: &Seller,
        device: Device,
    ) -> Form {
        let mut form = self.form(match device {
            Device::Web | Device::App => "create_forex_trade",
            Device::Wap => "create_forex_trade_wap",
        });
        form.set("notify_url", self.setup.notify_url.clone());
        form.set("return_url", self.setup.return_url.clone());
        // Special characters are not allowed in the subject, so the text stands in the body.
        form.set("subject", format!("Order {}", ticket.order));
        form.set("body", present.text.clone());
        form.set("out_trade_no", ticket.request_id.clone());
        form.set("currency", ticket.bill.currency.code());
        form.set("total_fee", self.amount_text(ticket.bill));
        form.set("timeout_rule", LIFE_TEXT);
        form.set("secondary_merchant_id", seller.merchant_id.clone());
        form.set("secondary_merchant_name", seller.name.clone());
        form.set("secondary_merchant_industry", seller.mcc.clone());
        form.set("refer_url", site_of(&self.setup.return_url));
        form.set("product_code", product_code(device));
        form.set("trade_information", goods(&present.text));
        // Official clients send such an empty value as well.
        form.set("supplier", "");
        form
    }

    /// `single_trade_query`.
    pub(super) fn trade_query_form(&self, ticket: &Ticket) -> Form {
        let mut form = self.form("single_trade_query");
        form.set("out_trade_no", ticket.request_id.clone());
        form
    }

    /// `forex_refund` of a payment made with a device.
    pub(super) fn forex_refund_form(&self, ticket: &RefundTicket, device: Device) -> Form {
        let mut form = self.form("forex_refund");
        let cny = self.switch.strikes(Defect::LegForexCny);
        let currency = if cny { "CNY" } else { ticket.amount.currency.code() };
        form.set("notify_url", self.setup.notify_url.clone());
        form.set("out_return_no", self.refund_number(ticket));
        form.set("out_trade_no", ticket.payment_request_id.clone());
        form.set("return_amount", self.amount_text(ticket.amount));
        form.set("currency", currency);
        form.set("gmt_return", date_text(ticket.asked_at));
        form.set("reason", ticket.reason.clone());
        form.set("product_code", product_code(device));
        form
    }

    /// The present moment, in Beijing.
    pub(super) fn timestamp(&self) -> String {
        let now = self.clock.now();
        if self.switch.strikes(Defect::LegUtcTimestamp) {
            return date_text(now - GMT8);
        }
        date_text(now)
    }

    /// `alipay.acquire.overseas.query`.
    pub(super) fn query_form(&self, ticket: &Ticket) -> Form {
        let mut form = self.form("alipay.acquire.overseas.query");
        form.set("partner_trans_id", ticket.request_id.clone());
        form
    }

    /// `alipay.acquire.cancel`.
    pub(crate) fn cancel_form(&self, ticket: &Ticket) -> Form {
        let mut form = self.form("alipay.acquire.cancel");
        form.set("timestamp", self.timestamp());
        form.set("out_trade_no", ticket.request_id.clone());
        form
    }

    /// `alipay.acquire.overseas.spot.refund`.
    pub(super) fn refund_form(&self, ticket: &RefundTicket) -> Form {
        let mut form = self.form("alipay.acquire.overseas.spot.refund");
        form.set("partner_trans_id", ticket.payment_request_id.clone());
        form.set("partner_refund_id", self.refund_number(ticket));
        form.set("refund_amount", self.amount_text(ticket.amount));
        form.set("currency", ticket.amount.currency.code());
        form.set("refund_reason", ticket.reason.clone());
        if self.setup.habits.async_refunds {
            form.set("notify_url", self.setup.notify_url.clone());
            form.set("is_sync", "N");
        } else {
            form.set("is_sync", "Y");
        }
        form
    }

    /// `alipay.acquire.refund.query`.
    pub(super) fn refund_query_form(&self, ticket: &RefundTicket) -> Form {
        let mut form = self.form("alipay.acquire.refund.query");
        form.set("out_trade_no", ticket.payment_request_id.clone());
        form.set("out_return_no", self.refund_number(ticket));
        form
    }

    /// The number of a refund as it is sent.
    pub(super) fn refund_number(&self, ticket: &RefundTicket) -> String {
        if self.switch.strikes(Defect::LegRefundIdIsOrder) {
            return ticket.payment_request_id.clone();
        }
        ticket.request_id.clone()
    }

    /// An amount in major units: "JPY, KRW integers", two decimals otherwise.
    pub(super) fn amount_text(&self, amount: Amount) -> String {
        let whole = amount.currency.exponent() == 0;
        if whole && self.switch.strikes(Defect::LegWholeDecimals) {
            return format!("{}.00", amount.to_major());
        }
        amount.to_major()
    }

    /// Who sells where, as JSON.
    pub(super) fn extension(&self, seller: &Seller) -> String {
        let mut names = json!({
            "secondary_merchant_id": seller.merchant_id,
            "secondary_merchant_name": seller.name,
            "secondary_merchant_industry": seller.mcc,
            "store_id": seller.store_id,
            "store_name": seller.store.name,
            "terminal_id": seller.store.terminal,
        });
        let first = self.own_sellers().into_iter().next();
        if let Some(first) = first.filter(|first| first.store_id != seller.store_id)
            && self.switch.strikes(Defect::LegFixedStore)
        {
            names["store_id"] = json!(first.store_id);
        }
        for (defect, name) in [
            (Defect::LegNoSecondaryMerchant, "secondary_merchant_id"),
            (Defect::LegNoStore, "store_id"),
        ] {
            if let Some(names) = names.as_object_mut()
                && self.switch.strikes(defect)
            {
                names.remove(name);
            }
        }
        slashed(&names)
    }

    /// The code as the scanner read it.
    fn buyer_code(&self, scanned: &str) -> String {
        match scanned.get(..18) {
            Some(cut) if cut != scanned && self.switch.strikes(Defect::LegCodeCut) => {
                cut.to_owned()
            }
            Some(_) | None => scanned.to_owned(),
        }
    }
}

/// The site that a page belongs to.
fn site_of(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find('/').map_or(url.len(), |at| host + at);
    format!("{}/", &url[..end])
}

/// What is sold, as `trade_information` has it for goods: `name^qty` items between bars.
pub(super) fn goods(text: &str) -> String {
    let name = text.trim().replace(['^', '|'], " ");
    let goods = json!({
        "business_type": "4",
        "goods_info": format!("{name}^1"),
        "total_quantity": "1",
    });
    slashed(&goods)
}

/// JSON as most libraries of the time write it: with its slashes escaped.
pub(super) fn slashed(value: &Value) -> String {
    value.to_string().replace('/', "\\/")
}
