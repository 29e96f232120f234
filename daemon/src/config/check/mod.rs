//! From the file as written to what may be relied upon.

mod lines;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use switchhook_models::Locale;
use switchhook_models::catalog::ModelName;
use switchhook_models::catalog::profiles::Profiles;

use self::lines::{is_sip_address, line};
use super::{Bus, Calls, Config, Device, HandOver, HandOverText, LookUps, Models, Mqtt, Office, Person, Records, raw};

/// No configuration is larger than this.
const LARGEST: u64 = 1 << 20;

/// No office has more people: their names are compared with what a caller said while the caller waits.
const MOST_PEOPLE: usize = 500;
/// No office has more services that may be asked.
const MOST_HOSTS: usize = 100;
/// Nobody has more names than this beside the one that the robot uses.
const MOST_NAMES: usize = 8;

/// What is wrong with a configuration, where, and how to mend it.
#[derive(Debug)]
pub struct Problem {
    path: PathBuf,
    what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.what)
    }
}

impl std::error::Error for Problem {}

/// Read and check the file at `path`. Blocking: it is called while starting.
///
/// # Errors
/// Says where and what, for the admin.
pub fn load(path: &Path) -> Result<Config, Problem> {
    let unreadable = |error: std::io::Error| Problem { path: path.to_owned(), what: format!("cannot be read: {error}") };
    if std::fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        return Err(Problem { path: path.to_owned(), what: "is larger than 1 MiB".into() });
    }
    parse(&std::fs::read_to_string(path).map_err(unreadable)?, path)
}

/// Check the text of a configuration; `path` is named in errors, and relative paths in the text start from its folder.
///
/// # Errors
/// Says where and what, for the admin.
pub fn parse(text: &str, path: &Path) -> Result<Config, Problem> {
    let problem = |what: String| Problem { path: path.to_owned(), what };
    let file: raw::File = toml::from_str(text).map_err(|error| problem(error.to_string()))?;
    let base = path.parent().unwrap_or_else(|| Path::new("."));
    checked(file, base).map_err(problem)
}

fn checked(file: raw::File, base: &Path) -> Result<Config, String> {
    let office = office(&file.office)?;
    let other_languages = other_languages(&file.office.other_languages, office.language, &file.models, base)?;
    let calls = calls(file.calls, base)?;
    let lines = file.lines.into_iter().map(|raw| line(raw, calls.at_once)).collect::<Result<Vec<_>, _>>()?;
    for (i, line) in lines.iter().enumerate() {
        if lines[..i].iter().any(|other| other.id == line.id) {
            return Err(format!("two lines are called `{}`; give each its own id", line.id));
        }
    }
    if file.people.len() > MOST_PEOPLE {
        return Err(format!("people: {} tables; no more than {MOST_PEOPLE} names are compared in time", file.people.len()));
    }
    let people = file.people.into_iter().map(|(name, someone)| person(&name, someone).map(|p| (name, p))).collect::<Result<_, _>>()?;
    let handover = handover(&file.handover, file.mqtt.is_some())?;
    Ok(Config {
        device: Device { name: name("device.name", file.device.name)? },
        models: models(file.models, office.language, base)?,
        other_languages,
        office,
        calls,
        records: Records {
            database: base.join(file.records.database),
            key_credential: name("records.key_credential", file.records.key_credential)?,
        },
        lines,
        lookups: lookups(file.lookups, base)?,
        handover,
        people,
        mqtt: file.mqtt.map(mqtt).transpose()?,
        bus: bus(&file.bus)?,
    })
}

fn name(key: &str, text: String) -> Result<String, String> {
    let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    if fits { Ok(text) } else { Err(format!("{key} = {text:?}: use 1 to 64 letters, digits, `_`, `-` and `.`")) }
}

fn spoken(key: &str, text: &str) -> Result<String, String> {
    let text = text.trim();
    if (1..=300).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(format!("{key}: write 1 to 300 characters, as they shall be spoken"))
    }
}

