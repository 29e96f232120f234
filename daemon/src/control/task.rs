//! What callers left for people to do.

use jiff::Timestamp;
use zbus::{Variant, interface};

use super::values::{Dictionary, dictionary};
use super::{Fault, MOST_ENTRIES};
use crate::records::{Message, Records, RecordsError, Task, TaskNumber};

/// `org.switchhook.Switchhook1.Task`.
pub(super) struct TaskObject(pub Records);

/// A message as it is told on the bus.
fn message(task: &Task) -> Dictionary {
    let Task { number, call, message, done } = task;
    let Message { recipient, from, callback, text, confirmed, at, about, promised } = message;
    dictionary([
        ("number", Some(Variant::from(number.get()))),
        ("call", Some(Variant::from(call.simple()))),
        ("at", Some(Variant::from(at.to_string()))),
        ("recipient", Some(Variant::from(recipient.as_str()))),
        ("from", Some(Variant::from(from.as_str()))),
        ("callback", callback.as_deref().map(Variant::from)),
        ("text", Some(Variant::from(text.as_str()))),
        ("confirmed", Some(Variant::from(*confirmed))),
        ("about", Some(Variant::from(about.as_str()))),
        ("promised", promised.map(|by| Variant::from(by.to_string()))),
        ("done", done.map(|at| Variant::from(at.to_string()))),
    ])
}

/// What callers left for people to do. Personal data, all of it.
#[interface(name = "org.switchhook.Switchhook1.Task")]
impl TaskObject {
    /// The messages that callers left, newest first, and no more than `limit` (at most 1000): each with its `number`, `call`, `at`
    /// (RFC 3339), `recipient`, `from`, `callback` if they told one, `text`, whether it was `confirmed` when it was read back,
    /// what it is `about`, by when a call back was `promised`, if one was, and since when it is `done`, if it is.
    async fn messages(&self, limit: u32) -> Result<Vec<Dictionary>, Fault> {
        let tasks = self.0.latest_messages(limit.min(MOST_ENTRIES)).await;
        let tasks = tasks.map_err(|error| Fault::NoRecord(error.to_string()))?;
        Ok(tasks.iter().map(message).collect())
    }

    /// Say that the task of this number is done, or that it is not done after all.
    async fn set_done(&self, number: i64, done: bool) -> Result<(), Fault> {
        let said = self.0.task_done(TaskNumber::new(number), done.then(Timestamp::now)).await;
        said.map_err(|error| match error {
            RecordsError::UnknownTask(_) => Fault::UnknownTask(error.to_string()),
            other => Fault::NoRecord(other.to_string()),
        })
    }
}
