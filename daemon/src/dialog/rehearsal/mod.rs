//! A scenario's own tests: conversations by text, played in milliseconds, without a telephone, a model or a clock.
//!
//! What a robot hears on the line may be worse than what is written here; whether it decides rightly about what it heard is all that a rehearsal tells. A question
//! that would be put to the language model is answered as on the rung below it: the closest candidate stands.

mod answer;
mod coverage;
mod sayable;
mod script;
mod words;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::action::{About, Action, Expected, Farewell, Input, Note, Step};
use super::asks::Asks;
use super::circumstances::Circumstances;
use super::machine::{Dialog, Passed};
use super::report::{Close, Report};
use super::scenario::Scenario;
use super::slots::Value;
use super::turn::Judge;
use crate::lines::Key;
use crate::lookups::Rehearsed;
use crate::lookups::query::{Found, Query};

pub use coverage::{Coverage, Part};
pub use sayable::Sayable;
pub use script::{Conversation, Conversations};
use script::{Kept, NO_SOURCE, Turn};
use words::{Deed, Ending};

/// No answer looks more things up than this.
const MOST_LOOKUPS: usize = 20;

/// What a conversation came to.
#[derive(Debug)]
pub struct Outcome {
    /// What went otherwise than it is written; nothing if all went well.
    pub faults: Vec<Fault>,
    /// What the robot did, in order: the greeting first.
    pub steps: Vec<Step>,
    /// What became of the call.
    pub report: Report,
    /// What of the scenario it came through.
    pub passed: Passed,
}

/// What went otherwise than it is written.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it is written: a line of the file.
    pub line: usize,
    /// What was expected, and what happened.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// A dialog whose robot has no language model: what is asked of one is answered by the closest candidate. What is looked up is looked up in the scenario's
/// own files, which stay as they are.
pub struct Rehearsal {
    dialog: Dialog,
    lookups: Rehearsed,
}

impl Rehearsal {
    /// A call whose caller was told that this is a robot, and the robot's greeting.
    #[must_use]
    pub fn begin(scenario: Arc<Scenario>, call: Circumstances) -> (Self, Step) {
        Self::with_answers(scenario, call, BTreeMap::new())
    }

    /// The same, where these look-ups are answered so, by their names, whatever they are asked.
    #[must_use]
    pub fn with_answers(scenario: Arc<Scenario>, call: Circumstances, answers: BTreeMap<String, Found>) -> (Self, Step) {
        let lookups = Rehearsed::of(&scenario.folder, answers);
        let mut rehearsal = Self { dialog: Dialog::new(scenario, call), lookups };
        let step = rehearsal.on(Input::Disclosed);
        (rehearsal, step)
    }

    /// A call in which nobody has said anything yet. What the office has on file lies in a folder of its own, before what the scenario brings, and the robot
    /// writes there.
    #[must_use]
    pub fn ringing(scenario: Arc<Scenario>, call: Circumstances, files: &Path) -> Self {
        let lookups = Rehearsed::of(&scenario.folder, BTreeMap::new()).in_office(files);
        Self { dialog: Dialog::new(scenario, call), lookups }
    }

    /// What a look-up finds at this moment, whoever asks.
    pub fn find(&mut self, query: &Query) -> Found {
        self.lookups.find(query)
    }

    /// Whether a person was wanted, and nobody was there.
    #[must_use]
    pub fn has_found_nobody(&self) -> bool {
        self.dialog.has_found_nobody()
    }

    /// What the caller is expected to say next.
    #[must_use]
    pub fn asks(&self) -> Asks {
        self.dialog.asks()
    }

    /// What the caller's next turn most likely is, for whoever listens.
    #[must_use]
    pub fn expects(&self) -> Expected {
        self.dialog.expects()
    }

    /// Everybody and every moment of the office's that this caller may be told of, as it is said.
    #[must_use]
    pub fn may_name(&self) -> Vec<String> {
        self.dialog.may_name()
    }

