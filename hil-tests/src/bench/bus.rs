//! A private system bus, on which everybody may do everything.

use std::time::Duration;

use tokio::process::Command;

use super::{Place, Process};

/// A running bus.
#[derive(Debug)]
pub struct Bus {
    address: String,
    _process: Process,
}

impl Bus {
    /// Start a bus.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn start(place: &Place) -> anyhow::Result<Self> {
        let socket = place.join("bus");
        let address = format!("unix:path={}", socket.display());
        let config = place.write(
            "bus.conf",
            &format!(
                "<busconfig><type>session</type><listen>{address}</listen><auth>EXTERNAL</auth><policy context=\"default\">\
                 <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>"
            ),
        )?;
        let mut command = Command::new("dbus-daemon");
        command.arg("--nofork").arg("--print-address").arg(format!("--config-file={}", config.display()));
        let mut process = Process::start(place, "bus", &mut command)?;
        process.says("the bus has an address", Duration::from_secs(10), |log| log.contains("unix:").then_some(())).await?;
        Ok(Self { address, _process: process })
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}
