//! The call actor: owns one call from ring to release.
//!
//! It lives through phases, each in its file: the call is answered, by us or by whom we called, and the caller told ([`opening`]), then the two talk, which is a loop
//! here: what happens becomes an [`Input`](crate::dialog::Input) of the dialog ([`turns`]; whose words are waited for is the [`floor`]'s matter), the dialog's
//! step is carried out ([`steps`]), and last words are followed by what they announced ([`closing`]). A person is sought in [`handing_over`]. Jobs for the engine run beside it
//! and come back as [`Done`]; nothing waits for a model.

mod bridge;
mod closing;
mod consultation;
mod done;
mod exchange;
mod figures;
mod floor;
mod foresight;
mod handing_over;
mod hearing;
mod looking;
mod opening;
mod prepared;
mod scribe;
mod steps;
#[cfg(test)]
mod tests;
mod thinking;
mod turns;
mod voice;
mod waiting;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant as Deadline, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{CallHandle, CallId, Command, Direction, Event, House, Outcome, Place, Snapshot, State};
use crate::dialog::report::HandOverEnd;
use crate::dialog::{Circumstances, Dialog, Patience};
use crate::lines::{Key, Leg, LegCommand, LegEvent, Party, TransferStage};
use crate::records::CallRecord;
use crate::speech::Engine;
use closing::After;
pub(crate) use closing::LONGEST_END;
use done::Done;
use exchange::Exchange;
use figures::Figures;
use foresight::Foresight;
use handing_over::{Seeking, answer_of};
use hearing::Hearing;
use scribe::{Entry, Scribe};
use thinking::Thought;
use voice::Voice;
use waiting::Waiting;

/// Requests and finished jobs that may wait for one call.
const QUEUE: usize = 64;

/// One call.
pub(super) struct Actor {
    house: Arc<House>,
    id: CallId,
    _place: Place,
    leg: Leg,
    snapshot: watch::Sender<Snapshot>,
    requests: mpsc::Receiver<Command>,
    closed: CancellationToken,
    dialog: Dialog,
    /// The models of the language that is spoken.
    engine: Engine,
    voice: Voice,
    hearing: Option<Hearing>,
    done: mpsc::Receiver<Done>,
    tell_done: mpsc::Sender<Done>,
    /// What the language model is asked at the moment.
    thought: Option<Thought>,
    /// What would come of the pause that the caller makes.
    foresight: Option<Foresight>,
    /// So many questions were put to it.
    thoughts: u64,
    /// Whether the dialog waits for the language model.
    thinking: bool,
    exchange: Exchange,
    /// Keys that wait for the words before them.
    pressed: VecDeque<Key>,
    after: Option<After>,
    /// Who is sought for the caller.
    seeking: Option<Seeking>,
    /// The colleague to whom the network passes the call.
    joining: Option<Leg>,
    /// When the call ends though its last words were not heard: the caller holds the line, or the line does not let go.
    leave_by: Option<(Deadline, Outcome)>,
    patience: Option<Patience>,
    /// When the caller's silence becomes an input.
    reply_by: Option<Deadline>,
    /// How long the caller has waited for an answer.
    waiting: Waiting,
    figures: Figures,
    scribe: Scribe,
    answered: Option<Instant>,
}

impl Actor {
    /// Enter a new call into the registry and the record.
    pub(super) fn enter(house: Arc<House>, leg: Leg, direction: Direction, closed: CancellationToken) -> Self {
        let id = leg.id;
        let party = match direction {
            Direction::Taken => leg.caller.clone(),
            Direction::Placed(_) => Party { number: leg.called.clone(), name: None },
        };
        let scenario = &house.scenario;
        let started = Timestamp::now();
        let (snapshot, watching) = watch::channel(Snapshot {
            id,
            line: leg.line.clone(),
            direction,
            caller: party.clone(),
            started,
            state: State::Ringing,
            generation: house.generation,
            scenario: scenario.name.clone(),
            disclosed: false,
            turns: 0,
        });
        let (commands, requests) = mpsc::channel(QUEUE);
        let place = house.registry.enter(CallHandle { id, snapshot: watching, commands, tap: leg.mouth.tap().clone() });

        let scribe = Scribe::new(house.records.clone(), id);
        scribe.note(Entry::Began(CallRecord {
            id,
            line: leg.line.to_string(),
            number: party.number.clone(),
            name: party.name,
            permit: direction.ground(),
            scenario: scenario.name.clone(),
            scenario_version: scenario.version.clone(),
            generation: Some(house.generation),
            started,
        }));
        let (tell_done, done) = mpsc::channel(QUEUE);
        let voice = Voice::new(leg.mouth.clone(), house.engine.clone(), house.prompts.clone(), tell_done.clone());
        let call = Circumstances::at(started.to_zoned(house.time_zone.clone())).one_of(house.registry.len());
        let dialog = Dialog::new(Arc::clone(scenario), call.with_number(party.number));
        let engine = house.engine.clone();
        Self {
            house,
            id,
            _place: place,
            leg,
            snapshot,
            requests,
            closed,
            dialog,
            engine,
            voice,
            hearing: None,
            done,
            tell_done,
            thought: None,
            foresight: None,
            thoughts: 0,
            thinking: false,
            exchange: Exchange::default(),
            pressed: VecDeque::new(),
            after: None,
            seeking: None,
            joining: None,
            leave_by: None,
            patience: None,
            reply_by: None,
            waiting: Waiting::default(),
            figures: Figures::default(),
            scribe,
            answered: None,
        }
    }

