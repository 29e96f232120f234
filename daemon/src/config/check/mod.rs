//! From what is written to what may be relied upon.

mod lines;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;
use switchhook_models::Locale;
use switchhook_models::catalog::ModelName;
use switchhook_models::catalog::profiles::Profiles;

use self::lines::{clash, line};
use super::key::Key;
use super::telephone::is_sip_address;
use super::written::{Fault, Faults};
use super::{
    Bus, Calls, Config, Device, HandOver, HandOverText, Line, LookUps, Models, Mqtt, Office, Person, Records, Telephone, Trust, raw,
};

/// No office has more people: their names are compared with what a caller said while the caller waits.
const MOST_PEOPLE: usize = 500;
/// No office has more telephones of its own that its robot calls.
const MOST_NUMBERS: usize = 100;
/// No office has more services that may be asked.
const MOST_HOSTS: usize = 100;
/// Nobody has more names than this beside the one that the robot uses.
const MOST_NAMES: usize = 8;
/// Where brokers listen (MQTT 5, 4.2), and where with TLS.
const PORT: u16 = 1883;
const PORT_OF_TLS: u16 = 8883;

/// Check what was read. Relative paths start from `base`.
///
/// # Errors
/// All that means nothing, as far as it does not depend on something else that does not.
pub fn checked(file: raw::File, base: &Path) -> Result<Config, Faults> {
    let mut faults = Faults::default();
    let device = faults.sound(name(Key::of(["device", "name"]), file.device.name));
    let language = faults.sound(language(&file.office));
    let office = language.and_then(|language| faults.sound(office(&file.office, language)));
    let other_languages =
        language.and_then(|language| faults.sound(other_languages(&file.office.other_languages, language, &file.models, base)));
    let models = language.and_then(|language| faults.sound(models(file.models, language, base)));
    let calls = faults.sound(calls(file.calls, base));
    // Without a word about the calls, lines are looked at as if there were one.
    let lines = lines(file.lines, calls.as_ref().map_or(1, |calls| calls.at_once), &mut faults);
    let people = people(file.people, &mut faults);
    let handover = faults.sound(handover(&file.handover, file.mqtt.is_some()));
    let key_credential = faults.sound(name(Key::of(["records", "key_credential"]), file.records.key_credential));
    let lookups = faults.sound(lookups(file.lookups, base));
    let mqtt = faults.sound(file.mqtt.map(|raw| mqtt(raw, base)).transpose());
    let bus = faults.sound(bus(&file.bus));
    if faults.iter().next().is_some() {
        return Err(faults);
    }
    let whole = || {
        Some(Config {
            device: Device { name: device? },
            office: office?,
            models: models?,
            other_languages: other_languages?,
            calls: calls?,
            records: Records { database: base.join(file.records.database), key_credential: key_credential? },
            lines,
            people,
            lookups: lookups?,
            handover: handover?,
            mqtt: mqtt?,
            bus: bus?,
        })
    };
    whole().ok_or(faults)
}

/// Those that are sound, and can be beside each other.
fn lines(raw: Vec<raw::Line>, at_once: usize, faults: &mut Faults) -> Vec<Line> {
    let at = |i| Key::of(["line"]).item(i);
    let mut sound: Vec<(usize, Line)> = Vec::new();
    for (i, raw) in raw.into_iter().enumerate() {
        let Some(line) = faults.sound(line(raw, &at(i), at_once)) else { continue };
        for (j, other) in &sound {
            if let Some((key, what)) = clash(other, &line) {
                faults.add(Fault::new(at(i).name(key), what).against(at(*j).name(key)));
            }
        }
        sound.push((i, line));
    }
    sound.into_iter().map(|(_, line)| line).collect()
}

fn people(raw: BTreeMap<String, raw::Person>, faults: &mut Faults) -> BTreeMap<String, Person> {
    if raw.len() > MOST_PEOPLE {
        let what = format!("people: {} tables; no more than {MOST_PEOPLE} names are compared in time", raw.len());
        faults.add(Fault::new(Key::of(["people"]), what));
        return BTreeMap::new();
    }
    raw.into_iter().filter_map(|(id, someone)| faults.sound(person(&id, someone)).map(|person| (id, person))).collect()
}

fn name(key: Key, text: String) -> Result<String, Fault> {
    let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    if fits { Ok(text) } else { Err(Fault::value(key, text, "use 1 to 64 letters, digits, `_`, `-` and `.`")) }
}

fn spoken(key: Key, text: &str) -> Result<String, Fault> {
    let text = text.trim();
    if (1..=300).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        let what = format!("{key}: write 1 to 300 characters, as they shall be spoken");
        Err(Fault::new(key, what))
    }
}

fn language(raw: &raw::Office) -> Result<Locale, Fault> {
    raw.language.parse().map_err(|error| Fault::new(Key::of(["office", "language"]), format!("office.language: {error}")))
}

