//! Payments of a merchant that has numbers of its own and tells nobody those that the runner hands
//! out. Its scenarios play one after the other, so every payment is for one of the scenario's sales:
//! the one whose code it charges, else the first that has none yet, else the last.

use std::collections::BTreeMap;

use evidence::Way;
use protocol::ams::Api;

use super::Seen;

/// A sale, as far as it tells payments apart.
struct Sold {
    line: u32,
    order: String,
    code: Option<String>,
}

impl Seen {
    /// Finds the order of each payment that does not name it.
    pub(super) fn tell_apart(&mut self) {
        if !self.is_one_at_a_time() {
            return;
        }
        let text = |value: Option<&str>| value.map(str::to_owned);
        let sold = self.sales().filter_map(|sale| {
            let (order, code) = (text(sale.text("order"))?, text(sale.text("code")));
            Some(Sold { line: sale.line, order, code })
        });
        let sold: Vec<Sold> = sold.collect();
        // A payment is asked for again under the id that it has.
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for call in &mut self.exchanges {
            if call.way != Way::Call || call.own || call.api != Some(Api::Pay) {
                continue;
            }
            // What a call says of its order stands.
            call.told_apart = None;
            if sold.iter().any(|sale| call.is_for(&sale.order)) {
                continue;
            }
            let id = call.asked("paymentRequestId").unwrap_or_default();
            let order = known.get(&id).cloned().or_else(|| {
                let before: Vec<&Sold> =
                    sold.iter().filter(|sale| sale.line < call.line()).collect();
                let code = call.asked("paymentMethod.paymentMethodId");
                let scanned = before.iter().rfind(|sale| code.is_some() && sale.code == code);
                let paid = |sale: &&&Sold| known.values().any(|order| *order == sale.order);
                let fresh = || before.iter().find(|sale| !paid(sale));
                let behind = scanned.or_else(fresh).or(before.last())?;
                Some(behind.order.clone())
            });
            if let Some(order) = order {
                known.insert(id, order.clone());
                call.told_apart = Some(order);
            }
        }
    }
}
