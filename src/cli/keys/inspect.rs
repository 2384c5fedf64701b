//! `assay keys inspect`: what a pasted text is.

use std::path::PathBuf;

use clap::Args;
use diagnose::signature_readings;
use evidence::words::{
    KEYS_BARE_DO, KEYS_BITS, KEYS_DAYS, KEYS_DSA_OLD, KEYS_FINGERPRINT, KEYS_MAYBE_DSA,
    KEYS_MAYBE_MD5, KEYS_MAYBE_RSA, KEYS_MAYBE_SHARED, KEYS_REMARK, KEYS_SIGNATURE_DO, KEYS_SMALL,
    KEYS_SUBJECT, KEYS_VALID, KEYS_WHAT, Phrase,
};
use signing::{AnyKey, Certificate, Content, Half, Shape, SharedKey, is_dsa_signature};
use time::OffsetDateTime;

use super::{any_key, labelled, text_of};
use crate::cli::advise;
use crate::cli::output::Terminal;
use crate::exit::{CommandError, Exit};
use crate::said;

/// Bits of the smallest key that the newer generation takes.
const SMALLEST_NEW: u32 = 2048;
/// Bits of the smallest RSA key that anybody has ever used.
const SMALLEST_RSA: u32 = 384;
/// Lengths in bytes of signatures by RSA keys of usual sizes.
const RSA_LENGTHS: [usize; 4] = [128, 256, 384, 512];

/// Say what a key, a certificate or a signature is, and what is wrong with it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  pbpaste | assay keys inspect -")]
pub(in crate::cli) struct Inspect {
    /// The file with the text, or - for standard input.
    file: PathBuf,
}

impl Inspect {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let text = text_of(&self.file)?;
        let shape = signing::inspect(&text);
        if let Some((what, remark)) = maybe_signature(&shape, &text) {
            told(terminal, &what, &[], remark.as_ref());
            advise(terminal, &KEYS_SIGNATURE_DO.plain());
            return Ok(Exit::Acceptable);
        }
        let remarks: Vec<Phrase> = shape.remarks.iter().map(said::remark).collect();
        told(terminal, &said::shape(&shape), &remarks, None);
        if let Some(certificate) = Certificate::read(&text) {
            told_by(terminal, &certificate);
        }
        let public = shape.half() == Some(Half::Public);
        let expected = if public { Half::Public } else { Half::Private };
        let key = any_key(&self.file, &text, expected)?;
        labelled(terminal, &KEYS_BITS, key.bits().to_string());
        labelled(terminal, &KEYS_FINGERPRINT, key.fingerprint());
        self.advise(terminal, &shape, &key);
        Ok(Exit::Acceptable)
    }

    /// What is to be known about a key that reads.
    fn advise(&self, terminal: &mut Terminal, shape: &Shape, key: &AnyKey) {
        let says = match (key, &shape.content) {
            (AnyKey::DsaPrivate(_) | AnyKey::DsaPublic(_), _) => KEYS_DSA_OLD.plain(),
            _ if key.bits() < SMALLEST_NEW => KEYS_SMALL.with([key.bits()]),
            (_, Content::Certificate | Content::CertificateRequest) => {
                return advise(terminal, &KEYS_BARE_DO.with([self.file.display()]));
            }
            _ => return,
        };
        let says = terminal.text(&says);
        labelled(terminal, &KEYS_REMARK, says);
    }
}

/// What a certificate says of itself, for which nothing vouches.
fn told_by(terminal: &mut Terminal, certificate: &Certificate) {
    if !certificate.subject.is_empty() {
        labelled(terminal, &KEYS_SUBJECT, certificate.subject.clone());
    }
    let day = |moment: i64| {
        let moment = OffsetDateTime::from_unix_timestamp(moment.div_euclid(1000));
        moment.map_or_else(|_far| "?".to_owned(), |moment| moment.date().to_string())
    };
    let (from, until) = certificate.holds;
    let days = terminal.text(&KEYS_DAYS.with([day(from), day(until)]));
    labelled(terminal, &KEYS_VALID, days);
}

/// What a text is, and what was tolerated about it.
fn told(terminal: &mut Terminal, what: &Phrase, remarks: &[Phrase], more: Option<&Phrase>) {
    let what = terminal.text(what);
    labelled(terminal, &KEYS_WHAT, what);
    for remark in remarks.iter().chain(more) {
        let remark = terminal.text(remark);
        labelled(terminal, &KEYS_REMARK, remark);
    }
}

/// What a text that is no key may be instead, with what is wrong about how it is spelled.
fn maybe_signature(shape: &Shape, text: &[u8]) -> Option<(Phrase, Option<Phrase>)> {
    // A DSA signature is built as the smallest of RSA keys is, which nobody has.
    let tiny = shape.bits.is_some_and(|bits| bits < SMALLEST_RSA);
    if !tiny && !matches!(shape.content, Content::NotAKey | Content::Damaged(_)) {
        return None;
    }
    let bare = text.trim_ascii();
    if SharedKey::read(bare).is_ok() {
        let hexadecimal = bare.iter().all(u8::is_ascii_hexdigit);
        let what = if hexadecimal { &KEYS_MAYBE_MD5 } else { &KEYS_MAYBE_SHARED };
        return Some((what.plain(), None));
    }
    for reading in signature_readings(text) {
        let bytes = reading.bytes;
        let what = if RSA_LENGTHS.contains(&bytes.len()) {
            KEYS_MAYBE_RSA.with([bytes.len() * 8])
        } else if is_dsa_signature(&bytes) {
            KEYS_MAYBE_DSA.plain()
        } else {
            continue;
        };
        return Some((what, reading.step.map(|step| step.says())));
    }
    None
}
