//! What is logged: our own records from a level up, which single rooms may have otherwise; of libraries only what fails, since a SIP stack likes to
//! log whole messages with the numbers in them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use log::LevelFilter;

/// Where libraries are cut off.
const LIBRARIES: LevelFilter = LevelFilter::Error;
/// The crates that are ours, as targets begin with them; the daemon's own rooms are named without it.
const OURS: [&str; 4] = ["switchhook", "switchhookd", "switchhookctl", "switchhook_models"];
/// What the rooms of the models are named after.
const MODELS: &str = "models";
/// So many rooms may have a level of their own: there are no more.
const MOST_ROOMS: usize = 64;

/// From which level up records are logged: `info`, or with rooms that have their own, `info,lines::sip=debug,models=warn`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels {
    all: LevelFilter,
    rooms: BTreeMap<String, LevelFilter>,
}

/// What is wrong with such a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongLevels {
    /// No level is called so.
    #[error("`{0}` is no level: use off, error, warn, info, debug or trace")]
    Level(String),
    /// No room can be called so.
    #[error("`{0}` names no room: write it as its folder, such as `lines::sip` or `models::asr`")]
    Room(String),
    /// More than there are.
    #[error("no more than {MOST_ROOMS} rooms can have levels of their own")]
    Many,
}

impl Levels {
    /// This level everywhere.
    #[must_use]
    pub fn all(level: LevelFilter) -> Self {
        Self { all: level, rooms: BTreeMap::new() }
    }

    /// The level of rooms that have none of their own.
    #[must_use]
    pub fn general(&self) -> LevelFilter {
        self.all
    }

    /// The same, but at this level where rooms have none of their own.
    #[must_use]
    pub fn with_general(self, all: LevelFilter) -> Self {
        Self { all, ..self }
    }

    /// From which level up records of this target are logged: the innermost room that has one decides.
    pub(super) fn of(&self, target: &str) -> LevelFilter {
        let (root, inside) = target.split_once("::").unwrap_or((target, ""));
        if !OURS.contains(&root) {
            return self.all.min(LIBRARIES);
        }
        let room = match (root, inside) {
            ("switchhook_models", "") => MODELS.to_owned(),
            ("switchhook_models", inside) => format!("{MODELS}::{inside}"),
            (_, inside) => inside.to_owned(),
        };
        let mut name = room.as_str();
        loop {
            if let Some(level) = self.rooms.get(name) {
                return *level;
            }
            let Some((outer, _)) = name.rsplit_once("::") else { return self.all };
            name = outer;
        }
    }

    /// What anything may be logged at.
    pub(super) fn most(&self) -> LevelFilter {
        self.rooms.values().copied().fold(self.all.max(LIBRARIES), Ord::max)
    }
}

impl fmt::Display for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.all.as_str().to_lowercase())?;
        self.rooms.iter().try_for_each(|(room, level)| write!(f, ",{room}={}", level.as_str().to_lowercase()))
    }
}

impl FromStr for Levels {
    type Err = WrongLevels;

    fn from_str(text: &str) -> Result<Self, WrongLevels> {
        let mut levels = Self::all(LevelFilter::Info);
        for part in text.split(',').map(str::trim) {
            match part.split_once('=') {
                None => levels.all = level(part)?,
                Some((room, of)) => {
                    levels.rooms.insert(named(room.trim())?, level(of.trim())?);
                }
            }
        }
        if levels.rooms.len() > MOST_ROOMS { Err(WrongLevels::Many) } else { Ok(levels) }
    }
}

fn level(text: &str) -> Result<LevelFilter, WrongLevels> {
    text.parse().map_err(|_| WrongLevels::Level(text.to_owned()))
}

/// The name of a room, if it could be one.
fn named(room: &str) -> Result<String, WrongLevels> {
    let fits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if room.len() <= 100 && room.split("::").all(fits) { Ok(room.to_owned()) } else { Err(WrongLevels::Room(room.to_owned())) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn of(levels: &str, target: &str) -> LevelFilter {
        levels.parse::<Levels>().unwrap().of(target)
    }

    #[test]
    fn libraries_are_heard_only_when_they_fail() {
        assert_eq!(of("trace", "rsipstack::transport"), LevelFilter::Error);
        assert_eq!(of("debug", "switchhook::calls"), LevelFilter::Debug);
        assert_eq!(of("debug", "switchhook_models::asr"), LevelFilter::Debug);
        assert_eq!(of("info", "switchhookd"), LevelFilter::Info);
        assert_eq!(of("info", "switchhooked"), LevelFilter::Error);
    }

    #[test]
    fn the_innermost_room_that_has_a_level_decides() {
        let levels = "warn,lines=info,lines::sip=trace,models=off";
        assert_eq!(of(levels, "switchhook::lines::sip::call"), LevelFilter::Trace);
        assert_eq!(of(levels, "switchhook::lines::sip"), LevelFilter::Trace);
        assert_eq!(of(levels, "switchhook::lines::sipping"), LevelFilter::Info);
        assert_eq!(of(levels, "switchhook::calls::desk"), LevelFilter::Warn);
        assert_eq!(of(levels, "switchhook_models::asr::whisper"), LevelFilter::Off);
        assert_eq!(of(levels, "switchhook_models"), LevelFilter::Off);
        assert_eq!(levels.parse::<Levels>().unwrap().most(), LevelFilter::Trace);
    }

    #[test]
    fn what_is_no_level_or_no_room_is_told() {
        assert_eq!("loud".parse::<Levels>(), Err(WrongLevels::Level("loud".into())));
        assert_eq!("info,lines::sip=".parse::<Levels>(), Err(WrongLevels::Level(String::new())));
        for room in ["", "Lines", "lines::", "lines/sip", "::"] {
            assert_eq!(format!("info,{room}=debug").parse::<Levels>(), Err(WrongLevels::Room(room.into())));
        }
        let many: Vec<String> = (0..=MOST_ROOMS).map(|n| format!("room{n}=debug")).collect();
        assert_eq!(many.join(",").parse::<Levels>(), Err(WrongLevels::Many));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(all in "off|error|warn|info|debug|trace", rooms in prop::collection::btree_map("[a-z]{1,8}(::[a-z_]{1,8}){0,2}", "off|error|warn|info|debug|trace", 0..5)) {
            let text = std::iter::once(all).chain(rooms.into_iter().map(|(room, level)| format!("{room}={level}"))).collect::<Vec<_>>().join(",");
            let levels: Levels = text.parse().unwrap();
            prop_assert_eq!(levels.to_string(), text);
        }

        #[test]
        fn no_text_is_too_odd(text in ".{0,200}") {
            let _ = text.parse::<Levels>();
        }
    }
}
