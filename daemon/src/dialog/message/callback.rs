//! The telephone number of a message: told in one breath, in groups, or by keys; or that there is none.
//!
//! A group that goes on with what was told is progress ("two one two" … "five five five" …). An answer that tells no more of it is not: after [`MOST_IN_VAIN`] of them the number is taken as it
//! was told, and read back, or if it is too short for any, the message goes without.

use switchhook_models::Locale;

use crate::dialog::slots::{self, Part, Reading, Value};

/// A telephone number has at least this many digits.
const SHORTEST: usize = 6;
/// And at most this many (ITU-T E.164).
const LONGEST: usize = 15;
/// Fewer digits than this are no part of a number that was asked for: "room 12".
const FEWEST_OF_PART: usize = 3;
/// A number of which no country has the length is asked for again so often.
pub(super) const MOST_IN_VAIN: u32 = 2;

/// What an answer tells of the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Nothing,
    /// It has the length that such numbers have, as far as that is known.
    Whole(String),
    /// It is too short, or too long.
    NotWhole(Part),
}

/// What the caller pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dialog) enum Keyed {
    Nothing,
    /// A lone 0.
    Zero,
    Number(String),
    TooShort,
}

/// What an answer to the question for a number came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It told of none.
    Nothing,
    /// The number, or some of it.
    Digits,
    /// Digits that are too few for any number, once more: they belong to the message.
    GivenUp,
}

/// What is known of the number so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Callback {
    number: Option<String>,
    /// The caller was asked for a number, and has given one or has none to give.
    settled: bool,
    /// What was told of one that is not whole.
    begun: Option<Part>,
    /// The last answer told more of it.
    grows: bool,
    /// How often an answer told no more of it.
    in_vain: u32,
    /// The digits that were pressed since the caller was asked.
    keyed: String,
}

impl Callback {
    pub(super) fn number(&self) -> Option<&String> {
        self.number.as_ref()
    }

    pub(super) fn is_settled(&self) -> bool {
        self.settled
    }

    /// What was told of a number that is not whole yet.
    pub(super) fn begun(&self) -> Option<&Part> {
        self.begun.as_ref()
    }

    /// Whether the caller tells it group by group.
    pub(super) fn grows(&self) -> bool {
        self.grows
    }

    /// The caller has given this number, or has none to give.
    pub(super) fn settle(&mut self, number: Option<String>) {
        (self.number, self.begun, self.grows) = (number, None, false);
        self.settled = true;
    }

    /// It is asked for anew, whatever was told.
    pub(super) fn ask_anew(&mut self) {
        *self = Self::default();
    }

    /// The number in the message itself; who told some of one there tells it from its beginning when asked.
    pub(super) fn take_by_the_way(&mut self, said: &str, locale: Locale) -> bool {
        let told = self.told(said, false, locale);
        let tells = told != Told::Nothing;
        if tells && self.number.is_none() {
            self.keyed.clear();
            match told {
                Told::Whole(number) => self.settle(Some(number)),
                Told::NotWhole(_) => self.begun = Some(Part::Digits { told: String::new(), missing: None }),
                Told::Nothing => {}
            }
        }
        tells
    }

    /// The answer to the question for it. What was told decides, unless one was pressed before; digits that were too few for one are void.
    pub(super) fn take(&mut self, said: &str, locale: Locale) -> Taken {
        match self.told(said, true, locale) {
            Told::Nothing => Taken::Nothing,
            _ if self.number.is_some() => Taken::Digits,
            Told::Whole(number) => {
                self.keyed.clear();
                self.settle(Some(number));
                Taken::Digits
            }
            Told::NotWhole(part) => {
                self.keyed.clear();
                self.begin(part)
            }
        }
    }

    /// What is said of a number, where one was asked for or not.
    pub(super) fn told(&self, said: &str, was_asked: bool, locale: Locale) -> Told {
        let so_far = self.begun.as_ref().filter(|_| was_asked);
        let enough = |digits: &str| digits.len() >= FEWEST_OF_PART;
        match slots::telephone(said, was_asked, so_far, locale) {
            Reading::Found { value: Value::Phone { number, .. }, .. } => Told::Whole(number),
            Reading::Part(Part::Digits { told, missing }, _) if enough(&told) => Told::NotWhole(Part::Digits { told, missing }),
            Reading::Outside { value: Value::Phone { number, .. }, .. } => Told::NotWhole(Part::Digits { told: number, missing: None }),
            _ => Told::Nothing,
        }
    }

    /// No number is as long as this one: the rest of it is asked for, or all of it.
    pub(super) fn begin(&mut self, part: Part) -> Taken {
        self.grows = goes_on(self.begun.as_ref(), &part);
        if self.grows {
            self.begun = Some(part);
            return Taken::Digits;
        }
        self.in_vain += 1;
        match part {
            Part::Digits { told, .. } if self.in_vain > MOST_IN_VAIN && (SHORTEST..=LONGEST).contains(&told.len()) => {
                self.settle(Some(told));
                Taken::Digits
            }
            _ if self.in_vain > MOST_IN_VAIN => {
                self.settle(None);
                Taken::GivenUp
            }
            part => {
                self.begun = Some(part);
                Taken::Digits
            }
        }
    }

    /// Whether an answer to what was read back tells of another number than that. Digits that are no number are one only if they are told as such: an invoice has some, too.
    pub(super) fn is_corrected_by(&self, said: &str, locale: Locale) -> bool {
        match self.told(said, true, locale) {
            Told::Whole(number) => self.number.as_ref() != Some(&number),
            Told::NotWhole(Part::Digits { told, .. }) => {
                slots::speaks_of_a_number(said) || told.starts_with(['0', '+']) || slots::is_nothing_but_digits(said, locale)
            }
            Told::Nothing | Told::NotWhole(_) => false,
        }
    }

    /// One more digit of the number.
    pub(super) fn press(&mut self, digit: char) {
        if self.keyed.len() < LONGEST {
            self.keyed.push(digit);
        }
    }

    /// Whether digits were pressed that may not be all.
    pub(super) fn is_keying(&self) -> bool {
        !self.keyed.is_empty()
    }

    /// The digits that were pressed, if they are enough for a number: then they are it.
    pub(super) fn settle_by_keys(&mut self) -> bool {
        let is_enough = self.keyed.len() >= SHORTEST;
        if is_enough {
            let number = std::mem::take(&mut self.keyed);
            self.settle(Some(number));
        }
        is_enough
    }

    /// What was pressed, which is all.
    pub(super) fn take_keyed(&mut self) -> Keyed {
        match std::mem::take(&mut self.keyed) {
            keyed if keyed.is_empty() => Keyed::Nothing,
            keyed if keyed == "0" => Keyed::Zero,
            keyed if keyed.len() < SHORTEST => Keyed::TooShort,
            keyed => Keyed::Number(keyed),
        }
    }
}

/// Whether `part` tells more of the number that was begun. What is long enough for a number is an attempt at all of it, and no first group.
fn goes_on(begun: Option<&Part>, part: &Part) -> bool {
    let Part::Digits { told, .. } = part else { return false };
    match begun {
        Some(Part::Digits { told: before, .. }) if !before.is_empty() => told.len() > before.len() && told.starts_with(before.as_str()),
        _ => told.len() < SHORTEST,
    }
}
