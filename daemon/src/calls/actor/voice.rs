//! The robot's voice in one call: sentences in order, from the rendered ones or fresh from the engine, that can be held and taken up
//! again, or broken off.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use switchhook_models::Cancel;
use tokio::sync::mpsc;

use super::done::Done;
use super::prepared::{Begun, Prepared};
use crate::media::{Playout, SAMPLE_RATE};
use crate::speech::{Engine, EngineError, Pace, Prompts, Sound, without_rest};

/// What is to be said.
struct Sentence {
    text: String,
    /// Whether it only bridges the time until there is an answer: then it is no first sound of one.
    bridges: bool,
}

/// Sentences and their sound on the way to the caller.
pub(super) struct Voice {
    mouth: Playout,
    engine: Engine,
    prompts: Prompts,
    pace: Pace,
    done: mpsc::Sender<Done>,
    waiting: VecDeque<Sentence>,
    /// The sentence that the engine is speaking now.
    speaking: Option<Cancel>,
    /// Which job's pieces are ours: what comes from a job that was broken off is dropped.
    job: u64,
    /// So many jobs were begun.
    jobs: u64,
    /// The sentence that is made ahead.
    prepared: Option<Prepared>,
    /// Whether that job speaks a sentence that only bridges.
    bridging: bool,
    /// Sound taken back from the mouth while the caller speaks over it; `None` if nothing is held.
    held: Option<Vec<i16>>,
    first_sound: Option<Instant>,
}

impl Voice {
    pub(super) fn new(mouth: Playout, engine: Engine, prompts: Prompts, done: mpsc::Sender<Done>) -> Self {
        let waiting = VecDeque::new();
        Self {
            mouth,
            engine,
            prompts,
            pace: Pace::Usual,
            done,
            waiting,
            speaking: None,
            job: 0,
            jobs: 0,
            prepared: None,
            bridging: false,
            held: None,
            first_sound: None,
        }
    }

    /// Speak so fast from here on.
    pub(super) fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// Speak with these from here on.
    pub(super) fn speak_with(&mut self, engine: Engine, prompts: Prompts) {
        (self.engine, self.prompts) = (engine, prompts);
        self.prepared = None;
    }

    /// Say this after what is being said.
    pub(super) fn say(&mut self, text: String) {
        self.waiting.push_back(Sentence { text, bridges: false });
        self.go_on();
    }

    /// Say this now, until there is an answer: before a sentence that is still being made, if it was rendered ahead; else only if none is.
    pub(super) fn bridge(&mut self, text: String) {
        match self.prompts.get(&text) {
            Some(sound) => self.put(without_rest(&sound), true),
            None if self.speaking.is_none() => {
                self.waiting.push_back(Sentence { text, bridges: true });
                self.go_on();
            }
            None => {}
        }
    }

    /// Begin to make this sentence, which may be the next one that is said. Whether there is anything to make.
    pub(super) fn prepare(&mut self, text: &str) -> bool {
        if self.ready(text).is_some() {
            return false;
        }
        if !self.prepared.as_ref().is_some_and(|prepared| prepared.is(text, self.pace)) {
            let (job, cancel) = self.begin(text);
            self.prepared = Some(Prepared::new(text.to_owned(), self.pace, job, cancel));
        }
        true
    }

    /// Nothing that was made ahead will be said.
    pub(super) fn prepare_no_more(&mut self) {
        self.prepared = None;
    }

    /// Whether a sentence is being made of which nothing was heard yet.
    pub(super) fn is_at_work(&self) -> bool {
        self.speaking.is_some() && self.first_sound.is_none() && self.held.is_none()
    }

    /// Whether the caller hears nothing of the robot, and nothing is held back for them.
    pub(super) fn is_quiet(&self) -> bool {
        self.held.is_none() && self.mouth.is_idle()
    }

    /// Whether a sentence is being made, or a part of one is.
    pub(super) fn owes(&self) -> bool {
        self.speaking.is_some()
    }

    /// Sound from the engine for job number `job`; `None` when the sentence is complete.
    pub(super) fn piece(&mut self, job: u64, sound: Option<&[i16]>) {
        if job != self.job {
            return;
        }
        match sound {
            Some(sound) => self.put(sound, self.bridging),
            None => {
                self.speaking = None;
                self.go_on();
            }
        }
    }

    /// A job has made a piece, or failed.
    ///
    /// # Errors
    /// Why a sentence that is still wanted is lost.
    pub(super) fn made(&mut self, job: u64, piece: Result<Option<Sound>, EngineError>) -> Result<(), EngineError> {
        if let Some(prepared) = self.prepared.as_mut().filter(|prepared| prepared.is_made_by(job)) {
            match piece {
                Ok(piece) => prepared.piece(piece),
                // If it is said, it is tried once more, and told if it fails again.
                Err(_) => self.prepared = None,
            }
            return Ok(());
        }
        match piece {
            Ok(sound) => {
                self.piece(job, sound.as_deref());
                Ok(())
            }
            Err(error) => {
                let lacks = self.lacks(job, &error);
                self.piece(job, None);
                if lacks { Err(error) } else { Ok(()) }
            }
        }
    }

