//! A merchant that is a program: one that works, and those that do not.

use std::sync::Arc;

use evidence::words::Language;
use parking_lot::Mutex;
use protocol::Day;
use protocol::ams::reconciliation::FileKind;
use serde_json::{Value, json};

use super::{ODD, charge};
use crate::adapter::Operation;
use crate::tests::usd;
use crate::{CancelOrder, Command, Driver, DriverError, Launch, RefundOrder};

/// How long these tests wait for what never comes, in milliseconds.
const SHORT: i64 = 300;
/// How long they wait for what does.
const LONG: i64 = 60_000;

type Words = Arc<Mutex<Vec<String>>>;

/// The driver of a program, and what it writes for people.
fn command(program: &str, arguments: &[&str], grace: i64) -> (Command, Words) {
    let arguments = arguments.iter().map(ToString::to_string).collect();
    let launch = Launch { program: program.into(), arguments, folder: None };
    let words = Words::default();
    let kept = words.clone();
    let listener = move |line: &str| kept.lock().push(line.to_owned());
    let mut driver = Command::with_grace(launch, listener, grace).unwrap();
    driver.set_limit(LONG);
    (driver, words)
}

fn shell(script: &str) -> (Command, Words) {
    command("sh", &["-c", script], LONG)
}

/// The till in Python, where there is one.
fn till(order: &str) -> Option<(Command, Words)> {
    let known = std::process::Command::new("python3").arg("--version").output();
    if known.is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI needs python3");
        return None;
    }
    Some(command("python3", &["-c", include_str!("till.py"), order], LONG))
}

/// What is said of a call that failed, without the command line, and that it is said in Chinese.
#[track_caller]
fn said(error: &DriverError) -> String {
    let (DriverError::Unreachable(trouble) | DriverError::Unreadable(trouble)) = error else {
        panic!("{error:?}");
    };
    let zh = error.says().text(Language::Zh);
    assert!(zh.starts_with("商户命令 ") && zh.contains("预期："), "{zh}");
    let en = error.to_string();
    let head = format!("'{}' to the merchant's command ", trouble.operation);
    let rest = en.strip_prefix(&head).unwrap_or_else(|| panic!("{en}"));
    rest.split_once(": ").unwrap().1.to_owned()
}

async fn charged(driver: &Command) -> String {
    said(&driver.charge(charge("A1")).await.unwrap_err())
}

const DECISION: &str = "status 202, 501, or one of 400 to 499 with the reason was expected";

#[tokio::test]
async fn a_program_is_asked_in_lines_and_its_answers_are_the_merchants() {
    let Some((driver, words)) = till("at-once") else { return };
    driver.charge(charge(ODD)).await.unwrap();
    let view = driver.order(ODD).await.unwrap().unwrap();
    assert_eq!(view.order, ODD);
    assert_eq!(driver.order("unknown").await, Ok(None));
    let (slip, reason) = ("S1".to_owned(), "line\nbreak".to_owned());
    let refund = RefundOrder { order: "A1".into(), slip, amount: usd(31), reason };
    let refused = DriverError::Refused("the till is closed: 茶".into());
    assert_eq!(driver.refund(refund.clone()).await, Err(refused));
    let refused = Err(DriverError::Refused("no such order".into()));
    assert_eq!(driver.cancel(CancelOrder { order: "A1".into() }).await, refused);
    let (day, kind) = (Day::parse("20260105").unwrap(), FileKind::SettlementItems);
    let lacking = DriverError::Unsupported(Operation::Reconciliation, "no reconciliation".into());
    assert_eq!(driver.reconciliation(day, kind).await, Err(lacking));
    drop(driver);

    let told = words.lock().clone();
    let (last, calls) = told.split_last().unwrap();
    assert_eq!(last, "the till is closed");
    let calls: Vec<Value> = calls.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let wanted = [
        json!({ "id": 1, "call": "charge", "body": charge(ODD) }),
        json!({ "id": 2, "call": "order", "body": { "id": ODD } }),
        json!({ "id": 3, "call": "order", "body": { "id": "unknown" } }),
        json!({ "id": 4, "call": "refund", "body": refund }),
        json!({ "id": 5, "call": "cancel", "body": { "order": "A1" } }),
        json!({ "id": 6, "call": "reconciliation", "body": { "day": "20260105", "kind": "settlement-items" } }),
    ];
    assert_eq!(calls, wanted);
}

