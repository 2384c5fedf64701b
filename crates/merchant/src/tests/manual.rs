//! A person at the till, played by a script.

use std::collections::VecDeque;
use std::sync::Arc;

use evidence::words::Language;
use evidence::{Attachment, OrderState, RefundState, RegistrationState};
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use parking_lot::Mutex;
use protocol::ams::reconciliation::FileKind;
use protocol::{Amount, Day};

use crate::adapter::Operation;
use crate::{
    Away, Came, CancelOrder, Charge, Driver, DriverError, Form, Manual, Person, Present, Reconcile,
    RefundOrder, Register, Reply, Return, Task,
};

fn usd(value: &str) -> Amount {
    Amount::from_price(&format!("USD {value}")).unwrap()
}

/// Answers by a script, as typed, and keeps the tasks.
#[derive(Default)]
struct Scripted {
    answers: Mutex<VecDeque<Vec<&'static str>>>,
    tasks: Mutex<Vec<Task>>,
    ends: Mutex<VecDeque<Came>>,
    attaches: Mutex<Vec<Attachment>>,
}

impl Person for Scripted {
    fn ask(&self, task: Task) -> BoxFuture<'_, Result<Reply, Away>> {
        self.tasks.lock().push(task.clone());
        let Some(typed) = self.answers.lock().pop_front() else {
            return ready(Err(Away)).boxed();
        };
        assert_eq!(typed.len(), task.fields.len(), "{task:#?}");
        let told = task.fields.iter().zip(typed);
        let values =
            told.map(|(field, typed)| (field.name.clone(), field.form.read(typed).unwrap()));
        let came = self.ends.lock().pop_front().unwrap_or_default();
        let attached = std::mem::take(&mut *self.attaches.lock());
        ready(Ok(Reply { came, values: values.collect(), attached })).boxed()
    }
}

