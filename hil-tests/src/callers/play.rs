//! One call between a caller and the robot, by whatever lies between them.

use std::sync::Arc;

use anyhow::ensure;
use switchhook::dialog::rehearsal::Rehearsal;
use switchhook::dialog::{Asks, Circumstances, Input, Intent, Scenario, Step};
use switchhook::lines::Key;

use super::caller::{Caller, Move};
use super::judgement::{Judgement, Seen};
use super::outcome::{Cause, Exchange, Held, Outcome};
use super::persona::Quirk;
use super::same::Same;
use super::witness::Witness;
use super::world::World;

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
    let world = World::of(caller.goal, scenario, &caller.facts, caller.number.clone())?;
    let circumstances = circumstances.clone().with_number(Some(world.number().to_owned()));
    let mut robot = Rehearsal::ringing(Arc::clone(scenario), circumstances.clone(), world.folder());
    let mut step = robot.on(if at_once { Input::PersonWanted } else { Input::Disclosed });
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
    witness.told(&robot.told());
    witness.told(&seen.all_told());
    held.persons_given += usize::from(at_once && given(&seen, &robot, &step));
    if !channel.disclosed() {
        seen.breach = Some((Cause::NotDisclosed, "the caller was listened to before they were told".into()));
    }
    let (mut asked_in_vain, mut rang_in_vain) = (0, false);
    exchanges.push(Exchange { caller: String::new(), heard: vec![], understood: step.understood.clone(), robot: step.said() });
    while exchanges.len() < LONGEST {
        if let Asks::Which { choices, .. } = robot.asks() {
            witness.knows([choices]);
        }
        if let Some(invented) = witness.invented(&step) {
            seen.breach.get_or_insert((Cause::Invented, invented));
        }
        if let Some(told) = witness.told_another(&step, caller.goal, &caller.facts) {
            seen.breach.get_or_insert((Cause::ToldAnother, told));
        }
        caller.notices(&step);
        if seen.transferred.is_some() && caller.persona.moment == 4 && !rang_in_vain {
            // A quarter of those who are passed on reach nobody at first.
            rang_in_vain = true;
            step = robot.on(Input::NobodyThere);
            seen.transferred = None;
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
        caller.state.nobody_there = robot.has_found_nobody();
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
        told.extend(seen.all_told());
        witness.told(&told);
        exchanges.push(Exchange { caller: shown(&done), heard: texts.clone(), understood: step.understood.clone(), robot: step.said() });
        if caller.state.asked_for_a_person {
            seen.wanted_a_person = true;
            let given = given(&seen, &robot, &step);
            if rightly {
                held.persons_asked += 1;
                held.persons_given += usize::from(given);
            }
            if !given {
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
    caller.state.nobody_there = robot.has_found_nobody();
    let endless = exchanges.len() >= LONGEST;
    let mut judgement =
        Judgement { caller: &caller, seen: &seen, same, scenario, world: &world, robot: &mut robot, now: &circumstances.now };
    (held.outcome, held.why) = judgement.of(endless)?;
    held.exchanges = exchanges;
    Ok(held)
}

/// Whether whoever asked for a person has one now, or, where nobody can be there, is told so, and a message is taken.
fn given(seen: &Seen, robot: &Rehearsal, step: &Step) -> bool {
    seen.transferred.is_some() || robot.has_found_nobody() && step.understood == Intent::Person.as_str()
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
