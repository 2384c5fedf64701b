//! Where somebody's calls begin: an address with a path before theirs.

use std::fmt;

/// The address below which somebody serves, such as `http://127.0.0.1:8000/assay`.
///
/// Plain HTTP is the only scheme; the one that comes with TLS is a line in [`Base::parse`] and
/// a feature of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

/// Why a text is no such address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseError {
    /// It is no address at all.
    #[error("this is no address: {0}")]
    Unreadable(String),
    /// It begins with another scheme.
    #[error("the address begins with {0}, and http is the only way there")]
    Scheme(String),
    /// It names a user, or a password.
    #[error("the address names a user")]
    Login,
    /// It has a query or a fragment.
    #[error("something stands behind the path of the address")]
    Query,
}

impl Base {
    /// Reads an address with or without a path; a slash at its end says nothing.
    pub fn parse(text: &str) -> Result<Self, BaseError> {
        let url = reqwest::Url::parse(text.trim())
            .map_err(|source| BaseError::Unreadable(source.to_string()))?;
        if url.scheme() != "http" {
            return Err(BaseError::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseError::Login);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseError::Query);
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

impl fmt::Display for Base {
    /// Without a slash at its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Base, BaseError};

    #[test]
    fn an_address_is_http_with_a_host_and_perhaps_a_path() {
        for (text, base) in [
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
            (" http://till.example/assay/v1/ ", "http://till.example/assay/v1"),
            ("http://[::1]:8000/assay", "http://[::1]:8000/assay"),
            ("HTTP://TILL.example:80/a b", "http://till.example/a%20b"),
        ] {
            assert_eq!(Base::parse(text).unwrap().to_string(), base);
        }
        for (text, error) in [
            ("https://till.example/assay", BaseError::Scheme("https".into())),
            ("localhost:8000/assay", BaseError::Scheme("localhost".into())),
            ("http://me:secret@till.example", BaseError::Login),
            ("http://till.example/assay?x=1", BaseError::Query),
            ("http://till.example/#top", BaseError::Query),
        ] {
            assert_eq!(Base::parse(text), Err(error), "{text}");
        }
        for text in ["", "127.0.0.1:8000", "/assay", "http://", "http://a:99999/"] {
            assert!(matches!(Base::parse(text), Err(BaseError::Unreadable(_))), "{text}");
        }
    }
}
