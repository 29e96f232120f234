//! What is on record is handed out: through a pipe whose other end the bus hands to whoever asked, while a job shows how far it is.
//!
//! It goes to nobody else and lies nowhere in between. One is handed out at a time: the board is there for calls.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::net::unix::pipe;
use tokio::sync::Semaphore;
use zbus::{OwnedFd, OwnedObjectPath};

use super::Fault;
use super::job::Orders;
use crate::jobs::Kind;
use crate::jobs::export::export;
use crate::records::{Records, Selection};

/// Where records are handed out. Clones are the same place.
#[derive(Clone)]
pub(super) struct Counter {
    records: Records,
    orders: Orders,
    free: Arc<Semaphore>,
}

impl Counter {
    pub fn new(records: Records, orders: Orders) -> Self {
        Self { records, orders, free: Arc::new(Semaphore::new(1)) }
    }

    /// Hand out everything on record of these calls: which job does it, and where it is read.
    pub async fn hand_out(&self, which: Selection) -> Result<(OwnedObjectPath, OwnedFd), Fault> {
        let place = Arc::clone(&self.free).try_acquire_owned();
        let place = place.map_err(|_| {
            Fault::Busy(
                "records are being handed out already; wait for that job to end, or cancel it (`switchhookctl jobs` lists them)".into(),
            )
        })?;
        let no_pipe = |error| Fault::Busy(format!("there is no pipe to hand them out by: {error}; try again in a moment"));
        let (mouth, ear) = pipe::pipe().map_err(no_pipe)?;
        let ear = ear.into_blocking_fd().map_err(no_pipe)?;
        let records = self.records.clone();
        let job = self.orders.jobs.follow(Kind::ExportRecords, |teller, called_off| async move {
            let _place = place;
            export(&records, &which, mouth, &teller, &called_off).await
        });
        Ok((self.orders.path_of(&job).await?, ear.into()))
    }
}

/// Which calls are meant by these words, each of which may be empty.
pub(super) fn selection(number: &str, since: &str, until: &str) -> Result<Selection, Fault> {
    // Telephone numbers are written with what the eye needs, and are on record without.
    let number: String = number.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '/' | '(' | ')')).collect();
    Ok(Selection { number: (!number.is_empty()).then_some(number), since: time("since", since)?, until: time("until", until)? })
}

fn time(what: &str, text: &str) -> Result<Option<Timestamp>, Fault> {
    let wrong =
        |error| Fault::WrongTime(format!("`{what}` is no time: {error}; write one such as 2026-03-01T00:00:00Z (RFC 3339), or nothing"));
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(wrong) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_number_is_meant_however_it_is_written() {
        for written in ["+441632960001", "+44 1632 960-001", "+44(1632)960.001"] {
            assert_eq!(selection(written, "", "").unwrap().number.as_deref(), Some("+441632960001"), "{written}");
        }
        assert_eq!(selection("", "", "").unwrap(), Selection::default());
    }

    #[test]
    fn what_is_no_time_is_refused_by_its_name() {
        let which = selection("", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00+08:00").unwrap();
        assert!(which.since.unwrap() < which.until.unwrap());
        let fault = selection("", "", "yesterday").unwrap_err();
        assert!(matches!(&fault, Fault::WrongTime(why) if why.contains("`until` is no time")), "{fault:?}");
    }
}
