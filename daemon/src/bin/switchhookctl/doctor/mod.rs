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
use serde::Serialize;
use switchhook::config::{self, Bus};

use super::output::{Output, Tone, json, line, shown};
use super::words::{Term, say, width};

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
pub struct Places {
    /// The configuration.
    pub config: PathBuf,
    /// The folder of secrets from which systemd hands them over.
    pub credentials: PathBuf,
}

/// Look at everything and tell it; fails if anything is wrong.
pub async fn examine(bus: &Bus, places: &Places, output: Output) -> anyhow::Result<()> {
    let findings = look(bus, places).await;
    if output.json {
        json(&findings)?;
    } else {
        line(&told(output, &findings))?;
    }
    let wrong = findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).count();
    if wrong == 0 { Ok(()) } else { bail!(say!("doctor-wrong", things = wrong)) }
}

/// Look at everything.
pub async fn look(bus: &Bus, places: &Places) -> Vec<Finding> {
    let (written, config) = match config::load(&places.config) {
        Ok(config) => (Finding::good("configuration", say!("doctor-configuration", path = places.config.as_path())), Some(config)),
        Err(problem) => (Finding::wrong("configuration", problem.to_string(), say!("doctor-configuration-remedy")), None),
    };
    let mut findings = vec![written];
    if let Some(config) = &config {
        findings.extend(office::look(config, &places.credentials));
    }
    findings.extend(machine::look(config.as_ref()));
    findings.extend(robot::look(bus, config.as_ref()).await);
    findings
}

/// So many columns of a terminal are for how it stands, and so many for what was looked at.
const VERDICT: usize = 8;
const PART: usize = 13;

/// A line for each, and what to do below it.
fn told(output: Output, findings: &[Finding]) -> String {
    let mut lines = Vec::new();
    for Finding { part, verdict, seen, remedy } in findings {
        let (tone, word) = verdict.word();
        // Colours have no width, so that columns are made before.
        let (word, part) = (width::padded(&word, VERDICT), width::padded(&Term::Examined.said(part), PART));
        lines.push(format!("{} {part} {}", output.paint(tone, &word), shown(seen)));
        lines.extend(remedy.as_ref().map(|remedy| format!("{:VERDICT$} {:PART$} -> {}", "", "", shown(remedy))));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{self, Language};

    #[test]
    fn what_is_to_be_done_stands_below_what_was_seen() {
        let findings = [Finding::good("clock", "it is set"), Finding::wrong("disk", "\x1b[2J3 MB", "make room")];
        let output = Output { json: false, colour: false };
        let lines = told(output, &findings);
        assert_eq!(
            lines.lines().collect::<Vec<_>>(),
            ["good     clock         it is set", "wrong    disk          \u{fffd}[2J3 MB", "                       -> make room"]
        );
        words::speak_here(Language::TraditionalChinese);
        let lines = told(output, &[Finding::wrong("disk", "剩 3 MB", "騰出空間"), Finding::good("service", "執行中")]);
        assert_eq!(
            lines.lines().collect::<Vec<_>>(),
            ["異常     磁碟          剩 3 MB", "                       -> 騰出空間", "良好     服務          執行中"],
            "Chinese characters are two columns wide"
        );
    }

    #[test]
    fn a_sentence_of_the_robot_s_is_parted_into_what_was_seen_and_what_to_do() {
        for sentence in ["it is not there; fetch it", "它不在；去取"] {
            let finding = Finding::of_sentence("people", Verdict::Doubtful, sentence, "see there");
            assert!(!finding.seen.contains(['；', ';']) && finding.remedy.is_some_and(|remedy| remedy != "see there"), "{sentence}");
        }
    }
}
