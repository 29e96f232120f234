//! Rules that hold everywhere, whatever was asked: the robot speaks more slowly or in another language, says what becomes of what is said, takes down who wants
//! their data or no more calls, and does not let itself be insulted for ever. After whatever is only said, what was asked is asked again.

use std::sync::Arc;

use switchhook_models::Language;

use super::flow::Run;
use super::{Dialog, State};
use crate::dialog::action::{About, Action, Farewell, Note, Patience, Step};
use crate::dialog::message::Form;
use crate::dialog::office::Reach;
use crate::dialog::scenario::{Intent, Scenario};
use crate::dialog::slots::answers_by_sound;
use crate::dialog::wording::Line;
use crate::dialog::words::{is_han, words};

/// What names a language, in whichever it is said.
const NAMES: [(Language, &[&str]); 2] = [
    (Language::En, &["english", "英文", "英語", "英语"]),
    (Language::Zh, &["chinese", "mandarin", "中文", "國語", "国语", "普通話", "普通话"]),
];
/// So many English words in a row, where Mandarin is expected, are no name and no loan word.
const FOREIGN_WORDS: usize = 4;
/// So many characters, where English is expected, are nothing else.
const FOREIGN_CHARACTERS: usize = 2;

impl Dialog {
    /// Say something, and come back to what was asked.
    pub(super) fn aside(&mut self, understood: &str, text: String) -> Step {
        let mut actions = vec![Action::Say(text)];
        match self.state {
            State::Flow(asked) => return self.back_to(asked, Step::new(understood, actions)),
            State::Message(slot) => {
                let question = self.draft.question(slot, &self.scenario);
                actions.extend([Action::Say(question), Action::Listen(slot.patience())]);
            }
            _ => actions.push(Action::Listen(self.patience())),
        }
        Step::new(understood, actions)
    }

    /// Speak more slowly, and say the last thing again.
    pub(super) fn slower(&mut self) -> Step {
        let said = [self.scenario.line(Line::Slower), self.last_said.clone()].into_iter().map(Action::Say);
        let rest = [Action::Listen(self.patience())];
        Step::new(Intent::Slower.as_str(), std::iter::once(Action::Slower).chain(said).chain(rest).collect())
    }

    /// The caller asks for another language.
    pub(super) fn other_language(&mut self, said: &str) -> Step {
        let spoken = words(said);
        let named = |names: &[&str]| names.iter().any(|name| crate::dialog::words::contains(&spoken, &words(name)));
        let wanted = NAMES.iter().find(|(language, names)| *language != self.language() && named(names)).map(|(language, _)| *language);
        if wanted.is_none() && NAMES.iter().any(|(language, names)| *language == self.language() && named(names)) {
            // It is spoken already.
            return self.aside(Intent::Language.as_str(), self.scenario.line(Line::OtherLanguage));
        }
        // By key, or "another language": the one that is there.
        let any = || if said.is_empty() { self.scenario.others().first().map(|other| other.language.language()) } else { None };
        self.go_on_in(wanted.or_else(any))
    }

    /// What was said is in another language than the robot's, if it plainly is: the caller goes on in it.
    pub(super) fn foreign(&mut self, said: &str) -> Option<Step> {
        let han = said.chars().filter(|c| is_han(*c)).count();
        let other = match self.language() {
            Language::En => (han >= FOREIGN_CHARACTERS).then_some(Language::Zh),
            Language::Zh => {
                let spoken = words(said);
                let latin = |word: &String| word.chars().all(|c| c.is_ascii_alphabetic());
                (han == 0 && spoken.len() >= FOREIGN_WORDS && spoken.iter().all(latin)).then_some(Language::En)
            }
        };
        other.map(|language| self.go_on_in(Some(language)))
    }

