//! What is answered, and how it is written: XML of the shape that every client takes, text, or a
//! page.

use protocol::legacy::{Answer, Charset, Response, Service, SignType, Signer, Told};
use wire::Reply;

use super::calls::Call;
use super::cashier;
use super::service::{Ending, error_names, word};
use super::switches::{Charsets, DsaForm};
use crate::defect::Defect;
use crate::rules::Signature;
use crate::switches::Switches;
use crate::tenant::Tenant;

/// Names and values of a response.
pub(crate) type Pairs = Vec<(String, String)>;

/// An answer before it is signed.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) what: What,
    pub(crate) signature: Signature,
}

/// What kind of answer it is.
#[derive(Debug)]
pub(crate) enum What {
    /// `is_success=F` with this code.
    Rejected(String),
    /// `is_success=T`, with the element inside `response` where the service has one.
    Accepted(Option<Response>),
    /// A text and nothing else.
    Text(String),
    /// A page for a browser.
    Page(String),
}

impl Said {
    pub(crate) fn of(what: What) -> Self {
        Self { what, signature: Signature::Right }
    }

    pub(crate) fn rejected(code: impl Into<String>) -> Self {
        Self::of(What::Rejected(code.into()))
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::of(What::Text(text.into()))
    }

    pub(crate) fn page(page: String) -> Self {
        Self::of(What::Page(page))
    }

    pub(crate) fn response(node: &str, fields: Pairs) -> Self {
        let response = Response { node: node.to_owned(), fields };
        Self::of(What::Accepted(Some(response)))
    }

    /// The answer of a service that speaks in `result_code`, and the code of a refusal.
    pub(crate) fn result(
        service: Service,
        ending: Ending,
        code: Option<&str>,
        pairs: Pairs,
        switches: &Switches,
    ) -> Self {
        let ended = word(service, ending, switches.legacy.plain_words);
        let mut fields = vec![("result_code".to_owned(), ended.to_owned())];
        for name in error_names(service) {
            fields.extend(code.map(|code| ((*name).to_owned(), code.to_owned())));
        }
        fields.extend(pairs);
        Self::response("alipay", fields)
    }

    /// What the journal notes: the code of the refusal, or how the call ended.
    pub(crate) fn code(&self) -> String {
        let field = |response: &Response, wanted: &[&str]| {
            let find = |name: &&str| response.fields.iter().find(|(own, _)| own == *name);
            wanted.iter().find_map(find).map(|(_, value)| value.clone())
        };
        let names = ["error", "detail_error_code", "response_code", "result_code"];
        match &self.what {
            What::Rejected(code) => code.clone(),
            What::Accepted(None) => "T".into(),
            What::Accepted(Some(response)) => field(response, &names).unwrap_or_else(|| "T".into()),
            What::Page(_) => "page".into(),
            What::Text(text) => text.lines().next().unwrap_or_default().chars().take(80).collect(),
        }
    }
}

/// A pair of a response; one without a value is not written.
pub(crate) fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn page(content_type: &str, body: Vec<u8>) -> Reply {
    let headers = vec![("content-type".to_owned(), content_type.to_owned())];
    Reply { status: 200, headers, body }
}

impl Tenant {
    /// Writes an answer to a call, in its charset and under the gateway's key of its `sign_type`.
    pub(crate) fn legacy_reply(&self, call: &Call, said: Said) -> Reply {
        let switches = self.switches();
        let (told, response) = match said.what {
            What::Text(text) => return page("text/plain;charset=utf-8", text.into_bytes()),
            What::Page(text) => return page("text/html;charset=utf-8", text.into_bytes()),
            What::Rejected(code) if call.is_browsed() => {
                let text = cashier::refusal(&code);
                return page("text/html;charset=utf-8", text.into_bytes());
            }
            What::Rejected(error) => (Told::Rejected { error }, None),
            What::Accepted(response) => (Told::Accepted, response),
        };
        let charset = match switches.legacy.charsets {
            Charsets::AsAsked => call.charset(),
            Charsets::Gbk => Charset::Gbk,
        };
        let accepted = told == Told::Accepted;
        let request = if accepted { call.echo() } else { Vec::new() };
        let mut answer = Answer { charset, told, request, response, sign: None, sign_type: None };
        if said.signature != Signature::Missing {
            self.sign_answer(call, &mut answer, said.signature == Signature::Wrong, &switches);
        }
        self.xml(answer)
    }

