//! The dialog itself: a state, an input, a step. How a message is taken has a file of its own: [`dictation`]; how a number is pressed
//! has another: [`keying`]; a flow on its way has a folder: [`flow`]; how a call begins, [`opening`] says; whom it is passed to, [`reach`]; the rules that
//! hold everywhere are [`rules`]', what follows from a meaning stands in [`meaning`], and when the language model is asked, [`thinking`] says. What the next words are held against stands in [`listening`], how silence goes on in [`silence`], and what is taken back
//! in [`taking_back`]; the last question is [`rating`]'s, what is remembered [`account`]'s, and what was come through [`passed`]'s.

mod account;
mod asks;
mod dictation;
mod flow;
mod keying;
mod listening;
mod meaning;
mod opening;
mod passed;
mod rating;
mod reach;
mod rules;
mod silence;
mod taking_back;
mod thinking;

use std::collections::VecDeque;
use std::sync::Arc;

use flow::{Asked, Run};
pub use passed::Passed;
use rating::AskedSatisfaction;
use switchhook_models::Language;
use taking_back::Before;

use super::action::{Action, Input, Patience, Said, Step};
use super::circumstances::Circumstances;
use super::message::{Form, Slot};
use super::report::{Account, Tag};
use super::scenario::{Intent, Scenario};
use super::understanding::{Meaning, Understood};
use super::wording::{Ladder, Line};
use super::words::{spoken_length, words};
use super::yes_or_no::yes_or_no;

/// A yes or a no to "anything else?" is no longer than this, in words: what is longer says more than that.
const LONGEST_YES: usize = 4;

/// Where a dialog is.
#[derive(Clone, Debug)]
enum State {
    /// Before the greeting.
    Fresh,
    /// The caller may want anything.
    Open,
    /// The caller may want anything, and was asked whether there is anything else: a yes or a no answers that.
    AnythingElse,
    /// The language model chooses between these meanings of what was said; this was asked by a flow.
    Choosing(String, Vec<Meaning>, Option<Asked>),
    /// The language model looks for the name in what was said, which a flow asked for: this slot.
    Quoting(String, usize),
    /// A message is being taken, and this was asked.
    Message(Slot),
    /// A flow is on its way, and this was asked.
    Flow(Asked),
    /// The robot does not speak what the caller does, and offered a person.
    PersonOffered,
    /// A flow waits for what is looked up under this number.
    LookingUp(u64),
    /// The caller was asked how well the call helped.
    Rating,
    /// A person is being sought.
    HandingOver,
    /// Last words were said.
    Over,
}

/// One call's dialog.
#[derive(Clone)]
pub struct Dialog {
    scenario: Arc<Scenario>,
    /// It, and the same in the other languages that the robot speaks.
    languages: Vec<Arc<Scenario>>,
    call: Circumstances,
    state: State,
    /// The message that was begun and neither confirmed nor given up.
    draft: Form,
    /// The flow that is on its way.
    run: Option<Run>,
    /// Failures to understand in a row.
    failures: u32,
    /// Silences in a row.
    silences: usize,
    /// Turns in a row that were nothing to the robot: without words, or said to somebody else.
    asides: u32,
    message_taken: bool,
    /// Who was sought last.
    sought: Option<String>,
    /// Who is tried next if nobody takes the call.
    seeking: VecDeque<String>,
    /// Whether the caller was asked not to insult.
    warned: bool,
    /// So many things were looked up.
    looked_up: u64,
    /// How often the caller was asked how well the call helped.
    asked_satisfaction: AskedSatisfaction,
    /// What becomes the call's report.
    account: Account,
    /// What of the scenario it has come through.
    passed: Passed,
    last_said: String,
    /// What the caller said last: its vector finds what its words alone would not.
    heard: Said,
    /// Where it was before that, if what was done since can be taken back.
    before: Option<Box<Before>>,
    /// The last key completed what was asked: a `#` behind it only says so once more.
    key_completed: bool,
}

