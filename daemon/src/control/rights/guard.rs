//! What stands before every object.

use std::collections::HashMap;
use std::fmt::Write;

use async_trait::async_trait;
use jiff::Timestamp;
use zbus::message::Header;
use zbus::names::{InterfaceName, MemberName};
use zbus::object_server::{DispatchResult, Interface, SignalEmitter};
use zbus::{BoxDBusError, Connection, Message, ObjectServer, OwnedVariant, Variant, fdo};

use super::super::{Fault, api};
use super::{Authority, Deed};
use crate::config::CallId;
use crate::records::{Look, Records};

/// Lets those in who may, and puts on record who looks at personal data. Clones are the same guard.
#[derive(Clone)]
pub(in super::super) struct Guard {
    pub authority: Authority,
    pub records: Records,
}

impl Guard {
    /// This object, behind the guard.
    pub(in super::super) fn before<I>(&self, object: I) -> Guarded<I> {
        Guarded { object, guard: self.clone() }
    }

    /// What the object server asks of an object by itself has no header, and passes.
    async fn admit_asker(&self, connection: &Connection, header: Option<&Header<'_>>, deed: Deed) -> Result<(), Fault> {
        match header {
            Some(header) => self.admit(connection, header, deed).await,
            None => Ok(()),
        }
    }

    async fn admit(&self, connection: &Connection, header: &Header<'_>, deed: Deed) -> Result<(), Fault> {
        let (interface, member) = (header.interface().map_or("", |name| name.as_str()), header.member().map_or("", |name| name.as_str()));
        let by = self.authority.admits(connection, header, deed).await.inspect_err(|_| {
            log::debug!(event = "not-allowed", action = deed.action(); "{interface}.{member} was refused to somebody who may not do it");
        })?;
        if deed.shows_personal_data() {
            let noun = interface.rsplit('.').next().unwrap_or_default();
            let call = header.path().and_then(|path| api::call_of(path.as_str())).and_then(CallId::parse);
            let look = Look { at: Timestamp::now(), by, at_what: format!("{noun}.{member}"), call };
            // Nobody looks unseen: what cannot be put on record is not shown.
            self.records.looked(look).await.map_err(|error| Fault::NoRecord(error.to_string()))?;
            log::info!(event = "personal-data-read", user = by, action = deed.action(); "user {by} looks at personal data: {noun}.{member}");
        }
        Ok(())
    }
}

/// An object that nobody reaches but by the guard. What the object server itself asks of it (to tell the bus of a new object) passes: it has no sender.
pub(in super::super) struct Guarded<I> {
    object: I,
    guard: Guard,
}

#[async_trait]
impl<I: Interface> Interface for Guarded<I> {
    fn name() -> InterfaceName<'static> {
        I::name()
    }

    fn spawn_tasks_for_methods(&self) -> bool {
        self.object.spawn_tasks_for_methods()
    }

    async fn get(
        &self,
        property: &str,
        server: &ObjectServer,
        connection: &Connection,
        header: Option<&Header<'_>>,
        emitter: &SignalEmitter<'_>,
    ) -> Option<Result<OwnedVariant, BoxDBusError>> {
        if let Err(refused) = self.guard.admit_asker(connection, header, Deed::View).await {
            return Some(Err(Box::new(refused)));
        }
        self.object.get(property, server, connection, header, emitter).await
    }

    async fn get_all(
        &self,
        server: &ObjectServer,
        connection: &Connection,
        header: Option<&Header<'_>>,
        emitter: &SignalEmitter<'_>,
    ) -> fdo::Result<HashMap<String, OwnedVariant>> {
        if let Err(refused) = self.guard.admit_asker(connection, header, Deed::View).await {
            // The interface of properties has no errors of our own.
            return Err(fdo::Error::AccessDenied(refused.to_string()));
        }
        self.object.get_all(server, connection, header, emitter).await
    }

    async fn set_mut(
        &mut self,
        property: &str,
        value: &Variant<'_>,
        server: &ObjectServer,
        connection: &Connection,
        header: Option<&Header<'_>>,
        emitter: &SignalEmitter<'_>,
    ) -> Option<Result<(), BoxDBusError>> {
        if let Err(refused) = self.guard.admit_asker(connection, header, Deed::Administer).await {
            return Some(Err(Box::new(refused)));
        }
        self.object.set_mut(property, value, server, connection, header, emitter).await
    }

    fn call<'call>(
        &'call self,
        server: &'call ObjectServer,
        connection: &'call Connection,
        message: &'call Message,
        name: MemberName<'call>,
    ) -> DispatchResult<'call> {
        let deed = Deed::of_method(I::name().as_str(), name.as_str());
        guarded(&self.guard, connection, message, deed, self.object.call(server, connection, message, name))
    }

    fn call_mut<'call>(
        &'call mut self,
        server: &'call ObjectServer,
        connection: &'call Connection,
        message: &'call Message,
        name: MemberName<'call>,
    ) -> DispatchResult<'call> {
        let deed = Deed::of_method(I::name().as_str(), name.as_str());
        guarded(&self.guard, connection, message, deed, self.object.call_mut(server, connection, message, name))
    }

    fn introspect_to_writer(&self, writer: &mut dyn Write, level: usize) {
        self.object.introspect_to_writer(writer, level);
    }
}

/// The work of a method, which is not begun before its sender is admitted.
fn guarded<'call>(
    guard: &'call Guard,
    connection: &'call Connection,
    message: &'call Message,
    deed: Deed,
    found: DispatchResult<'call>,
) -> DispatchResult<'call> {
    let DispatchResult::Async(work) = found else { return found };
    DispatchResult::Async(Box::pin(async move {
        guard.admit(connection, &message.header(), deed).await.map_err(|refused| -> BoxDBusError { Box::new(refused) })?;
        work.await
    }))
}
