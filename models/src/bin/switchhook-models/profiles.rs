//! `profiles`: which models a board of each size loads, for each language.

use serde::Serialize;
use switchhook_models::catalog::profiles::{ProfileModels, ProfileName, Profiles};
use switchhook_models::catalog::{Catalog, ModelName, Store};
use switchhook_models::{Locale, Result};

use crate::Done;
use crate::output::Output;

#[derive(Serialize)]
struct Row<'a> {
    profile: ProfileName,
    purpose: &'a str,
    language: Locale,
    recognizer: &'a str,
    voice: &'a str,
    vad: &'a str,
    turn: &'a str,
    language_model: Option<&'a str>,
    embedding: Option<&'a str>,
    /// Of all of these, and of what they need beside them.
    installed_mb: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_memory_mb: Option<u32>,
}

pub fn run(store: &Store, output: &mut Output) -> Result<Done> {
    let catalog = store.catalog()?;
    let profiles = Profiles::of(&catalog)?;
    for name in ProfileName::ALL {
        let profile = profiles.get(name);
        if !output.is_json() {
            output.piece(&format!("{name}: {}\n", profile.purpose))?;
        }
        for locale in Locale::ALL {
            let models = profile.models(locale);
            let row = Row {
                profile: name,
                purpose: &profile.purpose,
                language: locale,
                recognizer: models.recognizer.as_str(),
                voice: models.voice.as_str(),
                vad: models.vad.as_str(),
                turn: models.turn.as_str(),
                language_model: models.language_model.as_ref().map(ModelName::as_str),
                embedding: models.embedding.as_ref().map(ModelName::as_str),
                installed_mb: installed(&catalog, models)?,
                peak_memory_mb: models.peak_memory.map(|peak| peak.0),
            };
            output.result(&row, || text(&row))?;
        }
    }
    Ok(Done::All)
}

fn installed(catalog: &Catalog, models: &ProfileModels) -> Result<u32> {
    Ok(catalog.with_needs(models.names())?.iter().map(|entry| entry.installed_size.0).sum())
}

fn text(row: &Row<'_>) -> String {
    let memory = row.peak_memory_mb.map(|peak| format!(", {peak} MB in memory at most")).unwrap_or_default();
    format!(
        "    {:7} {:15} {:11} {:11} {:11} {:23} {:17} {} MB on disk{memory}",
        row.language.tag(),
        row.recognizer,
        row.voice,
        row.vad,
        row.turn,
        row.language_model.unwrap_or("-"),
        row.embedding.unwrap_or("-"),
        row.installed_mb,
    )
}
