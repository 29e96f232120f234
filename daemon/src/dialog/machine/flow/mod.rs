//! A flow on its way: its steps are done one after the other until one has to wait for the caller.
//!
//! What the caller told stays told: whatever interrupts a flow (a question, a wish to hear it again) is answered, and what was asked is asked again. How
//! things are asked stands in [`questions`], what is made of an answer in [`answers`] and, where keys are pressed, in [`keys`].

mod answers;
mod keys;
mod questions;

use std::collections::{BTreeMap, BTreeSet};

use super::{Dialog, State};
use crate::dialog::action::{Action, Note, Patience, Step};
use crate::dialog::message::Form;
use crate::dialog::scenario::{Flow, Op};
use crate::dialog::slots::{Context, Part, Value};
use crate::dialog::wording::Line;

/// No flow does more than this without the caller: a scenario whose forks run in a circle ends here.
const MOST_OPS: usize = 1_000;

/// What the caller was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// For a slot, by its place.
    Slot(usize),
    /// Whether what was read back is right.
    Confirmation,
    /// What of it is wrong.
    WhatIsWrong,
    /// A question of the scenario's; yes or no.
    YesOrNo,
}

/// Where a flow is, and what it knows.
#[derive(Debug)]
pub(super) struct Run {
    flow: usize,
    at: usize,
    /// By the places of the slots.
    values: BTreeMap<usize, Value>,
    /// Slots that the caller has nothing for.
    without: BTreeSet<usize>,
    /// What an earlier answer to the same question told.
    part: Option<Part>,
    /// How often the same thing was asked already.
    round: usize,
    /// The keys that were pressed since the question.
    keys: String,
}

impl Run {
    fn new(flow: usize) -> Self {
        let (values, without) = (BTreeMap::new(), BTreeSet::new());
        Self { flow, at: 0, values, without, part: None, round: 0, keys: String::new() }
    }

    /// The next question is another one.
    fn turn_over(&mut self) {
        (self.part, self.round) = (None, 0);
        self.keys.clear();
    }
}

impl Dialog {
    /// Begin a flow; what the caller has told with the wish is not asked again.
    pub(super) fn begin_flow(&mut self, place: usize, said: &str) -> Step {
        let Some(name) = self.flow(place).map(|flow| flow.name.clone()) else { return self.not_understood("nothing") };
        self.failures = 0;
        self.run = Some(Run::new(place));
        self.take_in(None, said);
        self.go_on(Vec::new(), &name)
    }

    fn flow(&self, place: usize) -> Option<&Flow> {
        self.scenario.flows.get(place)
    }

    /// The next step, if a flow is on its way.
    fn op(&self) -> Option<Op> {
        let run = self.run.as_ref()?;
        self.flow(run.flow)?.ops.get(run.at).cloned()
    }

    /// Do what comes next, until the caller is asked something or the flow is over. `actions` are done before.
    pub(super) fn go_on(&mut self, mut actions: Vec<Action>, understood: &str) -> Step {
        for _ in 0..MOST_OPS {
            let op = self.op();
            let Some(run) = &mut self.run else { break };
            let (at, flow) = (run.at, run.flow);
            run.at += 1;
            match op {
                Some(Op::Say(id)) => actions.push(Action::Say(self.message(&id))),
                Some(Op::Collect { slot, .. }) if run.values.contains_key(&slot) || run.without.contains(&slot) => {}
                Some(Op::Collect { slot, .. }) => return self.wait_at(at, Asked::Slot(slot), actions, understood),
                Some(Op::Confirm(_)) => return self.wait_at(at, Asked::Confirmation, actions, understood),
                Some(Op::Ask { .. }) => return self.wait_at(at, Asked::YesOrNo, actions, understood),
                Some(Op::Decide { slot, is, otherwise }) => {
                    if run.values.get(&slot).is_none_or(|value| value.written() != is) {
                        run.at = otherwise;
                    }
                }
                Some(Op::Jump(to)) => run.at = to,
                Some(Op::Answer(place)) => {
                    actions.extend(self.scenario.knowledge.get(place).map(|passage| Action::Say(passage.answer.clone())));
                }
                Some(Op::Task { recipient, says }) => {
                    let note = Note { recipient, text: self.message(&says), callback: self.callback(), confirmed: true };
                    self.message_taken = true;
                    actions.push(Action::Keep(note));
                }
                Some(Op::Message) => {
                    self.run = None;
                    let mut step = self.begin_message(Form::default(), understood);
                    step.actions.splice(0..0, actions);
                    return step;
                }
                Some(Op::Transfer(person)) => {
                    self.run = None;
                    let mut step = self.person_called(&person, understood);
                    step.actions.splice(0..0, actions);
                    return step;
                }
                Some(Op::End(result)) => {
                    let flow = self.flow(flow).map(|flow| flow.name.clone()).unwrap_or_default();
                    actions.push(Action::Reached { flow, result, told: self.values() });
                    return self.over(actions, understood);
                }
                None => return self.over(actions, understood),
            }
        }
        self.run = None;
        let mut step = self.person("flow-without-end");
        step.actions.splice(0..0, actions);
        step
    }

    /// The flow is over: the caller may want anything else.
    fn over(&mut self, mut actions: Vec<Action>, understood: &str) -> Step {
        self.run = None;
        self.state = State::AnythingElse;
        actions.extend([Action::Say(self.scenario.line(Line::More)), Action::Listen(Patience::SHORT)]);
        Step::new(understood, actions)
    }

    /// Stay at a step, and ask what it needs.
    fn wait_at(&mut self, at: usize, asked: Asked, mut actions: Vec<Action>, understood: &str) -> Step {
        if let Some(run) = &mut self.run {
            run.at = at;
        }
        self.state = State::Flow(asked);
        actions.extend([Action::Say(self.question(asked)), Action::Listen(self.patience_for(asked))]);
        Step::new(understood, actions)
    }

    /// What was told for a slot, by its place.
    pub(super) fn told_at(&self, slot: usize) -> Option<&Value> {
        self.run.as_ref()?.values.get(&slot)
    }

    /// What an earlier answer to the question told.
    pub(super) fn part(&self) -> Option<&Part> {
        self.run.as_ref()?.part.as_ref()
    }

    /// The scenario's question of yes or no, by its message, if one is asked.
    pub(super) fn question_asked(&self) -> Option<String> {
        if let Some(Op::Ask { question, .. }) = self.op() { Some(question) } else { None }
    }

    /// What was told by the name of each slot, as it is said to a caller; nothing for what was not told.
    fn told(&self) -> Vec<(&str, String)> {
        let slots = self.scenario.slots.iter().enumerate();
        let context = self.context();
        let said =
            |place: usize, kind| self.run.as_ref()?.values.get(&place).map(|value| value.spoken(kind, self.scenario.language, &context));
        slots.map(|(place, (name, kind))| (name.as_str(), said(place, kind).unwrap_or_default())).collect()
    }

    /// A message of the scenario's, with what was told.
    pub(super) fn message(&self, id: &str) -> String {
        let told = self.told();
        let values: Vec<(&str, &str)> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.scenario.wording.own(id, &values).unwrap_or_default()
    }

    /// The telephone number that was told, if one was.
    fn callback(&self) -> Option<String> {
        let phone = |value: &Value| if let Value::Phone { number, .. } = value { Some(number.clone()) } else { None };
        self.run.as_ref()?.values.values().find_map(phone)
    }

    fn context(&self) -> Context<'_> {
        Context::at(&self.call.now)
    }
}
