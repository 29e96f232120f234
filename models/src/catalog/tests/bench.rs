//! A bench for fetching: a store in a folder of its own, a catalog of made-up models, and package clients that copy what the test has
//! put in their registry. Only the clients are stand-ins; everything behind them is the real thing.

use std::cell::RefCell;
use std::fs;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;

use crate::catalog::fetch::{Event, Fetcher, Options, Outcome};
use crate::catalog::{Catalog, Store, Sum};
use crate::{Cancel, Result};

pub struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Self {
        let bench = Self { dir: tempfile::tempdir().unwrap() };
        for folder in ["bin", "registry", "told"] {
            fs::create_dir(bench.path(folder)).unwrap();
        }
        // Both find the package's name and version in the last argument, and the folder to fill after this option.
        bench.client("pip", "--dest", "whl");
        bench.client("npm", "--pack-destination", "tgz");
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn client(&self, name: &str, option: &str, suffix: &str) {
        self.program(
            name,
            &format!(
                r#"case "$1" in index|view|config) /bin/cat "{told}/$1"; exit;; esac
for word in "$@"; do [ "$before" = "{option}" ] && dest="$word"; before="$word"; done
echo "$word" >> "{log}"
/bin/cp "{registry}/$word.{suffix}" "$dest/" || {{ echo "no such package: $word" >&2; exit 1; }}"#,
                told = self.path("told").display(),
                log = self.path("log").display(),
                registry = self.path("registry").display(),
            ),
        );
    }

    /// A program that the fetcher finds.
    pub fn program(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What a client answers to a question: pip to `index`, npm to `view` and `config`. Without this it does not know the question.
    pub fn tells(&self, question: &str, answer: &str) {
        fs::write(self.path("told").join(question), answer).unwrap();
    }

    /// Let pip tell where the wheel of version 1.0 lies.
    pub fn pip_tells(&self, url: &str) {
        self.tells(
            "index",
            &format!("Getting page\n  Found link {url} (from https://index.invalid/simple/one/), version: 1.0\none (1.0)\n"),
        );
    }

    /// Let the fetcher use a program of this machine.
    pub fn real_program(&self, name: &str) {
        self.program(name, &format!("PATH=/usr/local/bin:/usr/bin:/bin exec {name} \"$@\""));
    }

    /// Put a wheel into the registry.
    pub fn wheel(&self, spec: &str, members: &[(&str, &[u8])]) -> PathBuf {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        self.package(&format!("{spec}.whl"), &zip.finish().unwrap().into_inner())
    }

    /// Put an npm archive into the registry.
    pub fn tarball(&self, spec: &str, members: &[(&str, &[u8])]) -> PathBuf {
        let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        for (name, bytes) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, name, *bytes).unwrap();
        }
        self.package(&format!("{spec}.tgz"), &tar.into_inner().unwrap().finish().unwrap())
    }

    pub fn package(&self, file: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path("registry").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The packages that were asked for since the last call.
    pub fn asked_for(&self) -> Vec<String> {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        let _ = fs::remove_file(self.path("log"));
        log.lines().map(ToOwned::to_owned).collect()
    }

    pub fn store(&self, entries: &[String]) -> Store {
        let files: Vec<(&str, &str)> = entries.iter().map(|text| ("test.toml", text.as_str())).collect();
        Store::at(self.path("store")).with_catalog(Catalog::parse(&files).unwrap())
    }

    pub fn fetcher(&self, store: &Store) -> Fetcher {
        Fetcher::new(store.clone(), Options { keep_downloads: false, search_path: Some(self.path("bin").into()) })
    }

    pub fn fetch(&self, store: &Store, model: &str) -> Result<Outcome> {
        self.fetcher(store).install(model, &|_| {}, &Cancel::new())
    }

    /// Fetch until the `nth` event, at which the power goes: nothing that would run later runs. `None` if the fetch was done before.
    pub fn fetch_with_power_cut(&self, store: &Store, model: &str, nth: usize) -> Option<Result<Outcome>> {
        let left = RefCell::new(nth);
        let report = |_: Event<'_>| {
            let mut left = left.borrow_mut();
            if *left == 0 {
                std::panic::resume_unwind(Box::new("power cut"));
            }
            *left -= 1;
        };
        let fetcher = self.fetcher(store);
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| fetcher.install(model, &report, &Cancel::new()))).ok()
    }

    /// The names in the store that do not belong to an installed model.
    pub fn leftovers(&self, store: &Store) -> Vec<String> {
        let names = fs::read_dir(store.dir()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| ![".lock", ".versions"].contains(&name.as_str()) && !store.dir().join(name).is_symlink()).collect()
    }
}

