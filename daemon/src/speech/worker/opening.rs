//! The models of a worker, opened: side by side, for callers wait while a worker comes back.

use std::collections::BTreeMap;
use std::thread::{Scope, ScopedJoinHandle, scope};

use switchhook_models::catalog::Store;
use switchhook_models::tts::Synthesizer;
use switchhook_models::tts::line::ForLine;
use switchhook_models::{Error, Language, Result, open as models};

use super::message::{Begin, Models, Spoken};
use crate::config::Person;
use crate::media::SAMPLE_RATE;
use crate::progress::Progress;
use crate::speech::engine::threads::{Parts, Threads};
use crate::speech::recognition::Recognition;
use crate::speech::roster::Roster;

/// The models at work.
pub(super) struct Opened {
    pub threads: Threads,
    /// The voice's name and the version of its installation.
    pub voice: String,
}

/// Open the models that were named.
///
/// # Errors
/// Names the model and the file, and the command that repairs it.
pub(super) fn open(begin: &Begin, progress: &Progress) -> Result<Opened> {
    let store = Store::at(&begin.store);
    let Models { recognizer, voice, turn, language_model, embedding } = &begin.models;
    let called = format!("{voice} {}", store.version(voice)?);
    let parts = scope(|threads| -> Result<Parts> {
        let recognizer = beside(threads, || models::recognizer(&store, recognizer));
        let meaning = beside(threads, || embedding.as_deref().map(|name| models::embedder(&store, name)).transpose());
        let voice = beside(threads, || for_line(models::synthesizer(&store, voice)?, begin.locale.language()));
        let turn = beside(threads, || turn.as_deref().map(|name| models::turn_detector(&store, name)).transpose());
        let language_model = beside(threads, || language_model.as_deref().map(|name| models::language_model(&store, name)).transpose());
        let people = Roster::open(&store, &named(&begin.people), begin.locale.language())?;
        let recognition = Recognition::of(joined(recognizer)?, begin.locale)?.with_people(people);
        Ok(Parts {
            recognition: recognition.with_meaning(joined(meaning)?.map(Into::into)),
            voice: joined(voice)?,
            turn: joined(turn)?,
            language_model: joined(language_model)?,
        })
    })?;
    Ok(Opened { threads: Threads::of(parts, progress), voice: called })
}

/// Whatever the voice reads, it reads now: no file can be opened later.
fn for_line(mut voice: Box<dyn Synthesizer>, language: Language) -> Result<Box<dyn Synthesizer>> {
    voice.prepare(language)?;
    let line = ForLine { rate: SAMPLE_RATE, ..ForLine::default() };
    Ok(Box::new(line.voice(voice)?))
}

fn named(people: &[Spoken]) -> BTreeMap<String, Person> {
    let person = |(number, Spoken { spoken, also }): (usize, &Spoken)| {
        (format!("{number:06}"), Person { spoken: spoken.clone(), also: also.clone(), address: None, announce: false })
    };
    people.iter().enumerate().map(person).collect()
}

fn beside<'scope, 'env, T: Send + 'scope>(
    threads: &'scope Scope<'scope, 'env>,
    open: impl FnOnce() -> Result<T> + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, Result<T>>> {
    std::thread::Builder::new().spawn_scoped(threads, open).map_err(Error::io("a thread"))
}

fn joined<T>(thread: Result<ScopedJoinHandle<'_, Result<T>>>) -> Result<T> {
    thread?.join().unwrap_or_else(|_| Err(Error::Input("a fault of the program while a model was opened".into())))
}