#[tokio::test]
async fn answers_in_any_order_find_who_asked() {
    let Some((driver, _words)) = till("in-threes-from-behind") else { return };
    let (one, two, three) =
        tokio::join!(driver.order("A1"), driver.order("unknown"), driver.order("A3"));
    assert_eq!(one.unwrap().unwrap().order, "A1");
    assert_eq!(two.unwrap(), None);
    assert_eq!(three.unwrap().unwrap().order, "A3");
}

#[tokio::test]
async fn a_process_that_ends_is_started_once_more_and_no_more() {
    let (driver, words) =
        shell("echo here >&2; read call; echo 'no \u{8336}\u{1b}[1m' >&2; exit 3");
    for _ in 0..2 {
        let error = driver.charge(charge("A1")).await.unwrap_err();
        assert!(matches!(error, DriverError::Unreachable(_)));
        let told = "the process ended before it answered (exit status: 3)";
        let remedy = "look at what it wrote to its standard error, and keep it running until its standard input ends";
        assert_eq!(said(&error), format!("{told}; {DECISION}; {remedy}"));
    }
    let ended = "the process ended before it answered (exit status: 3); ";
    assert!(charged(&driver).await.starts_with(ended));
    drop(driver);
    let line = "no 茶\u{1b}[1m";
    assert_eq!(*words.lock(), ["here", line, "here", line]);
}

#[tokio::test]
async fn the_last_words_of_a_process_come_before_the_error() {
    let (driver, words) = shell("read call; (sleep 0.2; echo last >&2) >&- & exit 1");
    driver.charge(charge("A1")).await.unwrap_err();
    assert_eq!(*words.lock(), ["last"]);
}

#[tokio::test]
async fn all_who_wait_learn_that_a_process_ended_and_the_next_call_finds_it_again() {
    let marker = std::env::temp_dir()
        .join(format!("assay-till-{}", signing::hex(&signing::random_bytes::<8>())));
    let script = format!(
        "if mkdir {0} 2>/dev/null; then read a; read b; echo '{{\"id\":2,\"status\":202}}'; exit; fi
         while read call; do echo '{{\"id\":1,\"status\":202}}'; done",
        marker.display()
    );
    let (driver, _words) = shell(&script);
    let (one, two) = tokio::join!(driver.charge(charge("A1")), driver.charge(charge("A2")));
    // What it said before it ended counts.
    assert!(
        said(&one.unwrap_err())
            .starts_with("the process ended before it answered (exit status: 0)")
    );
    assert_eq!(two, Ok(()));
    assert_eq!(driver.charge(charge("A3")).await, Ok(()));
    std::fs::remove_dir(marker).unwrap();
}

