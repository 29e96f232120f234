//! What a call came to: judged from what the robot did and kept, and from what stands in the office's files when it is over.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Zoned;
use switchhook::dialog::rehearsal::Rehearsal;
use switchhook::dialog::slots::{Context, Value};
use switchhook::dialog::{About, Action, Farewell, Note, Scenario, Step};

use super::caller::Caller;
use super::outcome::{Cause, Outcome};
use super::persona::Quirk;
use super::phrases::Wants;
use super::same::Same;
use super::world::World;

/// A flow, its result, and what was told on the way.
type Reached = (String, String, Vec<(String, Value)>);

/// What the robot understands a turn as that it did not understand: it seeks a person then, and not because a flow says so.
const IN_VAIN: [&str; 5] = ["nothing", "not-confirmed", "silence", "unclear", "key"];

/// Everything that the judgement needs.
#[derive(Default)]
pub struct Seen {
    /// What was kept.
    pub notes: Vec<Note>,
    /// And of it what was kept when a flow was over.
    pub tasks: Vec<Note>,
    pub reached: Vec<Reached>,
    /// To whom the call was passed.
    pub transferred: Option<String>,
    /// To whom it was passed, or was to be, and what was understood before.
    pub tried: Vec<(String, String)>,
    pub farewell: Option<Farewell>,
    pub wanted_a_person: bool,
    /// What the last step was understood as.
    pub understood: String,
    pub breach: Option<(Cause, String)>,
    pub misheard: bool,
    pub cut_off: bool,
}

impl Seen {
    pub fn take(&mut self, step: &Step) {
        self.understood.clone_from(&step.understood);
        let is_task = step.actions.iter().any(|action| matches!(action, Action::Reached { .. }));
        for action in &step.actions {
            match action {
                Action::Keep(note) => {
                    self.notes.push(note.clone());
                    self.tasks.extend(is_task.then(|| note.clone()));
                }
                Action::Reached { flow, result, told } => self.reached.push((flow.clone(), result.clone(), told.clone())),
                Action::Transfer(person) => {
                    self.transferred = Some(person.clone());
                    self.tried.push((person.clone(), step.understood.clone()));
                }
                Action::HangUp(farewell) => self.farewell = Some(*farewell),
                _ => {}
            }
        }
    }

    pub fn over(&self) -> bool {
        self.transferred.is_some() || self.farewell.is_some()
    }

    /// What was told to the flows that are over.
    pub fn all_told(&self) -> Vec<(String, Value)> {
        self.reached.iter().flat_map(|(_, _, told)| told.clone()).collect()
    }
}

/// A call that is over.
pub struct Judgement<'a, 'c> {
    pub caller: &'a Caller<'c>,
    pub seen: &'a Seen,
    pub same: &'a Same,
    pub scenario: &'a Arc<Scenario>,
    pub world: &'a World,
    pub robot: &'a mut Rehearsal,
    pub now: &'a Zoned,
}

fn wrong(why: String) -> (Outcome, String) {
    (Outcome::Failed(Cause::WrongValue), why)
}

impl Judgement<'_, '_> {
    /// What it came to, and what is to be told of it. `endless`: it was broken off.
    ///
    /// # Errors
    /// If the goal names a look-up that is none.
    pub fn of(&mut self, endless: bool) -> anyhow::Result<(Outcome, String)> {
        let (caller, seen) = (self.caller, self.seen);
        if let Some((cause, why)) = &seen.breach {
            return Ok((Outcome::Failed(*cause), why.clone()));
        }
        let sought = seen.transferred.is_some() || caller.state.nobody_there;
        if sought && (caller.state.nobody_there || !caller.state.got) {
            return Ok(self.passed_on());
        }
        if caller.state.leaves || caller.persona.has(Quirk::NeverSpeaks) {
            return Ok(match seen.farewell {
                Some(_) => (Outcome::Left, String::new()),
                None => (Outcome::Failed(self.blame(Cause::Misunderstood)), "the caller wanted to leave".into()),
            });
        }
        if endless {
            return Ok((Outcome::Failed(self.blame(Cause::OutOfPatience)), "the call has no end".into()));
        }
        match &caller.goal.wants {
            Wants::Answer(_) if caller.state.got => Ok((Outcome::Reached, String::new())),
            Wants::Flow { name, result } if caller.state.got => self.flow(name, result),
            Wants::Message | Wants::Complaint if caller.state.got => Ok(match self.message() {
                None => (Outcome::Failed(Cause::Unconfirmed), String::new()),
                Some(Err(why)) => wrong(why),
                Some(Ok(())) => (Outcome::Reached, String::new()),
            }),
            Wants::OptOut if seen.farewell == Some(Farewell::OptedOut) => Ok((Outcome::Reached, String::new())),
            _ if caller.state.had_enough => Ok((Outcome::Failed(self.blame(Cause::OutOfPatience)), seen.understood.clone())),
            _ => Ok((Outcome::Failed(self.blame(Cause::RobotLeft)), seen.understood.clone())),
        }
    }

