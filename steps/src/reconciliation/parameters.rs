//! The words that fill places in the sentences of this suite.

use protocol::ams::reconciliation::FileKind;

use crate::parameters::words;

words! {
    /// What the merchant compares with its books.
    Compared "compared" "transactions|settlement items|settlement summary" {
        Transactions = "transactions",
        Items = "settlement items",
        Summary = "settlement summary",
    }
}

impl Compared {
    pub(crate) fn kind(self) -> FileKind {
        match self {
            Self::Transactions => FileKind::TransactionItems,
            Self::Items => FileKind::SettlementItems,
            Self::Summary => FileKind::SettlementSummary,
        }
    }
}

words! {
    /// When the report of a day comes to lie where the merchant fetches.
    Arrival "arrival" "is there when it is fetched|is not there before noon|is there without its end at first" {
        There = "is there when it is fetched",
        AtNoon = "is not there before noon",
        Unfinished = "is there without its end at first",
    }
}

words! {
    /// What the runner does to a clean report before it is delivered.
    Alteration "alteration" "arrives as the gateway wrote it|begins with a byte-order mark|has lines that end with CR and LF|has no line break behind its end|has a comma at the end of a row|has a description with a comma and quotation marks|is cut inside a row|is cut behind a row, without its end|has a row behind its end|lacks a payment|has a payment that nobody knows|has a payment of the cancelled order|has a yen amount off by 1|has a dollar amount off by 0.01|has one dollar amount 0.01 up and another 0.01 down|has a payment twice|has a payment in another currency|has a refund without its minus|has a fee off by 0.01|has a net amount off by 0.01|has a count off by one|has a total off by 0.01|names another batch" {
        Nothing = "arrives as the gateway wrote it",
        ByteOrderMark = "begins with a byte-order mark",
        CarriageReturns = "has lines that end with CR and LF",
        NoFinalBreak = "has no line break behind its end",
        StrayComma = "has a comma at the end of a row",
        Quoted = "has a description with a comma and quotation marks",
        CutInRow = "is cut inside a row",
        CutBehindRow = "is cut behind a row, without its end",
        RowBehindEnd = "has a row behind its end",
        LacksPayment = "lacks a payment",
        Unknown = "has a payment that nobody knows",
        Cancelled = "has a payment of the cancelled order",
        YenOff = "has a yen amount off by 1",
        CentOff = "has a dollar amount off by 0.01",
        Balanced = "has one dollar amount 0.01 up and another 0.01 down",
        Twice = "has a payment twice",
        OtherCurrency = "has a payment in another currency",
        NoMinus = "has a refund without its minus",
        FeeOff = "has a fee off by 0.01",
        NetOff = "has a net amount off by 0.01",
        CountOff = "has a count off by one",
        TotalOff = "has a total off by 0.01",
        OtherBatch = "names another batch",
    }
}
