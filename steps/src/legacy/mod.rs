//! The older generation on the same stage: calls of the runner's own in its words, and the
//! sentences that judge those words.

mod own;

pub(crate) use own::form_of_own_call;
