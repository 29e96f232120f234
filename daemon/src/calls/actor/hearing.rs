//! Understanding the caller's turns: recognition begins on speculation when they pause, and is taken back when they go on. Which words
//! belong to which turn is the [`Floor`]'s matter.

use std::time::{Duration, Instant};

use switchhook_models::Cancel;
use tokio::sync::mpsc;

use super::done::Done;
use super::floor::{Floor, Job, Said};
use crate::dialog::{self, Expected, Judge, Patience, Told, Verdict};
use crate::media::Frame;
use crate::speech::{CallerSpeech, EarEvent, Ears, Engine, EngineError, Recognised};

/// A caller's turn, heard.
pub(super) struct Heard {
    /// Its words; empty if there were none.
    pub(super) words: Result<Words, EngineError>,
    /// Silence before the turn was taken to be over.
    pub(super) endpoint: Duration,
    /// When that was.
    pub(super) ended: Instant,
    /// When the caller began to speak, for the first time since they were last answered.
    pub(super) began: Option<Instant>,
}

/// What was said, and how sure the recogniser is of it.
#[derive(Default)]
pub(super) struct Words {
    pub(super) text: String,
    pub(super) confidence: f32,
    /// Whether there are none because it is not sure which of few answers was given.
    pub(super) unsure: bool,
    /// What they mean; nothing if they are of several parts, whose whole was not looked at.
    pub(super) vector: Option<Vec<f32>>,
}

/// What matters to the call.
pub(super) enum Noticed {
    /// The caller began to speak.
    Onset,
    /// They went on after a pause.
    Resumed,
    /// The caller's turn is over; its words come next.
    End {
        /// Silence since their last sound.
        silence: Duration,
    },
}

/// What the language model says of a pause.
#[derive(Clone, Copy)]
enum Reading {
    /// It is asked.
    Asked,
    /// How likely the sentence ends there, if it can tell.
    Told(Option<f32>),
}

/// Ears, and the recognition of what they hear.
pub(super) struct Hearing {
    ears: Ears,
    engine: Engine,
    expected: Expected,
    done: mpsc::Sender<Done>,
    floor: Floor<Result<Recognised, EngineError>>,
    /// How finished the turn sounded at the pause where the job of this number began.
    sounds: Option<(u64, f32)>,
    /// What the language model reads in the words until that pause.
    reads: Option<(u64, Reading)>,
    /// When the caller began with what is not answered yet.
    began: Option<Instant>,
}

impl Hearing {
    pub(super) fn new(ears: Ears, engine: Engine, done: mpsc::Sender<Done>) -> Self {
        Self { ears, engine, expected: Expected::Anything, done, floor: Floor::new(), sounds: None, reads: None, began: None }
    }

    /// Who recognises what the caller says from now on.
    pub(super) fn listen_with(&mut self, engine: Engine) {
        self.engine = engine;
    }

    /// How the caller is listened to from now on.
    pub(super) fn expect(&mut self, expected: Expected, patience: Patience) {
        self.expected = expected;
        self.ears.set_patience(patience);
    }

    /// Whether the caller is in a turn, or one of theirs is still being recognised.
    pub(super) fn is_busy(&self) -> bool {
        self.floor.is_busy()
    }

    /// Whether the caller is in a turn.
    pub(super) fn in_turn(&self) -> bool {
        self.floor.in_turn()
    }

    /// The caller is asked whether they are there.
    pub(super) fn hear_anybody(&mut self) {
        self.ears.hear_anybody();
    }

    /// Drop what was heard so far.
    pub(super) fn forget(&mut self) {
        self.ears.forget();
        self.floor.forget();
        self.began = None;
    }

    /// The caller's turn, if they are in one, is over now; its words come next.
    pub(super) fn cut_off(&mut self) {
        if let Some(turn) = self.ears.cut_off() {
            let job = self.floor.cut(Instant::now());
            self.recognise(turn, job);
        }
    }

    /// The words that are still to come when the call is over, if there are any. `done` is where the engine tells of them.
    pub(super) async fn last_words(&mut self, done: &mut mpsc::Receiver<Done>) -> Option<String> {
        self.cut_off();
        while self.is_busy() {
            if let Some(heard) = self.turn() {
                return heard.words.ok().map(|words| words.text).filter(|text| !text.is_empty());
            }
            if let Done::Words(job, words) = done.recv().await? {
                self.words(job, words);
            }
        }
        None
    }

    /// The next 20 ms.
    pub(super) fn push(&mut self, frame: &Frame) -> Result<Option<Noticed>, switchhook_models::Error> {
        let noticed = match self.ears.push(frame)? {
            None => None,
            Some(EarEvent::Onset) => {
                self.floor.speaks();
                self.began.get_or_insert_with(Instant::now);
                Some(Noticed::Onset)
            }
            Some(EarEvent::More(turn)) => {
                self.engine.follow(turn);
                None
            }
            Some(EarEvent::Pause(turn)) => {
                let job = self.floor.pauses();
                self.judge(turn.clone(), job.number);
                self.recognise(turn, job);
                None
            }
            Some(EarEvent::Resumed) => {
                self.floor.speaks();
                Some(Noticed::Resumed)
            }
            Some(EarEvent::End { silence }) => {
                self.floor.ends(Instant::now(), silence);
                Some(Noticed::End { silence })
            }
            Some(EarEvent::Cut(turn)) => {
                let job = self.floor.cut(Instant::now());
                self.recognise(turn, job);
                Some(Noticed::End { silence: Duration::ZERO })
            }
        };
        Ok(noticed)
    }

