//! Keys of the telephone, as they travel with the sound: as events beside it (RFC 4733), and as pairs of tones within it (ITU-T Q.23) for
//! gateways that know no events.

mod event;
mod tone;

pub use event::{EventPacket, EventReader, EventWriter};
pub use tone::{ToneDetector, ToneWriter};

/// In the order of their event codes (RFC 4733, section 3.2, table 7).
const DIGITS: &[u8; 16] = b"0123456789*#ABCD";
/// Presses of ours that may wait.
const WAITING: usize = 32;

/// One of the sixteen keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digit(u8);

impl Digit {
    /// The key of an event code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        (usize::from(code) < DIGITS.len()).then_some(Self(code))
    }

    /// The key on which this stands.
    #[must_use]
    pub fn from_char(key: char) -> Option<Self> {
        DIGITS.iter().position(|&digit| char::from(digit) == key).map(|code| Self(code as u8))
    }

    /// Its event code.
    #[must_use]
    pub fn code(self) -> u8 {
        self.0
    }

    /// What stands on it.
    #[must_use]
    pub fn char(self) -> char {
        char::from(DIGITS[usize::from(self.0)])
    }
}
