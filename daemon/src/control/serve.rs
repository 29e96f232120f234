//! Onto the bus, and back onto it when it was gone.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use zbus::Connection;
use zbus::fdo::RequestNameFlags;

use super::keeper::{House, Keeper};
use super::{ControlError, ManagerInfo, api};
use crate::calls::Registry;
use crate::config::Bus;
use crate::lines::Board;

/// The wait between two attempts to come back onto a bus that went away.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The admin's side while it is offered.
pub struct Control {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Control {
    /// Give the name back and leave the bus.
    pub async fn close(self) {
        self.stop.cancel();
        // The task is ours and is never aborted; if it panicked there is nothing left to close.
        let _ = self.task.await;
    }
}

/// Offer the house on `bus`. Returns once the name is ours and all objects are there.
///
/// # Errors
/// If there is no such bus, or if it does not let us have the name.
pub async fn serve(bus: &Bus, board: Board, registry: Registry, info: ManagerInfo) -> Result<Control, ControlError> {
    let house = House { board, registry, info };
    let (connection, keeper) = enter(bus, &house).await?;
    let stop = CancellationToken::new();
    let task = tokio::spawn(stay(bus.clone(), house, connection, keeper, stop.clone()));
    Ok(Control { stop, task })
}

/// How the bus is called in messages.
pub(super) fn bus_name(bus: &Bus) -> String {
    match bus {
        Bus::System => "system".into(),
        Bus::Session => "session".into(),
        Bus::Address(address) => address.clone(),
    }
}

async fn enter(bus: &Bus, house: &House) -> Result<(Connection, Keeper), ControlError> {
    let name = || bus_name(bus);
    let connection = api::builder(bus).build().await.map_err(|source| ControlError::NoBus { bus: name(), source })?;
    let keeper = Keeper::furnish(connection.clone(), house.clone()).await.map_err(|source| ControlError::Bus { bus: name(), source })?;
    match connection.request_name_with_flags(api::BUS_NAME, RequestNameFlags::DO_NOT_QUEUE).await {
        Ok(_) => Ok((connection, keeper)),
        Err(zbus::Error::NameTaken) => Err(ControlError::NameTaken { bus: name() }),
        Err(zbus::Error::MethodError(error, why, _)) if error.as_str() == "org.freedesktop.DBus.Error.AccessDenied" => {
            Err(ControlError::NotAllowed { bus: name(), why: why.unwrap_or_default() })
        }
        Err(source) => Err(ControlError::Bus { bus: name(), source }),
    }
}

async fn stay(bus: Bus, house: House, connection: Connection, keeper: Keeper, stop: CancellationToken) {
    let mut present = Some((connection, keeper));
    let mut wait = FIRST_WAIT;
    loop {
        if let Some((connection, keeper)) = present.take() {
            if stop.run_until_cancelled(keeper.run()).await.is_none() {
                leave(connection).await;
                return;
            }
            log::warn!(event = "bus-lost"; "the {} bus went away; calls go on, and we come back when it does", bus_name(&bus));
            wait = FIRST_WAIT;
        }
        if stop.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
            return;
        }
        match stop.run_until_cancelled(enter(&bus, &house)).await {
            None => return,
            Some(Ok(entered)) => {
                log::info!(event = "bus-back"; "back on the {} bus", bus_name(&bus));
                present = Some(entered);
            }
            Some(Err(error)) => {
                log::debug!("{error}");
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}

async fn leave(connection: Connection) {
    if let Err(error) = connection.release_name(api::BUS_NAME).await {
        log::debug!("the bus name could not be given back: {error}");
    }
    if let Err(error) = connection.close().await {
        log::debug!("the bus was not left in good order: {error}");
    }
}
