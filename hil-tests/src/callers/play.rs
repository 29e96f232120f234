//! One call between a caller and the robot, by whatever lies between them, and what it came to.

use std::sync::Arc;

use anyhow::ensure;
use switchhook::dialog::rehearsal::Rehearsal;
use switchhook::dialog::slots::Value;
use switchhook::dialog::{Action, Asks, Circumstances, Farewell, Input, Note, Scenario, Step};
use switchhook::lines::Key;

use super::caller::{Caller, Move};
use super::outcome::{Cause, Exchange, Held, Outcome};
use super::persona::Quirk;
use super::phrases::Wants;
use super::same::Same;
use super::witness::Witness;

/// What lies between the two.
pub trait Channel {
    /// What the robot takes a move of the caller's for, after this step of its own; nothing, if it hears nothing that it has to answer.
    fn hears(&mut self, done: &Move, robot: &Rehearsal, before: &Step) -> anyhow::Result<Vec<Input>>;

    /// How far what was heard is from what was said, from 0 to 1 and more.
    fn far(&self, said: &str, heard: &str) -> f64;

    /// Who speaks, and over what.
    fn speaker(&self) -> Option<String>;

    /// Whether the caller was told that a robot speaks, before they were listened to.
    fn disclosed(&self) -> bool;
}

/// Heard as it is written.
pub struct ByText;

impl Channel for ByText {
    fn hears(&mut self, done: &Move, robot: &Rehearsal, _before: &Step) -> anyhow::Result<Vec<Input>> {
        Ok(match done {
            Move::Says(text) => vec![Input::heard(text.as_str())],
            Move::SaysOver(text) | Move::Murmurs(text) => {
                let goes_on = robot.lets_go_on(text);
                if goes_on { vec![] } else { vec![Input::heard(text.as_str())] }
            }
            Move::Presses(keys) => pressed(keys),
            Move::Silent => vec![Input::Silence],
            Move::HangsUp => vec![],
        })
    }

    fn far(&self, _said: &str, _heard: &str) -> f64 {
        0.0
    }

    fn speaker(&self) -> Option<String> {
        None
    }

    /// By text, nobody listens to anybody: the dialog begins behind the disclosure.
    fn disclosed(&self) -> bool {
        true
    }
}

/// Keys, one after the other.
pub fn pressed(keys: &str) -> Vec<Input> {
    keys.chars().filter_map(Key::new).map(Input::Key).collect()
}

/// From here on, what was heard is something else than what was said.
const MISHEARD: f64 = 0.25;
/// So often a person is asked for.
const PERSONS: usize = 3;
/// No call has more exchanges than this.
const LONGEST: usize = 60;

/// A flow, its result, and what was told on the way.
type Reached = (String, String, Vec<(String, Value)>);

/// Everything that the judgement needs.
#[derive(Default)]
struct Seen {
    notes: Vec<Note>,
    reached: Vec<Reached>,
    transferred: bool,
    farewell: Option<Farewell>,
    wanted_a_person: bool,
    /// What the last step was understood as.
    understood: String,
    breach: Option<(Cause, String)>,
    misheard: bool,
    cut_off: bool,
}

impl Seen {
    fn take(&mut self, step: &Step) {
        self.understood.clone_from(&step.understood);
        for action in &step.actions {
            match action {
                Action::Keep(note) => self.notes.push(note.clone()),
                Action::Reached { flow, result, told } => self.reached.push((flow.clone(), result.clone(), told.clone())),
                Action::Transfer(_) => self.transferred = true,
                Action::HangUp(farewell) => self.farewell = Some(*farewell),
                _ => {}
            }
        }
    }

    fn over(&self) -> bool {
        self.transferred || self.farewell.is_some()
    }
}