fn office(raw: &raw::Office) -> Result<Office, String> {
    let language = raw.language.parse().map_err(|error| format!("office.language: {error}"))?;
    let purpose = raw.purpose.as_deref().unwrap_or(match language {
        Locale::En => "I can answer questions, take a message, or connect you to a person",
        Locale::ZhTw => "我可以回答問題、幫您留言，或是為您轉接專人",
        Locale::ZhCn => "我可以回答问题、帮您留言，或者为您转接人工",
    });
    let time_zone = match raw.time_zone.as_deref() {
        None => TimeZone::system(),
        Some(name) => TimeZone::get(name)
            .map_err(|_| format!("office.time_zone: there is no time zone {name:?}; write one as `timedatectl list-timezones` shows it, such as \"Asia/Taipei\""))?,
    };
    Ok(Office { name: spoken("office.name", &raw.name)?, language, purpose: spoken("office.purpose", purpose)?, time_zone })
}

/// The languages that callers may ask for, with what the profile has for each. Mandarin is one language, however it is written.
fn other_languages(tags: &[String], language: Locale, of: &raw::Models, base: &Path) -> Result<Vec<(Locale, Models)>, String> {
    let mut all: Vec<(Locale, Models)> = Vec::new();
    for tag in tags {
        let other: Locale = tag.parse().map_err(|error| format!("office.other_languages: {error}"))?;
        if std::iter::once(&language).chain(all.iter().map(|(known, _)| known)).any(|known| known.language() == other.language()) {
            return Err(format!("office.other_languages: `{tag}` is spoken already; take it out"));
        }
        let raw = raw::Models { dir: of.dir.clone(), profile: of.profile.clone(), prompts: of.prompts.clone(), ..raw::Models::default() };
        all.push((other, models(raw, other, base)?));
    }
    Ok(all)
}

/// The models of the usual profile for callers who speak this.
///
/// # Errors
/// If the profiles that the program was built with cannot be read.
pub fn usual_models(language: Locale) -> Result<Models, String> {
    models(raw::Models::default(), language, Path::new(""))
}

/// Whatever is not named is what the profile has for the office's language.
fn models(raw: raw::Models, language: Locale, base: &Path) -> Result<Models, String> {
    let profile = raw.profile.parse().map_err(|error| format!("models.profile: {error}"))?;
    let profiles = Profiles::built_in().map_err(|error| error.to_string())?;
    let usual = profiles.get(profile).models(language);
    let or = |name: Option<String>, usual: &ModelName| name.unwrap_or_else(|| usual.to_string());
    let if_any = |name: Option<String>, usual: &Option<ModelName>| {
        name.or_else(|| usual.as_ref().map(ToString::to_string)).filter(|name| !name.is_empty())
    };
    Ok(Models {
        dir: raw.dir,
        recognizer: or(raw.recognizer, &usual.recognizer),
        voice: or(raw.voice, &usual.voice),
        language_model: if_any(raw.language_model, &usual.language_model),
        embedding: if_any(raw.embedding, &usual.embedding),
        vad: or(raw.vad, &usual.vad),
        turn: Some(or(raw.turn, &usual.turn)).filter(|name| !name.is_empty()),
        prompts: base.join(raw.prompts),
    })
}

fn calls(raw: raw::Calls, base: &Path) -> Result<Calls, String> {
    if !(1..=64).contains(&raw.at_once) {
        return Err(format!("calls.at_once = {}: use 1 to 64", raw.at_once));
    }
    if !(1..=24 * 60).contains(&raw.longest_minutes) {
        return Err(format!("calls.longest_minutes = {}: use 1 to 1440", raw.longest_minutes));
    }
    if raw.shutdown_grace_seconds > 3600 {
        return Err(format!("calls.shutdown_grace_seconds = {}: use 0 to 3600", raw.shutdown_grace_seconds));
    }
    Ok(Calls {
        at_once: raw.at_once,
        scenario: base.join(raw.scenario),
        shutdown_grace: Duration::from_secs(raw.shutdown_grace_seconds),
        longest: Duration::from_secs(raw.longest_minutes * 60),
    })
}

