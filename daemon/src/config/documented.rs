//! Every key that exists is in the file that is shipped, and in its manual page; and what that file suggests is what is meant without it.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::{Changes, Config, InForce, Written, raw};

const SHIPPED: &str = include_str!("../../../debian/switchhook.toml");
const MANUAL: &str = include_str!("../../../debian/man/switchhook.toml.5");

/// A name that the office chooses, as in `people.*.spoken`.
const ANY: &str = "*";

/// Every key that exists, by its way from the top, and whether it must be there.
fn keys() -> BTreeMap<Vec<String>, bool> {
    let schema = json!(schemars::schema_for!(raw::File));
    // What a file says about itself is taken out of it before it is read.
    let mut keys = BTreeMap::from([(vec!["version".to_owned()], false)]);
    collect(&schema, &schema, &[], &mut keys);
    keys
}

fn collect(schema: &Value, root: &Value, at: &[String], keys: &mut BTreeMap<Vec<String>, bool>) {
    let below = |name: &str| [at, &[name.to_owned()]].concat();
    if let Some(reference) = schema["$ref"].as_str() {
        return collect(root.pointer(&reference[1..]).unwrap(), root, at, keys);
    }
    // Something or nothing.
    for option in schema["anyOf"].as_array().into_iter().flatten() {
        collect(option, root, at, keys);
    }
    // One of several, by its `kind`.
    for kind in schema["oneOf"].as_array().into_iter().flatten() {
        keys.insert(below("kind"), true);
        kind["properties"].as_object().unwrap().values().for_each(|kind| collect(kind, root, at, keys));
    }
    if schema["items"].is_object() {
        collect(&schema["items"], root, at, keys);
    }
    if schema["additionalProperties"].is_object() {
        collect(&schema["additionalProperties"], root, &below(ANY), keys);
    }
    for (name, schema_of_it) in schema["properties"].as_object().into_iter().flatten() {
        let is_needed = schema["required"].as_array().is_some_and(|needed| needed.contains(&json!(name)));
        keys.insert(below(name), is_needed);
        collect(schema_of_it, root, &below(name), keys);
    }
}

/// The shipped file with all that it suggests: a suggestion is `#key` or `#[table]`; prose has a space after its `#`.
fn suggested() -> String {
    let suggestion =
        |line: &&str| line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()));
    SHIPPED.lines().map(|line| format!("{}\n", if suggestion(&line) { &line[1..] } else { line })).collect()
}

fn is_there(value: &Value, way: &[String]) -> bool {
    match (value, way) {
        (_, []) => true,
        (Value::Array(items), way) => items.iter().any(|item| is_there(item, way)),
        (Value::Object(table), [name, way @ ..]) if name == ANY => table.values().any(|value| is_there(value, way)),
        (value, [name, way @ ..]) => value.get(name).is_some_and(|value| is_there(value, way)),
    }
}

/// Leave out what need not be there. A table that is not needed stays, with what it needs itself.
fn thin(value: &mut toml::Value, at: &[String], keys: &BTreeMap<Vec<String>, bool>) {
    match value {
        toml::Value::Array(items) => items.iter_mut().for_each(|item| thin(item, at, keys)),
        toml::Value::Table(table) => {
            let below = |name: &str| {
                let chosen = [at, &[ANY.to_owned()]].concat();
                if keys.keys().any(|key| key.starts_with(&chosen)) { chosen } else { [at, &[name.to_owned()]].concat() }
            };
            let holds_tables =
                |value: &toml::Value| value.is_table() || value.as_array().is_some_and(|items| items.iter().any(toml::Value::is_table));
            table.retain(|name, value| holds_tables(value) || keys[&below(name)]);
            table.iter_mut().for_each(|(name, value)| thin(value, &below(name), keys));
        }
        _ => {}
    }
}

fn written(text: &str) -> Written {
    Written::parse(text, Path::new("/etc/switchhook/switchhook.toml")).unwrap()
}

fn config(text: &str) -> Config {
    written(text).config().unwrap_or_else(|problem| panic!("{problem}"))
}

fn in_force(text: &str) -> InForce {
    InForce::of(&config(text), &written(text))
}

#[test]
fn every_key_is_in_the_file_that_is_shipped() {
    let suggested: Value = toml::from_str(&suggested()).unwrap();
    let keys = keys();
    assert!(keys.len() > 50 && keys.contains_key(["line", "register", "user"].map(String::from).as_slice()), "{keys:?}");
    for way in keys.keys() {
        assert!(is_there(&suggested, way), "{} is not in debian/switchhook.toml", way.join("."));
    }
}

#[test]
fn every_key_is_in_the_manual_page() {
    let named: Vec<&str> = MANUAL
        .lines()
        .filter_map(|line| line.strip_prefix(".I ").or_else(|| line.strip_prefix(".IR ")).or_else(|| line.strip_prefix(".B ")))
        .flat_map(|line| line.split([' ', '[', ']', '.']))
        .collect();
    for way in keys().keys().filter(|way| way.last().is_some_and(|name| name != ANY)) {
        assert!(named.contains(&way.last().unwrap().as_str()), "{} is not in switchhook.toml.5", way.join("."));
    }
}

