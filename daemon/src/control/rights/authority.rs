//! Who decides what somebody may do.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::timeout;
use zbus::fdo::DBusProxy;
use zbus::message::{Flags, Header};
use zbus::names::{BusName, UniqueName};
use zbus::proxy::CacheProperties;
use zbus::{Connection, DBusError};
use zbus_polkit::policykit1::{AuthorityProxy, CheckAuthorizationFlags, Subject};

use super::super::Fault;
use super::{Deed, Role};
use crate::config::Bus;

/// Polkit answers from its memory; when it does not, nobody is let in.
const ANSWER: Duration = Duration::from_secs(5);
/// Somebody may be asked for their password meanwhile.
const PASSWORD: Duration = Duration::from_secs(120);
/// The superuser, who could read the robot's memory.
const ROOT: u32 = 0;

/// Who decides what somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Polkit, as on the system bus: by the rules that are shipped, and by the office's own.
    Polkit,
    /// Whoever runs the robot, and root, may do everything, and nobody else anything: a bus of one's own, for development and tests.
    Owner,
}

impl Authority {
    /// Who decides on this bus.
    #[must_use]
    pub fn of(bus: &Bus) -> Self {
        match bus {
            Bus::System => Self::Polkit,
            Bus::Session | Bus::Address(_) => Self::Owner,
        }
    }

    /// Whether whoever sent this message may do this; if so, which user they are.
    ///
    /// # Errors
    /// [`Fault::NotAllowed`], with what to do about it.
    pub(super) async fn admits(self, connection: &Connection, header: &Header<'_>, deed: Deed) -> Result<u32, Fault> {
        let sender = sender(header)?;
        let asker = timeout(ANSWER, user(connection, sender)).await;
        let asker = asker.unwrap_or_else(|_| Err("the bus does not answer".into()));
        let asker = asker.map_err(|why| Fault::NotAllowed(format!("it cannot be told who you are: {why}")))?;
        let admitted = match self {
            // Whom nothing keeps from the robot's memory needs no leave.
            _ if asker == ROOT => true,
            Self::Polkit => polkit_admits(connection, header, deed).await?,
            Self::Owner => asker == rustix::process::geteuid().as_raw(),
        };
        if admitted { Ok(asker) } else { Err(Fault::NotAllowed(self.refusal(asker, deed))) }
    }

    fn refusal(self, asker: u32, deed: Deed) -> String {
        let refused = format!("user {asker} may not {}", deed.words());
        match self {
            Self::Polkit => format!(
                "{refused} ({}): `sudo adduser USER {}` allows it from their next login on, sudo allows it now",
                deed.action(),
                Role::that_may(deed).group()
            ),
            Self::Owner => format!("{refused}: on this bus only the user who runs the robot may"),
        }
    }
}

/// Who sent this.
///
/// # Errors
/// [`Fault::NotAllowed`]: nobody did, as the bus tells it.
pub(in super::super) fn sender<'a>(header: &'a Header<'_>) -> Result<&'a UniqueName<'a>, Fault> {
    header.sender().ok_or_else(|| Fault::NotAllowed("a message without a sender may do nothing".into()))
}

/// The user behind a connection.
async fn user(connection: &Connection, sender: &UniqueName<'_>) -> Result<u32, String> {
    let asked = async { DBusProxy::new(connection).await?.get_connection_unix_user(BusName::Unique(sender.as_ref())).await };
    asked.await.map_err(|error| error.description().map_or_else(|| error.to_string(), ToOwned::to_owned))
}

async fn polkit_admits(connection: &Connection, header: &Header<'_>, deed: Deed) -> Result<bool, Fault> {
    let silent = |why: String| {
        let help = "`systemctl status polkit` says how it is; root is let in without it";
        Fault::NotAllowed(format!("polkit cannot be asked whether you may {}: {why}; {help}", deed.words()))
    };
    let subject = Subject::new_for_message_header(header).map_err(|error| silent(error.to_string()))?;
    // Whoever sits before a screen and said so is asked for a password by their desktop.
    let interactive = header.primary().flags().contains(Flags::ALLOW_INTERACTIVE_AUTH);
    let (flags, bound) =
        if interactive { (CheckAuthorizationFlags::ALLOW_USER_INTERACTION, PASSWORD) } else { (CheckAuthorizationFlags::empty(), ANSWER) };
    let asked = async {
        let polkit = AuthorityProxy::builder(connection).cache_properties(CacheProperties::No).build().await?;
        polkit.check_authorization(&subject, deed.action(), &HashMap::new(), flags, "").await
    };
    match timeout(bound, asked).await {
        Ok(Ok(answer)) => Ok(answer.is_authorized),
        Ok(Err(error)) => Err(silent(error.to_string())),
        Err(_) => Err(silent(format!("it did not answer within {} s", bound.as_secs()))),
    }
}
