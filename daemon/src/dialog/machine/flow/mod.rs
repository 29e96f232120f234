//! A flow on its way: its steps are done one after the other until one has to wait for the caller.
//!
//! What the caller told stays told: whatever interrupts a flow (a question, a wish to hear it again) is answered, and what was asked is asked again. How
//! things are asked stands in [`questions`], what an answer is in [`plainly`], what is made of it in [`answers`], of a name in the middle of a sentence in [`named`], and where keys are pressed, in [`keys`]; what is told again without saying what was wrong is [`retold`]'s; [`looking_up`] waits for
//! what no caller tells, and [`which`] asks which of several of it is meant.

mod answers;
mod keys;
mod looking_up;
mod named;
mod plainly;
mod questions;
mod rated;
mod retold;
mod which;

use std::collections::{BTreeMap, BTreeSet};

use super::{Dialog, State};
use crate::dialog::action::{About, Action, Note, Patience, Step};
use crate::dialog::message::Form;
use crate::dialog::office::Reach;
use crate::dialog::scenario::{Check, Direction, Flow, Op};
use crate::dialog::slots::{Context, Part, Value};
use crate::dialog::wording::Line;
use crate::lookups::query::Row;

/// No flow does more than this without the caller: a scenario whose forks run in a circle ends here.
const MOST_OPS: usize = 1_000;

/// What a slot that holds nothing holds, where a flow decides by it.
const NONE: &str = "none";

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
    /// Which of several that were found.
    Which,
}

/// Where a flow is, and what it knows.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) flow: usize,
    at: usize,
    /// By the places of the slots.
    pub(super) values: BTreeMap<usize, Value>,
    /// Slots that the caller has nothing for.
    without: BTreeSet<usize>,
    /// What an earlier answer to the same question told.
    pub(super) part: Option<Part>,
    /// How often the same thing was asked already.
    round: usize,
    /// The keys that were pressed since the question.
    keys: String,
    /// What was asked when something else came in between.
    interrupted: Option<Asked>,
    /// What was found, while the caller is asked which of it they mean.
    rows: Vec<Row>,
    /// Where something was looked up already, and what the slots that it was given held then.
    asked: Vec<(usize, Vec<Option<Value>>)>,
}