/// Hold the call.
pub fn play(
    number: u64,
    mut caller: Caller<'_>,
    scenario: &Arc<Scenario>,
    circumstances: &Circumstances,
    mut witness: Witness<'_>,
    same: &Same,
    channel: &mut impl Channel,
) -> anyhow::Result<Held> {
    let at_once = caller.persona.shows(Quirk::PressesZeroAtOnce);
    let (mut robot, mut step) = if at_once {
        Rehearsal::person_wanted(Arc::clone(scenario), circumstances.clone())
    } else {
        Rehearsal::begin(Arc::clone(scenario), circumstances.clone())
    };
    let (mut seen, mut exchanges) = (Seen { wanted_a_person: at_once, ..Seen::default() }, Vec::new());
    let quirks = caller.persona.quirks.clone();
    let mut held = Held {
        number,
        goal: caller.goal.name.clone(),
        quirks,
        speaker: channel.speaker(),
        outcome: Outcome::Left,
        why: String::new(),
        exchanges: Vec::new(),
        persons_asked: usize::from(at_once),
        persons_given: 0,
        interruptions: 0,
        interruptions_heard: 0,
        murmurs: 0,
        murmurs_let_pass: 0,
    };
    witness.knows(robot.may_name());
    seen.take(&step);
    held.persons_given += usize::from(at_once && seen.transferred);
    if !channel.disclosed() {
        seen.breach = Some((Cause::NotDisclosed, "the caller was listened to before they were told".into()));
    }
    let mut asked_in_vain = 0;
    exchanges.push(Exchange { caller: String::new(), heard: vec![], understood: step.understood.clone(), robot: step.said() });
    while exchanges.len() < LONGEST {
        if let Asks::Which { choices, .. } = robot.asks() {
            witness.knows([choices]);
        }
        if let Some(invented) = witness.invented(&step) {
            seen.breach.get_or_insert((Cause::Invented, invented));
        }
        if seen.transferred && caller.persona.moment == 4 && !caller.state.nobody_there {
            // A quarter of those who are passed on reach nobody.
            caller.state.nobody_there = true;
            step = robot.on(Input::NobodyThere);
            seen.transferred = false;
            seen.take(&step);
            exchanges.push(Exchange {
                caller: "(nobody takes the call)".into(),
                heard: vec![],
                understood: step.understood.clone(),
                robot: step.said(),
            });
            continue;
        }
        if seen.over() {
            break;
        }
        let done = caller.next(&robot.asks(), &step);
        if done == Move::HangsUp {
            break;
        }
        let inputs = channel.hears(&done, &robot, &step)?;
        let texts: Vec<String> =
            inputs.iter().filter_map(|input| if let Input::Heard(said) = input { Some(said.text.clone()) } else { None }).collect();
        let whole = texts.join(" ");
        let mut rightly = true;
        if let Move::Says(said) | Move::SaysOver(said) = &done {
            rightly = channel.far(said, &whole) <= MISHEARD && texts.len() == 1;
            seen.misheard |= channel.far(said, &whole) > MISHEARD;
            seen.cut_off |= texts.len() > 1;
        }
        match &done {
            Move::SaysOver(_) => {
                held.interruptions += 1;
                held.interruptions_heard += usize::from(!texts.is_empty());
            }
            Move::Murmurs(_) => {
                held.murmurs += 1;
                held.murmurs_let_pass += usize::from(inputs.is_empty());
            }
            Move::Presses(keys) => witness.keys(keys),
            Move::Says(_) | Move::Silent | Move::HangsUp => {}
        }
        texts.iter().for_each(|text| witness.hears(text));
        if inputs.is_empty() {
            exchanges.push(Exchange { caller: shown(&done), heard: vec![], understood: "(goes on)".into(), robot: String::new() });
            continue;
        }
        let mut told = Vec::new();
        for input in inputs {
            step = robot.on(input);
            seen.take(&step);
            told.extend(robot.told());
            if seen.over() {
                break;
            }
        }
        if step.only_waits_for_keys().is_some() {
            // They have pressed what they wanted to press.
            step = robot.on(Input::Silence);
            seen.take(&step);
            told.extend(robot.told());
        }
        told.extend(seen.reached.iter().flat_map(|(_, _, told)| told.clone()));
        witness.told(&told);
        exchanges.push(Exchange { caller: shown(&done), heard: texts.clone(), understood: step.understood.clone(), robot: step.said() });
        if caller.state.asked_for_a_person {
            seen.wanted_a_person = true;
            if rightly {
                held.persons_asked += 1;
                held.persons_given += usize::from(seen.transferred);
            }
            if !seen.transferred {
                if rightly {
                    seen.breach.get_or_insert((Cause::NoHandOver, shown(&done)));
                }
                asked_in_vain += 1;
                ensure!(asked_in_vain <= LONGEST, "a caller asks without end");
                if asked_in_vain < PERSONS {
                    caller.asks_again_for_a_person();
                }
            }
        }
    }
    if let Some(note) = robot.unfinished() {
        seen.notes.push(note);
    }
    (held.outcome, held.why) = judge(&caller, &seen, same, exchanges.len() >= LONGEST);
    held.exchanges = exchanges;
    Ok(held)
}

