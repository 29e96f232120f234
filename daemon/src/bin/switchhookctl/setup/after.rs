//! After the files are written: models, the service, and a first call.

use std::process::Command;

use anyhow::{Context, bail};
use switchhook::config::{Bus, Written};
use switchhook::setup::Answers;

use super::place::Place;
use crate::house::{LineRow, Link};
use crate::output::{Output, line, shown};
use crate::watch::{self, Whose};

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
        carry_out(fetch, "the models could not be fetched; what is there already is kept, and `switchhook-models fetch` goes on with it")?;
    }
    Ok(())
}

/// Have systemd read what it is told of secrets, and start the robot with it.
pub fn start() -> anyhow::Result<()> {
    for words in [&["daemon-reload"][..], &["enable", "switchhook"], &["restart", "switchhook"]] {
        let mut systemctl = Command::new("systemctl");
        systemctl.args(words);
        carry_out(systemctl, "the robot could not be started; `journalctl -x -u switchhook` says why")?;
    }
    Ok(())
}

fn carry_out(mut command: Command, otherwise: &'static str) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{program} cannot be run: is it installed?"))?;
    if status.success() { Ok(()) } else { bail!("{otherwise}") }
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
        ("ready", "handset") => format!("lift the handset: `switchhookctl line off-hook {}`", row.id),
        ("ready", _) => format!("call {}, or the number by which your gateway reaches its account", row.address),
        (status, _) => format!("line {} is {status}: {}", row.id, row.reason),
    }
}
