//! Standard output: text for people, or JSON lines for programs.

use std::io::Write;

use serde::Serialize;
use switchhook_models::{Error, Result};

/// Where results go.
pub struct Output {
    json: bool,
}

impl Output {
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether programs read it.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// One result: `text` for people, `value` for programs. Each is complete at once, for whoever waits at the other end of a pipe.
    pub fn result(&mut self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<()> {
        let mut line = if self.json { serde_json::to_string(value).map_err(|fault| failed(fault.into()))? } else { text() };
        line.push('\n');
        self.piece(&line)
    }

    /// A piece of text, at once.
    pub fn piece(&mut self, text: &str) -> Result<()> {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(failed)
    }
}

fn failed(fault: std::io::Error) -> Error {
    Error::Io { path: "standard output".into(), source: fault }
}
