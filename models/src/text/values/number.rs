//! Numbers without rounding.

use std::fmt;

/// A decimal number: a whole number of tenths, hundredths or smaller parts. Equal numbers are equal however they were said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    unscaled: i128,
    decimals: u32,
}

/// No number has more decimals, or more digits before them.
const MOST_DECIMALS: u32 = 18;
const LARGEST: i128 = 1_000_000_000_000_000_000;

impl Number {
    /// `unscaled` parts, of which ten to the power of `decimals` are one. `None` if it is larger than 10^18 or finer than 10^-18.
    #[must_use]
    pub fn new(unscaled: i128, decimals: u32) -> Option<Self> {
        let mut number = Self { unscaled, decimals };
        while number.decimals > 0 && number.unscaled % 10 == 0 {
            number = Self { unscaled: number.unscaled / 10, decimals: number.decimals - 1 };
        }
        let fits = number.decimals <= MOST_DECIMALS && number.whole().unsigned_abs() <= LARGEST.unsigned_abs();
        fits.then_some(number)
    }

    /// From figures such as `1500` or `3.14`.
    pub(super) fn parse(figures: &str) -> Option<Self> {
        let (whole, fraction) = figures.split_once('.').unwrap_or((figures, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || digits.len() > 36 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Self::new(digits.parse().ok()?, u32::try_from(fraction.len()).ok()?)
    }

    /// The part before the decimal point.
    #[must_use]
    pub fn whole(self) -> i128 {
        self.unscaled / 10_i128.pow(self.decimals.min(36))
    }

    /// The number if it has no decimals.
    #[must_use]
    pub fn as_whole(self) -> Option<i128> {
        (self.decimals == 0).then_some(self.unscaled)
    }

    pub(super) fn times(self, factor: i128) -> Option<Self> {
        Self::new(self.unscaled.checked_mul(factor)?, self.decimals)
    }

    pub(super) fn negative(self) -> Self {
        Self { unscaled: -self.unscaled, ..self }
    }

    /// With `more` hundredths.
    pub(super) fn plus_hundredths(self, more: i128) -> Option<Self> {
        let whole = self.as_whole()?;
        Self::new(whole.checked_mul(100)?.checked_add(more)?, 2)
    }
}

impl From<u64> for Number {
    fn from(whole: u64) -> Self {
        Self { unscaled: i128::from(whole), decimals: 0 }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.unscaled < 0 { "-" } else { "" };
        let digits = self.unscaled.unsigned_abs().to_string();
        let decimals = usize::try_from(self.decimals).unwrap_or_default();
        let padded = format!("{digits:0>width$}", width = decimals + 1);
        let (whole, fraction) = padded.split_at(padded.len().saturating_sub(decimals));
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        assert_eq!(Number::parse("12.50"), Number::new(125, 1));
        assert_eq!(Number::new(-5, 2).map(|n| n.to_string()).as_deref(), Some("-0.05"));
        assert_eq!(Number::parse("3.14").map(|n| n.to_string()).as_deref(), Some("3.14"));
        assert_eq!(Number::parse(""), None);
        assert_eq!(Number::parse(&"9".repeat(37)), None);
        assert_eq!(Number::new(i128::MAX, 0), None);
    }
}
