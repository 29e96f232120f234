//! `office` of a scenario as it is written, and what is made of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::Deserialize;
use serde_saphyr::Spanned;
use switchhook_models::Locale;

use super::holidays::{Holidays, RawHoliday};
use super::people::{Member, Queue};
use super::{Fault, Hours, OFFICE, Office, names};
use crate::dialog::scenario::{Intent, line_of};
use crate::week::{RawShifts, Week};

/// Whom an office calls back that states its hours, it calls back within so much of them, unless the scenario says otherwise.
const USUAL_CALL_BACK: SignedDuration = SignedDuration::from_hours(4);
/// And never later than this.
const LATEST_CALL_BACK: SignedDuration = SignedDuration::from_hours(200);
/// No office has more queues or members of staff: their names are looked for in all that is said.
const MOST_PEOPLE: usize = 500;

/// A week as it is written: `mon-fri: 9:00-17:00`.
type RawWeek = BTreeMap<String, Spanned<RawShifts>>;

/// # Errors
/// The line, what is wrong, and how it is written.
pub(super) fn week(written: &RawWeek) -> Result<Week, Fault> {
    written.iter().try_fold(Week::default(), |week, (days, shifts)| {
        week.with(days, &shifts.value).map_err(|what| Fault { line: line_of(shifts), what })
    })
}

/// When the office is open, and who is there when. All times are in the office's own time zone.
#[derive(Clone, Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[schemars(rename = "Office")]
pub(in crate::dialog) struct RawOffice {
    /// When it is open, by day: `mon-fri: 9:00-17:00`. Without it, it is always open.
    #[schemars(with = "Option<BTreeMap<String, RawShifts>>")]
    hours: Option<RawWeek>,
    /// Days that are otherwise than their weekday says.
    holidays: Vec<RawHoliday>,
    /// Several people of whom one is enough, by name.
    #[schemars(with = "BTreeMap<String, RawQueue>")]
    queues: BTreeMap<String, Spanned<RawQueue>>,
    /// Whom callers may ask for, by name.
    #[schemars(with = "BTreeMap<String, RawMember>")]
    staff: BTreeMap<String, Spanned<RawMember>>,
    /// When every call is passed to a person at once, as soon as the caller was told that a robot speaks.
    #[schemars(with = "Option<BTreeMap<String, RawShifts>>")]
    human_only: Option<RawWeek>,
    /// When nobody is passed on, though the office is open: a break, a meeting.
    #[schemars(with = "Option<BTreeMap<String, RawShifts>>")]
    robot_only: Option<RawWeek>,
    /// From how many calls at once on people cannot look after one more.
    #[schemars(with = "Option<usize>", range(min = 1))]
    busy_from: Option<Spanned<usize>>,
    /// Who leaves a message because nobody was there is called back within so much opening time: `4h`, which it is without this, if there are `hours`.
    #[schemars(with = "Option<String>")]
    call_back_within: Option<Spanned<String>>,
}

/// Several people of whom one is enough.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Queue")]
struct RawQueue {
    /// Who is tried, in this order: names of `staff`, or of `[people]` in switchhook.toml.
    people: Vec<String>,
    /// How it is called, by language; the first is how the robot calls it.
    #[serde(default)]
    names: BTreeMap<String, Vec<String>>,
    /// When it is looked after. Without it, when the office is open.
    #[schemars(with = "Option<BTreeMap<String, RawShifts>>")]
    hours: Option<RawWeek>,
    /// The flows, and the intents, whose callers it looks after.
    #[serde(default, rename = "for")]
    #[schemars(with = "Vec<String>")]
    wishes: Vec<Spanned<String>>,
    /// Whether its hours hold on holidays, too.
    #[serde(default)]
    on_holidays: bool,
}

/// Somebody whom callers ask for by name.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Member")]
struct RawMember {
    /// How they are called, by language; the first is how the robot calls them.
    names: BTreeMap<String, Vec<String>>,
    /// Where they are reached: a name of `[people]` in switchhook.toml; without it, their own.
    target: Option<String>,
    /// When they are there. Without it, when the office is open.
    #[schemars(with = "Option<BTreeMap<String, RawShifts>>")]
    hours: Option<RawWeek>,
    /// Whether their hours hold on holidays, too.
    #[serde(default)]
    on_holidays: bool,
}

