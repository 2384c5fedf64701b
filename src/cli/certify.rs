//! `assay certify`: a reviewer verifies a bundle and signs that they did.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use evidence::words::{
    CERT_BUNDLE, CERT_CHALLENGE, CERT_DATE, CERT_GATEWAY, CERT_INTEGRATOR, CERT_KEY, CERT_MERCHANT,
    CERT_PASSED, CERT_REVIEW, CERT_REVIEWER, CERT_RUN, CERT_SUITE, CERT_WAIVED, CERTIFY_NOT,
    CERTIFY_TAKEN_DO, CERTIFY_VERIFY_WITH, INIT_EXISTS, INIT_WROTE, Sentence,
};
use signing::{PrivateKey, PublicKey};

use super::init::write_file;
use super::key_file::rsa;
use super::output::{Span, Terminal, Tone};
use super::reviewer::{check_name, reviewer, unsealed};
use super::run::deliver::now;
use super::verify::{Came, Checking, Heard, KeyFiles, Reviewed, heard, no_review, read, whole};
use crate::exit::{CommandError, Exit};
use crate::report::Certificate;
use crate::seal::Certified;
use crate::suite::Suite;

/// The certificate.
const FILE: &str = "certificate.dsse.json";
/// The same for people, to be printed.
const PAGE: &str = "certificate.html";

/// Verify the bundle of an acceptable submission, and certify it.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  assay certify acceptance.zip --trust report.pub --gateway-key alipay.pub \\\n  \
                        \u{20} --key reviewer.pem --reviewer 'Li Wei, Alipay'\n  \
                        assay certify acceptance.zip --trust report.pub --gateway-key alipay.pub \\\n  \
                        \u{20} --key reviewer.pem --reviewer 'Li Wei, Alipay' \
                        --review review.dsse.json"
)]
pub(super) struct Certify {
    /// The bundle.
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    #[command(flatten)]
    keys: KeyFiles,
    /// Your own private key, which signs the certificate.
    #[arg(long, value_name = "KEY")]
    key: PathBuf,
    /// Your name, as it shall stand on the certificate.
    #[arg(long, value_name = "NAME")]
    reviewer: String,
    /// The review of this bundle, which the certificate then names.
    #[arg(long, value_name = "FILE")]
    review: Option<PathBuf>,
    /// The public key of who reviewed it; by default your own.
    #[arg(long, value_name = "KEY", requires = "review")]
    review_key: Option<PathBuf>,
    /// The folder that the certificate and its page are written to.
    #[arg(long, value_name = "DIR", default_value = "certificate")]
    out: PathBuf,
}

impl Certify {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        check_name(&self.reviewer)?;
        self.places()?;
        let suite = Arc::new(Suite::embedded().map_err(CommandError::Suite)?);
        let (keys, unusable) = self.keys.read();
        let checking = Checking { suite, keys };
        let (verified, judged) = checking.verify_whole(&self.bundle);
        whole(terminal, &verified);
        let mut exit = verified.came.exit();
        let (Came::Holds(holding), Some(judged)) = (&verified.came, &judged) else {
            return unusable.map_or(Ok(exit), Err);
        };
        let mut found = holding.certified(&verified.sha256);
        let (suite, sha256) = (&checking.suite, verified.sha256.as_str());
        let reviewed = Reviewed { suite, holding, results: &judged.results, sha256 };
        if let Some(path) = &self.review {
            let Some(review) = self.heard(terminal, path, &reviewed)? else {
                return Ok(Exit::BundleBroken);
            };
            (exit, found) = (review.exit(holding), review.certified(found));
        }
        if exit != Exit::Acceptable || !found.is_certifiable() {
            let says = terminal.text(&CERTIFY_NOT.plain());
            terminal.line([Span::new(Tone::Bad, says)]);
            // An acceptable rehearsal is no success here.
            return Ok(if exit == Exit::Acceptable { Exit::Incomplete } else { exit });
        }
        let key = rsa(&self.key, PrivateKey::read)?;
        let person = reviewer(&holding.facts, &key, &self.reviewer)?;
        let certified = Certified::new(found, person, now());
        self.write(terminal, &certified, &key)?;
        Ok(Exit::Acceptable)
    }

    /// What a review says of the bundle now; `None` where it does not hold.
    fn heard(
        &self,
        terminal: &mut Terminal,
        path: &Path,
        reviewed: &Reviewed<'_>,
    ) -> Result<Option<Heard>, CommandError> {
        let key = match &self.review_key {
            Some(path) => rsa(path, PublicKey::read)?,
            None => rsa(&self.key, PrivateKey::read)?.public(),
        };
        match reviewed.hear(&read(path)?, &key, &now()) {
            Ok(found) => {
                heard(terminal, &found, found.exit(reviewed.holding));
                Ok(Some(found))
            }
            Err(why) => {
                no_review(terminal, &path.display().to_string(), &why);
                Ok(None)
            }
        }
    }

    /// Where the certificate and its page go: nothing is ever written over.
    fn places(&self) -> Result<[PathBuf; 2], CommandError> {
        let paths = [FILE, PAGE].map(|name| self.out.join(name));
        match paths.iter().find(|path| path.symlink_metadata().is_ok()) {
            None => Ok(paths),
            Some(path) => {
                let (says, advice) = (INIT_EXISTS.with([path.display()]), CERTIFY_TAKEN_DO.plain());
                Err(CommandError::Usage { says, advice })
            }
        }
    }

    fn write(
        &self,
        terminal: &mut Terminal,
        certified: &Certified,
        key: &PrivateKey,
    ) -> Result<(), CommandError> {
        let envelope = certified.seal(key).map_err(unsealed)?;
        let page = page(certified, &signing::sha256_hex(&envelope));
        let page = page.map_err(|why| CommandError::Bug(why.to_string().into()))?;
        let envelope = String::from_utf8(envelope);
        let envelope = envelope.map_err(|why| CommandError::Bug(why.to_string().into()))?;
        let write = |source| CommandError::Write { path: self.out.clone(), source };
        fs::create_dir_all(&self.out).map_err(write)?;
        let [file, page_file] = self.places()?;
        let put = |path: &PathBuf, text: &str| {
            let written = write_file(path, text, false, false);
            written.map_err(|source| CommandError::Write { path: path.clone(), source })
        };
        put(&file, &envelope)?;
        put(&page_file, &page).inspect_err(|_| {
            // Both or none: that it stays is told by the error already.
            let _ = fs::remove_file(&file);
        })?;
        for path in [&file, &page_file] {
            terminal.say(&INIT_WROTE.with([path.display()]));
        }
        let [file, bundle] = [&file, &self.bundle].map(|path| path.display().to_string());
        terminal.say(&CERTIFY_VERIFY_WITH.with([bundle, file]));
        Ok(())
    }
}

