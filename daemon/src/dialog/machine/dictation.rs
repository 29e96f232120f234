//! Taking a message: one question at a time, read back, and kept.
//!
//! The draft outlives the state in which it is made. A caller who asks for a person in the middle of it, says goodbye, or just puts down
//! the phone has still left what they said: it is kept as not confirmed ([`Dialog::unfinished`]). What a caller says is wrong is dropped;
//! and until the call ends, a draft is in memory alone, so a power cut or a crash in the middle of dictation loses it.

use super::keying::more_keys;
use super::{Dialog, State, flow};
use crate::dialog::action::{Action, Note, Patience, Step};
use crate::dialog::message::{Corrected, Form, Reply, Slot};
use crate::dialog::order::is_order;
use crate::dialog::report::Tag;
use crate::dialog::scenario::Intent;
use crate::dialog::slots::{self, Objection, answers_by_sound};
use crate::dialog::understanding::{Meaning, Understood, decided_by_words};
use crate::dialog::wording::Line;
use crate::dialog::words::{spoken_length, words};
use crate::dialog::yes_or_no::yes_or_no;

/// Who takes leave instead of dictating does it in no more words than this.
const LONGEST_LEAVE: usize = 8;

impl Dialog {
    /// What the caller dictated and did not confirm: the call is over, and it is kept as it is.
    pub fn unfinished(&mut self) -> Option<Note> {
        let note = std::mem::take(&mut self.draft).note(false, &self.scenario.wording);
        if note.is_some() {
            self.account.message_taken();
        }
        note
    }

    /// Whether the next words are dictated: part of a message, a number, an address.
    #[must_use]
    pub fn takes_dictation(&self) -> bool {
        match self.state {
            State::Message(slot) => matches!(slot, Slot::Text | Slot::Number),
            State::Flow(asked) => self.patience_for(asked) == Patience::DICTATION,
            _ => false,
        }
    }

    /// Take a message; a flow that it interrupts goes on afterwards.
    pub(super) fn begin_message(&mut self, form: Form, understood: &str) -> Step {
        self.failures = 0;
        self.interrupt();
        let before = std::mem::replace(&mut self.draft, form).note(false, &self.scenario.wording);
        let mut step = self.ask_next(understood);
        step.actions.splice(0..0, before.map(Action::Keep));
        step
    }

    /// Whatever a flow asked is asked again later.
    pub(super) fn interrupt(&mut self) {
        if let (State::Flow(asked), Some(run)) = (&self.state, &mut self.run) {
            run.interrupt(*asked);
        }
    }

    /// Go on with the flow that was interrupted, else with anything.
    pub(super) fn come_back(&mut self, understood: &str) -> Step {
        match self.run.as_mut().map(flow::Run::interrupted) {
            Some(Some(asked)) => {
                self.state = State::Flow(asked);
                self.back_to(asked, Step::new(understood, vec![]))
            }
            Some(None) => self.go_on(Vec::new(), understood),
            None => {
                self.state = State::AnythingElse;
                Step::new(understood, vec![Action::Say(self.scenario.line(Line::More)), Action::Listen(Patience::SHORT)])
            }
        }
    }

    /// An answer to what was asked. Rules that hold everywhere are looked for first.
    pub(super) fn dictated(&mut self, slot: Slot, said: &str) -> Step {
        let by_sound = if slot == Slot::Confirmation { answers_by_sound::written(said, self.scenario.language) } else { None };
        let said = by_sound.as_deref().unwrap_or(said);
        let everywhere = match self.understood_as_answer(said) {
            Understood::Sure(Meaning::Intent(
                intent @ (Intent::Person
                | Intent::Emergency
                | Intent::Repeat
                | Intent::Slower
                | Intent::OptOut
                | Intent::Privacy
                | Intent::Threat
                | Intent::Robot),
            )) => Some(intent),
            Understood::Sure(_) | Understood::Perhaps(_) | Understood::Nothing => None,
        };
        let order = |intent: &Intent| *intent == Intent::Emergency || slot != Slot::Text || is_order(&self.scenario, *intent, said);
        if let Some(intent) = everywhere.filter(order) {
            return self.intent(intent, said);
        }
        if slot == Slot::Text && self.gives_up(said) {
            self.draft = Form::default();
            let mut step = self.come_back("no-message");
            step.actions.insert(0, Action::Say(self.scenario.line(Line::MessageGivenUp)));
            return step;
        }
        if slot == Slot::Text
            && let Some(step) = self.told_no_text(said)
        {
            return step;
        }
        if slot != Slot::Confirmation {
            self.draft.fill(slot, said, self.reply(said), self.scenario.language);
            self.failures = 0;
            if self.draft.is_keying() {
                self.state = State::Message(self.draft.missing());
                return more_keys(slot.name());
            }
            return self.ask_next(slot.name());
        }
        let another_number = self.draft.is_corrected_by(said, self.scenario.language);
        match yes_or_no(&self.scenario, said) {
            Some(false) => self.dictated_wrongly(said),
            // Another number is no yes: 不對，電話是… may have been heard as 對電話是…
            _ if another_number => self.dictated_wrongly(said),
            Some(true) => self.keep_draft(true, "yes"),
            None if matches!(Objection::of(said, self.language()), Some(Objection::To(_))) => self.dictated_wrongly(said),
            None if decided_by_words(&self.scenario, Intent::Goodbye, &words(said)) => self.goodbye(Intent::Goodbye.as_str()),
            None if self.fails() => self.person("not-confirmed"),
            None => {
                let ask = Action::Say(self.scenario.line(Line::AskYesNo));
                Step::new("neither-yes-nor-no", vec![ask, Action::Listen(Patience::SHORT)])
            }
        }
    }

