//! What the caller means, as far as it was understood, and what is done about it: a wish that holds everywhere, a flow, a passage of the office's knowledge; or nothing was
//! understood, which ends with a person.

use super::{Dialog, State};
use crate::dialog::action::{Action, Patience, Step};
use crate::dialog::message::{Form, Slot};
use crate::dialog::report::Tag;
use crate::dialog::scenario::Intent;
use crate::dialog::understanding::{Likely, Meaning, Understood};
use crate::dialog::wording::Line;

impl Dialog {
    pub(super) fn wanted(&mut self, understood: Understood, said: String) -> Step {
        match understood {
            Understood::Sure(meaning) => self.meant(meaning, &said),
            Understood::Perhaps(likely) if likely.first().is_some_and(Likely::stands_alone) => self.ask_the_model(said, likely),
            unlikely => match (self.foreign(&said), unlikely) {
                (Some(step), _) => step,
                (None, Understood::Perhaps(likely)) => self.ask_the_model(said, likely),
                (None, _) => self.not_understood("nothing"),
            },
        }
    }

    pub(super) fn meant(&mut self, meaning: Meaning, said: &str) -> Step {
        match meaning {
            Meaning::Intent(intent) => self.intent(intent, said),
            Meaning::Flow(place) => self.begin_flow(place, said),
            Meaning::Passage(place) => {
                let step = self.passage(place);
                self.state = State::AnythingElse;
                let rest = [Action::Say(self.scenario.line(Line::More)), Action::Listen(Patience::SHORT)];
                Step { actions: step.actions.into_iter().chain(rest).collect(), ..step }
            }
        }
    }

    /// A passage of the office's knowledge, said as it stands.
    pub(super) fn passage(&mut self, place: usize) -> Step {
        let Some(passage) = self.scenario.knowledge.get(place) else {
            return self.not_understood("nothing");
        };
        self.failures = 0;
        self.account.answered(&passage.title);
        let actions = vec![Action::Say(passage.answer.clone())];
        Step { understood: passage.title.to_lowercase(), source: Some(passage.source.clone()), actions }
    }

    pub(super) fn intent(&mut self, intent: Intent, said: &str) -> Step {
        match (&self.state, intent) {
            (State::HandingOver, Intent::Message) => return self.rather_a_message(said),
            (State::HandingOver, Intent::Goodbye) => {
                let goodbye = self.goodbye(intent.as_str());
                return self.called_off(goodbye);
            }
            (State::HandingOver | State::Over, _) => return Step::new(intent.as_str(), vec![]),
            _ => {}
        }
        match intent {
            Intent::Person => self.person_in(said),
            Intent::Emergency => self.emergency(),
            Intent::Message => self.begin_message(Form::begun_by(said, self.language()), intent.as_str()),
            Intent::Complaint => self.complaint(),
            Intent::Repeat => Step::new(intent.as_str(), vec![Action::Say(self.last_said.clone()), Action::Listen(self.patience())]),
            Intent::Robot => self.aside(intent.as_str(), self.scenario.line(Line::Robot)),
            Intent::Privacy => self.aside(intent.as_str(), self.scenario.line(Line::Privacy)),
            Intent::Slower => self.slower(),
            Intent::Language => self.other_language(said),
            Intent::OwnData => self.own_data(said),
            Intent::OptOut => self.opts_out(said),
            Intent::Threat => self.threat(said),
            Intent::Abuse => self.abuse(),
            // Outside a question, "no" answers "anything else?", and "yes" wants to hear what it may be.
            Intent::Goodbye | Intent::No => self.goodbye(intent.as_str()),
            Intent::Yes => self.greet("yes"),
        }
    }

    pub(super) fn not_understood(&mut self, understood: &str) -> Step {
        if matches!(self.state, State::Over | State::HandingOver) {
            return Step::new(understood, vec![]);
        }
        if let State::Flow(asked) = self.state {
            return self.ask_again(asked, None, understood);
        }
        if self.fails() {
            return self.person("not-understood");
        }
        let said = match self.state {
            // It was an answer, most likely: what was read back is asked, and not what the caller wants.
            State::Message(slot @ Slot::Confirmation) => {
                format!("{} {}", self.scenario.line(Line::SayYesOrNo), self.draft.question(slot, &self.scenario))
            }
            _ => self.not_understood_line(),
        };
        Step::new(understood, vec![Action::Say(said), Action::Listen(self.patience())])
    }

    /// One more failure to understand; whether a person is to be sought now.
    pub(super) fn fails(&mut self) -> bool {
        self.failures += 1;
        self.account.not_understood();
        self.account.tag(Tag::RepeatedQuestion);
        self.failures >= self.scenario.attempts.max(2)
    }
}