#[test]
fn what_the_shipped_file_suggests_is_the_default() {
    let mut thinned: toml::Value = toml::from_str(&suggested()).unwrap();
    thin(&mut thinned, &[], &keys());
    let (all, bare) = (in_force(&suggested()), in_force(&toml::to_string(&thinned).unwrap()));
    let mut compared = 0;
    compare(&all.values(), &bare.values(), &bare.origins(), &mut Vec::new(), &mut compared);
    assert!(compared > 25, "{compared} values have defaults");
}

/// An example is no default: a list that is empty without it, or one of these.
const EXAMPLES: [&str; 4] = ["office.time_zone", "people.front-desk.announce", "mqtt.tls", "mqtt.port"];

fn compare(all: &Value, bare: &Value, origins: &Value, way: &mut Vec<String>, compared: &mut usize) {
    match origins {
        Value::Object(table) => {
            for (name, origin) in table {
                way.push(name.clone());
                compare(&all[name], &bare[name], origin, way, compared);
                way.pop();
            }
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(at, origin)| compare(&all[at], &bare[at], origin, way, compared)),
        origin if origin == "default" && *bare != json!([]) && !EXAMPLES.contains(&way.join(".").as_str()) => {
            assert_eq!(all, bare, "{} in debian/switchhook.toml", way.join("."));
            *compared += 1;
        }
        _ => {}
    }
}

/// Another value of a key, where one cannot be made of any value.
fn other_than_usual(way: &str) -> Option<toml::Value> {
    let other = match way {
        "office.language" => "zh-TW",
        "office.time_zone" => "Europe/Berlin",
        "models.profile" => "tiny",
        "line.listen" => "192.0.2.7:5070",
        "line.public" => "192.0.2.8",
        "line.register.registrar" => "sip:elsewhere.office",
        "people.*.address" => "sip:199@pbx.office",
        "bus.address" => "session",
        "office.other_languages" => return Some(vec!["zh-CN"].into()),
        "line.rtp_ports" => return Some(vec![20_000, 20_099].into()),
        "line.codecs" => return Some(vec!["pcmu"].into()),
        "line.peers" => return Some(vec!["198.51.100.0/24"].into()),
        "calls.may_call" => return Some(vec!["+49 30 1234567"].into()),
        "handover.text" => return Some(vec!["bus", "mqtt"].into()),
        _ => return None,
    };
    Some(other.into())
}

fn changed(value: &toml::Value, way: &str) -> toml::Value {
    let other = match (other_than_usual(way), value) {
        (Some(other), _) => other,
        (None, toml::Value::String(text)) => format!("{text}x").into(),
        (None, toml::Value::Integer(number)) => (number + 1).into(),
        (None, toml::Value::Boolean(truth)) => (!truth).into(),
        (None, toml::Value::Array(items)) => [items.as_slice(), &["another".into()]].concat().into(),
        (None, other) => panic!("{way} = {other}"),
    };
    assert_ne!(other, *value, "{way}");
    other
}

/// The first value of that key, wherever it is; none if it is a table.
fn value_at<'a>(value: &'a mut toml::Value, way: &[String]) -> Option<&'a mut toml::Value> {
    match (value, way) {
        (toml::Value::Table(_), []) => None,
        (toml::Value::Array(items), []) if items.iter().any(toml::Value::is_table) => None,
        (value, []) => Some(value),
        (toml::Value::Array(items), way) => items.iter_mut().find_map(|item| value_at(item, way)),
        (toml::Value::Table(table), [name, way @ ..]) => {
            table.iter_mut().filter(|(there, _)| name == ANY || there == &name).find_map(|(_, value)| value_at(value, way))
        }
        _ => None,
    }
}

#[test]
fn no_key_can_change_without_being_told() {
    let all = suggested();
    let mut told = 0;
    for way in keys().keys() {
        let joined = way.join(".");
        let all = match joined.as_str() {
            // An office cannot speak as its own what callers may ask for beside it.
            "office.language" => all.replace("other_languages = ", "other_languages = [] # "),
            // No authority vouches for what is not asked for a certificate.
            "mqtt.tls" => all.replace("\nca = ", "\n# ca = "),
            _ => all.clone(),
        };
        let before = config(&all);
        let mut text: toml::Value = toml::from_str(&all).unwrap();
        // The form of a file says nothing of the robot, and a line of another kind is another line.
        let (Some(value), false) = (value_at(&mut text, way), ["version", "line.kind"].contains(&joined.as_str())) else { continue };
        *value = changed(value, &joined);
        let changes = Changes::between(&before, &config(&toml::to_string(&text).unwrap()));
        let last = way.last().unwrap();
        let named = |key: &String| key.starts_with(&way[0]) && (key.rsplit('.').next() == Some(last) || joined == "line.id");
        assert!(!changes.keys().is_empty() && changes.keys().iter().all(named), "{joined}: {changes:?}");
        told += 1;
    }
    assert!(told > 45, "{told} keys were changed");
}
