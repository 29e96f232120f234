//! A telephone number by keys: while a message's number is asked for, or the message in which it may be told, digits are digits. They run
//! no intents there, with one exception that callers rely on: a lone 0, if nothing follows it, asks for a person.
//!
//! `*` clears what was pressed, `#` ends it, and so does silence.

use std::time::Duration;

use super::Dialog;
use crate::dialog::action::{Action, Patience, Step};
use crate::dialog::message::{Keyed, Slot};
use crate::lines::Key;

/// Whoever has pressed no other key for so long has finished.
const BETWEEN_KEYS: Duration = Duration::from_secs(3);

impl Dialog {
    /// A key, while keys are digits.
    pub(super) fn keyed(&mut self, slot: Slot, key: Key) -> Step {
        match key.char() {
            digit @ '0'..='9' => {
                self.draft.press(digit);
                more_keys("digit")
            }
            '*' => {
                self.draft.take_keyed();
                Step::new("cleared", vec![Action::MoreKeys(Patience::DICTATION.reply)])
            }
            '#' => self.keys_end(slot, Some(key)),
            _ if self.draft.is_keying() => more_keys("key"),
            _ => self.not_understood("key"),
        }
    }

    /// The caller has pressed the keys they wanted to press; `by` is the one that said so.
    pub(super) fn keys_end(&mut self, slot: Slot, by: Option<Key>) -> Step {
        match self.draft.take_keyed() {
            Keyed::Nothing if slot == Slot::Number => {
                self.draft.settle_number(None);
                self.ask_next("no-number")
            }
            Keyed::Nothing => match by.and_then(|key| self.scenario.key(key)) {
                Some(intent) => self.intent(intent, ""),
                None => self.not_understood("key"),
            },
            Keyed::Zero => self.person_in(""),
            Keyed::Number(number) => {
                self.failures = 0;
                self.draft.settle_number(Some(number));
                self.ask_next(Slot::Number.name())
            }
            Keyed::TooShort if self.fails() => self.person("not-understood"),
            Keyed::TooShort => self.ask_next("number-too-short"),
        }
    }
}

/// Wait for the next key, without a word.
pub(super) fn more_keys(understood: &str) -> Step {
    Step::new(understood, vec![Action::MoreKeys(BETWEEN_KEYS)])
}
