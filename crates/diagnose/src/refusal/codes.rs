//! Result codes of both generations, by what the documents say is to be done.

use evidence::Party;
use evidence::words::{
    ACTION_AGAIN, ACTION_API, ACTION_BUYER, ACTION_CHARSET, ACTION_CLIENT, ACTION_CODE,
    ACTION_CONTRACT, ACTION_INQUIRE, ACTION_METHOD, ACTION_NEW_ID, ACTION_NO_RETRY,
    ACTION_NOT_FOUND, ACTION_PAID, ACTION_PARAMETER, ACTION_PUBLIC_KEY, ACTION_REFUND_AMOUNT,
    ACTION_REFUND_INSTEAD, ACTION_REFUND_LATE, ACTION_REUSED, ACTION_RISK, ACTION_SIGN,
    ACTION_STATE, ACTION_UNKNOWN, Sentence,
};
use protocol::Generation;

/// What is to be done about a code.
pub(super) struct Advice {
    pub(super) does: &'static Sentence,
    pub(super) fault: Party,
    /// Whether a field of the call is to blame.
    pub(super) parameters: bool,
    /// Whether an id was used before.
    pub(super) reused: bool,
}

/// The codes, in the order of the documents.
const MERCHANT: &[(&[&str], &Sentence)] = &[
    (
        &[
            "PARAM_ILLEGAL",
            "INVALID_PARAMETER",
            "ILLEGAL_ARGUMENT",
            "INVALID_PAYMENT_METHOD_META_DATA",
        ],
        &ACTION_PARAMETER,
    ),
    (
        &["INVALID_SIGNATURE", "SIGNATURE_INVALID", "ILLEGAL_SIGN", "ILLEGAL_SIGN_TYPE"],
        &ACTION_SIGN,
    ),
    (&["INVALID_CLIENT", "CLIENT_INVALID", "ILLEGAL_PARTNER", "PARTNER_ERROR"], &ACTION_CLIENT),
    (&["HAS_NO_PUBLICKEY", "KEY_NOT_FOUND"], &ACTION_PUBLIC_KEY),
    (&["ILLEGAL_CHARSET", "ILLEGAL_ENCODING"], &ACTION_CHARSET),
    (&["INVALID_API", "NO_INTERFACE_DEF", "ILLEGAL_SERVICE"], &ACTION_API),
    (&["METHOD_NOT_SUPPORTED", "MEDIA_TYPE_NOT_ACCEPTABLE"], &ACTION_METHOD),
    (&["REPEAT_REQ_INCONSISTENT", "CONTEXT_INCONSISTENT", "TRADE_BUYER_NOT_MATCH"], &ACTION_REUSED),
    (&["ORDER_IS_CANCELED", "ORDER_IS_CLOSED", "TRADE_HAS_CLOSE"], &ACTION_NEW_ID),
    (&["TRADE_HAS_SUCCESS"], &ACTION_PAID),
    (
        &[
            "ORDER_NOT_EXIST",
            "PAYMENT_NOT_EXIST",
            "TRADE_NOT_EXIST",
            "PURCHASE_TRADE_NOT_EXIST",
            "TRANS_NOT_FOUND",
            "RECORD_NOT_FOUND",
        ],
        &ACTION_NOT_FOUND,
    ),
    (&["ORDER_STATUS_INVALID", "TRADE_STATUS_ERROR", "REASON_TRADE_BEEN_FREEZEN"], &ACTION_STATE),
    (&["CANCEL_WINDOW_EXCEED"], &ACTION_REFUND_INSTEAD),
    (
        &["REFUND_AMOUNT_EXCEED", "RETURN_AMOUNT_EXCEED", "REFUND_AMT_RESTRICTION"],
        &ACTION_REFUND_AMOUNT,
    ),
    (&["REFUND_WINDOW_EXCEED"], &ACTION_REFUND_LATE),
    (
        &[
            "ACCESS_DENIED",
            "SERVICE_NOT_ALLOWED",
            "INVALID_CONTRACT",
            "INVALID_MERCHANT_STATUS",
            "CURRENCY_NOT_SUPPORT",
            "SETTLE_CONTRACT_NOT_MATCH",
            "NO_PAY_OPTIONS",
            "NO_PAY_OPTION",
            "ILLEGAL_PARTNER_EXTERFACE",
            "ILLEGAL_EXTERFACE",
            "HAS_NO_PRIVILEGE",
            "EXTERFACE_IS_CLOSED",
            "ACCESS_FORBIDDEN",
            "AGREEMENT_NOT_EXIST",
            "OAUTH_FAIL",
            "OAUTH_FAILED",
            "INVALID_ACCESS_TOKEN",
            "MERCHANT_KYB_NOT_QUALIFIED",
        ],
        &ACTION_CONTRACT,
    ),
];

