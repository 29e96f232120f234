//! What was measured, as it is kept beside the page.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use switchhook_models::Language;
use switchhook_models::measured::Machine;

use super::score::Rate;

/// Everything that was measured, each part on its own day.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    pub speech: Option<Measured<Vec<Speech>>>,
    pub round_trip: Option<Measured<Vec<RoundTrip>>>,
    pub digits: Option<Measured<Vec<Digits>>>,
    #[serde(default)]
    pub names: Option<Measured<Vec<Names>>>,
    pub no_words: Option<Measured<Vec<NoWords>>>,
}

/// A part, and what has to be known of how it was measured.
#[derive(Debug, Serialize, Deserialize)]
pub struct Measured<T> {
    pub under: Circumstances,
    pub seconds: u64,
    pub found: T,
}

/// How, when and where something was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Circumstances {
    pub command: String,
    /// Of the beginning, in the time of Greenwich.
    pub date: String,
    pub machine: String,
    /// The commit that was measured, with `+` if there were changes besides.
    pub revision: String,
}

/// Words of people, by one engine in one condition.
#[derive(Debug, Serialize, Deserialize)]
pub struct Speech {
    pub engine: String,
    pub language: Language,
    pub condition: Condition,
    pub clips: usize,
    pub rate: Rate,
}

/// How a clip reaches the recogniser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// As it was recorded, at 16 kHz.
    Recorded,
    /// Through G.711.
    Line,
    /// The same, with 3 % of the packets lost.
    LossyLine,
    /// As it was recorded, with noise at 10 dB behind it.
    Noise,
    /// Both: noise at the caller's place, then G.711.
    NoisyLine,
}

/// Sentences that a voice spoke, by one recogniser.
#[derive(Debug, Serialize, Deserialize)]
pub struct RoundTrip {
    pub recogniser: String,
    pub language: Language,
    pub voices: Vec<String>,
    pub sentences: usize,
    /// In words of English, by the value of what is a number, a sum, a date or a time; `None` in Mandarin.
    pub words: Option<Rate>,
    pub characters: Rate,
    /// The values that were said and those that were not heard.
    pub values: Rate,
    /// What was said and heard where that is not alike.
    pub misheard: Vec<(String, String)>,
}

/// Single digits, by one recogniser.
#[derive(Debug, Serialize, Deserialize)]
pub struct Digits {
    pub recogniser: String,
    /// Who says them.
    pub set: String,
    pub language: Language,
    pub clips: usize,
    pub right: usize,
    /// The clip, and what was heard instead.
    pub wrong: Vec<(String, String)>,
}

/// Names, by one recogniser: led by the list alone, and with the list by sound behind it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Names {
    pub recogniser: String,
    pub language: Language,
    /// Times that a name of the list was said.
    pub inside: usize,
    pub right_led: usize,
    pub right_by_sound: usize,
    /// Times that another name was said.
    pub outside: usize,
    pub accepted_led: usize,
    pub accepted_by_sound: usize,
    /// What was said, heard and taken for it, where that is wrong in the end.
    pub wrong: Vec<(String, String, String)>,
}

/// Sounds that are no speech, by one recogniser.
#[derive(Debug, Serialize, Deserialize)]
pub struct NoWords {
    pub recogniser: String,
    pub turns: usize,
    pub minutes: f64,
    /// The turns in which words were heard: what it was, and the words.
    pub with_words: Vec<(String, String)>,
}

impl Results {
    /// What is kept in that file; nothing if there is none.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text)
                .with_context(|| format!("{} is not what this program keeps; move it away to begin anew", path.display())),
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(fault) => Err(fault).with_context(|| format!("{} cannot be read", path.display())),
        }
    }

    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
    }
}

impl<T> Measured<T> {
    /// What was found from `started` until now.
    pub fn now(found: T, under: &Circumstances, started: Instant) -> Self {
        Self { under: under.clone(), seconds: started.elapsed().as_secs(), found }
    }
}

impl Names {
    pub fn none_yet(recogniser: &str, language: Language) -> Self {
        let recogniser = recogniser.to_owned();
        Self {
            recogniser,
            language,
            inside: 0,
            right_led: 0,
            right_by_sound: 0,
            outside: 0,
            accepted_led: 0,
            accepted_by_sound: 0,
            wrong: Vec::new(),
        }
    }
}

impl Circumstances {
    /// Those of now. They are taken first: whoever waits for a long measurement goes on working.
    pub fn now() -> Self {
        let date = told("date", &["-u", "+%Y-%m-%d %H:%M"]);
        let changed = !told("git", &["status", "--porcelain", "--untracked-files=no", "--", "models", "daemon", "hil-tests"]).is_empty();
        let revision = told("git", &["rev-parse", "--short=10", "HEAD"]) + if changed { "+" } else { "" };
        Self { command: command(std::env::args().skip(1)), date, machine: machine(), revision }
    }
}

/// How this program was called. Where the speech lies, and where the page is written and sounds are kept, is another place on every machine.
fn command(mut arguments: impl Iterator<Item = String>) -> String {
    let mut command = "switchhook-hil".to_owned();
    while let Some(argument) = arguments.next() {
        if argument == "--page" {
            arguments.next();
            continue;
        }
        command.push(' ');
        command.push_str(&argument);
        if matches!(argument.as_str(), "--audio" | "--sounds" | "--scenarios") && arguments.next().is_some() {
            command.push_str(" DIR");
        }
    }
    command
}

/// The processor and how busy the machine was: the average load over the last minutes, on so many cores.
fn machine() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").ok().and_then(|text| text.split(' ').nth(2).map(str::to_owned)).unwrap_or_default();
    let profile = if cfg!(debug_assertions) { "development" } else { "release" };
    format!("{}, load {load}, {profile} build", Machine::here())
}

/// The first line of what a program says; empty if it cannot be asked.
fn told(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .and_then(|text| text.lines().next().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_tells_where_things_lie_on_the_machine_that_measured() {
        let called = "callers --voice --sounds /a/b --audio /c --page d.md --scenarios /e --calls 200";
        let told = command(called.split(' ').map(str::to_owned));
        assert_eq!(told, "switchhook-hil callers --voice --sounds DIR --audio DIR --scenarios DIR --calls 200");
    }
}