    /// The caller says that the message as it was read back is not right, and perhaps which number is.
    fn dictated_wrongly(&mut self, said: &str) -> Step {
        self.account.tag(Tag::Misheard);
        let mut draft = self.draft.clone();
        match draft.correct(said, self.scenario.language) {
            // It goes on.
            Corrected::Number => self.failures = 0,
            Corrected::Message | Corrected::Part | Corrected::NumberInVain if self.fails() => return self.person("not-confirmed"),
            Corrected::Message | Corrected::Part | Corrected::NumberInVain => {}
        }
        self.draft = draft;
        let mut step = self.ask_next("no");
        step.actions.insert(0, Action::Say(self.scenario.line(Line::Again)));
        step
    }

    /// What follows where the message was asked for, and the answer is none: it names a part of what was read back, or says that nothing is wrong, or that the caller does not know.
    fn told_no_text(&mut self, said: &str) -> Option<Step> {
        let objection = Objection::of(said, self.language())?;
        if self.draft.takes_back(objection) {
            return Some(self.ask_next("what-is-wrong"));
        }
        match objection {
            Objection::To(_) => None,
            Objection::None | Objection::Unknown if self.fails() => Some(self.person("not-understood")),
            Objection::None | Objection::Unknown => Some(self.ask_next("nothing")),
        }
    }

    /// What an answer says if it holds no number.
    fn reply(&self, said: &str) -> Reply {
        match (yes_or_no(&self.scenario, said), self.short_answer(said)) {
            (_, Some(false)) => Reply::No,
            _ if slots::declines_a_number(said, self.scenario.language) => Reply::No,
            (_, Some(true)) => Reply::Yes,
            (Some(false), None) => Reply::PerhapsNo,
            (Some(true) | None, None) => Reply::Other,
        }
    }

    /// Whether a caller who was asked for a message says that they have none: a no that is nothing else, or a goodbye.
    fn gives_up(&self, said: &str) -> bool {
        let spoken = words(said);
        let leaves = spoken_length(&spoken) <= LONGEST_LEAVE && decided_by_words(&self.scenario, Intent::Goodbye, &spoken);
        !self.draft.is_keying() && (leaves || self.scenario.understanding.just_yes_or_no(said) == Some(false))
    }

    pub(super) fn ask_next(&mut self, understood: &str) -> Step {
        let next = self.draft.missing();
        let question = self.draft.question(next, &self.scenario);
        self.state = State::Message(next);
        Step::new(understood, vec![Action::Say(question), Action::Listen(next.patience())])
    }

    pub(super) fn keep_draft(&mut self, confirmed: bool, understood: &str) -> Step {
        self.failures = 0;
        self.message_taken = true;
        self.account.message_taken();
        let note = std::mem::take(&mut self.draft).note(confirmed, &self.scenario.wording);
        let promised = note.as_ref().and_then(|note| note.promised.clone());
        let keep = note.map(Action::Keep);
        if self.run.is_some() {
            let mut step = self.come_back(understood);
            let kept = Action::Say(self.scenario.line(Line::MessageKeptGoOn));
            step.actions.splice(0..0, keep.into_iter().chain([kept]));
            return step;
        }
        self.state = State::AnythingElse;
        let kept = match promised {
            Some(when) => self.scenario.wording.with(Line::MessageKeptPromised, &[("promised", &self.deadline(&when))]),
            None => self.scenario.line(Line::MessageKept),
        };
        let rest = [Action::Say(kept), Action::Listen(Patience::SHORT)];
        Step::new(understood, keep.into_iter().chain(rest).collect())
    }
}

impl Slot {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Recipient => "recipient",
            Self::Text => "message-text",
            Self::Number => "number",
            Self::Confirmation => "confirmation",
        }
    }

    /// Names and numbers come with pauses.
    pub(super) fn patience(self) -> Patience {
        match self {
            Self::Text | Self::Number => Patience::DICTATION,
            Self::Recipient | Self::Confirmation => Patience::SHORT,
        }
    }
}
