//! The merchant's own page, to which the wallet sends the buyer back. That somebody opens it proves
//! nothing.

use evidence::OrderState;

use crate::defect::Defect;
use crate::driver::DriverError;
use crate::reference::Reference;

impl Reference {
    /// The address of the page for an order.
    pub(crate) fn return_url(&self, order: &str) -> String {
        format!("{}?order={order}", self.setup.return_url)
    }

    /// Shows the page to whoever opens it.
    pub(crate) fn take_return(&self, url: &str) -> Result<(), DriverError> {
        if self.legacy().is_some() {
            return self.take_signed_return(url);
        }
        let mut orders = self.books.open();
        let known = orders.iter_mut().find(|(id, _)| self.return_url(id) == url);
        let Some((_, order)) = known else {
            return Err(DriverError::Refused(format!("no page of ours: {url}")));
        };
        order.came_back = true;
        if order.till == OrderState::Waiting && self.switch.strikes(Defect::ReturnIsPaid) {
            order.book();
        }
        Ok(())
    }
}