    fn go_on_in(&mut self, language: Option<Language>) -> Step {
        let wanted = |other: &&Arc<Scenario>| Some(other.language.language()) == language;
        let all = self.languages.iter();
        let Some(other) = all.filter(|other| other.language != self.scenario.language).find(wanted).cloned() else {
            self.interrupted_by_offer();
            let ask = Action::Say(self.scenario.line(Line::NoOtherLanguage));
            return Step::new(Intent::Language.as_str(), vec![ask, Action::Listen(Patience::SHORT)]);
        };
        let switch = Action::Language(other.language);
        self.scenario = other;
        self.failures = 0;
        let said = self.scenario.line(Line::OtherLanguage);
        let mut step = match self.state {
            // Slots and flows are the same in every language of a scenario.
            State::Flow(_) => self.aside(Intent::Language.as_str(), said),
            _ => {
                let greeting = self.greeting();
                self.open_after(Intent::Language.as_str(), format!("{said} {greeting}"))
            }
        };
        step.actions.insert(0, switch);
        step
    }

    /// The answer to whether a person is wanted.
    pub(super) fn offered_person(&mut self, said: String) -> Step {
        let said = answers_by_sound::written(&said, self.scenario.language).unwrap_or(said);
        let short = self.short_answer(&said);
        self.state = State::Open;
        match short {
            Some(true) => self.person_in(""),
            Some(false) => self.come_back("no"),
            None => match self.run.as_mut().and_then(Run::interrupted) {
                Some(asked) => {
                    self.state = State::Flow(asked);
                    self.answered(asked, &said)
                }
                None => {
                    let understood = self.understood(&said);
                    self.wanted(understood, said)
                }
            },
        }
    }

    /// A person is offered in the middle of whatever was asked.
    fn interrupted_by_offer(&mut self) {
        self.interrupt();
        self.state = State::PersonOffered;
    }

    /// Somebody wants to see what is kept of them, or to have it deleted: a task for whoever looks after that, with a number.
    pub(super) fn own_data(&mut self, said: &str) -> Step {
        let recipient = self.scenario.line(Line::DataProtection);
        let form = Form::addressed_to(&recipient).saying(said).about(About::OwnData);
        let mut step = self.begin_message(form, Intent::OwnData.as_str());
        step.actions.insert(0, Action::Say(self.scenario.line(Line::OwnData)));
        step
    }

    /// The caller is not to be called any more: it is written down at once, confirmed, and the call is over.
    pub(super) fn opts_out(&mut self, said: &str) -> Step {
        let note = self.remark(About::OptOut, said, &self.scenario.line(Line::TheOffice));
        self.last_words(Intent::OptOut.as_str(), vec![Action::Keep(note)], Line::OptedOut, Farewell::OptedOut)
    }

    /// The caller insults: they are asked once not to.
    pub(super) fn abuse(&mut self) -> Step {
        let understood = Intent::Abuse.as_str();
        if std::mem::replace(&mut self.warned, true) {
            return self.last_words(understood, vec![], Line::AbuseEnd, Farewell::Abuse);
        }
        self.aside(understood, self.scenario.line(Line::AbuseWarning))
    }

    /// The caller threatens: it is written down, and a person has the call, if one can.
    pub(super) fn threat(&mut self, said: &str) -> Step {
        let keep = Action::Keep(self.remark(About::Threat, said, &self.scenario.line(Line::TheOffice)));
        let office = &self.scenario.office;
        let who = office.queue_for(Intent::Threat.as_str()).unwrap_or(&self.scenario.person).to_owned();
        if matches!(office.reach(&who, &self.call.now), Reach::Later(_)) {
            return self.last_words(Intent::Threat.as_str(), vec![keep], Line::AbuseEnd, Farewell::Abuse);
        }
        let mut step = self.person_called(&who, Intent::Threat.as_str());
        step.actions.insert(0, keep);
        step
    }

    fn last_words(&mut self, understood: &str, mut actions: Vec<Action>, line: Line, farewell: Farewell) -> Step {
        self.state = State::Over;
        self.leave_flow();
        actions.extend([Action::Say(self.scenario.line(line)), Action::HangUp(farewell)]);
        Step::new(understood, actions)
    }

    /// What was said, written down as it was; the name of the wish if it was pressed.
    fn remark(&self, about: About, said: &str, recipient: &str) -> Note {
        let text = if said.is_empty() { about.as_str() } else { said };
        Form::addressed_to(recipient).saying(text).about(about).note(true, &self.scenario.wording).unwrap_or_else(|| Note {
            about,
            recipient: recipient.to_owned(),
            text: text.to_owned(),
            callback: None,
            confirmed: true,
            promised: None,
        })
    }
}
