//! Which of several is meant: by its place ("the second one", the key 2), by what tells it apart ("at eleven"), or none of them.
//!
//! Where what tells them apart is something that the flow asks for, a caller may also name another than those that were offered: "how about Friday?"

use super::super::{Dialog, State};
use super::Asked;
use crate::dialog::action::{Action, Step};
use crate::dialog::scenario::{Op, Which};
use crate::dialog::slots::{self, Kind, Part, Reading, Value, When};
use crate::dialog::understanding::Understood;
use crate::dialog::wording::Line;
use crate::dialog::words::{contains, phrase, words};
use crate::dialog::yes_or_no::yes_or_no;
use crate::lookups::query::Row;

/// How people count what they were offered.
const PLACES: [&[&str]; 3] = [
    &["the first", "first one", "number one", "first", "第一", "頭一個", "头一个"],
    &["the second", "second one", "number two", "second", "第二"],
    &["the third", "third one", "number three", "third", "第三"],
];
const THE_ONE: [&str; 3] = ["the one", "that one", "this one"];
const NONE: [&str; 10] = ["none", "neither", "none of", "都不", "都没", "都沒", "不行", "不要", "其他", "另外"];
const LAST: [&str; 5] = ["the last", "last one", "最後一個", "最后一个", "最後那個"];

impl Dialog {
    fn which(&self) -> Option<Which> {
        if let Some(Op::LookUp { which, .. }) = self.op() { which } else { None }
    }

    fn rows(&self) -> &[Row] {
        self.run.as_ref().map(|run| run.rows.as_slice()).unwrap_or_default()
    }

    /// By what the rows are told apart, in each of them.
    fn told_apart(&self, by: usize) -> Option<(&Kind, Vec<Option<Value>>)> {
        let Some(Op::LookUp { lookup, .. }) = self.op() else { return None };
        let lookup = self.scenario.lookups.get(lookup)?;
        let (_, kind) = self.scenario.slots.get(by)?;
        let (there, _) = lookup.outputs.iter().find(|(_, place)| *place == by)?;
        Some((kind, self.rows().iter().map(|row| row.get(there).and_then(|written| Value::read_written(kind, written))).collect()))
    }

    /// The question, with what can be chosen.
    pub(super) fn which_question(&self) -> String {
        let Some(which) = self.which() else { return String::new() };
        let mut told = self.told();
        told.push(("choices", self.choices()));
        let values: Vec<(&str, &str)> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let wording = &self.scenario.wording;
        let round = self.run.as_ref().map_or(0, |run| run.round);
        wording.otherwise(&which.ask, round, &values).or_else(|| wording.own(&which.ask, &values)).unwrap_or_default()
    }

    /// What can be chosen, as it is said.
    pub(in crate::dialog::machine) fn choices(&self) -> String {
        let Some(which) = self.which() else { return String::new() };
        let context = self.context();
        let mut day = match self.run.as_ref().and_then(|run| run.values.get(&which.by)) {
            Some(Value::DateTime(wanted)) => Some(wanted.date()),
            _ => None,
        };
        let mut spoken = |kind: &Kind, value: &Value| match value {
            // A day is said once.
            Value::DateTime(when) if day.replace(when.date()) == Some(when.date()) => {
                Value::Time(when.time()).spoken(&Kind::Time, self.scenario.language, &context)
            }
            value => value.spoken(kind, self.scenario.language, &context),
        };
        let spoken: Vec<String> = self
            .told_apart(which.by)
            .map_or_else(Vec::new, |(kind, values)| values.iter().flatten().map(|value| spoken(kind, value)).collect());
        self.listed(&spoken)
    }

    /// This, that, or the third.
    fn listed(&self, spoken: &[String]) -> String {
        let (comma, or) = match self.language() {
            switchhook_models::Language::En => (", ", format!(" {} ", self.scenario.line(Line::Or))),
            switchhook_models::Language::Zh => ("、", self.scenario.line(Line::Or)),
        };
        match spoken {
            [all @ .., last] if !all.is_empty() => format!("{}{or}{last}", all.join(comma)),
            all => all.join(comma),
        }
    }