impl Dialog {
    /// A dialog at its beginning, in this call.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, call: Circumstances) -> Self {
        let languages = std::iter::once(&scenario).chain(scenario.others()).map(Arc::clone).collect();
        Self {
            scenario,
            languages,
            call,
            state: State::Fresh,
            draft: Form::default(),
            run: None,
            failures: 0,
            silences: 0,
            asides: 0,
            message_taken: false,
            sought: None,
            seeking: VecDeque::new(),
            warned: false,
            looked_up: 0,
            asked_satisfaction: AskedSatisfaction::Never,
            account: Account::default(),
            passed: Passed::default(),
            last_said: String::new(),
            heard: Said::default(),
            before: None,
            key_completed: false,
        }
    }

    /// What is said for a line that needs no values, in the language that is spoken.
    #[must_use]
    pub fn line(&self, line: Line) -> String {
        self.scenario.line(line)
    }

    /// What of the scenario this call has come through.
    #[must_use]
    pub fn passed(&self) -> &Passed {
        &self.passed
    }

    /// The steps of a ladder, in the language that is spoken.
    #[must_use]
    pub fn ladder(&self, ladder: Ladder) -> Vec<String> {
        self.scenario.wording.ladder(ladder)
    }

    /// What to do about `input`, which cannot be taken back.
    fn step(&mut self, input: Input) -> Step {
        if !matches!(input, Input::Silence) {
            self.silences = 0;
        }
        let aside = matches!(&input, Input::Heard(said) | Input::WentOn(said) if self.is_said_aside(&said.text));
        if !aside && !matches!(input, Input::Unclear | Input::Silence) {
            self.asides = 0;
        }
        if self.is_thinking() && !matches!(input, Input::Heard(_) | Input::Classified(_) | Input::Quoted(_)) {
            // It is too late for what the model says.
            self.state = self.before_thinking();
        }
        // What is looked up for what was pressed may be found before the caller presses `#`.
        let completed = !matches!(input, Input::Found(..)) && std::mem::take(&mut self.key_completed);
        let step = match (input, &self.state) {
            (Input::Key(key), _) if completed && key.char() == '#' => self.completed_already(),
            (input, &State::LookingUp(number)) => self.while_looking_up(number, input),
            (Input::Heard(_) | Input::WentOn(_), _) if aside => self.wait_for_caller(),
            (Input::Heard(said) | Input::WentOn(said), _) if self.is_asked_back(&said.text) => self.intent(Intent::Repeat, &said.text),
            (Input::Key(key), &State::Message(slot @ (Slot::Text | Slot::Number))) => self.keyed(slot, key),
            (Input::Unclear | Input::Unsure, State::Message(_)) if self.draft.is_keying() => keying::more_keys("unclear"),
            (Input::Silence, &State::Message(slot)) if self.draft.is_keying() => self.keys_end(slot, None),
            (Input::Key(key), &State::Flow(asked)) => self.keyed_in_flow(asked, key).unwrap_or_else(|| self.any_time(Input::Key(key))),
            (Input::Unclear | Input::Unsure, State::Flow(_)) if self.is_keying_in_flow() => keying::more_keys("unclear"),
            (Input::Silence, &State::Flow(asked)) if self.is_keying_in_flow() => self.keys_end_in_flow(asked),
            (Input::Key(key), State::Rating) => self.rated_by_key(key).unwrap_or_else(|| self.any_time(Input::Key(key))),
            (Input::Unsure, State::Rating) => self.unsure_mark(),
            (Input::Silence | Input::Unclear, State::Rating) => self.take_leave("no-rating"),
            (input, _) => self.any_time(input),
        };
        let said = step.said();
        if !said.is_empty() {
            self.last_said = said;
        }
        step
    }

    fn any_time(&mut self, input: Input) -> Step {
        match input {
            Input::Disclosed => self.opened(),
            Input::PersonWanted => self.person("person"),
            Input::Heard(said) | Input::WentOn(said) => {
                let text = said.text.clone();
                self.heard = said;
                self.heard(text)
            }
            Input::Unclear => self.without_words(),
            Input::Unsure => self.not_understood("unsure"),
            Input::Key(key) => match self.scenario.key(key) {
                Some(intent) => {
                    self.passed.key(key, intent);
                    self.intent(intent, "")
                }
                None => self.not_understood("key"),
            },
            Input::Silence => self.silence(),
            Input::Classified(choice) => self.classified(choice),
            Input::Quoted(quoted) => self.quoted(&quoted),
            Input::NobodyThere => self.nobody_there(),
            Input::Found(..) => Step::new("late", vec![]),
        }
    }

    fn greet(&mut self, understood: &str) -> Step {
        self.state = State::Open;
        Step::new(understood, vec![Action::Say(self.greeting()), Action::Listen(Patience::SHORT)])
    }

    fn heard(&mut self, said: String) -> Step {
        if self.scenario.says_annoyed(&words(&said)) {
            self.account.tag(Tag::Frustrated);
        }
        match &self.state {
            State::Message(slot) => self.dictated(*slot, &said),
            &State::Flow(asked) => self.answered(asked, &said),
            State::Rating => self.rated(&said),
            State::Over => Step::new("afterwards", vec![]),
            State::HandingOver => self.heard_while_waiting(&said),
            State::LookingUp(_) => Step::new("while-transferring", vec![]),
            State::PersonOffered => self.offered_person(said),
            State::AnythingElse => match (self.understood(&said), self.short_answer(&said)) {
                (Understood::Sure(meaning), _) => self.meant(meaning, &said),
                (_, Some(true)) => self.greet("yes"),
                (_, Some(false)) => self.goodbye("no"),
                (unsure, None) => self.wanted(unsure, said),
            },
            // The robot has not answered yet: it is one sentence, split by a pause.
            &State::Quoting(ref begun, slot) => {
                let said = format!("{begun} {said}");
                self.state = self.before_thinking();
                self.answered(Asked::Slot(slot), &said)
            }
            State::Choosing(begun, _, asked) => {
                let (said, asked) = (format!("{begun} {said}"), *asked);
                if let Some(asked) = asked {
                    return self.answered(asked, &said);
                }
                let understood = self.understood(&said);
                self.wanted(understood, said)
            }
            State::Fresh | State::Open => {
                let understood = self.understood(&said);
                self.wanted(understood, said)
            }
        }
    }

    fn language(&self) -> Language {
        self.scenario.language.language()
    }

    fn understood(&self, said: &str) -> Understood {
        // A sentence that was put together of two has no vector of its own.
        let vector = self.heard.vector.as_deref().filter(|_| self.heard.text == said);
        self.scenario.understanding.understand(&self.scenario, said, vector)
    }

    /// A yes or a no, if that is all that was said.
    fn short_answer(&self, said: &str) -> Option<bool> {
        (spoken_length(&words(said)) <= LONGEST_YES).then(|| yes_or_no(&self.scenario, said)).flatten()
    }

    fn patience(&self) -> Patience {
        match self.state {
            State::Message(slot) => slot.patience(),
            State::Flow(asked) => self.patience_for(asked),
            State::Fresh
            | State::Open
            | State::AnythingElse
            | State::Choosing(..)
            | State::Quoting(..)
            | State::PersonOffered
            | State::LookingUp(_)
            | State::Rating
            | State::HandingOver
            | State::Over => Patience::SHORT,
        }
    }
}
