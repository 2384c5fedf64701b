//! Choices where the documents of the legacy generation disagree or are silent.

use clock::Millis;

use crate::switches::Put;

/// Choices where the documents of the legacy generation disagree or are silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own with two positions")]
pub struct LegacySwitches {
    /// L1: say `FAIL` and `UNKNOWN` in every service, as one client expects them.
    pub plain_words: bool,
    /// L2: which timestamps are taken.
    pub timestamps: Timestamps,
    /// L3: when a notice is sent again.
    pub repeats: Repeats,
    /// L4: how `success` has to be written.
    pub ack_word: AckWord,
    /// L5: what an order is called that nobody knows.
    pub unknown_order: UnknownOrder,
    /// L6: until when a paid order can be cancelled.
    pub late_cancel: LateCancel,
    /// L7: refuse the repeated pay of a paid order with `TRADE_HAS_SUCCESS`.
    pub repeat_refused: bool,
    /// L8: leave a fully refunded order as it was.
    pub refunded_stays: bool,
    /// L9: how a refund is refused.
    pub too_much: TooMuch,
    /// L10: in which charset is answered.
    pub charsets: Charsets,
    /// L11: sign empty values never, neither out nor in.
    pub empties_unsigned: bool,
    /// L12: sign refusals too, over `error=` and the code.
    pub signed_refusals: bool,
    /// L13: keep the hours of the night in which refunds run or rest.
    pub night_windows: bool,
    /// L14: how `gmt_return` has to be written.
    pub return_time: ReturnTime,
    /// L15: refuse a spot.pay that names no address for the notice.
    pub notify_url_required: bool,
    /// L16: leave everything out of the notices of shops that no page lists.
    pub bare_notices: bool,
    /// L17: demand `partner_trans_id` in a query.
    pub partner_trans_id_required: bool,
    /// L18: what files look like.
    pub files: Files,
    /// L19: which DSA signatures there are.
    pub dsa: DsaForm,
    /// L20: refuse RSA2 under keys of less than 2048 bits.
    pub rsa2_long_keys: bool,
    /// L21: refuse an order on a website without `trade_information`.
    pub trade_information_required: bool,
    /// L22: refuse the repeated call of a website's refund that was done.
    pub repeated_refund_fails: bool,
    /// L23: hold every product to the signature types of its page.
    pub sign_types_enforced: bool,
    /// L24: refuse a sale without store and secondary merchant.
    pub store_required: bool,
    /// L25: how registrations are reviewed.
    pub reviews: Reviews,
    /// L26: how long an unpaid barcode order stays open, in milliseconds; 3 minutes when `None`.
    pub barcode_life: Option<Millis>,
    /// L27: write what goes back with a minus.
    pub negative_refunds: bool,
    /// L28: take buyers' codes of any form.
    pub any_code: bool,
}

/// Which timestamps are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Timestamps {
    /// Date text and milliseconds, at most half an hour old.
    #[default]
    Either,
    /// The one that the page of the service has, at most half an hour old.
    PerService,
    /// Both, of any age.
    AnyAge,
}

/// When a notice is sent until it is acknowledged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Repeats {
    /// Eight times, as the page about notices says.
    #[default]
    Page,
    /// Eight times, as the help page says.
    Help,
    /// Eight times, as in the domestic generation.
    Domestic,
    /// Once.
    Once,
}

impl Repeats {
    /// Minutes before each sending.
    pub(crate) fn waits(self) -> &'static [Millis] {
        match self {
            Self::Page => &[0, 2, 10, 10, 60, 120, 360, 900],
            Self::Help => &[0, 4, 10, 15, 60, 120, 360, 900],
            Self::Domestic => &[0, 4, 10, 10, 60, 120, 360, 900],
            Self::Once => &[0],
        }
    }
}

/// How an acknowledgement has to be written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AckWord {
    /// In small letters or capitals, with white space around it.
    #[default]
    AnyCase,
    /// In small letters.
    Lower,
    /// In small letters, with nothing around it.
    Exact,
}

/// What an order is called that nobody knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UnknownOrder {
    /// `TRADE_NOT_EXIST`, as the pages about errors have it.
    #[default]
    TradeNotExist,
    /// `TRANS_NOT_FOUND`, as the page of the query has it.
    TransNotFound,
    /// `TRADE_IS_NOT_EXIST`, as it was seen somewhere.
    TradeIsNotExist,
}

