//! Names from a list by their sound, where a turn is heard that is none of them.
//!
//! What reads a language aloud is opened when it is first needed: whoever speaks as the list is written never waits for it. Without it, names are found by
//! their words alone; that is said at once, so that it does not depend on what is heard.

use switchhook_models::asr::Transcript;
use switchhook_models::asr::grammar::Answer;
use switchhook_models::asr::grammar::common::Listed;
use switchhook_models::asr::grammar::sounds::Names;
use switchhook_models::catalog::{State, Store};
use switchhook_models::{Language, Result, open};

/// The names of a list, in each language that may be heard.
pub struct BySound<'a> {
    store: &'a Store,
    list: Vec<Listed>,
    readers: Vec<(Language, Reader)>,
}

/// What reads a language aloud.
enum Reader {
    /// It was not needed yet.
    Closed,
    Open(Box<Names>),
    /// It is not here, or cannot read this list.
    Absent,
}

impl<'a> BySound<'a> {
    /// Names of this list, in turns of these languages.
    pub fn of(store: &'a Store, list: Vec<Listed>, languages: &[Language]) -> Result<Self> {
        let mut readers = Vec::new();
        for &language in languages {
            let installed = matches!(store.state(open::reader(language))?, State::Installed { .. });
            if !installed && let Err(fault) = store.version(open::reader(language)) {
                tell(language, &fault);
            }
            readers.push((language, if installed { Reader::Closed } else { Reader::Absent }));
        }
        Ok(Self { store, list, readers })
    }

    /// The name that sounds most like what was heard, if any is near.
    pub fn closest(&mut self, heard: &Transcript) -> Result<Option<Answer>> {
        let Self { store, list, readers } = self;
        let Some((language, reader)) = readers.iter_mut().find(|(language, _)| *language == heard.language) else { return Ok(None) };
        if let Reader::Closed = reader {
            *reader = read(store, *language, list);
        }
        match reader {
            Reader::Open(names) => names.closest(&heard.text),
            Reader::Closed | Reader::Absent => Ok(None),
        }
    }
}

fn read(store: &Store, language: Language, list: &[Listed]) -> Reader {
    let ways: Vec<Vec<&str>> = list.iter().map(|listed| listed.ways.iter().map(String::as_str).collect()).collect();
    let entries = list.iter().zip(&ways).map(|(listed, ways)| (listed.meaning.as_str(), ways.as_slice()));
    match open::names(store, language, entries) {
        Ok(names) => Reader::Open(Box::new(names)),
        Err(fault) => {
            tell(language, &fault);
            Reader::Absent
        }
    }
}

/// Less is found; nothing failed.
fn tell(language: Language, fault: &switchhook_models::Error) {
    eprintln!("switchhook-models: names are not found by their sound in `{language}`: {fault}");
}
