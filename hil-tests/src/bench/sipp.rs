//! sipp, for calls by the book.

use std::time::Duration;

use tokio::process::Command;

use super::{Place, Process, free_port};

/// Where programs of the system live that are not on everybody's path.
pub(super) fn path() -> String {
    format!("{}:/usr/local/sbin:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default())
}

/// A running sipp.
#[derive(Debug)]
pub struct Sipp {
    /// The program.
    pub process: Process,
    /// Its SIP port on loopback.
    pub port: u16,
}

impl Sipp {
    /// Call `target` (`host:port`) once by the built-in scenario `uac`, and hold the call for `pause`.
    ///
    /// # Errors
    /// If sipp cannot be started.
    pub fn call(place: &Place, name: &str, target: &str, pause: Duration) -> anyhow::Result<Self> {
        let pause = pause.as_millis().to_string();
        Self::start(place, name, &["-sn", "uac", "-m", "1", "-d", &pause, "-s", "office", target])
    }

    /// Answer calls by the built-in scenario `uas`, as often as `calls`.
    ///
    /// # Errors
    /// If sipp cannot be started.
    pub fn answer(place: &Place, name: &str, calls: u32) -> anyhow::Result<Self> {
        Self::start(place, name, &["-sn", "uas", "-m", &calls.to_string()])
    }

    /// Run with these arguments.
    ///
    /// # Errors
    /// If sipp cannot be started.
    pub fn start(place: &Place, name: &str, arguments: &[&str]) -> anyhow::Result<Self> {
        let port = free_port()?;
        let media = free_port()?;
        let mut command = Command::new("sipp");
        command.args(["-nostdin", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-timeout", "120s", "-timeout_error"]);
        command.args(["-p", &port.to_string(), "-mp", &(media & !1).to_string()]);
        command.args(arguments).current_dir(place.join("")).env("TERM", "dumb");
        Ok(Self { process: Process::start(place, name, &mut command)?, port })
    }
}
