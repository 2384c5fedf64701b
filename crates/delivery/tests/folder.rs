//! Files of a folder that is laid out as the gateway lays out its own.

use std::io::Read;

use delivery::{DeliveryError, Source};
use protocol::Day;
use protocol::ams::reconciliation::FileName;

#[tokio::test]
async fn a_folder_gives_the_files_of_a_day_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let (customer, day) = ("1022", Day::parse("20260105").unwrap());
    let source = Source::Folder(folder.path().to_owned());
    assert_eq!(source.list(customer, day).await, Ok(vec![]));

    let place = folder.path().join("v1/settlements/1022/20260105");
    std::fs::create_dir_all(place.join("deeper")).unwrap();
    let wanted = ["settlementItems_USD_7_000.csv", "settlementSummary_USD_7_000.csv"];
    for name in [wanted[1], wanted[0], "transactionItems_KRW.csv", "report.xlsx", "deeper/x.csv"] {
        std::fs::write(place.join(name), name).unwrap();
    }
    let files = source.list(customer, day).await.unwrap();
    assert_eq!(files.iter().map(ToString::to_string).collect::<Vec<_>>(), wanted);
    let mut text = String::new();
    source.open(&files[1]).await.unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, wanted[1]);

    let absent = FileName { sequence: 1, ..files[0].clone() };
    let told = source.open(&absent).await.unwrap_err();
    assert_eq!(told, DeliveryError::NoSuchFile(absent.path()));
    std::fs::remove_dir_all(&place).unwrap();
    std::fs::write(&place, "no directory").unwrap();
    let told = source.list(customer, day).await.unwrap_err();
    assert!(matches!(told, DeliveryError::Denied { .. }), "{told}");
}
