//! When the language model is asked, and what its answer changes: nothing but which of the scenario's own steps comes next.
//!
//! While it thinks, the caller may go on: then it is asked about the whole. Whatever else happens makes its answer too late.

use super::flow::Asked;
use super::{Dialog, State};
use crate::dialog::action::{Action, Step};
use crate::dialog::scenario::Intent;
use crate::dialog::thinking::{Choice, Question, Quote, Quoted};
use crate::dialog::understanding::{Likely, Meaning};

impl Dialog {
    pub(super) fn is_thinking(&self) -> bool {
        matches!(self.state, State::Choosing(..) | State::Quoting(..))
    }

    /// Where the dialog was when the language model was asked.
    pub(super) fn before_thinking(&self) -> State {
        match self.state {
            State::Choosing(_, _, Some(asked)) => State::Flow(asked),
            State::Quoting(_, slot) => State::Flow(Asked::Slot(slot)),
            _ => State::Open,
        }
    }

    /// Ask which of these is meant.
    pub(super) fn ask_the_model(&mut self, said: String, likely: Vec<Likely>) -> Step {
        let choices = likely.iter().map(|&likely| self.choice(likely)).collect();
        let asked = if let State::Flow(asked) = self.state { Some(asked) } else { None };
        let question = Question { said: said.clone(), language: self.language(), choices, calibration: self.scenario.calibration };
        self.state = State::Choosing(said, likely.into_iter().map(|likely| likely.meaning).collect(), asked);
        Step::new("perhaps", vec![Action::Classify(question)])
    }

    fn choice(&self, Likely { meaning, probability }: Likely) -> Choice {
        let of = |means: &str, asked: &[String]| Choice::new(means, asked, probability);
        match meaning {
            Meaning::Intent(intent) => self.scenario.intents.get(&intent).map(|signs| of(&signs.means, &signs.examples)),
            Meaning::Flow(place) => self.scenario.flows.get(place).map(|flow| of(&flow.signs.means, &flow.signs.examples)),
            Meaning::Passage(place) => self.scenario.knowledge.get(place).map(|passage| of(&passage.title, &passage.asked)),
        }
        .unwrap_or_else(|| of("", &[]))
    }

    /// The model has chosen, or found that none of it is meant.
    pub(super) fn classified(&mut self, choice: Option<usize>) -> Step {
        let State::Choosing(said, meanings, asked) = &self.state else {
            return Step::new("late", vec![]);
        };
        let (said, asked, meaning) = (said.clone(), *asked, choice.and_then(|choice| meanings.get(choice).copied()));
        self.state = self.before_thinking();
        match (meaning, asked) {
            (Some(Meaning::Passage(place)), Some(asked)) => {
                let step = self.passage(place);
                self.back_to(asked, step)
            }
            // What a flow asked may have been answered in words that are close to this: only other wishes are taken from it.
            (Some(Meaning::Intent(Intent::Yes | Intent::No)) | None, Some(asked)) => self.ask_again(asked, None, "nothing"),
            (Some(meaning), _) => self.meant(meaning, &said),
            (None, None) => self.not_understood("nothing"),
        }
    }

    /// Ask which of these words are the name that a flow asked for.
    pub(super) fn ask_for_a_name(&mut self, slot: usize, said: &str) -> Option<Step> {
        let quote = Quote { said: said.to_owned(), language: self.language(), calibration: self.scenario.calibration? };
        self.state = State::Quoting(said.to_owned(), slot);
        Some(Step::new("perhaps", vec![Action::Quote(quote)]))
    }

    /// The model has quoted, or found nothing to quote.
    pub(super) fn quoted(&mut self, quoted: &Quoted) -> Step {
        let State::Quoting(said, slot) = &self.state else {
            return Step::new("late", vec![]);
        };
        let (said, slot) = (said.clone(), *slot);
        self.state = self.before_thinking();
        self.answered_by_name(slot, &said, quoted)
    }
}
