//! `switchhookctl config`: whether the configuration is sound, and what is in force. The files are read as the robot would read them at
//! its next start; it need not run, but to read them anew.

use anyhow::anyhow;
use serde_json::{Value, json};
use switchhook::config::{Bus, InForce, Written};
use switchhook::control::api::ManagerProxy;
use switchhook::service;

use super::cli::{ConfigFile, ConfigVerb, Waiting};
use super::house::Link;
use super::job;
use super::output::{Output, json as write_json, line, shown, told};
use super::words::say;

pub fn run(verb: &ConfigVerb, bus: &Bus, output: Output) -> anyhow::Result<()> {
    match verb {
        ConfigVerb::Check { file } => check(file, output),
        ConfigVerb::Reload { waiting } => reload(waiting, bus, output),
        ConfigVerb::Show { file, origin } => show(file, *origin, output),
    }
}

/// What is wrong is told by the room that found it; here it is only said of what.
pub fn unsound(problem: impl Into<anyhow::Error>) -> anyhow::Error {
    anyhow!(say!("configuration-unsound", problem = &problem.into()))
}

fn check(file: &ConfigFile, output: Output) -> anyhow::Result<()> {
    let checked = service::check(&file.config).map_err(unsound)?;
    if !output.json {
        for note in &checked.notes {
            line(&say!("note", note = shown(note)))?;
        }
    }
    let files: Vec<_> = checked.files.iter().map(|path| path.display().to_string()).collect();
    let sound = say!("configuration-sound-in", files = files.join(&say!("comma")));
    told(output, &json!({"done": true, "files": files, "notes": checked.notes}), &sound)
}

/// The robot reads it: what it finds is what counts.
fn reload(waiting: &Waiting, bus: &Bus, output: Output) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let link = Link::open(bus).await?;
        let manager = ManagerProxy::new(&link.connection).await.map_err(|error| link.explain(error))?;
        let path = manager.reload_configuration().await.map_err(|error| link.explain(error))?;
        if waiting.no_wait {
            return job::told_as_begun(&link, output, path.as_str()).await;
        }
        let row = job::follow(&link, output, path.as_str()).await?.sound()?;
        let (generation, changed) = (&row.result["generation"], &row.result["changed"]);
        let keys: Vec<&str> = changed.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let in_force = generation.as_u64().unwrap_or_default();
        let sentence = if keys.is_empty() {
            say!("reloaded-without-change", generation = in_force)
        } else {
            say!("reloaded", generation = in_force, changed = shown(&keys.join(&say!("comma"))))
        };
        told(output, &json!({"done": true, "generation": generation, "changed": keys}), &sentence)
    })
}

fn show(file: &ConfigFile, origin: bool, output: Output) -> anyhow::Result<()> {
    let written = Written::load(&file.config).map_err(unsound)?;
    let in_force = InForce::of(&written.config().map_err(unsound)?, &written);
    if !output.json {
        return line(in_force.toml(origin).trim_end());
    }
    let mut all = json!({"config": in_force.values()});
    if origin {
        all["origin"] = in_force.origins();
    }
    write_json(&all)
}
