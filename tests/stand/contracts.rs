//! The contracts of the stand: what conditional cases ask for is one of several.

use assay::suite::{Case, Condition};
use evidence::SideKey;
use protocol::Generation;
use protocol::legacy::{Charset, Verifier};
use signing::SharedKey;
use steps::{AmsContract, Contract, KeyPairs, LegacyContract, Signing};

/// Who plays, at the gateway.
pub(super) const CLIENT_ID: &str = "SANDBOX_5Y00000000000001";
/// The same in the older generation.
pub(super) const PARTNER: &str = "2088000000000001";
/// The key that both sides share for MD5.
const SHARED: &[u8] = b"q8v2m5x0c7b4n1z9l6k3j0h8g5f2d9s6";

/// How the contract of the older generation has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terms {
    /// RSA2 and UTF-8.
    Rsa2,
    /// RSA2 and GBK.
    Gbk,
    /// MD5 and UTF-8.
    Md5,
    /// RSA and UTF-8.
    Rsa,
    /// DSA and UTF-8.
    Dsa,
}

impl Terms {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::Rsa2, Self::Gbk, Self::Md5, Self::Rsa, Self::Dsa];

    fn charset(self) -> Charset {
        match self {
            Self::Gbk => Charset::Gbk,
            Self::Rsa2 | Self::Md5 | Self::Rsa | Self::Dsa => Charset::Utf8,
        }
    }

    fn signing(self) -> Signing {
        let rsa = || KeyPairs {
            merchant: merchant::reference_key().unwrap(),
            gateway: sandbox::embedded_key().unwrap().public(),
        };
        match self {
            Self::Rsa2 | Self::Gbk => Signing::Rsa2(rsa()),
            Self::Rsa => Signing::Rsa(rsa()),
            Self::Md5 => Signing::Md5(SharedKey::read(SHARED).unwrap()),
            Self::Dsa => Signing::Dsa(KeyPairs {
                merchant: merchant::reference_dsa_key().unwrap(),
                gateway: sandbox::embedded_dsa_key().unwrap().public(),
            }),
        }
    }
}

/// The terms that a case asks for; most ask for none.
pub(crate) fn terms_of(case: &Case) -> Terms {
    match case.condition {
        Some(Condition::Gbk) => Terms::Gbk,
        Some(Condition::Md5) => Terms::Md5,
        Some(Condition::Rsa) => Terms::Rsa,
        Some(Condition::Dsa) => Terms::Dsa,
        Some(_) | None => Terms::Rsa2,
    }
}

/// The accounts of both generations, with the same keys where both sign with RSA.
pub(super) fn contracts(terms: Terms) -> Vec<Contract> {
    vec![
        Contract::Ams(AmsContract {
            client_id: CLIENT_ID.into(),
            merchant_key: merchant::reference_key().unwrap(),
            gateway_key: sandbox::embedded_key().unwrap().public(),
        }),
        Contract::Legacy(LegacyContract {
            partner: PARTNER.into(),
            signing: terms.signing(),
            charset: terms.charset(),
            post: true,
        }),
    ]
}

/// What messages of the gateway are checked under in a case.
pub(crate) fn side_of_gateway(case: &Case) -> SideKey {
    let terms = terms_of(case);
    let rsa = || sandbox::embedded_key().unwrap().public();
    let verifier = match (Generation::of_case(&case.id), terms) {
        (Generation::Ams, _) => return SideKey::Ams(rsa()),
        (Generation::Legacy, Terms::Rsa2 | Terms::Gbk) => Verifier::Rsa2(rsa()),
        (Generation::Legacy, Terms::Rsa) => Verifier::Rsa(rsa()),
        (Generation::Legacy, Terms::Md5) => Verifier::Md5(SharedKey::read(SHARED).unwrap()),
        (Generation::Legacy, Terms::Dsa) => {
            Verifier::Dsa(sandbox::embedded_dsa_key().unwrap().public())
        }
    };
    SideKey::Legacy { verifier, charset: terms.charset() }
}