fn lookups(raw: raw::LookUps, base: &Path) -> Result<LookUps, String> {
    let is_name =
        |host: &String| (1..=253).contains(&host.len()) && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    if let Some(odd) = raw.hosts.iter().find(|host| !is_name(host)) {
        return Err(format!("lookups.hosts: {odd:?}: write a name such as \"orders.office\", without http:// and port"));
    }
    if raw.hosts.len() > MOST_HOSTS {
        return Err(format!("lookups.hosts: {} names; {MOST_HOSTS} at most", raw.hosts.len()));
    }
    Ok(LookUps { data: base.join(raw.data), hosts: raw.hosts.iter().map(|host| host.to_lowercase()).collect() })
}

fn person(key: &str, raw: raw::Person) -> Result<Person, String> {
    if let Some(address) = raw.address.as_ref().filter(|address| !is_sip_address(address)) {
        return Err(format!(
            "people.{key}: address = {address:?}: write a SIP address, such as \"sip:100@pbx.office\", or none for whoever only gets messages"
        ));
    }
    if raw.also.len() > MOST_NAMES {
        return Err(format!("people.{key}: also: {} names; write the {MOST_NAMES} that callers use most", raw.also.len()));
    }
    let also = raw.also.iter().map(|name| spoken(&format!("people.{key}.also"), name)).collect::<Result<_, _>>()?;
    Ok(Person { spoken: spoken(&format!("people.{key}.spoken"), &raw.spoken)?, also, address: raw.address, announce: raw.announce })
}

fn handover(raw: &raw::HandOver, has_broker: bool) -> Result<HandOver, String> {
    if !(5..=120).contains(&raw.ring_seconds) {
        return Err(format!("handover.ring_seconds = {}: use 5 to 120", raw.ring_seconds));
    }
    let mut text = HandOverText::default();
    for place in &raw.text {
        match place.as_str() {
            "bus" => text.bus = true,
            "mqtt" if has_broker => text.mqtt = true,
            "mqtt" => return Err("handover.text = [\"mqtt\"]: there is no broker; add the table [mqtt], or take it out".into()),
            other => return Err(format!("handover.text: {other:?}: write \"bus\", \"mqtt\", or both")),
        }
    }
    Ok(HandOver { ring: Duration::from_secs(raw.ring_seconds), text })
}

fn mqtt(raw: raw::Mqtt) -> Result<Mqtt, String> {
    if raw.host.is_empty() {
        return Err("mqtt.host is empty; name the broker, or leave the whole table out".into());
    }
    if !(1..=3600).contains(&raw.interval_seconds) {
        return Err(format!("mqtt.interval_seconds = {}: use 1 to 3600", raw.interval_seconds));
    }
    if raw.prefix.is_empty() || raw.prefix.contains(['#', '+', '\0']) || raw.prefix.starts_with('/') || raw.prefix.ends_with('/') {
        return Err(format!("mqtt.prefix = {:?}: write topic levels without wildcards, such as \"switchhook\"", raw.prefix));
    }
    let credential = raw.credential.map(|text| name("mqtt.credential", text)).transpose()?;
    Ok(Mqtt {
        host: raw.host,
        port: raw.port,
        prefix: raw.prefix,
        user: raw.user,
        credential,
        interval: Duration::from_secs(raw.interval_seconds),
    })
}

fn bus(raw: &raw::Bus) -> Result<Bus, String> {
    match raw.address.as_deref() {
        None | Some("system") => Ok(Bus::System),
        Some("session") => Ok(Bus::Session),
        Some(address) if address.contains(':') => Ok(Bus::Address(address.to_owned())),
        Some(other) => Err(format!("bus.address = {other:?}: write \"system\", \"session\" or an address such as \"unix:path=/run/bus\"")),
    }
}

#[cfg(test)]
mod tests;
