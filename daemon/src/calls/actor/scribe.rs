//! Writes a call's record down, in order, without making the caller wait for the disk.

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::calls::{CallId, Outcome};
use crate::records::{CallRecord, DisclosureRecord, Message, Records, RecordsError, TurnRecord};

/// Entries that may wait for the disk. A call makes a few a minute: if so many wait, the disk is gone, and the call matters more.
const QUEUE: usize = 64;

/// What is to be written.
pub(super) enum Entry {
    Began(CallRecord),
    Disclosed(DisclosureRecord),
    Turn(TurnRecord),
    Message(Message),
    Ended(Outcome, Timestamp),
}

/// One call's way to the record.
pub(super) struct Scribe {
    entries: mpsc::Sender<Entry>,
    writer: JoinHandle<()>,
}

impl Scribe {
    pub(super) fn new(records: Records, call: CallId) -> Self {
        let (entries, mut waiting) = mpsc::channel(QUEUE);
        let writer = tokio::spawn(async move {
            while let Some(entry) = waiting.recv().await {
                if let Err(error) = write(&records, call, entry).await {
                    log::error!(event = "record-lost", call_id = call.simple().as_str(); "an entry of the record could not be written: {error}");
                }
            }
        });
        Self { entries, writer }
    }

    pub(super) fn note(&self, entry: Entry) {
        if self.entries.try_send(entry).is_err() {
            log::error!(event = "record-lost"; "an entry of the record is lost: {QUEUE} wait for the disk already; check it with `df` and `dmesg`");
        }
    }

    /// Wait until everything is on disk.
    pub(super) async fn finish(self) {
        drop(self.entries);
        if self.writer.await.is_err() {
            log::error!(event = "record-lost"; "the writer of a record failed");
        }
    }
}

async fn write(records: &Records, call: CallId, entry: Entry) -> Result<(), RecordsError> {
    match entry {
        Entry::Began(record) => records.begin_call(record).await,
        Entry::Disclosed(evidence) => records.disclosed(call, evidence).await,
        Entry::Turn(turn) => records.turn(call, turn).await,
        Entry::Message(message) => records.message(call, message).await.map(|_number| ()),
        Entry::Ended(outcome, at) => records.end_call(call, outcome.as_str(), at).await,
    }
}
