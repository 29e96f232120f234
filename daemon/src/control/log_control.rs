//! What is logged, as `systemctl service-log-level switchhook.service debug` asks for it: org.freedesktop.LogControl1(5).
//!
//! It knows one level for the whole daemon. Levels of single rooms stand beside it ([`super::manager`]) and stay as they are.

use log::LevelFilter;
use zbus::{fdo, interface};

use crate::logging::Logging;

/// How the journal names us (SYSLOG_IDENTIFIER=).
const IDENTIFIER: &str = "switchhookd";
/// The one target that we have: the journal when systemd starts us, else standard error.
const TARGET: &str = "journal";

/// `org.freedesktop.LogControl1`.
pub(super) struct LogControl(pub Logging);

/// The level that a word of syslog's stands for; what is graver than an error for us is an error.
fn level(word: &str) -> Option<LevelFilter> {
    Some(match word {
        "emerg" | "alert" | "crit" | "err" => LevelFilter::Error,
        "warning" => LevelFilter::Warn,
        "notice" | "info" => LevelFilter::Info,
        "debug" => LevelFilter::Debug,
        _ => return None,
    })
}

/// Syslog's word for a level.
fn word(level: LevelFilter) -> &'static str {
    match level {
        LevelFilter::Off | LevelFilter::Error => "err",
        LevelFilter::Warn => "warning",
        LevelFilter::Info => "info",
        LevelFilter::Debug | LevelFilter::Trace => "debug",
    }
}

#[interface(name = "org.freedesktop.LogControl1")]
impl LogControl {
    /// Syslog's word for the level from which on is logged.
    #[zbus(property(emits_changed_signal = "false"))]
    fn log_level(&self) -> &str {
        word(self.0.levels().general())
    }

    #[zbus(property)]
    fn set_log_level(&mut self, to: &str) -> fdo::Result<()> {
        let level = level(to).ok_or_else(|| {
            fdo::Error::InvalidArgs(format!(
                "`{to}` is no level: use err, warning, info or debug; `switchhookctl log` knows trace and single rooms"
            ))
        })?;
        self.0.change(self.0.levels().with_general(level));
        Ok(())
    }

    /// Where it is logged to.
    #[zbus(property(emits_changed_signal = "false"))]
    fn log_target(&self) -> &str {
        TARGET
    }

    #[zbus(property)]
    fn set_log_target(&mut self, to: &str) -> fdo::Result<()> {
        match to {
            "auto" | TARGET => Ok(()),
            _ => Err(fdo::Error::NotSupported(format!("it is logged to the {TARGET}, and nowhere else"))),
        }
    }

    /// Who logs, as the journal has it.
    #[zbus(property(emits_changed_signal = "const"))]
    fn syslog_identifier(&self) -> &str {
        IDENTIFIER
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_level_that_is_told_can_be_asked_for() {
        for asked in ["err", "warning", "info", "debug"] {
            assert_eq!(word(level(asked).unwrap()), asked);
        }
        assert_eq!(level("loud"), None);
    }
}
