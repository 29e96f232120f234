//! What tells the bus of changes.

use std::borrow::Cow;
use std::collections::HashMap;

use tokio::sync::watch;
use zbus::names::InterfaceName;
use zbus::object_server::SignalEmitter;
use zbus::{Connection, ObjectPath, Variant, fdo};

/// Where signals of the object at `path` come from.
pub(super) fn emitter(connection: &Connection, path: &str) -> zbus::Result<SignalEmitter<'static>> {
    SignalEmitter::new(connection, ObjectPath::try_from(path.to_owned())?)
}

/// Tells what changed of one object's interface.
pub(super) struct Teller {
    emitter: SignalEmitter<'static>,
    interface: InterfaceName<'static>,
}

impl Teller {
    pub(super) fn new(connection: &Connection, path: &str, interface: &'static str) -> zbus::Result<Self> {
        Ok(Self { emitter: emitter(connection, path)?, interface: InterfaceName::try_from(interface)? })
    }

    async fn tell(&self, changed: HashMap<&str, Variant<'_>>) {
        if changed.is_empty() {
            return;
        }
        let told = fdo::Properties::properties_changed(&self.emitter, self.interface.clone(), changed, Cow::Borrowed(&[])).await;
        if let Err(error) = told {
            log::debug!("the bus did not take a change of {}: {error}", self.emitter.path());
        }
    }
}

/// What differs between two values, as `PropertiesChanged` carries it.
pub(super) type Changes<T> = for<'a> fn(&T, &'a T) -> HashMap<&'static str, Variant<'a>>;

/// Tells every change of one watch channel.
pub(super) struct Follower<T> {
    watched: watch::Receiver<T>,
    before: T,
    teller: Teller,
}

impl<T: Clone> Follower<T> {
    /// Made before the object is shown, so that no change falls between the showing and the first look.
    pub(super) fn new(mut watched: watch::Receiver<T>, teller: Teller) -> Self {
        let before = watched.borrow_and_update().clone();
        Self { watched, before, teller }
    }

    /// Follow until the sender is gone.
    pub(super) async fn run(mut self, changes: Changes<T>) {
        while self.watched.changed().await.is_ok() {
            let after = self.watched.borrow_and_update().clone();
            self.teller.tell(changes(&self.before, &after)).await;
            self.before = after;
        }
    }
}
