//! Onto the bus, and back onto it when it was gone.

use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use zbus::Connection;
use zbus::fdo::RequestNameFlags;

use super::keeper::{House, Keeper};
use super::{ControlError, Info, api};
use crate::calls::Registry;
use crate::config::Bus;
use crate::duties::Duties;
use crate::lines::Board;

/// The wait between two attempts to come back onto a bus that went away.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// A bus that does not answer by then hangs: we come back when it does not, or leave without its leave.
const ANSWER: Duration = Duration::from_secs(5);
const FAREWELL: Duration = Duration::from_secs(2);

/// The admin's side while it is offered.
pub struct Control {
    stop: CancellationToken,
    tasks: Duties,
}

impl Control {
    /// Offer the house on `bus`. Returns once the name is ours and all objects are there, or once it is clear that this cannot be had
    /// now: calls are answered without the admin's side, which comes when the bus does.
    pub async fn offer(bus: &Bus, board: Board, registry: Registry, info: Info) -> Self {
        let house = House { board, registry, info };
        match enter(bus, &house).await {
            Ok(entered) => Self::stay(bus, house, Some(entered)),
            Err(error) => {
                log::error!(event = "no-bus"; "{error}; calls are answered, but switchhookctl sees nothing of them until this is mended");
                Self::stay(bus, house, None)
            }
        }
    }

    fn stay(bus: &Bus, house: House, entered: Option<(Connection, Keeper)>) -> Self {
        let stop = CancellationToken::new();
        let tasks = Duties::of("the admin's side", stay(bus.clone(), house, entered, stop.clone()));
        Self { stop, tasks }
    }

    /// How the admin's side ended, which it does not before it is closed. Cancel-safe.
    pub async fn left(&mut self) -> String {
        self.tasks.left().await
    }

    /// Give the name back and leave the bus: within two seconds, even if it hangs.
    pub async fn close(mut self) {
        self.stop.cancel();
        self.tasks.over().await;
    }
}

/// Offer the house on `bus`, or say why that cannot be. Returns once the name is ours and all objects are there.
///
/// # Errors
/// If there is no such bus, or if it does not let us have the name.
pub async fn serve(bus: &Bus, board: Board, registry: Registry, info: Info) -> Result<Control, ControlError> {
    let house = House { board, registry, info };
    let entered = enter(bus, &house).await?;
    Ok(Control::stay(bus, house, Some(entered)))
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
    timeout(ANSWER, ask_for_entry(bus, house)).await.unwrap_or_else(|_| Err(ControlError::Silent { bus: bus_name(bus) }))
}

async fn ask_for_entry(bus: &Bus, house: &House) -> Result<(Connection, Keeper), ControlError> {
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

async fn stay(bus: Bus, house: House, entered: Option<(Connection, Keeper)>, stop: CancellationToken) {
    let mut present = entered;
    let mut wait = FIRST_WAIT;
    loop {
        if let Some((connection, keeper)) = present.take() {
            if stop.run_until_cancelled(keeper.run()).await.is_none() {
                if timeout(FAREWELL, leave(connection)).await.is_err() {
                    log::debug!("the bus does not answer and was left without its leave");
                }
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
                log::info!(event = "bus-back"; "on the {} bus now", bus_name(&bus));
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
