//! The stage a scenario plays on: live on a gateway, or silent over a record that is read back.

use std::fmt;
use std::sync::Arc;

use evidence::words::CANNOT_JUDGE_OPEN;
use evidence::{CaseRecord, Pause};

use crate::live::Live;
use crate::{Finding, Seen};

/// What the steps of a scenario act on and judge.
///
/// Given and When steps act through the live part; on a silent stage they do nothing. Then steps
/// reach the record alone.
#[derive(Default, cucumber::World)]
pub struct Stage {
    live: Option<Live>,
    seen: Option<Arc<Seen>>,
    findings: Vec<Finding>,
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (live, findings) = (self.live.is_some(), self.findings.len());
        f.debug_struct("Stage")
            .field("live", &live)
            .field("findings", &findings)
            .finish_non_exhaustive()
    }
}

impl Stage {
    /// Sets the stage for a live scenario.
    pub fn set(&mut self, live: Live) {
        self.live = Some(live);
    }

    /// A stage over a record that was read.
    pub fn silent(seen: Arc<Seen>) -> Self {
        Self { live: None, seen: Some(seen), findings: vec![] }
    }

    /// The live part, for steps that act; each asks once. Nobody is there for one that was done in an
    /// earlier sitting of the run, or where the scenario waits for another.
    pub(crate) fn live(&mut self) -> Option<&mut Live> {
        let live = self.live.as_mut()?;
        live.begins().then_some(live)
    }

    /// How many Given and When steps of a live scenario have begun, those of earlier sittings included.
    pub fn begun(&self) -> Option<u32> {
        self.live.as_ref().map(Live::begun)
    }

    /// What the scenario waits for, where it goes on in another sitting of its run.
    pub fn waits(&self) -> Option<Pause> {
        self.live.as_ref().and_then(Live::waits)
    }

    /// Judges the record and keeps what was found. The first check of a live scenario only closes
    /// its record, which is judged like any other when it has been taken out.
    pub(crate) async fn judge(&mut self, check: impl FnOnce(&Seen) -> Finding) {
        if let Some(live) = &mut self.live {
            if live.waits().is_none() {
                live.close().await;
            }
            return;
        }
        let finding = match &self.seen {
            Some(seen) if seen.closed => check(seen),
            Some(_) | None => {
                let mut finding = Finding::new();
                finding.cannot_judge(CANNOT_JUDGE_OPEN.plain());
                finding
            }
        };
        self.findings.push(finding);
    }

    /// What the Then steps found so far, in their order.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Leaves the gateway, which keeps nothing of a scenario that is over.
    pub async fn leave(&mut self) {
        if let Some(live) = &mut self.live {
            live.control.leave().await;
        }
    }

    /// Takes the record of a live scenario out, closing nothing; the scenario ends with it.
    pub fn end(&mut self) -> Option<CaseRecord> {
        self.live.take().map(|live| live.recorder.take())
    }
}
