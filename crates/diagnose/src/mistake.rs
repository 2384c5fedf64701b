//! The mistakes that are looked for, each with the cause that it is an instance of.

use evidence::words::{Phrase, Sentence};

use crate::cause::Cause;

macro_rules! mistakes {
    ($($name:ident $word:literal $cause:ident;)*) => {
        /// A mistake, as whoever signed or verified may have made it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "what each is stands in the table of sentences")]
        pub enum Mistake { $($name),* }

        impl Mistake {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its word, in JSON and in the table of sentences.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// What it is an instance of.
            pub fn cause(self) -> Cause {
                match self { $(Self::$name => Cause::$cause),* }
            }
        }
    };
}

mistakes! {
    // The key and the algorithm.
    OtherKey "other-key" WrongKey;
    OtherSideKey "other-side-key" WrongKey;
    OwnKeyInSlot "own-key-in-slot" WrongKey;
    OtherSize "other-size" WrongKey;
    UnknownKey "unknown-key" WrongKey;
    AlgorithmName "algorithm-name" Algorithm;
    OtherDigest "other-digest" Algorithm;
    OtherScheme "other-scheme" Algorithm;
    Padding "padding" Algorithm;
    Inexact "inexact" Algorithm;

    // The signature as a text.
    NoSignature "no-signature" NotSigned;
    NoClient "no-client" NotSigned;
    NoTime "no-time" NotSigned;
    NoSignType "no-sign-type" NotSigned;
    SignatureUpperCase "signature-upper-case" UrlEncoding;
    SignatureSpaces "signature-spaces" UrlEncoding;
    SignatureEncodedTwice "signature-encoded-twice" UrlEncoding;
    SignatureUrlAlphabet "signature-url-alphabet" UrlEncoding;
    SignatureBlanks "signature-blanks" UrlEncoding;
    SignatureUnpadded "signature-unpadded" UrlEncoding;
    SignatureHex "signature-hex" UrlEncoding;
    SignatureCut "signature-cut" Damaged;
    SignatureUnreadable "signature-unreadable" Damaged;

    // Charsets.
    SignedInGbk "signed-in-gbk" Charset;
    SignedInUtf8 "signed-in-utf8" Charset;
    SignedInLatin1 "signed-in-latin1" Charset;
    SignedTwiceEncoded "signed-twice-encoded" Charset;
    SignedMojibake "signed-mojibake" Charset;
    SignedQuestionMarks "signed-question-marks" Charset;
    CharsetLeftOut "charset-left-out" Charset;
    CharsetUnknown "charset-unknown" Charset;
    CharsetBroken "charset-broken" Charset;
    BomSigned "bom-signed" Charset;
    BomNotSigned "bom-not-signed" Charset;

    // The text.
    EntitiesSigned "entities-signed" TextChanged;
    EntitiesNotSigned "entities-not-signed" TextChanged;
    SlashesSigned "slashes-signed" TextChanged;
    SlashesNotSigned "slashes-not-signed" TextChanged;
    LineEndsLf "line-ends-lf" TextChanged;
    LineEndsCrlf "line-ends-crlf" TextChanged;
    NewlineSigned "newline-signed" TextChanged;
    NewlineNotSigned "newline-not-signed" TextChanged;
    Trimmed "trimmed" TextChanged;
    BlanksFolded "blanks-folded" TextChanged;

    // Parameters.
    LeftOut "left-out" Parameters;
    EmptiesSigned "empties-signed" Parameters;
    EmptiesNotSigned "empties-not-signed" Parameters;
    NullsNotSigned "nulls-not-signed" Parameters;
    SentTwice "sent-twice" Parameters;
    Nameless "nameless" Parameters;
    KeyNamed "key-named" Parameters;
    Quoted "quoted" Parameters;
    Unseparated "unseparated" Parameters;
    AmpersandBehind "ampersand-behind" Parameters;
    QuestionMarkBefore "question-mark-before" Parameters;
    SignTypeSigned "sign-type-signed" SignType;
    SignTypeName "sign-type-name" SignType;

    // JSON.
    JsonCompact "json-compact" JsonRewritten;
    JsonSpaced "json-spaced" JsonRewritten;
    JsonPretty "json-pretty" JsonRewritten;
    JsonSorted "json-sorted" JsonRewritten;
    JsonAscii "json-ascii" JsonRewritten;
    JsonPython "json-python" JsonRewritten;
    JsonPhp "json-php" JsonRewritten;
    JsonSlashes "json-slashes" JsonRewritten;
    JsonHtml "json-html" JsonRewritten;
    JsonGson "json-gson" JsonRewritten;
    JsonDotNet "json-dot-net" JsonRewritten;
    JsonPlain "json-plain" JsonRewritten;
    JsonNumbers "json-numbers" JsonRewritten;
    JsonTexts "json-texts" JsonRewritten;

    // Addresses.
    EscapeBroken "escape-broken" UrlEncoding;
    PercentSigned "percent-signed" UrlEncoding;
    FormSigned "form-signed" UrlEncoding;
    PercentNotSigned "percent-not-signed" UrlEncoding;
    PlusAsBlank "plus-as-blank" UrlEncoding;

    // Environments.
    SandboxPathNotSigned "sandbox-path-not-signed" Environment;
    SandboxPathSigned "sandbox-path-signed" Environment;
    OtherClient "other-client" Environment;

    // What stands before the body.
    MethodLowerCase "method-lower-case" Layout;
    MethodGet "method-get" Layout;
    LineCrlf "line-crlf" Layout;
    LineLiteral "line-literal" Layout;
    LineBlank "line-blank" Layout;
    LineMissing "line-missing" Layout;
    FullUrl "full-url" Layout;
    OtherPath "other-path" Layout;
    ShortPath "short-path" Layout;
    SlashBehind "slash-behind" Layout;
    NoQuery "no-query" Layout;
    NoFirstLine "no-first-line" Layout;
    BodyAlone "body-alone" Layout;
    BodyEmpty "body-empty" Layout;
    ClientEmpty "client-empty" Layout;
    TimeEmpty "time-empty" Layout;
    TimeBeforeClient "time-before-client" Layout;
    DotsMissing "dots-missing" Layout;
    RequestTime "request-time" Layout;

    // Time.
    TimeWithoutZone "time-without-zone" Clock;
    TimeInMilliseconds "time-in-milliseconds" Clock;
    TimeInSeconds "time-in-seconds" Clock;
    TimeAsText "time-as-text" Clock;
    TimeOtherZone "time-other-zone" Clock;

    // Order.
    OrderAsSent "order-as-sent" Order;
    OrderReversed "order-reversed" Order;
    OrderIgnoringCase "order-ignoring-case" Order;
    OrderIgnoringUnderscore "order-ignoring-underscore" Order;
}