#[tokio::test]
async fn a_line_that_is_no_answer_ends_it_for_good() {
    let ask = "read call; ";
    let answer = r#"echo '{"id":1,"status":202}'; "#;
    let wanted = "one line of JSON with the id of a call, status and body was expected; write answers alone to \
                  standard output, and words for people to standard error";
    for (script, line) in [
        ("echo \"  Server   started\"; ", "Server started"),
        (r#"read call; echo '{"status":202}'; "#, r#"{"status":202}"#),
        (r#"read call; echo '{"id":2,"status":202}'; "#, r#"{"id":2,"status":202}"#),
        (r#"read call; echo '{"id":1,"status":"ok"}'; "#, r#"{"id":1,"status":"ok"}"#),
        (r"read call; printf '\377\n'; ", "\u{fffd}"),
    ] {
        let (driver, words) = shell(&format!("echo here >&2; {script}{ask}{answer}cat >&2"));
        let told = format!("it wrote a line that is no answer to a call: {line}; {wanted}");
        let error = driver.charge(charge("A1")).await.unwrap_err();
        assert!(matches!(error, DriverError::Unreadable(_)));
        assert_eq!(said(&error), told);
        assert_eq!(charged(&driver).await, told);
        assert_eq!(words.lock().iter().filter(|line| *line == "here").count(), 1, "{script}");
    }
    // Twice the same answer: the first was good, the second is nobody's.
    let (driver, _words) = shell(&format!("{ask}{answer}read call; {answer}cat >&2"));
    assert_eq!(driver.charge(charge("A1")).await, Ok(()));
    assert!(charged(&driver).await.starts_with("it wrote a line that is no answer to a call: "));
    let (driver, _words) = shell("head -c 5000000 /dev/zero; cat >&2");
    let told = format!("it wrote a line of more than {} bytes; ", wire::BODY_CAP);
    assert!(charged(&driver).await.starts_with(&told));
}

#[tokio::test]
async fn blank_lines_and_answers_after_their_time_are_no_fault() {
    let script = r#"read a; read b; echo; echo '{"id":1,"status":500}'; echo '{"id":2,"status":202}'; cat >&2"#;
    let (mut driver, _words) = shell(script);
    driver.set_limit(SHORT);
    let error = driver.charge(charge("A1")).await.unwrap_err();
    assert!(matches!(error, DriverError::Unreachable(_)));
    assert!(said(&error).starts_with(&format!(
        "no whole answer came within 0.{SHORT} s; {DECISION}; answer at once"
    )));
    driver.set_limit(LONG);
    assert_eq!(driver.charge(charge("A2")).await, Ok(()));
}

#[tokio::test]
async fn bodies_are_read_as_those_of_a_server() {
    let answers = [
        (r#"{"id":1,"status":200}"#, "status 200 came back with an empty body; "),
        (r#"{"id":1,"status":200,"body":null}"#, "status 200 came back with an empty body; "),
        (
            r#"{"id":1,"status":200,"body":{"order":"A1","till":"x"}}"#,
            "till at line 1, column 24 of the answer: unknown variant `x`",
        ),
        (r#"{"id":1,"status":502,"body":"broken"}"#, "status 502 came back, saying: broken; "),
    ];
    for (answer, told) in answers {
        let (driver, _words) = shell(&format!("read call; echo '{answer}'; cat >&2"));
        let found = said(&driver.order("A1").await.unwrap_err());
        assert!(found.starts_with(told), "{found}");
    }
    let (driver, _words) = shell(
        r#"read call; echo '{"id":1,"status":404,"body":{"error":"unknown call"}}'; cat >&2"#,
    );
    assert!(
        charged(&driver).await.starts_with("status 404 came back without words of the merchant's")
    );
}

#[tokio::test]
async fn a_program_that_is_not_there_is_told_so_every_time() {
    let (driver, _words) = command("/nowhere/till", &["--assay"], LONG);
    for _ in 0..3 {
        let error = driver.charge(charge("A1")).await.unwrap_err();
        let start =
            "'charge' to the merchant's command /nowhere/till --assay: it cannot be started (";
        assert!(error.to_string().starts_with(start), "{error}");
        assert!(matches!(error, DriverError::Unreachable(_)));
    }
}

#[tokio::test]
async fn a_process_ends_with_its_driver_by_itself_or_not() {
    let answer = r#"read call; echo '{"id":1,"status":202}'; "#;
    let (driver, words) =
        shell(&format!("{answer}while read call; do :; done; printf 'good night' >&2"));
    driver.charge(charge("A1")).await.unwrap();
    drop(driver);
    assert_eq!(*words.lock(), ["good night"]);

    let script = format!("echo $$ >&2; {answer}exec sleep 1000");
    let (driver, words) = command("sh", &["-c", &script], SHORT);
    driver.charge(charge("A1")).await.unwrap();
    drop(driver);
    let process = format!("/proc/{}", words.lock()[0]);
    assert!(!std::path::Path::new(&process).exists());
}

#[test]
fn a_driver_outlives_the_runtime_that_asked_first() {
    let script = r#"n=1; while read call; do echo "{\"id\":$n,\"status\":202}"; n=$((n+1)); done"#;
    let (driver, _words) = shell(script);
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_eq!(runtime.block_on(driver.charge(charge("A1"))), Ok(()));
    }
}
