//! The shape of a plate or a part number: `AA-0000`, where `A` is a letter, `0` a digit and everything else stands for itself.

use serde::Deserialize;

/// No shape is longer than this, in letters and digits.
const LONGEST: usize = 32;

/// A shape that letters and digits can have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    /// As it is written.
    shape: String,
}

/// What stands at one place of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Letter,
    Digit,
    /// Always this letter, in capitals, or this digit, and callers say it.
    Fixed(char),
    /// A mark that callers may leave out.
    Mark(char),
}

impl Pattern {
    /// The places, from the first on.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.shape.chars().map(place)
    }

    /// How many letters and digits are said.
    pub(super) fn length(&self) -> usize {
        self.places().filter(|place| !matches!(place, Place::Mark(_))).count()
    }

    /// Whether the keys of a telephone can tell it: there are only digits in it.
    pub(super) fn is_keyed(&self) -> bool {
        self.places().all(|place| match place {
            Place::Digit | Place::Mark(_) => true,
            Place::Fixed(fixed) => fixed.is_ascii_digit(),
            Place::Letter => false,
        })
    }

    /// The first letters and digits, `said` in order, written in this shape; `None` if they do not fit. Fewer than the shape has are
    /// its beginning.
    pub(super) fn written(&self, said: &[Sign]) -> Option<String> {
        let mut said = said.iter().copied();
        let mut out = String::new();
        let mut marks = String::new();
        for place in self.places() {
            if let Place::Mark(mark) = place {
                marks.push(mark);
                continue;
            }
            let Some(sign) = said.next() else { break };
            // A mark is written when something stands behind it.
            out.push_str(&std::mem::take(&mut marks));
            out.push(sign.fits(place)?);
        }
        if said.next().is_some() { None } else { Some(out + if marks.is_empty() { "" } else { &marks }) }
    }
}

fn place(c: char) -> Place {
    match c {
        'A' => Place::Letter,
        '0' => Place::Digit,
        c if c.is_ascii_alphanumeric() => Place::Fixed(c.to_ascii_uppercase()),
        c => Place::Mark(c),
    }
}

/// A letter or a digit that somebody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A capital letter, or a digit.
    Sure(char),
    /// "Oh": the letter, or nought.
    Oh,
}

impl Sign {
    /// What it is at this place, if it can stand there.
    pub(super) fn fits(self, place: Place) -> Option<char> {
        match (place, self) {
            (Place::Letter, Self::Sure(c)) if c.is_ascii_uppercase() => Some(c),
            (Place::Digit, Self::Sure(c)) if c.is_ascii_digit() => Some(c),
            (Place::Letter, Self::Oh) => Some('O'),
            (Place::Digit, Self::Oh) => Some('0'),
            (Place::Fixed(fixed), Self::Sure(c)) if fixed == c => Some(c),
            (Place::Fixed(fixed @ ('O' | '0')), Self::Oh) => Some(fixed),
            _ => None,
        }
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(shape: String) -> Result<Self, String> {
        let pattern = Self { shape };
        match pattern.length() {
            0 => Err(format!("patterns: {:?} has nothing to say: A is any letter, 0 any digit, as in AA-0000", pattern.shape)),
            length if length > LONGEST => {
                Err(format!("patterns: {:?} is too long: use at most {LONGEST} letters and digits", pattern.shape))
            }
            _ if pattern.shape.chars().any(char::is_control) || pattern.shape.len() > 4 * LONGEST => {
                Err(format!("patterns: {:?} has signs that nobody writes: use letters, digits, dashes and spaces", pattern.shape))
            }
            _ => Ok(pattern),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(said: &str) -> Vec<Sign> {
        said.chars().map(|c| if c == 'o' { Sign::Oh } else { Sign::Sure(c) }).collect()
    }

    #[test]
    fn letters_and_digits_are_written_in_the_shape() {
        let pattern = Pattern::try_from("AB-00".to_owned()).ok();
        let written = |said: &str| pattern.as_ref().and_then(|pattern| pattern.written(&signs(said)));
        assert_eq!(written("XB12").as_deref(), Some("XB-12"));
        assert_eq!(written("oBo1").as_deref(), Some("OB-01"));
        assert_eq!(written("XB1").as_deref(), Some("XB-1"));
        assert_eq!(written("XC12"), None);
        assert_eq!(written("XB123"), None);
    }
}