/// A mistake, and what it was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The mistake.
    pub mistake: Mistake,
    /// What fills the places of its sentences: the name of a field, of a key, of an algorithm.
    pub of: Vec<String>,
}

impl Step {
    /// A mistake without particulars.
    pub(crate) fn bare(mistake: Mistake) -> Self {
        Self { mistake, of: Vec::new() }
    }

    /// A mistake with particulars.
    pub(crate) fn with<const N: usize>(mistake: Mistake, of: [&str; N]) -> Self {
        Self { mistake, of: of.map(str::to_owned).to_vec() }
    }

    /// What happened.
    pub fn says(&self) -> Phrase {
        self.said("MISTAKE", self.mistake.name())
            .unwrap_or_else(|| Phrase { says: self.mistake.name().to_owned(), of: Vec::new() })
    }

    /// The change to make: that of the mistake, or that of its cause.
    pub fn fix(&self) -> Phrase {
        self.said("FIX", self.mistake.name())
            .or_else(|| self.said("FIX", self.mistake.cause().name()))
            .unwrap_or_else(|| self.says())
    }

    fn said(&self, kind: &str, word: &str) -> Option<Phrase> {
        Sentence::of_word(kind, word).map(|sentence| sentence.with(&self.of))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use evidence::words::{Sentence, table};

    use super::Mistake;
    use crate::cause::Cause;

    #[test]
    fn every_mistake_and_every_cause_has_its_sentences_and_no_sentence_is_left_over() {
        let mut names = BTreeSet::new();
        for mistake in Mistake::ALL {
            assert!(names.insert(format!("MISTAKE_{}", said(mistake.name()))), "{mistake:?}");
            assert!(Sentence::of_word("MISTAKE", mistake.name()).is_some(), "{mistake:?}");
            names.insert(format!("FIX_{}", said(mistake.name())));
        }
        for cause in Cause::ALL {
            assert!(Sentence::of_word("CAUSE", cause.name()).is_some(), "{cause:?}");
            assert!(Sentence::of_word("FIX", cause.name()).is_some(), "{cause:?}");
            names.insert(format!("FIX_{}", said(cause.name())));
        }
        for sentence in table() {
            let ours = sentence.key.starts_with("MISTAKE_") || sentence.key.starts_with("FIX_");
            assert!(!ours || names.contains(sentence.key), "{}", sentence.key);
        }
    }

    fn said(word: &str) -> String {
        word.to_ascii_uppercase().replace('-', "_")
    }
}
