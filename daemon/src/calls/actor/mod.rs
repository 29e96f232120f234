//! The call actor: owns one call from ring to release.
//!
//! It lives through three phases, each a function: [`Actor::answer`], [`Actor::disclose`], and [`Actor::converse`]. In the last, whatever
//! happens becomes an [`Input`] of the dialog, and the dialog's [`Step`] is carried out. Jobs for the engine run beside it and come
//! back as [`Done`]; nothing here waits for a model.

mod done;
mod exchange;
mod figures;
mod hearing;
mod scribe;
mod voice;

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use switchhook_models::Cancel;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant as Deadline, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::{CallHandle, CallId, Command, Event, House, Snapshot, State, Summary};
use crate::dialog::{Action, Dialog, Input, Note, Patience, Question, Step};
use crate::lines::{EndCause, Leg, LegCommand, LegEvent, TransferStage};
use crate::policy::Disclosed;
use crate::records::{CallRecord, DisclosureRecord, Message};
use crate::speech::Ears;
use done::Done;
use exchange::Exchange;
use figures::Figures;
use hearing::{Heard, Hearing, Noticed};
use scribe::{Entry, Scribe};
use voice::Voice;

/// Requests and finished jobs that may wait for one call.
const QUEUE: usize = 64;
/// The line has this long to answer, and later to release, a call.
const LINE_PATIENCE: Duration = Duration::from_secs(10);
/// The language model has this long to choose.
const CHOICE_PATIENCE: Duration = Duration::from_millis(1500);
/// A choice less likely than this is none.
const LIKELY: f32 = 0.3;

/// What is done once everything that waits was said.
enum After {
    Transfer(String),
    HangUp(String),
}

/// How disclosing went.
enum Told {
    /// The caller was told.
    All(Disclosed),
    /// The caller pressed the key for a person before that.
    PersonWanted,
    /// The call is over.
    Over(String),
}

/// One call.
pub(super) struct Actor {
    house: Arc<House>,
    id: CallId,
    leg: Leg,
    snapshot: watch::Sender<Snapshot>,
    requests: mpsc::Receiver<Command>,
    closed: CancellationToken,
    dialog: Dialog,
    voice: Voice,
    hearing: Option<Hearing>,
    done: mpsc::Receiver<Done>,
    tell_done: mpsc::Sender<Done>,
    choice_job: u64,
    exchange: Exchange,
    after: Option<After>,
    patience: Option<Patience>,
    /// When the caller's silence becomes an input.
    reply_by: Option<Deadline>,
    figures: Figures,
    scribe: Scribe,
    answered: Option<Instant>,
}

impl Actor {
    /// Enter a new call into the registry and the record.
    pub(super) fn enter(house: Arc<House>, leg: Leg, closed: CancellationToken) -> Self {
        let id = CallId::new();
        let scenario = &house.scenario;
        let started = Timestamp::now();
        let (snapshot, watching) = watch::channel(Snapshot {
            id,
            line: leg.line.clone(),
            caller: leg.caller.clone(),
            started,
            state: State::Ringing,
            scenario: scenario.name.clone(),
            disclosed: false,
            turns: 0,
        });
        let (commands, requests) = mpsc::channel(QUEUE);
        house.registry.enter(CallHandle { id, snapshot: watching, commands });

        let scribe = Scribe::new(house.records.clone(), id);
        scribe.note(Entry::Began(CallRecord {
            id,
            line: leg.line.to_string(),
            number: leg.caller.number.clone(),
            name: leg.caller.name.clone(),
            scenario: scenario.name.clone(),
            scenario_version: scenario.version.clone(),
            started,
        }));
        let (tell_done, done) = mpsc::channel(QUEUE);
        let voice = Voice::new(leg.mouth.clone(), house.engine.clone(), house.prompts.clone(), tell_done.clone());
        let dialog = Dialog::new(Arc::clone(scenario));
        Self {
            house,
            id,
            leg,
            snapshot,
            requests,
            closed,
            dialog,
            voice,
            hearing: None,
            done,
            tell_done,
            choice_job: 0,
            exchange: Exchange::default(),
            after: None,
            patience: None,
            reply_by: None,
            figures: Figures::default(),
            scribe,
            answered: None,
        }
    }

