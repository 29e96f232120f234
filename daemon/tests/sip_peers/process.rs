//! Peers that are programs of their own. Each is killed when its test is over.

use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::process::Stdio;

use tokio::process::{Child, Command};

/// A running program.
pub struct Peer(Child);

impl Peer {
    /// Start a program; what it says goes to a file in `folder`.
    pub fn start(program: &str, arguments: &[&str], folder: &Path) -> Self {
        let log = std::fs::File::create(folder.join(format!("{program}.log"))).unwrap();
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
        command.stdout(log.try_clone().unwrap()).stderr(log);
        Self(command.spawn().unwrap_or_else(|error| panic!("{program} is needed for this test: {error}")))
    }

    /// Wait for it to end by itself, and say whether it was content.
    pub async fn content(mut self) -> bool {
        self.0.wait().await.unwrap().success()
    }
}

/// An address on loopback whose port nobody uses, for UDP at least.
pub fn free_address() -> SocketAddr {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