    /// The caller's answer.
    pub(super) fn answered_which(&mut self, said: &str, understood: Understood) -> Step {
        if let Some(row) = self.meant_row(said) {
            return self.chosen(&row, "chosen");
        }
        let Some(which) = self.which() else { return self.person("look-up-failed") };
        let asks = self.is_collected(which.by);
        let only = self.rows().len() == 1;
        let spoken = words(said);
        let none = NONE.iter().any(|sign| contains(&spoken, &phrase(sign)));
        let answer = if none { Some(false) } else { yes_or_no(&self.scenario, said) };
        match (answer, asks) {
            (Some(true), _) if only => return self.key_which(1).unwrap_or_else(|| self.ask_again(Asked::Which, None, "nothing")),
            (_, true) => {
                let context = self.context();
                let Some((_, kind)) = self.scenario.slots.get(which.by) else { return self.person("look-up-failed") };
                match slots::read(kind, said, self.scenario.language, &context) {
                    Reading::Found { value, .. } => {
                        if let Some(run) = &mut self.run {
                            run.rows.clear();
                            run.values.insert(which.by, value);
                        }
                        return self.ask_anew_with(which.by, "another");
                    }
                    Reading::Part(part, _) => return self.ask_anew(which.by, Some(part), Vec::new()),
                    Reading::Outside { bound, .. } => {
                        let why = Action::Say(self.out_of_bounds(bound));
                        return self.ask_anew(which.by, None, vec![why]);
                    }
                    Reading::DontKnow | Reading::None => {}
                }
                if answer == Some(false) {
                    return self.ask_anew(which.by, None, Vec::new());
                }
            }
            (Some(false), false) => return self.none_of_them(),
            _ => {}
        }
        self.something_else(Asked::Which, said, understood)
    }

    fn none_of_them(&mut self) -> Step {
        let Some(Op::LookUp { nothing, .. }) = self.op() else { return self.person("look-up-failed") };
        self.goes_on_at(Some(nothing), "none-of-them")
    }

    /// The one at this place, from 1 on.
    pub(super) fn key_which(&mut self, place: usize) -> Option<Step> {
        let row = self.rows().get(place.checked_sub(1)?)?.clone();
        Some(self.chosen(&row, "chosen"))
    }

    /// The row that the words name, if they name one.
    fn meant_row(&self, said: &str) -> Option<Row> {
        let spoken = words(said);
        let rows = self.rows();
        let says = |signs: &[&str]| signs.iter().any(|sign| contains(&spoken, &phrase(sign)));
        let by_value = || {
            let (kind, values) = self.told_apart(self.which()?.by)?;
            let fits: Vec<usize> =
                (0..rows.len()).filter(|&row| values.get(row).is_some_and(|value| self.names(kind, value.as_ref(), said))).collect();
            if let [only] = fits.as_slice() { Some(*only) } else { None }
        };
        let by_place = || {
            let last = says(&LAST).then(|| rows.len().saturating_sub(1));
            PLACES.iter().take(rows.len()).position(|signs| says(signs)).or(last)
        };
        by_value().or_else(by_place).and_then(|row| rows.get(row)).cloned()
    }

    /// Whether the words name this value among those that were offered.
    fn names(&self, kind: &Kind, value: Option<&Value>, said: &str) -> bool {
        let Some(value) = value else { return false };
        let context = self.context();
        // "The one on Friday" tells no time.
        let said = &THE_ONE.iter().fold(said.to_lowercase(), |said, words| said.replace(words, ""));
        if let (Kind::DateTime(_), Value::DateTime(when)) = (kind, value) {
            // "At eleven" is that of the offered day, and of the half of it that was offered.
            let day = Part::When(When { date: Some(when.date()), ..When::default() });
            let near = context.likely(when.time()..when.time()).after(&day);
            return match slots::read(&Kind::date_time_from_now(), said, self.scenario.language, &near) {
                Reading::Found { value: read, .. } => read == *value,
                Reading::Part(Part::When(told), _) => {
                    told.time.is_none() && told.part.is_none() && told.date == Some(when.date()) && {
                        // The day alone: what was read must say it, and not only know it.
                        let alone = slots::read(&Kind::Date(slots::Window::default()), said, self.scenario.language, &self.context());
                        matches!(alone, Reading::Found { value: Value::Date(date), .. } if date == when.date())
                    }
                }
                _ => false,
            };
        }
        let name = words(&value.spoken(kind, self.scenario.language, &context));
        !name.is_empty() && contains(&words(said), &name)
    }

    /// Whether the flow asks the caller for this slot.
    pub(super) fn is_collected(&self, slot: usize) -> bool {
        self.collected().contains(&slot)
    }

    /// Go back to where the slot is collected; it holds something already, and what follows is done again with that.
    fn ask_anew_with(&mut self, slot: usize, understood: &str) -> Step {
        let collects = |op: &Op| matches!(op, Op::Collect { slot: place, .. } if *place == slot);
        let flow = self.run.as_ref().and_then(|run| self.scenario.flows.get(run.flow));
        let back = flow.and_then(|flow| flow.ops.iter().position(collects));
        if let Some(run) = &mut self.run {
            run.turn_over();
            run.at = back.unwrap_or(run.at);
        }
        self.failures = 0;
        self.state = State::Open;
        self.go_on(Vec::new(), understood)
    }
}
