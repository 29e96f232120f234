//! Whoever stands beside a call and knows what the robot may say: whether anything of what it says was invented.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Zoned;
use switchhook::dialog::rehearsal::Sayable;
use switchhook::dialog::slots::{Context, Kind, Value, by_sound};
use switchhook::dialog::words::words;
use switchhook::dialog::{Line, Scenario, Step};
use switchhook_models::text::values::{read_out, runs, telephone};

use super::facts::Fact;
use super::phrases::Goal;

/// A telephone number has at least so many digits.
const SHORTEST_NUMBER: usize = 6;
/// Who tells a number in parts, or puts a part of it right, tells no fewer digits at a time.
const SHORTEST_PART: usize = 3;

/// What was said and heard in one call, as far as it may be said again.
pub struct Witness<'a> {
    scenario: Arc<Scenario>,
    sayable: &'a Sayable,
    now: Zoned,
    /// The words that the caller said, as they were heard.
    heard: BTreeSet<String>,
    /// Values as they are said.
    spoken: BTreeSet<String>,
    /// The digits of each turn in which there were some.
    digits: Vec<String>,
}

impl<'a> Witness<'a> {
    pub fn new(scenario: &Arc<Scenario>, sayable: &'a Sayable, now: &Zoned) -> Self {
        let named = [Line::APerson, Line::TheOffice, Line::ComplaintsDesk].map(|line| scenario.line(line));
        let mut spoken: BTreeSet<String> = named.into_iter().chain([scenario.person.clone()]).collect();
        let or = format!(" {} ", scenario.line(Line::Or));
        for (_, kind) in &scenario.slots {
            let Kind::Choice(options) = kind else { continue };
            let names: Vec<&String> = options.iter().filter_map(|option| option.names(scenario.language).first()).collect();
            // Which of two was meant.
            for one in &names {
                spoken.extend(names.iter().map(|other| format!("{one}{or}{other}")));
            }
        }
        Self { scenario: Arc::clone(scenario), sayable, now: now.clone(), heard: BTreeSet::new(), spoken, digits: Vec::new() }
    }

    /// The robot heard this.
    pub fn hears(&mut self, text: &str) {
        self.heard.extend(words(text));
        let locale = self.scenario.language;
        let numbers = [telephone(text, locale.language(), SHORTEST_NUMBER), by_sound::telephone(text, "", locale)];
        self.spoken.extend(numbers.into_iter().flatten().map(|number| read_out(&number, locale)));
        self.digits.extend(runs(text, locale.language()).into_iter().map(|run| run.digits));
    }

    /// Whether this is a number of which the caller said every part.
    fn was_told_in_parts(&self, value: &str) -> bool {
        let number = telephone(value, self.scenario.language.language(), SHORTEST_NUMBER);
        number.is_some_and(|number| is_put_together(&number, &self.digits))
    }

    /// The caller pressed these.
    pub fn keys(&mut self, keys: &str) {
        self.spoken.insert(read_out(keys.trim_end_matches('#'), self.scenario.language));
    }

    /// The robot knows these values.
    pub fn told(&mut self, told: &[(String, Value)]) {
        let context = Context::at(&self.now);
        for (name, value) in told {
            let kind = self.scenario.slots.iter().find(|(slot, _)| slot == name).map(|(_, kind)| kind);
            self.spoken.extend(kind.map(|kind| value.spoken(kind, self.scenario.language, &context)));
        }
    }

    /// The robot found this, or its office says so.
    pub fn knows(&mut self, said: impl IntoIterator<Item = String>) {
        self.spoken.extend(said);
    }

    /// What the robot said here of that which concerns nobody but the right person, where the goal says that they have not the phone.
    pub fn told_another(&self, step: &Step, goal: &Goal, facts: &BTreeMap<String, Fact>) -> Option<String> {
        let (said, context) = (step.said(), Context::at(&self.now));
        let spoken = |slot: &String| {
            let (_, kind) = self.scenario.slots.iter().find(|(name, _)| name == slot)?;
            Some(Value::read_written(kind, &facts.get(slot)?.written)?.spoken(kind, self.scenario.language, &context))
        };
        goal.untold.iter().filter_map(spoken).find(|spoken| said.contains(spoken.as_str()))
    }

    /// What the robot said here and nobody wrote, if it did.
    pub fn invented(&self, step: &Step) -> Option<String> {
        let said = step.said();
        let known = |value: &str| {
            let value = value.trim();
            self.spoken.contains(value) || words(value).iter().all(|word| self.heard.contains(word)) || self.was_told_in_parts(value)
        };
        (!self.sayable.explains(&said, known)).then_some(said)
    }
}

/// Whether a number consists of parts, each of which is in one of these runs of digits.
fn is_put_together(number: &str, runs: &[String]) -> bool {
    // Up to where what stands before can be put together.
    let mut reached = vec![false; number.len() + 1];
    reached[0] = true;
    for from in 0..number.len() {
        for to in from + SHORTEST_PART..=number.len() {
            reached[to] |= reached[from] && number.get(from..to).is_some_and(|part| runs.iter().any(|run| run.contains(part)));
        }
    }
    reached[number.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_was_told_in_parts_was_told_and_no_other() {
        let heard = |texts: &[&str]| texts.iter().map(|digits| (*digits).to_owned()).collect::<Vec<_>>();
        let corrected = heard(&["0995075", "6080990999", "608", "60"]);
        assert!(is_put_together("6080995075", &corrected));
        assert!(!is_put_together("6080995076", &corrected));
        assert!(!is_put_together("6070995075", &corrected));
        assert!(!is_put_together("60", &corrected), "two digits are no part");
        assert!(!is_put_together("6080995075", &heard(&["6", "08", "0", "99", "50", "75"])));
    }
}