impl RawOffice {
    /// The office in this language; `flows` are those of the scenario.
    ///
    /// # Errors
    /// The line, what is wrong, and how to mend it.
    pub(in crate::dialog) fn checked(&self, locale: Locale, flows: &[&str]) -> Result<Office, Fault> {
        if self.queues.len() + self.staff.len() > MOST_PEOPLE {
            return Err(Fault { line: None, what: format!("office: more than {MOST_PEOPLE} queues and members of staff") });
        }
        let holidays = Arc::new(Holidays::read(&self.holidays, locale)?);
        let read = |week: &RawWeek| self::week(week).map(|week| Hours::new(week, Arc::clone(&holidays)));
        let own = |week: &Option<RawWeek>, on_holidays: bool| match week {
            None => Ok(None),
            Some(week) if on_holidays => self::week(week).map(|week| Some(Hours::new(week, Arc::default()))),
            Some(week) => read(week).map(Some),
        };
        let hours = own(&self.hours, false)?;
        let or_office = |week: &Option<RawWeek>, on_holidays| Ok(own(week, on_holidays)?.or_else(|| hours.clone()));
        let queue = |(name, raw): (&String, &Spanned<RawQueue>)| {
            let fault = |what| Fault { line: line_of(raw), what };
            self.check_name(name, "queues").map_err(&fault)?;
            let RawQueue { people, names: called, hours, wishes, on_holidays } = &raw.value;
            if people.is_empty() {
                return Err(fault(format!("office: queues: {name}: nobody is in it; write `people`")));
            }
            for wish in wishes {
                check_wish(&wish.value, flows).map_err(|what| Fault { line: line_of(wish), what })?;
            }
            let wishes = wishes.iter().map(|wish| wish.value.clone()).collect();
            let names = names(called, locale).map_err(&fault)?;
            Ok((name.clone(), Queue { people: people.clone(), names, hours: or_office(hours, *on_holidays)?, wishes }))
        };
        let member = |(name, raw): (&String, &Spanned<RawMember>)| {
            let fault = |what| Fault { line: line_of(raw), what };
            self.check_name(name, "staff").map_err(&fault)?;
            let RawMember { names: called, target, hours, on_holidays } = &raw.value;
            let names = names(called, locale).map_err(&fault)?;
            let target = target.clone().unwrap_or_else(|| name.clone());
            Ok((name.clone(), Member { names, target, hours: or_office(hours, *on_holidays)? }))
        };
        let busy_from = match &self.busy_from {
            Some(none) if none.value == 0 => return Err(Fault { line: line_of(none), what: "office: busy-from: write 1 or more".into() }),
            from => from.as_ref().map(|from| from.value),
        };
        Ok(Office {
            human_only: own(&self.human_only, false)?,
            robot_only: own(&self.robot_only, false)?,
            busy_from,
            call_back_within: match &self.call_back_within {
                Some(within) => Some(call_back(within)?),
                None => hours.as_ref().map(|_| USUAL_CALL_BACK),
            },
            queues: self.queues.iter().map(queue).collect::<Result<_, _>>()?,
            staff: self.staff.iter().map(member).collect::<Result<_, _>>()?,
            hours,
        })
    }

    fn check_name(&self, name: &str, place: &str) -> Result<(), String> {
        if name == OFFICE {
            return Err(format!("office: {place}: `{OFFICE}` is the office itself: give it another name"));
        }
        if self.queues.contains_key(name) && self.staff.contains_key(name) {
            return Err(format!("office: `{name}` is a queue and a member of staff: give one of them another name"));
        }
        Ok(())
    }
}

fn check_wish(wish: &str, flows: &[&str]) -> Result<(), String> {
    if flows.contains(&wish) || Intent::ALL.iter().any(|intent| intent.as_str() == wish) {
        return Ok(());
    }
    let known = flows.iter().copied().chain(Intent::ALL.iter().map(|intent| intent.as_str())).collect::<Vec<_>>().join(", ");
    Err(format!("for: there is no flow or intent `{wish}`; there are {known}"))
}

fn call_back(within: &Spanned<String>) -> Result<SignedDuration, Fault> {
    let span = within.value.parse::<SignedDuration>().ok();
    span.filter(|span| *span > SignedDuration::ZERO && *span <= LATEST_CALL_BACK).ok_or_else(|| {
        let most = LATEST_CALL_BACK.as_hours();
        Fault {
            line: line_of(within),
            what: format!("office: call-back-within: {:?}: write opening time such as `30m`, `4h` or `{most}h`", within.value),
        }
    })
}
