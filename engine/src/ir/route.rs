//! Routes: how a call of the bank's API becomes a request.

use serde::{Deserialize, Serialize};

/// One endpoint, cut by discriminator, and where its facts stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// HTTP method in capitals.
    pub method: String,
    /// Path template such as `/v1/user/{userID}/monetary-account/{monetary-accountID}/payment`.
    pub path: String,
    /// Index of the operation.
    pub operation: u32,
}
