//! The words that fill places in the sentences about the older generation's files.

use crate::parameters::words;

words! {
    /// What the runner makes of a file before it is delivered.
    FileForm "file-form" "lacks its last row|is headed with another day|is headed with another partner|has no byte in it|lacks a payment and has one over the same amount that nobody knows|has a payment as a refund|comes in UTF-8|comes in UTF-8 with a byte-order mark|comes in GBK|has lines that end with LF|ends with a line break|names its columns in its first line" {
        LastRowLost = "lacks its last row",
        OtherDay = "is headed with another day",
        OtherPartner = "is headed with another partner",
        Empty = "has no byte in it",
        Swapped = "lacks a payment and has one over the same amount that nobody knows",
        AsRefund = "has a payment as a refund",
        Utf8 = "comes in UTF-8",
        Mark = "comes in UTF-8 with a byte-order mark",
        Gbk = "comes in GBK",
        LineFeeds = "has lines that end with LF",
        TrailingBreak = "ends with a line break",
        NamedColumns = "names its columns in its first line",
    }
}

words! {
    /// How files of a website come to the merchant.
    Coming "coming-of-files" "by download|by delivery" {
        Download = "by download", Delivery = "by delivery",
    }
}

words! {
    /// What comes in the place of a file.
    FileText "file-text" "Over 10 days to Date period|Over limit balance amount record|System exception|No balance account data in the period|No balance amount data in the period|Finish date not ahead of today|Finish date ahead of begin date|Illegal Date period!|Date format incorrect YYYYMMDD|Internet connected exception ,please try later|is_success=F, ILLEGAL_PARTNER" {
        OverTenDays = "Over 10 days to Date period",
        OverLimit = "Over limit balance amount record",
        SystemException = "System exception",
        NoAccountRecord = "No balance account data in the period",
        NoAmountRecord = "No balance amount data in the period",
        NotAheadOfToday = "Finish date not ahead of today",
        AheadOfBegin = "Finish date ahead of begin date",
        IllegalPeriod = "Illegal Date period!",
        WrongFormat = "Date format incorrect YYYYMMDD",
        NotConnected = "Internet connected exception ,please try later",
        IllegalPartner = "is_success=F, ILLEGAL_PARTNER",
    }
}

impl FileText {
    /// Whether it says that there is nothing to report.
    pub(super) fn is_nothing(self) -> bool {
        matches!(self, Self::NoAccountRecord | Self::NoAmountRecord)
    }

    /// Whether the same question may be answered later.
    pub(super) fn may_pass(self) -> bool {
        matches!(self, Self::SystemException | Self::NotConnected)
    }

    /// What a merchant tells of it.
    pub(super) fn told(self) -> String {
        if self == Self::IllegalPartner {
            return "ILLEGAL_PARTNER".to_owned();
        }
        self.to_string()
    }
}
