//! `assay certify`: a reviewer verifies a bundle and signs that they did.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use evidence::words::{
    CERT_BUNDLE, CERT_DATE, CERT_GATEWAY, CERT_INTEGRATOR, CERT_KEY, CERT_MERCHANT, CERT_PASSED,
    CERT_REVIEWER, CERT_RUN, CERT_SUITE, CERTIFY_NAME, CERTIFY_NAME_DO, CERTIFY_NOT,
    CERTIFY_OTHERS, CERTIFY_OTHERS_DO, CERTIFY_TAKEN_DO, CERTIFY_VERIFY_WITH, INIT_EXISTS,
    INIT_WROTE, Sentence,
};
use signing::PrivateKey;

use super::init::write_file;
use super::key_file::rsa;
use super::output::{Span, Terminal, Tone};
use super::run::deliver::now;
use super::verify::{Came, Checking, KeyFiles, whole};
use crate::exit::{CommandError, Exit};
use crate::report::Certificate;
use crate::seal::{Certified, CertifiedBundle, Reviewer};
use crate::suite::Suite;

/// The certificate.
const FILE: &str = "certificate.dsse.json";
/// The same for people, to be printed.
const PAGE: &str = "certificate.html";
/// The longest name of a reviewer.
const LONGEST_NAME: usize = 200;

/// Verify the bundle of an acceptable submission, and certify it.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  assay certify acceptance.zip --trust report.pub --gateway-key alipay.pub \\\n  \
                        \u{20} --key reviewer.pem --reviewer 'Li Wei, Alipay'"
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
    /// The folder that the certificate and its page are written to.
    #[arg(long, value_name = "DIR", default_value = "certificate")]
    out: PathBuf,
}

impl Certify {
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let odd = self.reviewer.chars().any(char::is_control);
        if odd || self.reviewer.trim().is_empty() || self.reviewer.chars().count() > LONGEST_NAME {
            let (says, advice) = (CERTIFY_NAME.plain(), CERTIFY_NAME_DO.plain());
            return Err(CommandError::Usage { says, advice });
        }
        let suite = Arc::new(Suite::embedded().map_err(CommandError::Suite)?);
        let (keys, unusable) = self.keys.read();
        let verified = Checking { suite, keys }.verify(&self.bundle);
        whole(terminal, &verified);
        let exit = verified.came.exit();
        let Came::Holds(holding) = &verified.came else {
            return unusable.map_or(Ok(exit), Err);
        };
        let found = holding.certified(&verified.sha256);
        if exit != Exit::Acceptable || !found.is_certifiable() {
            let says = terminal.text(&CERTIFY_NOT.plain());
            terminal.line([Span::new(Tone::Bad, says)]);
            // An acceptable rehearsal is no success here.
            return Ok(if exit == Exit::Acceptable { Exit::Incomplete } else { exit });
        }
        let key = rsa(&self.key, PrivateKey::read)?;
        let reviewer = reviewer(&found, &key, &self.reviewer)?;
        let certified = Certified::new(found, reviewer, now());
        self.write(terminal, &certified, &key)?;
        Ok(Exit::Acceptable)
    }

    fn write(
        &self,
        terminal: &mut Terminal,
        certified: &Certified,
        key: &PrivateKey,
    ) -> Result<(), CommandError> {
        let unsealed = |why: crate::seal::SealError| CommandError::Unusable {
            says: why.says(),
            advice: CERTIFY_OTHERS_DO.plain(),
        };
        let envelope = certified.seal(key).map_err(unsealed)?;
        let page = page(certified, &signing::sha256_hex(&envelope));
        let page = page.map_err(|why| CommandError::Bug(why.to_string().into()))?;
        let envelope = String::from_utf8(envelope);
        let envelope = envelope.map_err(|why| CommandError::Bug(why.to_string().into()))?;
        let write = |source| CommandError::Write { path: self.out.clone(), source };
        fs::create_dir_all(&self.out).map_err(write)?;
        let paths = [FILE, PAGE].map(|name| self.out.join(name));
        if let Some(path) = paths.iter().find(|path| path.exists()) {
            let (says, advice) = (INIT_EXISTS.with([path.display()]), CERTIFY_TAKEN_DO.plain());
            return Err(CommandError::Usage { says, advice });
        }
        for (path, text) in paths.iter().zip([envelope, page]) {
            let written = write_file(path, &text, false, false);
            written.map_err(|source| CommandError::Write { path: path.clone(), source })?;
            terminal.say(&INIT_WROTE.with([path.display()]));
        }
        let [file, bundle] = [&paths[0], &self.bundle].map(|path| path.display().to_string());
        terminal.say(&CERTIFY_VERIFY_WITH.with([bundle, file]));
        Ok(())
    }
}

