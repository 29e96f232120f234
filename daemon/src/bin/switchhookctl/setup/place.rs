//! The machine that is set up: what there is, and the files that are written.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use switchhook::calls::without_address;
use switchhook::config::{Config, Written};
use switchhook::service::{scenarios, vitals};
use switchhook::setup::{Answers, FILE, Files, Given, PASSWORD};
use switchhook_models::catalog::Catalog;
use switchhook_models::catalog::profiles::Profiles;
use toml::Table;

use crate::disk;
use crate::words::say;

/// Where scenarios ship.
const SCENARIOS: &str = "/usr/share/switchhook/scenarios";
/// The drop-in that names the password to systemd.
const DROP_IN: &str = "10-setup.conf";
/// The key of the records, in hexadecimal: so many bytes.
const KEY: usize = 32;

/// Where things are.
pub struct Place {
    pub config: PathBuf,
    pub credentials: PathBuf,
    pub drop_ins: PathBuf,
}

/// What there is.
pub fn look(place: &Place) -> Given {
    let config = Written::load(&place.config).and_then(|written| written.config()).ok();
    Given { config, scenarios: shipped(Path::new(SCENARIOS)), memory: vitals::total_memory(), devices: devices() }
}

fn shipped(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let scenarios = entries.filter(|entry| entry.path().join("scenario.yaml").is_file());
    let mut names: Vec<String> = scenarios.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// The sound cards on USB, as the kernel lists them (proc(5)): ` 1 [Handset        ]: USB-Audio - USB Handset`.
fn devices() -> Vec<String> {
    let cards = fs::read_to_string("/proc/asound/cards").unwrap_or_default();
    cards.lines().filter_map(handset).collect()
}

fn handset(line: &str) -> Option<String> {
    let (_, rest) = line.split_once('[')?;
    let (id, rest) = rest.split_once(']')?;
    rest.contains("USB-Audio").then(|| format!("plughw:CARD={}", id.trim()))
}

/// What the models of these answers need, and what the board has.
pub fn needs(answers: &Answers, given: &Given) -> anyhow::Result<String> {
    let (catalog, profiles) = (Catalog::built_in()?, Profiles::built_in()?);
    let profile = profiles.get(answers.profile.as_deref().unwrap_or_default().parse()?);
    let (mut disk, mut memory) = (0, 0);
    for tag in answers.language.iter().chain(answers.other_languages.iter().flatten()) {
        let models = profile.models(tag.parse()?);
        disk += catalog.with_needs(models.names())?.iter().map(|entry| entry.installed_size.0).sum::<u32>();
        memory += models.peak_memory.map_or(0, |peak| peak.0);
    }
    let profile = profile.name.to_string();
    let needs = if memory > 0 {
        say!("setup-models-need", profile = profile, disk = disk, memory = memory)
    } else {
        say!("setup-models-need-unmeasured", profile = profile, disk = disk)
    };
    let board = given.memory.map(|bytes| say!("setup-board-has", megabytes = bytes / 1_000_000));
    Ok(format!("{needs}{}", board.unwrap_or_default()))
}

impl Place {
    /// The file that is written.
    pub fn file(&self) -> PathBuf {
        self.config.with_file_name(FILE)
    }

    fn current(&self) -> anyhow::Result<Option<String>> {
        present(&self.file())
    }

    /// What an earlier run wrote, if there was one.
    pub fn before(&self) -> anyhow::Result<Option<Table>> {
        let current = self.current()?;
        current.map(|text| text.parse().with_context(|| format!("{}", self.file().display()))).transpose()
    }

    /// Whether there is something else than what would be written.
    pub fn differs(&self, files: &Files) -> anyhow::Result<bool> {
        Ok(self.current()?.is_some_and(|current| current != files.config))
    }

    /// The configuration as it would be then.
    pub fn config(&self, files: &Files) -> anyhow::Result<Config> {
        Ok(Written::load_as_if(&self.config, FILE, &files.config)?.config()?)
    }

    /// Read the configuration as it would be then, with its scenario, as `config check` does; what may not be meant.
    pub fn check(&self, files: &Files) -> anyhow::Result<Vec<String>> {
        let config = self.config(files)?;
        Ok(scenarios(&config)?.first().map(|scenario| without_address(scenario, &config.people)).unwrap_or_default())
    }

    /// Write what is not there yet: secrets first, so that no configuration names one that is not there. Each file is whole or as it was.
    pub fn write(&self, files: &Files) -> anyhow::Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        let key = self.credentials.join("records-key");
        if present(&key)?.is_none() {
            let key_text: String = std::iter::repeat_with(|| format!("{:02x}", rand::random::<u8>())).take(KEY).collect();
            disk::write_secret(&key, &key_text)?;
            written.push(key);
        }
        if let Some((password, drop_in)) = files.password.as_ref().zip(files.drop_in(&self.credentials)) {
            let secret = self.credentials.join(PASSWORD);
            disk::write_secret(&secret, password.reveal())?;
            written.push(secret);
            let path = self.drop_ins.join(DROP_IN);
            if present(&path)?.as_ref() != Some(&drop_in) {
                disk::write(&path, &drop_in)?;
                written.push(path);
            }
        }
        if self.current()?.as_ref() != Some(&files.config) {
            disk::write(&self.file(), &files.config)?;
            written.push(self.file());
        }
        Ok(written)
    }
}

/// What a file holds, if it is there.
fn present(path: &Path) -> anyhow::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| say!("cannot-read", path = path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handset_on_usb_is_a_device_and_the_board_s_own_sound_is_none() {
        assert_eq!(handset(" 1 [Handset        ]: USB-Audio - USB Handset").as_deref(), Some("plughw:CARD=Handset"));
        for other in
            [" 0 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones", "                      C-Media at usb-1.2, full speed", ""]
        {
            assert_eq!(handset(other), None, "{other}");
        }
    }
}
