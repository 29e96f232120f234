//! Logs: to the journal with fields when standard error goes there, else one plain line each on standard error.
//!
//! Fields are written as key-values and become journal fields in capitals: `log::info!(call_id = id.simple(), line = line.as_str(),
//! event = "call-began"; "a call began")` is found with `journalctl CALL_ID=...`. Logs hold no personal data: only our own records are
//! let through at the chosen level, and those of libraries from errors up, since a SIP stack likes to log whole messages with the numbers
//! in them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::PanicHookInfo;

use log::kv::{self, Key, Value, VisitSource};
use log::{Level, LevelFilter, Log, Metadata, Record};
use systemd_journal_logger::{JournalLog, connected_to_journal};

/// Where libraries are cut off.
const LIBRARIES: LevelFilter = LevelFilter::Error;
/// The crates that are ours, as targets begin with them.
const OURS: [&str; 4] = ["switchhook", "switchhookd", "switchhookctl", "switchhook_models"];

/// Why logging cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// Standard error is the journal, but the journal's socket is not there.
    #[error("the journal cannot be reached: {0}")]
    NoJournal(#[from] std::io::Error),
    /// Somebody was faster.
    #[error("logging was begun twice")]
    Twice(#[from] log::SetLoggerError),
}

/// Begin to log our own records from `level` up.
///
/// # Errors
/// If logging was begun before, or if the journal cannot be reached.
pub fn init(level: LevelFilter) -> Result<(), LoggingError> {
    let sink: Box<dyn Log> = if connected_to_journal() { Box::new(JournalLog::new()?) } else { Box::new(Plain) };
    log::set_boxed_logger(Box::new(Filtered { level, sink }))?;
    log::set_max_level(level.max(LIBRARIES));
    std::panic::set_hook(Box::new(tell_of_panic));
    Ok(())
}

/// A fault of the program is told by its place and never by its words: those may be a caller's.
fn tell_of_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current();
    log::error!(event = "panic", thread = thread.name().unwrap_or_default(); "a fault of the program at {place}; please report this line");
}

/// Lets through what may be logged.
struct Filtered {
    level: LevelFilter,
    sink: Box<dyn Log>,
}

impl Log for Filtered {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= limit(metadata.target(), self.level)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            self.sink.log(record);
        }
    }

    fn flush(&self) {
        self.sink.flush();
    }
}

/// From which level up records of `target` are logged.
fn limit(target: &str, level: LevelFilter) -> LevelFilter {
    let (root, _) = target.split_once("::").unwrap_or((target, ""));
    if OURS.contains(&root) { level } else { level.min(LIBRARIES) }
}

/// One line on standard error.
struct Plain;

impl Log for Plain {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        // Nobody can be told if standard error is gone.
        let _ = std::io::stderr().lock().write_all(plain(record).as_bytes());
    }

    fn flush(&self) {}
}

/// `warn: the message key=value`, in one line whatever the message holds.
fn plain(record: &Record<'_>) -> String {
    let level = match record.level() {
        Level::Error => "error",
        Level::Warn => "warn",
        Level::Info => "info",
        Level::Debug => "debug",
        Level::Trace => "trace",
    };
    let mut line = format!("{level}: {}", record.args());
    // Writing to a string does not fail.
    let _ = record.key_values().visit(&mut Pairs(&mut line));
    let mut line = line.replace(['\n', '\r'], " ");
    line.push('\n');
    line
}

struct Pairs<'a>(&'a mut String);

impl<'kvs> VisitSource<'kvs> for Pairs<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), kv::Error> {
        write!(self.0, " {key}={value}").map_err(kv::Error::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_becomes_one_line_with_its_fields() {
        let fields = [("call_id", "0192"), ("event", "call-began")];
        let fields: &[(&str, &str)] = &fields;
        let line = plain(&Record::builder().level(Level::Warn).args(format_args!("two\nlines")).key_values(&fields).build());
        assert_eq!(line, "warn: two lines call_id=0192 event=call-began\n");
    }

    #[test]
    fn libraries_are_heard_only_when_they_fail() {
        assert_eq!(limit("rsipstack::transport", LevelFilter::Trace), LevelFilter::Error);
        assert_eq!(limit("switchhook::calls", LevelFilter::Debug), LevelFilter::Debug);
        assert_eq!(limit("switchhook_models::asr", LevelFilter::Debug), LevelFilter::Debug);
        assert_eq!(limit("switchhookd", LevelFilter::Info), LevelFilter::Info);
        assert_eq!(limit("switchhooked", LevelFilter::Info), LevelFilter::Error);
    }
}