    fn blame(&self, otherwise: Cause) -> Cause {
        match (self.seen.misheard, self.seen.cut_off) {
            (true, _) => Cause::Misheard,
            (false, true) => Cause::CutOff,
            (false, false) => otherwise,
        }
    }

    /// A person was sought. Where nobody was there, a message was taken instead, and has to be right.
    fn passed_on(&self) -> (Outcome, String) {
        let (caller, seen) = (self.caller, self.seen);
        if seen.transferred.is_none() && caller.state.dictated {
            match self.message() {
                Some(Err(why)) => return wrong(why),
                None if seen.notes.is_empty() => return wrong("the message was not kept".into()),
                Some(Ok(())) | None => {}
            }
        }
        let by_flow = |wanted: &str| seen.tried.iter().any(|(person, why)| person == wanted && !IN_VAIN.contains(&why.as_str()));
        if let Wants::Through(wanted) = &caller.goal.wants
            && !seen.wanted_a_person
            && by_flow(wanted)
        {
            return (if seen.transferred.is_some() { Outcome::Reached } else { Outcome::HandedOver }, String::new());
        }
        if caller.state.had_enough || !seen.wanted_a_person {
            return (Outcome::PassedOn(self.blame(Cause::Misunderstood)), seen.understood.clone());
        }
        (Outcome::HandedOver, String::new())
    }

    fn flow(&mut self, name: &str, result: &str) -> anyhow::Result<(Outcome, String)> {
        let caller = self.caller;
        let Some((_, found, told)) = self.seen.reached.iter().rev().find(|(flow, ..)| flow == name) else {
            return Ok((Outcome::Failed(self.blame(Cause::Misunderstood)), "the flow was not reached".into()));
        };
        let differs = |(slot, value): &&(String, Value)| caller.facts.get(slot).is_some_and(|fact| !self.same.is(fact, &value.written()));
        if let Some((slot, value)) = told.iter().find(differs) {
            let meant = caller.facts.get(slot).map(|fact| fact.written.clone()).unwrap_or_default();
            return Ok(wrong(format!("{slot}: {} instead of {meant}", value.written())));
        }
        if found != result {
            return Ok((Outcome::Failed(self.blame(Cause::Misunderstood)), format!("{found} instead of {result}")));
        }
        if let Some(why) = self.task(told) {
            return Ok(wrong(why));
        }
        if caller.state.dictated
            && let Some(Err(why)) = self.message()
        {
            return Ok(wrong(why));
        }
        // What the robot took it for is what it wrote; it was compared already.
        let mut written: BTreeMap<String, String> = caller.facts.iter().map(|(slot, fact)| (slot.clone(), fact.written.clone())).collect();
        written.extend(told.iter().map(|(slot, value)| (slot.clone(), value.written())));
        let otherwise = self.world.otherwise(caller.goal, self.scenario, &written, self.robot, self.now)?;
        Ok(otherwise.map_or((Outcome::Reached, String::new()), wrong))
    }

    /// What is wrong with the task that had to be left, if anything is.
    fn task(&self, told: &[(String, Value)]) -> Option<String> {
        let wanted = &self.caller.goal.task;
        if wanted.is_empty() {
            return None;
        }
        let Some(note) = self.seen.tasks.last() else { return Some("no task was left".into()) };
        let value = |slot: &String| told.iter().find(|(name, _)| name == slot).map(|(_, value)| value);
        for slot in wanted {
            let (Some(value), Some((_, kind))) = (value(slot), self.scenario.slots.iter().find(|(name, _)| name == slot)) else {
                return Some(format!("{slot} was not told"));
            };
            let said = match value {
                Value::Phone { number, .. } => note.callback.as_ref() == Some(number),
                _ => note.text.contains(&value.spoken(kind, self.scenario.language, &Context::at(self.now))),
            };
            if !said {
                return Some(format!("the task does not say {slot}: {} ({:?})", note.text, note.callback));
            }
        }
        None
    }

    /// Whether the message that the caller confirmed is what they said; nothing if none was confirmed.
    fn message(&self) -> Option<Result<(), String>> {
        let (goal, seen) = (self.caller.goal, self.seen);
        let dictated = |note: &&Note| note.confirmed && note.about != About::Task && (goal.task.is_empty() || !seen.tasks.contains(note));
        let note = seen.notes.iter().rev().find(dictated)?;
        let digits = self.caller.callback_digits();
        if note.callback != digits {
            return Some(Err(format!("{:?} instead of {digits:?}", note.callback)));
        }
        let text = &self.caller.message.text;
        Some(if self.same.is_in(text, &note.text) { Ok(()) } else { Err(format!("{} instead of {text}", note.text)) })
    }
}