    /// What the pauses of the caller's next turn are held against.
    #[must_use]
    pub fn judge(&self) -> Judge {
        self.dialog.judge()
    }

    /// What was told to the flow that is on its way, by the names of its slots.
    #[must_use]
    pub fn told(&self) -> Vec<(String, Value)> {
        self.dialog.values()
    }

    /// Whether these words, spoken over the robot, ask for nothing but that it goes on.
    #[must_use]
    pub fn lets_go_on(&self, said: &str) -> bool {
        self.dialog.lets_go_on(said)
    }

    /// What the robot does about `input`.
    pub fn on(&mut self, input: Input) -> Step {
        let mut step = self.dialog.on(input);
        while let Some(closest) = step.actions.iter().find_map(Action::without_a_model) {
            step = self.dialog.on(closest);
        }
        // A flow may look several things up, one after the other: what is said in all of it is the robot's answer.
        for _ in 0..MOST_LOOKUPS {
            let Some(at) = step.actions.iter().position(|action| matches!(action, Action::LookUp(_))) else { break };
            let Action::LookUp(query) = step.actions.remove(at) else { break };
            let next = self.dialog.on(Input::Found(query.number, self.lookups.find(&query)));
            step.source = step.source.or(next.source);
            step.actions.extend(next.actions);
        }
        step
    }

    /// What became of the call, which ended so.
    pub fn report(&mut self, close: Close) -> Report {
        self.dialog.report(close)
    }

    /// What the caller dictated and did not confirm, once the call is over.
    pub fn unfinished(&mut self) -> Option<Note> {
        self.dialog.unfinished()
    }
}

impl Conversation {
    /// Play it by text, as if it were this call.
    #[must_use]
    pub fn play(&self, scenario: &Arc<Scenario>, call: &Circumstances) -> Outcome {
        let as_written = |said: &str, _: &Rehearsal, _: &Step| Ok::<_, Infallible>(vec![Input::heard(said)]);
        match self.play_as(scenario, call, as_written) {
            Ok(outcome) => outcome,
            Err(never) => match never {},
        }
    }

    /// Play it, as if it were this call; `heard` tells what the robot hears of what the caller says after a step: nothing, once, or in pieces.
    ///
    /// # Errors
    /// Those of `heard`.
    pub fn play_as<E>(
        &self,
        scenario: &Arc<Scenario>,
        call: &Circumstances,
        mut heard: impl FnMut(&str, &Rehearsal, &Step) -> Result<Vec<Input>, E>,
    ) -> Result<Outcome, E> {
        let mut call = call.clone().one_of(self.calls.unwrap_or(call.calls));
        call.now = self.now.map_or(call.now, script::at);
        call.number = self.number.clone().or(call.number);
        call.given.extend(self.given.clone());
        let answers = self.lookups.iter().map(|(name, answer)| (name.clone(), answer.found())).collect();
        let (mut robot, greeting) = Rehearsal::with_answers(Arc::clone(scenario), call, answers);
        let mut faults = self.opening.as_ref().map_or_else(Vec::new, |opening| opening.differences(&greeting));
        let mut steps = vec![greeting];
        for turn in &self.turns {
            if let Some(farewell) = steps.last().and_then(farewell) {
                faults.push(Fault { line: turn.line(), what: format!("the call is over already ({})", Ending::from(farewell).as_str()) });
                break;
            }
            let inputs = match (turn, steps.last()) {
                (Turn::Caller(said, _), Some(before)) => heard(&said.value, &robot, before)?,
                _ => inputs(turn),
            };
            let step = inputs.into_iter().map(|input| robot.on(input)).last();
            let Some(step) = step else { continue };
            faults.extend(differences(turn, &step).into_iter().map(|what| Fault { line: turn.line(), what }));
            steps.push(step);
        }
        let ended = steps.last().and_then(ended);
        if let Some(expected) = self.ends.as_ref().filter(|expected| ended != Some(expected.value)) {
            let what = format!(
                "ends: `{}` was expected, and it ended as `{}`",
                expected.value.as_str(),
                ended.map_or("not at all", Ending::as_str)
            );
            faults.push(Fault { line: script::line(expected), what });
        }
        let report = robot.report(match ended {
            Some(Ending::Silence) => Close::Silence,
            Some(Ending::Transfer) => Close::Transferred,
            _ => Close::Left,
        });
        if let Some(expected) = self.goal.as_ref().filter(|expected| expected.value != report.goal.why()) {
            let what = format!("goal: `{}` was expected, and it is `{}`", expected.value, report.goal.why());
            faults.push(Fault { line: script::line(expected), what });
        }
        Ok(Outcome { faults, steps, report, passed: robot.dialog.passed().clone() })
    }
}

