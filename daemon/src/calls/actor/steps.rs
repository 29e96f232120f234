//! Carrying out what the dialog decides, and telling of it once it sounds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use switchhook_models::Locale;
use tokio::time::Instant as Deadline;

use super::Actor;
use super::hearing::Hearing;
use super::scribe::Entry;
use crate::calls::house::Tongue;
use crate::calls::{Event, State, Turn};
use crate::dialog::report::HandOverEnd;
use crate::dialog::{Action, Input, Note, Step};
use crate::records::{Message, TurnRecord};
use crate::speech::Pace;

impl Actor {
    /// Tell the dialog what happened, and do what it says.
    pub(super) fn decide(&mut self, input: Input) {
        let step = self.dialog.on(input);
        self.carry_out(step);
    }

    pub(super) fn carry_out(&mut self, step: Step) {
        self.reply_by = None;
        self.think_no_more();
        self.exchange.decided(&step);
        self.voice.await_first_sound();
        // A flow that waits for what is looked up is not through with what was said.
        self.thinking = self.dialog.is_looking_up();
        if self.hearing.as_ref().is_some_and(Hearing::in_turn) {
            // Nobody is spoken over: what is said now waits until the caller has finished.
            self.voice.hold();
        }
        for action in step.actions {
            match action {
                Action::Say(text) => {
                    if self.state() != State::Disclosing || self.hearing.is_some() {
                        self.go_to(State::Speaking);
                    }
                    self.voice.say(text);
                }
                Action::Listen(patience) => {
                    self.patience = Some(patience);
                    if let Some(hearing) = &mut self.hearing {
                        hearing.expect(self.dialog.expects(), patience);
                    }
                }
                Action::MoreKeys(patience) => self.wait_for_keys(patience),
                question @ (Action::Classify(_) | Action::Quote(_)) => self.ask_the_model(question),
                Action::LookUp(query) => self.look_up(query),
                Action::Keep(note) => self.keep(note),
                Action::Slower => self.voice.set_pace(Pace::Slow),
                Action::Language(locale) => self.go_on_in(locale),
                Action::Reached { flow, result, .. } => {
                    log::info!(event = "flow-over", call_id = self.id.simple().as_str(), flow = flow.as_str(), result = result.as_str(); "a flow is over");
                }
                Action::Transfer(person) => self.hand_to(person),
                Action::CallOff => self.sought(HandOverEnd::CalledOff),
                Action::HangUp(farewell) => self.leave_after_words(farewell.into()),
            }
        }
        if self.thought.is_none() {
            self.foresee_no_more();
        }
        if !self.thinking {
            self.tell_if_sounding();
        }
    }

    /// Listen and speak in another language from here on.
    fn go_on_in(&mut self, locale: Locale) {
        let Some(Tongue { engine, prompts, .. }) = self.house.tongue(locale) else {
            log::error!(event = "language", call_id = self.id.simple().as_str(); "nothing here speaks {locale}, which the scenario offers");
            return;
        };
        self.engine = engine.clone();
        self.voice.speak_with(engine.clone(), prompts.clone());
        if let Some(hearing) = &mut self.hearing {
            hearing.listen_with(engine.clone());
        }
    }

    /// The caller has the word, and presses keys: only their silence is waited for.
    pub(super) fn wait_for_keys(&mut self, patience: Duration) {
        self.go_to(State::Listening);
        self.reply_by = Some(Deadline::now() + patience);
    }

    /// Write a message down.
    pub(super) fn keep(&mut self, note: Note) {
        self.figures.message_taken = true;
        let from = self.leg.caller.number.clone().unwrap_or_else(|| "withheld".into());
        let Note { about, recipient, text, callback, confirmed, promised } = note;
        self.scribe.note(Entry::Message(Message {
            recipient,
            from,
            callback,
            text,
            confirmed,
            at: Timestamp::now(),
            about: about.as_str().to_owned(),
            promised: promised.map(|when| when.timestamp()),
        }));
    }

    /// The caller's turn is over and its words are there.
    pub(super) fn begin_by_voice(&mut self, heard: Option<String>, confidence: f32, endpoint: Duration, ended: Instant) {
        self.break_off();
        self.exchange.begin_by_voice(heard, confidence, endpoint, ended);
    }

    /// The caller pressed a key or said nothing, or the line has news.
    pub(super) fn begin_by_key(&mut self) {
        self.break_off();
        self.begin_to_wait(Duration::ZERO);
        self.exchange.begin_by_key();
    }

    fn break_off(&mut self) {
        if let Some((turn, record)) = self.exchange.break_off() {
            self.tell(turn, record);
        }
    }

    /// Once the answer sounds, the exchange is complete: tell everybody.
    pub(super) fn tell_if_sounding(&mut self) {
        if let Some((turn, record)) = self.exchange.complete(self.voice.first_sound()) {
            self.tell(turn, record);
        }
    }

    fn tell(&mut self, turn: Turn, record: TurnRecord) {
        self.figures.count(&turn);
        self.scribe.note(Entry::Turn(record));
        self.snapshot.send_modify(|snapshot| snapshot.turns = self.figures.turns);
        self.house.registry.tell(Event::Turn(self.id, Arc::new(turn)));
    }
}
