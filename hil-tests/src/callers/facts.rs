//! What a caller has to tell: a value for each thing that the scenario collects, made from the seed, and ways to say it. It is kept beside as the robot should
//! write it, so that what the robot kept can be compared.

use anyhow::Context as _;
use jiff::civil::{Date, Time};
use jiff::{ToSpan as _, Zoned};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng, RngExt as _};
use switchhook::dialog::slots::{self, Country, Kind, Value, Window};
use switchhook_models::text::english::numbers::{cardinal, ordinal};
use switchhook_models::text::values::{Number, read_out};
use switchhook_models::{Language, Locale};

use super::phrases::{Common, Fact as Written, Own, Ways};

/// Something to tell.
#[derive(Clone, Debug)]
pub struct Fact {
    /// How it is said by itself: several ways, each the same value.
    pub says: Vec<String>,
    /// As records write it (`Value::written`).
    pub written: String,
    /// Its two halves, if it is a day and a time.
    pub halves: Option<(String, String)>,
    /// The keys that tell it, if keys can.
    pub keys: Option<String>,
    pub sort: Sort,
}

/// How a thing is told, and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Name,
    Phone,
    When,
    Choice,
    Number,
    YesNo,
    /// Words as they are said.
    Words,
    /// Letters and digits.
    Code,
}

impl Sort {
    /// The sentences in which it is told.
    pub fn ways(self, common: &Common) -> &Ways {
        match self {
            Self::Name => &common.name,
            Self::Phone => &common.phone,
            Self::When => &common.when,
            Self::Choice => &common.choice,
            Self::Number => &common.number,
            Self::YesNo | Self::Words | Self::Code => &common.other,
        }
    }

    /// The sentences in which it is put right.
    pub fn wrong(self, common: &Common) -> &Ways {
        match self {
            Self::Name => &common.wrong.name,
            Self::Phone => &common.wrong.phone,
            Self::When => &common.wrong.when,
            Self::Choice => &common.wrong.choice,
            Self::Number | Self::YesNo | Self::Words | Self::Code => &common.wrong.other,
        }
    }
}

/// What is past was no more than this many days before the last day that counts as past: forty years.
const LONGEST_AGO: i64 = 14_610;

/// Makes what callers tell.
pub struct Facts<'a> {
    pub locale: Locale,
    pub now: &'a Zoned,
    pub common: &'a Common,
    pub own: &'a Own,
}