    /// Words of job number `job` have come.
    pub(super) fn words(&mut self, job: u64, words: Result<Recognised, EngineError>) {
        self.floor.words(job, words);
    }

    /// The turn, once it is over and its words are there.
    pub(super) fn turn(&mut self) -> Option<Heard> {
        let Said { words, ended, silence } = self.floor.said()?;
        let words = together(words);
        if words.as_ref().is_ok_and(|words| !words.text.is_empty()) {
            self.ears.were_words();
        }
        Some(Heard { words, endpoint: silence, ended, began: self.began.take() })
    }

    /// The turn sounds finished with this likelihood, by its sound until the pause at job number `job`.
    pub(super) fn sounds_finished(&mut self, job: u64, likely: f32) {
        self.sounds = Some((job, likely));
    }

    /// A sentence ends with this likelihood with the words until the pause at job number `job`, if a language model can tell.
    pub(super) fn reads_finished(&mut self, job: u64, likely: Option<f32>) {
        self.reads = Some((job, Reading::Told(likely)));
    }

    /// The number of the job that began at the pause in which the caller is, and what they said until then and was not answered, once that is known.
    pub(super) fn paused(&self) -> Option<(u64, dialog::Said)> {
        let (job, words) = self.floor.paused()?;
        let parts: Vec<&Recognised> = words.into_iter().flatten().filter(|heard| !heard.transcript.text.is_empty()).collect();
        Some((job, joined(&parts)))
    }

    /// Judge the pause in which the caller is, if its words are there. Where it depends on what the language model reads in them, it is asked first.
    pub(super) fn weigh(&mut self, judge: &Judge) -> Option<Verdict> {
        let (job, dialog::Said { text: said, .. }) = self.paused()?;
        let sounds = self.sounds.filter(|(at, _)| *at == job).map(|(_, likely)| likely);
        let reading = self.reads.filter(|(at, _)| *at == job).map(|(_, reading)| reading);
        let reads = match reading {
            None if self.engine.reads() && judge.wants_reading(&said) => {
                self.reads = Some((job, Reading::Asked));
                self.read(judge, said, job);
                return None;
            }
            Some(Reading::Asked) => return None,
            None => None,
            Some(Reading::Told(reads)) => reads,
        };
        let verdict = judge.verdict(&said, Told { sounds, reads, ..Told::default() });
        self.ears.judge(verdict);
        Some(verdict)
    }

    fn read(&self, judge: &Judge, said: String, number: u64) {
        let (engine, done, language) = (self.engine.clone(), self.done.clone(), judge.language());
        tokio::spawn(async move {
            // Where it fails, the voice decides.
            let likely = engine.reads_finished(language, said).await.ok().flatten();
            let _ = done.send(Done::Reads(number, likely)).await;
        });
    }

    fn judge(&self, turn: CallerSpeech, number: u64) {
        let (engine, done) = (self.engine.clone(), self.done.clone());
        tokio::spawn(async move {
            // Where nothing can tell, or it fails, words and silence decide.
            if let Ok(Some(likely)) = engine.finished(turn, Cancel::new()).await {
                let _ = done.send(Done::Finished(number, likely)).await;
            }
        });
    }

    fn recognise(&self, turn: CallerSpeech, Job { number, cancel }: Job) {
        let (engine, expected, done) = (self.engine.clone(), self.expected.clone(), self.done.clone());
        tokio::spawn(async move {
            let words = engine.hear(turn, expected, cancel).await;
            // If the call is over, nobody waits for this.
            let _ = done.send(Done::Words(number, words)).await;
        });
    }
}

/// The words of turns that are one to the caller. A part that failed costs the others nothing.
fn together(parts: Vec<Result<Recognised, EngineError>>) -> Result<Words, EngineError> {
    let (mut heard, mut fault) = (Vec::new(), None);
    for part in parts {
        match part {
            Ok(part) => heard.push(part),
            Err(error) => fault = Some(error),
        }
    }
    let (silent, spoken): (Vec<_>, Vec<_>) = heard.iter().partition(|part| part.transcript.text.is_empty());
    if spoken.is_empty() {
        return fault.map_or_else(|| Ok(Words { unsure: silent.into_iter().any(Recognised::is_unsure), ..Words::default() }), Err);
    }
    let dialog::Said { text, vector } = joined(&spoken);
    let confidence = spoken.iter().map(|part| part.transcript.confidence).fold(f32::INFINITY, f32::min);
    Ok(Words { text, confidence, unsure: false, vector })
}

/// The words of parts that are one to the caller, and what they mean, if they are one indeed.
fn joined(parts: &[&Recognised]) -> dialog::Said {
    let text = parts.iter().map(|heard| heard.transcript.text.as_str()).collect::<Vec<_>>().join(" ");
    let vector = if let [heard] = parts { heard.vector.clone() } else { None };
    dialog::Said { text, vector }
}
