//! The JSON Schema of the profile, for editors.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::raw::RawProfile;

/// The JSON Schema of the profile, in the draft of 2020-12. It is made of the types that the profile
/// is read into, so it has the fields that are read and no others.
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<RawProfile>().to_value()
}
