//! A flow that waits for something to be looked up, and what becomes of what was found.
//!
//! While it waits, a caller may ask for a person, and nothing else changes where it is. What is found fills slots; if a value is none of its slot's kind, it was
//! not found: nobody is told what nobody knows. Of several things the caller says which ([`which`](super::which)).

use std::sync::Arc;

use super::super::{Dialog, State};
use super::{Asked, Run};
use crate::dialog::action::{Action, Input, Step};
use crate::dialog::scenario::{Intent, Op};
use crate::dialog::slots::Value;
use crate::dialog::understanding::{Meaning, Understood};
use crate::dialog::wording::Line;
use crate::lookups::query::{Found, Given, LookUp, MOST_ROWS, Query, Row};

impl Dialog {
    /// Whether the flow waits for something that is being looked up.
    #[must_use]
    pub fn is_looking_up(&self) -> bool {
        matches!(self.state, State::LookingUp(_))
    }

    /// Whether the flow waits for what is looked up under this number.
    #[must_use]
    pub fn waits_for(&self, number: u64) -> bool {
        matches!(self.state, State::LookingUp(waits_for) if waits_for == number)
    }

    fn lookup(&self) -> Option<Arc<LookUp>> {
        let Some(Op::LookUp { lookup, .. }) = self.op() else { return None };
        self.scenario.lookups.get(lookup).cloned()
    }

    /// Whether whoever placed the call has told all that this would find.
    pub(super) fn is_given(&self, lookup: usize) -> bool {
        let Some((lookup, run)) = self.scenario.lookups.get(lookup).zip(self.run.as_ref()) else { return false };
        let given = |place: &usize| self.scenario.given.contains(place) && run.values.contains_key(place);
        !lookup.outputs.is_empty() && lookup.outputs.iter().all(|(_, place)| given(place))
    }

    /// Ask for what the step at `at` looks up, and wait.
    pub(super) fn look_up(&mut self, at: usize, mut actions: Vec<Action>, understood: &str) -> Step {
        let Some(run) = &mut self.run else { return Step::new(understood, actions) };
        run.at = at;
        let Some(of) = self.lookup() else { return self.person("look-up-failed") };
        let mut inputs = Row::new();
        for (there, given) in &of.inputs {
            let known = match given {
                Given::FarEnd => self.call.number.clone(),
                Given::Slot(place) => self.run.as_ref().and_then(|run| run.values.get(place)).map(Value::written),
            };
            inputs.extend(known.map(|known| (there.clone(), known)));
        }
        let known = self.known_to(&of);
        if let Some(run) = &mut self.run {
            run.asked.retain(|(place, _)| *place < at);
            run.asked.push((at, known));
        }
        self.looked_up += 1;
        if of.slow {
            actions.push(Action::Say(self.scenario.line(Line::OneMoment)));
        }
        self.state = State::LookingUp(self.looked_up);
        actions.push(Action::LookUp(Query { number: self.looked_up, of, inputs, now: self.call.now.clone() }));
        Step::new(understood, actions)
    }

    /// What the slots that a look-up is given hold.
    fn known_to(&self, lookup: &LookUp) -> Vec<Option<Value>> {
        let held = |given: &Given| match given {
            Given::Slot(place) => self.run.as_ref()?.values.get(place).cloned(),
            Given::FarEnd => None,
        };
        lookup.inputs.iter().map(|(_, given)| held(given)).collect()
    }

    /// The caller has corrected something: what was looked up by it is looked up again.
    pub(super) fn rewind(&mut self) {
        let Some((flow, run)) = self.run.as_ref().and_then(|run| Some((self.flow(run.flow)?, run))) else { return };
        let changed = run.asked.iter().position(|(at, known)| {
            let Some(Op::LookUp { lookup, .. }) = flow.ops.get(*at) else { return false };
            *at < run.at && self.scenario.lookups.get(*lookup).is_some_and(|lookup| self.known_to(lookup) != *known)
        });
        if let Some(run) = &mut self.run
            && let Some((at, _)) = changed.and_then(|changed| run.asked.get(changed))
        {
            run.at = *at;
        }
    }

