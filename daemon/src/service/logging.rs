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
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
    use std::os::unix::net::UnixDatagram;
    use std::process::Command;

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

    /// Run the ignored test below where the journal's socket is ours: in a mount namespace with a `/run` of its own.
    #[test]
    fn call_line_and_event_reach_the_journal_as_fields() {
        let own_run = "mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal && exec \"$0\" \"$@\"";
        let this = std::env::current_exe().unwrap();
        let child = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", own_run])
            .arg(this)
            .args(["--exact", "service::logging::tests::child_logs_to_its_own_journal", "--ignored", "--nocapture"])
            .output()
            .expect("unshare is needed: apt-get install util-linux");
        let said = format!("{}{}", String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
        assert!(child.status.success() && said.contains("1 passed"), "run this as root, or allow user namespaces:\n{said}");
    }

    #[test]
    #[ignore = "run by the test above"]
    fn child_logs_to_its_own_journal() {
        let journal = UnixDatagram::bind("/run/systemd/journal/socket").unwrap();
        let logger = Filtered { level: LevelFilter::Info, sink: Box::new(JournalLog::new().unwrap()) };
        let fields = [("call_id", "0192"), ("line", "office"), ("event", "call-began")];
        let fields: &[(&str, &str)] = &fields;
        let record = |target: &'static str| Record::builder().level(Level::Info).target(target).key_values(&fields).build();
        logger.log(&record("rsipstack::transport"));
        logger.log(&record("switchhook::calls"));
        journal.set_nonblocking(true).unwrap();
        let mut entries = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(length) = journal.recv(&mut buffer) {
            entries.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
        }
        // The first is how the logger tries whether there is a journal; what the library said was not let through.
        let [tried, entry] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!(tried, "");
        for field in ["CALL_ID", "LINE", "EVENT"].into_iter().zip(["0192", "office", "call-began"]) {
            let (name, value) = field;
            let long = format!("{name}\n{}\0\0\0\0\0\0\0{value}\n", char::from(u8::try_from(value.len()).unwrap()));
            assert!(entry.contains(&format!("{name}={value}\n")) || entry.contains(&long), "{name} in {entry:?}");
        }
    }
}
