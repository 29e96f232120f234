//! What a caller corrects, and to what: "no, Thursday", "not the third, the thirteenth", "I said ten thirty", "make that four people".
//!
//! The words are read against every slot that has a value. What changes is what was said and nothing else: a new day keeps the old time,
//! a new time the old day, and an hour without a half of the day stays in the old one. Which slot is meant is told by the value that
//! is denied, if it is one of theirs; else by what the words can be, the slot that was just read back first.

use std::ops::Range;

use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use switchhook_models::Locale;
use switchhook_models::text::values::{Half, Run, runs};

use super::context::{Context, on_the_clock};
use super::country::Country;
use super::kind::Kind;
use super::part::{Part, When};
use super::phrases::Said;
use super::reading::{Asked, Bound, Candidate, Reading, Sure, candidate, finish_when, names_a_number, told_exactly, told_of_when};
use super::value::Value;
use crate::dialog::words::words;

/// A slot as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// What it holds.
    pub kind: &'a Kind,
    /// Its value, if it has one.
    pub value: Option<&'a Value>,
}

/// What is to change. Slots are told by their place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Correction {
    /// This slot holds that.
    To {
        /// Which slot.
        slot: usize,
        /// What it holds from now on.
        value: Value,
    },
    /// This slot's new value is known in part: what is missing is asked.
    Part {
        /// Which slot.
        slot: usize,
        /// What is known.
        part: Part,
    },
    /// The caller wants what this slot does not allow.
    Outside {
        /// Which slot.
        slot: usize,
        /// What was asked for.
        value: Value,
        /// Which bound it breaks.
        bound: Bound,
    },
    /// This slot's value is wrong, and nobody said what is right.
    Wrong {
        /// Which slot.
        slot: usize,
    },
}

/// Words by which a caller corrects.
const MARKS: [&str; 42] = [
    "no",
    "not",
    "isnt",
    "wrong",
    "sorry",
    "actually",
    "i said",
    "i meant",
    "i mean",
    "make that",
    "make it",
    "change",
    "instead",
    "rather",
    "correction",
    "should be",
    "supposed to be",
    "better",
    "incorrect",
    "不是",
    "不对",
    "不對",
    "我说的是",
    "我說的是",
    "我是说",
    "我是說",
    "改成",
    "改到",
    "改为",
    "改為",
    "换成",
    "換成",
    "应该是",
    "應該是",
    "说错",
    "說錯",
    "错了",
    "錯了",
    "才对",
    "才對",
    "搞错",
    "搞錯",
];

/// What `said` corrects among `slots`; `read_back` is the place of the slot that was just said back. `None` if it corrects nothing: a plain "no"
/// is none either.
#[must_use]
pub fn correct(slots: &[Held<'_>], read_back: Option<usize>, said: &str, locale: Locale, context: &Context<'_>) -> Option<Correction> {
    let said = Said::new(said);
    let (marked, named) = (said.first(&MARKS).is_some(), names_a_number(&said));
    let order = || read_back.into_iter().chain((0..slots.len()).filter(move |slot| Some(*slot) != read_back));
    let denied = order().find(|slot| slots.get(*slot).is_some_and(|held| denies(held, &said, locale, context)));
    // Behind a read-back, a value that differs corrects by itself; elsewhere a word has to say that it does.
    if !marked && read_back.is_none() {
        return None;
    }
    let mut best: Option<(u8, Correction)> = None;
    for slot in order() {
        let Some(Held { kind, value: Some(old) }) = slots.get(slot).copied() else { continue };
        if !marked && Some(slot) != read_back {
            continue;
        }
        let Some((sure, correction)) = changed(slot, kind, old, read_back == Some(slot), &said, locale, context) else { continue };
        // "No, the number is four one five" is no quarter past four.
        let is_named = named && matches!(kind, Kind::Phone { .. });
        let weight = sure + if denied == Some(slot) { 10 } else { 0 } + if is_named { 8 } else { 0 };
        if best.as_ref().is_none_or(|(most, _)| weight > *most) {
            best = Some((weight, correction));
        }
    }
    // A number that is said to be wrong, and not told.
    let phone = || order().find(|slot| slots.get(*slot).is_some_and(|held| matches!(held.value, Some(Value::Phone { .. }))));
    let wrong = denied.or_else(|| if named && marked { phone() } else { None });
    best.map(|(_, correction)| correction).or_else(|| wrong.map(|slot| Correction::Wrong { slot }))
}

/// Whether the caller denies this slot's value: "not the third", 不是星期二.
fn denies(held: &Held<'_>, said: &Said<'_>, locale: Locale, context: &Context<'_>) -> bool {
    const DENIALS: [&str; 8] = ["not", "isnt", "wasnt", "instead of", "rather than", "不是", "不要", "而不是"];
    let Some(value) = held.value else { return false };
    DENIALS.iter().flat_map(|denial| said.all(denial)).any(|denial| {
        let clause = said.from(denial.end).split([',', '，', '.', '。', ';']).next().unwrap_or_default();
        let clause = clause.split(" but ").next().unwrap_or_default();
        holds(held.kind, value, &Said::new(clause), locale, context)
    })
}

/// Whether the words are the value, or the part of it that was said.
fn holds(kind: &Kind, value: &Value, said: &Said<'_>, locale: Locale, context: &Context<'_>) -> bool {
    match value {
        Value::Date(_) | Value::Time(_) | Value::DateTime(_) => {
            let Some(told) = told_of_when(said, locale, context, Asked::Yes) else { return false };
            let (date, time) = parts(value);
            let weekday = is_weekday_alone(said, &told.places);
            let same = |day: Date, date: Date| if weekday { day.weekday() == date.weekday() } else { day.day() == date.day() };
            let same_day = told.when.date.map(|day| date.is_some_and(|date| same(day, date)));
            let same_time = told.when.time.map(|told| time.is_some_and(|time| told == told_exactly(time) || told == on_the_clock(time)));
            (same_day.is_some() || same_time.is_some()) && same_day != Some(false) && same_time != Some(false)
        }
        Value::Phone { number, .. } => {
            runs(said.text, locale.language()).iter().any(|run| run.digits.len() > 1 && number.contains(&run.digits))
        }
        Value::Name(name) | Value::Address(name) | Value::Text(name) => {
            let words = words(name);
            !said.words.is_empty() && said.words.iter().any(|word| words.contains(word) && !["the", "a", "的"].contains(&word.as_str()))
        }
        Value::Number(_) | Value::Money { .. } | Value::YesNo(_) | Value::Choice(_) | Value::Code(_) => {
            candidate(kind, said, locale, context, Asked::Yes).is_some_and(|candidate| candidate.reading.value() == Some(value))
        }
    }
}

/// Whether one of these places is the name of a day and nothing more: "Thursday", 星期四.
fn is_weekday_alone(said: &Said<'_>, places: &[Range<usize>]) -> bool {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    places.iter().filter_map(|place| said.text.get(place.clone())).any(|text| {
        let mandarin = ["星期", "禮拜", "礼拜", "週", "周"].iter().find_map(|week| text.strip_prefix(week));
        NAMES.contains(&text.to_lowercase().as_str()) || mandarin.is_some_and(|day| day.chars().count() == 1)
    })
}

