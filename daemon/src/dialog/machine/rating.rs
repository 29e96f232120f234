//! Taking leave, and the question before it, in a scenario that asks it: how well did the call help?
//!
//! It is asked once, of callers who wanted something, and never of those who fell silent. Whatever is no mark is none, and nothing is guessed. Only who gave a mark of which
//! it is not sure which is asked for it again, once.

use super::{Dialog, State};
use crate::dialog::action::{Action, Farewell, Patience, Step};
use crate::dialog::answers::MARKS;
use crate::dialog::report::Rating;
use crate::dialog::scenario::Intent;
use crate::dialog::slots::{self, Context, Kind, Reading, Value};
use crate::dialog::understanding::{Meaning, Understood};
use crate::dialog::wording::Line;
use crate::lines::Key;

/// How often the caller was asked how well the call helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AskedSatisfaction {
    Never,
    Once,
    /// The first mark was not understood.
    Twice,
}

impl Dialog {
    /// The caller wants to end the call.
    pub(super) fn goodbye(&mut self, understood: &str) -> Step {
        self.leave_flow();
        if self.scenario.asks_satisfaction && self.asked_satisfaction == AskedSatisfaction::Never && self.account.has_wishes() {
            self.asked_satisfaction = AskedSatisfaction::Once;
            self.state = State::Rating;
            let ask = Action::Say(self.scenario.line(Line::AskSatisfaction));
            return Step::new(understood, vec![ask, Action::Listen(Patience::SHORT)]);
        }
        self.take_leave(understood)
    }

    /// Last words.
    pub(super) fn take_leave(&mut self, understood: &str) -> Step {
        self.state = State::Over;
        let farewell = if self.message_taken || self.draft.has_text() { Farewell::MessageTaken } else { Farewell::Goodbye };
        Step::new(understood, vec![Action::Say(self.scenario.line(Line::Goodbye)), Action::HangUp(farewell)])
    }

    /// What the caller answered. Who wants something instead gets it.
    pub(super) fn rated(&mut self, said: &str) -> Step {
        if let Understood::Sure(Meaning::Intent(
            intent @ (Intent::Person
            | Intent::Emergency
            | Intent::Threat
            | Intent::Complaint
            | Intent::Message
            | Intent::Repeat
            | Intent::Slower
            | Intent::Privacy
            | Intent::OwnData
            | Intent::OptOut),
        )) = self.understood(said)
        {
            return self.intent(intent, said);
        }
        let mark = match slots::read(&Kind::Number(MARKS), said, self.scenario.language, &Context::at(&self.call.now)) {
            Reading::Found { value: Value::Number(mark), .. } => mark.as_whole().and_then(|mark| u8::try_from(mark).ok()),
            _ => None,
        };
        self.keep_rating(mark)
    }

    /// The caller gave a mark, and it is not sure which.
    pub(super) fn unsure_mark(&mut self) -> Step {
        if self.asked_satisfaction == AskedSatisfaction::Twice {
            return self.take_leave("no-rating");
        }
        self.asked_satisfaction = AskedSatisfaction::Twice;
        Step::new("unsure", vec![Action::Say(self.scenario.line(Line::AskMarkAgain)), Action::Listen(Patience::SHORT)])
    }

    /// The caller pressed a key instead.
    pub(super) fn rated_by_key(&mut self, key: Key) -> Option<Step> {
        let mark = key.char().to_digit(10).and_then(|mark| u8::try_from(mark).ok())?;
        Rating::new(mark).map(|_| self.keep_rating(Some(mark)))
    }

    fn keep_rating(&mut self, mark: Option<u8>) -> Step {
        match mark.and_then(Rating::new) {
            Some(rating) => {
                self.account.rated(rating);
                self.take_leave("rating")
            }
            None => self.take_leave("no-rating"),
        }
    }
}
