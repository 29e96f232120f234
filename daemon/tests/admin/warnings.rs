//! What is logged for the admin in this process, for tests that wait for it.

use std::sync::OnceLock;

use log::{Level, LevelFilter, Log, Metadata, Record};
use tokio::sync::broadcast;

/// A warning: its event, and what it says.
#[derive(Clone, Debug)]
pub struct Warning {
    pub event: String,
    pub text: String,
}

struct Ears(broadcast::Sender<Warning>);

impl Log for Ears {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        let event = record.key_values().get("event".into()).map(|event| event.to_string()).unwrap_or_default();
        // Nobody may listen.
        let _ = self.0.send(Warning { event, text: record.args().to_string() });
    }

    fn flush(&self) {}
}

/// Warnings from here on that name this.
pub struct Warnings {
    heard: broadcast::Receiver<Warning>,
    of: String,
}

impl Warnings {
    pub fn of(name: impl Into<String>) -> Self {
        static EARS: OnceLock<broadcast::Sender<Warning>> = OnceLock::new();
        let ears = EARS.get_or_init(|| {
            let ears = broadcast::Sender::new(1000);
            log::set_boxed_logger(Box::new(Ears(ears.clone()))).unwrap();
            log::set_max_level(LevelFilter::Warn);
            ears
        });
        Self { heard: ears.subscribe(), of: name.into() }
    }

    pub async fn next(&mut self) -> Warning {
        loop {
            let warning = self.heard.recv().await.unwrap();
            if warning.text.contains(&self.of) {
                return warning;
            }
        }
    }

    /// All that came until now.
    pub fn so_far(&mut self) -> Vec<Warning> {
        std::iter::from_fn(|| self.heard.try_recv().ok()).filter(|warning| warning.text.contains(&self.of)).collect()
    }
}
