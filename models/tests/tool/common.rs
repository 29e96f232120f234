//! The tool `switchhook-models` as a user or a script meets it, and stores to try it on.

use std::path::Path;
use std::process::{Command, Output};

use switchhook_models::catalog::Store;

pub fn tool(models: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_switchhook-models")).arg("--models").arg(models).args(arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Every line of what was told with `--json`.
pub fn lines(ended: &Output) -> Vec<serde_json::Value> {
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    text(&ended.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A store of its own with some of the models that are installed here; one that is not fails the test with the command that installs it.
pub fn store_with(models: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for model in models {
        let installed = Store::default_place().open(model).unwrap_or_else(|fault| panic!("{fault}"));
        std::os::unix::fs::symlink(installed.file(""), dir.path().join(model)).unwrap();
    }
    dir
}
