//! The process that holds one model and nothing else.
//!
//! Standard input has a [`Job`] as a line of JSON, and behind it the turns as WAV files, one after the other. Standard output says in lines of JSON how
//! far it has come, and last what came out ([`Said`]). It never holds the voice that spoke the turns, so its peak memory is that of the model it measures.

use std::io::{BufRead as _, Read as _};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use switchhook_models::audio::wav;
use switchhook_models::catalog::{Store, Task};
use switchhook_models::measured::{Figures, Speed, peak_memory};
use switchhook_models::{Error, Language, Result, open};

use super::rounds::{Rounds, Stage};
use super::turns::Turn;
use super::{embed, hear, judge, speak, think};
use crate::output::Output;

/// A job is a line of a few hundred bytes, a turn half a minute at most.
const LONGEST_JOB: u64 = 64 << 10;
const LONGEST_TURN: usize = 4 << 20;

/// What to measure.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    pub model: String,
    pub runs: usize,
    /// What a voice speaks.
    pub languages: Vec<Language>,
    /// How many sentences of each.
    pub sentences: usize,
    /// What lies behind this line.
    pub turns: Vec<Form>,
}

/// The form of a turn.
#[derive(Debug, Serialize, Deserialize)]
pub struct Form {
    pub language: Language,
    /// Of its WAV file.
    pub bytes: usize,
}

/// What it says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Said {
    /// This is played now.
    Stage { what: String, done: usize, total: usize },
    /// What came out.
    Figures(Figures),
    /// Why nothing came out.
    Failed(String),
}

/// Measure what standard input asks for.
pub fn serve(store: &Store, output: &mut Output) -> Result<()> {
    let said = match read().and_then(|(job, turns)| measure(store, &job, &turns, output)) {
        Ok(figures) => Said::Figures(figures),
        Err(fault) => Said::Failed(fault.to_string()),
    };
    say(&said, output)
}

fn read() -> Result<(Job, Vec<Turn>)> {
    let place = "standard input";
    let mut input = std::io::stdin().lock();
    let mut line = String::new();
    (&mut input).take(LONGEST_JOB).read_line(&mut line).map_err(Error::io(place))?;
    let job: Job = serde_json::from_str(&line).map_err(|fault| Error::Input(format!("{place} has no job: {fault}")))?;
    let mut turns = Vec::new();
    for &Form { language, bytes } in &job.turns {
        if bytes > LONGEST_TURN {
            return Err(Error::Input(format!("a turn of {bytes} bytes; {LONGEST_TURN} are the most")));
        }
        let mut file = vec![0; bytes];
        input.read_exact(&mut file).map_err(Error::io(place))?;
        let sound = wav::parse(&file).map_err(|fault| Error::Input(format!("a turn is no WAV file: {fault}")))?;
        turns.push(Turn { language, samples: sound.samples });
    }
    Ok((job, turns))
}

fn measure(store: &Store, job: &Job, turns: &[Turn], output: &mut Output) -> Result<Figures> {
    let mut tell = |Stage { what, done, total }: Stage<'_>| say(&Said::Stage { what: what.to_owned(), done, total }, output);
    let mut rounds = Rounds::new(job.runs, &mut tell);
    let model = job.model.as_str();
    let (open_seconds, speed) = match store.catalog()?.entry(model)?.task {
        Task::Recognition => {
            let (open, mut recognizer) = timed(|| open::recognizer(store, model))?;
            (open, hear::measure(recognizer.as_mut(), turns, &mut rounds)?)
        }
        Task::Voice => {
            let (open, voice) = timed(|| open::synthesizer(store, model))?;
            (open, speak::measure(voice, &job.languages, job.sentences, &mut rounds)?)
        }
        Task::VoiceActivity => {
            let (open, mut detector) = timed(|| open::voice_activity(store, model))?;
            (open, judge::activity(detector.as_mut(), turns, &mut rounds)?)
        }
        Task::EndOfTurn => {
            let (open, detector) = timed(|| open::turn_detector(store, model))?;
            (open, judge::end_of_turn(detector.as_ref(), turns, &mut rounds)?)
        }
        Task::LanguageModel => {
            let (open, mut model) = timed(|| open::language_model(store, model))?;
            (open, think::measure(model.as_mut(), &mut rounds)?)
        }
        Task::Embedding => {
            let (open, embedder) = timed(|| open::embedder(store, model))?;
            (open, embed::measure(embedder.as_ref(), &mut rounds)?)
        }
        Task::Pronunciation => {
            let (open, dictionaries) = timed(|| open::pronunciation(store, model))?;
            drop(dictionaries);
            (open, Speed::Pronunciation)
        }
    };
    Ok(Figures { open_seconds, peak_memory_bytes: peak_memory(), speed })
}

fn timed<T>(open: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    let started = Instant::now();
    let opened = open()?;
    Ok((started.elapsed().as_secs_f64(), opened))
}

fn say(said: &Said, output: &mut Output) -> Result<()> {
    let place = "standard output";
    let line = serde_json::to_string(said).map_err(|fault| Error::io(place)(fault.into()))?;
    output.piece(&format!("{line}\n"))
}
