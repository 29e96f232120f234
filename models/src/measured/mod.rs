//! What was measured of the installed models on this machine, kept beside them.
//!
//! How fast a model is depends on the machine, so no catalog can tell it: the tool measures it here (`switchhook-models bench`) and keeps the [`Measured`]
//! of each model as a file of its own, `.measured/NAME.json` in the store, which appears by a single rename. A store may have been copied from
//! another board, its models renewed, its files damaged: what was kept is believed only if it is whole, of this installation of the model, and of this
//! [`Machine`]. Everything else is as if it had never been measured, with the reason ([`Kept::Useless`]).

mod figures;
mod machine;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::figures::{Figures, Sentence, Speed, Turn};
pub use self::machine::{Machine, peak_memory, peak_memory_of};
use crate::catalog::{ModelName, Store};
use crate::{Error, Result};

/// The folder in a store. No model is called so: names begin with a letter.
const FOLDER: &str = ".measured";
/// The form of the files. Raised whenever a figure changes its meaning.
const FORMAT: u32 = 1;
/// A file is far smaller.
const MOST_BYTES: u64 = 64 << 10;
/// More than any name, version or time of ours has.
const LONGEST_TEXT: usize = 200;

/// What was measured of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    format: u32,
    /// The catalog's name of the model.
    pub model: String,
    /// Which installation of it ([`Store::version`]).
    pub installation: String,
    /// The version of the program that measured.
    pub program: String,
    /// When, in RFC 3339 and UTC.
    pub measured_at: String,
    /// Where.
    pub machine: Machine,
    /// How often everything was done: times are medians of so many.
    pub runs: usize,
    /// What came out.
    pub figures: Figures,
}

/// What a store has of a model's figures.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// It was never measured here.
    Nothing,
    /// What was measured last.
    Last(Box<Measured>),
    /// There is something that does not tell how fast the model is here.
    Useless {
        /// Why, for a reader.
        why: String,
    },
}

impl Measured {
    /// What was just measured of an installed model on this machine.
    ///
    /// # Errors
    /// As [`Store::version`].
    pub fn now(store: &Store, model: &str, runs: usize, figures: Figures) -> Result<Self> {
        Ok(Self {
            format: FORMAT,
            model: model.to_owned(),
            installation: store.version(model)?,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            measured_at: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            machine: Machine::here(),
            runs,
            figures,
        })
    }

    /// The day, as `2026-03-14`.
    #[must_use]
    pub fn day(&self) -> &str {
        self.measured_at.split('T').next().unwrap_or_default()
    }

    /// Keep it in the store, in place of what was measured before.
    ///
    /// # Errors
    /// [`Error::Io`] if the store cannot be written to.
    pub fn keep(&self, store: &Store) -> Result<()> {
        let path = path(store, &self.model)?;
        let folder = path.parent().unwrap_or(store.dir());
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        let mut text = serde_json::to_string_pretty(self).map_err(|fault| Error::Format { path: path.clone(), what: fault.to_string() })?;
        text.push('\n');
        // Whoever may read the models may read how fast they are.
        let readable = std::fs::Permissions::from_mode(0o644);
        let mut file = tempfile::Builder::new().permissions(readable).tempfile_in(folder).map_err(Error::io(folder))?;
        file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(Error::io(&path))?;
        file.persist(&path).map_err(|fault| Error::io(&path)(fault.error))?;
        Ok(())
    }

    /// What the store has of a model.
    ///
    /// # Errors
    /// [`Error::UnknownModel`].
    pub fn last(store: &Store, model: &str) -> Result<Kept> {
        let path = path(store, model)?;
        let installation = match store.version(model) {
            Ok(installation) => installation,
            Err(fault @ Error::UnknownModel { .. }) => return Err(fault),
            // What is not installed, or not whole, has no speed.
            Err(_) => return Ok(Kept::Nothing),
        };
        let useless = |why: String| Ok(Kept::Useless { why: format!("{}: {why}", path.display()) });
        let measured = match read(&path) {
            Ok(Some(measured)) => measured,
            Ok(None) => return Ok(Kept::Nothing),
            Err(why) => return useless(why),
        };
        if measured.model != model {
            return useless("it belongs to another model".to_owned());
        }
        if measured.installation != installation {
            return useless("it was measured before the model was installed anew".to_owned());
        }
        // How many of its cores we may use differs from one service or container to the next; it is the same machine.
        if measured.machine.processor != Machine::here().processor {
            return useless(format!("it was measured on another machine ({})", measured.machine));
        }
        Ok(Kept::Last(Box::new(measured)))
    }

    /// Whether it can be shown and computed with, wherever it came from. The error is for a reader.
    fn check(&self) -> Result<(), String> {
        if self.format != FORMAT {
            return Err(format!("it has form {}, and this program reads form {FORMAT}", self.format));
        }
        for text in [&self.model, &self.installation, &self.program, &self.measured_at, &self.machine.processor] {
            if text.len() > LONGEST_TEXT || text.chars().any(char::is_control) {
                return Err("it holds a text that is none of ours".to_owned());
            }
        }
        if self.measured_at.parse::<Timestamp>().is_err() {
            return Err(format!("`{}` is no time", self.measured_at));
        }
        self.figures.check()
    }
}

fn path(store: &Store, model: &str) -> Result<PathBuf> {
    let name = ModelName::new(model).ok_or_else(|| Error::UnknownModel { name: model.to_owned() })?;
    Ok(store.dir().join(FOLDER).join(format!("{name}.json")))
}

/// The file's content, if there is a file. The error is for a reader.
fn read(path: &Path) -> Result<Option<Measured>, String> {
    match path.symlink_metadata() {
        // A pipe would keep us waiting.
        Ok(found) if !found.is_file() => return Err("it is no file".to_owned()),
        Err(fault) if matches!(fault.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => return Ok(None),
        _ => {}
    }
    let file = File::open(path).map_err(|fault| fault.to_string())?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|fault| fault.to_string())?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("it is longer than {MOST_BYTES} bytes"));
    }
    let measured: Measured = serde_json::from_slice(&bytes).map_err(|fault| format!("it is damaged: {fault}"))?;
    measured.check()?;
    Ok(Some(measured))
}