    /// Live the call, and tell of its end.
    pub(super) async fn run(mut self) {
        log::info!(event = "call-began", call_id = self.id.simple().as_str(), line = self.leg.line.as_str(); "a call rings");
        let outcome = match self.answer().await {
            Ok(()) => self.converse().await,
            Err(outcome) => outcome,
        };
        self.finish(outcome).await;
    }

    async fn answer(&mut self) -> Result<(), String> {
        self.command(LegCommand::Answer).await;
        match timeout(LINE_PATIENCE, self.leg.events.recv()).await {
            Ok(Some(LegEvent::Answered)) => {
                self.answered = Some(Instant::now());
                Ok(())
            }
            Ok(Some(LegEvent::Ended(cause))) => Err(outcome_of(&cause)),
            Ok(_) | Err(_) => Err("fault".into()),
        }
    }

    /// Say that a robot speaks, and listen to nothing but keys until it was said.
    async fn disclose(&mut self) -> Told {
        self.go_to(State::Disclosing);
        let Some(playing) = self.house.disclosure.play(&self.leg.mouth) else {
            return Told::Over("fault".into());
        };
        loop {
            tokio::select! {
                disclosed = playing.finished() => return disclosed.map_or_else(|| Told::Over("fault".into()), Told::All),
                event = self.leg.events.recv() => match event {
                    Some(LegEvent::Key(key)) if self.house.scenario.key(key) == Some(crate::dialog::Intent::Person) => {
                        self.leg.mouth.clear();
                        return Told::PersonWanted;
                    }
                    Some(LegEvent::Ended(cause)) => return Told::Over(outcome_of(&cause)),
                    Some(_) => {}
                    None => return Told::Over("fault".into()),
                },
                // What is said before the caller was told is not listened to: it is not even kept.
                Some(_unheard) = self.leg.hears.recv() => {}
            }
        }
    }

    /// Open the ears: only whoever holds proof that the caller was told can do this.
    fn listen(&mut self, disclosed: &Disclosed) -> bool {
        let evidence = disclosed.evidence();
        self.scribe.note(Entry::Disclosed(DisclosureRecord {
            text: evidence.text.clone(),
            language: evidence.language.code().to_owned(),
            started: evidence.started,
            ended: evidence.ended,
        }));
        self.snapshot.send_modify(|snapshot| snapshot.disclosed = true);
        log::info!(event = "disclosed", call_id = self.id.simple().as_str(); "the caller was told that a robot speaks");
        let ears = match Ears::open(disclosed, self.house.engine.voice_activity()) {
            Ok(ears) => ears,
            Err(error) => {
                log::error!(event = "ears", call_id = self.id.simple().as_str(); "the caller cannot be listened to: {error}");
                return false;
            }
        };
        self.hearing = Some(Hearing::new(ears, self.house.engine.clone(), self.house.language, self.tell_done.clone()));
        true
    }

    async fn tell_and_begin(&mut self) -> Option<String> {
        match self.disclose().await {
            Told::All(disclosed) => {
                let listening = self.listen(&disclosed);
                let input = if listening { Input::Disclosed } else { Input::PersonWanted };
                let step = self.dialog.on(input);
                self.carry_out(step);
                None
            }
            Told::PersonWanted => {
                let step = self.dialog.on(Input::PersonWanted);
                self.carry_out(step);
                None
            }
            Told::Over(outcome) => Some(outcome),
        }
    }