/// That weekday in the week of the old day, unless it is past: who says "no, Thursday" to a Tuesday in December means that week.
fn in_the_week_of(old: Date, new: Date, today: Date) -> Date {
    let days = i64::from(new.weekday().to_monday_zero_offset()) - i64::from(old.weekday().to_monday_zero_offset());
    old.checked_add(days.days()).ok().filter(|date| *date >= today).unwrap_or(new)
}

/// The day and the time of a value that has them.
fn parts(value: &Value) -> (Option<Date>, Option<Time>) {
    match value {
        Value::Date(date) => (Some(*date), None),
        Value::Time(time) => (None, Some(*time)),
        Value::DateTime(when) => (Some(when.date()), Some(when.time())),
        Value::Text(_)
        | Value::Name(_)
        | Value::Number(_)
        | Value::Phone { .. }
        | Value::Money { .. }
        | Value::YesNo(_)
        | Value::Choice(_)
        | Value::Address(_)
        | Value::Code(_) => (None, None),
    }
}

/// What a slot becomes, and how likely it is that this slot is meant.
fn changed(
    slot: usize,
    kind: &Kind,
    old: &Value,
    read_back: bool,
    said: &Said<'_>,
    locale: Locale,
    context: &Context<'_>,
) -> Option<(u8, Correction)> {
    let fresh = Context { so_far: None, ..context.clone() };
    let found = match (kind, old) {
        (Kind::Date(_) | Kind::Time | Kind::DateTime(_), _) => moved(kind, old, read_back, said, locale, &fresh),
        (Kind::Phone { .. }, Value::Phone { number, country }) => redialled(kind, number, *country, said, locale, &fresh),
        // A yes or a no answers the read-back; words and a lone "no" are no value.
        (Kind::YesNo | Kind::Text, _) => None,
        _ => {
            let sure = candidate(kind, said, locale, &fresh, Asked::No);
            // A bare answer corrects only what was just read back: a name, an address.
            let bare = || bare(kind, said, locale, &fresh);
            sure.or_else(|| if read_back { bare() } else { None })
        }
    }?;
    let weight = if read_back { 2 } else { 0 };
    match found.reading {
        Reading::Found { value, .. } if value == *old => None,
        Reading::Found { value, sure, .. } => {
            let sure = match sure {
                Sure::Told => 4,
                Sure::Inferred => 3,
                Sure::Guessed => 1,
            };
            Some((sure + weight, Correction::To { slot, value }))
        }
        Reading::Part(part, _) => Some((2 + weight, Correction::Part { slot, part })),
        Reading::Outside { value, bound, .. } => Some((3 + weight, Correction::Outside { slot, value, bound })),
        Reading::DontKnow | Reading::None => None,
    }
}