fn office(raw: &raw::Office, language: Locale) -> Result<Office, Fault> {
    let key = |name| Key::of(["office", name]);
    let purpose = raw.purpose.as_deref().unwrap_or(match language {
        Locale::En => "I can answer questions, take a message, or connect you to a person",
        Locale::ZhTw => "我可以回答問題、幫您留言，或是為您轉接專人",
        Locale::ZhCn => "我可以回答问题、帮您留言，或者为您转接人工",
    });
    let time_zone = match raw.time_zone.as_deref() {
        None => TimeZone::system(),
        Some(name) => TimeZone::get(name).map_err(|_| {
            let what = format!(
                "office.time_zone: there is no time zone {name:?}; write one as `timedatectl list-timezones` shows it, such as \"Asia/Taipei\""
            );
            Fault::new(key("time_zone"), what)
        })?,
    };
    let purpose = spoken(key("purpose"), purpose)?;
    Ok(Office { name: spoken(key("name"), &raw.name)?, language, purpose, time_zone })
}

/// The languages that callers may ask for, with what the profile has for each. Mandarin is one language, however it is written.
fn other_languages(tags: &[String], language: Locale, of: &raw::Models, base: &Path) -> Result<Vec<(Locale, Models)>, Fault> {
    let wrong = |what| Fault::new(Key::of(["office", "other_languages"]), format!("office.other_languages: {what}"));
    let mut all: Vec<(Locale, Models)> = Vec::new();
    for tag in tags {
        let other: Locale = tag.parse().map_err(|error: switchhook_models::Error| wrong(error.to_string()))?;
        if std::iter::once(&language).chain(all.iter().map(|(known, _)| known)).any(|known| known.language() == other.language()) {
            return Err(wrong(format!("`{tag}` is spoken already; take it out")));
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
    models(raw::Models::default(), language, Path::new("")).map_err(|fault| fault.what())
}

/// Whatever is not named is what the profile has for the office's language.
fn models(raw: raw::Models, language: Locale, base: &Path) -> Result<Models, Fault> {
    let wrong = |error: switchhook_models::Error| Fault::new(Key::of(["models", "profile"]), format!("models.profile: {error}"));
    let profile = raw.profile.parse().map_err(wrong)?;
    let profiles = Profiles::built_in().map_err(wrong)?;
    let usual = profiles.get(profile).models(language);
    let or = |name: Option<String>, usual: &ModelName| name.unwrap_or_else(|| usual.to_string());
    let if_any = |name: Option<String>, usual: &Option<ModelName>| {
        name.or_else(|| usual.as_ref().map(ToString::to_string)).filter(|name| !name.is_empty())
    };
    Ok(Models {
        profile,
        dir: raw.dir.map(|dir| base.join(dir)),
        recognizer: or(raw.recognizer, &usual.recognizer),
        voice: or(raw.voice, &usual.voice),
        language_model: if_any(raw.language_model, &usual.language_model),
        embedding: if_any(raw.embedding, &usual.embedding),
        vad: or(raw.vad, &usual.vad),
        turn: Some(or(raw.turn, &usual.turn)).filter(|name| !name.is_empty()),
        prompts: base.join(raw.prompts),
    })
}

fn calls(raw: raw::Calls, base: &Path) -> Result<Calls, Fault> {
    let key = |name| Key::of(["calls", name]);
    if !(1..=64).contains(&raw.at_once) {
        return Err(Fault::value(key("at_once"), raw.at_once, "use 1 to 64"));
    }
    if !(1..=24 * 60).contains(&raw.longest_minutes) {
        return Err(Fault::value(key("longest_minutes"), raw.longest_minutes, "use 1 to 1440"));
    }
    if raw.shutdown_grace_seconds > 3600 {
        return Err(Fault::value(key("shutdown_grace_seconds"), raw.shutdown_grace_seconds, "use 0 to 3600"));
    }
    if raw.may_call.len() > MOST_NUMBERS {
        let what = format!("calls.may_call: {} numbers; {MOST_NUMBERS} at most", raw.may_call.len());
        return Err(Fault::new(key("may_call"), what));
    }
    let telephone = |(i, number): (usize, &String)| {
        Telephone::parse(number).map_err(|why| Fault::new(key("may_call").item(i), format!("calls.may_call: {number:?}: {why}")))
    };
    let may_call = raw.may_call.iter().enumerate().map(telephone).collect::<Result<_, _>>()?;
    Ok(Calls {
        at_once: raw.at_once,
        scenario: base.join(raw.scenario),
        shutdown_grace: Duration::from_secs(raw.shutdown_grace_seconds),
        longest: Duration::from_secs(raw.longest_minutes * 60),
        may_call,
    })
}

fn lookups(raw: raw::LookUps, base: &Path) -> Result<LookUps, Fault> {
    let hosts = || Key::of(["lookups", "hosts"]);
    let is_name =
        |host: &String| (1..=253).contains(&host.len()) && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    if let Some(odd) = raw.hosts.iter().position(|host| !is_name(host)) {
        let what = format!("lookups.hosts: {:?}: write a name such as \"orders.office\", without http:// and port", raw.hosts[odd]);
        return Err(Fault::new(hosts().item(odd), what));
    }
    if raw.hosts.len() > MOST_HOSTS {
        return Err(Fault::new(hosts(), format!("lookups.hosts: {} names; {MOST_HOSTS} at most", raw.hosts.len())));
    }
    Ok(LookUps { data: base.join(raw.data), hosts: raw.hosts.iter().map(|host| host.to_lowercase()).collect() })
}

fn person(id: &str, raw: raw::Person) -> Result<Person, Fault> {
    let key = |name| Key::of(["people", id, name]);
    if let Some(address) = raw.address.as_ref().filter(|address| !is_sip_address(address)) {
        let write = "write a SIP address, such as \"sip:100@pbx.office\", or none for whoever only gets messages";
        return Err(Fault::value(key("address"), address, write));
    }
    if raw.also.len() > MOST_NAMES {
        let what = format!("{}: {} names; write the {MOST_NAMES} that callers use most", key("also"), raw.also.len());
        return Err(Fault::new(key("also"), what));
    }
    let also = raw.also.iter().enumerate().map(|(i, name)| spoken(key("also").item(i), name)).collect::<Result<_, _>>()?;
    Ok(Person { spoken: spoken(key("spoken"), &raw.spoken)?, also, address: raw.address, announce: raw.announce })
}

fn handover(raw: &raw::HandOver, has_broker: bool) -> Result<HandOver, Fault> {
    let key = |name| Key::of(["handover", name]);
    if !(5..=120).contains(&raw.ring_seconds) {
        return Err(Fault::value(key("ring_seconds"), raw.ring_seconds, "use 5 to 120"));
    }
    let mut text = HandOverText::default();
    for (i, place) in raw.text.iter().enumerate() {
        let wrong = |what: String| Fault::new(key("text").item(i), format!("handover.text: {place:?}: {what}"));
        match place.as_str() {
            "bus" => text.bus = true,
            "mqtt" if has_broker => text.mqtt = true,
            "mqtt" => return Err(wrong("there is no broker; add the table [mqtt], or take it out".into())),
            _ => return Err(wrong("write \"bus\", \"mqtt\", or both".into())),
        }
    }
    Ok(HandOver { ring: Duration::from_secs(raw.ring_seconds), text })
}

fn mqtt(raw: raw::Mqtt, base: &Path) -> Result<Mqtt, Fault> {
    let key = |name| Key::of(["mqtt", name]);
    if raw.host.is_empty() {
        return Err(Fault::new(key("host"), "mqtt.host is empty; name the broker, or leave the whole table out"));
    }
    if !(1..=3600).contains(&raw.interval_seconds) {
        return Err(Fault::value(key("interval_seconds"), raw.interval_seconds, "use 1 to 3600"));
    }
    if raw.prefix.is_empty() || raw.prefix.contains(['#', '+', '\0']) || raw.prefix.starts_with('/') || raw.prefix.ends_with('/') {
        return Err(Fault::value(key("prefix"), raw.prefix, "write topic levels without wildcards, such as \"switchhook\""));
    }
    let credential = raw.credential.map(|text| name(key("credential"), text)).transpose()?;
    let trust = match (raw.tls, raw.ca) {
        (false, None) => None,
        (true, None) => Some(Trust::Machine),
        (true, Some(file)) if file.as_os_str().is_empty() => {
            return Err(Fault::value(key("ca"), file, "name the file, or leave it out to trust the machine's authorities"));
        }
        (true, Some(file)) => Some(Trust::Authority(base.join(file))),
        (false, Some(file)) => {
            return Err(Fault::value(key("ca"), file, "a broker shows its certificate in TLS alone; add `tls = true`, or take this out"));
        }
    };
    Ok(Mqtt {
        host: raw.host,
        port: raw.port.unwrap_or(if trust.is_some() { PORT_OF_TLS } else { PORT }),
        trust,
        prefix: raw.prefix,
        user: raw.user,
        credential,
        interval: Duration::from_secs(raw.interval_seconds),
    })
}

fn bus(raw: &raw::Bus) -> Result<Bus, Fault> {
    match raw.address.as_deref() {
        None | Some("system") => Ok(Bus::System),
        Some("session") => Ok(Bus::Session),
        Some(address) if address.contains(':') => Ok(Bus::Address(address.to_owned())),
        Some(other) => {
            let write = "write \"system\", \"session\" or an address such as \"unix:path=/run/bus\"";
            Err(Fault::value(Key::of(["bus", "address"]), other, write))
        }
    }
}

#[cfg(test)]
mod tests;