    /// Talk until one of the two ends it; returns how.
    async fn converse(&mut self) -> String {
        if let Some(outcome) = self.tell_and_begin().await {
            return outcome;
        }
        let longest = Deadline::now() + self.house.longest;
        let mut told_to_close = false;
        loop {
            let reply_by = self.reply_by;
            let over = tokio::select! {
                biased;
                event = self.leg.events.recv() => self.on_line(event).await,
                Some(frame) = self.leg.hears.recv() => self.on_frame(&frame).await,
                Some(done) = self.done.recv() => self.on_done(done),
                Some(request) = self.requests.recv() => { self.on_request(request); None }
                () = sleep_until(reply_by.unwrap_or(longest)), if reply_by.is_some() => { self.on_silence(); None }
                () = sleep_until(longest) => { self.say_goodbye("too-long"); None }
                () = self.closed.cancelled(), if !told_to_close => { told_to_close = true; self.say_goodbye("shutdown"); None }
            };
            if let Some(outcome) = over {
                return outcome;
            }
        }
    }

    async fn on_line(&mut self, event: Option<LegEvent>) -> Option<String> {
        match event {
            None => Some("fault".into()),
            Some(LegEvent::Ended(cause)) => Some(outcome_of(&cause)),
            Some(LegEvent::Key(key)) => {
                if self.after.is_none() && self.state() != State::Transferring {
                    self.voice.stop();
                    if let Some(hearing) = &mut self.hearing {
                        hearing.forget();
                    }
                    self.exchange.begin_by_key();
                    self.decide(Input::Key(key));
                }
                None
            }
            Some(LegEvent::Transfer(TransferStage::Failed(why))) => {
                log::warn!(event = "transfer-failed", call_id = self.id.simple().as_str(); "nobody took the call: {why}");
                self.nobody_there().await
            }
            Some(LegEvent::Transfer(TransferStage::Trying | TransferStage::Ringing | TransferStage::Completed) | LegEvent::Answered) => {
                None
            }
        }
    }

    /// A message is taken next, and that needs ears: a caller who asked for a person before the disclosure was over hears it now.
    async fn nobody_there(&mut self) -> Option<String> {
        if self.hearing.is_none() {
            match self.disclose().await {
                Told::All(disclosed) if self.listen(&disclosed) => {}
                Told::Over(outcome) => return Some(outcome),
                Told::All(_) | Told::PersonWanted => {
                    self.say_goodbye("gave-up");
                    return None;
                }
            }
        }
        self.exchange.begin_by_key();
        self.decide(Input::NobodyThere);
        None
    }

    async fn on_frame(&mut self, frame: &crate::media::Frame) -> Option<String> {
        self.after_speech().await;
        let deaf = !self.leg.capabilities.full_duplex && !self.voice.is_silent();
        let hearing = self.hearing.as_mut().filter(|_| self.after.is_none())?;
        if deaf {
            hearing.forget();
            return None;
        }
        match hearing.push(frame) {
            Ok(None) => {}
            Ok(Some(Noticed::Onset)) => {
                self.reply_by = None;
                if !self.voice.is_silent() {
                    self.voice.hold();
                }
            }
            Ok(Some(Noticed::End)) => {
                self.go_to(State::Thinking);
                self.on_turn();
            }
            Err(error) => {
                log::error!(event = "ears", call_id = self.id.simple().as_str(); "the caller cannot be listened to any more: {error}");
                self.hearing = None;
                self.decide(Input::PersonWanted);
            }
        }
        None
    }

    /// What waits for the robot to have said everything.
    async fn after_speech(&mut self) {
        if !self.voice.is_silent() {
            return;
        }
        match self.after.take() {
            Some(After::HangUp(outcome)) => {
                self.exchange.hung_up_as(outcome);
                self.command(LegCommand::Hangup).await;
            }
            Some(After::Transfer(person)) => self.transfer(&person).await,
            None => {
                if self.state() == State::Speaking {
                    self.go_to(State::Listening);
                    self.reply_by = self.patience.map(|patience| Deadline::now() + patience.reply);
                }
            }
        }
    }