impl UnknownOrder {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::TradeNotExist => "TRADE_NOT_EXIST",
            Self::TransNotFound => "TRANS_NOT_FOUND",
            Self::TradeIsNotExist => "TRADE_IS_NOT_EXIST",
        }
    }
}

/// Until when a paid order can be cancelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LateCancel {
    /// Until 00:15 in GMT+8 on the day after the payment.
    #[default]
    QuarterPast,
    /// Until midnight in GMT+8.
    Midnight,
    /// For 24 hours.
    Day,
}

/// How a refund is refused. Each position but the first differs from it in one thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TooMuch {
    /// `REFUND_AMT_RESTRICTION` in shops and `RETURN_AMOUNT_EXCEED` on websites; one year.
    #[default]
    PerProduct,
    /// `REFUND_AMT_RESTRICTION` everywhere.
    Restriction,
    /// `RETURN_AMOUNT_EXCEED` everywhere.
    Exceed,
    /// After 90 days.
    NinetyDays,
}

/// In which charset is answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Charsets {
    /// In the call's.
    #[default]
    AsAsked,
    /// In GBK, and declared so, whatever the call's is; signatures stay in the call's.
    Gbk,
}

/// How the time of a refund has to be written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReturnTime {
    /// In either form.
    #[default]
    Either,
    /// As `yyyy-MM-dd HH:mm:ss`.
    Dashed,
    /// In 14 digits.
    Digits,
}

/// How registrations of secondary merchants are reviewed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reviews {
    /// As the stage has planned it; five seconds and approved where it has planned nothing.
    #[default]
    AsPlanned,
    /// All are rejected, with a reason.
    Rejects,
    /// They never end.
    Stays,
}

/// What files look like. Each position but the first differs from it in one thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Files {
    /// No header row in files of websites, CRLF between lines and none at the end.
    #[default]
    Plain,
    /// A header row in the files of websites too.
    HeaderRow,
    /// LF between lines.
    LineFeeds,
    /// A line break at the end.
    TrailingBreak,
    /// Secondary merchant and store in the transaction files of shops.
    MoreColumns,
}

/// Which DSA signatures there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DsaForm {
    /// The gateway signs in DER.
    #[default]
    Der,
    /// The gateway signs with the two numbers side by side.
    Raw,
    /// None: the type is refused.
    Off,
}

