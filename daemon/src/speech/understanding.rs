//! A scenario made ready to understand more than its words: in Mandarin by their sound, by their meaning where a model makes vectors, and by what the
//! language model makes of them, as far as it is believed.

use std::sync::Arc;

use switchhook_models::catalog::Store;
use switchhook_models::embed::Embedder;
use switchhook_models::text::mandarin;
use switchhook_models::{Cancel, Error, Language, Result, open};

use crate::config::Models;
use crate::dialog::{Calibration, Scenario};

/// The scenario, and what makes vectors of what callers say to it. Blocking: it reads models.
///
/// # Errors
/// Names the model and the command that repairs it. Without the Mandarin dictionaries, characters have to do.
pub fn understanding(scenario: Scenario, store: &Store, models: &Models) -> Result<(Scenario, Option<Arc<dyn Embedder>>)> {
    let scenario = match scenario.language.language() {
        Language::Zh => match open::pronunciation(store, mandarin::NAME) {
            Ok(reader) => scenario.read_aloud_by(Arc::new(move |text: &str| reader.pinyin(text))),
            Err(error @ Error::NotInstalled { .. }) => {
                log::warn!(event = "scenario-by-characters"; "what callers want is found by characters alone, not by their sound: {error}");
                scenario
            }
            Err(error) => return Err(error),
        },
        Language::En => scenario,
    };
    let scenario = match &models.language_model {
        Some(model) => {
            let calibration = Calibration::of(model, scenario.language.language());
            if calibration.is_none() {
                log::warn!(event = "language-model-unmeasured"; "nobody has measured how far `{model}` is to be believed in {}: it is not asked", scenario.language);
            }
            scenario.thought_about_with(calibration)
        }
        None => scenario,
    };
    let Some(name) = &models.embedding else { return Ok((scenario, None)) };
    let meaning: Arc<dyn Embedder> = open::embedder(store, name)?.into();
    let cancel = Cancel::new();
    let scenario = scenario.embedded_by(|text| meaning.embed(text, &cancel))?;
    Ok((scenario, Some(meaning)))
}