    async fn transfer(&mut self, person: &str) {
        match self.house.people.get(person) {
            Some(someone) if self.leg.capabilities.transfer => {
                self.go_to(State::Transferring);
                let address = someone.address.clone();
                self.command(LegCommand::Transfer(address)).await;
            }
            Some(_) | None => {
                log::warn!(event = "transfer-failed", call_id = self.id.simple().as_str(); "the call cannot be passed to `{person}` on this line");
                self.exchange.begin_by_key();
                self.decide(Input::NobodyThere);
            }
        }
    }

    fn on_done(&mut self, done: Done) -> Option<String> {
        match done {
            Done::Piece(job, Ok(sound)) => {
                self.voice.piece(job, sound.as_deref());
                self.tell_if_sounding();
            }
            Done::Piece(job, Err(error)) => {
                log::error!(event = "voice-fault", call_id = self.id.simple().as_str(); "a sentence could not be spoken: {error}");
                self.voice.piece(job, None);
            }
            Done::Words(job, words) => {
                if let Some(hearing) = &mut self.hearing {
                    hearing.words(job, words);
                }
                self.on_turn();
            }
            Done::Choice(job, choice) if job == self.choice_job => self.decide(Input::Classified(choice)),
            Done::Choice(..) => {}
        }
        None
    }

    /// A turn is over, if its words are there too.
    fn on_turn(&mut self) {
        let Some(Heard { transcript, endpoint, ended }) = self.hearing.as_mut().and_then(Hearing::turn) else { return };
        let transcript = match transcript {
            Ok(transcript) => transcript,
            Err(error) => {
                log::error!(event = "recogniser-fault", call_id = self.id.simple().as_str(); "a turn could not be recognised: {error}");
                self.voice.stop();
                self.exchange.begin_by_voice(None, 0.0, endpoint, ended);
                self.decide(Input::Unclear);
                return;
            }
        };
        let nothing = transcript.text.is_empty();
        if self.voice.is_held() && (nothing || Dialog::is_backchannel(&transcript.text)) {
            // It was a cough, or a sign to go on.
            self.voice.resume();
            self.go_to(State::Speaking);
            return;
        }
        if self.voice.is_held() {
            self.figures.barge_ins += 1;
        }
        self.voice.stop();
        self.exchange.begin_by_voice((!nothing).then(|| transcript.text.clone()), transcript.confidence, endpoint, ended);
        self.decide(if nothing { Input::Unclear } else { Input::Heard(transcript.text) });
    }

    fn on_silence(&mut self) {
        self.reply_by = None;
        if self.hearing.as_ref().is_some_and(Hearing::is_busy) || self.after.is_some() {
            return;
        }
        self.exchange.begin_by_key();
        self.decide(Input::Silence);
    }

    fn on_request(&mut self, request: Command) {
        match request {
            Command::Hangup => self.say_goodbye("hung-up-by-admin"),
            Command::Transfer(person) => {
                self.voice.stop();
                self.voice.say(self.house.scenario.lines.transfer.clone());
                self.figures.person_wanted = true;
                self.go_to(State::Speaking);
                self.after = Some(After::Transfer(person));
            }
        }
    }

    fn say_goodbye(&mut self, outcome: &str) {
        if matches!(self.after, Some(After::HangUp(_))) {
            return;
        }
        self.voice.stop();
        self.voice.say(self.house.scenario.lines.goodbye.clone());
        self.go_to(State::Speaking);
        self.after = Some(After::HangUp(outcome.to_owned()));
    }

    fn decide(&mut self, input: Input) {
        let step = self.dialog.on(input);
        self.carry_out(step);
    }

