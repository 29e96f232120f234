//! Understanding the caller's turns: recognition begins on speculation when they pause, and is taken back when they go on.

use std::time::{Duration, Instant};

use switchhook_models::asr::Transcript;
use switchhook_models::{Cancel, Language};
use tokio::sync::mpsc;

use super::done::Done;
use crate::dialog::Patience;
use crate::media::Frame;
use crate::speech::{CallerSpeech, EarEvent, Ears, Engine, EngineError};

/// A caller's turn, heard.
pub(super) struct Heard {
    /// Its words; empty if there were none.
    pub(super) transcript: Result<Transcript, EngineError>,
    /// Silence before the turn was taken to be over.
    pub(super) endpoint: Duration,
    /// When that was.
    pub(super) ended: Instant,
}

/// What matters to the call.
pub(super) enum Noticed {
    /// The caller began to speak.
    Onset,
    /// The caller's turn is over; its words come next.
    End,
}

/// Ears, and the recognition of what they hear.
pub(super) struct Hearing {
    ears: Ears,
    engine: Engine,
    language: Language,
    done: mpsc::Sender<Done>,
    job: u64,
    cancel: Cancel,
    words: Option<Result<Transcript, EngineError>>,
    ended: Option<(Instant, Duration)>,
}

impl Hearing {
    pub(super) fn new(ears: Ears, engine: Engine, language: Language, done: mpsc::Sender<Done>) -> Self {
        Self { ears, engine, language, done, job: 0, cancel: Cancel::new(), words: None, ended: None }
    }

    pub(super) fn set_patience(&mut self, patience: Patience) {
        self.ears.set_patience(patience);
    }

    /// Whether the caller is in a turn, or one of theirs is still being recognised.
    pub(super) fn is_busy(&self) -> bool {
        self.ears.in_turn() || self.ended.is_some()
    }

    /// Drop what was heard so far.
    pub(super) fn forget(&mut self) {
        self.ears.forget();
        self.take_back();
        self.ended = None;
    }

    /// The words of a turn that the end of the call cut off, if there are any. `done` is where the engine tells of them.
    pub(super) async fn last_words(&mut self, done: &mut mpsc::Receiver<Done>) -> Option<String> {
        match self.ears.cut_off() {
            Some(turn) => self.recognise(turn),
            None => _ = self.ended?,
        }
        while self.words.is_none() {
            if let Done::Words(job, words) = done.recv().await? {
                self.words(job, words);
            }
        }
        self.words.take()?.ok().map(|transcript| transcript.text).filter(|text| !text.is_empty())
    }

    /// The next 20 ms.
    pub(super) fn push(&mut self, frame: &Frame) -> Result<Option<Noticed>, switchhook_models::Error> {
        let noticed = match self.ears.push(frame)? {
            None => None,
            Some(EarEvent::Onset) => Some(Noticed::Onset),
            Some(EarEvent::Pause(turn)) => {
                self.recognise(turn);
                None
            }
            Some(EarEvent::Resumed) => {
                self.take_back();
                None
            }
            Some(EarEvent::End { silence }) => {
                self.ended = Some((Instant::now(), silence));
                Some(Noticed::End)
            }
            Some(EarEvent::Cut(turn)) => {
                self.recognise(turn);
                self.ended = Some((Instant::now(), Duration::ZERO));
                Some(Noticed::End)
            }
        };
        Ok(noticed)
    }

    /// Words of job number `job` have come.
    pub(super) fn words(&mut self, job: u64, words: Result<Transcript, EngineError>) {
        if job == self.job {
            self.words = Some(words);
        }
    }

    /// The turn, once it is over and its words are there.
    pub(super) fn turn(&mut self) -> Option<Heard> {
        let (ended, endpoint) = self.ended?;
        let transcript = self.words.take()?;
        self.ended = None;
        Some(Heard { transcript, endpoint, ended })
    }

    fn recognise(&mut self, turn: CallerSpeech) {
        self.take_back();
        let (job, cancel) = (self.job, self.cancel.clone());
        let (engine, language, done) = (self.engine.clone(), self.language, self.done.clone());
        tokio::spawn(async move {
            let words = engine.hear(turn, Some(language), cancel).await;
            // If the call is over, nobody waits for this.
            let _ = done.send(Done::Words(job, words)).await;
        });
    }

    fn take_back(&mut self) {
        self.cancel.cancel();
        self.cancel = Cancel::new();
        self.job += 1;
        self.words = None;
    }
}
