//! The tasks that an open house is made of. None of them ends before it is told to, so the end of one that was not is a fault of the whole house.

use std::collections::HashMap;

use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

/// Tasks by name. They are ended when this is dropped.
#[derive(Default)]
pub(crate) struct Duties {
    running: JoinSet<()>,
    names: HashMap<Id, Name>,
}

/// How a task is called, and what it may end by; nothing, if only the house ends it.
struct Name {
    name: String,
    until: Option<CancellationToken>,
}

/// What the end of a task is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It was told to.
    Meant,
    /// A fault of the house, in words.
    Fault(String),
}

impl Duties {
    /// One task.
    pub(crate) fn of(name: &str, task: impl Future<Output = ()> + Send + 'static) -> Self {
        let mut duties = Self::default();
        duties.begin(name.to_owned(), task);
        duties
    }

    /// Begin one more.
    pub(crate) fn begin(&mut self, name: String, task: impl Future<Output = ()> + Send + 'static) {
        let id = self.running.spawn(task).id();
        self.names.insert(id, Name { name, until: None });
    }

    /// Begin one more, which is told by `until` to end, alone.
    pub(crate) fn begin_until(
        &mut self,
        until: CancellationToken,
        name: String,
        task: impl Future<Output = ()> + Send + 'static,
    ) -> AbortHandle {
        let handle = self.running.spawn(task);
        self.names.insert(handle.id(), Name { name, until: Some(until) });
        handle
    }

    /// Which one ended, and how; never, as long as all go on. Cancel-safe.
    pub(crate) async fn left(&mut self) -> String {
        loop {
            if let End::Fault(left) = self.next().await {
                return left;
            }
        }
    }

    /// The next end of one; never, as long as all go on. Cancel-safe.
    pub(crate) async fn next(&mut self) -> End {
        let Some(ended) = self.running.join_next_with_id().await else { return std::future::pending().await };
        let (id, fault) = match &ended {
            Ok((id, ())) => (*id, None),
            Err(error) => (error.id(), Some(how(error))),
        };
        let (name, told) = match self.names.remove(&id) {
            Some(Name { name, until }) => (name, until.is_some_and(|until| until.is_cancelled())),
            None => ("a task".to_owned(), false),
        };
        match fault {
            None if told => End::Meant,
            None => End::Fault(format!("{name} ended though nobody asked it to")),
            Some(how) => End::Fault(format!("{name} {how}")),
        }
    }

    /// Wait until all have ended, as they were told to.
    pub(crate) async fn over(&mut self) {
        while self.running.join_next().await.is_some() {}
    }

    /// End them all.
    pub(crate) async fn dismiss(&mut self) {
        self.running.shutdown().await;
    }
}

/// What a panic says may hold a caller's words: where it happened is in the journal already.
fn how(error: &JoinError) -> &'static str {
    if error.is_panic() { "failed by a fault of the program" } else { "was ended" }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_task_that_panics_is_named_and_its_words_are_not_told() {
        let mut duties = Duties::of("the desk", std::future::pending());
        duties.begin("line `office`".into(), async { panic!("what a caller said") });
        assert_eq!(duties.left().await, "line `office` failed by a fault of the program");
    }

    #[tokio::test]
    async fn a_task_that_ends_unasked_is_named() {
        let mut duties = Duties::of("the desk", async {});
        assert_eq!(duties.left().await, "the desk ended though nobody asked it to");
    }

    #[tokio::test]
    async fn a_task_that_ends_when_it_is_told_to_is_no_fault() {
        let (told, mut duties) = (CancellationToken::new(), Duties::default());
        let line = duties.begin_until(told.clone(), "line `office`".into(), told.clone().cancelled_owned());
        told.cancel();
        assert_eq!((duties.next().await, line.is_finished()), (End::Meant, true));
        let untold = CancellationToken::new();
        duties.begin_until(untold.clone(), "line `desk`".into(), async {});
        assert_eq!(duties.next().await, End::Fault("line `desk` ended though nobody asked it to".into()));
        drop(duties.begin_until(told, "line `hall`".into(), async { panic!("what a caller said") }));
        assert_eq!(duties.left().await, "line `hall` failed by a fault of the program");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_told_while_all_go_on_or_where_there_is_nothing() {
        for mut duties in [Duties::default(), Duties::of("the desk", std::future::pending())] {
            assert!(tokio::time::timeout(Duration::from_secs(3600), duties.left()).await.is_err());
        }
    }

    #[tokio::test]
    async fn tasks_that_have_left_are_not_waited_for() {
        let mut duties = Duties::of("the desk", async { panic!("gone") });
        duties.left().await;
        duties.over().await;
        duties.begin("another".into(), std::future::pending());
        duties.dismiss().await;
        duties.over().await;
    }
}
