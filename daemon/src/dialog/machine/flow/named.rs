//! A name that was asked for and stands somewhere in a sentence: "that would be under my husband's, so Peter Miller", 掛在我太太林淑芬那邊.
//!
//! The grammar of names reads what stands behind "my name is" and the like. Of any other sentence it can only guess the beginning of a clause ("Let me see"), so
//! there the language model is asked which of the words are the name, if there is one that can tell. What it quotes is read by the same grammar, as a whole.

use super::super::Dialog;
use super::Asked;
use super::answers::Taken;
use crate::dialog::action::Step;
use crate::dialog::slots::{self, Kind, Reading, Sure, Value};
use crate::dialog::thinking::{Quoted, is_worth_thinking_about};
use crate::dialog::understanding::Understood;

impl Dialog {
    /// Ask for the name in what was said, if one was asked for and the grammar is not sure.
    pub(super) fn looks_for_a_name(&mut self, slot: usize, said: &str, understood: &Understood) -> Option<Step> {
        let kind = self.kind(Asked::Slot(slot)).filter(|kind| matches!(kind, Kind::Name))?;
        let guessed = match slots::read(kind, said, self.scenario.language, &self.context()) {
            Reading::Found { sure, .. } => sure == Sure::Guessed,
            Reading::None => true,
            Reading::Part(..) | Reading::Outside { .. } | Reading::DontKnow => false,
        };
        let another_wish = matches!(understood, Understood::Sure(_));
        if !guessed || another_wish || !is_worth_thinking_about(said) {
            return None;
        }
        self.ask_for_a_name(slot, said)
    }

    /// What the model has found in what was said.
    pub(in crate::dialog::machine) fn answered_by_name(&mut self, slot: usize, said: &str, quoted: &Quoted) -> Step {
        let understood = self.understood(said);
        let taken = match quoted {
            Quoted::Words(words) => match self.name_of(words) {
                Some(name) => {
                    // Whatever else was told in the sentence is told.
                    self.take_in(None, said);
                    self.takes_name(slot, name);
                    Taken::Values
                }
                None => self.take_in(None, said),
            },
            Quoted::Nothing => self.take_in(None, said),
            Quoted::Unknown => self.take_in(Some(slot), said),
        };
        self.went_on_with(slot, said, understood, taken)
    }

    /// The name that all of these words are.
    fn name_of(&self, words: &str) -> Option<Value> {
        match slots::read(&Kind::Name, words, self.scenario.language, &self.context()) {
            Reading::Found { value: Value::Name(name), .. } if name == words => Some(Value::Name(name)),
            _ => None,
        }
    }

    fn takes_name(&mut self, slot: usize, name: Value) {
        if let Some(run) = &mut self.run {
            run.values.insert(slot, name);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::path::Path;
    use std::sync::Arc;

    use switchhook_models::{Language, Locale};

    use super::super::super::*;
    use crate::dialog::slots::Value;
    use crate::dialog::thinking::{Calibration, Quoted};

    const HUSBANDS: &str = "That would be under my husband's, so Peter Miller";

    /// Somebody who wants to cancel an appointment and was asked for their name, in a house with a language model.
    fn asked_for_a_name() -> Dialog {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/appointment");
        let scenario = Scenario::load(&folder, Locale::En).unwrap();
        let scenario = scenario.thought_about_with(Calibration::of("smollm2-135m-instruct", Language::En));
        let mut dialog = Dialog::new(Arc::new(scenario), Circumstances::thursday_at(10));
        dialog.on(Input::Disclosed);
        let step = dialog.on(Input::heard("I'd like to cancel my appointment"));
        assert!(step.said().contains("name"), "{step:?}");
        dialog
    }

    fn name(dialog: &Dialog) -> Option<Value> {
        dialog.values().into_iter().find(|(slot, _)| slot == "name").map(|(_, value)| value)
    }

    fn is_asked_for_words(step: &Step) -> bool {
        matches!(step.actions.as_slice(), [Action::Quote(_)])
    }

    #[test]
    fn a_name_in_the_middle_of_a_sentence_is_taken_as_it_was_said() {
        let mut dialog = asked_for_a_name();
        let step = dialog.on(Input::heard(HUSBANDS));
        assert!(is_asked_for_words(&step), "{step:?}");
        let step = dialog.on(Input::Quoted(Quoted::Words("Peter Miller".into())));
        assert_eq!(name(&dialog), Some(Value::Name("Peter Miller".into())));
        assert!(step.said().contains("number"), "{step:?}");
    }

    #[test]
    fn a_name_that_the_grammar_reads_is_nobody_elses_business() {
        for said in ["My name is Peter Miller, I think.", "Peter Miller", "I don't know."] {
            let step = asked_for_a_name().on(Input::heard(said));
            assert!(!is_asked_for_words(&step), "{said}: {step:?}");
        }
    }

    #[test]
    fn where_the_model_finds_no_name_it_is_asked_for_again() {
        let mut dialog = asked_for_a_name();
        let step = dialog.on(Input::heard("Hold on, my phone is ringing"));
        assert!(is_asked_for_words(&step), "{step:?}");
        let mut step = dialog.on(Input::Quoted(Quoted::Nothing));
        if let Some(input) = step.actions.iter().find_map(Action::without_a_model) {
            step = dialog.on(input);
        }
        assert_eq!((name(&dialog), step.said().contains("name")), (None, true), "{step:?}");
    }

    #[test]
    fn words_that_are_no_name_are_not_taken_for_one_whatever_the_model_says() {
        let mut dialog = asked_for_a_name();
        dialog.on(Input::heard("Hold on, my phone is ringing"));
        dialog.on(Input::Quoted(Quoted::Words("my phone is ringing".into())));
        assert_eq!(name(&dialog), None);
    }

    #[test]
    fn without_a_model_the_grammar_stands() {
        let mut dialog = asked_for_a_name();
        dialog.on(Input::heard("Sure, everybody says Helen, Helen Brook"));
        let step = dialog.on(Input::Quoted(Quoted::Unknown));
        assert!(name(&dialog).is_some(), "{step:?}");
    }

    #[test]
    fn who_goes_on_while_the_model_reads_is_read_as_a_whole() {
        let mut dialog = asked_for_a_name();
        dialog.on(Input::heard("That would be under my husband's"));
        let step = dialog.on(Input::heard("so Peter Miller"));
        let [Action::Quote(quote)] = step.actions.as_slice() else { panic!("{step:?}") };
        assert_eq!(quote.said, "That would be under my husband's so Peter Miller");
    }

    #[test]
    fn a_quotation_that_comes_too_late_changes_nothing() {
        let mut dialog = asked_for_a_name();
        dialog.on(Input::heard(HUSBANDS));
        dialog.on(Input::Silence);
        assert_eq!(dialog.on(Input::Quoted(Quoted::Words("Peter Miller".into()))).actions, []);
        assert_eq!(name(&dialog), None);
    }
}
