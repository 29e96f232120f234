//! Logs: to the journal with fields when standard error goes there, else one plain line each on standard error.
//!
//! Fields are written as key-values and become journal fields in capitals: `log::info!(call_id = id.simple(), line = line.as_str(),
//! event = "call-began"; "a call began")` is found with `journalctl CALL_ID=...`. Every message has an `event`, from which its
//! [`MessageId`] follows. Logs hold no personal data. What is logged ([`Levels`]) can be changed while the house is open ([`Logging`]).

mod levels;
mod message_id;

use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::sync::{Arc, PoisonError, RwLock};

use log::kv::{self, Key, Value, VisitSource};
use log::{Level, Log, Metadata, Record};
use systemd_journal_logger::{JournalLog, connected_to_journal};

pub use levels::{Levels, WrongLevels};
use message_id::Identified;
pub use message_id::MessageId;

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

/// What is logged, for whoever may change it. Clones are the same.
#[derive(Clone, Debug)]
pub struct Logging(Arc<RwLock<Levels>>);

impl Logging {
    /// These levels, before anything is logged at them.
    #[must_use]
    pub fn at(levels: Levels) -> Self {
        Self(Arc::new(RwLock::new(levels)))
    }

    /// Begin to log at these levels.
    ///
    /// # Errors
    /// If logging was begun before, or if the journal cannot be reached.
    pub fn begin(levels: Levels) -> Result<Self, LoggingError> {
        let sink: Box<dyn Log> = if connected_to_journal() { Box::new(Journal(JournalLog::new()?)) } else { Box::new(Plain) };
        let logging = Self::at(Levels::all(log::LevelFilter::Off));
        log::set_boxed_logger(Box::new(Filtered { logging: logging.clone(), sink }))?;
        logging.change(levels);
        tell_of_panics();
        Ok(logging)
    }

    /// What is logged now.
    #[must_use]
    pub fn levels(&self) -> Levels {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Log at these levels from here on.
    pub fn change(&self, levels: Levels) {
        log::set_max_level(levels.most());
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = levels;
    }

    fn lets_through(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= self.0.read().unwrap_or_else(PoisonError::into_inner).of(metadata.target())
    }
}

/// Faults of the program are logged from here on, in whatever log there is.
pub fn tell_of_panics() {
    std::panic::set_hook(Box::new(tell_of_panic));
}

/// A fault of the program is told by its place and never by its words: those may be a caller's.
fn tell_of_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current();
    log::error!(event = "panic", thread = thread.name().unwrap_or_default(); "a fault of the program at {place}; please report this line");
}

/// Lets through what may be logged.
struct Filtered {
    logging: Logging,
    sink: Box<dyn Log>,
}

impl Log for Filtered {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.logging.lets_through(metadata)
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

/// The journal, which knows every message by the number of its event.
struct Journal(JournalLog);

impl Log for Journal {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        self.0.log(&record.to_builder().key_values(&Identified::of(record.key_values())).build());
    }

    fn flush(&self) {}
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

    use log::LevelFilter;

    use super::*;

    #[test]
    fn a_record_becomes_one_line_with_its_fields() {
        let fields = [("call_id", "0192"), ("event", "call-began")];
        let fields: &[(&str, &str)] = &fields;
        let line = plain(&Record::builder().level(Level::Warn).args(format_args!("two\nlines")).key_values(&fields).build());
        assert_eq!(line, "warn: two lines call_id=0192 event=call-began\n");
    }

    #[test]
    fn what_is_logged_can_be_changed() {
        let logging = Logging::at(Levels::all(LevelFilter::Info));
        let debug = Metadata::builder().level(Level::Debug).target("switchhook::lines::sip::call").build();
        assert!(!logging.lets_through(&debug));
        logging.clone().change("info,lines::sip=debug".parse().unwrap());
        assert!(logging.lets_through(&debug));
        assert_eq!(logging.levels().to_string(), "info,lines::sip=debug");
    }

    /// Run the ignored test below where the journal's socket is ours: in a mount namespace with a `/run` of its own.
    #[test]
    fn call_line_and_event_reach_the_journal_as_fields() {
        let own_run = "mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal && exec \"$0\" \"$@\"";
        let this = std::env::current_exe().unwrap();
        let child = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", own_run])
            .arg(this)
            .args(["--exact", "logging::tests::child_logs_to_its_own_journal", "--ignored", "--nocapture"])
            .output()
            .expect("unshare is needed: apt-get install util-linux");
        let said = format!("{}{}", String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
        assert!(child.status.success() && said.contains("1 passed"), "run this as root, or allow user namespaces:\n{said}");
    }

    #[test]
    #[ignore = "run by the test above"]
    fn child_logs_to_its_own_journal() {
        let journal = UnixDatagram::bind("/run/systemd/journal/socket").unwrap();
        let logging = Logging::at(Levels::all(LevelFilter::Info));
        let logger = Filtered { logging, sink: Box::new(Journal(JournalLog::new().unwrap())) };
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
        let id = MessageId::of("call-began").to_string();
        for (name, value) in [("CALL_ID", "0192"), ("LINE", "office"), ("EVENT", "call-began"), ("MESSAGE_ID", &id)] {
            let long = format!("{name}\n{}\0\0\0\0\0\0\0{value}\n", char::from(u8::try_from(value.len()).unwrap()));
            assert!(entry.contains(&format!("{name}={value}\n")) || entry.contains(&long), "{name} in {entry:?}");
        }
    }
}