/// Every position of every switch, the default first, as in the table of the newer generation.
pub(crate) const TABLE: &[(&str, &str, Put)] = &[
    ("L1", "per-service", |s, _| s.legacy.plain_words = false),
    ("L1", "FAIL-and-UNKNOWN", |s, _| s.legacy.plain_words = true),
    ("L2", "either", |s, _| s.legacy.timestamps = Timestamps::Either),
    ("L2", "per-service", |s, _| s.legacy.timestamps = Timestamps::PerService),
    ("L2", "any-age", |s, _| s.legacy.timestamps = Timestamps::AnyAge),
    ("L3", "page", |s, _| s.legacy.repeats = Repeats::Page),
    ("L3", "help-page", |s, _| s.legacy.repeats = Repeats::Help),
    ("L3", "domestic", |s, _| s.legacy.repeats = Repeats::Domestic),
    ("L3", "once", |s, _| s.legacy.repeats = Repeats::Once),
    ("L4", "any-case", |s, _| s.legacy.ack_word = AckWord::AnyCase),
    ("L4", "strict-lower", |s, _| s.legacy.ack_word = AckWord::Lower),
    ("L4", "exact", |s, _| s.legacy.ack_word = AckWord::Exact),
    ("L5", "TRADE_NOT_EXIST", |s, _| s.legacy.unknown_order = UnknownOrder::TradeNotExist),
    ("L5", "TRANS_NOT_FOUND", |s, _| s.legacy.unknown_order = UnknownOrder::TransNotFound),
    ("L5", "TRADE_IS_NOT_EXIST", |s, _| s.legacy.unknown_order = UnknownOrder::TradeIsNotExist),
    ("L6", "next-day-00:15", |s, _| s.legacy.late_cancel = LateCancel::QuarterPast),
    ("L6", "midnight", |s, _| s.legacy.late_cancel = LateCancel::Midnight),
    ("L6", "24h", |s, _| s.legacy.late_cancel = LateCancel::Day),
    ("L7", "same-answer", |s, _| s.legacy.repeat_refused = false),
    ("L7", "TRADE_HAS_SUCCESS", |s, _| s.legacy.repeat_refused = true),
    ("L8", "closed", |s, _| s.legacy.refunded_stays = false),
    ("L8", "stays", |s, _| s.legacy.refunded_stays = true),
    ("L9", "per-product", |s, _| s.legacy.too_much = TooMuch::PerProduct),
    ("L9", "REFUND_AMT_RESTRICTION", |s, _| s.legacy.too_much = TooMuch::Restriction),
    ("L9", "RETURN_AMOUNT_EXCEED", |s, _| s.legacy.too_much = TooMuch::Exceed),
    ("L9", "90-days", |s, _| s.legacy.too_much = TooMuch::NinetyDays),
    ("L10", "as-asked", |s, _| s.legacy.charsets = Charsets::AsAsked),
    ("L10", "GBK", |s, _| s.legacy.charsets = Charsets::Gbk),
    ("L11", "both", |s, _| s.legacy.empties_unsigned = false),
    ("L11", "without", |s, _| s.legacy.empties_unsigned = true),
    ("L12", "unsigned", |s, _| s.legacy.signed_refusals = false),
    ("L12", "signed", |s, _| s.legacy.signed_refusals = true),
    ("L13", "any-hour", |s, _| s.legacy.night_windows = false),
    ("L13", "night-windows", |s, _| s.legacy.night_windows = true),
    ("L14", "both", |s, _| s.legacy.return_time = ReturnTime::Either),
    ("L14", "dashed", |s, _| s.legacy.return_time = ReturnTime::Dashed),
    ("L14", "digits", |s, _| s.legacy.return_time = ReturnTime::Digits),
    ("L15", "optional", |s, _| s.legacy.notify_url_required = false),
    ("L15", "required", |s, _| s.legacy.notify_url_required = true),
    ("L16", "all", |s, _| s.legacy.bare_notices = false),
    ("L16", "official", |s, _| s.legacy.bare_notices = true),
    ("L17", "either", |s, _| s.legacy.partner_trans_id_required = false),
    ("L17", "partner_trans_id", |s, _| s.legacy.partner_trans_id_required = true),
    ("L18", "plain", |s, _| s.legacy.files = Files::Plain),
    ("L18", "header-row", |s, _| s.legacy.files = Files::HeaderRow),
    ("L18", "line-feeds", |s, _| s.legacy.files = Files::LineFeeds),
    ("L18", "trailing-break", |s, _| s.legacy.files = Files::TrailingBreak),
    ("L18", "more-columns", |s, _| s.legacy.files = Files::MoreColumns),
    ("L19", "der", |s, _| s.legacy.dsa = DsaForm::Der),
    ("L19", "raw", |s, _| s.legacy.dsa = DsaForm::Raw),
    ("L19", "off", |s, _| s.legacy.dsa = DsaForm::Off),
    ("L20", "any", |s, _| s.legacy.rsa2_long_keys = false),
    ("L20", "2048", |s, _| s.legacy.rsa2_long_keys = true),
    ("L21", "optional", |s, _| s.legacy.trade_information_required = false),
    ("L21", "required", |s, _| s.legacy.trade_information_required = true),
    ("L22", "same-answer", |s, _| s.legacy.repeated_refund_fails = false),
    ("L22", "refused", |s, _| s.legacy.repeated_refund_fails = true),
    ("L23", "any", |s, _| s.legacy.sign_types_enforced = false),
    ("L23", "enforced", |s, _| s.legacy.sign_types_enforced = true),
    ("L24", "optional", |s, _| s.legacy.store_required = false),
    ("L24", "required", |s, _| s.legacy.store_required = true),
    ("L25", "as-planned", |s, _| s.legacy.reviews = Reviews::AsPlanned),
    ("L25", "rejects", |s, _| s.legacy.reviews = Reviews::Rejects),
    ("L25", "stays", |s, _| s.legacy.reviews = Reviews::Stays),
    ("L26", "180", |s, _| s.legacy.barcode_life = None),
    ("L26", "<seconds>", |s, seconds| s.legacy.barcode_life = Some(seconds * 1_000)),
    ("L27", "positive", |s, _| s.legacy.negative_refunds = false),
    ("L27", "negative", |s, _| s.legacy.negative_refunds = true),
    ("L28", "checked", |s, _| s.legacy.any_code = false),
    ("L28", "any-form", |s, _| s.legacy.any_code = true),
];