pub fn sum(bytes: &[u8]) -> Sum {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    Sum::of_file(file.path()).unwrap()
}

pub fn sum_fields(bytes: &[u8]) -> String {
    let sum = sum(bytes);
    format!("size = {}, sha256 = \"{}\"", sum.size, sum.sha256)
}

/// A catalog entry of one file, `model.bin`, with these sources.
pub fn entry(name: &str, revision: u32, pins: &str, sources: &[String]) -> String {
    let sources = sources.join(",\n");
    format!(
        r#"
name = "{name}"
task = "voice-activity"
architecture = "silero"
purpose = "A test."
languages = []
licence = "MIT"
attribution = "the tests"
revision = {revision}
installed_mb = 1
memory_mb = 1
converter = "copy"
installed = [{{ name = "model.bin", pins = [{pins}] }}]
sources = [{sources}]
"#
    )
}

/// A source of packages `(kind, name, member)`, each of which holds one part of the file.
pub fn source(title: &str, parts: &[(&str, &str, &str, &[u8])]) -> String {
    let whole: Vec<u8> = parts.iter().flat_map(|part| part.3.iter().copied()).collect();
    let packages: Vec<String> = (parts.iter().enumerate())
        .map(|(n, (kind, name, ..))| format!("p{n} = {{ {kind} = \"{name}\", version = \"1.0\", download_size = 100 }}"))
        .collect();
    let listed: Vec<String> = (parts.iter().enumerate())
        .map(|(n, (_, _, member, bytes))| format!("{{ package = \"p{n}\", member = \"{member}\", {} }}", sum_fields(bytes)))
        .collect();
    format!(
        r#"{{ title = "{title}", packages = {{ {} }}, files = [{{ name = "model.bin", {}, parts = [{}] }}] }}"#,
        packages.join(", "),
        sum_fields(&whole),
        listed.join(", ")
    )
}

/// A source of one file at an address.
pub fn hub(title: &str, url: &str, bytes: &[u8]) -> String {
    format!(r#"{{ title = "{title}", files = [{{ name = "model.bin", {}, url = "{url}" }}] }}"#, sum_fields(bytes))
}

pub fn read(store: &Store, model: &str) -> Vec<u8> {
    fs::read(store.open(model).unwrap().file("model.bin")).unwrap()
}

/// Serves `bytes` over HTTP on loopback, honouring ranges. The first answer breaks off after `first` bytes. Yields the address, and the
/// request heads as they come.
pub fn serve(bytes: Vec<u8>, first: usize) -> (String, Receiver<String>) {
    serve_in(bytes, first, true)
}

/// The same from a server that knows no ranges.
pub fn serve_without_ranges(bytes: Vec<u8>, first: usize) -> (String, Receiver<String>) {
    serve_in(bytes, first, false)
}

fn serve_in(bytes: Vec<u8>, first: usize, ranges: bool) -> (String, Receiver<String>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/model.bin", listener.local_addr().unwrap());
    let (heads, seen) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut limit = first;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let head: Vec<String> = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let range = head.iter().find_map(|line| line.strip_prefix("Range: bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
            let whole = bytes.len();
            let (status, rest) = match range.filter(|_| ranges) {
                Some(from) if from >= whole => (format!("416 Range Not Satisfiable\r\nContent-Range: bytes */{whole}"), &[][..]),
                Some(from) => (format!("206 Partial Content\r\nContent-Range: bytes {from}-{}/{whole}", whole - 1), &bytes[from..]),
                None => ("200 OK".to_owned(), &bytes[..]),
            };
            let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", rest.len());
            let _ = stream.write_all(&rest[..limit.min(rest.len())]);
            limit = usize::MAX;
            let _ = heads.send(head.join("\n"));
        }
    });
    (url, seen)
}

/// Overwrite one byte of a file.
pub fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    bytes[0] ^= 1;
    fs::write(path, bytes).unwrap();
}
