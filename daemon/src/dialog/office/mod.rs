//! What a scenario states about its office: when it is open, who is there when, and how many callers people can look after at once. Pure: the moment and the
//! time zone are handed in, and nothing is looked up.
//!
//! ```yaml
//! office:
//!   hours: {mon-fri: "9:00-12:30, 13:30-17:30", sat: 10:00-14:00}
//!   holidays: [{date: 12-25, name: {en: Christmas}}]
//!   queues:
//!     workshop: {people: [workshop, boss], names: {en: [the workshop]}, for: [repair, complaint]}
//!   staff:
//!     maria: {names: {en: [Maria Chen, Maria]}, hours: {tue-thu: 9:00-12:00}}
//!   robot-only: {mon-fri: 12:00-13:00}
//!   busy-from: 4
//! ```
//!
//! Whoever states nothing has an office that is always open, as far as the robot knows.

mod holidays;
mod hours;
mod people;
mod raw;

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Time;
use jiff::{SignedDuration, Zoned};
use switchhook_models::Locale;

pub use hours::{Doors, Hours};
pub use people::Reach;
use people::{Member, Queue};
pub(in crate::dialog) use raw::RawOffice;

use super::scenario::folder;
use super::words::{contains, words};

/// The office itself, where a queue or a member of staff could be named.
pub const OFFICE: &str = "office";

/// A line, if one is to blame, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dialog) struct Fault {
    pub(in crate::dialog) line: Option<usize>,
    pub(in crate::dialog) what: String,
}

/// A scenario's office.
#[derive(Clone, Debug, Default)]
pub struct Office {
    hours: Option<Hours>,
    human_only: Option<Hours>,
    robot_only: Option<Hours>,
    busy_from: Option<usize>,
    /// `None` if nothing is promised.
    call_back_within: Option<SignedDuration>,
    queues: BTreeMap<String, Queue>,
    staff: BTreeMap<String, Member>,
}

impl Office {
    /// How its doors are; always open if it states no hours.
    #[must_use]
    pub fn doors(&self, now: &Zoned) -> Doors {
        self.hours.as_ref().map_or(Doors::Open { until: None }, |hours| hours.at(now))
    }

    /// Whether it states when it is open.
    #[must_use]
    pub fn has_hours(&self) -> bool {
        self.hours.is_some()
    }

    /// What today is called, if it is a holiday.
    #[must_use]
    pub fn holiday(&self, now: &Zoned) -> Option<&str> {
        self.hours.as_ref()?.holiday(now.date())
    }

    /// Between which times of day people come.
    #[must_use]
    pub fn likely(&self) -> Option<Range<Time>> {
        self.hours.as_ref()?.likely()
    }

    /// Whether every call is a person's now: the robot only says that it is one.
    #[must_use]
    pub fn is_human_only(&self, now: &Zoned) -> bool {
        self.human_only.as_ref().is_some_and(|hours| hours.are_now(now))
    }

    /// Whether so many calls at once, this one with them, are more than people can look after.
    #[must_use]
    pub fn is_busy(&self, calls: usize) -> bool {
        self.busy_from.is_some_and(|from| calls >= from)
    }

    /// Whether it says from how many calls on it is busy.
    #[must_use]
    pub fn can_be_busy(&self) -> bool {
        self.busy_from.is_some()
    }

    /// Whether somebody or something goes by this name here: a queue, a member of staff, or the office.
    #[must_use]
    pub fn knows(&self, who: &str) -> bool {
        who == OFFICE || self.queues.contains_key(who) || self.staff.contains_key(who)
    }

    /// Whether a queue, a member of staff, the office, or anybody else can be spoken to now, and with whom it is tried, in which order.
    #[must_use]
    pub fn reach(&self, who: &str, now: &Zoned) -> Reach {
        self.reach_of(who, now, self.robot_only.as_ref())
    }

    /// By when somebody who wants to speak to `who` is called back: so much of their time later. An office that states no hours promises only what it says.
    #[must_use]
    pub fn promise(&self, who: &str, now: &Zoned) -> Option<Zoned> {
        let within = self.call_back_within?;
        match self.hours_of(who) {
            Some(hours) => hours.after(now, within),
            None => hours::rounded(&now.checked_add(within).ok()?),
        }
    }

    /// The queue that looks after a flow or an intent.
    #[must_use]
    pub fn queue_for(&self, wish: &str) -> Option<&str> {
        self.queues.iter().find(|(_, queue)| queue.wishes.iter().any(|known| known == wish)).map(|(name, _)| name.as_str())
    }

    /// How the robot calls a queue or a member of staff.
    #[must_use]
    pub fn called(&self, who: &str) -> Option<&str> {
        self.names_of(who).first().map(String::as_str)
    }

    /// Whose name stands in what was said: the longest of those.
    #[must_use]
    pub fn named_in(&self, said: &str) -> Option<&str> {
        let spoken = words(said);
        let stands = |name: &str| {
            let name = words(name);
            (!name.is_empty() && contains(&spoken, &name)).then_some(name.len())
        };
        let longest = |who: &&String| self.names_of(who).iter().filter_map(|name| stands(name)).max();
        let all = self.staff.keys().chain(self.queues.keys()).filter_map(|who| Some((longest(&who)?, who)));
        // Of names of one length, the first is taken: staff before queues.
        all.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, who)| who.as_str())
    }

    /// Queues, members of staff, and the office, by their own names.
    pub fn everybody_known(&self) -> impl Iterator<Item = &str> {
        self.staff.keys().chain(self.queues.keys()).map(String::as_str).chain([OFFICE])
    }

    /// Every name by which somebody can be asked for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let staff = self.staff.values().flat_map(|member| &member.names);
        staff.chain(self.queues.values().flat_map(|queue| &queue.names)).map(String::as_str)
    }

    /// Everybody of `[people]` whom a call may be passed to.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        let staff = self.staff.values().map(|member| member.target.as_str());
        staff.chain(
            self.queues.values().flat_map(|queue| queue.people.iter().map(String::as_str)).filter(|who| !self.staff.contains_key(*who)),
        )
    }

    fn names_of(&self, who: &str) -> &[String] {
        let staff = self.staff.get(who).map(|member| member.names.as_slice());
        staff.or_else(|| self.queues.get(who).map(|queue| queue.names.as_slice())).unwrap_or_default()
    }

    fn hours_of(&self, who: &str) -> Option<&Hours> {
        let own =
            self.staff.get(who).map(|member| member.hours.as_ref()).or_else(|| self.queues.get(who).map(|queue| queue.hours.as_ref()));
        own.unwrap_or(self.hours.as_ref())
    }
}

/// The names of one language; Mandarin that is written in one script is put into the other.
///
/// # Errors
/// Names a language that nobody here speaks.
fn names(written: &BTreeMap<String, Vec<String>>, locale: Locale) -> Result<Vec<String>, String> {
    for tag in written.keys() {
        tag.parse::<Locale>().map_err(|error| format!("names: {error}"))?;
    }
    for &tag in folder::tags(locale) {
        if let Some(names) = written.get(tag.tag()) {
            return match locale.script() {
                Some(script) if tag != locale => {
                    let converter = script.converter().map_err(|error| error.to_string())?;
                    Ok(names.iter().map(|name| converter.convert(name)).collect())
                }
                _ => Ok(names.clone()),
            };
        }
    }
    Ok(Vec::new())
}

#[cfg(test)]
mod tests;
