//! How long telephone numbers are in a country, so that the last digit ends the turn and a missing one is asked for.
//!
//! Taiwan: NCC, *Numbering plan of telecommunications*; mainland China: MIIT, *Telecommunication network numbering plan*; the United
//! States: North American Numbering Plan, whose area codes begin with 2 to 9.

use serde::Deserialize;
use switchhook_models::Locale;

use super::kind::LONGEST_PHONE;

/// Whose habits telephone numbers follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Country {
    /// Taiwan.
    #[serde(rename = "TW")]
    Taiwan,
    /// Mainland China.
    #[serde(rename = "CN")]
    China,
    /// The United States, Canada and the others that share the country code 1.
    #[serde(rename = "US")]
    UnitedStates,
    /// Any other: nothing is known of how long its numbers are.
    #[serde(rename = "other")]
    Other,
}

/// What the length of a number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// It is whole.
    Whole,
    /// So many digits are missing.
    Missing(usize),
    /// It can be whole, and can go on.
    Unknown,
    /// No number is so long.
    TooLong,
    /// No number begins so: its beginning was not heard.
    Headless,
}

/// Mobile numbers of mainland China begin so.
const MAINLAND_MOBILE: [&str; 7] = ["13", "14", "15", "16", "17", "18", "19"];

impl Country {
    /// Where this language is spoken, as far as that says how long numbers are.
    #[must_use]
    pub fn of(locale: Locale) -> Self {
        match locale {
            Locale::En => Self::UnitedStates,
            Locale::ZhTw => Self::Taiwan,
            Locale::ZhCn => Self::China,
        }
    }

    /// Whether `number` is whole; `+` stands before a country's code.
    pub(super) fn length(self, number: &str) -> Length {
        if let Some(international) = number.strip_prefix('+') {
            let known = [("886", Self::Taiwan), ("86", Self::China), ("1", Self::UnitedStates)];
            let national = known.iter().find_map(|(code, country)| Some((*country, international.strip_prefix(code)?)));
            return match national {
                Some((Self::UnitedStates, national)) => against(national.len(), &[10]),
                Some((country, national)) => country.abroad(national),
                None => unknown(international.len()),
            };
        }
        match self.whole(number) {
            [] if self.is_headless(number) => Length::Headless,
            [] => unknown(number.len()),
            lengths => against(number.len(), lengths),
        }
    }

    /// Whether no number begins so: 1 is for services, which nobody is called back at, and 9 for the rest of a mobile number. A mobile number of the mainland is known before.
    fn is_headless(self, number: &str) -> bool {
        self == Self::Taiwan && ["1", "9", "01"].iter().any(|head| number.starts_with(head))
    }

    /// A number behind the country's code, where the 0 before the area is not dialled.
    fn abroad(self, national: &str) -> Length {
        let trunk = !(national.starts_with('0') || self == Self::China && national.starts_with('1') && !national.starts_with("10"));
        let number = if trunk { format!("0{national}") } else { national.to_owned() };
        match self.whole(&number) {
            [] => unknown(national.len()),
            lengths => against(number.len(), lengths),
        }
    }

    /// The lengths that a number which begins so can have, the shortest first; none if that is not known.
    fn whole(self, number: &str) -> &'static [usize] {
        let begins = |heads: &[&str]| heads.iter().any(|head| number.starts_with(head));
        match self {
            Self::Taiwan if begins(&["09", "02", "080", "049", "042", "043"]) => &[10],
            Self::Taiwan if begins(&["070"]) => &[11],
            Self::Taiwan if begins(&["03", "05", "06", "07", "08", "04"]) => &[9],
            // Many in Taiwan are called back on the mainland; 86 is the country's code, or the beginning of a number at the place itself.
            Self::Taiwan | Self::China if begins(&MAINLAND_MOBILE) => &[11],
            Self::Taiwan | Self::China
                if number.strip_prefix("86").is_some_and(|rest| MAINLAND_MOBILE.iter().any(|head| rest.starts_with(head))) =>
            {
                &[7, 8, 13]
            }
            Self::China if begins(&["010", "02"]) => &[11],
            Self::China if begins(&["03", "04", "05", "06", "07", "08", "09"]) => &[11, 12],
            Self::China if begins(&["400", "800"]) => &[10],
            // At the place itself, without an area.
            Self::Taiwan | Self::China if begins(&["2", "3", "4", "5", "6", "7", "8"]) => &[7, 8],
            Self::UnitedStates if begins(&["1"]) => &[11],
            Self::UnitedStates if begins(&["2", "3", "4", "5", "6", "7", "8", "9"]) => &[10],
            _ => &[],
        }
    }

    /// The number as E.164 writes it, if it is clear how.
    pub(super) fn e164(self, number: &str) -> Option<String> {
        if number.starts_with('+') {
            // The 0 that is dialled at home is often said behind the country's code too.
            let trunk = ["+886", "+86"].iter().find_map(|code| Some(format!("{code}{}", number.strip_prefix(code)?.strip_prefix('0')?)));
            return trunk.or_else(|| Some(number.to_owned()));
        }
        match (self, number.strip_prefix('0')) {
            (Self::Taiwan, Some(national)) => Some(format!("+886{national}")),
            (Self::China, Some(national)) => Some(format!("+86{national}")),
            (Self::China | Self::Taiwan, None) if number.starts_with('1') && number.len() == 11 => Some(format!("+86{number}")),
            (Self::China | Self::Taiwan, None) if number.starts_with("861") && number.len() == 13 => Some(format!("+{number}")),
            (Self::UnitedStates, None) if number.len() == 10 => Some(format!("+1{number}")),
            (Self::UnitedStates, None) if number.starts_with('1') && number.len() == 11 => Some(format!("+{number}")),
            _ => None,
        }
    }
}

