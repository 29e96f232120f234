//! A private D-Bus daemon, gone when dropped.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use switchhook::config::Bus;

/// A bus of our own.
pub struct PrivateBus {
    pub address: String,
    pub child: Child,
    _dir: tempfile::TempDir,
}

const OPEN: &str = r#"<policy context="default">
    <allow send_destination="*" eavesdrop="true"/> <allow eavesdrop="true"/> <allow own="*"/>
  </policy>"#;

impl PrivateBus {
    /// A bus on which everybody may do everything.
    pub fn open() -> Self {
        Self::with(OPEN)
    }

    /// A bus on which everybody may do everything, and which starts what the files in `services` describe when somebody asks for it.
    pub fn with_services(services: &Path) -> Self {
        Self::with(&format!("<servicedir>{}</servicedir>\n  {OPEN}", services.display()))
    }

    fn with(policy: &str) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), policy)
    }

    /// An open bus whose folder, and thereby its address, was there before it.
    pub fn late(dir: tempfile::TempDir) -> Self {
        Self::in_folder(dir, OPEN)
    }

    /// Where a bus that is started late will be.
    pub fn address_in(dir: &Path) -> Bus {
        Bus::Address(format!("unix:path={}", dir.join("bus").display()))
    }

    fn in_folder(dir: tempfile::TempDir, policy: &str) -> Self {
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let socket = dir.path().join("bus");
        let config = dir.path().join("bus.conf");
        std::fs::write(&config, configuration(&socket, policy)).unwrap();
        let mut child = Command::new("dbus-daemon")
            .args(["--nofork", "--nosyslog", "--print-address=1", "--config-file"])
            .arg(&config)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is needed: apt-get install dbus-daemon");
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(address.starts_with("unix:"), "dbus-daemon did not start: {address:?}");
        Self { address: address.trim().to_owned(), child, _dir: dir }
    }

    /// As the configuration names it.
    pub fn bus(&self) -> Bus {
        Bus::Address(self.address.clone())
    }

    /// Have the bus hang, or go on.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{signal} {}", self.child.id())).status().unwrap();
        assert!(sent.success());
    }

    /// Take the bus away.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for PrivateBus {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The default policy of a system bus, with ours on top, where `owner` stands for user switchhook.
pub fn system_policy(owner: &str) -> String {
    let shipped = include_str!("../../../systemd/org.switchhook.Switchhook1.conf");
    let (_, rules) = shipped.split_once("<busconfig>").unwrap();
    let (rules, _) = rules.split_once("</busconfig>").unwrap();
    let rules = rules.replace("user=\"switchhook\"", &format!("user=\"{owner}\""));
    format!(
        r#"<policy context="default">
    <allow user="*"/> <deny own="*"/> <deny send_type="method_call"/>
    <allow send_type="signal"/> <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/> <allow receive_type="method_return"/> <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus"/> <allow send_destination="org.freedesktop.PolicyKit1"/>
  </policy>
  <policy user="polkitd"><allow own="org.freedesktop.PolicyKit1"/></policy>
  {rules}"#
    )
}

/// The configuration of a bus with this policy at this socket.
pub fn configuration(socket: &Path, policy: &str) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <auth>EXTERNAL</auth>
  {policy}
</busconfig>
"#,
        socket.display()
    )
}