fn shown(done: &Move) -> String {
    match done {
        Move::Says(text) => text.clone(),
        Move::SaysOver(text) => format!("{text} (over the robot)"),
        Move::Murmurs(text) => format!("({text})"),
        Move::Presses(keys) => format!("(presses {keys})"),
        Move::Silent => "(silent)".into(),
        Move::HangsUp => "(hangs up)".into(),
    }
}

fn judge(caller: &Caller<'_>, seen: &Seen, same: &Same, endless: bool) -> (Outcome, String) {
    let blame = |otherwise| match (seen.misheard, seen.cut_off) {
        (true, _) => Cause::Misheard,
        (false, true) => Cause::CutOff,
        (false, false) => otherwise,
    };
    if let Some((cause, why)) = &seen.breach {
        return (Outcome::Failed(*cause), why.clone());
    }
    let wrong = |why: String| (Outcome::Failed(Cause::WrongValue), why);
    if caller.state.nobody_there || seen.transferred && !caller.state.got {
        if caller.state.had_enough || !seen.wanted_a_person {
            return (Outcome::PassedOn(blame(Cause::Misunderstood)), seen.understood.clone());
        }
        return (Outcome::HandedOver, String::new());
    }
    if caller.state.leaves || caller.persona.has(Quirk::NeverSpeaks) {
        return match seen.farewell {
            Some(_) => (Outcome::Left, String::new()),
            None => (Outcome::Failed(blame(Cause::Misunderstood)), "the caller wanted to leave".into()),
        };
    }
    if endless {
        return (Outcome::Failed(blame(Cause::OutOfPatience)), "the call has no end".into());
    }
    match &caller.goal.wants {
        Wants::Answer(_) if caller.state.got => (Outcome::Reached, String::new()),
        Wants::Flow { name, result } if caller.state.got => {
            let Some((_, found, told)) = seen.reached.iter().rev().find(|(flow, ..)| flow == name) else {
                return (Outcome::Failed(blame(Cause::Misunderstood)), "the flow was not reached".into());
            };
            if let Some((slot, value)) =
                told.iter().find(|(slot, value)| caller.facts.get(slot).is_some_and(|fact| !same.is(fact, &value.written())))
            {
                let meant = caller.facts.get(slot).map(|fact| fact.written.clone()).unwrap_or_default();
                return wrong(format!("{slot}: {} instead of {meant}", value.written()));
            }
            if found == result {
                (Outcome::Reached, String::new())
            } else {
                (Outcome::Failed(blame(Cause::Misunderstood)), format!("{found} instead of {result}"))
            }
        }
        Wants::Message | Wants::Complaint if caller.state.got => {
            let Some(note) = seen.notes.last() else { return wrong("nothing was kept".into()) };
            let digits = caller.callback_digits();
            if note.callback != digits {
                return wrong(format!("{:?} instead of {digits:?}", note.callback));
            }
            if !same.is_in(&caller.message.text, &note.text) {
                return wrong(format!("{} instead of {}", note.text, caller.message.text));
            }
            if note.confirmed { (Outcome::Reached, String::new()) } else { (Outcome::Failed(Cause::Unconfirmed), String::new()) }
        }
        _ if caller.state.had_enough => (Outcome::Failed(blame(Cause::OutOfPatience)), seen.understood.clone()),
        _ => (Outcome::Failed(blame(Cause::RobotLeft)), seen.understood.clone()),
    }
}
