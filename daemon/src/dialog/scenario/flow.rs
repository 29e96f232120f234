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
mod survey;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::file::line;
use super::intent::Signs;
use lookup::RawLookUpStep;
pub use lookup::Which;
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
    /// Go on by what a slot holds.
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

/// A fork by what a slot holds.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Decide")]
pub(super) struct RawDecide {
    /// The slot.
    #[schemars(with = "String")]
    slot: Spanned<String>,
    /// What it holds, as records write it: the id of a choice, `yes`, `no`, a number; `none` if it holds nothing.
    is: String,
    /// What is done if it does.
    #[serde(default)]
    then: Vec<RawStep>,
    /// What is done otherwise.
    #[serde(default, rename = "else")]
    otherwise: Vec<RawStep>,
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
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Say this message.
    Say(String),
    /// Ask for a slot, by its place, unless it is filled; whether the caller may have none.
    Collect {
        /// Its place in the scenario's slots.
        slot: usize,
        /// Whether the flow goes on without.
        optional: bool,
    },
    /// Read this message back until it is right.
    Confirm(String),
    /// Ask this message; a no goes on at `no`.
    Ask {
        /// The message.
        question: String,
        /// Where a no goes on.
        no: usize,
    },
    /// Look this up; what is found goes on behind it.
    LookUp {
        /// The look-up's place.
        lookup: usize,
        /// How several are told apart.
        which: Option<Which>,
        /// Where it goes on if there is nothing.
        nothing: usize,
        /// Where it goes on if it could not be looked up; without one, a person is sought.
        otherwise: Option<usize>,
    },
    /// Ask for a rating, unless there is one.
    Survey(usize),
    /// Go on behind it if the slot holds this, else at `otherwise`.
    Decide {
        /// The slot's place.
        slot: usize,
        /// What it holds, as records write it.
        is: String,
        /// Where else it goes on.
        otherwise: usize,
    },
    /// Go on there.
    Jump(usize),
    /// Say this passage, by its place.
    Answer(usize),
    /// Leave this to do.
    Task {
        /// For whom.
        recipient: String,
        /// The message that says what.
        says: String,
    },
    /// Take a message.
    Message,
    /// Pass the call on.
    Transfer(String),
    /// It is over, with this result.
    End(String),
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
            RawStep::Decide(RawDecide { slot, is, then, otherwise }) => {
                let slot = self::slot(slot, names)?;
                fork(ops, |otherwise| Op::Decide { slot, is: is.clone(), otherwise }, [then, otherwise], names)?;
            }
            RawStep::LookUp(step) => step.lay_out(names, ops)?,
            RawStep::Survey(survey) => ops.push(Op::Survey(survey.place(names)?)),
            RawStep::Answer(source) => match names.passages.get(source.value.as_str()) {
                Some(&place) => ops.push(Op::Answer(place)),
                None => {
                    return Err((line(source), format!("there is no passage `{}`; write `file.md#heading` of knowledge/", source.value)));
                }
            },
            RawStep::Task(RawTask { recipient, says }) => ops.push(Op::Task { recipient: recipient.clone(), says: message(says)? }),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn laid_out(yaml: &str) -> Result<Vec<Op>, Fault> {
        let steps: Vec<RawStep> = serde_saphyr::from_str(yaml).unwrap();
        let slots = ["when".to_owned(), "phone".to_owned()];
        let message = |id: &str| if id.contains("no-such") { Err(format!("there is no message `{id}`")) } else { Ok(()) };
        let lookups = ["order".to_owned()];
        let passages = BTreeMap::from([("office.md#hours", 3)]);
        let names = Names { slots: &slots, passages, lookups: &lookups, message: &message, which: &message };
        Flow::laid_out("f", &steps, Signs::default(), &names).map(|flow| flow.ops)
    }

    #[test]
    fn steps_follow_one_another() {
        let ops = laid_out("- collect: [when, phone]\n- confirm: right\n- answer: office.md#hours\n- end: done\n").unwrap();
        let collect = |slot| Op::Collect { slot, optional: false };
        assert_eq!(ops, [collect(0), collect(1), Op::Confirm("right".into()), Op::Answer(3), Op::End("done".into())]);
    }

    #[test]
    fn a_no_jumps_over_what_a_yes_does() {
        let ops = laid_out("- ask: {question: sure, yes: [{say: a}], no: [{say: b}]}\n- end: done\n").unwrap();
        let say = |id: &str| Op::Say(id.into());
        assert_eq!(ops, [Op::Ask { question: "sure".into(), no: 3 }, say("a"), Op::Jump(4), say("b"), Op::End("done".into())]);
    }

    #[test]
    fn forks_inside_forks_find_their_ends() {
        let ops = laid_out("- decide: {slot: phone, is: x, then: [{ask: {question: q, no: [{end: never}]}}], else: [{say: b}]}\n").unwrap();
        assert_eq!(ops[0], Op::Decide { slot: 1, is: "x".into(), otherwise: 5 });
        assert_eq!(ops[1], Op::Ask { question: "q".into(), no: 3 });
        assert_eq!((&ops[2], &ops[4]), (&Op::Jump(4), &Op::Jump(6)));
    }

    #[test]
    fn what_is_found_jumps_over_what_else_may_come_of_a_look_up() {
        let ops = laid_out("- look-up: {for: order, found: [{say: a}], nothing: [{say: b}], otherwise: [message]}\n- end: done\n").unwrap();
        let say = |id: &str| Op::Say(id.into());
        let look_up = Op::LookUp { lookup: 0, which: None, nothing: 3, otherwise: Some(5) };
        assert_eq!(ops, [look_up, say("a"), Op::Jump(6), say("b"), Op::Jump(6), Op::Message, Op::End("done".into())]);
    }

    #[test]
    fn what_is_not_there_is_told_with_its_line() {
        for (yaml, at, told) in [
            ("- look-up:\n    for: ordr\n    nothing: [message]\n", 2, "no look-up `ordr`; there are order"),
            ("- look-up:\n    for: order\n    nothing: []\n", 2, "`nothing` is empty"),
            ("- look-up:\n    for: order\n    which: {ask: no-such, by: when}\n    nothing: [message]\n", 3, "`no-such`"),
            ("- survey: {question: when, scale: 5-1}\n", 1, "from the worst to the best"),
            ("- end: done\n- collect: [whem]\n", 2, "there is no slot `whem`; there are when, phone"),
            ("- say: no-such\n", 1, "`no-such`"),
            ("- answer: office.md#ours\n", 1, "no passage `office.md#ours`"),
        ] {
            let (line, what) = laid_out(yaml).unwrap_err();
            assert_eq!(line, Some(at), "{yaml}");
            assert!(what.contains(told), "{what}");
        }
    }
}
