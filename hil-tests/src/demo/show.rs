//! The demo as it is seen: lines, with a spinner below them where there is a terminal.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::ProgressBar;

use super::watch::{News, Turn};

/// Where the demo is shown.
#[derive(Debug)]
pub(super) struct Stage {
    silent: bool,
    spinner: Option<ProgressBar>,
}

impl Stage {
    pub fn new(silent: bool) -> Self {
        let spinner = (!silent && std::io::stderr().is_terminal() && std::io::stdout().is_terminal()).then(ProgressBar::new_spinner);
        if let Some(spinner) = &spinner {
            spinner.enable_steady_tick(Duration::from_millis(100));
        }
        Self { silent, spinner }
    }

    /// What goes on now.
    pub fn doing(&self, what: &'static str) {
        match &self.spinner {
            Some(spinner) => spinner.set_message(what),
            None => self.line(&format!("... {what}")),
        }
    }

    pub fn line(&self, text: &str) {
        match &self.spinner {
            _ if self.silent => {}
            Some(spinner) => spinner.println(text),
            None => println!("{text}"),
        }
    }

    /// What was published.
    pub fn mqtt(&self, messages: &[(String, String)]) {
        for (topic, payload) in messages {
            self.line(&format!("  MQTT        {topic} {payload}"));
        }
    }

    pub fn news(&self, news: &News) {
        match news {
            News::State(state) => self.line(&format!("  D-Bus       {state}")),
            News::Turn(turn) => self.turn(turn),
        }
    }

    fn turn(&self, turn: &Turn) {
        if !turn.heard.is_empty() {
            self.line(&format!("  understood  \"{}\" as {} ({:.0} % sure)", turn.heard.trim(), turn.understood, turn.confidence * 100.0));
        }
        self.line(&format!("  did         {}", turn.action));
        self.line(&format!("  said        \"{}\"", turn.said));
        let part = |name: &str| turn.latency.get(name).copied().unwrap_or_default();
        if !turn.latency.is_empty() {
            self.line(&format!(
                "  latency     {:.0} ms = endpoint {:.0} + words {:.0} + decision {:.1} + first sound {:.0}",
                part("total_ms"),
                part("endpoint_ms"),
                part("words_ms"),
                part("decision_ms"),
                part("first_sound_ms"),
            ));
        }
    }

    pub fn end(&self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}
