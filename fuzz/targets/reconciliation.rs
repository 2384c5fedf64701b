//! A reconciliation file of each kind, and the path of one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::ams::reconciliation::{FileKind, FileName, Reader, Writer};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(name) = FileName::parse(text)
    {
        assert_eq!(name.path(), text);
    }
    for kind in FileKind::ALL {
        let part = match kind {
            FileKind::TransactionItems => "KRW",
            FileKind::SettlementItems | FileKind::SettlementSummary => "USD_2018122611021040123",
        };
        let path = format!("/v1/settlements/1022/20181225/{}_{part}_000.csv", kind.prefix());
        let Ok(name) = FileName::parse(&path) else { return };
        let mut reader = Reader::new(&name, bytes);
        while let Some(row) = reader.next_row() {
            match row {
                // What was read is written, and reads back as the same row.
                Ok((_, row)) => {
                    let mut writer = Writer::new(kind);
                    writer.row(&row);
                    let written = writer.finish();
                    let mut again = Reader::new(&name, written.as_slice());
                    assert_eq!(again.next_row(), Some(Ok((2, row))));
                }
                Err(fault) => drop(fault.to_string()),
            }
        }
        assert!(reader.next_row().is_none());
        assert!(reader.notes().len() <= 6);
    }
});