    /// Writes an answer; what cannot be written is left out, and in the end said so.
    fn xml(&self, mut answer: Answer) -> Reply {
        let declared = answer.charset;
        let content_type = match declared {
            Charset::Utf8 => "text/xml;charset=utf-8".to_owned(),
            Charset::Gbk | Charset::Gb2312 => format!("text/xml;charset={}", declared.name()),
        };
        let written = answer.write().or_else(|_fault| {
            // A name or a character of the call that XML or the charset does not have.
            answer.request.clear();
            answer.write()
        });
        let body = written.unwrap_or_else(|_fault| {
            b"<?xml version=\"1.0\" encoding=\"utf-8\"?><alipay><is_success>F</is_success>\
              <error>SYSTEM_ERROR</error></alipay>"
                .to_vec()
        });
        let labelled = declared != Charset::Utf8 && !body.is_ascii();
        if labelled && self.strikes(Defect::LegGbkLabelOnly) {
            let text = declared.decode(&body).map(|text| text.into_owned().into_bytes());
            return page(&content_type, text.unwrap_or(body));
        }
        page(&content_type, body)
    }

    fn sign_answer(&self, call: &Call, answer: &mut Answer, wrong: bool, switches: &Switches) {
        let Some(signer) = call.sign_type().and_then(|of| self.signer(of)) else { return };
        let text = match (&answer.told, answer.text_to_sign(protocol::legacy::Empties::Dropped)) {
            (Told::Rejected { error }, _) if switches.legacy.signed_refusals => {
                format!("error={error}")
            }
            (Told::Rejected { .. }, _) | (Told::Accepted, None) => return,
            (Told::Accepted, Some(_)) if self.strikes(Defect::LegAnswerUnsigned) => return,
            (Told::Accepted, Some(text)) => self.signed_text(answer, text),
        };
        let text = if wrong { "another=text".to_owned() } else { text };
        // Its signature covers the bytes of the call's charset.
        let Ok(bytes) = call.charset().encode(&text) else { return };
        let Ok(sign) = self.sign_bytes(&signer, &bytes, switches) else { return };
        answer.sign = Some(sign);
        answer.sign_type = Some(signer.sign_type().name().to_owned());
    }

    /// The text as it is signed; by a defect the one that stands in the XML.
    fn signed_text(&self, answer: &Answer, text: String) -> String {
        let escape =
            |value: &str| value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let values = answer.response.iter().flat_map(|response| &response.fields);
        let escaped = values.clone().any(|(_, value)| escape(value) != *value);
        if escaped && self.strikes(Defect::LegSignEscaped) {
            let mut escaped = answer.clone();
            let fields = escaped.response.iter_mut().flat_map(|response| &mut response.fields);
            for (_, value) in fields {
                *value = escape(value);
            }
            return escaped.text_to_sign(protocol::legacy::Empties::Dropped).unwrap_or_default();
        }
        text
    }

    /// Signs bytes as the gateway does: by a defect with SHA-1 under the label RSA2, by a switch
    /// with a DSA signature of bare numbers.
    pub(crate) fn sign_bytes(
        &self,
        signer: &Signer,
        bytes: &[u8],
        switches: &Switches,
    ) -> Result<String, signing::SignError> {
        match signer {
            Signer::Rsa2(key) if self.strikes(Defect::LegRsa2Sha1) => {
                Signer::Rsa(key.clone()).sign(bytes)
            }
            Signer::Dsa(key) if switches.legacy.dsa == DsaForm::Raw => {
                let der = key.sign(bytes)?;
                Ok(signing::base64_encode(&side_by_side(&der).unwrap_or(der)))
            }
            Signer::Md5(_) | Signer::Rsa(_) | Signer::Rsa2(_) | Signer::Dsa(_) => {
                signer.sign(bytes)
            }
        }
    }

    /// The gateway's signer of a type.
    pub(crate) fn signer(&self, of: SignType) -> Option<Signer> {
        match &self.terms().contract {
            crate::terms::Contract::Ams { .. } => None,
            crate::terms::Contract::Legacy { gateway, .. } => {
                gateway.iter().find(|signer| signer.sign_type() == of).cloned()
            }
        }
    }
}

/// The two numbers of a DER signature in 20 bytes each.
fn side_by_side(der: &[u8]) -> Option<Vec<u8>> {
    let number = |bytes: &[u8]| -> Option<(Vec<u8>, usize)> {
        let length = usize::from(*bytes.get(1)?);
        let digits = bytes.get(2..2 + length)?;
        let start = digits.iter().position(|byte| *byte != 0).unwrap_or(digits.len());
        let digits = digits.get(start..)?;
        let padded = [&vec![0; 20_usize.checked_sub(digits.len())?], digits].concat();
        Some((padded, 2 + length))
    };
    let rest = der.get(2..)?;
    let (first, length) = number(rest)?;
    let (second, _) = number(rest.get(length..)?)?;
    Some([first, second].concat())
}
