//! `switchhookctl config`: whether the configuration is sound, and what is in force. The files are read as the robot would read them at
//! its next start; it need not run, but to read them anew.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use switchhook::config::{Bus, InForce, Written};
use switchhook::control::api::ManagerProxy;
use switchhook::service;

use super::house::Link;
use super::job::{self, Waiting};
use super::output::{Output, json as write_json, line, shown, told};
use super::words::say;

#[derive(Subcommand)]
pub enum ConfigVerb {
    /// Read the configuration and its scenario, and say what is wrong, in which file and line, and how to mend it. What may not be meant is noted.
    Check {
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Have the robot read its configuration and scenario anew, for calls from now on; calls that are on go on with theirs. Says what changed, or what is wrong
    /// and where: then nothing changes. What can be had only by a restart is refused, with all the rest.
    Reload {
        #[command(flatten)]
        waiting: Waiting,
    },
    /// Show the whole configuration as it is in force, with what is meant where nothing is written. It could stand in a file as it is shown.
    Show {
        #[command(flatten)]
        file: ConfigFile,
        /// Tell behind each value in which file and line it was written, or `default`.
        #[arg(long)]
        origin: bool,
    },
}

/// Which configuration.
#[derive(Args, Clone)]
pub struct ConfigFile {
    /// The configuration; the files in conf.d/ beside it are part of it.
    #[arg(long, default_value = "/etc/switchhook/switchhook.toml", value_name = "FILE")]
    pub config: PathBuf,
}

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
