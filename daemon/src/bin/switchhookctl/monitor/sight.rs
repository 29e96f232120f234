//! What is seen: the device, its lines, and the calls with the last of what was said in them.

use std::collections::VecDeque;

use switchhook::service::vitals::{Vitals, available_memory};

use super::super::call::Caller;
use super::super::device::DeviceRow;
use super::super::house::{CallRow, LineRow};
use super::super::watch::{Happening, Turn};

/// So many exchanges of a call are kept in sight; more do not fit onto any screen.
const MOST_TURNS: usize = 100;
/// So many calls that are over stay in sight.
const MOST_OVER: usize = 5;

/// A call, and what was said in it since it is in sight.
#[derive(Clone, Debug)]
pub struct Talk {
    pub call: CallRow,
    pub caller: Option<Caller>,
    pub turns: VecDeque<Turn>,
    /// How it ended, once it has.
    pub over: Option<String>,
}

/// Everything that is seen.
#[derive(Default)]
pub struct Sight {
    pub device: DeviceRow,
    pub lines: Vec<LineRow>,
    /// The newest last; those that are over first.
    pub talks: Vec<Talk>,
    /// The call whose words are shown, by its name.
    selected: Option<String>,
    /// The call that is to be ended, if that is meant.
    pub asked: Option<String>,
    /// Why the last wish was not granted.
    pub note: Option<String>,
    /// Why callers' words are not seen, if they are not.
    pub words_are_hidden: Option<String>,
    pub vitals: Vitals,
    pub available: Option<u64>,
}

impl Sight {
    /// Look at the board.
    pub fn look(&mut self) {
        self.vitals = Vitals::read();
        self.available = available_memory();
    }

    /// Something happened.
    pub fn happens(&mut self, happening: Happening) {
        let id = happening.call().to_owned();
        match happening {
            Happening::Began { call, caller } => {
                if self.talk(&id).is_none() {
                    self.talks.push(Talk { call, caller, turns: VecDeque::new(), over: None });
                }
            }
            Happening::Changed { what, .. } => {
                if let Some(talk) = self.talk(&id) {
                    let text = |name: &str| what.get(name).and_then(|value| value.as_str()).map(ToOwned::to_owned);
                    if let Some(state) = text("state") {
                        talk.call.state = state;
                    }
                    if let Some(turns) = what.get("turns").and_then(serde_json::Value::as_u64) {
                        talk.call.turns = turns;
                    }
                }
            }
            Happening::Turn { turn, .. } => {
                if let Some(talk) = self.talk(&id) {
                    talk.turns.push_back(turn);
                    if talk.turns.len() > MOST_TURNS {
                        talk.turns.pop_front();
                    }
                }
            }
            Happening::HandedOver { .. } => {}
            Happening::Ended { summary, .. } => {
                if let Some(talk) = self.talk(&id) {
                    let outcome = summary.get("outcome").and_then(|value| value.as_str()).unwrap_or("over");
                    talk.over = Some(outcome.to_owned());
                    "ended".clone_into(&mut talk.call.state);
                }
                self.forget_the_oldest();
            }
        }
    }

    /// Of calls that are over, only the last stay.
    fn forget_the_oldest(&mut self) {
        while self.talks.iter().filter(|talk| talk.over.is_some()).count() > MOST_OVER {
            let Some(oldest) = self.talks.iter().position(|talk| talk.over.is_some()) else { return };
            self.talks.remove(oldest);
        }
    }

    fn talk(&mut self, id: &str) -> Option<&mut Talk> {
        self.talks.iter_mut().find(|talk| talk.call.id == id)
    }

    /// How many calls are on.
    pub fn on(&self) -> usize {
        self.talks.iter().filter(|talk| talk.over.is_none()).count()
    }

    /// The place of the call whose words are shown: that which was selected, else the newest.
    pub fn shown(&self) -> Option<usize> {
        let selected = self.selected.as_ref().and_then(|id| self.talks.iter().position(|talk| talk.call.id == *id));
        selected.or_else(|| self.talks.len().checked_sub(1))
    }