impl Run {
    fn new(flow: usize) -> Self {
        let (values, without) = (BTreeMap::new(), BTreeSet::new());
        Self {
            flow,
            at: 0,
            values,
            without,
            part: None,
            round: 0,
            keys: String::new(),
            interrupted: None,
            rows: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// Which flow it is, by its place.
    pub(super) fn flow(&self) -> usize {
        self.flow
    }

    /// Something else comes in between; what was asked is asked again later.
    pub(super) fn interrupt(&mut self, asked: Asked) {
        self.interrupted = Some(asked);
        self.keys.clear();
    }

    /// What was asked when something came in between, once; nothing if the flow just goes on.
    pub(super) fn interrupted(&mut self) -> Option<Asked> {
        self.interrupted.take()
    }

    /// What is asked next is asked in other words.
    pub(super) fn ask_otherwise(&mut self) {
        self.round += 1;
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
        self.note_what_was_told();
        let Some((name, means)) = self.office_scenario().flows.get(place).map(|flow| (flow.name.clone(), flow.signs.means.clone())) else {
            return self.not_understood("nothing");
        };
        self.failures = 0;
        self.account.begins(&name, if means.is_empty() { &name } else { &means });
        let mut run = Run::new(place);
        if self.scenario.direction == Direction::Outbound {
            // What the call is about stays the same, whatever comes up.
            run.values = self.run.take().map(|before| before.values).unwrap_or_default();
        }
        self.give(&mut run);
        self.run = Some(run);
        self.take_in(None, said);
        self.go_on(Vec::new(), &name)
    }

    /// The name of a flow.
    pub(super) fn flow_name(&self, place: usize) -> Option<&str> {
        self.flow(place).map(|flow| flow.name.as_str())
    }

    fn flow(&self, place: usize) -> Option<&Flow> {
        self.scenario.flows.get(place)
    }

    /// The next step, if a flow is on its way.
    pub(in crate::dialog::machine) fn op(&self) -> Option<Op> {
        let run = self.run.as_ref()?;
        self.flow(run.flow)?.ops.get(run.at).cloned()
    }

    /// Do what comes next, until the caller is asked something or the flow is over. `actions` are done before.
    pub(super) fn go_on(&mut self, mut actions: Vec<Action>, understood: &str) -> Step {
        for _ in 0..MOST_OPS {
            let op = self.op();
            let is_given = matches!(op, Some(Op::LookUp { lookup, .. }) if self.is_given(lookup));
            let Some(run) = &mut self.run else { break };
            let (at, flow) = (run.at, run.flow);
            run.at += 1;
            self.passed.step(flow, at);
            match op {
                Some(Op::Say(id)) => actions.push(Action::Say(self.message(&id))),
                Some(Op::LookUp { .. }) if is_given => {}
                Some(Op::LookUp { .. }) => return self.look_up(at, actions, understood),
                Some(Op::Collect { slot, .. } | Op::Survey(slot)) if run.values.contains_key(&slot) || run.without.contains(&slot) => {}
                Some(Op::Collect { slot, .. } | Op::Survey(slot)) => return self.wait_at(at, Asked::Slot(slot), actions, understood),
                Some(Op::Confirm(_)) => return self.wait_at(at, Asked::Confirmation, actions, understood),
                Some(Op::Ask { .. }) => return self.wait_at(at, Asked::YesOrNo, actions, understood),
                Some(Op::Decide { check, otherwise }) => {
                    if !self.is_so(&check)
                        && let Some(run) = &mut self.run
                    {
                        run.at = otherwise;
                    }
                }
                Some(Op::Jump(to)) => run.at = to,
                Some(Op::Answer(place)) => {
                    if let Some(passage) = self.scenario.knowledge.get(place) {
                        self.account.answered(&passage.title);
                        actions.push(Action::Say(passage.answer.clone()));
                    }
                }
                Some(Op::Task { recipient, says, call_back }) => {
                    let promised = if call_back { self.scenario.office.promise(&recipient, &self.call.now) } else { None };
                    let about = if call_back { About::CallBack } else { About::Task };
                    let (text, callback) = (self.message(&says), self.callback());
                    let note = Note { about, recipient, text, callback, confirmed: true, promised };
                    self.message_taken = true;
                    actions.push(Action::Keep(note));
                }
                Some(Op::Message) => {
                    // Nothing is asked again afterwards: the next step is done.
                    self.state = State::Open;
                    let mut step = self.begin_message(Form::default(), understood);
                    step.actions.splice(0..0, actions);
                    return step;
                }
                Some(Op::Transfer(person)) => {
                    self.state = State::Open;
                    let mut step = self.person_called(&person, understood);
                    step.actions.splice(0..0, actions);
                    return step;
                }
                Some(Op::End(result)) => {
                    let flow = self.flow(flow).map(|flow| flow.name.clone()).unwrap_or_default();
                    self.note_what_was_told();
                    self.account.ends(&result);
                    actions.push(Action::Reached { flow, result, told: self.values() });
                    return self.over(actions, understood);
                }
                None => return self.over(actions, understood),
            }
        }
        let mut step = self.person("flow-without-end");
        step.actions.splice(0..0, actions);
        step
    }

    /// Whether what a flow forks by is so.
    fn is_so(&self, check: &Check) -> bool {
        match check {
            Check::Slot { slot, is } => {
                let held = self.run.as_ref().and_then(|run| run.values.get(slot));
                held.map_or_else(|| NONE.to_owned(), Value::written) == *is
            }
            Check::Open(who) => matches!(self.scenario.office.reach(who, &self.call.now), Reach::Now(_)),
            Check::Busy => self.scenario.office.is_busy(self.call.calls),
        }
    }

    /// The flow is over: the caller may want anything else.
    fn over(&mut self, mut actions: Vec<Action>, understood: &str) -> Step {
        self.leave_flow();
        if self.scenario.direction == Direction::Outbound {
            // Whoever was called has not called for anything else.
            let mut step = self.goodbye(understood);
            step.actions.splice(0..0, actions);
            return step;
        }
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
        let told = slots.map(|(place, (name, kind))| (name.as_str(), said(place, kind).unwrap_or_default()));
        told.chain(self.moments()).collect()
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

    /// What answers are read against.
    pub(in crate::dialog::machine) fn context(&self) -> Context<'_> {
        Context { likely: self.scenario.office.likely(), ..Context::at(&self.call.now) }
    }
}
