//! Going live: a scenario is checked, tried, kept as a version, and followed by the robot from the next call on; and back.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use switchhook::config::Bus;
use switchhook::control::api::ScenarioProxy;
use switchhook::dialog::rehearsal::Conversations;
use switchhook::dialog::{Circumstances, Scenario};

use super::shelf::{Shelf, Version, contents, short};
use crate::house::Link;
use crate::job::{self, Waiting};
use crate::output::{Output, Tone, json, line, moment, shown, told};
use crate::table::cell;
use crate::words::{columns, say};

/// Make the scenario in `dir` the one that the robot follows.
pub fn activate(
    dir: &Path,
    shelf: &Shelf,
    untested: bool,
    keep: usize,
    waiting: &Waiting,
    bus: &Bus,
    output: Output,
) -> anyhow::Result<()> {
    let name = name_of(dir)?;
    let played = try_out(dir)?;
    match played {
        Tried { failed: 0, played: 0 } if !untested => {
            bail!(say!("scenario-untried", dir = dir))
        }
        Tried { failed, played } if failed > 0 && !untested => {
            bail!(say!("scenario-tried-in-vain", failed = failed, played = played, dir = dir))
        }
        Tried { .. } => {}
    }
    let version = shelf.keep(&name, &contents(dir)?)?;
    shelf.activate(&name, &version)?;
    shelf.prune(&name, keep.max(1))?;
    live(&name, &version, shelf, waiting, bus, output)
}

/// Make an earlier version the one that the robot follows: that which went live before the present one, or this.
pub fn rollback(name: &str, to: Option<&str>, shelf: &Shelf, waiting: &Waiting, bus: &Bus, output: Output) -> anyhow::Result<()> {
    let version = match to {
        Some(begins) => shelf.find(name, begins)?,
        None => {
            let earlier = shelf.versions(name)?.into_iter().find(|version| !version.active);
            earlier.with_context(|| say!("scenario-no-other-version", name = name))?
        }
    };
    shelf.activate(name, &version.version)?;
    live(name, &version.version, shelf, waiting, bus, output)
}

/// Tell the robot, and whoever asked.
fn live(name: &str, version: &str, shelf: &Shelf, waiting: &Waiting, bus: &Bus, output: Output) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let taken = runtime.block_on(tell(waiting, bus, output));
    let link = shelf.link(name);
    let (robot, shown) = match &taken {
        Ok(Told::Begun(job)) => ("told", say!("scenario-now-begun", name = name, version = short(version), number = *job)),
        Ok(Told::Follows(running)) if *running == name => ("follows", say!("scenario-now-followed", name = name, version = short(version))),
        Ok(Told::Follows(other)) => {
            let place = format!("{link:?}");
            ("another", say!("scenario-now-beside", name = name, version = short(version), other = other, link = place))
        }
        Err(why) => {
            let (place, why) = (format!("{link:?}"), format!("{why:#}"));
            ("not-told", say!("scenario-now-untold", name = name, version = short(version), why = why, link = place))
        }
    };
    let record = json!({"done": true, "scenario": name, "version": version, "path": link, "robot": robot});
    told(output, &record, &shown)
}

/// What came of telling the robot.
enum Told {
    /// It follows the scenario of this name, read anew.
    Follows(String),
    /// It reads it anew, as this job.
    Begun(u64),
}

async fn tell(waiting: &Waiting, bus: &Bus, output: Output) -> anyhow::Result<Told> {
    let link = Link::open(bus).await?;
    let scenario = ScenarioProxy::new(&link.connection).await.map_err(|error| link.explain(error))?;
    let path = scenario.reload().await.map_err(|error| link.explain(error))?;
    if waiting.no_wait {
        return Ok(Told::Begun(job::look(&link, path.as_str()).await?.job));
    }
    let row = job::follow(&link, output, path.as_str()).await?.sound()?;
    Ok(Told::Follows(row.result["scenario"].as_str().unwrap_or_default().to_owned()))
}

