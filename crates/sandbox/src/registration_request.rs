//! Reading the body of registration: what is missing or ill-formed is refused.
//!
//! The pages name fields, lengths and "a list" for each enumeration, but print few of the lists.
//! Those here hold the values that samples and official clients use.

use protocol::Fields;
use protocol::ams::IN_STORE_PRODUCT;
use serde_json::Value;

use crate::defect::{Defect, Defects};
use crate::notification::Address;

/// The products that a merchant may be registered for.
const PRODUCTS: [&str; 3] = [IN_STORE_PRODUCT, "CASHIER_PAYMENT", "AGREEMENT_PAYMENT"];
const CONTACTS: [&str; 3] = ["EMAIL", "PHONE_NO", "COMMUNICATION_ADDRESS"];
const WEBSITES: [&str; 2] = ["COMPANY_INTRODUCE", "TRADING"];
const BUSINESSES: [&str; 3] = ["ENTERPRISE", "INDIVIDUAL", "SOLE_PROPRIETORSHIP"];
const NUMBERS: [&str; 3] =
    ["ENTERPRISE_REGISTRATION_NO", "BUSINESS_REGISTRATION_NO", "INDEPENDENT_CONTRACTOR_LICENSE_NO"];
const ATTACHMENTS: [&str; 4] =
    ["BUSINESS_LICENSE", "IDENTITY_PROOF", "ARTICLES_OF_ASSOCIATION", "LOGO"];

/// The body of registration, read.
#[derive(Debug)]
pub(crate) struct RegistrationRequest {
    pub(crate) request_id: String,
    pub(crate) merchant: String,
    pub(crate) store: Option<String>,
    pub(crate) notify_url: Option<String>,
    pub(crate) pass_through: Option<String>,
    pub(crate) told: Told,
}

/// What a registration says about the secondary merchant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) merchant_info: Value,
    pub(crate) store_info: Value,
    pub(crate) product_codes: Value,
}

impl RegistrationRequest {
    /// Reads a body. The error says what was expected.
    pub(crate) fn read(fields: &Fields, defects: &Defects) -> Result<Self, String> {
        if let Err(expected) = proved(fields)
            && !defects.strikes(Defect::RegUnvalidated)
        {
            return Err(expected);
        }
        let text = |path: &str| fields.text(path);
        let value = |name: &str| fields.at(name).cloned().unwrap_or_default();
        Ok(Self {
            request_id: text("registrationRequestId").unwrap_or_default(),
            merchant: text("merchantInfo.referenceMerchantId").unwrap_or_default(),
            store: text("storeInfo.referenceStoreId"),
            notify_url: text("registrationNotifyURL"),
            pass_through: text("passThroughInfo"),
            told: Told {
                merchant_info: value("merchantInfo"),
                store_info: value("storeInfo"),
                product_codes: value("productCodes"),
            },
        })
    }
}

/// Every rule of the fields, in their order.
fn proved(fields: &Fields) -> Result<(), String> {
    required(fields, "registrationRequestId", 64)?;
    url(fields, "registrationNotifyURL")?;
    at_most(fields, "passThroughInfo", 2048)?;
    let products = list(fields, "productCodes")?;
    if products == 0 {
        return Err("productCodes is required".into());
    }
    for place in 0..products {
        one_of(fields, &format!("productCodes.{place}"), &PRODUCTS)?;
    }
    object(fields, "merchantInfo")?;
    required(fields, "merchantInfo.referenceMerchantId", 64)?;
    required(fields, "merchantInfo.merchantDisplayName", 256)?;
    four_digits(fields, "merchantInfo.merchantMCC")?;
    for place in 0..list(fields, "merchantInfo.websites")? {
        let site = format!("merchantInfo.websites.{place}");
        required(fields, &format!("{site}.url"), 2048)?;
        url(fields, &format!("{site}.url"))?;
        one_of(fields, &format!("{site}.type"), &WEBSITES)?;
    }
    registration_detail(fields)?;
    let in_store = (0..products).any(|place| {
        fields.text(&format!("productCodes.{place}")).as_deref() == Some(IN_STORE_PRODUCT)
    });
    if in_store { store_info(fields) } else { Ok(()) }
}

fn registration_detail(fields: &Fields) -> Result<(), String> {
    let detail = "merchantInfo.registrationDetail";
    object(fields, detail)?;
    required(fields, &format!("{detail}.legalName"), 256)?;
    one_of(fields, &format!("{detail}.registrationType"), &NUMBERS)?;
    one_of(fields, &format!("{detail}.businessType"), &BUSINESSES)?;
    for place in 0..list(fields, &format!("{detail}.contactInfo"))? {
        let contact = format!("{detail}.contactInfo.{place}");
        required(fields, &format!("{contact}.contactNo"), 256)?;
        one_of(fields, &format!("{contact}.contactType"), &CONTACTS)?;
    }
    for place in 0..list(fields, &format!("{detail}.attachments"))? {
        let attachment = format!("{detail}.attachments.{place}");
        one_of(fields, &format!("{attachment}.attachmentType"), &ATTACHMENTS)?;
        at_most(fields, &format!("{attachment}.attachmentName"), 256)?;
    }
    Ok(())
}

fn store_info(fields: &Fields) -> Result<(), String> {
    object(fields, "storeInfo")?;
    required(fields, "storeInfo.referenceStoreId", 32)?;
    required(fields, "storeInfo.storeName", 256)?;
    four_digits(fields, "storeInfo.storeMCC")
}

fn at_most(fields: &Fields, path: &str, longest: usize) -> Result<(), String> {
    let long = fields.text(path).is_some_and(|text| text.chars().count() > longest);
    if long { Err(format!("{path}: at most {longest} characters are expected")) } else { Ok(()) }
}

fn required(fields: &Fields, path: &str, longest: usize) -> Result<(), String> {
    if fields.text(path).is_none() {
        return Err(format!("{path} is required"));
    }
    at_most(fields, path, longest)
}

fn object(fields: &Fields, path: &str) -> Result<(), String> {
    let there = fields.at(path).is_some_and(Value::is_object);
    if there { Ok(()) } else { Err(format!("{path} is required")) }
}

/// How many entries a list has; one that is absent has none.
fn list(fields: &Fields, path: &str) -> Result<usize, String> {
    match fields.at(path) {
        None | Some(Value::Null) => Ok(0),
        Some(value) => {
            value.as_array().map(Vec::len).ok_or_else(|| format!("{path}: a list is expected"))
        }
    }
}

/// A value that is there has to be one of the list.
fn one_of(fields: &Fields, path: &str, known: &[&str]) -> Result<(), String> {
    match fields.text(path) {
        Some(text) if !known.contains(&text.as_str()) => {
            Err(format!("{path}: one of {} is expected", known.join(", ")))
        }
        Some(_) | None => Ok(()),
    }
}

fn four_digits(fields: &Fields, path: &str) -> Result<(), String> {
    let text = fields.text(path).unwrap_or_default();
    let fits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(()) } else { Err(format!("{path}: four digits are expected")) }
}

fn url(fields: &Fields, path: &str) -> Result<(), String> {
    at_most(fields, path, 2048)?;
    match fields.text(path) {
        Some(text) if Address::parse(&text).is_none() => Err(format!("{path}: a URL is expected")),
        Some(_) | None => Ok(()),
    }
}