fn manual(answers: &[&[&'static str]]) -> (Manual, Arc<Scripted>) {
    let person = Arc::new(Scripted::default());
    person.answers.lock().extend(answers.iter().map(|typed| typed.to_vec()));
    (Manual::new(person.clone(), "AMS-PAY-001"), person)
}

fn charge(order: &str) -> Charge {
    Charge {
        order: order.into(),
        amount: usd("12.31"),
        text: "One coffee".into(),
        code: "281234567890123456".into(),
        store: "store-1".into(),
    }
}

fn slip(order: &str, slip: &str, amount: &str) -> RefundOrder {
    RefundOrder { order: order.into(), slip: slip.into(), amount: usd(amount), reason: "x".into() }
}

#[tokio::test]
async fn a_sale_is_told_to_the_person_and_its_end_by_the_person() {
    let (manual, person) = manual(&[&[], &["2", "paid", "12.31"]]);
    assert!(manual.is_by_hand());
    manual.charge(charge("A1")).await.unwrap();
    // That it waits was part of the task: nobody is asked for it, and it is told once.
    assert_eq!(manual.told_along("A1").unwrap().till, OrderState::Waiting);
    assert_eq!(manual.told_along("A1"), None);
    let view = manual.order("A1").await.unwrap().unwrap();
    assert_eq!((view.till, view.back_office), (OrderState::Paid, OrderState::Paid));
    assert_eq!((view.paid, view.bookings.len()), (Some(usd("12.31")), 1));
    assert!(!view.alarm && view.refunds.is_empty() && view.refunded.is_none());
    let tasks = person.tasks.lock();
    assert_eq!(tasks[0].picture.as_deref(), Some("281234567890123456"));
    let told = |task: &Task| -> Vec<String> {
        task.particulars.iter().map(|(_, value)| value.clone()).collect()
    };
    assert_eq!(told(&tasks[0]), ["A1", "USD 12.31", "One coffee", "store-1", "281234567890123456"]);
    assert_eq!((tasks[0].acts, tasks[1].acts), (true, false));
    for task in tasks.iter() {
        let zh = task.instruction.text(Language::Zh);
        assert!(!zh.is_ascii() && !task.expected.text(Language::Zh).is_ascii(), "{zh}");
    }
}

#[tokio::test]
async fn what_is_booked_twice_or_in_another_currency_is_not_hidden_by_the_sum() {
    for (typed, paid, bookings) in [
        ("", None, 0),
        ("12.31; USD 12.31", Some(usd("24.62")), 2),
        ("12.31; JPY 100", Some(Amount::from_price("JPY 100").unwrap()), 2),
    ] {
        let (manual, _) = manual(&[&[], &["5", "1", typed]]);
        manual.charge(charge("A1")).await.unwrap();
        let view = manual.order("A1").await.unwrap().unwrap();
        assert_eq!((view.paid, view.bookings.len()), (paid, bookings), "{typed}");
        assert_eq!((view.till, view.back_office), (OrderState::ForStaff, OrderState::Waiting));
        assert!(view.alarm);
    }
}

#[tokio::test]
async fn refunds_are_asked_for_by_their_slips() {
    let answers: [&[&str]; 5] =
        [&[], &[], &[], &["2", "2", "12.31", "2", "5", "5"], &["6", "6", "", "1", "1", ""]];
    let (manual, _) = manual(&answers);
    manual.charge(charge("A1")).await.unwrap();
    manual.refund(slip("A1", "S1", "5.00")).await.unwrap();
    manual.refund(slip("A1", "S2", "1.00")).await.unwrap();
    let view = manual.order("A1").await.unwrap().unwrap();
    // Of the second slip the till knows nothing.
    let states: Vec<_> = view.refunds.iter().map(|it| (it.slip.as_str(), it.state)).collect();
    assert_eq!(states, [("S1", RefundState::Refunded)]);
    assert_eq!(view.refunded, Some(usd("5.00")));
    assert_eq!(manual.order("A1").await, Ok(None));
}

#[tokio::test]
async fn what_is_shown_to_the_buyer_stays_with_the_order_and_so_does_the_page() {
    let present = |order: &str| Present {
        order: order.into(),
        amount: usd("12.31"),
        text: "One coffee".into(),
        store: "store-1".into(),
        device: (order == "A1").then(|| "web".into()),
        user_agent: None,
    };
    let answers: [&[&str]; 7] = [
        &["https://pay.example/1x"],
        &["2"],
        &["1", "1", "", "1"],
        &["3", "3", "", "2"],
        &["https://qr.example/2x"],
        &["1", "1", "", "2"],
        &[""],
    ];
    let (manual, _) = manual(&answers);
    manual.present(present("A1")).await.unwrap();
    let offered = manual.told_along("A1").unwrap().shown.unwrap();
    assert_eq!((offered.code, offered.link.as_deref()), (None, Some("https://pay.example/1x")));
    manual.open_return(Return { url: "http://shop/thanks".into() }).await.unwrap();
    let shown = manual.order("A1").await.unwrap().unwrap().shown.unwrap();
    assert_eq!(shown.page, Some(OrderState::Paid));
    assert_eq!(shown.link.as_deref(), Some("https://pay.example/1x"));
    // What is no longer offered is not told to be, and the page stays what it was.
    let shown = manual.order("A1").await.unwrap().unwrap().shown.unwrap();
    assert_eq!((shown.code, shown.link, shown.page), (None, None, Some(OrderState::Paid)));
    // At the till an address is a code like any other.
    manual.present(present("A2")).await.unwrap();
    let offered = manual.told_along("A2").unwrap().shown.unwrap();
    assert_eq!((offered.code.as_deref(), offered.link), (Some("https://qr.example/2x"), None));
    assert_eq!(manual.order("A2").await.unwrap().unwrap().shown, None);
    manual.present(present("A3")).await.unwrap();
    assert_eq!(manual.told_along("A3").unwrap().shown, None);
}

#[tokio::test]
async fn a_person_can_say_that_the_till_refused_or_has_no_such_thing() {
    let (manual, person) = manual(&[&[], &[], &[]]);
    let ends = [Came::Refused("not open".into()), Came::Lacking("no button".into())];
    person.ends.lock().extend(ends);
    let refused = manual.charge(charge("A1")).await;
    assert_eq!(refused, Err(DriverError::Refused("not open".into())));
    assert_eq!(manual.told_along("A1"), None);
    let cancel = CancelOrder { order: "A1".into() };
    let lacking = DriverError::Unsupported(Operation::Cancel, "no button".into());
    assert_eq!(manual.cancel(cancel.clone()).await, Err(lacking));
    manual.cancel(cancel.clone()).await.unwrap();
    // Whoever has left is no merchant that refuses.
    let Err(DriverError::Unreachable(trouble)) = manual.cancel(cancel).await else { panic!() };
    let (en, zh) = (trouble.says().text(Language::En), trouble.says().text(Language::Zh));
    assert!(en.starts_with("'cancel' to the tester at the till: nobody answers"), "{en}");
    assert!(zh.starts_with("对收银台测试人员的“cancel”：已无人应答"), "{zh}");
}

#[tokio::test]
async fn a_registration_is_done_by_hand_and_reconciling_is_not() {
    let (manual, person) = manual(&[&[], &["2", "ALIPAYCN, GCASH", ""], &["6", "", ""]]);
    let wish = Register {
        id: "M1".into(),
        name: "Bakery".into(),
        mcc: "5462".into(),
        address: "1 Harbour Road".into(),
        contact: "+65".into(),
        website: "https://bakery.example/".into(),
        sites: vec![],
        country: None,
        stores: vec![],
    };
    manual.register(wish).await.unwrap();
    let view = manual.merchant("M1").await.unwrap().unwrap();
    assert_eq!((view.state, view.wallets.len()), (RegistrationState::Approved, 2));
    assert_eq!(manual.merchant("M1").await, Ok(None));
    let (day, kind) = (Day::of(0), FileKind::TransactionItems);
    let asked = person.tasks.lock().len();
    let lacking = DriverError::Unsupported(Operation::Reconcile, String::new());
    assert_eq!(manual.reconcile(Reconcile { day, kind }).await, Err(lacking));
    assert_eq!(manual.reconciliation(day, kind).await, Ok(None));
    assert_eq!(person.tasks.lock().len(), asked);
}

#[tokio::test]
async fn what_is_attached_is_handed_on_once_also_with_a_refusal() {
    let (manual, person) = manual(&[&[]]);
    let picture = Attachment::of("a.png", b"\x89PNG\r\n\x1a\n1").unwrap();
    person.attaches.lock().push(picture.clone());
    person.ends.lock().push_back(Came::Refused("no".into()));
    assert!(manual.charge(charge("A1")).await.is_err());
    assert_eq!(manual.attached(), [picture]);
    assert_eq!(manual.attached(), []);
}

#[test]
fn what_is_typed_is_read_or_told_what_was_wanted() {
    let words = ["paid", "failed"].map(|word| (word.to_owned(), evidence::words::NOTHING.plain()));
    let choice = Form::Choice(words.into());
    let amounts = Form::Amounts { currency: "USD".into() };
    for (form, typed, read) in [
        (&choice, " 1 ", Some("paid")),
        (&choice, "failed", Some("failed")),
        (&choice, "", None),
        (&choice, "0", None),
        (&choice, "3", None),
        (&choice, "-1", None),
        (&Form::Text, " a b ", Some("a b")),
        (&amounts, "", Some("")),
        (&amounts, "12.3", Some("USD 12.30")),
        (&amounts, "JPY 1,000; 2", Some("JPY 1000; USD 2.00")),
        (&amounts, "12.345", None),
        (&amounts, "-1", None),
        (&amounts, "twelve", None),
    ] {
        assert_eq!(form.read(typed).ok().as_deref(), read, "{form:?} {typed:?}");
    }
}
