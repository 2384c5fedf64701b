//! The text of the newer generation in the making, and the ways in which it goes wrong.

use std::rc::Rc;

use protocol::ams::{Api, text_to_sign};
use protocol::{GMT8, iso8601, parse_time};

use crate::bytes::{Change, OF_BODY, OF_TEXT};
use crate::json::{Escapes, Gaps, Json, Style};
use crate::mistake::{Mistake, Step};
use crate::search::{Draft, Part, Variant};

/// Members of a body that are left out one by one: the largest documented message has fewer.
const MOST_MEMBERS: usize = 120;

/// Bytes of the largest body that is taken apart: each member that is left out makes a tree.
pub(crate) const LARGEST_TREE: usize = 64 << 10;

/// What a message signs, as it was received.
pub(crate) struct Received {
    pub(crate) target: String,
    pub(crate) host: Option<String>,
    pub(crate) client: String,
    pub(crate) time: String,
    /// The time of the call, where this is its answer.
    pub(crate) other_time: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// A draft.
#[derive(Clone)]
pub(crate) struct Text {
    method: &'static str,
    target: String,
    line: &'static str,
    client: String,
    time: String,
    frame: Frame,
    body: Body,
}

/// How the parts are put together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Documented,
    NoFirstLine,
    BodyAlone,
    TimeBeforeClient,
    NoDots,
}

#[derive(Clone)]
struct Body {
    sent: Rc<[u8]>,
    tree: Option<Rc<Json>>,
    /// How the tree is written; not at all where the bytes are those that were sent.
    style: Option<Style>,
    after: Vec<Change>,
}

impl Body {
    fn write(&self) -> Vec<u8> {
        let mut bytes = match (&self.tree, self.style) {
            (Some(tree), Some(style)) => tree.write(style),
            (Some(_) | None, _) => self.sent.to_vec(),
        };
        for change in &self.after {
            bytes = change(&bytes).unwrap_or(bytes);
        }
        bytes
    }
}

impl Draft for Text {
    fn write(&self) -> Vec<u8> {
        let body = self.body.write();
        let (client, time) = (&self.client, &self.time);
        let first = || format!("{} {}{}", self.method, self.target, self.line);
        let before = match self.frame {
            Frame::Documented if self.method == "POST" && self.line == "\n" => {
                return text_to_sign(&self.target, client, time, &body);
            }
            Frame::Documented => format!("{}{client}.{time}.", first()),
            Frame::NoFirstLine => format!("{client}.{time}."),
            Frame::BodyAlone => String::new(),
            Frame::TimeBeforeClient => format!("{}{time}.{client}.", first()),
            Frame::NoDots => format!("{}{client}{time}", first()),
        };
        [before.into_bytes(), body].concat()
    }
}

impl Text {
    /// The documented text of a message.
    pub(crate) fn of(received: &Received) -> Self {
        Self {
            method: "POST",
            target: received.target.clone(),
            line: "\n",
            client: received.client.clone(),
            time: received.time.clone(),
            frame: Frame::Documented,
            body: Body {
                sent: received.body.as_slice().into(),
                tree: tree(received).map(Rc::new),
                style: None,
                after: Vec::new(),
            },
        }
    }
}

/// Every mistake that is tried, with the other clients and paths that are known.
pub(crate) fn variants(
    received: &Received,
    clients: &[String],
    targets: &[String],
) -> Vec<Variant<Text>> {
    let mut variants = Vec::new();
    lines(&mut variants);
    paths(&mut variants, received, targets);
    clients_and_times(&mut variants, received, clients);
    styles(&mut variants);
    trees(&mut variants);
    for (mistake, change) in OF_BODY.iter().chain(OF_TEXT) {
        variants.push(Variant::new(Step::bare(*mistake), Part::Texts, move |text: &Text| {
            let mut text = text.clone();
            text.body.after.push(*change);
            Some(text)
        }));
    }
    leave_one_out(&mut variants, received);
    variants.sort_by_key(|variant| variant.step.mistake.cause());
    variants
}

fn frame(variants: &mut Vec<Variant<Text>>, step: Step, edit: impl Fn(&mut Text) + 'static) {
    variants.push(Variant::new(step, Part::Frame, move |text: &Text| {
        let mut text = text.clone();
        edit(&mut text);
        Some(text)
    }));
}

