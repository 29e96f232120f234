//! The step that looks something up, and the three ways in which a flow goes on from there.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Fault, Names, Op, RawStep, lay_out, line, slot};

/// Something is looked up.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "LookUpStep")]
pub(in crate::dialog::scenario) struct RawLookUpStep {
    /// What, by its name under `lookups`.
    #[serde(rename = "for")]
    #[schemars(with = "String")]
    what: Spanned<String>,
    /// How the caller is asked which of several is meant, or which of the times that are free. Without it, several are as good as none.
    which: Option<RawWhich>,
    /// What is done once it is found.
    #[serde(default)]
    pub(super) found: Vec<RawStep>,
    /// What is done if there is no such thing.
    pub(super) nothing: Vec<RawStep>,
    /// What is done if it could not be looked up. Without it, a person is sought.
    #[serde(default)]
    pub(super) otherwise: Vec<RawStep>,
}

/// Which of several is meant.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Which")]
pub(super) struct RawWhich {
    /// The message that asks; it may use `{ $choices }`.
    #[schemars(with = "String")]
    ask: Spanned<String>,
    /// The slot by which they are told apart.
    #[schemars(with = "String")]
    by: Spanned<String>,
}

/// How several that were found are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Which {
    /// The message that asks.
    pub ask: String,
    /// The slot by which they differ, by its place.
    pub by: usize,
}

impl RawLookUpStep {
    /// The look-up, and behind it what follows if it finds, each other way behind a jump over it.
    pub(super) fn lay_out(&self, names: &Names<'_>, ops: &mut Vec<Op>) -> Result<(), Fault> {
        let Self { what, which, found, nothing, otherwise } = self;
        let lookup = names.lookups.iter().position(|known| *known == what.value).ok_or_else(|| {
            let known =
                if names.lookups.is_empty() { "there are none".to_owned() } else { format!("there are {}", names.lookups.join(", ")) };
            (line(what), format!("there is no look-up `{}`; {known}; write it under `lookups`", what.value))
        })?;
        let which = match which {
            None => None,
            Some(RawWhich { ask, by }) => {
                (names.which)(&ask.value).map_err(|fault| (line(ask), fault))?;
                Some(Which { ask: ask.value.clone(), by: slot(by, names)? })
            }
        };
        if nothing.is_empty() {
            return Err((
                line(what),
                "`nothing` is empty: write what is done if there is no such thing, such as [{say: MESSAGE}]".to_owned(),
            ));
        }
        let at = ops.len();
        let op = |nothing, otherwise| Op::LookUp { lookup, which: which.clone(), nothing, otherwise };
        ops.push(op(at, None));
        lay_out(found, names, ops)?;
        let jump = ops.len();
        ops.push(Op::Jump(jump));
        let none = ops.len();
        lay_out(nothing, names, ops)?;
        let second_jump = ops.len();
        ops.push(Op::Jump(second_jump));
        let failed = (!otherwise.is_empty()).then_some(ops.len());
        lay_out(otherwise, names, ops)?;
        let end = ops.len();
        for (place, new) in [(at, op(none, failed)), (jump, Op::Jump(end)), (second_jump, Op::Jump(end))] {
            if let Some(old) = ops.get_mut(place) {
                *old = new;
            }
        }
        Ok(())
    }
}
