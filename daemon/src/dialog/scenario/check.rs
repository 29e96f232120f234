//! What is checked of a scenario's files beside their form: languages, keys, greetings, what counts as success, and passages of knowledge.

use std::collections::{BTreeMap, BTreeSet};

use switchhook_models::Locale;

use super::error::ScenarioError;
use super::file::{Direction, File, line};
use super::flow::{Flow, Op};
use super::folder::Page;
use super::intent::Intent;
use super::names::PURPOSE;
use super::{GREETING_BUSY, GREETING_CLOSED, MOMENTS};
use crate::dialog::knowledge::Passage;
use crate::dialog::office::Office;
use crate::dialog::report::{ANSWERED, MESSAGE_TAKEN, TRANSFERRED};
use crate::dialog::slots::Kind;
use crate::dialog::wording::Wording;
use crate::lines::Key;

pub(super) fn languages(page: &Page, file: &File) -> Result<Vec<Locale>, ScenarioError> {
    let tags = file.languages.iter();
    tags.map(|tag| tag.value.parse().map_err(|error: switchhook_models::Error| ScenarioError::at(&page.path, line(tag), error.to_string())))
        .collect()
}

pub(super) fn keys(file: &File) -> Result<BTreeMap<char, Intent>, (Option<usize>, String)> {
    let mut keys = BTreeMap::new();
    for (text, intent) in &file.keys {
        let mut chars = text.chars();
        match (chars.next().and_then(Key::new), chars.next()) {
            (Some(key), None) => keys.insert(key.char(), intent.value),
            _ => return Err((line(intent), format!("keys: {text:?}: use one of 0-9, * and #, in quotes"))),
        };
    }
    // A caller can always reach a person by key, whatever the office leaves out (rules: "a person"); by word, the manners see to it.
    match file.keys.get("0") {
        Some(intent) if intent.value != Intent::Person => Err((line(intent), "keys: \"0\" must be `person`: callers rely on it".into())),
        _ => {
            keys.insert('0', Intent::Person);
            Ok(keys)
        }
    }
}

/// The moments that an office knows.
pub(super) fn moments(office: &Office) -> impl Iterator<Item = String> {
    MOMENTS.into_iter().filter(|_| office.has_hours()).map(str::to_owned)
}

/// Greetings for when the office is closed, or busy, are written only where it can be, and can be said.
pub(super) fn greetings(office: &Office, wording: &Wording) -> Result<(), String> {
    let variables: Vec<String> = moments(office).collect();
    for (id, can_be, remedy) in
        [(GREETING_CLOSED, office.has_hours(), "office: hours"), (GREETING_BUSY, office.can_be_busy(), "office: busy-from")]
    {
        if wording.own(id, &[]).is_some() {
            if !can_be {
                return Err(format!("the message `{id}` is never said; write `{remedy}` in scenario.yaml, or take it out"));
            }
            wording.can_say(id, &variables)?;
        }
    }
    Ok(())
}

/// The results that count as success: what is written, or every one.
pub(super) fn success(file: &File, flows: &[Flow]) -> Result<Vec<String>, (Option<usize>, String)> {
    let results =
        flows.iter().flat_map(|flow| &flow.ops).filter_map(|op| if let Op::End(result) = op { Some(result.as_str()) } else { None });
    let possible: BTreeSet<&str> = results.chain([ANSWERED, MESSAGE_TAKEN, TRANSFERRED]).collect();
    let Some(written) = &file.success else { return Ok(possible.into_iter().map(str::to_owned).collect()) };
    if let Some(unknown) = written.iter().find(|result| !possible.contains(result.value.as_str())) {
        let known = possible.into_iter().collect::<Vec<_>>().join(", ");
        return Err((line(unknown), format!("success: no call ends with `{}`; there are {known}", unknown.value)));
    }
    Ok(written.iter().map(|result| result.value.clone()).collect())
}

/// Every flow is begun by something: callers' words, or a call that opens with it. `callers` is the file of the words.
pub(super) fn begun(file: &File, flows: &[Flow], opens: Option<usize>, callers: &str) -> Result<(), (Option<usize>, String)> {
    let unreached = |(place, flow): &(usize, &Flow)| flow.signs.words.is_empty() && flow.signs.examples.is_empty() && opens != Some(*place);
    match flows.iter().enumerate().find(unreached) {
        None => Ok(()),
        Some((_, Flow { name, .. })) => {
            let what = format!(
                "flows: {name}: nothing begins it: write `words` or `examples` for it under `flows` in {callers}, name it under `opens`, or take it out"
            );
            Err((file.flows.get(name).and_then(line), what))
        }
    }
}

/// The messages that a scenario may have beside those of every robot: what its steps name, its questions, and how it greets and opens.
pub(super) fn messages(flows: &[Flow], slots: &[(String, Kind)], direction: Direction) -> BTreeSet<String> {
    let named = flows.iter().flat_map(|flow| &flow.ops).filter_map(Op::message).map(str::to_owned);
    let questions = slots.iter().map(|(slot, _)| format!("ask-{slot}"));
    let opening = [PURPOSE].into_iter().filter(|_| direction == Direction::Outbound);
    named.chain(questions).chain(opening.chain([GREETING_CLOSED, GREETING_BUSY]).map(str::to_owned)).collect()
}

pub(super) fn passages(pages: &[Page]) -> Result<Vec<Passage>, ScenarioError> {
    let mut all = Vec::new();
    for page in pages {
        let name = page.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        all.extend(Passage::parse_page(&name, &page.text).map_err(|(line, what)| ScenarioError::at(&page.path, Some(line), what))?);
    }
    Ok(all)
}
