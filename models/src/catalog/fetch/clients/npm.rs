//! What npm is told, and how its answer is read.
//!
//! `npm view` tells where the registry says that the archive lies. npm itself does not always go there: an address on the public
//! registry is turned into one on the office's mirror. So an address is used only if it lies on a registry that npm is configured for.

use std::path::Path;
use std::process::Command;

use super::address::{Address, host_in};
use super::client;
use crate::catalog::Package;

fn npm(words: &[&str], scratch: &Path) -> Command {
    let mut command = client(&["npm"]);
    command.args(words).args(["--no-progress", "--no-update-notifier"]).current_dir(scratch);
    // npm is JavaScript, and so compiled to memory that is written and run; the robot's unit forbids that (MemoryDenyWriteExecute=). Interpreted, it takes a second longer.
    let mut options = std::env::var_os("NODE_OPTIONS").unwrap_or_default();
    options.push(" --jitless");
    command.env("NODE_OPTIONS", options);
    command
}

/// Fetch the archive into `scratch`.
pub(super) fn pack(package: &Package, scratch: &Path) -> Command {
    let mut command = npm(&["pack", "--ignore-scripts"], scratch);
    command.arg("--pack-destination").arg(scratch).arg(package.to_string());
    command
}

/// Where is the archive? A machine without a network is found out when it fetches, once: this gives up early.
pub(super) fn question(package: &Package, scratch: &Path) -> Command {
    let mut command = npm(&["view", "--json", "--fetch-retries=1"], scratch);
    command.arg(package.to_string()).arg("dist.tarball");
    command
}

/// Which registries are configured for the package?
pub(super) fn registries(package: &Package, scratch: &Path) -> Command {
    let mut command = npm(&["config", "get"], scratch);
    command.arg("registry");
    if let Some((scope, _)) = package.name.split_once('/') {
        command.arg(format!("{scope}:registry"));
    }
    command
}

/// Where the answers say that the archive lies. Warnings stand among them.
pub(super) fn location(answer: &str, registries: &str) -> Option<Address> {
    let mut told = answer.lines().filter_map(|line| serde_json::from_str::<String>(line).ok());
    let address = Address::parse(&told.next()?)?;
    let configured = registries.lines().filter_map(host_in).any(|host| host == address.host());
    (configured && told.next().is_none()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_believed_to_lie_only_on_a_configured_registry() {
        let answer = "npm warn something\n\"https://npm.example/three/-/three-1.0.tgz\"\n";
        for registries in ["https://npm.example/", "registry=https://other/\n@s:registry=https://user@npm.example/path/\n"] {
            assert!(location(answer, registries).is_some(), "{registries}");
        }
        for registries in ["", "undefined", "https://other/", "https://npm.example.org/", "https://npm.example:8080/"] {
            assert!(location(answer, registries).is_none(), "{registries}");
        }
    }

    proptest::proptest! {
        #[test]
        fn rubbish_is_no_location(answer in "\\PC{0,200}", registries in "\\PC{0,200}") {
            proptest::prop_assert!(location(&answer, &registries).is_none_or(|address| registries.contains(address.host())));
        }
    }
}