    /// Live the call, and tell of its end.
    pub(super) async fn run(mut self) {
        let (id, line, direction) = (self.id.simple(), self.leg.line.as_str(), self.snapshot.borrow().direction);
        log::info!(event = "call-began", call_id = id.as_str(), line = line, direction = direction.as_str(), generation = self.house.generation.get(); "a call rings");
        let answered = match direction {
            Direction::Taken => self.answer().await,
            Direction::Placed(_) => self.is_answered().await,
        };
        let outcome = match answered {
            Ok(()) => self.converse().await,
            Err(outcome) => outcome,
        };
        self.finish(outcome).await;
    }

    /// Talk until one of the two ends it; returns how.
    async fn converse(&mut self) -> Outcome {
        if let Some(outcome) = self.tell_and_begin().await {
            return outcome;
        }
        let longest = Deadline::now() + self.house.longest;
        let mut closing = false;
        loop {
            let (reply_by, leave_by, waited) = (self.reply_by, self.leave_by, self.waiting.due());
            let over = tokio::select! {
                biased;
                event = self.leg.events.recv() => self.on_line(event).await,
                Some(frame) = self.leg.hears.recv() => self.on_frame(&frame).await,
                answer = answer_of(&mut self.seeking) => self.on_answer(answer).await,
                Some(done) = self.done.recv() => { self.on_done(done); None }
                Some(request) = self.requests.recv() => { self.on_request(request); None }
                Some(outcome) = reached(leave_by) => Some(outcome),
                () = sleep_until(reply_by.unwrap_or(longest)), if reply_by.is_some() => { self.on_silence(); None }
                () = sleep_until(waited.unwrap_or(longest)), if waited.is_some() => { self.on_waiting(); None }
                () = sleep_until(longest), if !closing => { closing = true; self.say_goodbye(Outcome::TooLong); None }
                () = self.closed.cancelled(), if !closing => { closing = true; self.say_goodbye(Outcome::Shutdown); None }
            };
            if let Some(outcome) = over {
                return outcome;
            }
        }
    }

    async fn on_line(&mut self, event: Option<LegEvent>) -> Option<Outcome> {
        match event {
            None => Some(Outcome::Fault),
            Some(LegEvent::Ended(cause)) => Some(Outcome::from(&cause)),
            Some(LegEvent::Key(key)) => {
                self.on_key(key);
                None
            }
            Some(LegEvent::Transfer(TransferStage::Failed(why))) => {
                log::warn!(event = "transfer-failed", call_id = self.id.simple().as_str(); "the call was not passed on: {why}");
                // A colleague may wait for it all the same.
                if let Some(colleague) = self.joining.take() {
                    return self.bridge(colleague).await;
                }
                self.sought(HandOverEnd::Unanswered);
                self.nobody_there().await
            }
            Some(
                LegEvent::Transfer(TransferStage::Trying | TransferStage::Ringing | TransferStage::Completed)
                | LegEvent::Answered
                | LegEvent::Ringing
                | LegEvent::Replaceable(_),
            ) => None,
        }
    }

    fn on_request(&mut self, request: Command) {
        match request {
            Command::Hangup => self.say_goodbye(Outcome::HungUpByAdmin),
            // Who is just leaving, or with a person already, is not passed on.
            Command::Transfer(_) if self.takes_leave() || self.state() == State::Transferring || self.seeking.is_some() => {}
            Command::Transfer(person) => {
                self.go_to(State::Speaking);
                self.pass_to(person);
            }
        }
    }

    /// The admin wants this person to have the call.
    fn pass_to(&mut self, person: String) {
        self.voice.stop();
        self.voice.say(self.house.transfer_line(&person));
        self.figures.person_wanted = true;
        self.dialog.is_handed_to(&person);
        self.hand_to(person);
    }

    /// Whether what the caller does is of interest: not after the robot's last words, and not while the line passes the call on.
    fn listens(&self) -> bool {
        let passed_on = self.state() == State::Transferring && !self.is_consulting();
        self.after.is_none() && self.leave_by.is_none() && !passed_on
    }

    /// Whether the robot has begun to take its leave: nothing changes that.
    fn takes_leave(&self) -> bool {
        self.leave_by.is_some()
    }

    fn command(&self, command: LegCommand) -> impl Future<Output = ()> + use<> {
        let commands = self.leg.commands.clone();
        async move {
            // A leg that is gone has told, or will tell, that it ended.
            let _ = commands.send(command).await;
        }
    }

    fn state(&self) -> State {
        self.snapshot.borrow().state
    }

    fn go_to(&self, state: State) {
        let changed = self.snapshot.send_if_modified(|snapshot| std::mem::replace(&mut snapshot.state, state) != state);
        if changed {
            self.house.registry.tell(Event::Changed(self.id, state));
        }
    }
}

/// The outcome, once its deadline is reached; never if there is none.
async fn reached(leave_by: Option<(Deadline, Outcome)>) -> Option<Outcome> {
    let (deadline, outcome) = leave_by?;
    sleep_until(deadline).await;
    Some(outcome)
}
