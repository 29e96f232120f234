//! From a name in the catalog to a model that is ready to work. This is the only place that knows which architectures there are.

use crate::asr::Recognizer;
use crate::asr::grammar::sounds::Names;
use crate::catalog::convert::hibari;
use crate::catalog::profiles::{ProfileName, Profiles};
use crate::catalog::{Architecture, Entry, Installed, Store, Task};
use crate::embed::Embedder;
use crate::llm::LanguageModel;
use crate::text::english::English;
use crate::text::english::tables::Tables;
use crate::text::mandarin::Mandarin;
use crate::tts::Synthesizer;
use crate::turn::TurnDetector;
use crate::vad::VoiceActivity;
use crate::{Error, Language, Locale, Result};

/// Open a recogniser.
///
/// # Errors
/// As [`Store::open`]; [`Error::Input`] if `model` does another task; what the model finds wrong with its files.
pub fn recognizer(store: &Store, model: &str) -> Result<Box<dyn Recognizer>> {
    let (entry, installed) = open(store, model, Task::Recognition)?;
    match entry.architecture {
        Architecture::Whisper => Ok(Box::new(crate::asr::whisper::Whisper::open(&installed)?)),
        Architecture::Moonshine => Ok(Box::new(crate::asr::moonshine::Moonshine::open(&installed)?)),
        _ => Err(unknown(&entry)),
    }
}

/// Open a voice.
///
/// # Errors
/// As [`recognizer`].
pub fn synthesizer(store: &Store, model: &str) -> Result<Box<dyn Synthesizer>> {
    let (entry, installed) = open(store, model, Task::Voice)?;
    match entry.architecture {
        Architecture::Hibari => Ok(Box::new(crate::tts::hibari::Hibari::open(&installed)?)),
        Architecture::Kokoro => {
            // Whoever speaks English alone need not install Mandarin's dictionaries.
            let dictionaries = match store.open(crate::text::mandarin::NAME) {
                Err(Error::NotInstalled { .. }) => None,
                found => Some(found?),
            };
            Ok(Box::new(crate::tts::kokoro::Kokoro::open(&installed, dictionaries)?))
        }
        _ => Err(unknown(&entry)),
    }
}

/// The model whose installation reads a language aloud, for [`names`].
#[must_use]
pub fn reader(language: Language) -> &'static str {
    match language {
        Language::Zh => crate::text::mandarin::NAME,
        Language::En => "hibari",
    }
}

/// Make a list of names ready to be found by their sound: each meaning, and the ways to say it. Mandarin is read with the dictionaries `mandarin`, English with those
/// of the voice `hibari`.
///
/// # Errors
/// As [`Store::open`]; [`Error::Input`] if no name can be read.
pub fn names<'a>(store: &Store, language: Language, entries: impl IntoIterator<Item = (&'a str, &'a [&'a str])>) -> Result<Names> {
    let installed = store.open(reader(language))?;
    match language {
        Language::Zh => Names::mandarin(Mandarin::open(&installed, None)?, entries),
        Language::En => {
            let tables = Tables::read(&installed.file(hibari::TABLES))?;
            Names::english(English::open(&tables, &installed.file(hibari::UNKNOWN))?, entries)
        }
    }
}

/// Open what reads a language aloud for voices.
///
/// # Errors
/// As [`recognizer`].
pub fn pronunciation(store: &Store, model: &str) -> Result<Mandarin> {
    let (entry, installed) = open(store, model, Task::Pronunciation)?;
    match entry.architecture {
        Architecture::Mandarin => Mandarin::open(&installed, None),
        _ => Err(unknown(&entry)),
    }
}

/// Open a language model.
///
/// # Errors
/// As [`recognizer`].
pub fn language_model(store: &Store, model: &str) -> Result<Box<dyn LanguageModel>> {
    let (entry, installed) = open(store, model, Task::LanguageModel)?;
    match entry.architecture {
        Architecture::SmolLm2 | Architecture::Qwen2 => Ok(Box::new(crate::llm::instruct::Instruct::open(&installed)?)),
        _ => Err(unknown(&entry)),
    }
}

/// Open a voice activity detector.
///
/// # Errors
/// As [`recognizer`].
pub fn voice_activity(store: &Store, model: &str) -> Result<Box<dyn VoiceActivity>> {
    let (entry, installed) = open(store, model, Task::VoiceActivity)?;
    match entry.architecture {
        Architecture::Silero => Ok(Box::new(crate::vad::silero::Silero::open(&installed)?)),
        _ => Err(unknown(&entry)),
    }
}

/// Open what tells the end of a turn.
///
/// # Errors
/// As [`recognizer`].
pub fn turn_detector(store: &Store, model: &str) -> Result<Box<dyn TurnDetector>> {
    let (entry, installed) = open(store, model, Task::EndOfTurn)?;
    match entry.architecture {
        Architecture::SmartTurn => Ok(Box::new(crate::turn::smart_turn::SmartTurn::open(&installed)?)),
        _ => Err(unknown(&entry)),
    }
}

/// Open what makes vectors of sentences.
///
/// # Errors
/// As [`recognizer`].
pub fn embedder(store: &Store, model: &str) -> Result<Box<dyn Embedder>> {
    let (entry, installed) = open(store, model, Task::Embedding)?;
    match entry.architecture {
        Architecture::MiniLm => Ok(Box::new(crate::embed::minilm::MiniLm::open(&installed)?)),
        _ => Err(unknown(&entry)),
    }
}

/// The name of the model that does `task` for that language unless another is asked for: the one of the profile `standard`.
///
/// # Errors
/// [`Error::Input`] if that profile has none.
pub fn default_model(store: &Store, task: Task, locale: Locale) -> Result<String> {
    let profiles = Profiles::of(store.catalog()?.as_ref())?;
    let name = profiles.get(ProfileName::default()).models(locale).of(task);
    let name = name.ok_or_else(|| Error::Input(format!("there is no default for {task} in `{locale}`; name a model")))?;
    Ok(name.to_string())
}

fn open(store: &Store, model: &str, task: Task) -> Result<(Entry, Installed)> {
    let entry = store.catalog()?.entry(model)?.clone();
    if entry.task != task {
        return Err(Error::Input(format!("model `{model}` does {}, not {task}", entry.task)));
    }
    Ok((entry, store.open(model)?))
}

fn unknown(entry: &Entry) -> Error {
    let Entry { name, architecture, task, .. } = entry;
    Error::Input(format!("this program has no {task} of the architecture {architecture:?}, which `{name}` needs"))
}
