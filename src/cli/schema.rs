//! `assay schema`: the JSON Schema of the profile, for editors.

use clap::Args;

use super::output::Terminal;
use crate::exit::{CommandError, Exit};
use crate::profile;

/// Write the JSON Schema of the profile, for editors.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  assay schema > assay.schema.json")]
pub(super) struct Schema {}

impl Schema {
    #[expect(clippy::unused_self, reason = "every command is performed so")]
    pub(super) fn perform(&self, terminal: &mut Terminal) -> Result<Exit, CommandError> {
        let text = serde_json::to_string_pretty(&profile::schema())
            .map_err(|error| CommandError::Bug(error.to_string().into()))?;
        terminal.raw(&(text + "\n"));
        Ok(Exit::Acceptable)
    }
}