impl Facts<'_> {
    /// A value for the slot; an error says what has to be written.
    pub fn make(&self, name: &str, kind: &Kind, random: &mut StdRng) -> anyhow::Result<Fact> {
        let fact = |says: Vec<String>, written: String, sort| Fact { says, written, halves: None, keys: None, sort };
        if let Some(known) = self.own.facts.get(name).and_then(|known| known.choose(random)) {
            let sort = match kind {
                Kind::Text | Kind::Address => Sort::Words,
                _ => Sort::Code,
            };
            return Ok(match known {
                Written::Said(said) => fact(vec![said.clone()], said.clone(), sort),
                Written::Kept { says, value } => fact(vec![says.clone()], value.clone(), sort),
            });
        }
        Ok(match kind {
            Kind::Name => {
                let name = pick(&self.common.names, random);
                fact(vec![name.clone()], name, Sort::Name)
            }
            Kind::Phone { country, .. } => self.phone(country.unwrap_or(Country::of(self.locale)), random),
            Kind::Number(limits) => {
                let (least, most) = (limits.least.unwrap_or(1), limits.most.unwrap_or(10));
                let number = random.random_range(least..=most.max(least));
                // A lone zero is a person.
                let keys = (number > 0).then(|| number.to_string());
                Fact { keys, ..self.spoken(&Value::Number(whole(number)?), kind, Sort::Number) }
            }
            Kind::Money { currency, limits } => {
                let (least, most) = (limits.least.unwrap_or(10), limits.most.unwrap_or(500));
                let amount = whole(random.random_range(least..=most.max(least)))?;
                self.spoken(&Value::Money { amount, currency: *currency }, kind, Sort::Number)
            }
            Kind::YesNo => {
                let yes = random.random_bool(0.5);
                let ways = if yes { &self.common.yes } else { &self.common.no };
                fact(vec![pick(ways, random)], Value::YesNo(yes).written(), Sort::YesNo)
            }
            Kind::Choice(options) => {
                let place = random.random_range(0..options.len());
                let Some(option) = options.get(place) else { anyhow::bail!("the slot `{name}` has no options") };
                let names = option.names(self.locale);
                anyhow::ensure!(!names.is_empty(), "the slot `{name}`: `{}` has no name in {}", option.id, self.locale);
                let keys = (place < 9).then(|| (place + 1).to_string());
                Fact { keys, ..fact(names.to_vec(), option.id.clone(), Sort::Choice) }
            }
            Kind::Date(window) => {
                let date = self.day(window, random);
                // Nobody proposes when they were born.
                let sort = if date < self.now.date() { Sort::Code } else { Sort::When };
                fact(self.days(date), Value::Date(date).written(), sort)
            }
            Kind::Time => {
                let time = hour(random);
                fact(self.times(time), Value::Time(time).written(), Sort::When)
            }
            Kind::DateTime(window) => {
                let (date, time) = (self.day(window, random), hour(random));
                let (days, times) = (self.days(date), self.times(time));
                let between = if self.locale == Locale::En { " " } else { "" };
                let whole = days.iter().zip(times.iter().cycle()).map(|(day, time)| format!("{day}{between}{time}")).collect();
                let halves = days.first().cloned().zip(times.first().cloned());
                Fact { halves, ..fact(whole, Value::DateTime(date.to_datetime(time)).written(), Sort::When) }
            }
            Kind::Text | Kind::Address | Kind::Pattern(_) => {
                anyhow::bail!("what callers tell for the slot `{name}` does not follow from its kind; write it under `facts`")
            }
        })
    }

    fn spoken(&self, value: &Value, kind: &Kind, sort: Sort) -> Fact {
        let says = vec![value.spoken(kind, self.locale, &slots::Context::at(self.now))];
        Fact { says, written: value.written(), halves: None, keys: None, sort }
    }

    /// A telephone number of the country.
    pub fn phone(&self, country: Country, random: &mut StdRng) -> Fact {
        let digits =
            |count: usize, random: &mut StdRng| (0..count).map(|_| char::from(b'0' + random.random_range(0..10_u8))).collect::<String>();
        let number = match country {
            Country::Taiwan => format!("09{}", digits(8, random)),
            Country::China => format!("13{}", digits(9, random)),
            Country::UnitedStates | Country::Other => {
                format!("{}{}", ["212", "415", "608", "503"].choose(random).unwrap_or(&"212"), digits(7, random))
            }
        };
        let says = vec![read_out(&number, self.locale)];
        let written = Value::Phone { number: number.clone(), country }.written();
        Fact { says, written, halves: None, keys: Some(format!("{number}#")), sort: Sort::Phone }
    }

    /// A day on which an office is likely open, within what the slot allows and two weeks; any day of those that are past, if it allows no others.
    fn day(&self, window: &Window, random: &mut StdRng) -> Date {
        let today = self.now.date();
        if let Some(last) = window.closes(self.now).map(|closes| closes.date()).filter(|last| *last < today) {
            return last.checked_sub(random.random_range(1..=LONGEST_AGO).days()).unwrap_or(last);
        }
        let first = window.opens(self.now).map_or(today, |opens| opens.date()).max(today);
        let last = window.closes(self.now).map(|closes| closes.date());
        let mut date = first;
        for _ in 0..20 {
            date = first.checked_add(random.random_range(1..=13_i64).days()).unwrap_or(first);
            let open = date.weekday().to_monday_zero_offset() < 5;
            if open && last.is_none_or(|last| date < last) {
                break;
            }
        }
        date
    }

    /// How the day is said.
    fn days(&self, date: Date) -> Vec<String> {
        let today = self.now.date();
        let ahead = today.until(date).map(|span| span.get_days()).unwrap_or_default();
        let said = Value::Date(date).spoken(&Kind::Date(Window::default()), self.locale, &slots::Context::at(self.now));
        if date < today {
            // When somebody was born: with its year, and nobody knows the day of the week.
            let said = match self.locale.language() {
                Language::En => said.split_once(' ').map_or(said.as_str(), |(_weekday, rest)| rest),
                Language::Zh => said.split_once("星期").map_or(said.as_str(), |(day, _weekday)| day),
            };
            return vec![said.to_owned()];
        }
        let place = |n: i8| u128::try_from(n).unwrap_or_default();
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        match self.locale.language() {
            Language::En => {
                const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
                const MONTHS: [&str; 12] = [
                    "January",
                    "February",
                    "March",
                    "April",
                    "May",
                    "June",
                    "July",
                    "August",
                    "September",
                    "October",
                    "November",
                    "December",
                ];
                let month = MONTHS.get(usize::try_from(date.month() - 1).unwrap_or_default()).copied().unwrap_or_default();
                let on = if ahead > 1 { format!("on {said}") } else { said };
                let mut ways = vec![
                    on,
                    format!("on the {} of {month}", ordinal(place(date.day()))),
                    format!("on {month} {}", ordinal(place(date.day()))),
                ];
                if (2..7).contains(&ahead) {
                    ways.insert(0, format!("on {}", DAYS.get(weekday).copied().unwrap_or_default()));
                }
                ways
            }
            Language::Zh => {
                let day = ["一", "二", "三", "四", "五", "六", "日"].get(weekday).copied().unwrap_or_default();
                let weeks = |date: Date| date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).unwrap_or(date);
                let apart = weeks(today).until(weeks(date)).map(|span| span.get_days()).unwrap_or_default() / 7;
                let mut ways = vec![said];
                match apart {
                    0 if ahead > 2 => ways.insert(0, format!("星期{day}")),
                    1 => ways.insert(0, format!("下星期{day}")),
                    _ => {}
                }
                ways
            }
        }
    }

    /// How the time is said, with its half of the day.
    fn times(&self, time: Time) -> Vec<String> {
        let said = Value::Time(time).spoken(&Kind::Time, self.locale, &slots::Context::at(self.now));
        if self.locale != Locale::En {
            return vec![said];
        }
        let (morning, hour) = (time.hour() < 12, if time.hour() % 12 == 0 { 12 } else { time.hour() % 12 });
        let number = |n: i8| cardinal(u128::try_from(n).unwrap_or_default());
        let clock = match time.minute() {
            0 => number(hour),
            minute => format!("{} {}", number(hour), number(minute)),
        };
        let half = if morning { ("in the morning", "a.m.") } else { ("in the afternoon", "p.m.") };
        let past = if time.minute() == 30 { format!("half past {}", number(hour)) } else { clock.clone() };
        vec![format!("at {past} {}", half.0), format!("at {clock} {}", half.1), format!("at {clock} {}", half.0)]
    }
}

fn whole(number: i64) -> anyhow::Result<Number> {
    Number::new(i128::from(number), 0).with_context(|| format!("{number} is too large to be told"))
}

/// A whole or half hour in which offices are open, but for noon: "twelve thirty in the afternoon" is nobody's.
fn hour(random: &mut StdRng) -> Time {
    let hour = *[9, 10, 11, 14, 15, 16].choose(random).unwrap_or(&10);
    Time::constant(hour, if random.random_bool(0.35) { 30 } else { 0 }, 0, 0)
}

/// One of several ways.
pub fn pick(ways: &[String], random: &mut impl Rng) -> String {
    ways.choose(random).cloned().unwrap_or_default()
}
