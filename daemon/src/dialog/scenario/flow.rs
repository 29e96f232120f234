//! Flows: what is said, asked and done, step after step, for a wish that needs more than an answer.
//!
//! ```yaml
//! flows:
//!   book:
//!     - collect: [service, when, name, phone]
//!     - confirm: book-confirm
//!     - task: {for: front-desk, says: book-task}
//!     - say: booked
//!     - end: booked
//! ```
//!
//! Steps may hold steps (`ask`, `decide`). They are laid out in one row here, with jumps, so that where a flow is is one number.

mod lookup;
mod op;
mod survey;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::file::line;
use super::intent::Signs;
use crate::dialog::office::Office;
use lookup::RawLookUpStep;
pub use lookup::Which;
pub use op::{Check, Op};
pub(super) use survey::{RawSurvey, surveys};

/// No flow has more steps than this, those inside others counted.
const MOST_STEPS: usize = 500;

/// A step as it is written.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Step")]
pub(super) enum RawStep {
    /// Say a message of lang/<tag>.ftl.
    Say(#[schemars(with = "String")] Spanned<String>),
    /// Ask for these slots, one after the other, unless the caller has told them already. Each is asked by its message `ask-<slot>`.
    Collect(#[schemars(with = "Vec<String>")] Vec<Spanned<String>>),
    /// The same, but a caller who has none goes on without.
    CollectIfGiven(#[schemars(with = "Vec<String>")] Vec<Spanned<String>>),
    /// Read back by a message, and go on when the caller says that it is right; what they correct is read back again.
    Confirm(#[schemars(with = "String")] Spanned<String>),
    /// Ask a question that is answered by yes or no.
    Ask(RawAsk),
    /// Go on by what a slot holds, or by whether somebody is there.
    Decide(RawDecide),
    /// Look something up, as declared under `lookups`.
    LookUp(RawLookUpStep),
    /// Ask for a rating by the message `ask-<name>`; who gives none goes on without.
    Survey(RawSurvey),
    /// Say a passage of the knowledge: `file.md#heading`.
    Answer(#[schemars(with = "String")] Spanned<String>),
    /// Leave something to do for a person, in the words of a message.
    Task(RawTask),
    /// Take a message.
    Message,
    /// Pass the call to somebody: a name from `[people]` in switchhook.toml.
    Transfer(#[schemars(with = "String")] Spanned<String>),
    /// The flow is over, with this result.
    End(#[schemars(with = "String")] Spanned<String>),
}

/// A question that is answered by yes or no.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Ask")]
pub(super) struct RawAsk {
    /// The message that asks it.
    #[schemars(with = "String")]
    question: Spanned<String>,
    /// What is done after a yes.
    #[serde(default)]
    yes: Vec<RawStep>,
    /// What is done after a no.
    #[serde(default)]
    no: Vec<RawStep>,
}

/// A fork: by what a slot holds, by whether somebody is there, or by how many calls there are. Exactly one of them is written.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Decide")]
pub(super) struct RawDecide {
    /// The slot.
    #[schemars(with = "Option<String>")]
    slot: Option<Spanned<String>>,
    /// What it holds, as records write it: the id of a choice, `yes`, `no`, a number; `none` if it holds nothing.
    is: Option<String>,
    /// Whose hours it is now: `office`, or a queue or member of staff.
    #[schemars(with = "Option<String>")]
    open: Option<Spanned<String>>,
    /// Whether there are so many calls that people cannot look after one more: `true`.
    #[schemars(with = "Option<bool>")]
    busy: Option<Spanned<bool>>,
    /// What is done if it is so.
    #[serde(default)]
    then: Vec<RawStep>,
    /// What is done otherwise.
    #[serde(default, rename = "else")]
    otherwise: Vec<RawStep>,
}

impl RawDecide {
    /// What is decided, as a step that goes on elsewhere if it is not so.
    fn fork(&self, names: &Names<'_>) -> Result<impl Fn(usize) -> Op, Fault> {
        const WRITTEN: &str = "decide: write `slot` and `is`, or `open`, or `busy: true`";
        let check = match self {
            Self { slot: Some(slot), is: Some(is), open: None, busy: None, .. } => {
                Check::Slot { slot: self::slot(slot, names)?, is: is.clone() }
            }
            Self { slot: Some(slot), .. } => return Err((line(slot), WRITTEN.into())),
            Self { open: Some(who), busy: None, is: None, .. } if names.office.knows(&who.value) => Check::Open(who.value.clone()),
            Self { open: Some(who), .. } => {
                return Err((line(who), format!("decide: `{}` is not `office`, and no queue or member of staff of it", who.value)));
            }
            Self { busy: Some(busy), is: None, .. } if busy.value && names.office.can_be_busy() => Check::Busy,
            Self { busy: Some(busy), .. } => return Err((line(busy), format!("{WRITTEN}; when it is busy, `office: busy-from` says"))),
            Self { .. } => {
                let first = self.then.iter().chain(&self.otherwise).find_map(RawStep::line);
                return Err((first, WRITTEN.into()));
            }
        };
        Ok(move |otherwise| Op::Decide { check: check.clone(), otherwise })
    }
}

impl RawStep {
    /// Its line, where it is known.
    fn line(&self) -> Option<usize> {
        match self {
            Self::Say(id) | Self::Confirm(id) | Self::Answer(id) | Self::Transfer(id) | Self::End(id) => line(id),
            Self::Collect(slots) | Self::CollectIfGiven(slots) => slots.first().and_then(line),
            Self::Ask(RawAsk { question, .. }) => line(question),
            Self::Task(RawTask { says, .. }) => line(says),
            Self::Survey(survey) => line(&survey.question),
            Self::Decide(_) | Self::LookUp(_) | Self::Message => None,
        }
    }
}

/// Something that a person has to do after the call.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Task")]
pub(super) struct RawTask {
    /// For whom.
    #[serde(rename = "for")]
    recipient: String,
    /// The message that says what.
    #[schemars(with = "String")]
    says: Spanned<String>,
    /// Whether the caller is to be called back: by when, `{ $promised }` says.
    #[serde(default, rename = "call-back")]
    call_back: bool,
}

/// A flow, laid out.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its name.
    pub name: String,
    /// How callers express the wish that it is for.
    pub signs: Signs,
    /// Its steps; whatever falls off the end is over without a result.
    pub ops: Vec<Op>,
}

/// What a flow may name.
pub(super) struct Names<'a> {
    /// The slots, in their order.
    pub(super) slots: &'a [String],
    /// The passages, by their source.
    pub(super) passages: BTreeMap<&'a str, usize>,
    /// The office.
    pub(super) office: &'a Office,
    /// The look-ups, in their order.
    pub(super) lookups: &'a [String],
    /// Tries a message with the scenario's variables.
    pub(super) message: &'a dyn Fn(&str) -> Result<(), String>,
    /// The same with `choices`.
    pub(super) which: &'a dyn Fn(&str) -> Result<(), String>,
}

/// A line, if one is to blame, and what is wrong.
pub(super) type Fault = (Option<usize>, String);

impl Flow {
    /// Lay out a flow whose every name is known.
    ///
    /// # Errors
    /// The line, what is wrong, and how to mend it.
    pub(super) fn laid_out(name: &str, steps: &[RawStep], signs: Signs, names: &Names<'_>) -> Result<Self, Fault> {
        let mut ops = Vec::new();
        lay_out(steps, names, &mut ops)?;
        if ops.is_empty() {
            return Err((None, format!("flows: {name}: has no steps; write at least `- end: done`")));
        }
        Ok(Self { name: name.to_owned(), signs, ops })
    }
}

fn lay_out(steps: &[RawStep], names: &Names<'_>, ops: &mut Vec<Op>) -> Result<(), Fault> {
    let message = |id: &Spanned<String>| match (names.message)(&id.value) {
        Ok(()) => Ok(id.value.clone()),
        Err(what) => Err((line(id), what)),
    };
    for step in steps {
        if ops.len() >= MOST_STEPS {
            return Err((None, format!("flows: more than {MOST_STEPS} steps in one; make several of it")));
        }
        match step {
            RawStep::Say(id) => ops.push(Op::Say(message(id)?)),
            RawStep::Collect(slots) => collect(slots, false, names, ops)?,
            RawStep::CollectIfGiven(slots) => collect(slots, true, names, ops)?,
            RawStep::Confirm(id) => ops.push(Op::Confirm(message(id)?)),
            RawStep::Ask(RawAsk { question, yes, no }) => {
                let question = message(question)?;
                fork(ops, |no| Op::Ask { question: question.clone(), no }, [yes, no], names)?;
            }
            RawStep::Decide(decide) => fork(ops, decide.fork(names)?, [&decide.then, &decide.otherwise], names)?,
            RawStep::LookUp(step) => step.lay_out(names, ops)?,
            RawStep::Survey(survey) => ops.push(Op::Survey(survey.place(names)?)),
            RawStep::Answer(source) => match names.passages.get(source.value.as_str()) {
                Some(&place) => ops.push(Op::Answer(place)),
                None => {
                    return Err((line(source), format!("there is no passage `{}`; write `file.md#heading` of knowledge/", source.value)));
                }
            },
            RawStep::Task(RawTask { recipient, says, call_back }) => {
                ops.push(Op::Task { recipient: recipient.clone(), says: message(says)?, call_back: *call_back });
            }
            RawStep::Message => ops.push(Op::Message),
            RawStep::Transfer(person) => ops.push(Op::Transfer(person.value.clone())),
            RawStep::End(result) => ops.push(Op::End(result.value.clone())),
        }
    }
    Ok(())
}

/// A fork, the branch that follows it, a jump over the other one, and that.
fn fork(ops: &mut Vec<Op>, op: impl Fn(usize) -> Op, [first, second]: [&[RawStep]; 2], names: &Names<'_>) -> Result<(), Fault> {
    let at = ops.len();
    ops.push(op(at));
    lay_out(first, names, ops)?;
    let jump = ops.len();
    ops.push(Op::Jump(jump));
    let other = ops.len();
    lay_out(second, names, ops)?;
    let end = ops.len();
    if let Some(fork) = ops.get_mut(at) {
        *fork = op(other);
    }
    if let Some(over) = ops.get_mut(jump) {
        *over = Op::Jump(end);
    }
    Ok(())
}

fn collect(slots: &[Spanned<String>], optional: bool, names: &Names<'_>, ops: &mut Vec<Op>) -> Result<(), Fault> {
    for name in slots {
        let place = slot(name, names)?;
        (names.message)(&format!("ask-{}", name.value)).map_err(|what| (line(name), what))?;
        ops.push(Op::Collect { slot: place, optional });
    }
    Ok(())
}

fn slot(name: &Spanned<String>, names: &Names<'_>) -> Result<usize, Fault> {
    names.slots.iter().position(|known| *known == name.value).ok_or_else(|| {
        let known = if names.slots.is_empty() { "there are none".to_owned() } else { format!("there are {}", names.slots.join(", ")) };
        (line(name), format!("there is no slot `{}`; {known}; write it under `slots`", name.value))
    })
}