    pub fn select_before(&mut self) {
        self.select(self.shown().and_then(|at| at.checked_sub(1)));
    }

    pub fn select_after(&mut self) {
        self.select(self.shown().map(|at| at + 1));
    }

    fn select(&mut self, at: Option<usize>) {
        if let Some(talk) = at.and_then(|at| self.talks.get(at)) {
            self.selected = Some(talk.call.id.clone());
        }
        (self.asked, self.note) = (None, None);
    }

    /// The call that is shown is to be ended, once somebody says that they mean it.
    pub fn ask_to_hang_up(&mut self) {
        let shown = self.shown().and_then(|at| self.talks.get(at)).filter(|talk| talk.over.is_none());
        self.asked = shown.map(|talk| talk.call.id.clone());
        self.note = None;
    }
}

#[cfg(test)]
pub mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::house::Properties;

    pub fn began(id: &str) -> Happening {
        let call = CallRow { id: id.into(), line: "gateway".into(), state: "listening".into(), ..CallRow::read(&Properties::new()) };
        Happening::Began { call, caller: Some(Caller { number: "+4420".into(), name: String::new() }) }
    }

    pub fn turn(id: &str, heard: &str, said: &str) -> Happening {
        let latency = [("endpoint_ms", 250.0), ("words_ms", 90.0), ("decision_ms", 10.0), ("first_sound_ms", 50.0), ("total_ms", 400.0)];
        let turn = Turn {
            index: 1,
            heard: heard.into(),
            confidence: 0.9,
            understood: "hours".into(),
            action: "answer".into(),
            said: said.into(),
            latency: latency.map(|(name, part)| (name.to_owned(), part)).into(),
        };
        Happening::Turn { call: id.into(), turn }
    }

    fn ended(id: &str) -> Happening {
        Happening::Ended { call: id.into(), summary: [("outcome".to_owned(), "goodbye".into())].into() }
    }

    #[test]
    fn the_newest_call_is_shown_until_another_is_selected() {
        let mut sight = Sight::default();
        assert_eq!(sight.shown(), None);
        for id in ["a", "b", "c"] {
            sight.happens(began(id));
        }
        assert_eq!(sight.shown(), Some(2));
        sight.select_before();
        sight.happens(began("d"));
        assert_eq!(sight.shown(), Some(1), "what was selected stays");
        sight.select_before();
        sight.select_before();
        assert_eq!(sight.shown(), Some(0), "there is nothing before the first");
    }

    #[test]
    fn of_calls_that_are_over_the_last_stay_in_sight() {
        let mut sight = Sight::default();
        sight.happens(began("on"));
        for number in 0..20 {
            let id = number.to_string();
            sight.happens(began(&id));
            sight.happens(ended(&id));
        }
        assert_eq!((sight.on(), sight.talks.len()), (1, 1 + MOST_OVER));
        assert_eq!(sight.talks.last().unwrap().over.as_deref(), Some("goodbye"));
    }

    #[test]
    fn a_call_without_end_does_not_fill_the_memory() {
        let mut sight = Sight::default();
        sight.happens(began("a"));
        for _ in 0..1000 {
            sight.happens(turn("a", "and another thing", "I see."));
        }
        assert_eq!(sight.talks[0].turns.len(), MOST_TURNS);
    }

    #[test]
    fn only_a_call_that_is_on_can_be_ended_and_only_when_it_is_meant() {
        let mut sight = Sight::default();
        sight.happens(began("a"));
        sight.ask_to_hang_up();
        assert_eq!(sight.asked.as_deref(), Some("a"));
        sight.select_before();
        sight.select_after();
        assert_eq!(sight.asked, None, "whoever goes elsewhere did not mean it");
        sight.happens(ended("a"));
        sight.ask_to_hang_up();
        assert_eq!(sight.asked, None);
    }
}
