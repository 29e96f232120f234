#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

pub mod bench;
mod fetching;
mod profiles;
mod resuming;
mod storing;

use super::*;

#[test]
fn the_catalog_that_ships_is_sound() {
    let catalog = Catalog::built_in().unwrap();
    for entry in catalog.entries() {
        assert!(!entry.purpose.is_empty() && !entry.licence.is_empty() && !entry.attribution.is_empty(), "{}", entry.name);
        let hubs_first = entry.sources.iter().map(|source| matches!(source.files[0].parts[0].origin, Origin::Hub(_)));
        assert!(hubs_first.is_sorted_by(|a, b| a >= b), "{}: the publisher's own address comes first", entry.name);
    }
}

#[test]
fn what_a_model_needs_is_brought_with_it_and_named_once() {
    let file = |name: &str, needs: &str| {
        bench::entry(name, 1, "", &[bench::source("s", &[("pypi", "p", "a/b", b"x")])]).replace("converter", &format!("{needs}\nconverter"))
    };
    let files = [file("voice", "needs = ['words']"), file("words", "needs = ['voice']"), file("ears", "")];
    let named: Vec<(&str, &str)> = files.iter().map(|text| ("m.toml", text.as_str())).collect();
    let catalog = Catalog::parse(&named).unwrap();
    let with = |names: &[&'static str]| {
        let found = catalog.with_needs(names.iter().copied()).unwrap();
        found.into_iter().map(|entry| entry.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(with(&["voice", "ears"]), ["voice", "ears", "words"]);
    assert_eq!(with(&["ears", "ears"]), ["ears"]);
    assert!(matches!(catalog.with_needs(["mouth"]), Err(Error::UnknownModel { .. })));
    let lonely = file("voice", "needs = ['words']");
    let fault = Catalog::parse(&[("m.toml", &lonely)]).unwrap_err().to_string();
    assert!(fault.contains("m.toml") && fault.contains("`words`"), "{fault}");
    let kokoro = Catalog::built_in().unwrap();
    let kokoro: Vec<&str> = kokoro.with_needs(["kokoro-82m"]).unwrap().iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(kokoro, ["kokoro-82m", "mandarin"]);
}

#[test]
fn a_mistake_in_a_catalog_file_is_told_with_its_name() {
    let good = bench::entry("m", 1, "", &[bench::source("s", &[("pypi", "p", "a/b", b"x")])]);
    assert!(Catalog::parse(&[("m.toml", &good)]).is_ok());
    for (from, to, complaint) in [
        ("purpose", "porpoise", "porpoise"),
        ("name = \"m\"", "name = \"../m\"", "cannot be a model's name"),
        ("converter = \"copy\"", "converter = \"magic\"", "no converter `magic`"),
        ("name = \"model.bin\"", "name = \"../model.bin\"", "cannot be a file's name"),
        ("name = \"model.bin\"", "name = \"manifest.json\"", "cannot be a file's name"),
        ("package = \"p0\"", "package = \"p9\"", "unknown package"),
        ("pypi = \"p\"", "pypi = \"--index-url=x\"", "cannot be a package"),
        ("pypi = \"p\"", "pypi = \"git+https://x\"", "cannot be a package"),
        ("version = \"1.0\"", "version = \"1.0 -r x\"", "cannot be a package"),
        ("size = 1, sha256", "size = 99999999999999, sha256", "cannot have"),
        ("sha256 = \"2d", "sha256 = \"2D", "not a SHA-256"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good, "{from}");
        let fault = Catalog::parse(&[("m.toml", &bad)]).unwrap_err().to_string();
        assert!(fault.starts_with("m.toml: ") && fault.contains(complaint), "{fault}");
    }
    assert!(Catalog::parse(&[("a", &good), ("b", &good)]).unwrap_err().to_string().contains("another entry"));
}