fn lines(variants: &mut Vec<Variant<Text>>) {
    for (mistake, method) in [(Mistake::MethodLowerCase, "post"), (Mistake::MethodGet, "GET")] {
        frame(variants, Step::bare(mistake), move |text| text.method = method);
    }
    for (mistake, line) in [
        (Mistake::LineCrlf, "\r\n"),
        (Mistake::LineLiteral, "\\n"),
        (Mistake::LineBlank, " "),
        (Mistake::LineMissing, ""),
    ] {
        frame(variants, Step::bare(mistake), move |text| text.line = line);
    }
    for (mistake, shape) in [
        (Mistake::NoFirstLine, Frame::NoFirstLine),
        (Mistake::BodyAlone, Frame::BodyAlone),
        (Mistake::TimeBeforeClient, Frame::TimeBeforeClient),
        (Mistake::DotsMissing, Frame::NoDots),
    ] {
        frame(variants, Step::bare(mistake), move |text| text.frame = shape);
    }
}

fn paths(variants: &mut Vec<Variant<Text>>, received: &Received, others: &[String]) {
    let mut path = |mistake, of: &[&str], target: String| {
        let of = of.iter().map(|it| (*it).to_owned()).collect();
        frame(variants, Step { mistake, of }, move |text| text.target.clone_from(&target));
    };
    let target = &received.target;
    for scheme in ["https", "http"] {
        if let Some(host) = &received.host {
            path(Mistake::FullUrl, &[], format!("{scheme}://{host}{target}"));
        }
    }
    if target.contains("/ams/sandbox/api/") {
        let target = target.replacen("/ams/sandbox/api/", "/ams/api/", 1);
        path(Mistake::SandboxPathNotSigned, &[], target);
    } else if target.contains("/ams/api/") {
        path(Mistake::SandboxPathSigned, &[], target.replacen("/ams/api/", "/ams/sandbox/api/", 1));
    }
    for prefix in ["/ams/sandbox/api", "/ams/api", "/ams/sandbox", "/ams"] {
        if let Some(rest) = target.strip_prefix(prefix) {
            path(Mistake::ShortPath, &[rest], rest.to_owned());
        }
    }
    if let Some(rest) = target.strip_prefix('/') {
        path(Mistake::ShortPath, &[rest], rest.to_owned());
    }
    let slashed = match target.split_once('?') {
        Some((before, query)) => {
            path(Mistake::NoQuery, &[], before.to_owned());
            format!("{before}/?{query}")
        }
        None => format!("{target}/"),
    };
    path(Mistake::SlashBehind, &[], slashed);
    if let Some(bare) = target.strip_suffix('/') {
        path(Mistake::SlashBehind, &[], bare.to_owned());
    }
    let known = Api::ALL.iter().filter(|_| Api::of(target).is_some());
    let known = known.map(|api| api.path(&received.client));
    for other in others.iter().cloned().chain(known).filter(|other| other != target) {
        path(Mistake::OtherPath, &[&other], other.clone());
    }
}

fn clients_and_times(variants: &mut Vec<Variant<Text>>, received: &Received, clients: &[String]) {
    for client in clients.iter().filter(|client| **client != received.client) {
        let (client, step) = (client.clone(), Step::with(Mistake::OtherClient, [client]));
        frame(variants, step, move |text| text.client.clone_from(&client));
    }
    frame(variants, Step::bare(Mistake::ClientEmpty), |text| text.client.clear());
    frame(variants, Step::bare(Mistake::TimeEmpty), |text| text.time.clear());
    let mut time = |mistake, time: String| {
        let step = Step::with(mistake, [&time]);
        frame(variants, step, move |text| text.time.clone_from(&time));
    };
    if let Some(other) = &received.other_time {
        time(Mistake::RequestTime, other.clone());
    }
    let sent = received.time.as_str();
    if let Some((bare, _zone)) = sent.split_at_checked(19) {
        time(Mistake::TimeWithoutZone, bare.to_owned());
        time(Mistake::TimeWithoutZone, bare.replace('T', " "));
    }
    let Some(moment) = parse_time(sent) else { return };
    time(Mistake::TimeInMilliseconds, moment.to_string());
    time(Mistake::TimeInSeconds, moment.div_euclid(1000).to_string());
    let here = iso8601(moment);
    let there = iso8601(moment - GMT8);
    let utc = there.trim_end_matches("+08:00").to_owned();
    let written = if sent.contains('T') { Mistake::TimeOtherZone } else { Mistake::TimeAsText };
    time(written, here.clone());
    time(written, format!("{utc}Z"));
    time(written, format!("{utc}+00:00"));
    time(written, here.replace("+08:00", "+0800"));
    if sent.contains('T') {
        return;
    }
    for shift in [GMT8, -GMT8] {
        time(Mistake::TimeOtherZone, (moment + shift).to_string());
    }
}

