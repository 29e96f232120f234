//! A call's name.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A call's name: unique everywhere, ordered by the time of the call (UUID version 7, RFC 9562).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(Uuid);

impl CallId {
    /// A new name for a call that begins now.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// The name in a form that may stand in a D-Bus object path: 32 hexadecimal digits.
    #[must_use]
    pub fn simple(self) -> String {
        self.0.simple().to_string()
    }

    /// A name in either of its forms.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }
}

impl Default for CallId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
