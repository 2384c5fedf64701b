//! The numbers that the merchant makes up for payments and refunds.

/// The slip of a refund that stands for a cancel which came too late.
pub(crate) const CANCEL_SLIP: &str = "cancel";

/// How numbers are made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// By the order alone.
    Ams,
    /// Of payments by the order, of refunds by the slip.
    Legacy,
}

impl Naming {
    /// The number of an order's payment, counted from 1.
    pub(crate) fn payment(self, order: &str, nth: usize) -> String {
        match self {
            Self::Ams => format!("{order}-{nth}"),
            Self::Legacy => format!("{order}-p{nth}"),
        }
    }

    /// The number of the refund that an order's slip stands for, counted from 1.
    pub(crate) fn refund(self, order: &str, slip: &str, nth: usize) -> String {
        match self {
            Self::Ams => format!("{order}-R{nth}"),
            Self::Legacy if slip == CANCEL_SLIP => format!("{order}-r{nth}"),
            Self::Legacy => format!("{slip}-r{nth}"),
        }
    }

    /// Whether a refund has to name the payment by the gateway's own id.
    pub(crate) fn needs_payment_id(self) -> bool {
        match self {
            Self::Ams => true,
            Self::Legacy => false,
        }
    }
}