    /// What happens while the flow waits: only the rules that hold everywhere count, and what is found.
    pub(in crate::dialog::machine) fn while_looking_up(&mut self, waits_for: u64, input: Input) -> Step {
        match input {
            Input::Found(number, found) if number == waits_for => self.looked_up_is(found),
            Input::PersonWanted => self.person("person"),
            Input::Heard(said) => {
                let understood = self.understood(&said.text);
                match understood {
                    Understood::Sure(Meaning::Intent(
                        intent @ (Intent::Person | Intent::Emergency | Intent::Complaint | Intent::Goodbye),
                    )) => self.intent(intent, &said.text),
                    _ => Step::new("while-looking-up", vec![]),
                }
            }
            Input::Key(key) if self.scenario.key(key) == Some(Intent::Person) => self.person("person"),
            _ => Step::new("while-looking-up", vec![]),
        }
    }

    fn looked_up_is(&mut self, found: Found) -> Step {
        let word = found.as_str();
        let Some(Op::LookUp { which, nothing, otherwise, .. }) = self.op() else { return self.person("look-up-failed") };
        self.state = State::Open;
        match found {
            Found::One(row) if self.take_row(&row).is_some() => self.goes_on_at(None, word),
            Found::OneOf(rows) if which.is_some() && !rows.is_empty() => {
                if let Some(run) = &mut self.run {
                    run.rows = rows.into_iter().take(MOST_ROWS).collect();
                    run.turn_over();
                    let at = run.at;
                    return self.wait_at(at, Asked::Which, Vec::new(), word);
                }
                self.person("look-up-failed")
            }
            Found::Nothing | Found::OneOf(_) => self.goes_on_at(Some(nothing), word),
            Found::One(_) | Found::Failed | Found::TooSlow => match otherwise {
                Some(otherwise) => self.goes_on_at(Some(otherwise), word),
                None => {
                    let sorry = Action::Say(self.scenario.line(Line::CannotLookUp));
                    let mut step = self.person(word);
                    step.actions.insert(0, sorry);
                    step
                }
            },
        }
    }

    /// Go on there, or behind the look-up.
    pub(super) fn goes_on_at(&mut self, there: Option<usize>, understood: &str) -> Step {
        if let Some(run) = &mut self.run {
            run.turn_over();
            run.rows.clear();
            run.at = there.unwrap_or(run.at + 1);
        }
        self.failures = 0;
        self.go_on(Vec::new(), understood)
    }

    /// The caller means this row: its values are taken, and what was asked for with another one is asked for again.
    pub(super) fn chosen(&mut self, row: &Row, understood: &str) -> Step {
        let Some(lookup) = self.lookup() else { return self.person("look-up-failed") };
        if self.take_row(row).is_none() {
            return self.looked_up_is(Found::Failed);
        }
        let is_given = |place: &usize| lookup.inputs.iter().any(|(_, given)| given == &Given::Slot(*place));
        if lookup.outputs.iter().any(|(_, place)| is_given(place)) {
            let Some(run) = &mut self.run else { return self.person("look-up-failed") };
            run.turn_over();
            run.rows.clear();
            let at = run.at;
            self.failures = 0;
            return self.look_up(at, Vec::new(), understood);
        }
        self.goes_on_at(None, understood)
    }

    /// Fill the slots of the look-up; nothing if a value is none of its slot's kind. An empty value fills none.
    fn take_row(&mut self, row: &Row) -> Option<()> {
        let lookup = self.lookup()?;
        let mut values = Vec::new();
        for (there, place) in &lookup.outputs {
            let (_, kind) = self.scenario.slots.get(*place)?;
            match row.get(there).map(|written| written.trim()).filter(|written| !written.is_empty()) {
                Some(written) => values.push((*place, Some(Value::read_written(kind, written)?))),
                None => values.push((*place, None)),
            }
        }
        let run = self.run.as_mut()?;
        for (place, value) in values {
            match value {
                Some(value) => run.values.insert(place, value),
                None => run.values.remove(&place),
            };
        }
        Some(())
    }

    /// The values that whoever placed the call gave.
    pub(super) fn give(&self, run: &mut Run) {
        for &place in &self.scenario.given {
            let Some((name, kind)) = self.scenario.slots.get(place) else { continue };
            let value = self.call.given.get(name).and_then(|written| Value::read_written(kind, written));
            run.values.extend(value.map(|value| (place, value)));
        }
    }
}
