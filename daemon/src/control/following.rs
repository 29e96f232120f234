//! Who follows calls: who is told what is said in them.
//!
//! A signal reaches whoever listens; so those that hold callers' words are sent to single connections alone, which asked for them and may have them
//! ([`super::rights`]). Whoever leaves the bus follows nothing any more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt as _;
use tokio_util::task::AbortOnDropHandle;
use zbus::Connection;
use zbus::fdo::DBusProxy;
use zbus::message::Header;
use zbus::names::{BusName, OwnedUniqueName};

use super::Fault;
use super::rights::sender;
use crate::config::CallId;

/// So many may follow calls at once: every word is sent to each of them.
const MOST: usize = 16;

/// What somebody follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Every call.
    All,
    /// This one.
    Call(CallId),
}

#[derive(Default)]
struct Follows {
    all: bool,
    calls: BTreeSet<CallId>,
    /// What waits for them to leave the bus; it ends with this.
    watch: Option<AbortOnDropHandle<()>>,
}

/// Who follows calls. Clones are the same list.
#[derive(Clone, Default)]
pub(super) struct Following(Arc<Mutex<BTreeMap<OwnedUniqueName, Follows>>>);

impl Following {
    /// Whoever sent this is told from now on.
    pub(super) async fn begin(&self, connection: &Connection, header: &Header<'_>, scope: Scope) -> Result<(), Fault> {
        let who = OwnedUniqueName::from(sender(header)?.to_owned());
        if self.add(&who, scope)? {
            let (list, leaving) = (self.clone(), who.clone());
            let connection = connection.clone();
            let watch = tokio::spawn(async move {
                if let Err(error) = left(&connection, &leaving).await {
                    log::debug!("it cannot be seen when a follower leaves the bus: {error}");
                }
                list.forget(&leaving);
            });
            // If they are gone already, the watch goes too.
            if let Some(follows) = self.list().get_mut(&who) {
                follows.watch = Some(AbortOnDropHandle::new(watch));
            }
        }
        Ok(())
    }

    /// Whoever sent this is not told any more.
    pub(super) fn end(&self, header: &Header<'_>, scope: Scope) -> Result<(), Fault> {
        let who = OwnedUniqueName::from(sender(header)?.to_owned());
        let mut list = self.list();
        if let Some(follows) = list.get_mut(&who) {
            match scope {
                Scope::All => follows.all = false,
                Scope::Call(call) => _ = follows.calls.remove(&call),
            }
            if !follows.all && follows.calls.is_empty() {
                list.remove(&who);
            }
        }
        Ok(())
    }

    /// Who is told of this call.
    pub(super) fn of(&self, call: CallId) -> Vec<OwnedUniqueName> {
        let list = self.list();
        list.iter().filter(|(_, follows)| follows.all || follows.calls.contains(&call)).map(|(who, _)| who.clone()).collect()
    }

    /// The call is over, and nobody is told of it any more.
    pub(super) fn is_over(&self, call: CallId) {
        self.list().retain(|_, follows| {
            let was_last = follows.calls.remove(&call) && follows.calls.is_empty();
            follows.all || !was_last
        });
    }

    /// Says whether they followed nothing before.
    fn add(&self, who: &OwnedUniqueName, scope: Scope) -> Result<bool, Fault> {
        let mut list = self.list();
        let is_new = !list.contains_key(who);
        if is_new && list.len() >= MOST {
            return Err(Fault::Crowded(format!("{MOST} follow calls already; one of them must end first")));
        }
        let follows = list.entry(who.clone()).or_default();
        match scope {
            Scope::All => follows.all = true,
            Scope::Call(call) => _ = follows.calls.insert(call),
        }
        Ok(is_new)
    }

    fn forget(&self, who: &OwnedUniqueName) {
        self.list().remove(who);
    }

    fn list(&self) -> std::sync::MutexGuard<'_, BTreeMap<OwnedUniqueName, Follows>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns when this connection is not on the bus, or it cannot be told.
pub(super) async fn left(connection: &Connection, who: &OwnedUniqueName) -> zbus::Result<()> {
    let bus = DBusProxy::new(connection).await?;
    // Listening first and looking second misses nothing.
    let mut leaving = bus.receive_name_owner_changed_with_args(&[(0, who.as_str()), (2, "")]).await?;
    if bus.name_has_owner(BusName::Unique(who.as_ref())).await? {
        leaving.next().await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn name(number: usize) -> OwnedUniqueName {
        OwnedUniqueName::try_from(format!(":1.{number}")).unwrap()
    }

    #[test]
    fn whoever_follows_one_call_is_told_of_that_alone_and_of_nothing_once_it_is_over() {
        let (following, ours, other) = (Following::default(), CallId::new(), CallId::new());
        assert!(following.add(&name(7), Scope::Call(ours)).unwrap());
        assert_eq!((following.of(ours), following.of(other)), (vec![name(7)], vec![]));
        following.is_over(ours);
        assert!(following.of(ours).is_empty() && following.list().is_empty());
    }

    #[test]
    fn whoever_follows_all_calls_is_told_of_those_that_come() {
        let (following, over) = (Following::default(), CallId::new());
        following.add(&name(7), Scope::All).unwrap();
        assert!(!following.add(&name(7), Scope::Call(over)).unwrap(), "one connection counts once");
        following.is_over(over);
        assert_eq!(following.of(CallId::new()), [name(7)]);
    }

    #[test]
    fn no_more_follow_than_can_be_told() {
        let following = Following::default();
        for number in 0..MOST {
            following.add(&name(number), Scope::All).unwrap();
        }
        assert!(matches!(following.add(&name(MOST), Scope::All), Err(Fault::Crowded(_))));
        following.forget(&name(0));
        assert!(following.add(&name(MOST), Scope::All).is_ok());
    }
}
