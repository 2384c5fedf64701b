//! The keys of the corpus: known, worthless, and made by other programs.

use std::sync::LazyLock;

use diagnose::{Key, Known, KnownKey, Side};
use signing::{DsaPrivateKey, PrivateKey, SharedKey};

macro_rules! vector {
    ($file:literal) => {
        include_bytes!(concat!("../../../../tests/vectors/", $file))
    };
}

/// The merchant's.
pub(crate) static MERCHANT: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::read(vector!("keys/rsa2048.pkcs8.pem")).unwrap());
/// The gateway's.
pub(crate) static GATEWAY: LazyLock<PrivateKey> = LazyLock::new(|| {
    PrivateKey::read(include_bytes!("../../../sandbox/keys/embedded-gateway.pem")).unwrap()
});
/// One that nobody knows.
pub(crate) static STRANGER: LazyLock<PrivateKey> = LazyLock::new(|| {
    PrivateKey::read(include_bytes!("../../../merchant/keys/reference-merchant.pem")).unwrap()
});
/// One of another size.
pub(crate) static LONGER: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::read(vector!("keys/rsa3072.pkcs8.pem")).unwrap());
/// One that is too short for the newer generation.
pub(crate) static SHORT: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::read(vector!("keys/rsa1024.pkcs8.pem")).unwrap());
/// The merchant's of DSA.
pub(crate) static DSA: LazyLock<DsaPrivateKey> =
    LazyLock::new(|| DsaPrivateKey::read(vector!("weak/dsa1024.160.pkcs8.pem")).unwrap());

/// The text of a call, and what openssl signed of it with the merchant's key as RSASSA-PSS: the text
/// itself, and the text with a line end behind it.
pub(crate) const PSS: [&[u8]; 3] =
    [vector!("pss/call"), vector!("pss/call.sig"), vector!("pss/line-end.sig")];

/// The key that both sides hold.
pub(crate) fn shared() -> SharedKey {
    SharedKey::read(b"760bdzec6y9goq7ctyx96ezkz78287de").unwrap()
}

fn rsa(name: &str, side: Side, key: &PrivateKey) -> KnownKey {
    KnownKey { name: name.to_owned(), side, key: Key::Rsa(key.public()) }
}

/// What an integrator knows: both keys, and an old one of each side.
pub(crate) fn known() -> Known {
    let keys = vec![
        rsa("merchant.pub", Side::Merchant, &MERCHANT),
        rsa("alipay.pub", Side::Gateway, &GATEWAY),
        rsa("old-merchant.pub", Side::Merchant, &LONGER),
    ];
    Known { keys, ..Known::default() }
}

/// The same with the key that both sides hold, and with one of DSA.
pub(crate) fn known_legacy() -> Known {
    let mut known = known();
    known.keys.push(KnownKey {
        name: "md5.key".to_owned(),
        side: Side::Merchant,
        key: Key::Shared(shared()),
    });
    known.keys.push(KnownKey {
        name: "dsa.pub".to_owned(),
        side: Side::Merchant,
        key: Key::Dsa(DSA.public()),
    });
    known
}

/// Both slots hold the merchant's key.
pub(crate) fn own_key_in_slot() -> Known {
    let keys = vec![
        rsa("merchant.pub", Side::Merchant, &MERCHANT),
        rsa("alipay.pub", Side::Gateway, &MERCHANT),
    ];
    Known { keys, ..Known::default() }
}
