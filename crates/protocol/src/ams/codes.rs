//! The documented result codes of the calls.

use super::Status;

/// A result code.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// The code in capitals.
    pub name: &'static str,
    /// The status it comes with.
    pub status: Status,
    /// What it means, in a few words.
    pub meaning: &'static str,
}

/// Looks a code up.
pub fn known_code(name: &str) -> Option<&'static Code> {
    KNOWN_CODES.iter().find(|code| code.name == name)
}

macro_rules! codes {
    ($($name:ident $status:ident $meaning:literal;)*) => {
        /// Every code that the pages of these calls print.
        pub static KNOWN_CODES: &[Code] = &[$(Code {
            name: stringify!($name),
            status: Status::$status,
            meaning: $meaning,
        }),*];
    };
}

codes! {
    SUCCESS S "success";
    PARAM_ILLEGAL F "a parameter is missing or ill-formed";
    PROCESS_FAIL F "general business failure";
    SYSTEM_ERROR F "system error";
    ACCESS_DENIED F "access denied";
    INVALID_API F "the API is not valid or not active";
    INVALID_CLIENT F "the client id is unknown";
    CLIENT_INVALID F "the client id is unknown";
    INVALID_SIGNATURE F "the signature is not valid";
    SIGNATURE_INVALID F "the signature is not valid";
    NO_INTERFACE_DEF F "the API is not defined";
    METHOD_NOT_SUPPORTED F "the HTTP method is not supported";
    MEDIA_TYPE_NOT_ACCEPTABLE F "the media type is not accepted";
    OAUTH_FAIL F "the token flow failed";
    OAUTH_FAILED F "the token flow failed";
    SERVICE_NOT_ALLOWED F "the service is not allowed";
    REQUEST_TRAFFIC_EXCEED_LIMIT U "too many requests";
    UNKNOWN_EXCEPTION U "unknown failure";
    REPEAT_REQ_INCONSISTENT F "the id was used before with other values";
    INVALID_CONTRACT F "the contract does not fit";
    INVALID_MERCHANT_STATUS F "the merchant is restricted";
    CURRENCY_NOT_SUPPORT F "the currency is not supported";
    KEY_NOT_FOUND F "a key is missing";
    EXPIRED_CODE F "the payment code has expired";
    INVALID_PAYMENT_CODE F "the payment code cannot be accepted";
    FRAUD_REJECT F "refused by risk control";
    RISK_REJECT F "refused by risk control";
    INVALID_ACCESS_TOKEN F "the access token is not valid";
    INVALID_PAYMENT_METHOD_META_DATA F "the payment method's data is wrong";
    ORDER_IS_CANCELED F "the id belongs to a cancelled payment";
    ORDER_IS_CLOSED F "the id belongs to a closed payment";
    ORDER_NOT_EXIST F "no such order";
    PAYMENT_NOT_EXIST F "no such payment";
    NO_PAY_OPTIONS F "no usable payment option";
    NO_PAY_OPTION F "no usable payment option";
    USER_NOT_EXIST F "no such user";
    USER_BALANCE_NOT_ENOUGH F "the balance is too low";
    USER_AMOUNT_EXCEED_LIMIT F "over the user's limit";
    PAYMENT_AMOUNT_EXCEED_LIMIT F "over the limit of a single payment";
    PAYMENT_COUNT_EXCEED_LIMIT F "too many payments";
    USER_STATUS_ABNORMAL F "the user is blocked";
    USER_KYC_NOT_QUALIFIED F "the user is not identified well enough";
    USER_PAYMENT_VERIFICATION_FAILED F "the user's password or code was wrong";
    VERIFY_TIMES_EXCEED_LIMIT F "too many wrong passwords";
    ORDER_STATUS_INVALID F "the state of the order does not allow it";
    MERCHANT_KYB_NOT_QUALIFIED F "the merchant is not identified well enough";
    SETTLE_CONTRACT_NOT_MATCH F "no settlement contract fits";
    PAYMENT_IN_PROCESS U "the payment is being processed";
    CANCEL_WINDOW_EXCEED F "too late to cancel, refund instead";
    PAYMENT_METHOD_NOT_SUPPORTED F "the payment method is not supported";
    REFUND_IN_PROCESS U "the refund is being processed";
    REFUND_AMOUNT_EXCEED F "more than is left of the payment";
    REFUND_WINDOW_EXCEED F "too late to refund";
    REPEAT_REGISTRATION F "the secondary merchant is registered already";
    RECORD_NOT_FOUND F "nothing is registered under that name";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::KNOWN_CODES;

    #[test]
    fn every_code_stands_once() {
        let names: BTreeSet<_> = KNOWN_CODES.iter().map(|code| code.name).collect();
        assert_eq!(names.len(), KNOWN_CODES.len());
    }
}
