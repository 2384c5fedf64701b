//! Which fields are a buyer's, in either generation, and which are payment codes.
//!
//! The list is closed: what stands in no field of it is kept as it came. Data of the merchant and of
//! its secondary merchants is no buyer's and stays.

/// Payment codes. A code is also looked for wherever else it stands.
const CODES: [&str; 4] = [
    // The pay request of the newer generation: "M = scanned payment code".
    "paymentMethodId",
    // That of the older one: "16-24 digits".
    "buyer_identity_code",
    // As siblings of that call name it.
    "dynamic_id",
    "auth_code",
];

/// Who a buyer is.
const BUYERS: [&str; 56] = [
    // PspCustomerInfo, in answers and notices: "masked login id".
    "pspCustomerId",
    "displayCustomerId",
    // PaymentMethod, deprecated.
    "customerId",
    // The risk data of an order and its environment.
    "referenceBuyerId",
    "buyerId",
    "buyerName",
    "buyerPhoneNo",
    "buyerEmail",
    "shippingName",
    "shippingPhoneNo",
    "shipToEmail",
    "deviceTokenId",
    "clientIp",
    "cookieId",
    "userId",
    "userName",
    "userLoginId",
    "loginId",
    "firstName",
    "middleName",
    "lastName",
    "fullName",
    "phoneNo",
    "mobileNo",
    "email",
    // Cards.
    "cardNo",
    "cvv",
    "expiryYear",
    "expiryMonth",
    "cardholderName",
    "cardToken",
    "maskedCardNo",
    // Authorizations.
    "authState",
    "authCode",
    "accessToken",
    "refreshToken",
    // Customs.
    "buyerCertificate",
    "buyer_name",
    "buyer_id_no",
    // Answers and notices of the older generation.
    "alipay_buyer_login_id",
    "alipay_buyer_user_id",
    "buyer_email",
    "buyer_id",
    "buyer_login_id",
    "buyer_logon_id",
    "buyer_user_id",
    "buyer_account",
    "buyer_info",
    "buyer_phone",
    "buyer_mobile",
    "logon_id",
    "login_id",
    "user_id",
    "open_id",
    "receive_name",
    "receive_mobile",
];

/// Objects that are a buyer's as a whole.
const OBJECTS: [&str; 9] = [
    "buyer",
    "shipping",
    "shippingAddress",
    "billingAddress",
    "pspCustomerInfo",
    "paymentMethodMetaData",
    "cardInfo",
    "cardPaymentMethodDetail",
    "userInfo",
];

/// What names nobody, wherever it stands.
const NAMELESS: [&str; 4] = ["pspName", "currency", "value", "shippingFee"];

/// Header lines that tell who a buyer is, or let somebody act as another.
const HEADERS: [&str; 7] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "forwarded",
    "x-forwarded-for",
    "x-real-ip",
];

/// What a signature is called, in a head or in a form.
pub(super) const SIGNATURES: [&str; 2] = ["signature", "sign"];

/// What a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A payment code.
    Code,
    /// Something else of a buyer's.
    Buyer,
    /// What proves who wrote the message.
    Signature,
}

/// What is looked for in one pass over a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Codes and buyers' data.
    Buyers,
    /// Signatures.
    Signatures,
}

impl Wanted {
    /// What a field of a body or a query is, if it is looked for.
    pub(super) fn field(self, name: &str) -> Option<Kind> {
        match self {
            Self::Buyers if CODES.contains(&name) => Some(Kind::Code),
            Self::Buyers => {
                let known = BUYERS.contains(&name) || OBJECTS.contains(&name);
                known.then_some(Kind::Buyer)
            }
            Self::Signatures => SIGNATURES.contains(&name).then_some(Kind::Signature),
        }
    }

    /// Whether everything in an object of this name is looked for.
    pub(super) fn object(self, name: &str) -> bool {
        self == Self::Buyers && OBJECTS.contains(&name)
    }

    /// Whether a header line is looked for.
    pub(super) fn header(self, name: &str) -> Option<Kind> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match self {
            Self::Buyers => HEADERS.iter().any(|known| is(known)).then_some(Kind::Buyer),
            Self::Signatures => is(SIGNATURES[0]).then_some(Kind::Signature),
        }
    }
}

/// Whether a field in a buyer's object names nobody.
pub(super) fn is_nameless(name: &str) -> bool {
    NAMELESS.contains(&name)
}
