//! A system bus of our own with a real polkit on it, and people with roles.
//!
//! Polkit has its files in fixed places, so bus and polkit run in a mount namespace where the shipped files lie there, and where `/etc/passwd` and
//! `/etc/group` know the people. That needs root, as becoming somebody else does.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use switchhook::control::rights::Role;

use super::bus::{configuration, system_policy};

/// Somebody on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    Root,
    With(Role),
    /// Has an account, and no role.
    Stranger,
}

const STRANGER: u32 = 60_009;

impl Person {
    fn uid(self) -> u32 {
        match self {
            Self::Root => 0,
            Self::With(role) => 60_001 + Role::ALL.iter().position(|one| *one == role).map_or(0, |at| u32::try_from(at).unwrap()),
            Self::Stranger => STRANGER,
        }
    }

    /// This program, started by them.
    pub fn runs(self, program: &str) -> Command {
        let uid = self.uid();
        let mut command = Command::new("setpriv");
        // The group of a role has its user's number.
        command.args([format!("--reuid={uid}"), format!("--regid={uid}"), format!("--groups={uid}"), program.to_owned()]);
        command
    }
}

/// The bus, gone when dropped.
pub struct PolkitBus {
    pub address: String,
    inside: Child,
    dir: tempfile::TempDir,
}

impl PolkitBus {
    pub fn open() -> Self {
        let whoami = Command::new("id").arg("-un").output().unwrap();
        assert_eq!(String::from_utf8_lossy(&whoami.stdout).trim(), "root", "this test becomes somebody else: run it as root, as CI does");
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let place = |name: &str| dir.path().join(name);
        for folder in ["actions", "rules", "none"] {
            std::fs::create_dir(place(folder)).unwrap();
            std::fs::set_permissions(place(folder), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../systemd");
        std::fs::copy(shipped.join("org.switchhook.Switchhook1.policy"), place("actions/org.switchhook.Switchhook1.policy")).unwrap();
        std::fs::copy(shipped.join("60-switchhook.rules"), place("rules/60-switchhook.rules")).unwrap();
        let (mut users, mut groups) = (read("/etc/passwd"), read("/etc/group"));
        for role in Role::ALL {
            let (name, id) = (role.group(), Person::With(role).uid());
            users.push_str(&format!("{name}:x:{id}:{id}::/nonexistent:/usr/sbin/nologin\n"));
            groups.push_str(&format!("{name}:x:{id}:\n"));
        }
        users.push_str(&format!("stranger:x:{STRANGER}:{STRANGER}::/nonexistent:/usr/sbin/nologin\n"));
        groups.push_str(&format!("stranger:x:{STRANGER}:\n"));
        std::fs::write(place("passwd"), users).unwrap();
        std::fs::write(place("group"), groups).unwrap();
        std::fs::write(place("bus.conf"), configuration(&place("bus"), &system_policy("root"))).unwrap();
        let script = "set -e; cd \"$1\"
            mount --make-rprivate /
            mount --bind actions /usr/share/polkit-1/actions; mount --bind rules /usr/share/polkit-1/rules.d
            mount --bind none /etc/polkit-1/rules.d
            mount --bind passwd /etc/passwd; mount --bind group /etc/group
            dbus-daemon --fork --nosyslog --print-address=1 --print-pid=3 --config-file bus.conf 3>pid
            trap 'kill $(cat pid) $polkit' EXIT
            DBUS_SYSTEM_BUS_ADDRESS=unix:path=\"$1/bus\" /usr/lib/polkit-1/polkitd --no-debug & polkit=$!
            echo $polkit >polkit
            read -r _";
        let mut inside = Command::new("unshare")
            .args(["--mount", "sh", "-c", script, "sh"])
            .arg(dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare is needed: apt-get install util-linux");
        let mut address = String::new();
        BufReader::new(inside.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(address.starts_with("unix:"), "the bus did not start: polkitd, dbus-daemon and a mount namespace are needed ({address:?})");
        Self { address: address.trim().to_owned(), inside, dir }
    }
}

impl PolkitBus {
    /// Polkit dies, and does not come back.
    pub fn take_polkit_away(&self) {
        let number = read(self.dir.path().join("polkit").to_str().unwrap());
        let killed = Command::new("sh").args(["-c", &format!("kill -9 {number}")]).status().unwrap();
        assert!(killed.success());
    }
}

impl Drop for PolkitBus {
    fn drop(&mut self) {
        // The script reads the end of its input, and takes the others along.
        drop(self.inside.stdin.take());
        let _ = self.inside.wait();
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}
