//! The dialog itself: a state, an input, a step.

use std::sync::Arc;

use super::action::{Action, Input, Outcome, Patience, Question, Step};
use super::message::{Form, Slot};
use super::scenario::{Intent, Scenario};
use super::understanding::{Meaning, Understanding, Understood, yes_or_no};
use super::words::words;

/// What people say while they listen: it is no turn.
const BACKCHANNELS: [&[&str]; 8] = [&["uh", "huh"], &["uhhuh"], &["mm", "hmm"], &["mhm"], &["mm"], &["hmm"], &["嗯"], &["對"]];

/// Where a dialog is.
#[derive(Debug)]
enum State {
    /// Before the greeting.
    Fresh,
    /// The caller may want anything.
    Open,
    /// The language model chooses between these.
    Choosing(String, Vec<Meaning>),
    /// A message is being taken.
    Message(Form, Slot),
    /// A person is being sought.
    HandingOver,
    /// Last words were said.
    Over,
}

/// One call's dialog.
pub struct Dialog {
    scenario: Arc<Scenario>,
    understanding: Understanding,
    state: State,
    /// Failures to understand in a row.
    failures: u32,
    /// Silences in a row.
    silences: usize,
    message_taken: bool,
    last_said: String,
}

impl Dialog {
    /// A dialog at its beginning.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>) -> Self {
        let understanding = Understanding::of(&scenario);
        Self { scenario, understanding, state: State::Fresh, failures: 0, silences: 0, message_taken: false, last_said: String::new() }
    }

    /// Whether these words, spoken over the robot, only mean "go on".
    #[must_use]
    pub fn is_backchannel(said: &str) -> bool {
        let spoken = words(said);
        BACKCHANNELS.iter().any(|sign| spoken.iter().map(String::as_str).eq(sign.iter().copied()))
    }

    /// What to do about `input`.
    pub fn on(&mut self, input: Input) -> Step {
        if !matches!(input, Input::Silence) {
            self.silences = 0;
        }
        let step = match input {
            Input::Disclosed => self.greet(),
            Input::PersonWanted => self.person("person"),
            Input::Heard(said) => self.heard(said),
            Input::Unclear => self.not_understood("unclear"),
            Input::Key(key) => match self.scenario.key(key) {
                Some(intent) => self.intent(intent, ""),
                None => self.not_understood("key"),
            },
            Input::Silence => self.silence(),
            Input::Classified(choice) => self.classified(choice),
            Input::NobodyThere => self.nobody_there(),
        };
        let said = step.said();
        if !said.is_empty() {
            self.last_said = said;
        }
        step
    }

    fn greet(&mut self) -> Step {
        self.state = State::Open;
        Step::new("greeting", vec![Action::Say(self.scenario.lines.greeting.clone()), Action::Listen(Patience::SHORT)])
    }

    fn heard(&mut self, said: String) -> Step {
        match std::mem::replace(&mut self.state, State::Open) {
            State::Message(form, slot) => self.message_turn(form, slot, &said),
            State::Over => {
                self.state = State::Over;
                Step::new("afterwards", vec![])
            }
            State::HandingOver => {
                self.state = State::HandingOver;
                Step::new("while-transferring", vec![])
            }
            State::Fresh | State::Open | State::Choosing(..) => match self.understanding.understand(&self.scenario, &said) {
                Understood::Sure(meaning) => self.meant(meaning, &said),
                Understood::Perhaps(meanings) => self.ask_the_model(said, meanings),
                Understood::Nothing => self.not_understood("nothing"),
            },
        }
    }

    /// Rules that hold everywhere are looked for before the answer to what was asked.
    fn message_turn(&mut self, mut form: Form, slot: Slot, said: &str) -> Step {
        let everywhere = match self.understanding.understand(&self.scenario, said) {
            Understood::Sure(Meaning::Intent(intent @ (Intent::Person | Intent::Emergency | Intent::Repeat))) => Some(intent),
            _ => None,
        };
        // In dictation "person" may well be part of the message: there, only what is short is an order.
        if let Some(intent) = everywhere.filter(|intent| *intent == Intent::Emergency || slot != Slot::Text || words(said).len() <= 8) {
            self.state = State::Message(form, slot);
            return self.intent(intent, said);
        }
        if slot != Slot::Confirmation {
            form.fill(slot, said);
            self.failures = 0;
            return self.ask_next(form, slot_name(slot));
        }
        match yes_or_no(&self.scenario, said) {
            Some(true) => self.keep(&form, true),
            Some(false) => {
                form.correct(said);
                self.failures += 1;
                if self.failures > self.scenario.attempts {
                    return self.keep_then_person(&form);
                }
                let next = form.missing();
                let again = Action::Say(self.scenario.lines.again.clone());
                let question = form.question(next, &self.scenario);
                self.state = State::Message(form, next);
                Step::new("no", vec![again, Action::Say(question), Action::Listen(patience(next))])
            }
            None => {
                self.failures += 1;
                if self.failures > self.scenario.attempts {
                    return self.keep_then_person(&form);
                }
                self.state = State::Message(form, slot);
                Step::new("neither-yes-nor-no", vec![Action::Say(self.scenario.lines.ask_yes_no.clone()), Action::Listen(Patience::SHORT)])
            }
        }
    }

    fn ask_next(&mut self, form: Form, understood: &str) -> Step {
        let next = form.missing();
        let question = form.question(next, &self.scenario);
        self.state = State::Message(form, next);
        Step::new(understood, vec![Action::Say(question), Action::Listen(patience(next))])
    }

    fn keep(&mut self, form: &Form, confirmed: bool) -> Step {
        self.state = State::Open;
        self.failures = 0;
        self.message_taken = true;
        let keep = form.note(confirmed).map(Action::Keep);
        let rest = [Action::Say(self.scenario.lines.message_kept.clone()), Action::Listen(Patience::SHORT)];
        Step::new("yes", keep.into_iter().chain(rest).collect())
    }

    /// Nothing that a caller said is lost: what could not be confirmed is kept as such before a person is sought.
    fn keep_then_person(&mut self, form: &Form) -> Step {
        self.message_taken = true;
        let mut step = self.person("not-confirmed");
        if let Some(note) = form.note(false) {
            step.actions.insert(0, Action::Keep(note));
        }
        step
    }

    fn ask_the_model(&mut self, said: String, meanings: Vec<Meaning>) -> Step {
        let mut choices: Vec<String> = meanings.iter().map(|&meaning| self.describe(meaning)).collect();
        choices.push("something else".to_owned());
        self.state = State::Choosing(said.clone(), meanings);
        Step::new("perhaps", vec![Action::Classify(Question { said, choices })])
    }

    fn describe(&self, meaning: Meaning) -> String {
        match meaning {
            Meaning::Intent(intent) => {
                self.scenario.intents.get(&intent).map_or_else(|| intent.as_str().to_owned(), |signs| signs.means.clone())
            }
            Meaning::Passage(place) => self.scenario.knowledge.get(place).map_or_else(String::new, |passage| passage.title.to_lowercase()),
        }
    }

    fn classified(&mut self, choice: Option<usize>) -> Step {
        let State::Choosing(said, meanings) = std::mem::replace(&mut self.state, State::Open) else {
            return Step::new("late", vec![]);
        };
        match choice.and_then(|choice| meanings.get(choice).copied()) {
            Some(meaning) => self.meant(meaning, &said),
            None => self.not_understood("nothing"),
        }
    }

    fn meant(&mut self, meaning: Meaning, said: &str) -> Step {
        match meaning {
            Meaning::Intent(intent) => self.intent(intent, said),
            Meaning::Passage(place) => self.answer(place),
        }
    }

    fn answer(&mut self, place: usize) -> Step {
        let Some(passage) = self.scenario.knowledge.get(place) else {
            return self.not_understood("nothing");
        };
        self.failures = 0;
        self.state = State::Open;
        let actions =
            vec![Action::Say(passage.answer.clone()), Action::Say(self.scenario.lines.more.clone()), Action::Listen(Patience::SHORT)];
        Step { understood: passage.title.to_lowercase(), source: Some(passage.source.clone()), actions }
    }

    fn intent(&mut self, intent: Intent, said: &str) -> Step {
        if matches!(self.state, State::HandingOver | State::Over) {
            return Step::new(intent.as_str(), vec![]);
        }
        let lines = &self.scenario.lines;
        match intent {
            Intent::Person => self.person(intent.as_str()),
            Intent::Emergency => {
                let say = Action::Say(lines.emergency.clone());
                self.state = State::HandingOver;
                Step::new(intent.as_str(), vec![say, Action::Transfer(self.scenario.person.clone())])
            }
            Intent::Message => self.begin_message(Form::begun_by(said), intent.as_str()),
            Intent::Complaint => self.begin_message(Form::addressed_to("complaints"), intent.as_str()),
            Intent::Repeat => Step::new(intent.as_str(), vec![Action::Say(self.last_said.clone()), Action::Listen(self.patience())]),
            Intent::Robot => {
                let say = Action::Say(lines.robot.clone());
                Step::new(intent.as_str(), vec![say, Action::Listen(self.patience())])
            }
            // Outside a question, "no" answers "anything else?", and "yes" wants to hear what it may be.
            Intent::Goodbye | Intent::No => self.goodbye(intent.as_str()),
            Intent::Yes => self.greet(),
        }
    }

    fn begin_message(&mut self, form: Form, understood: &str) -> Step {
        self.failures = 0;
        self.ask_next(form, understood)
    }

    fn goodbye(&mut self, understood: &str) -> Step {
        self.state = State::Over;
        let outcome = if self.message_taken { Outcome::MessageTaken } else { Outcome::Goodbye };
        Step::new(understood, vec![Action::Say(self.scenario.lines.goodbye.clone()), Action::HangUp(outcome)])
    }

    fn person(&mut self, understood: &str) -> Step {
        self.state = State::HandingOver;
        let say = Action::Say(self.scenario.lines.transfer.clone());
        Step::new(understood, vec![say, Action::Transfer(self.scenario.person.clone())])
    }

    fn nobody_there(&mut self) -> Step {
        let form = Form::addressed_to("the office");
        let slot = form.missing();
        let question = form.question(slot, &self.scenario);
        self.state = State::Message(form, slot);
        let say = Action::Say(self.scenario.lines.nobody_there.clone());
        Step::new("nobody-there", vec![say, Action::Say(question), Action::Listen(patience(slot))])
    }

    fn not_understood(&mut self, understood: &str) -> Step {
        if matches!(self.state, State::Over | State::HandingOver) {
            return Step::new(understood, vec![]);
        }
        self.failures += 1;
        if self.failures >= self.scenario.attempts.max(2) {
            return self.person("not-understood");
        }
        let lines = &self.scenario.lines.not_understood;
        let again = lines.get(self.failures as usize - 1).or(lines.last()).cloned().unwrap_or_default();
        Step::new(understood, vec![Action::Say(again), Action::Listen(self.patience())])
    }

    fn silence(&mut self) -> Step {
        if matches!(self.state, State::Over | State::HandingOver) {
            return Step::new("silence", vec![]);
        }
        let Some(line) = self.scenario.lines.silence.get(self.silences).cloned() else {
            self.state = State::Over;
            return Step::new("silence", vec![Action::Say(self.scenario.lines.goodbye.clone()), Action::HangUp(Outcome::Silence)]);
        };
        self.silences += 1;
        Step::new("silence", vec![Action::Say(line), Action::Listen(self.patience())])
    }

    fn patience(&self) -> Patience {
        match self.state {
            State::Message(_, slot) => patience(slot),
            State::Fresh | State::Open | State::Choosing(..) | State::HandingOver | State::Over => Patience::SHORT,
        }
    }
}

fn patience(slot: Slot) -> Patience {
    match slot {
        Slot::Text | Slot::Number => Patience::DICTATION,
        Slot::Recipient | Slot::Confirmation => Patience::SHORT,
    }
}

fn slot_name(slot: Slot) -> &'static str {
    match slot {
        Slot::Recipient => "recipient",
        Slot::Text => "message-text",
        Slot::Number => "number",
        Slot::Confirmation => "confirmation",
    }
}