fn restyled(
    variants: &mut Vec<Variant<Text>>,
    mistake: Mistake,
    edit: impl Fn(&mut Style) + 'static,
) {
    variants.push(Variant::new(Step::bare(mistake), Part::Fields, move |text: &Text| {
        text.body.tree.as_ref()?;
        let mut text = text.clone();
        edit(text.body.style.get_or_insert(Style::COMPACT));
        Some(text)
    }));
}

fn styles(variants: &mut Vec<Variant<Text>>) {
    restyled(variants, Mistake::JsonCompact, |_| {});
    restyled(variants, Mistake::JsonSpaced, |style| style.gaps = Gaps::Spaced);
    for by in [2, 4] {
        restyled(variants, Mistake::JsonPretty, move |style| style.gaps = Gaps::Pretty(by));
    }
    restyled(variants, Mistake::JsonSorted, |style| style.sorted = true);
    for (mistake, escapes) in [
        (Mistake::JsonAscii, Escapes::Ascii),
        (Mistake::JsonSlashes, Escapes::Slashes),
        (Mistake::JsonHtml, Escapes::Html),
        (Mistake::JsonGson, Escapes::Gson),
        (Mistake::JsonDotNet, Escapes::DotNet),
        (Mistake::JsonPlain, Escapes::Plain),
        (Mistake::JsonPhp, Escapes::AsciiSlashes),
    ] {
        restyled(variants, mistake, move |style| style.escapes = escapes);
    }
    restyled(variants, Mistake::JsonPython, |style| {
        *style = Style { gaps: Gaps::Spaced, escapes: Escapes::Ascii, sorted: style.sorted };
    });
}

fn regrown(variants: &mut Vec<Variant<Text>>, step: Step, grow: impl Fn(&Json) -> Json + 'static) {
    variants.push(Variant::new(step, Part::Fields, move |text: &Text| {
        let tree = Rc::new(grow(text.body.tree.as_ref()?));
        // What changes nothing is not written anew either.
        if Some(&tree) == text.body.tree.as_ref() {
            return None;
        }
        let mut text = text.clone();
        text.body.tree = Some(tree);
        text.body.style.get_or_insert(Style::COMPACT);
        Some(text)
    }));
}

fn trees(variants: &mut Vec<Variant<Text>>) {
    regrown(variants, Step::bare(Mistake::NullsNotSigned), |tree| {
        tree.only(&|_, value| !value.is_null())
    });
    regrown(variants, Step::bare(Mistake::EmptiesNotSigned), |tree| {
        tree.only(&|_, value| !value.is_empty())
    });
    regrown(variants, Step::bare(Mistake::JsonNumbers), |tree| tree.mapped(&Json::text_as_number));
    regrown(variants, Step::bare(Mistake::JsonTexts), |tree| tree.mapped(&Json::number_as_text));
}

/// The body taken apart, where it is JSON and not too large for that.
fn tree(received: &Received) -> Option<Json> {
    Some(&received.body).filter(|body| body.len() <= LARGEST_TREE).and_then(|body| Json::read(body))
}

fn leave_one_out(variants: &mut Vec<Variant<Text>>, received: &Received) {
    let Some(tree) = tree(received) else { return };
    for path in tree.paths().into_iter().take(MOST_MEMBERS) {
        let step = Step::with(Mistake::LeftOut, [&path]);
        regrown(variants, step, move |tree| tree.without(&path));
    }
}
