//! Writes a call's record down, in order, without making the caller wait for the disk.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::calls::{CallId, Outcome};
use crate::dialog::report::Report;
use crate::records::{CallRecord, DisclosureRecord, Message, Records, RecordsError, TurnRecord};

/// Entries that may wait for the disk. A call makes a few a minute: if so many wait, the disk is gone, and the call matters more.
const QUEUE: usize = 64;
/// The end of a call waits so long for the disk: a place that is never free again would make every caller hear that we are busy.
pub(super) const LAST_ENTRIES: Duration = Duration::from_secs(10);

/// What is to be written.
pub(super) enum Entry {
    Began(CallRecord),
    Disclosed(DisclosureRecord),
    Turn(TurnRecord),
    Message(Message),
    Ended(Outcome, Timestamp),
    Report(Box<Report>),
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

    /// Wait until everything is on disk, or the disk hangs. What waits for it then is written when it comes back.
    pub(super) async fn finish(self) {
        drop(self.entries);
        match timeout(LAST_ENTRIES, self.writer).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => log::error!(event = "record-lost"; "the writer of a record failed"),
            Err(_) => {
                let bound = LAST_ENTRIES.as_secs();
                log::error!(event = "record-late"; "the record of a call is not on the disk after {bound} s; check the disk with `df` and `dmesg`");
            }
        }
    }
}

async fn write(records: &Records, call: CallId, entry: Entry) -> Result<(), RecordsError> {
    match entry {
        Entry::Began(record) => records.begin_call(record).await,
        Entry::Disclosed(evidence) => records.disclosed(call, evidence).await,
        Entry::Turn(turn) => records.turn(call, turn).await,
        Entry::Message(message) => records.message(call, message).await.map(|_number| ()),
        Entry::Report(report) => records.report(call, *report).await,
        Entry::Ended(outcome, at) => records.end_call(call, outcome.as_str(), at).await,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::config::Secret;

    #[tokio::test(start_paused = true)]
    async fn a_disk_that_hangs_does_not_keep_the_place_of_a_call_that_is_over() {
        let dir = tempfile::tempdir().unwrap();
        let records = Records::open(&dir.path().join("records.db"), &Secret::new("5e".repeat(32))).unwrap();
        let (call, at) = (CallId::new(), Timestamp::now());
        let scribe = Scribe::new(records.clone(), call);
        let held = records.hang().await;
        scribe.note(Entry::Ended(Outcome::Goodbye, at));
        timeout(Duration::from_secs(3600), scribe.finish()).await.unwrap();
        drop(held);
    }
}
