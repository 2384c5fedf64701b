//! Reading what the merchant tells about the days that it reconciles.

use evidence::{Event, Party};

use crate::live::Live;

impl Live {
    /// Reads every day that the merchant was asked for, and records what changed. Files that could
    /// not be fetched are no fault of the merchant's: whatever lies between broke the scenario.
    pub(crate) async fn read_reconciliations(&mut self) {
        for (day, kind) in self.reconciled.keys().copied().collect::<Vec<_>>() {
            match self.merchant.reconciliation(day, kind).await {
                Ok(view) => {
                    let known = self.reconciled.insert((day, kind), view.clone());
                    if let Some(view) = view.filter(|view| known.flatten().as_ref() != Some(view)) {
                        let trouble = view.trouble.clone();
                        let event = Event::Reconciliation { view: Box::new(view) };
                        self.recorder.append(self.clock.now(), event);
                        if let Some(trouble) = trouble {
                            self.broken(Party::Environment, trouble);
                        }
                    }
                }
                Err(why) => self.cannot_ask(&why),
            }
        }
    }
}
