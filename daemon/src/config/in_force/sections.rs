//! A checked configuration, as it could stand in `switchhook.toml`: the way back from `check`.
//!
//! Every struct is taken apart by the names of all its fields, so that a new one cannot be forgotten here.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::config::{
    Bus, Calls, Config, Device, HandOver, HandOverText, Handset, Kind, Line, LookUps, Models, Mqtt, Office, Person, Records, Register, Sip,
    Telephone, Trust,
};

/// The tables that say something, in the order of the file that is shipped.
pub fn sections(config: &Config) -> Vec<(&'static str, Value)> {
    let Config {
        device,
        office: about,
        models: named,
        other_languages,
        calls: taken,
        records: kept,
        lines,
        people,
        lookups,
        handover,
        mqtt,
        bus,
    } = config;
    let Device { name } = device;
    let others = other_languages.iter().map(|(locale, _)| locale.tag()).collect::<Vec<_>>();
    let people: Map<_, _> = people.iter().map(|(id, someone)| (id.clone(), person(someone))).collect();
    let all = [
        ("device", json!({ "name": name })),
        ("office", office(about, &others)),
        ("models", models(named)),
        ("calls", calls(taken)),
        ("records", records(kept)),
        ("line", lines.iter().map(line).collect()),
        ("people", people.into()),
        ("handover", hand_over(*handover)),
        ("lookups", look_ups(lookups)),
        ("bus", json!({ "address": address(bus) })),
        ("mqtt", mqtt.as_ref().map_or(Value::Null, broker)),
    ];
    let says_something = |value: &Value| match value {
        Value::Object(table) => !table.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    all.into_iter().map(|(name, value)| (name, without_nothing(value))).filter(|(_, value)| says_something(value)).collect()
}

/// TOML has no word for what is not there.
fn without_nothing(value: Value) -> Value {
    match value {
        Value::Object(table) => table
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nothing(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.into_iter().map(without_nothing).collect(),
        value => value,
    }
}

fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn office(office: &Office, other_languages: &[&str]) -> Value {
    let Office { name, language, purpose, time_zone } = office;
    json!({
        "name": name,
        "language": language.tag(),
        "purpose": purpose,
        "time_zone": time_zone.iana_name(),
        "other_languages": other_languages,
    })
}

/// A model that there is none of is written as "", since the profile's would be meant if nothing were written.
fn models(models: &Models) -> Value {
    let Models { profile, dir, recognizer, voice, language_model, embedding, vad, turn, prompts } = models;
    json!({
        "profile": profile.as_str(),
        "dir": dir.as_deref().map(path),
        "recognizer": recognizer,
        "voice": voice,
        "language_model": language_model.as_deref().unwrap_or_default(),
        "embedding": embedding.as_deref().unwrap_or_default(),
        "vad": vad,
        "turn": turn.as_deref().unwrap_or_default(),
        "prompts": path(prompts),
    })
}

fn calls(calls: &Calls) -> Value {
    let Calls { at_once, scenario, shutdown_grace, longest, may_call } = calls;
    json!({
        "at_once": at_once,
        "scenario": path(scenario),
        "shutdown_grace_seconds": shutdown_grace.as_secs(),
        "longest_minutes": longest.as_secs() / 60,
        "may_call": may_call.iter().map(Telephone::written).collect::<Vec<_>>(),
    })
}

fn records(records: &Records) -> Value {
    let Records { database, key_credential } = records;
    json!({ "database": path(database), "key_credential": key_credential })
}

fn line(line: &Line) -> Value {
    let Line { id, kind } = line;
    match kind {
        Kind::Sip(Sip { listen, public, rtp_ports, codecs, peers, register, media_timeout }) => json!({
            "kind": "sip",
            "id": id,
            "listen": listen,
            "public": public,
            "rtp_ports": [rtp_ports.start(), rtp_ports.end()],
            "codecs": codecs.iter().map(|codec| codec.as_str()).collect::<Vec<_>>(),
            "peers": peers.as_ref().map(|peers| peers.iter().map(ToString::to_string).collect::<Vec<_>>()),
            "register": register.as_ref().map(registration),
            "media_timeout_seconds": media_timeout.as_secs(),
        }),
        Kind::Handset(Handset { capture, playback, full_duplex }) => json!({
            "kind": "handset",
            "id": id,
            "capture": capture,
            "playback": playback,
            "full_duplex": full_duplex,
        }),
    }
}

fn registration(register: &Register) -> Value {
    let Register { registrar, user, credential, expires } = register;
    json!({ "registrar": registrar, "user": user, "credential": credential, "expires_seconds": expires.as_secs() })
}

fn person(person: &Person) -> Value {
    let Person { spoken, also, address, announce } = person;
    json!({ "spoken": spoken, "also": also, "address": address, "announce": announce })
}

fn hand_over(handover: HandOver) -> Value {
    let HandOver { ring, text: HandOverText { bus, mqtt } } = handover;
    let text = [("bus", bus), ("mqtt", mqtt)].into_iter().filter(|(_, is_read)| *is_read).map(|(name, _)| name);
    json!({ "ring_seconds": ring.as_secs(), "text": text.collect::<Vec<_>>() })
}

fn look_ups(lookups: &LookUps) -> Value {
    let LookUps { data, hosts } = lookups;
    json!({ "data": path(data), "hosts": hosts })
}

fn broker(mqtt: &Mqtt) -> Value {
    let Mqtt { host, port, trust, prefix, user, credential, interval } = mqtt;
    let ca = match trust {
        Some(Trust::Authority(file)) => Some(path(file)),
        Some(Trust::Machine) | None => None,
    };
    json!({
        "host": host,
        "port": port,
        "tls": trust.is_some(),
        "ca": ca,
        "prefix": prefix,
        "user": user,
        "credential": credential,
        "interval_seconds": interval.as_secs(),
    })
}

fn address(bus: &Bus) -> &str {
    match bus {
        Bus::System => "system",
        Bus::Session => "session",
        Bus::Address(address) => address,
    }
}