    fn carry_out(&mut self, step: Step) {
        self.reply_by = None;
        self.exchange.decided(&step);
        self.voice.await_first_sound();
        let mut thinking = false;
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
                        hearing.set_patience(patience);
                    }
                }
                Action::Classify(question) => {
                    thinking = true;
                    self.classify(question);
                }
                Action::Keep(note) => self.keep(note),
                Action::Transfer(person) => self.after = Some(After::Transfer(person)),
                Action::HangUp(outcome) => self.after = Some(After::HangUp(outcome.as_str().to_owned())),
            }
        }
        if !thinking {
            self.tell_if_sounding();
        }
    }

    fn classify(&mut self, question: Question) {
        self.choice_job += 1;
        let (job, engine, done) = (self.choice_job, self.house.engine.clone(), self.tell_done.clone());
        tokio::spawn(async move {
            let cancel = Cancel::new();
            let choice = match timeout(CHOICE_PATIENCE, engine.classify(question, cancel.clone())).await {
                Ok(Ok(likely)) => choose(&likely),
                // Without a language model, the closest candidate stands: the next rung of the ladder.
                Ok(Err(crate::speech::EngineError::NoLanguageModel)) => Some(0),
                Ok(Err(error)) => {
                    log::warn!(event = "language-model-fault"; "the language model could not choose: {error}");
                    Some(0)
                }
                Err(_late) => {
                    cancel.cancel();
                    Some(0)
                }
            };
            // If the call is over, nobody waits for this.
            let _ = done.send(Done::Choice(job, choice)).await;
        });
    }

    fn keep(&mut self, note: Note) {
        let from = self.leg.caller.number.clone().unwrap_or_else(|| "withheld".into());
        let Note { recipient, text, callback, confirmed } = note;
        self.scribe.note(Entry::Message(Message { recipient, from, callback, text, confirmed, at: Timestamp::now() }));
    }

    /// Once the answer sounds, the exchange is complete: tell everybody.
    fn tell_if_sounding(&mut self) {
        let Some((turn, record)) = self.exchange.complete(self.voice.first_sound()) else { return };
        self.figures.count(&turn);
        self.scribe.note(Entry::Turn(record));
        self.snapshot.send_modify(|snapshot| snapshot.turns = self.figures.turns);
        self.house.registry.tell(Event::Turn(self.id, Arc::new(turn)));
    }

    async fn finish(mut self, outcome: String) {
        let outcome = self.exchange.outcome().unwrap_or(outcome);
        self.voice.stop();
        self.command(LegCommand::Hangup).await;
        let ended = Timestamp::now();
        let snapshot = self.snapshot.borrow().clone();
        self.scribe.note(Entry::Ended(outcome.clone(), ended));
        self.scribe.finish().await;
        self.snapshot.send_modify(|snapshot| snapshot.state = State::Ended);
        let figures = &self.figures;
        log::info!(event = "call-ended", call_id = self.id.simple().as_str(), line = snapshot.line.as_str(), outcome = outcome.as_str(); "a call is over after {} turns", figures.turns);
        self.house.registry.tell(Event::Ended(Arc::new(Summary {
            call: self.id,
            line: snapshot.line,
            scenario: snapshot.scenario,
            started: snapshot.started,
            duration: self.answered.map_or(Duration::ZERO, |answered| answered.elapsed()),
            outcome,
            disclosed: snapshot.disclosed,
            turns: figures.turns,
            not_understood: figures.not_understood,
            barge_ins: figures.barge_ins,
            person_wanted: figures.person_wanted,
            message_taken: figures.message_taken,
            voice_to_voice_p50: figures.percentile(50),
            voice_to_voice_p95: figures.percentile(95),
        })));
        self.house.registry.leave(self.id);
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

fn outcome_of(cause: &EndCause) -> String {
    match cause {
        EndCause::Caller => "caller-hung-up",
        EndCause::Robot => "hung-up",
        EndCause::Transferred => "transferred",
        EndCause::Unanswered => "unanswered",
        EndCause::MediaLost => "media-lost",
        EndCause::Fault(_) => "fault",
    }
    .to_owned()
}

/// The likeliest choice, if it is likely enough and not the last one, which means none of the others.
fn choose(likely: &[f32]) -> Option<usize> {
    let (best, &p) = likely.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    (p >= LIKELY && best + 1 < likely.len()).then_some(best)
}
