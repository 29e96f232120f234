//! A caller of whom nothing comes that could be answered: they say nothing, or what is heard has no words in it.
//!
//! Silence climbs a ladder that ends: the caller is asked again, and differently; told which keys there are; offered a person; and bidden farewell. Sound
//! without words is something else. Once, it may have been the caller: they are asked again. If it goes on, it is hold music, or somebody talks to somebody else: the
//! robot says that it is there and how a person is reached, and then is quiet until there are words. That ends, too: whoever is never heard gets a person.
//!
//! Words that are clearly meant for somebody else, or ask for a moment, are waited out in silence, and count the same: an announcement that comes back every half minute keeps no call
//! for ever. A murmur that asks ("Hm?") wants to hear it again.

use super::{Dialog, State};
use crate::dialog::action::{Action, Farewell, Patience, Step};
use crate::dialog::report::Tag;
use crate::dialog::wording::{Ladder, Line};
use crate::dialog::words::is_question;

/// How far a caller's silence has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rung {
    AskAgain,
    OfferKeys,
    OfferPerson,
    Goodbye,
}

impl Rung {
    /// After so many silences before this one.
    fn after(silences: usize) -> Self {
        match silences {
            0 => Self::AskAgain,
            1 => Self::OfferKeys,
            2 => Self::OfferPerson,
            _ => Self::Goodbye,
        }
    }

    fn place(self) -> usize {
        self as usize
    }
}

/// Turns without words in a row, or said to somebody else, after which the robot is quiet, and says so.
const ASIDE: u32 = 2;
/// And after so many a person is sought: perhaps it is the robot that cannot hear.
const MOST_ASIDE: u32 = 6;

impl Dialog {
    /// The caller said nothing for as long as they were given.
    pub(super) fn silence(&mut self) -> Step {
        if matches!(self.state, State::Over | State::HandingOver) {
            return Step::new("silence", vec![]);
        }
        if let Some(step) = self.silent_about_rating() {
            return step;
        }
        self.account.tag(Tag::DeadAir);
        let rung = Rung::after(self.silences);
        // A scenario may have fewer rungs of its own.
        let Some(line) = self.scenario.wording.ladder(Ladder::Silence).get(rung.place()).cloned().filter(|_| rung != Rung::Goodbye) else {
            self.state = State::Over;
            return Step::new("silence", vec![Action::Say(self.scenario.line(Line::Goodbye)), Action::HangUp(Farewell::Silence)]);
        };
        self.silences += 1;
        let again = (rung == Rung::AskAgain).then(|| self.asked_otherwise()).flatten();
        let said = [line].into_iter().chain(again).map(Action::Say);
        Step::new("silence", said.chain([Action::Listen(self.patience())]).collect())
    }

    /// What is asked now, in other words if there are any.
    fn asked_otherwise(&mut self) -> Option<String> {
        match self.state {
            State::Flow(asked) => {
                if let Some(run) = &mut self.run {
                    run.ask_otherwise();
                }
                Some(self.question(asked))
            }
            State::Message(slot) => Some(self.draft.question(slot, &self.scenario)),
            _ => None,
        }
    }

    /// Whether these words are said to somebody else or ask for time, or are nothing but a murmur while nothing was asked.
    pub(super) fn is_said_aside(&self, said: &str) -> bool {
        let listening = &self.scenario.listening;
        match self.state {
            State::Open => listening.is_aside(said) || listening.is_murmur(said) && !is_question(said),
            State::AnythingElse | State::PersonOffered | State::Message(_) | State::Flow(_) => listening.is_aside(said),
            _ => false,
        }
    }

    /// Whether nothing was said but a murmur that asks, where nothing else was asked.
    pub(super) fn is_asked_back(&self, said: &str) -> bool {
        matches!(self.state, State::Open | State::AnythingElse) && is_question(said) && self.scenario.listening.is_murmur(said)
    }

    /// Wait without a word until the caller comes back: what was asked is still asked. Who never does gets a person.
    pub(super) fn wait_for_caller(&mut self) -> Step {
        self.asides += 1;
        if self.asides >= MOST_ASIDE {
            return self.person("not-understood");
        }
        Step::new("aside", vec![Action::Listen(Patience { reply: Patience::ASIDE, ..self.patience() })])
    }

    /// There was sound, and no words in it.
    pub(super) fn without_words(&mut self) -> Step {
        self.asides += 1;
        if self.asides < ASIDE || matches!(self.state, State::Over | State::HandingOver) {
            return self.not_understood("unclear");
        }
        if self.asides >= MOST_ASIDE {
            return self.person("not-understood");
        }
        let quiet = Action::Listen(Patience { reply: Patience::ASIDE, ..self.patience() });
        let said = (self.asides == ASIDE).then(|| Action::Say(self.scenario.line(Line::StillHere)));
        Step::new("aside", said.into_iter().chain([quiet]).collect())
    }
}
