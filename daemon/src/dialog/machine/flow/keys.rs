//! Answers to a flow by key: choices by their place, yes by 1 and no by 2, numbers and days by their digits. Who presses needs not be understood.
//!
//! `#` ends a number, and so does silence; a lone 0 after which nothing comes is a person. A number whose last digit is known needs no `#`, and whoever presses
//! it all the same means nothing else by it.

use super::super::keying::more_keys;
use super::super::{Dialog, State};
use super::Asked;
use crate::dialog::action::{Action, Step};
use crate::dialog::slots::{How, Keyed, Reading, how, read_keys};
use crate::lines::Key;

/// The key that ends a number.
const END: char = '#';

impl Dialog {
    /// Whether keys were pressed that may not be all.
    pub(in crate::dialog::machine) fn is_keying_in_flow(&self) -> bool {
        self.run.as_ref().is_some_and(|run| !run.keys.is_empty())
    }

    /// A key, if it answers what was asked.
    pub(in crate::dialog::machine) fn keyed_in_flow(&mut self, asked: Asked, key: Key) -> Option<Step> {
        self.pressed(asked, key.char())
    }

    /// The caller has pressed what they wanted to press.
    pub(in crate::dialog::machine) fn keys_end_in_flow(&mut self, asked: Asked) -> Step {
        if self.run.as_ref().is_some_and(|run| run.keys == "0") {
            return self.person_in("");
        }
        self.pressed(asked, END).unwrap_or_else(|| self.ask_again(asked, None, "key"))
    }

    /// The key cut off what was just asked: it is asked again.
    pub(in crate::dialog::machine) fn completed_already(&mut self) -> Step {
        if self.is_looking_up() {
            return Step::new("key", vec![]);
        }
        let (question, patience) = match self.state {
            State::Flow(asked) => (self.question(asked), self.patience_for(asked)),
            _ => (self.last_said.clone(), self.patience()),
        };
        Step::new("key", vec![Action::Say(question), Action::Listen(patience)])
    }

    fn pressed(&mut self, asked: Asked, key: char) -> Option<Step> {
        let Asked::Slot(slot) = asked else {
            return match (asked, key) {
                (Asked::Confirmation, '1') => Some(self.settled("yes")),
                (Asked::Confirmation, '2') => Some(self.corrected("")),
                (Asked::Which, '1'..='9') => self.key_which(usize::try_from(key.to_digit(10)?).ok()?),
                (Asked::YesOrNo, '1' | '2') => Some(self.decided_yes_or_no(key == '1')),
                _ => None,
            };
        };
        let (name, kind) = self.scenario.slots.get(slot).cloned()?;
        let mut context = self.context();
        let run = self.run.as_ref()?;
        context.so_far = run.part.as_ref();
        if how(&kind, self.scenario.language, context.so_far) == How::NotAtAll {
            return None;
        }
        let keys = format!("{}{}", run.keys, key);
        match read_keys(&kind, &keys, self.scenario.language, &context) {
            Keyed::More => {
                self.run.as_mut()?.keys = keys;
                Some(more_keys("digit"))
            }
            Keyed::Is(Reading::Found { value, .. }) => {
                self.key_completed = key != END;
                Some(self.filled(slot, value, &name))
            }
            Keyed::Is(Reading::Part(part, _)) => {
                let run = self.run.as_mut()?;
                run.turn_over();
                run.part = Some(part);
                Some(self.go_on(Vec::new(), &name))
            }
            Keyed::Is(Reading::Outside { bound, .. }) => {
                self.run.as_mut()?.keys.clear();
                Some(self.ask_again(asked, Some(self.out_of_bounds(bound)), "out-of-bounds"))
            }
            Keyed::Is(Reading::DontKnow | Reading::None) | Keyed::Nothing => {
                let begun = !std::mem::take(&mut self.run.as_mut()?.keys).is_empty();
                begun.then(|| self.ask_again(asked, None, "key"))
            }
        }
    }
}
