//! `switchhookctl doctor`: what is wrong with this robot, and what to do about it.
//!
//! Each room looks at one side: what the office wrote down and installed ([`office`]), the machine ([`machine`]), and the robot itself ([`robot`]). A look
//! never fails: what cannot be seen is told as unknown, with what would show it.

mod machine;
mod office;
mod robot;

use std::path::PathBuf;

use anyhow::bail;
use serde::Serialize;
use switchhook::config::{self, Bus};

use super::output::{Output, Tone, json, line, shown};

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
    fn word(self) -> (Tone, &'static str) {
        match self {
            Self::Good => (Tone::Good, "good"),
            Self::Unknown => (Tone::Quiet, "unknown"),
            Self::Doubtful => (Tone::Busy, "doubtful"),
            Self::Wrong => (Tone::Bad, "wrong"),
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
        let (seen, remedy) = sentence.split_once("; ").unwrap_or((sentence, otherwise));
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
    match wrong {
        0 => Ok(()),
        1 => bail!("one thing is wrong"),
        _ => bail!("{wrong} things are wrong"),
    }
}

/// Look at everything.
pub async fn look(bus: &Bus, places: &Places) -> Vec<Finding> {
    let (written, config) = match config::load(&places.config) {
        Ok(config) => (Finding::good("configuration", format!("{} is sound", places.config.display())), Some(config)),
        Err(problem) => {
            (Finding::wrong("configuration", problem.to_string(), "mend it; `switchhookctl config check` tries it again"), None)
        }
    };
    let mut findings = vec![written];
    if let Some(config) = &config {
        findings.extend(office::look(config, &places.credentials));
    }
    findings.extend(machine::look(config.as_ref()));
    findings.extend(robot::look(bus, config.as_ref()).await);
    findings
}

/// A line for each, and what to do below it.
fn told(output: Output, findings: &[Finding]) -> String {
    let mut lines = Vec::new();
    for Finding { part, verdict, seen, remedy } in findings {
        let (tone, word) = verdict.word();
        // Colours have no width, so that columns are made before.
        lines.push(format!("{} {part:13} {}", output.paint(tone, &format!("{word:8}")), shown(seen)));
        lines.extend(remedy.as_ref().map(|remedy| format!("{:8} {:13} -> {}", "", "", shown(remedy))));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_done_stands_below_what_was_seen() {
        let findings = [Finding::good("clock", "it is set"), Finding::wrong("disk", "\x1b[2J3 MB", "make room")];
        let output = Output { json: false, colour: false };
        let lines = told(output, &findings);
        assert_eq!(
            lines.lines().collect::<Vec<_>>(),
            ["good     clock         it is set", "wrong    disk          \u{fffd}[2J3 MB", "                       -> make room"]
        );
    }
}
