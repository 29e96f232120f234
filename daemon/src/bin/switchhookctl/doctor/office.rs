//! What the office wrote down and installed: its scenario, its models, its secrets.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use switchhook::calls::without_address;
use switchhook::config::{Config, Kind};
use switchhook::service::scenarios;
use switchhook_models::catalog::{State, Store};

use super::{Finding, Verdict};
use crate::words::{Words, say};

/// Others than the owner can read or write it.
const OTHERS: u32 = 0o077;

pub(super) fn look(config: &Config, credentials: &Path, words: &Words) -> Vec<Finding> {
    let mut findings = scenario(config, words);
    findings.extend(models(config, words));
    findings.extend(secrets(config).into_iter().map(|name| secret(credentials, name, words)));
    findings
}

/// The scenario in every language that is spoken.
fn scenario(config: &Config, words: &Words) -> Vec<Finding> {
    match scenarios(config) {
        Err(error) => vec![Finding::wrong("scenario", error.to_string(), say!(in words, "doctor-scenario-remedy"))],
        Ok(scenarios) => {
            let Some(first) = scenarios.first() else { return Vec::new() };
            let sound = Finding::good(
                "scenario",
                say!(in words, "doctor-scenario", name = &first.name, version = format!("{:.12}", first.version)),
            );
            let lacks = without_address(first, &config.people);
            let lacks =
                lacks.iter().map(|note| Finding::of_sentence("people", Verdict::Doubtful, note, &say!(in words, "doctor-people-remedy")));
            std::iter::once(sound).chain(lacks).collect()
        }
    }
}

/// Every model that is named, for every language. Their files are not read: the robot does that when it starts.
fn models(config: &Config, words: &Words) -> Vec<Finding> {
    let store = config.models.store();
    let mut findings: Vec<Finding> =
        config.spoken().flat_map(|(_, models)| models.names()).map(|name| model(&store, name, words)).collect();
    findings.dedup();
    findings
}

fn model(store: &Store, name: &str, words: &Words) -> Finding {
    let fetch = || format!("switchhook-models fetch {name}");
    match store.state(name) {
        Ok(State::Installed { bytes }) => Finding::good("model", format!("{name}, {} MB", bytes / 1_000_000)),
        Ok(State::Absent) => Finding::wrong("model", say!(in words, "doctor-model-absent", name = name, path = store.dir()), fetch()),
        Ok(State::Damaged { what }) => Finding::wrong("model", say!(in words, "doctor-model-damaged", name = name, what = what), fetch()),
        Err(error) => Finding::wrong("model", error.to_string(), "switchhook-models list"),
    }
}

/// The credentials that the configuration names.
fn secrets(config: &Config) -> Vec<&str> {
    let lines = config.lines.iter().filter_map(|line| match &line.kind {
        Kind::Sip(sip) => sip.register.as_ref().map(|register| register.credential.as_str()),
        Kind::Handset(_) => None,
    });
    let broker = config.mqtt.as_ref().and_then(|mqtt| mqtt.credential.as_deref());
    std::iter::once(config.records.key_credential.as_str()).chain(lines).chain(broker).collect()
}

fn secret(folder: &Path, name: &str, words: &Words) -> Finding {
    let path = folder.join(name);
    let shown = path.display();
    match path.metadata() {
        Ok(found) if found.permissions().mode() & OTHERS != 0 => {
            Finding::wrong("secret", say!(in words, "doctor-secret-open", path = path.as_path()), format!("chmod 600 {shown}"))
        }
        Ok(found) if found.len() == 0 => Finding::wrong(
            "secret",
            say!(in words, "doctor-secret-empty", path = path.as_path()),
            say!(in words, "doctor-secret-empty-remedy"),
        ),
        Ok(_) => Finding::good("secret", say!(in words, "doctor-secret-closed", name = name)),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            Finding::unknown("secret", say!(in words, "doctor-secret-hidden", path = path.as_path()), say!(in words, "doctor-as-root"))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Finding::wrong(
            "secret",
            say!(in words, "doctor-secret-absent", path = path.as_path()),
            say!(in words, "doctor-secret-absent-remedy", name = name, path = path.as_path()),
        ),
        Err(error) => Finding::unknown("secret", format!("{shown}: {error}"), say!(in words, "doctor-secret-error-remedy")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::fs;

    use super::*;
    use crate::words::spoken;

    #[test]
    fn a_secret_that_others_can_read_is_wrong_and_its_words_are_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records-key");
        assert_eq!(secret(folder.path(), "records-key", spoken()).verdict, Verdict::Wrong, "it is not there");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(secret(folder.path(), "records-key", spoken()).verdict, Verdict::Wrong, "it is empty");
        fs::write(&path, "mellon").unwrap();
        assert_eq!(secret(folder.path(), "records-key", spoken()).verdict, Verdict::Good);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let open = secret(folder.path(), "records-key", spoken());
        assert_eq!(open.verdict, Verdict::Wrong);
        assert!(!format!("{open:?}").contains("mellon") && open.remedy.unwrap().starts_with("chmod 600 "));
    }

    #[test]
    fn a_model_that_is_not_installed_is_wrong_and_told_how_to_get() {
        let folder = tempfile::tempdir().unwrap();
        let absent = model(&Store::at(folder.path()), "silero-vad", spoken());
        assert_eq!((absent.verdict, absent.remedy.as_deref()), (Verdict::Wrong, Some("switchhook-models fetch silero-vad")));
        let unknown = model(&Store::at(folder.path()), "no-such-model", spoken());
        assert_eq!((unknown.verdict, unknown.remedy.as_deref()), (Verdict::Wrong, Some("switchhook-models list")));
    }
}
