//! After the files are written: models, the service, and a first call.

use std::process::Command;

use anyhow::{Context, bail};
use switchhook::config::{Bus, Written};
use switchhook::setup::Answers;

use super::place::Place;
use crate::house::{LineRow, Link};
use crate::output::{Output, line, shown};
use crate::watch::{self, Whose};
use crate::words::{Term, say};

/// Install the models of every language that is spoken: their fetcher shows how far it is.
pub fn fetch(answers: &Answers, place: &Place) -> anyhow::Result<()> {
    let dir = Written::load(&place.config)?.config()?.models.dir;
    for language in answers.language.iter().chain(answers.other_languages.iter().flatten()) {
        let mut fetch = Command::new("switchhook-models");
        fetch.arg("fetch").args(["--language", language]);
        fetch.args(answers.profile.iter().flat_map(|profile| ["--profile", profile.as_str()]));
        if let Some(dir) = &dir {
            fetch.arg("--models").arg(dir);
        }
        carry_out(fetch, || say!("setup-not-fetched"))?;
    }
    Ok(())
}

/// Have systemd read what it is told of secrets, and start the robot with it.
pub fn start() -> anyhow::Result<()> {
    for words in [&["daemon-reload"][..], &["enable", "switchhook"], &["restart", "switchhook"]] {
        let mut systemctl = Command::new("systemctl");
        systemctl.args(words);
        carry_out(systemctl, || say!("setup-not-started"))?;
    }
    Ok(())
}

fn carry_out(mut command: Command, otherwise: impl Fn() -> String) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| say!("cannot-run", program = &program))?;
    if status.success() { Ok(()) } else { bail!(otherwise()) }
}

/// Say what to dial, wait for the call, and show what happens in it.
pub fn test_call(bus: &Bus, output: Output) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let link = Link::open(bus).await?;
        for row in link.house().await?.lines {
            if !output.json {
                line(&shown(&how_to_call(&row)))?;
            }
        }
        watch::watch(&link, output, Whose::Next, true).await
    })
}

fn how_to_call(row: &LineRow) -> String {
    match (row.status.as_str(), row.kind.as_str()) {
        ("ready", "handset") => say!("setup-lift", line = &row.id),
        ("ready", _) => say!("setup-dial", address = &row.address),
        (status, _) => say!("setup-line-is", id = &row.id, status = Term::LineStatus.said(status), reason = &row.reason),
    }
}
