//! The fixed keys of the tests, made with openssl; see `tests/vectors/keys/make.sh`.

/// Declares a fixture by name and file.
macro_rules! fixtures {
    ($($name:ident: $file:literal,)*) => {
        $(pub(crate) const $name: &[u8] =
            include_bytes!(concat!("../../../tests/vectors/keys/", $file));)*
    };
}

fixtures! {
    RSA1024_PKCS1_DER: "rsa1024.pkcs1.der",
    RSA1024_PKCS8_PEM: "rsa1024.pkcs8.pem",
    RSA1024_SPKI_PEM: "rsa1024.spki.pem",
    RSA2048_PKCS1_DER: "rsa2048.pkcs1.der",
    RSA2048_PKCS8_BASE64: "rsa2048.pkcs8.b64",
    RSA2048_PKCS8_DER: "rsa2048.pkcs8.der",
    RSA2048_PKCS8_PEM: "rsa2048.pkcs8.pem",
    RSA2048_PUBLIC_PKCS1_DER: "rsa2048.public-pkcs1.der",
    RSA2048_SPKI_BASE64: "rsa2048.spki.b64",
    RSA2048_SPKI_DER: "rsa2048.spki.der",
    RSA2048_SPKI_PEM: "rsa2048.spki.pem",
    RSA3072_PKCS1_DER: "rsa3072.pkcs1.der",
    RSA3072_PKCS8_PEM: "rsa3072.pkcs8.pem",
}
