//! Models at work for each language that is spoken: those that are, as far as nothing that they know changes, and new ones beside them for the rest.
//!
//! New ones are opened only where all of them are installed and there is memory for them beside the others, which calls that are on keep until they end. Both are looked
//! at before anything is opened, and told with what to do.

use anyhow::Context as _;
use switchhook_models::Locale;
use switchhook_models::catalog::State;

use super::vitals::room;
use crate::calls::House;
use crate::config::{Config, Models};
use crate::speech::Engine;

/// What calls were held in until now.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    pub config: &'a Config,
    pub house: &'a House,
}

impl Before<'_> {
    /// The models that go on with a language: the same, and whom callers may name, which they know, too.
    fn engine(&self, config: &Config, language: Locale, models: &Models) -> Option<&Engine> {
        let is_same = |(spoken, used): (Locale, &Models)| spoken == language && used.open_alike(models);
        let stays = self.config.people == config.people && self.config.spoken().any(is_same);
        if stays { self.house.engine_for(language) } else { None }
    }
}

/// The models at work for this language: those that stay, or new ones.
pub(super) async fn engine(before: Option<Before<'_>>, config: &Config, language: Locale, models: &Models) -> anyhow::Result<Engine> {
    if let Some(stays) = before.and_then(|before| before.engine(config, language, models).cloned()) {
        return Ok(stays);
    }
    Engine::beside(&models.store(), models, &config.people, language).await.context("the models cannot be opened")
}

/// Whether new models can be opened as far as this configuration needs them. Blocking: it looks at the models' folder.
///
/// # Errors
/// Says what to do.
pub(super) fn can_open(before: Before<'_>, config: &Config) -> anyhow::Result<()> {
    let new: Vec<_> = config.spoken().filter(|(language, models)| before.engine(config, *language, models).is_none()).collect();
    let mut lacking = Vec::new();
    for (_, models) in &new {
        for name in models.names() {
            let what = match models.store().state(name)? {
                State::Installed { .. } => continue,
                State::Absent => format!("the model `{name}` is not installed: `sudo switchhookctl model fetch {name}` fetches it"),
                State::Damaged { what } => {
                    format!("the model `{name}` is damaged ({what}): `sudo switchhookctl model fetch {name}` mends it")
                }
            };
            if !lacking.contains(&what) {
                lacking.push(what);
            }
        }
    }
    anyhow::ensure!(lacking.is_empty(), "{}. Then reload again. Nothing was changed", lacking.join("; "));
    let needed = new.iter().map(|(language, models)| Engine::memory(&models.store(), models, *language)).sum::<Result<u64, _>>()?;
    fits(needed, room())
}

/// Whether there is memory for models that need so much, where so much is left; nobody knows how much if `None`.
fn fits(needed: u64, left: Option<u64>) -> anyhow::Result<()> {
    let Some(left) = left.filter(|left| *left < needed) else { return Ok(()) };
    anyhow::bail!(
        "there is no memory for new models beside those that calls are held with ({} MB of {} MB; whom callers may name is known to the models, too): in force only \
         after `systemctl restart switchhook`. Nothing was changed",
        left >> 20,
        needed >> 20
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn models_that_do_not_fit_beside_the_others_are_refused_with_what_to_do() {
        assert!(fits(0, Some(0)).is_ok() && fits(5 << 20, Some(5 << 20)).is_ok() && fits(u64::MAX, None).is_ok());
        let said = fits(900 << 20, Some(300 << 20)).unwrap_err().to_string();
        assert!(said.contains("300 MB of 900 MB") && said.contains("systemctl restart switchhook"), "{said}");
    }
}
