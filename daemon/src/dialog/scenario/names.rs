//! What the parts of `scenario.yaml` call each other by: slots, what is given, surveys, look-ups and flows, each found by its name, or told as missing with
//! its line.

use std::collections::BTreeMap;
use std::sync::Arc;

use switchhook_models::Locale;

use super::MOMENTS;
use super::check::moments;
use super::file::{Direction, File, line};
use super::flow::{Fault, Flow, Names, surveys};
use super::intent::Signs;
use crate::dialog::knowledge::Passage;
use crate::dialog::office::Office;
use crate::dialog::slots::{Choice, Kind};
use crate::dialog::wording::{Line, Wording};
use crate::lookups::query::{FAR_END, LookUp};
use crate::week::Week;

/// The message of an outbound scenario that says what its call is for, in the disclosure.
pub(super) const PURPOSE: &str = "purpose";
/// When somebody may be called, unless the scenario says otherwise.
const USUAL_CALL_HOURS: [(&str, &str); 1] = [("mon-sat", "09:00-20:00")];
/// What a message that asks which of several is meant may use.
const CHOICES: &str = "choices";

/// The parts, by their places.
pub(super) struct Laid {
    pub(super) slots: Vec<(String, Kind)>,
    pub(super) given: Vec<usize>,
    pub(super) lookups: Vec<Arc<LookUp>>,
    pub(super) flows: Vec<Flow>,
    pub(super) opens: Option<usize>,
    pub(super) call_hours: Week,
}

/// Everything by its place; every message of the flows can be said, with every slot for a variable.
///
/// # Errors
/// The line, what is wrong, and how to mend it.
pub(super) fn laid_out(
    file: &File,
    mut begun_by: BTreeMap<String, Signs>,
    wording: &Wording,
    knowledge: &[Passage],
    office: &Office,
    languages: &[Locale],
) -> Result<Laid, Fault> {
    let slots = slots(file, languages)?;
    let known: Vec<String> = slots.iter().map(|(name, _)| name.clone()).collect();
    let variables: Vec<String> = known.iter().cloned().chain(moments(office)).collect();
    let with_choices: Vec<String> = variables.iter().cloned().chain([CHOICES.to_owned()]).collect();
    let lookups: Vec<String> = file.lookups.keys().cloned().collect();
    let names = Names {
        slots: &known,
        office,
        passages: knowledge.iter().enumerate().map(|(place, passage)| (passage.source.as_str(), place)).collect(),
        lookups: &lookups,
        message: &|id| wording.can_say(id, &variables),
        which: &|id| wording.can_say(id, &with_choices),
    };
    let flows = file.flows.iter().map(|(name, steps)| {
        let signs = begun_by.remove(name).unwrap_or_default();
        Flow::laid_out(name, &steps.value, signs, &names).map_err(|(at, what)| (at.or(line(steps)), what))
    });
    let flows = flows.collect::<Result<Vec<_>, _>>()?;
    let lookups = file.lookups.iter().map(|(name, raw)| raw.value.checked(name, line(raw), &known).map(Arc::new));
    let opens = match &file.opens {
        None => None,
        Some(opens) => Some(
            flows
                .iter()
                .position(|flow| flow.name == opens.value)
                .ok_or_else(|| (line(opens), format!("opens: there is no flow `{}`; write it under `flows`", opens.value)))?,
        ),
    };
    if file.direction == Direction::Outbound {
        let what = |what: String| (None, format!("direction: outbound: {what}"));
        if opens.is_none() {
            return Err(what("write under `opens` which flow a call begins with".into()));
        }
        wording.can_say(PURPOSE, &[]).map_err(|fault| {
            what(format!("{fault}; it says in the disclosure what the call is for, and nothing that only one person may know"))
        })?;
    }
    let call_hours = match &file.call_hours {
        None => Week::read(USUAL_CALL_HOURS).map_err(|what| (None, what)),
        Some(hours) => Week::of_map(&hours.value).map_err(|what| (line(hours), format!("call-{what}"))),
    };
    Ok(Laid {
        call_hours: call_hours?,
        given: (0..known.len()).filter(|&place| known.get(place).is_some_and(|name| file.given.contains_key(name))).collect(),
        lookups: lookups.collect::<Result<_, _>>()?,
        slots,
        flows,
        opens,
    })
}

/// Everything that has a value: what callers tell, what is given, what surveys ask.
fn slots(file: &File, languages: &[Locale]) -> Result<Vec<(String, Kind)>, Fault> {
    let mut all: Vec<(String, Kind)> = Vec::new();
    let told = file.slots.iter().chain(&file.given).map(|(name, kind)| (name, line(kind), kind.value.clone()));
    let surveys = file.flows.values().flat_map(|steps| surveys(&steps.value));
    let rated = surveys.map(|survey| Ok((&survey.question.value, line(&survey.question), survey.kind()?)));
    for named in told.map(Ok).chain(rated) {
        let (name, at, mut kind) = named?;
        if name == FAR_END || name == CHOICES || MOMENTS.contains(&name.as_str()) {
            return Err((at, format!("`{name}` is a name of the robot's own: give the slot another one")));
        }
        if let Some(own) = Line::asking_for(name) {
            let own = own.id();
            return Err((
                at,
                format!("`{name}`: the robot itself asks `{own}`, and one would be asked for the other: choose another name"),
            ));
        }
        if all.iter().any(|(there, _)| there == name) {
            return Err((at, format!("there are two with the name `{name}`: give each its own")));
        }
        if let Kind::Choice(options) = &mut kind {
            Choice::name_all_in(options, languages).map_err(|what| (at, format!("`{name}`: {what}")))?;
        }
        all.push((name.clone(), kind));
    }
    Ok(all)
}
