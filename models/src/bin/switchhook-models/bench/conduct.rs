//! One model after the other, each in a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use switchhook_models::audio::wav;
use switchhook_models::catalog::{Entry, State, Store, Task};
use switchhook_models::measured::{Figures, Measured};
use switchhook_models::tts::line::sentences::ENGLISH;
use switchhook_models::{Error, Language, Result};

use super::alone::{Form, Job, Said};
use super::turns::{Turn, Turns};
use crate::progress::Progress;
use crate::transcribe::RATE;

/// Measures the models of a store.
pub struct Conductor<'a> {
    store: &'a Store,
    runs: usize,
    quick: bool,
    turns: Turns<'a>,
}

impl<'a> Conductor<'a> {
    pub fn new(store: &'a Store, runs: usize, quick: bool) -> Self {
        Self { store, runs, quick, turns: Turns::new(store, quick) }
    }

    /// Measure a model.
    pub fn measure(&mut self, model: &str) -> Result<Measured> {
        // Says what is missing or damaged, before anything is spoken for it.
        self.store.version(model)?;
        let catalog = self.store.catalog()?;
        let entry = catalog.entry(model)?;
        let languages = self.languages(entry)?;
        let (store, runs) = (self.store, self.runs);
        let sentences = if self.quick { 1 } else { ENGLISH.len() };
        let turns = match entry.task {
            Task::Recognition => self.turns_of(model, &languages)?,
            Task::VoiceActivity | Task::EndOfTurn => self.turns_of_any()?,
            Task::Voice | Task::LanguageModel | Task::Pronunciation | Task::Embedding => Vec::new(),
        };
        let files = turns.iter().map(|turn| Ok((turn.language, wav::encode(&turn.samples, RATE)?))).collect::<Result<Vec<_>>>()?;
        let forms = files.iter().map(|(language, file)| Form { language: *language, bytes: file.len() }).collect();
        let job = Job { model: model.to_owned(), runs, languages, sentences, turns: forms };
        let progress = Progress::of(model);
        progress.begin("measuring");
        let figures = alone(store, &job, files.iter().map(|(_, file)| file.as_slice()), &progress);
        progress.end();
        Measured::now(store, model, runs, figures?)
    }

    /// The languages that a model can do here: a voice may need dictionaries for some.
    fn languages(&self, entry: &Entry) -> Result<Vec<Language>> {
        let catalog = self.store.catalog()?;
        let mut languages = entry.languages.clone();
        for needed in &entry.needs {
            let needed = catalog.entry(needed.as_str())?;
            let missing = !matches!(self.store.state(needed.name.as_str())?, State::Installed { .. });
            if missing && needed.task == Task::Pronunciation {
                languages.retain(|language| !needed.languages.contains(language));
                eprintln!("switchhook-models: {}: measured without what needs `{}`, which is not installed", entry.name, needed.name);
            }
        }
        Ok(languages)
    }

    /// The turns of every language for which there is a voice.
    fn turns_of(&mut self, model: &str, languages: &[Language]) -> Result<Vec<&Turn>> {
        let mut missing = None;
        let mut heard = Vec::new();
        for &language in languages {
            match self.turns.prepare(language) {
                Ok(()) => heard.push(language),
                Err(fault) => missing = Some(fault),
            }
        }
        match missing {
            Some(fault) if heard.is_empty() => return Err(no_voice(&fault)),
            Some(fault) => eprintln!("switchhook-models: {model}: measured in part: {}", no_voice(&fault)),
            None => {}
        }
        Ok(self.turns.spoken(&heard))
    }

    /// Turns of one language, whichever there is a voice for.
    fn turns_of_any(&mut self) -> Result<Vec<&Turn>> {
        let language = match self.turns.prepare(Language::En) {
            Ok(()) => Language::En,
            Err(english) => self.turns.prepare(Language::Zh).map(|()| Language::Zh).map_err(|_| no_voice(&english))?,
        };
        Ok(self.turns.spoken(&[language]))
    }
}

fn no_voice(fault: &Error) -> Error {
    Error::Input(format!("a voice must speak what is heard, and {fault}"))
}

/// Measure in a process that holds this model alone.
fn alone<'a>(store: &Store, job: &Job, turns: impl Iterator<Item = &'a [u8]>, progress: &Progress) -> Result<Figures> {
    let program = std::env::current_exe().map_err(Error::io("this program"))?;
    let mut command = Command::new(&program);
    command.arg("--models").arg(store.dir()).args(["bench", "--alone"]);
    let mut process = Process(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(Error::io(program))?);
    // If it has ended already, it has said why, or how it ended tells.
    let _ = process.give(job, turns);
    let mut outcome = None;
    if let Some(output) = process.0.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(Error::io("what its process says"))?;
            match serde_json::from_str(&line) {
                Ok(Said::Stage { what, done, total }) => {
                    progress.within(what);
                    progress.amount(done as u64, total as u64);
                }
                Ok(Said::Figures(figures)) => outcome = Some(Ok(figures)),
                Ok(Said::Failed(why)) => outcome = Some(Err(Error::Input(why))),
                Err(fault) => return Err(Error::Input(format!("its process said `{line}`: {fault}"))),
            }
        }
    }
    let ended = process.0.wait().map_err(Error::io("its process"))?;
    outcome
        .unwrap_or_else(|| Err(Error::Input(format!("its process ended before it was measured ({ended}); there may be too little memory"))))
}

/// A process that does not outlive us.
struct Process(Child);

impl Process {
    fn give<'a>(&mut self, job: &Job, turns: impl Iterator<Item = &'a [u8]>) -> std::io::Result<()> {
        let Some(mut input) = self.0.stdin.take() else { return Ok(()) };
        serde_json::to_writer(&mut input, job)?;
        input.write_all(b"\n")?;
        for turn in turns {
            input.write_all(turn)?;
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // What has ended already cannot be ended again.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