/// Those that are nobody's mistake: of the buyer, of chance, or of the gateway.
const OTHERS: &[(&[&str], &Sentence)] = &[
    (
        &["EXPIRED_CODE", "INVALID_PAYMENT_CODE", "BUYER_NOT_EXIST", "SOUNDWAVE_PARSER_FAIL"],
        &ACTION_CODE,
    ),
    (
        &[
            "USER_NOT_EXIST",
            "USER_BALANCE_NOT_ENOUGH",
            "USER_AMOUNT_EXCEED_LIMIT",
            "PAYMENT_AMOUNT_EXCEED_LIMIT",
            "PAYMENT_COUNT_EXCEED_LIMIT",
            "USER_STATUS_ABNORMAL",
            "USER_KYC_NOT_QUALIFIED",
            "USER_PAYMENT_VERIFICATION_FAILED",
            "VERIFY_TIMES_EXCEED_LIMIT",
            "PAYMENT_METHOD_NOT_SUPPORTED",
            "BUYER_ENABLE_STATUS_FORBID",
            "BUYER_BALANCE_NOT_ENOUGH",
            "BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
            "BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR",
            "BEYOND_PAY_RESTRICTION",
            "TOTAL_FEE_EXCEED",
            "REQUEST_AMOUNT_EXCEED",
        ],
        &ACTION_BUYER,
    ),
    (&["FRAUD_REJECT", "RISK_REJECT"], &ACTION_RISK),
    (&["UNKNOWN_EXCEPTION", "PAYMENT_IN_PROCESS", "REFUND_IN_PROCESS"], &ACTION_INQUIRE),
    (&["REQUEST_TRAFFIC_EXCEED_LIMIT"], &ACTION_AGAIN),
    (&["PROCESS_FAIL"], &ACTION_NO_RETRY),
];

/// What the documents say is to be done about a code.
pub(super) fn advice(generation: Generation, code: &str) -> Advice {
    let of = |table: &[(&[&str], &'static Sentence)]| {
        table.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, does)| *does)
    };
    let (does, fault) = match (of(MERCHANT), of(OTHERS)) {
        (Some(does), _) => (does, Party::Merchant),
        (None, Some(does)) => (does, Party::Environment),
        // The same name is final in one generation, and uncertain in the other.
        (None, None) if code == "SYSTEM_ERROR" => match generation {
            Generation::Ams => (&ACTION_NO_RETRY, Party::Gateway),
            Generation::Legacy => (&ACTION_INQUIRE, Party::Gateway),
        },
        (None, None) => (&ACTION_UNKNOWN, Party::Environment),
    };
    let is = |sentence: &Sentence| sentence.key == does.key;
    Advice { does, fault, parameters: is(&ACTION_PARAMETER), reused: is(&ACTION_REUSED) }
}

#[cfg(test)]
mod tests {
    use protocol::ams::KNOWN_CODES;

    use super::*;

    #[test]
    fn every_documented_code_but_success_has_its_action() {
        for code in KNOWN_CODES.iter().filter(|code| code.name != "SUCCESS") {
            let does = advice(Generation::Ams, code.name).does;
            let rest = ["REPEAT_REGISTRATION"].contains(&code.name);
            assert!(rest || does.key != ACTION_UNKNOWN.key, "{}", code.name);
        }
    }
}
