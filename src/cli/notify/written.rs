//! The notices of each kind, right ones and wrong ones.

use evidence::Blob;
use evidence::words::Place;
use protocol::legacy::Charset;
use protocol::sample::{News, NoticeSample};
use protocol::{Amount, DAY};
use steps::{NoticeKey, Receiver};

use super::How;

/// What notices are made of.
pub(super) struct Notices<'a> {
    pub(super) key: &'a NoticeKey,
    pub(super) receiver: &'a Receiver,
    pub(super) news: News,
    pub(super) account: &'a str,
    pub(super) about: Option<&'a str>,
    pub(super) amount: Amount,
    pub(super) mark: &'a str,
}

/// Why there is no notice.
pub(super) enum Fault {
    /// The generation does not tell such news.
    NoNews,
    /// It cannot be written or signed.
    Unsigned(Place),
}

impl From<Place> for Fault {
    fn from(why: Place) -> Self {
        Self::Unsigned(why)
    }
}

/// How a notice is written.
struct Style {
    now: i64,
    signed: bool,
    /// Whether it says that the result is open, as one that was sent before the result.
    open: bool,
}

impl Notices<'_> {
    /// The messages, in the order in which they are brought.
    pub(super) fn written(&self, how: How) -> Result<Vec<Blob>, Fault> {
        let now = clock::Clock::real().now();
        let style = Style { now, signed: true, open: false };
        Ok(match how {
            How::Genuine => vec![self.one(self.key, &style)?],
            How::Forged => vec![self.one(&self.key.stranger()?, &style)?],
            How::Unsigned => vec![self.one(self.key, &Style { signed: false, ..style })?],
            How::Duplicate => {
                let notice = self.one(self.key, &style)?;
                vec![notice.clone(), notice]
            }
            How::Reordered => {
                let older = Style { now: now - 5_000, open: true, ..style };
                vec![self.one(self.key, &style)?, self.one(self.key, &older)?]
            }
            How::Late => vec![self.one(self.key, &Style { now: now - DAY, ..style })?],
            How::Amount => {
                let minor = self.amount.minor.saturating_mul(100);
                let other = Notices { amount: Amount { minor, ..self.amount }, ..*self };
                vec![other.one(self.key, &style)?]
            }
            How::Order => {
                let nobodys = format!("NOBODYS{}", self.mark);
                vec![Notices { about: Some(&nobodys), ..*self }.one(self.key, &style)?]
            }
            How::Charset => vec![self.in_another_charset(&style)?],
        })
    }

    fn sample<'a>(&'a self, now: i64, about: &'a str) -> NoticeSample<'a> {
        NoticeSample { now, mark: self.mark, account: self.account, about, amount: self.amount }
    }

    /// The number that it is about, where nobody gave one.
    fn number(&self) -> String {
        let kind = match self.news {
            News::Payment => "PAY",
            News::Refund => "REFUND",
            News::Registration => "M",
        };
        self.about.map_or_else(|| format!("{kind}{}", self.mark), str::to_owned)
    }

    fn one(&self, key: &NoticeKey, style: &Style) -> Result<Blob, Fault> {
        let about = self.number();
        let sample = self.sample(style.now, &about);
        match key {
            NoticeKey::Ams { .. } => {
                let mut body = self.news.to_json(&sample);
                if style.open {
                    body["result"]["resultStatus"] = "U".into();
                    body["result"]["resultCode"] = "PAYMENT_IN_PROCESS".into();
                }
                let body = body.to_string().into_bytes();
                Ok(key.json(self.receiver, (style.now, "UTF-8"), body, style.signed)?)
            }
            NoticeKey::Legacy { .. } => {
                let mut parameters = self.news.parameters(&sample).ok_or(Fault::NoNews)?;
                if style.open {
                    for (name, value) in &mut parameters {
                        match name.as_str() {
                            "trade_status" => "WAIT_BUYER_PAY".clone_into(value),
                            "notify_action_type" => {
                                "createDirectPayTradeByBuyerAction".clone_into(value);
                            }
                            "notify_id" => value.push('0'),
                            _ => {}
                        }
                    }
                }
                Ok(key.form(self.receiver, &parameters, style.signed)?)
            }
        }
    }

    /// The newer generation in GBK, the older one in GBK, or in UTF-8 where it speaks GBK anyway.
    fn in_another_charset(&self, style: &Style) -> Result<Blob, Fault> {
        match self.key {
            NoticeKey::Ams { .. } => {
                let about = self.number();
                let mut body = self.news.to_json(&self.sample(style.now, &about));
                if body.get("result").is_some() {
                    body["result"]["resultMessage"] = "成功".into();
                }
                let text = body.to_string();
                let bytes = Charset::Gbk.encode(&text).map_or_else(
                    |_unmappable| text.as_bytes().to_vec(),
                    std::borrow::Cow::into_owned,
                );
                Ok(self.key.json(self.receiver, (style.now, "GBK"), bytes, style.signed)?)
            }
            NoticeKey::Legacy { charset, .. } => {
                let other = if *charset == Charset::Utf8 { Charset::Gbk } else { Charset::Utf8 };
                self.one(&self.key.written_in(other), style)
            }
        }
    }
}
