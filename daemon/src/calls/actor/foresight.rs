//! What comes of a pause if it is the end of the turn, made ready while the silence lasts: a copy of the dialog is told what was said so far, the language model
//! is asked what that copy wants to know, and the voice begins with the first sentence that has to be made.
//!
//! Nothing is done by it. When the turn is over, the dialog itself decides; what it asks and says then is taken from here if it is the same, and is
//! made anew if it is not. Who goes on after all makes it void. What is looked up is left alone: a look-up may be a deed.

use super::Actor;
use super::hearing::Hearing;
use super::thinking::{Known, Thought};
use crate::dialog::{Action, Dialog, Input, Step};

/// A pause, gone through as if the turn was over.
pub(super) struct Foresight {
    /// The pause, by the number of the job that recognises the words before it.
    pause: u64,
    /// The dialog as it would be.
    dialog: Dialog,
    /// What the language model is asked.
    thought: Option<Thought>,
}

impl Actor {
    /// Make ready what would be asked and said if the caller, who pauses, has finished.
    pub(super) fn foresee(&mut self) {
        let Some((pause, said)) = self.hearing.as_ref().and_then(Hearing::paused) else { return };
        let known = self.foresight.as_ref().is_some_and(|foresight| foresight.pause == pause);
        let answering = self.thinking || !self.voice.is_silent();
        if known || answering || said.text.is_empty() || !self.listens() {
            return;
        }
        let mut dialog = self.dialog.clone();
        let step = dialog.on(Input::Heard(said));
        self.foresight = Some(Foresight { pause, dialog, thought: None });
        self.prepare_for(step);
    }

    /// The language model has answered what was asked on foresight.
    pub(super) fn foreseen(&mut self, number: u64, known: Known) {
        let Some(foresight) = &mut self.foresight else { return };
        let Some(thought) = foresight.thought.as_mut().filter(|thought| thought.is(number)) else { return };
        let step = foresight.dialog.on(known.input.clone());
        thought.answered(known);
        self.prepare_for(step);
    }

    /// What was asked on foresight, if it was this.
    pub(super) fn foreseen_thought(&mut self, question: &Action) -> Option<Thought> {
        self.foresight.as_mut()?.thought.take_if(|thought| thought.answers(question))
    }

    /// The caller goes on, or everything has become otherwise.
    pub(super) fn foresee_no_more(&mut self) {
        self.foresight = None;
        self.voice.prepare_no_more();
    }

    /// Begin with what takes time: the first sentence that has to be made, or what the language model is asked.
    fn prepare_for(&mut self, step: Step) {
        for action in step.actions {
            match action {
                Action::Say(text) if self.voice.prepare(&text) => return,
                question @ (Action::Classify(_) | Action::Quote(_)) => {
                    let thought = self.think_about(question);
                    if let Some(foresight) = &mut self.foresight {
                        foresight.thought = thought;
                    }
                    return;
                }
                // What is said behind these is said otherwise, or not known yet.
                Action::Slower | Action::Language(_) | Action::LookUp(_) => return,
                _ => {}
            }
        }
    }
}
