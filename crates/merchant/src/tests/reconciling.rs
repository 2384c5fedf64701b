//! Reports that come late, and what is done until they are there.

use std::path::PathBuf;

use delivery::Source;
use evidence::ReconciliationState::{self, Clean, Incomplete, Unfetched, Waiting};
use evidence::words::Language;
use protocol::Day;
use protocol::ams::reconciliation::{FileKind, Writer};

use super::{START, Stage, ok};
use crate::{Driver, Reconcile, Reference, Reports, Setup};

const HOUR: i64 = 3_600_000;

/// A merchant that fetches from a folder of its own, which is not there yet.
async fn fetching() -> (Stage, Reference, PathBuf) {
    let folder = std::env::temp_dir()
        .join(format!("assay-merchant-{}", signing::hex(&signing::random_bytes::<8>())));
    let stage = Stage::with(None, ok).await;
    let setup = Setup::clone(&stage.merchant.setup);
    let setup = Setup { reports: Reports::embedded(Source::Folder(folder.clone())), ..setup };
    let merchant = Reference::new(setup, stage.clock.clone(), wire::Client::new());
    (stage, merchant, folder)
}

#[tokio::test]
async fn what_is_absent_or_unfinished_is_fetched_again_every_hour_and_at_once_when_asked() {
    let (stage, merchant, folder) = fetching().await;
    let (day, kind) = (Day::of(START), FileKind::TransactionItems);
    let found = async || -> ReconciliationState {
        merchant.reconciliation(day, kind).await.unwrap().unwrap().state
    };
    let place = folder.join(format!("v1/settlements/1022188000000000001/{day}"));
    std::fs::create_dir_all(&place).unwrap();
    let whole = String::from_utf8(Writer::new(kind).finish()).unwrap();
    let deliver = |text: &str| {
        std::fs::write(place.join("transactionItems_USD_000.csv"), text).unwrap();
    };

    merchant.reconcile(Reconcile { day, kind }).await.unwrap();
    stage.until(1_000).await;
    assert_eq!(found().await, Waiting);
    deliver(&whole.replace("<END>\n", ""));
    stage.until(HOUR - 1).await;
    assert_eq!(found().await, Waiting);
    stage.until(HOUR).await;
    assert_eq!(found().await, Incomplete);
    deliver(&whole);
    merchant.reconcile(Reconcile { day, kind }).await.unwrap();
    stage.until(HOUR + 1).await;
    assert_eq!(found().await, Clean);
    // The earlier wish is over: its next hour changes nothing.
    deliver("spoilt");
    stage.until(80 * HOUR).await;
    assert_eq!(found().await, Clean);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_source_that_cannot_be_asked_is_told_and_asked_no_more_until_somebody_says_so() {
    let (stage, merchant, folder) = fetching().await;
    let (day, kind) = (Day::of(START), FileKind::TransactionItems);
    let customer = folder.join("v1/settlements/1022188000000000001");
    std::fs::create_dir_all(&customer).unwrap();
    // A file where a directory should be is neither an absent day nor one without sales.
    std::fs::write(customer.join(day.to_string()), "").unwrap();

    merchant.reconcile(Reconcile { day, kind }).await.unwrap();
    stage.until(1_000).await;
    let view = merchant.reconciliation(day, kind).await.unwrap().unwrap();
    let trouble = view.trouble.unwrap();
    let chinese = trouble.said(Language::Zh);
    assert!(chinese.starts_with("无法从目录获取文件：不予提供 "), "{chinese}");
    let trouble = trouble.to_string();
    assert_eq!(view.state, Unfetched);
    assert!(trouble.starts_with("files cannot be fetched from the folder: "), "{trouble}");
    assert!(!trouble.contains(&folder.display().to_string()), "{trouble}");
    std::fs::remove_file(customer.join(day.to_string())).unwrap();
    stage.until(80 * HOUR).await;
    let view = merchant.reconciliation(day, kind).await.unwrap().unwrap();
    assert_eq!(view.state, Unfetched);
    merchant.reconcile(Reconcile { day, kind }).await.unwrap();
    stage.until(81 * HOUR).await;
    let view = merchant.reconciliation(day, kind).await.unwrap().unwrap();
    assert_eq!((view.state, view.trouble), (Waiting, None));
    std::fs::remove_dir_all(&folder).unwrap();
}
