//! `switchhookctl doctor`: what is wrong with this robot, and what to do about it.
//!
//! Each room looks at one side: what the office wrote down and installed ([`office`]), the machine ([`machine`]), and the robot itself ([`robot`]). A look
//! never fails: what cannot be seen is told as unknown, with what would show it.

mod certificate;
mod machine;
mod office;
mod robot;

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use serde::Serialize;
use switchhook::config::{self, Bus};

use super::config::ConfigFile;
use super::output::{self, Output, Tone, json, line, shown};
use super::words::{self, Term, Words, say, width};

/// How it stands with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Nobody could look.
    Unknown,
    /// It works, and may not for long, or not as it is meant.
    Doubtful,
    /// Callers suffer from it.
    Wrong,
}

impl Verdict {
    fn word(self) -> (Tone, String) {
        match self {
            Self::Good => (Tone::Good, say!("verdict-good")),
            Self::Unknown => (Tone::Quiet, say!("verdict-unknown")),
            Self::Doubtful => (Tone::Busy, say!("verdict-doubtful")),
            Self::Wrong => (Tone::Bad, say!("verdict-wrong")),
        }
    }
}

/// What was seen of one thing.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    part: &'static str,
    verdict: Verdict,
    /// What was seen.
    seen: String,
    /// What to do; nothing where all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Finding {
    fn good(part: &'static str, seen: impl Into<String>) -> Self {
        Self { part, verdict: Verdict::Good, seen: seen.into(), remedy: None }
    }

    fn unknown(part: &'static str, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { part, verdict: Verdict::Unknown, seen: seen.into(), remedy: Some(remedy.into()) }
    }

    fn doubtful(part: &'static str, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { part, verdict: Verdict::Doubtful, seen: seen.into(), remedy: Some(remedy.into()) }
    }

    /// What one of the robot's own sentences says: what it saw, and behind a semicolon what to do. `otherwise` is done where it tells nothing.
    fn of_sentence(part: &'static str, verdict: Verdict, sentence: &str, otherwise: &str) -> Self {
        let parts = sentence.split_once("; ").or_else(|| sentence.split_once('；'));
        let (seen, remedy) = parts.unwrap_or((sentence, otherwise));
        Self { part, verdict, seen: seen.into(), remedy: Some(remedy.into()) }
    }

    fn wrong(part: &'static str, seen: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { part, verdict: Verdict::Wrong, seen: seen.into(), remedy: Some(remedy.into()) }
    }
}

/// Where to look.
#[derive(Args)]
pub struct Places {
    #[command(flatten)]
    pub file: ConfigFile,
    /// The folder of secrets that systemd hands over.
    #[arg(long, value_name = "DIR", default_value = "/etc/switchhook/credentials")]
    pub credentials: PathBuf,
}

/// Look at everything and tell it; fails if anything is wrong.
pub async fn examine(bus: &Bus, places: &Places, output: Output) -> anyhow::Result<()> {
    let findings = look(bus, places, words::spoken()).await;
    if output.json {
        json(&findings)?;
    } else {
        line(&told(output, output::columns(), &findings))?;
    }
    let wrong = findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).count();
    if wrong == 0 { Ok(()) } else { bail!(say!("doctor-wrong", things = wrong)) }
}

/// Look at everything, and say it in these words.
pub async fn look(bus: &Bus, places: &Places, words: &'static Words) -> Vec<Finding> {
    let path = places.file.config.as_path();
    let (written, config) = match config::load(path) {
        Ok(config) => (Finding::good("configuration", say!(in words, "doctor-configuration", path = path)), Some(config)),
        Err(problem) => (Finding::wrong("configuration", problem.to_string(), say!(in words, "doctor-configuration-remedy")), None),
    };
    let mut findings = vec![written];
    if let Some(config) = &config {
        findings.extend(office::look(config, &places.credentials, words));
    }
    findings.extend(machine::look(config.as_ref(), words));
    findings.extend(robot::look(bus, config.as_ref(), words).await);
    findings
}

/// So many columns of a terminal are for how it stands, and so many for what was looked at.
const VERDICT: usize = 8;
const PART: usize = 13;

/// A line for each, and what to do below it; both are folded to so many columns, where there is a terminal.
fn told(output: Output, columns: Option<usize>, findings: &[Finding]) -> String {
    let mut lines = Vec::new();
    for Finding { part, verdict, seen, remedy } in findings {
        let (tone, word) = verdict.word();
        // Colours have no width, so that columns are made before.
        let (word, part) = (width::padded(&word, VERDICT), width::padded(&Term::Examined.said(part), PART));
        let behind = VERDICT + 1 + PART + 1;
        let hung = |text: &str, behind| columns.map_or_else(|| text.to_owned(), |columns| width::hung(text, behind, columns));
        lines.push(format!("{} {part} {}", output.paint(tone, &word), hung(&shown(seen), behind)));
        lines.extend(remedy.as_ref().map(|remedy| format!("{:behind$}-> {}", "", hung(&shown(remedy), behind + 3))));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn what_is_to_be_done_stands_below_what_was_seen() {
        let findings = [Finding::good("clock", "it is set"), Finding::wrong("disk", "\x1b[2J3 MB", "make room")];
        let output = Output { json: false, colour: false };
        let lines = told(output, None, &findings);
        assert_eq!(
            lines.lines().collect::<Vec<_>>(),
            ["good     clock         it is set", "wrong    disk          \u{fffd}[2J3 MB", "                       -> make room"]
        );
        words::speak_here(Language::TraditionalChinese);
        let lines = told(output, None, &[Finding::wrong("disk", "剩 3 MB", "騰出空間"), Finding::good("service", "執行中")]);
        assert_eq!(
            lines.lines().collect::<Vec<_>>(),
            ["異常     磁碟          剩 3 MB", "                       -> 騰出空間", "良好     服務          執行中"],
            "Chinese characters are two columns wide"
        );
    }

    #[test]
    fn a_terminal_is_not_left_on_the_right() {
        let output = Output { json: false, colour: false };
        let lines = told(output, Some(40), &[Finding::wrong("disk", "3 MB are free on it", "make room, or take another")]);
        let expected = [
            "wrong    disk          3 MB are free on",
            "                       it",
            "                       -> make room, or",
            "                          take another",
        ];
        assert_eq!(lines.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_sentence_of_the_robot_s_is_parted_into_what_was_seen_and_what_to_do() {
        for sentence in ["it is not there; fetch it", "它不在；去取"] {
            let finding = Finding::of_sentence("people", Verdict::Doubtful, sentence, "see there");
            assert!(!finding.seen.contains(['；', ';']) && finding.remedy.is_some_and(|remedy| remedy != "see there"), "{sentence}");
        }
    }
}
