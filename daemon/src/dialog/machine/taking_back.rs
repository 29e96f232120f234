//! A sentence that a pause split, and whose first half was answered: the caller goes on when the robot has hardly begun to speak. Two readings are
//! tried. The rest alone may answer what the robot has just asked; or both halves together are what was meant, and the dialog goes back to where it was before
//! the first half. The reading that makes more sense is taken, and the rest alone if both do.
//!
//! Only talk can be taken back: where something was done (a message kept, a call passed on), the rest stands alone.

use super::Dialog;
use crate::dialog::action::{Action, Input, Said, Step};

/// A dialog before the caller's last words, and those.
#[derive(Clone)]
pub(super) struct Before {
    dialog: Dialog,
    said: String,
}

/// How much sense a reading of words makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sense {
    None,
    /// The language model has to choose.
    Perhaps,
    Clear,
}

impl Dialog {
    /// What to do about `input`.
    pub fn on(&mut self, input: Input) -> Step {
        let before = self.before.take();
        match input {
            Input::WentOn(more) => self.went_on(before, more),
            Input::Heard(said) => self.heard_for_the_first_time(said),
            input @ (Input::Classified(_) | Input::Quoted(_)) => {
                let step = self.step(input);
                // It is still the answer to the same words.
                self.before = before.filter(|_| step.can_be_taken_back());
                step
            }
            input => self.step(input),
        }
    }

    fn heard_for_the_first_time(&mut self, said: Said) -> Step {
        let before = Before { dialog: self.clone(), said: said.text.clone() };
        let step = self.step(Input::Heard(said));
        self.before = step.can_be_taken_back().then(|| Box::new(before));
        step
    }

    fn went_on(&mut self, before: Option<Box<Before>>, more: Said) -> Step {
        let Some(before) = before else { return self.heard_for_the_first_time(more) };
        let Before { dialog: mut back, said } = *before;
        let first_made_none = self.failures > back.failures;
        // Its vector is not known, only its words.
        let together = Said::from(format!("{said} {}", more.text));
        let mut on = self.clone();
        let (alone, whole) = (on.tried(more), back.tried(together));
        // What makes no sense either way was said once, and is not understood once.
        let is_nothing = first_made_none && alone.0 == Sense::None;
        let together = whole.0 > alone.0 || is_nothing || (first_made_none && whole.0 == Sense::Clear);
        let (dialog, step) = if together { (back, whole.1) } else { (on, alone.1) };
        *self = dialog;
        step
    }

    fn tried(&mut self, said: Said) -> (Sense, Step) {
        let failures = self.failures;
        let step = self.heard_for_the_first_time(said);
        let asks_the_model = step.actions.iter().any(|action| matches!(action, Action::Classify(_) | Action::Quote(_)));
        let failed = self.failures > failures || matches!(step.understood.as_str(), "not-understood" | "nothing");
        let sense = match (failed, asks_the_model) {
            (true, _) => Sense::None,
            (false, true) => Sense::Perhaps,
            (false, false) => Sense::Clear,
        };
        (sense, step)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;
    use std::sync::Arc;

    use switchhook_models::Locale;

    use super::*;
    use crate::dialog::{Circumstances, Scenario};

    fn greeted(scenario: &str) -> Dialog {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario);
        let mut dialog = Dialog::new(Arc::new(Scenario::load(&folder, Locale::En).unwrap()), Circumstances::thursday_at(10));
        dialog.on(Input::Disclosed);
        dialog
    }

    fn went_on(dialog: &mut Dialog, said: &str) -> Step {
        dialog.on(Input::WentOn(Said::from(said.to_owned())))
    }

    #[test]
    fn two_halves_of_which_neither_makes_sense_are_one_sentence() {
        let mut dialog = greeted("reception");
        let step = dialog.on(Input::heard("Could you put me"));
        assert_eq!(step.understood, "nothing");
        let step = went_on(&mut dialog, "through?");
        assert_eq!(step.understood, "person", "{step:?}");
        assert_eq!(dialog.failures, 0, "the half that was not understood does not count");
    }

    #[test]
    fn a_sentence_that_makes_no_sense_in_two_halves_is_not_understood_once() {
        let mut dialog = greeted("reception");
        dialog.on(Input::heard("Settles"));
        let step = went_on(&mut dialog, "fight");
        assert_eq!((dialog.failures, step.understood.as_str()), (1, "nothing"), "{step:?}");
    }

    #[test]
    fn the_rest_that_answers_what_is_asked_now_is_that_answer() {
        let mut dialog = greeted("appointment");
        dialog.on(Input::heard("I'd like to book an appointment"));
        let step = went_on(&mut dialog, "for a cleaning.");
        assert_eq!(step.understood, "service", "{step:?}");
    }

    #[test]
    fn what_was_done_is_not_taken_back() {
        let mut dialog = greeted("reception");
        dialog.on(Input::heard("I'd like to leave a message for Maria."));
        dialog.on(Input::heard("Please ask her to call me back on 02-555-1234."));
        let step = dialog.on(Input::heard("Yes."));
        assert!(step.actions.iter().any(|action| matches!(action, Action::Keep(_))), "{step:?}");
        let step = went_on(&mut dialog, "Where is your office?");
        assert!(step.said().contains("library"), "{step:?}");
    }

    #[test]
    fn without_anything_before_it_what_went_on_is_what_was_said() {
        let mut dialog = greeted("reception");
        assert!(went_on(&mut dialog, "Where is your office?").said().contains("library"));
    }

    proptest::proptest! {
        #[test]
        fn no_halves_are_too_odd(first in "\\PC{0,60}", second in "\\PC{0,60}") {
            let mut dialog = greeted("appointment");
            dialog.on(Input::heard(first));
            let _ = went_on(&mut dialog, &second);
            let _ = went_on(&mut dialog, &second);
        }
    }
}
