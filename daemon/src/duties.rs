//! The tasks that an open house is made of. None of them ends before it is told to, so the end of one is a fault of the whole house.

use std::collections::HashMap;

use tokio::task::{Id, JoinError, JoinSet};

/// Tasks by name. They are ended when this is dropped.
#[derive(Default)]
pub(crate) struct Duties {
    running: JoinSet<()>,
    names: HashMap<Id, String>,
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
        self.names.insert(id, name);
    }

    /// Which one ended, and how; never, as long as all go on. Cancel-safe.
    pub(crate) async fn left(&mut self) -> String {
        match self.running.join_next_with_id().await {
            Some(Ok((id, ()))) => format!("{} ended though nobody asked it to", self.name(id)),
            Some(Err(error)) => format!("{} {}", self.name(error.id()), how(&error)),
            None => std::future::pending().await,
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

    fn name(&self, id: Id) -> &str {
        self.names.get(&id).map_or("a task", String::as_str)
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
