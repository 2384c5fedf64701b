//! Words that fill places in the sentences of several suites, and how to declare more.

use std::str::FromStr;

use protocol::Amount;

/// A price as people write it: `USD 12.31`.
#[derive(Debug, Clone, Copy, cucumber::Parameter)]
#[param(name = "price", regex = r"[A-Z]{3} [0-9,.]+")]
pub(crate) struct Price(pub(crate) Amount);

impl FromStr for Price {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Amount::from_price(text).map(Self).map_err(|why| why.to_string())
    }
}

/// Declares words that stand for one of several things.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident $param:literal $regex:literal { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, cucumber::Parameter)]
        #[param(name = $param, regex = $regex)]
        pub(crate) enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant),*
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $text,)*
                })
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    other => Err(format!("'{other}' is none of the words of {}", $param)),
                }
            }
        }
    };
}

pub(crate) use words;