/// The page of a certificate.
fn page(certified: &Certified, fingerprint: &str) -> Result<String, askama::Error> {
    let Certified { bundle, reviewer, verified_at, .. } = certified;
    let merchant = [bundle.client_id.as_str(), &bundle.partner];
    let merchant: Vec<&str> = merchant.into_iter().filter(|id| !id.is_empty()).collect();
    let mut lines: Vec<(&'static Sentence, String)> = vec![
        (&CERT_INTEGRATOR, bundle.integrator.clone()),
        (&CERT_MERCHANT, format!("{} ({})", merchant.join(" "), bundle.products.join(", "))),
        (&CERT_GATEWAY, format!("{} {}", bundle.gateway, bundle.response_key_sha256)),
        (&CERT_SUITE, bundle.suite_version.clone()),
        (&CERT_PASSED, format!("{} / {}", bundle.mandatory_passed, bundle.mandatory_total)),
        (&CERT_RUN, bundle.run_id.clone()),
        (&CERT_BUNDLE, bundle.sha256.clone()),
        (&CERT_REVIEWER, reviewer.name.clone()),
        (&CERT_KEY, reviewer.key_sha256.clone()),
        (&CERT_DATE, verified_at.clone()),
    ];
    if !bundle.challenge.is_empty() {
        lines.push((&CERT_CHALLENGE, bundle.challenge.clone()));
    }
    let reviewed = !bundle.review_sha256.is_empty();
    if reviewed {
        lines.push((&CERT_WAIVED, bundle.mandatory_waived.to_string()));
        lines.push((&CERT_REVIEW, bundle.review_sha256.clone()));
    }
    Certificate { lines, fingerprint, reviewed }.draw()
}

#[cfg(test)]
mod tests {
    use super::*;
    use evidence::words::{CERT_SAYS, CERT_SAYS_REVIEWED};

    use crate::seal::{CertifiedBundle, StatementFacts};

    fn found(report_key: &PrivateKey) -> CertifiedBundle {
        CertifiedBundle {
            mandatory_passed: 81,
            mandatory_waived: 1,
            challenge: "5e".repeat(32),
            review_sha256: "89".repeat(32),
            integrator: "ACME <Pay>".into(),
            report_key_sha256: report_key.public().fingerprint(),
            ..CertifiedBundle::made_up()
        }
    }

    /// Written, opened again under the reviewer's key, and refused a second time.
    #[test]
    fn a_certificate_and_its_page_are_written_once() {
        let [key, report] = [(); 2].map(|()| PrivateKey::generate(2048).unwrap());
        let reviewer = reviewer(&StatementFacts::default(), &key, "Li Wei").unwrap();
        let certified = Certified::new(found(&report), reviewer, "2026-11-26T18:00:00Z".into());
        let folder = tempfile::tempdir().unwrap();
        let certify = Certify {
            bundle: "acceptance.zip".into(),
            keys: KeyFiles::default(),
            key: PathBuf::new(),
            reviewer: String::new(),
            review: None,
            review_key: None,
            out: folder.path().join("certificate"),
        };
        let mut terminal = Terminal::unseen(evidence::words::Language::En);
        certify.write(&mut terminal, &certified, &key).unwrap();
        let envelope = fs::read(certify.out.join(FILE)).unwrap();
        assert_eq!(Certified::open(&envelope, &key.public()).unwrap(), certified);
        let page = fs::read_to_string(certify.out.join(PAGE)).unwrap();
        assert!(page.contains(&signing::sha256_hex(&envelope)) && page.contains("Li Wei"));
        assert!(page.contains("ACME &#60;Pay&#62;"), "{page}");
        assert!(page.contains(&"89".repeat(32)) && page.contains(CERT_SAYS_REVIEWED.en), "{page}");
        assert!(page.contains(&"5e".repeat(32)) && page.contains(CERT_CHALLENGE.zh), "{page}");
        assert!(!page.contains(CERT_SAYS.en), "not all of them passed: {page}");
        let again = certify.write(&mut terminal, &certified, &key);
        assert!(matches!(again, Err(CommandError::Usage { .. })));
    }
}