/// Have the robot play the conversations of the scenario that it follows, beside its calls.
pub fn test(waiting: &Waiting, bus: &Bus, output: Output) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let link = Link::open(bus).await?;
        let scenario = ScenarioProxy::new(&link.connection).await.map_err(|error| link.explain(error))?;
        let path = scenario.test().await.map_err(|error| link.explain(error))?;
        if waiting.no_wait {
            return job::told_as_begun(&link, output, path.as_str()).await;
        }
        let row = job::follow(&link, output, path.as_str()).await?.sound()?;
        if output.json {
            json(&row)?;
        } else {
            row.result["faults"].as_array().into_iter().flatten().filter_map(Value::as_str).try_for_each(|fault| line(&shown(fault)))?;
        }
        let (played, failed) = (&row.result["conversations"], row.result["failed"].as_u64().unwrap_or_default());
        let played = played.as_u64().unwrap_or_default();
        ensure!(failed == 0, say!("scenario-failed", failed = failed, played = played));
        if output.json { Ok(()) } else { line(&say!("scenario-passed", played = played)) }
    })
}

/// How the conversations of a scenario went.
struct Tried {
    played: usize,
    failed: usize,
}

/// Read it in every language, and play its conversations by text.
fn try_out(dir: &Path) -> anyhow::Result<Tried> {
    let mut tried = Tried { played: 0, failed: 0 };
    for locale in Scenario::languages(dir)? {
        let scenario = Arc::new(Scenario::load(dir, locale)?);
        for (_, file) in Conversations::load(dir, locale)? {
            for conversation in &file.conversations {
                tried.played += 1;
                tried.failed += usize::from(!conversation.play(&scenario, &Circumstances::at(file.now())).faults.is_empty());
            }
        }
    }
    Ok(tried)
}

/// A folder's name, which is the scenario's.
pub fn name_of(dir: &Path) -> anyhow::Result<String> {
    let whole = dir.canonicalize().with_context(|| say!("not-there", path = dir))?;
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    ensure!(!name.is_empty() && !name.starts_with('.'), say!("scenario-without-name", dir = dir));
    Ok(name)
}

/// Show the versions of one scenario, or of all.
pub fn list(name: Option<&str>, shelf: &Shelf, output: Output) -> anyhow::Result<()> {
    let names = match name {
        Some(name) => vec![name.to_owned()],
        None => shelf.names()?,
    };
    let mut all: Vec<(String, Version)> = Vec::new();
    for name in names {
        all.extend(shelf.versions(&name)?.into_iter().map(|version| (name.clone(), version)));
    }
    if output.json {
        let records: Vec<_> = all
            .iter()
            .map(|(name, version)| json!({"scenario": name, "version": version.version, "activated": version.activated, "active": version.active, "path": version.path}))
            .collect();
        return json(&records);
    }
    if all.is_empty() {
        return line(&say!("scenario-nothing-activated"));
    }
    let mut table = output.table(columns(["scenario", "version", "activated", ""]));
    for (name, version) in &all {
        let active = if version.active { cell(Tone::Good, &say!("scenario-active")) } else { cell(Tone::Quiet, "") };
        table.row([name.as_str().into(), short(&version.version).into(), moment(&version.activated.to_string()).into(), active]);
    }
    line(&table.to_string())
}

/// Show what a version is for, and by which versions records name it.
pub fn show(name: &str, begins: Option<&str>, shelf: &Shelf, output: Output) -> anyhow::Result<()> {
    let version = match begins {
        Some(begins) => shelf.find(name, begins)?,
        None => shelf
            .versions(name)?
            .into_iter()
            .find(|version| version.active)
            .with_context(|| say!("scenario-never-activated", name = name))?,
    };
    let mut languages = Vec::new();
    let mut goal = String::new();
    for locale in Scenario::languages(&version.path)? {
        let scenario = Scenario::load(&version.path, locale)?;
        languages.push(json!({"language": locale, "passages": scenario.knowledge.len(), "flows": scenario.flows.len(), "recorded_as": scenario.version}));
        goal = scenario.goal;
    }
    let record = json!({"scenario": name, "version": version.version, "active": version.active, "activated": version.activated, "path": version.path, "goal": goal, "languages": languages});
    let named = short(&version.version);
    let named = if version.active { say!("scenario-show-active", name = name, version = named) } else { format!("{name} {named}") };
    let mut shown = format!("{named}\n{goal}\n{}", version.path.display());
    for language in &languages {
        let count = |of: &str| language[of].as_u64().unwrap_or_default();
        let tag = language["language"].as_str().unwrap_or_default();
        shown.push_str(&format!(
            "\n{}",
            say!("scenario-show-language", language = tag, passages = count("passages"), flows = count("flows"))
        ));
    }
    told(output, &record, &shown)
}