    /// Whether a sentence that is still wanted was lost because job number `job` failed so.
    fn lacks(&self, job: u64, error: &EngineError) -> bool {
        job == self.job && !matches!(error, EngineError::Model(switchhook_models::Error::Cancelled))
    }

    /// Fall silent, but keep what was not yet heard.
    pub(super) fn hold(&mut self) {
        if self.held.is_none() {
            self.held = Some(self.mouth.take());
        }
    }

    /// Whether something is held.
    pub(super) fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// Take up again what was held.
    pub(super) fn resume(&mut self) {
        if let Some(sound) = self.held.take() {
            self.put(&sound, false);
            self.go_on();
        }
    }

    /// Break off everything.
    pub(super) fn stop(&mut self) {
        self.waiting.clear();
        if let Some(cancel) = self.speaking.take() {
            cancel.cancel();
        }
        self.job = self.next_job();
        self.held = None;
        self.mouth.clear();
    }

    /// Whether everything was said and sent.
    pub(super) fn is_silent(&self) -> bool {
        self.speaking.is_none() && self.waiting.is_empty() && self.held.is_none() && self.mouth.is_idle()
    }

    /// How much is left to be heard of what is said, if all of it is made.
    pub(super) fn left(&self) -> Option<Duration> {
        let held = self.held.as_ref().map_or(0, Vec::len);
        let made = self.speaking.is_none() && self.waiting.is_empty();
        made.then(|| self.mouth.waiting() + Duration::from_secs(held as u64) / SAMPLE_RATE)
    }

    /// When the first sound since the last call of [`Voice::await_first_sound`] was given to the line.
    pub(super) fn first_sound(&self) -> Option<Instant> {
        self.first_sound
    }

    /// Wait for the next sound as the first one.
    pub(super) fn await_first_sound(&mut self) {
        self.first_sound = None;
    }

    fn go_on(&mut self) {
        while self.speaking.is_none() && self.held.is_none() {
            let Some(Sentence { text, bridges }) = self.waiting.pop_front() else { return };
            if let Some(sound) = self.ready(&text) {
                self.put(&sound, bridges);
                continue;
            }
            self.bridging = bridges;
            let Begun { job, sound, goes_on } = match self.prepared.take_if(|prepared| prepared.is(&text, self.pace)) {
                Some(prepared) => prepared.begin(),
                None => {
                    let (job, cancel) = self.begin(&text);
                    Begun { job, sound: Sound::new(), goes_on: Some(cancel) }
                }
            };
            (self.job, self.speaking) = (job, goes_on);
            self.put(&sound, bridges);
        }
    }

    /// The sound of this sentence, if it was spoken before, which was at the usual pace.
    fn ready(&self, text: &str) -> Option<Arc<[i16]>> {
        self.prompts.get(text).filter(|_| self.pace == Pace::Usual)
    }

    fn next_job(&mut self) -> u64 {
        self.jobs += 1;
        self.jobs
    }

    /// Let the engine make this sentence, by the job of this number.
    fn begin(&mut self, text: &str) -> (u64, Cancel) {
        let cancel = Cancel::new();
        let job = self.next_job();
        let done = self.done.clone();
        match self.engine.speak(text, self.pace, cancel.clone()) {
            Ok(mut pieces) => {
                tokio::spawn(async move {
                    while let Some(piece) = pieces.recv().await {
                        let failed = piece.is_err();
                        if done.send(Done::Piece(job, piece.map(Some))).await.is_err() || failed {
                            return;
                        }
                    }
                    // If the call is over, nobody waits for this.
                    let _ = done.send(Done::Piece(job, Ok(None))).await;
                });
            }
            Err(error) => {
                tokio::spawn(async move {
                    let _ = done.send(Done::Piece(job, Err(error))).await;
                });
            }
        }
        (job, cancel)
    }

    fn put(&mut self, sound: &[i16], bridges: bool) {
        if let Some(held) = &mut self.held {
            held.extend_from_slice(sound);
            return;
        }
        if sound.is_empty() {
            return;
        }
        if self.mouth.push(sound).is_none() {
            log::error!(event = "mouth-full"; "a minute of speech waits already; a sentence is left out: shorten the scenario's answers");
            return;
        }
        if !bridges {
            self.first_sound.get_or_insert_with(Instant::now);
        }
    }
}
