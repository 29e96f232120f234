//! `switchhookctl config`: whether the configuration is sound, and what is in force. The files are read as the robot would read them at
//! its next start; it need not run.

use serde_json::json;
use switchhook::config::{InForce, Written};
use switchhook::service;

use super::cli::{ConfigFile, ConfigVerb};
use super::output::{Output, json as write_json, line, shown, told};

pub fn run(verb: &ConfigVerb, output: Output) -> anyhow::Result<()> {
    match verb {
        ConfigVerb::Check { file } => check(file, output),
        ConfigVerb::Show { file, origin } => show(file, *origin, output),
    }
}

fn check(file: &ConfigFile, output: Output) -> anyhow::Result<()> {
    let checked = service::check(&file.config)?;
    if !output.json {
        for note in &checked.notes {
            line(&format!("note: {}", shown(note)))?;
        }
    }
    let files: Vec<_> = checked.files.iter().map(|path| path.display().to_string()).collect();
    let sound = format!("the configuration is sound: {}", files.join(", "));
    told(output, &json!({"done": true, "files": files, "notes": checked.notes}), &sound)
}

fn show(file: &ConfigFile, origin: bool, output: Output) -> anyhow::Result<()> {
    let written = Written::load(&file.config)?;
    let in_force = InForce::of(&written.config()?, &written);
    if !output.json {
        return line(in_force.toml(origin).trim_end());
    }
    let mut all = json!({"config": in_force.values()});
    if origin {
        all["origin"] = in_force.origins();
    }
    write_json(&all)
}
