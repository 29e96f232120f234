//! The JSON Schemas of a scenario's files (draft 2020-12), for editors: they complete what is written and tell mistakes while they are made.

use std::fmt;
use std::str::FromStr;

/// Which file a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// `scenario.yaml`.
    Scenario,
    /// `lang/<tag>.yaml`.
    Lang,
    /// `tests/*.yaml`.
    Tests,
}

impl Schema {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Scenario, Self::Lang, Self::Tests];

    /// The schema as JSON, indented.
    #[must_use]
    pub fn json(self) -> String {
        let schema = match self {
            Self::Scenario => schemars::schema_for!(super::file::File),
            Self::Lang => schemars::schema_for!(super::callers::File),
            Self::Tests => schemars::schema_for!(crate::dialog::rehearsal::Conversations),
        };
        format!("{:#}\n", schema.as_value())
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scenario => "scenario",
            Self::Lang => "lang",
            Self::Tests => "tests",
        })
    }
}

impl FromStr for Schema {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|schema| schema.to_string() == name);
        known.ok_or_else(|| format!("there is no schema `{name}`; there are {}", Self::ALL.map(|schema| format!("`{schema}`")).join(", ")))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::*;

    #[test]
    fn the_published_schemas_are_those_of_this_program() {
        for schema in Schema::ALL {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(format!("{schema}.schema.json"));
            let published = std::fs::read_to_string(&path).unwrap_or_default();
            let remedy = format!("switchhookctl scenario schema {schema} > daemon/schemas/{schema}.schema.json");
            assert!(published == schema.json(), "{} is not what the program says; mend it with: {remedy}", path.display());
        }
    }
}
