//! What a message says about its own signature.

use std::borrow::Cow;

use evidence::{Blob, head_field, target_of};
use protocol::Generation;
use protocol::legacy::Answer;

use crate::ams::Received;
use crate::legacy::{Parameters, parameters};
use crate::mistake::{Mistake, Step};
use crate::subject::{Kind, Subject};

/// The parts that a signature covers, and the signature.
pub(crate) struct Told {
    /// What is signed.
    pub(crate) covered: Covered,
    /// The signature as it stands in the message; none where there is none.
    pub(crate) signature: Option<String>,
    /// The algorithm that the message names.
    pub(crate) algorithm: Option<String>,
    /// A part that has to be there and is not.
    pub(crate) missing: Option<Mistake>,
}

/// What is signed.
pub(crate) enum Covered {
    /// The newer generation's text.
    Ams(Received),
    /// The older generation's parameters.
    Legacy(Parameters),
}

/// Why there is nothing to diagnose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// An answer of the newer generation signs the path of its call, which was not given.
    NoCall,
    /// An answer of the older generation that is no XML, or has no single response.
    NoResponse,
    /// The layout with head and body in JSON, which is that of neither generation.
    OtherLayout,
}

/// Reads what a message says.
pub(crate) fn told(subject: &Subject) -> Result<Told, Unreadable> {
    if subject.generation == Generation::Ams && is_other_layout(&subject.message) {
        return Err(Unreadable::OtherLayout);
    }
    match subject.generation {
        Generation::Ams => ams(subject),
        Generation::Legacy if subject.kind == Kind::Answer => answer(&subject.message),
        // A word or a page: what says that a notice arrived is not signed.
        Generation::Legacy if subject.kind == Kind::Acknowledgement => Ok(Told {
            covered: Covered::Legacy(Parameters::new()),
            signature: None,
            algorithm: None,
            missing: None,
        }),
        Generation::Legacy => Ok(form(subject)),
    }
}

/// `{"request":{"head":…},"signature":…}`: a third layout that some pages show.
fn is_other_layout(message: &Blob) -> bool {
    let Some(fields) = protocol::Fields::read(&message.body) else { return false };
    fields.at("signature").is_some()
        && (fields.at("request.head").is_some() || fields.at("response.head").is_some())
}

fn ams(subject: &Subject) -> Result<Told, Unreadable> {
    let (message, asked) = (&subject.message, subject.asked());
    let answers = matches!(subject.kind, Kind::Answer | Kind::Acknowledgement);
    if answers && subject.call.is_none() {
        return Err(Unreadable::NoCall);
    }
    let field = |name| head_field(&message.head, name);
    let header = field("signature").unwrap_or_default();
    let part = |name: &str| {
        header.split(',').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            let value = value.trim();
            (key.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then(|| value.to_owned())
        })
    };
    // A bare value is no header that a receiver takes, and can be read all the same.
    let signature = part("signature").or_else(|| {
        Some(header.trim().to_owned()).filter(|it| it.len() > 100 && !it.contains(','))
    });
    let client = field("client-id");
    let time = field("request-time").or_else(|| field("response-time"));
    let missing = match (&client, &time) {
        (None, _) => Some(Mistake::NoClient),
        (_, None) => Some(Mistake::NoTime),
        (Some(_), Some(_)) => None,
    };
    let received = Received {
        target: target_of(&asked.head).unwrap_or_default(),
        host: head_field(&asked.head, "host"),
        client: client.or_else(|| head_field(&asked.head, "client-id")).unwrap_or_default(),
        time: time.unwrap_or_default(),
        other_time: head_field(&asked.head, "request-time").filter(|_| answers),
        body: message.body.clone(),
    };
    let algorithm = part("algorithm");
    Ok(Told { covered: Covered::Ams(received), signature, algorithm, missing })
}

fn form(subject: &Subject) -> Told {
    let parameters = parameters(&subject.query(), &subject.message.body);
    let text = |name: &[u8]| {
        let value = parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value);
        value.filter(|it| !it.is_empty()).map(|it| String::from_utf8_lossy(it).into_owned())
    };
    let (signature, algorithm) = (text(b"sign"), text(b"sign_type"));
    let missing = algorithm.is_none().then_some(Mistake::NoSignType);
    Told { covered: Covered::Legacy(parameters), signature, algorithm, missing }
}

fn answer(message: &Blob) -> Result<Told, Unreadable> {
    let read = Answer::read(&message.body).map_err(|_no_answer| Unreadable::NoResponse)?;
    let Some(response) = &read.response else { return Err(Unreadable::NoResponse) };
    let bytes = |text: &str| {
        read.charset.encode(text).map_or_else(|_| text.as_bytes().to_vec(), Cow::into_owned)
    };
    let parameters =
        response.fields.iter().map(|(name, value)| (bytes(name), bytes(value))).collect();
    Ok(Told {
        covered: Covered::Legacy(parameters),
        signature: read.sign.clone(),
        algorithm: read.sign_type.clone(),
        missing: None,
    })
}

impl Told {
    /// What is wrong with the name of the algorithm, whatever the signature holds.
    pub(crate) fn misnamed(&self) -> Option<Step> {
        let told = self.algorithm.as_deref()?;
        match self.covered {
            Covered::Ams(_) => {
                (told != "RSA256").then(|| Step::with(Mistake::AlgorithmName, [told]))
            }
            Covered::Legacy(_) => {
                let known = protocol::legacy::SignType::parse(told).is_some();
                (!known).then(|| Step::with(Mistake::SignTypeName, [told]))
            }
        }
    }
}
