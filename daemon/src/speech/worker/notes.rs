//! What the worker notices, told to the daemon: it cannot reach the journal itself.
//!
//! The daemon does not believe it more than this: events of this room alone, a line each, and only so many.

use log::{Level, LevelFilter, Log, Metadata, Record};
use tokio::sync::mpsc;

use super::message::{FromWorker, Note};

/// What a worker may tell of.
const EVENTS: [&str; 8] = [
    "panic",
    "engine-fault",
    "engine-thread",
    "voice-pace",
    "recogniser-behind",
    "embedding-fault",
    "names-by-letters",
    "speech-worker-note",
];
/// What everything else is.
const OTHER: &str = "speech-worker-note";
/// Characters of a line.
const LONGEST: usize = 400;
/// Lines of one worker. One that has more to say is not well.
pub(super) const MOST: usize = 200;

/// The log of a worker.
pub(super) struct Notes(mpsc::Sender<FromWorker>);

impl Notes {
    /// Tell what is noticed from here on, up to this level.
    pub(super) fn begin(to: mpsc::Sender<FromWorker>, verbosity: usize) {
        let level = Level::iter().find(|level| *level as usize == verbosity).map_or(LevelFilter::Off, |level| level.to_level_filter());
        // There is no other log in this process.
        if log::set_boxed_logger(Box::new(Self(to))).is_ok() {
            log::set_max_level(level);
        }
    }
}

impl Log for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("switchhook")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let event = record.key_values().get("event".into()).map(|event| event.to_string()).unwrap_or_default();
            let text = record.args().to_string();
            // Where answers wait to be written, they go first.
            let _ = self.0.try_send(FromWorker::Note(Note { level: record.level() as usize, event, text }));
        }
    }

    fn flush(&self) {}
}

/// Write down what a worker has told.
pub(super) fn write_down(note: &Note) {
    let level = Level::iter().find(|level| *level as usize == note.level).unwrap_or(Level::Error);
    let event = EVENTS.into_iter().find(|event| *event == note.event).unwrap_or(OTHER);
    let text: String = note.text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    log::log!(level, event = event; "the speech worker: {text}");
}