fn against(length: usize, lengths: &[usize]) -> Length {
    match lengths.iter().find(|&&whole| whole >= length) {
        Some(&whole) if whole > length => Length::Missing(whole - length),
        // A longer one begins so, too.
        Some(whole) if Some(whole) != lengths.last() => Length::Unknown,
        Some(_) => Length::Whole,
        None if lengths.is_empty() => Length::Unknown,
        None => Length::TooLong,
    }
}

fn unknown(length: usize) -> Length {
    if length > LONGEST_PHONE { Length::TooLong } else { Length::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_is_known_where_the_plan_says_so() {
        use Length::{Headless, Missing, TooLong, Unknown, Whole};
        for (country, number, length) in [
            (Country::Taiwan, "0912345678", Whole),
            (Country::Taiwan, "0912345", Missing(3)),
            (Country::Taiwan, "0227345678", Whole),
            (Country::Taiwan, "022734567", Missing(1)),
            (Country::Taiwan, "037123456", Whole),
            (Country::Taiwan, "2734567", Unknown),
            (Country::Taiwan, "014328", Headless),
            (Country::Taiwan, "971066", Headless),
            (Country::Taiwan, "27345678", Whole),
            (Country::Taiwan, "09123456789", TooLong),
            (Country::Taiwan, "+886912345678", Whole),
            (Country::Taiwan, "+88691234567", Missing(1)),
            (Country::Taiwan, "13800138000", Whole),
            (Country::Taiwan, "138001380", Missing(2)),
            (Country::Taiwan, "+8613800138000", Whole),
            (Country::Taiwan, "8613800138000", Whole),
            (Country::Taiwan, "861380013800", Missing(1)),
            (Country::Taiwan, "86138001", Unknown),
            (Country::China, "8613800138000", Whole),
            (Country::China, "13800138000", Whole),
            (Country::China, "1380013800", Missing(1)),
            (Country::China, "+8613800138000", Whole),
            (Country::China, "075512345678", Whole),
            (Country::China, "05512345678", Unknown),
            (Country::UnitedStates, "2125551234", Whole),
            (Country::UnitedStates, "5551234", Missing(3)),
            (Country::UnitedStates, "025551234", Unknown),
            (Country::UnitedStates, "+442079460958", Unknown),
            (Country::Other, "123456789012345", Unknown),
            (Country::Other, "1234567890123456", TooLong),
        ] {
            assert_eq!(country.length(number), length, "{country:?} {number}");
        }
    }

    #[test]
    fn e164_has_the_countrys_code_and_no_trunk_prefix() {
        assert_eq!(Country::Taiwan.e164("0227345678").as_deref(), Some("+886227345678"));
        for number in ["13800138000", "8613800138000", "+8613800138000"] {
            for country in [Country::China, Country::Taiwan] {
                assert_eq!(country.e164(number).as_deref(), Some("+8613800138000"), "{country:?} {number}");
            }
        }
        assert_eq!(Country::UnitedStates.e164("2125551234").as_deref(), Some("+12125551234"));
        assert_eq!(Country::UnitedStates.e164("025551234"), None);
        assert_eq!(Country::UnitedStates.e164("+8860912345678").as_deref(), Some("+886912345678"));
        assert_eq!(Country::Other.e164("+442079460958").as_deref(), Some("+442079460958"));
    }

    proptest::proptest! {
        #[test]
        fn no_number_is_too_odd(number in "\\+?[0-9]{0,30}") {
            for country in [Country::Taiwan, Country::China, Country::UnitedStates, Country::Other] {
                let _ = (country.length(&number), country.e164(&number));
            }
        }
    }
}