/// Where what stands behind "no," and the like begins.
pub(super) fn behind_opening(said: &Said<'_>) -> usize {
    const OPENINGS: [&str; 12] = ["no", "nope", "sorry", "no its", "no it is", "its", "no im", "no thats", "不是", "不对", "不對", "不"];
    let opening = OPENINGS.iter().flat_map(|opening| said.all(opening)).filter(|place| {
        // An opening stands at the beginning.
        !said.text.get(..place.start).unwrap_or_default().contains(char::is_alphanumeric)
    });
    opening.map(|place| place.end).max().unwrap_or_default()
}

/// What stands behind "no," and the like, read as an answer.
fn bare(kind: &Kind, said: &Said<'_>, locale: Locale, context: &Context<'_>) -> Option<Candidate> {
    let start = behind_opening(said);
    // "Chen, not Chan": what is denied is no answer.
    let rest = said.from(start);
    let kept =
        [", not ", " not ", "，不是"].iter().filter_map(|denial| rest.find(denial)).min().and_then(|end| rest.get(..end)).unwrap_or(rest);
    candidate(kind, &Said::new(kept), locale, context, Asked::Yes)
}

/// A new day keeps the time, a new time the day.
fn moved(kind: &Kind, old: &Value, read_back: bool, said: &Said<'_>, locale: Locale, context: &Context<'_>) -> Option<Candidate> {
    let asked = if read_back || said.first(&MARKS).is_some() { Asked::Yes } else { Asked::No };
    let told = told_of_when(said, locale, context, asked)?;
    let (date, time) = parts(old);
    let mut when = told.when;
    if let (Some(new), Some(old), true) = (when.date, date, is_weekday_alone(said, &told.places)) {
        when.date = Some(in_the_week_of(old, new, context.today()));
    }
    // An hour stays in the half of the day in which it was, unless office hours say otherwise.
    if let (Some(new), Some(old), None) = (when.time, time, when.part) {
        let half = if old.hour() < 12 { Half::Morning } else { Half::Afternoon };
        let settled = context.settled(new, when.date.or(date)).map(told_exactly);
        when.time = Some(settled.unwrap_or_else(|| new.in_half(half)));
    }
    // "In the morning" alone asks for another time, "in the afternoon at three" tells it.
    let keep_time = when.part.is_none() && when.stretch.is_none();
    let earlier = When { date, time: time.filter(|_| keep_time).map(told_exactly), stretch: None, part: None };
    let stretched = when.stretch.is_some() && when.date.is_none();
    let when = if stretched { When { time: time.map(told_exactly), ..when } } else { when.or(&earlier) };
    finish_when(kind, when, told.places, told.bare, context)
}

/// A whole number, or the digits of the old one that were wrong: "the last four are one two four three", "not 34, 43".
fn redialled(kind: &Kind, number: &str, country: Country, said: &Said<'_>, locale: Locale, context: &Context<'_>) -> Option<Candidate> {
    let whole = candidate(kind, said, locale, context, Asked::Yes);
    if whole.as_ref().is_some_and(|whole| !matches!(whole.reading, Reading::Part(..))) {
        return whole;
    }
    let ends = said.first(&ENDS).is_some();
    let all = runs_by_clause(said, locale).into_iter().filter(|run| ends || run.digits.len() > 1);
    let (wrong, right): (Vec<_>, Vec<_>) = all.partition(|run| said.denied(run.place.start));
    // "The last two are four three": the first number counts.
    let Some(right) = right.last() else { return whole };
    let head = |digits: &str| number.get(..number.len().checked_sub(digits.len())?);
    let mended = match wrong.as_slice() {
        [wrong] if number.matches(&wrong.digits).count() == 1 => number.replace(&wrong.digits, &right.digits),
        [] if ends => format!("{}{}", head(&right.digits)?, right.digits),
        _ => return whole,
    };
    Some(Candidate::found(Value::Phone { number: mended, country }, vec![right.place.clone()], Sure::Inferred))
}

/// The runs of digits of each clause: "not three four, four three" are two, though a telephone number may have a comma in it.
fn runs_by_clause(said: &Said<'_>, locale: Locale) -> Vec<Run> {
    let mut all = Vec::new();
    let mut start = 0;
    for clause in said.text.split_inclusive([',', '，', ';', '、']) {
        let shifted = |run: Run| Run { place: start + run.place.start..start + run.place.end, ..run };
        all.extend(runs(clause, locale.language()).into_iter().map(shifted));
        start += clause.len();
    }
    all
}

/// What speaks of the end of a number.
const ENDS: [&str; 8] = ["last", "ends", "ending", "end", "最后", "最後", "末", "后面"];

#[cfg(test)]
mod tests;