/// Who certifies: nobody with a key that somebody else in the bundle has, and with none that
/// everybody has.
fn reviewer(
    found: &CertifiedBundle,
    key: &PrivateKey,
    name: &str,
) -> Result<Reviewer, CommandError> {
    let key_sha256 = key.public().fingerprint();
    let others = [&found.report_key_sha256, &found.request_key_sha256, &found.response_key_sha256];
    let known = [sandbox::embedded_key(), merchant::reference_key()];
    let known = known.into_iter().flatten().map(|known| known.public().fingerprint());
    if others.contains(&&key_sha256) || known.into_iter().any(|known| known == key_sha256) {
        let (says, advice) = (CERTIFY_OTHERS.plain(), CERTIFY_OTHERS_DO.plain());
        return Err(CommandError::Unusable { says, advice });
    }
    Ok(Reviewer { key_sha256, name: name.to_owned() })
}

/// The page of a certificate.
fn page(certified: &Certified, fingerprint: &str) -> Result<String, askama::Error> {
    let Certified { bundle, reviewer, verified_at, .. } = certified;
    let merchant = [bundle.client_id.as_str(), &bundle.partner];
    let merchant: Vec<&str> = merchant.into_iter().filter(|id| !id.is_empty()).collect();
    let lines: Vec<(&'static Sentence, String)> = vec![
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
    Certificate { lines, fingerprint }.draw()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{Grade, Verdict};

    fn found(report_key: &PrivateKey) -> CertifiedBundle {
        CertifiedBundle {
            sha256: "ab".repeat(32),
            envelope_sha256: "cd".repeat(32),
            run_id: "run".into(),
            suite_version: "1".into(),
            features_sha256: "ef".repeat(32),
            verdict: Verdict::Acceptable,
            grade: Grade::Submission,
            mandatory_total: 82,
            mandatory_passed: 82,
            generation: "ams".into(),
            products: vec!["user-presented".into()],
            client_id: "5Y00000000000001".into(),
            partner: String::new(),
            request_key_sha256: "01".repeat(32),
            gateway: "https://gateway.example".into(),
            response_key_sha256: "23".repeat(32),
            integrator: "ACME <Pay>".into(),
            report_key_sha256: report_key.public().fingerprint(),
        }
    }

    #[test]
    fn nobody_certifies_with_a_key_of_the_bundle_or_of_everybody() {
        let [own, other] = [(); 2].map(|()| PrivateKey::generate(2048).unwrap());
        assert!(reviewer(&found(&other), &own, "Li Wei").is_ok());
        let everybodys = sandbox::embedded_key().unwrap();
        for (bundle, key) in [(found(&own), &own), (found(&other), &everybodys)] {
            let refused = reviewer(&bundle, key, "Li Wei");
            assert!(matches!(refused, Err(CommandError::Unusable { .. })));
        }
    }

    /// Written, opened again under the reviewer's key, and refused a second time.
    #[test]
    fn a_certificate_and_its_page_are_written_once() {
        let [key, report] = [(); 2].map(|()| PrivateKey::generate(2048).unwrap());
        let reviewer = reviewer(&found(&report), &key, "Li Wei").unwrap();
        let certified = Certified::new(found(&report), reviewer, "2026-11-26T18:00:00Z".into());
        let folder = tempfile::tempdir().unwrap();
        let certify = Certify {
            bundle: "acceptance.zip".into(),
            keys: KeyFiles::default(),
            key: PathBuf::new(),
            reviewer: String::new(),
            out: folder.path().join("certificate"),
        };
        let mut terminal = Terminal::standard(evidence::words::Language::En);
        certify.write(&mut terminal, &certified, &key).unwrap();
        let envelope = fs::read(certify.out.join(FILE)).unwrap();
        assert_eq!(Certified::open(&envelope, &key.public()).unwrap(), certified);
        let page = fs::read_to_string(certify.out.join(PAGE)).unwrap();
        assert!(page.contains(&signing::sha256_hex(&envelope)) && page.contains("Li Wei"));
        assert!(page.contains("ACME &#60;Pay&#62;"), "{page}");
        let again = certify.write(&mut terminal, &certified, &key);
        assert!(matches!(again, Err(CommandError::Usage { .. })));
    }
}