/// How the call ends with this step, if it does.
fn ended(step: &Step) -> Option<Ending> {
    let transfers = step.actions.iter().any(|action| matches!(action, Action::Transfer(_)));
    farewell(step).map(Ending::from).or(transfers.then_some(Ending::Transfer))
}

fn inputs(turn: &Turn) -> Vec<Input> {
    match turn {
        Turn::Caller(said, _) => vec![Input::heard(said.value.clone())],
        Turn::Keys(keys, _) => keys.value.chars().filter_map(Key::new).map(Input::Key).collect(),
        Turn::Silence(..) => vec![Input::Silence],
        Turn::Unclear(..) => vec![Input::Unclear],
        Turn::NobodyThere(..) => vec![Input::NobodyThere],
    }
}

/// What is otherwise than it is written.
fn differences(turn: &Turn, step: &Step) -> Vec<String> {
    let (expected, said) = (turn.expected(), step.said());
    let mut all = Vec::new();
    for part in expected.robot.iter().flat_map(script::OneOrMore::iter).filter(|part| !said.contains(*part)) {
        all.push(format!("robot: it should say \"{part}\", and says \"{said}\""));
    }
    let mut compare = |what: &str, expected: Option<&str>, found: &str| {
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            all.push(format!("{what}: `{expected}` was expected, and it is `{found}`"));
        }
    };
    compare("understood", expected.understood.as_deref(), &step.understood);
    compare("source", expected.source.as_deref(), step.source.as_deref().unwrap_or(NO_SOURCE));
    compare("does", expected.does.map(Deed::as_str), step.action_name());
    if let Some(kept) = &expected.keeps {
        let note = step.actions.iter().find_map(|action| if let Action::Keep(note) = action { Some(note) } else { None });
        all.extend(note.map_or_else(|| vec!["keeps: no message was kept".to_owned()], |note| kept_otherwise(kept, note)));
    }
    all
}

fn kept_otherwise(kept: &Kept, note: &Note) -> Vec<String> {
    let mut all = Vec::new();
    let mut compare = |what: &str, expected: Option<&str>, found: &str| {
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            all.push(format!("keeps: {what}: `{expected}` was expected, and it is `{found}`"));
        }
    };
    compare("for", kept.recipient.as_deref(), &note.recipient);
    compare("text", kept.text.as_deref(), &note.text);
    compare("number", kept.number.as_deref(), note.callback.as_deref().unwrap_or("none"));
    compare("about", kept.about.map(About::as_str), note.about.as_str());
    let promised = note.promised.as_ref().map_or_else(|| "none".to_owned(), |when| when.strftime("%Y-%m-%dT%H:%M").to_string());
    compare("promised", kept.promised.as_deref(), &promised);
    if let Some(confirmed) = kept.confirmed.filter(|&confirmed| confirmed != note.confirmed) {
        all.push(format!("keeps: confirmed: `{confirmed}` was expected, and it is `{}`", note.confirmed));
    }
    all
}

fn farewell(step: &Step) -> Option<Farewell> {
    step.actions.iter().find_map(|action| if let Action::HangUp(farewell) = action { Some(*farewell) } else { None })
}
