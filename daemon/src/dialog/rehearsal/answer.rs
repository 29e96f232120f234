//! What a conversation fixes before it begins: what look-ups find, and what the robot says first.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Fault;
use super::script::{OneOrMore, line};
use crate::dialog::action::Step;
use crate::lookups::query::{Found, Row};

/// What a look-up finds.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(super) enum Answer {
    /// Nothing of use.
    Word(Word),
    /// This: by the names that it has there.
    Row(Row),
    /// One of these.
    Rows(Vec<Row>),
}

/// Nothing of use, in a word.
#[derive(Clone, Copy, Debug, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Word {
    /// There is no such thing.
    Nothing,
    /// It could not be looked up.
    Failed,
    /// It took too long.
    TooSlow,
}

impl Answer {
    pub(super) fn found(&self) -> Found {
        match self {
            Self::Word(Word::Nothing) => Found::Nothing,
            Self::Word(Word::Failed) => Found::Failed,
            Self::Word(Word::TooSlow) => Found::TooSlow,
            Self::Row(row) => Found::One(row.clone()),
            Self::Rows(rows) => Found::of(rows.clone()),
        }
    }
}

/// What the robot says first.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub(super) struct Opening(#[schemars(with = "OneOrMore")] Spanned<OneOrMore>);

impl Opening {
    pub(super) fn differences(&self, step: &Step) -> Vec<Fault> {
        let said = step.said();
        let missing = self.0.value.iter().filter(|part| !said.contains(*part));
        missing.map(|part| Fault { line: line(&self.0), what: format!("opening: it should say \"{part}\", and says \"{said}\"") }).collect()
    }
}
