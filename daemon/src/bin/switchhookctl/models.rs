//! `switchhookctl models` and `switchhookctl model`: what the robot hears, thinks and speaks with.

use anyhow::bail;
use clap::Subcommand;
use serde::Serialize;
use switchhook::control::api::{self, ModelProxy};

use super::house::{Link, Properties, json_dict, text};
use super::job::{self, Waiting};
use super::output::{Output, Tone, json, line, shown};
use super::table::cell;
use super::words::{Term, columns, say};

#[derive(Subcommand)]
pub enum ModelVerb {
    /// Fetch it and what it needs, check it and install it. The robot uses it from when its configuration names it and is read anew.
    Fetch {
        /// As `switchhookctl models` names it.
        name: String,
        #[command(flatten)]
        waiting: Waiting,
    },
}

/// A model of the catalog.
#[derive(Clone, Debug, Serialize)]
pub struct ModelRow {
    pub model: String,
    pub role: String,
    pub languages: Vec<String>,
    pub state: String,
    pub damage: String,
    pub in_use: bool,
    pub bytes: u64,
    pub memory_bytes: u64,
    pub licence: String,
    pub needs: Vec<String>,
    pub purpose: String,
}

impl ModelRow {
    pub fn read(properties: &Properties) -> Self {
        let told = json_dict(properties);
        let get = |name: &str| told.get(name).cloned().unwrap_or_default();
        let list = |name: &str| serde_json::from_value(get(name)).unwrap_or_default();
        Self {
            model: text(properties, "Name"),
            role: text(properties, "Role"),
            languages: list("Languages"),
            state: text(properties, "State"),
            damage: text(properties, "Damage"),
            in_use: get("InUse").as_bool().unwrap_or_default(),
            bytes: get("Size").as_u64().unwrap_or_default(),
            memory_bytes: get("Memory").as_u64().unwrap_or_default(),
            licence: text(properties, "Licence"),
            needs: list("Needs"),
            purpose: text(properties, "Purpose"),
        }
    }
}

pub async fn list(link: &Link, output: Output) -> anyhow::Result<()> {
    let models = link.house().await?.models;
    if output.json {
        return json(&models);
    }
    let mut table = output.table(columns(["model", "role", "languages", "state", "", "disk", "memory", "licence"]));
    for row in &models {
        let tone = match row.state.as_str() {
            "installed" => Tone::Good,
            "damaged" => Tone::Bad,
            _ => Tone::Quiet,
        };
        let languages = if row.languages.is_empty() { say!("any-language") } else { row.languages.join(&say!("comma")) };
        table.row([
            cell(Tone::Strong, &row.model),
            shown(&Term::Role.said(&row.role)).into(),
            shown(&languages).into(),
            cell(tone, &Term::ModelState.said(&row.state)),
            if row.in_use { say!("model-in-use") } else { String::new() }.into(),
            megabytes(row.bytes).into(),
            megabytes(row.memory_bytes).into(),
            shown(&row.licence).into(),
        ]);
    }
    line(&table.to_string())?;
    for row in models.iter().filter(|row| !row.damage.is_empty()) {
        line(&say!("model-damaged", model = &row.model, damage = shown(&row.damage)))?;
    }
    Ok(())
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

pub async fn fetch(ModelVerb::Fetch { name, waiting }: &ModelVerb, link: &Link, output: Output) -> anyhow::Result<()> {
    if !link.house().await?.models.iter().any(|row| row.model == *name) {
        bail!(say!("no-such-model", name = format!("{name:?}")));
    }
    let model = ModelProxy::builder(&link.connection).path(api::model_path(name)).build().await?;
    let path = model.fetch().await.map_err(|error| link.explain(error))?;
    if waiting.no_wait {
        return job::told_as_begun(link, output, path.as_str()).await;
    }
    let row = job::follow(link, output, path.as_str()).await?.sound()?;
    if output.json {
        return json(&row);
    }
    let new: Vec<String> = serde_json::from_value(row.result["new"].clone()).unwrap_or_default();
    if new.is_empty() {
        return line(&say!("model-was-installed", name = name));
    }
    line(&say!("models-installed", names = shown(&new.join(&say!("comma")))))
}
