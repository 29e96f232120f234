//! What differs between two configurations, key by key, and when each difference can be in force: without I/O.
//!
//! Both are compared as they would be written out ([`super::in_force`]), where no key can be forgotten. Lines are told apart by their ids and not by their
//! places. Names of keys are told, values never.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use super::in_force::sections;
use super::key::{Key, Step};
use super::{Config, Written};

/// When a change is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// From the next call on.
    NextCall,
    /// At once, beside the calls.
    Beside,
    /// On its line alone: at its next call, or when its last call is over.
    OnItsLine,
    /// When the robot starts anew.
    Restart,
}

/// A key whose value is another one, or which is there in one of the two alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    key: Key,
}

impl Change {
    /// When it is in force.
    #[must_use]
    pub fn manner(&self) -> Manner {
        let names: Vec<&str> = self.key.steps().iter().filter_map(Step::as_name).collect();
        match *names.as_slice() {
            // A fetch may be writing into the folder, and it is one folder whose models the bus shows.
            ["models", "dir"] => Manner::Restart,
            ["office" | "models" | "calls" | "people" | "handover" | "lookups", ..] => Manner::NextCall,
            ["mqtt", ..] => Manner::Beside,
            ["line", ..] => Manner::OnItsLine,
            // A section that nobody has thought of is better refused than ignored.
            _ => Manner::Restart,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.key.fmt(f)
    }
}

/// All that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

impl Changes {
    /// From what was in force to what shall be.
    #[must_use]
    pub fn between(before: &Config, after: &Config) -> Self {
        let mut changes = Vec::new();
        differ(Some(&tables(before)), Some(&tables(after)), &Key::default(), &mut changes);
        Self(changes)
    }

    /// The keys, as `calls.at_once`, `people.anna` or `line.office.peers`.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.0.iter().map(Change::to_string).collect()
    }

    /// The tables that they are in.
    #[must_use]
    pub fn sections(&self) -> BTreeSet<&str> {
        self.0.iter().filter_map(|change| change.key.steps().first().and_then(Step::as_name)).collect()
    }

    /// What cannot be in force before the robot starts anew, in a sentence that says what to do; none if there is nothing.
    #[must_use]
    pub fn refusal(&self, after: &Written) -> Option<String> {
        let late = self.0.iter().filter(|change| change.manner() == Manner::Restart);
        let told = late.map(|change| match after.origin(&change.key) {
            Some(origin) => format!("{change} ({origin})"),
            None => change.to_string(),
        });
        let told = told.collect::<Vec<_>>().join(", ");
        let sentence = || {
            format!(
                "{told}: in force only after `systemctl restart switchhook`; restart it, or take this back and reload. Nothing was changed"
            )
        };
        (!told.is_empty()).then(sentence)
    }
}

/// All tables as one, and lines by their ids. Those that hold tables alone are there even if they hold none, so that the first is told by its name.
fn tables(config: &Config) -> Value {
    let holders = ["line", "people"].map(|name| (name.to_owned(), Value::Object(Map::new())));
    let by_id = |(name, value): (&str, Value)| match value {
        Value::Array(items) => {
            (name.to_owned(), items.into_iter().filter_map(|item| Some((item["id"].as_str()?.to_owned(), item))).collect())
        }
        table => (name.to_owned(), table),
    };
    holders.into_iter().chain(sections(config).into_iter().map(by_id)).collect::<Map<_, _>>().into()
}

fn differ(before: Option<&Value>, after: Option<&Value>, at: &Key, found: &mut Vec<Change>) {
    match (before, after) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for name in names {
                differ(before.get(name), after.get(name), &at.clone().name(name), found);
            }
        }
        (before, after) if before == after => {}
        _ => found.push(Change { key: at.clone() }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::path::Path;

    use super::*;

    const PLAIN: &str = "[device]\nname = \"t\"\n[office]\nname = \"ours\"\n";

    fn written(text: &str) -> Written {
        Written::parse(&format!("{PLAIN}{text}"), Path::new("/etc/switchhook/switchhook.toml")).unwrap()
    }

    fn changes(before: &str, after: &str) -> Changes {
        let config = |text| written(text).config().unwrap_or_else(|problem| panic!("{problem}"));
        Changes::between(&config(before), &config(after))
    }

    fn line(id: &str, more: &str) -> String {
        format!("[[line]]\nkind = \"sip\"\nid = \"{id}\"\n{more}\n")
    }

    #[test]
    fn nothing_differs_from_itself_however_it_is_written() {
        assert_eq!(changes("", "[calls]\nat_once = 2\n"), Changes::default());
        let (here, there) = (line("a", "listen = \"0.0.0.0:5061\""), line("b", ""));
        assert_eq!(changes(&format!("{here}{there}"), &format!("{there}{here}")), Changes::default(), "lines have no order");
    }

    #[test]
    fn a_table_that_comes_or_goes_is_one_change() {
        let anna = "[people.anna]\nspoken = \"Anna\"\naddress = \"sip:1@pbx\"\n";
        assert_eq!(changes("", anna).keys(), ["people.anna"]);
        let both = format!("{anna}[people.bob]\nspoken = \"Bob\"\n");
        assert_eq!(changes(&both, anna).keys(), ["people.bob"]);
        assert_eq!(changes("", "[mqtt]\nhost = \"broker\"\n").keys(), ["mqtt"]);
        assert_eq!(changes(&line("a", ""), "").keys(), ["line.a"]);
    }

    #[test]
    fn what_differs_within_is_told_by_its_key() {
        let more = changes(&line("office", ""), &format!("[calls]\nat_once = 3\n{}", line("office", "codecs = [\"pcmu\"]")));
        assert_eq!(more.keys(), ["calls.at_once", "line.office.codecs"]);
        assert_eq!(more.sections().into_iter().collect::<Vec<_>>(), ["calls", "line"]);
        assert_eq!(more.refusal(&written("")), None);
    }

    #[test]
    fn what_needs_a_restart_is_refused_with_its_place_and_what_to_do() {
        let after = "[records]\ndatabase = \"other.db\"\n";
        let refusal = changes("", after).refusal(&written(after)).unwrap();
        assert!(refusal.starts_with("records.database (switchhook.toml:6):"), "{refusal}");
        assert!(refusal.contains("systemctl restart switchhook") && refusal.contains("Nothing was changed"), "{refusal}");
        let gone = changes("[models]\ndir = \"m\"\n", "").refusal(&written("")).unwrap();
        assert!(gone.starts_with("models.dir:"), "{gone}");
    }

    #[test]
    fn broker_models_and_languages_can_change_under_way() {
        let broker = |host: &str| format!("[mqtt]\nhost = \"{host}\"\n");
        for (before, after) in [
            (String::new(), broker("one")),
            (broker("one"), broker("two")),
            (broker("one"), format!("{}tls = true\nca = \"/ca.pem\"\n", broker("one"))),
            (broker("one"), String::new()),
            (String::new(), "language = \"zh-TW\"\n".into()),
            (String::new(), "other_languages = [\"zh-CN\"]\n[models]\nvoice = \"kokoro-82m\"\nprompts = \"p\"\n".into()),
        ] {
            assert_eq!(changes(&before, &after).refusal(&written(&after)), None, "{after}");
        }
    }
}
