//! A call's object.

#![expect(clippy::too_many_arguments, reason = "D-Bus signals are flat")]
#![expect(clippy::needless_pass_by_value, reason = "zbus hands a message's header over by value")]

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc::error::TrySendError;
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::{Connection, OwnedFd, Variant, interface};

use super::following::{Following, Scope};
use super::{Fault, listening};
use crate::calls::{CallHandle, Command, Snapshot};

/// `org.switchhook.Switchhook1.Call`.
pub(super) struct CallObject {
    pub handle: CallHandle,
    /// The names that calls can be transferred to.
    pub people: Arc<[String]>,
    /// Who is told what is said in it.
    pub following: Following,
}

impl CallObject {
    fn command(&self, command: Command) -> Result<(), Fault> {
        self.handle.commands.try_send(command).map_err(|error| match error {
            TrySendError::Full(_) => Fault::Busy("the call still works on earlier commands; try again in a moment".into()),
            TrySendError::Closed(_) => Fault::over(),
        })
    }
}

/// What differs between two snapshots, as `PropertiesChanged` carries it.
pub(super) fn changes<'a>(before: &Snapshot, after: &'a Snapshot) -> HashMap<&'static str, Variant<'a>> {
    let mut changed = HashMap::new();
    if before.state != after.state {
        changed.insert("State", Variant::from(after.state.as_str()));
    }
    if before.scenario != after.scenario {
        changed.insert("Scenario", Variant::from(after.scenario.as_str()));
    }
    if before.disclosed != after.disclosed {
        changed.insert("Disclosed", Variant::from(after.disclosed));
    }
    if before.turns != after.turns {
        changed.insert("Turns", Variant::from(after.turns));
    }
    changed
}

/// One call.
#[interface(name = "org.switchhook.Switchhook1.Call")]
impl CallObject {
    /// End it politely: the robot says goodbye and hangs up.
    fn hangup(&self) -> Result<(), Fault> {
        self.command(Command::Hangup)
    }

    /// Pass it to a person, by the name that the configuration gives them.
    fn transfer(&self, person: &str) -> Result<(), Fault> {
        if !self.people.iter().any(|known| known == person) {
            let whom = if self.people.is_empty() {
                "nobody yet; add a [people.NAME] table to switchhook.toml".to_owned()
            } else {
                self.people.join(", ")
            };
            return Err(Fault::UnknownPerson(format!("there is no person {person:?}; the configuration has: {whom}")));
        }
        self.command(Command::Transfer(person.to_owned()))
    }

    /// Be told from now on what is said in it (`Turn`, `HandOver`), until it is over. Personal data.
    async fn follow(&self, #[zbus(connection)] connection: &Connection, #[zbus(header)] header: Header<'_>) -> Result<(), Fault> {
        self.following.begin(connection, &header, Scope::Call(self.handle.id)).await
    }

    /// Not be told any more.
    fn unfollow(&self, #[zbus(header)] header: Header<'_>) -> Result<(), Fault> {
        self.following.end(&header, Scope::Call(self.handle.id))
    }

    /// Listen to it from now on: what can be read from this pipe until its end is 8000 times a second two samples of 16 bits (signed, little endian), on the left what
    /// the caller says, as far as the robot listens to them, and on the right what they hear. Nothing of the caller is heard before they were told that a robot
    /// speaks, and the pipe ends when they talk with a person. Whoever reads too slowly, by two seconds, misses what comes then. Personal data.
    async fn listen(&self, #[zbus(connection)] connection: &Connection, #[zbus(header)] header: Header<'_>) -> Result<OwnedFd, Fault> {
        listening::begin(connection, &header, &self.handle).await
    }

    /// Who calls, or whom we called: the number, and the name that the network shows for it; each is empty if it is withheld. Personal data.
    fn caller(&self) -> (String, String) {
        let snapshot = self.handle.snapshot.borrow();
        (snapshot.caller.number.clone().unwrap_or_default(), snapshot.caller.name.clone().unwrap_or_default())
    }

    /// Its name: 32 hexadecimal digits.
    #[zbus(property(emits_changed_signal = "const"))]
    fn id(&self) -> String {
        self.handle.id.simple()
    }

    /// Its line.
    #[zbus(property(emits_changed_signal = "const"))]
    fn line(&self) -> String {
        self.handle.snapshot.borrow().line.to_string()
    }

    /// `taken` if somebody called us, `placed` if we called somebody.
    #[zbus(property(emits_changed_signal = "const"))]
    fn direction(&self) -> &str {
        self.handle.snapshot.borrow().direction.as_str()
    }

    /// `ringing`, `disclosing`, `speaking`, `listening`, `thinking`, `transferring`, `bridged` or `ended`.
    #[zbus(property)]
    fn state(&self) -> &str {
        self.handle.snapshot.borrow().state.as_str()
    }

    /// The configuration that it is held in: Manager's `Generation` when it began.
    #[zbus(property(emits_changed_signal = "const"))]
    fn generation(&self) -> u64 {
        self.handle.snapshot.borrow().generation.get()
    }

    /// The scenario that it follows.
    #[zbus(property)]
    fn scenario(&self) -> String {
        self.handle.snapshot.borrow().scenario.clone()
    }

    /// When it began to ring (RFC 3339).
    #[zbus(property(emits_changed_signal = "const"))]
    fn started(&self) -> String {
        self.handle.snapshot.borrow().started.to_string()
    }

    /// Whether the disclosure was played to its end.
    #[zbus(property)]
    fn disclosed(&self) -> bool {
        self.handle.snapshot.borrow().disclosed
    }

    /// How many turns it has had.
    #[zbus(property)]
    fn turns(&self) -> u32 {
        self.handle.snapshot.borrow().turns
    }

    /// To those who follow the call: an exchange is complete, up to the robot's first sound. Personal data. `heard` is empty if a key was pressed or nothing was
    /// said; `latency` is in milliseconds (`endpoint_ms`, `words_ms`, `decision_ms`, `first_sound_ms`, `total_ms`) and empty for turns
    /// that no speech began.
    #[zbus(signal)]
    pub async fn turn(
        emitter: &SignalEmitter<'_>,
        index: u32,
        heard: &str,
        confidence: f64,
        understood: &str,
        action: &str,
        said: &str,
        latency: HashMap<&str, f64>,
    ) -> zbus::Result<()>;

    /// To those who follow the call: it is being handed to `person`, who is told this of the caller. Personal data: only where `[handover] text` names the bus.
    #[zbus(signal)]
    pub async fn hand_over(emitter: &SignalEmitter<'_>, person: &str, summary: &str) -> zbus::Result<()>;

    /// `person` was sought for it, and is no more: `accepted` if they have the call, else `declined`, `unanswered`, `failed` (the line could not), `called-off`
    /// (the caller goes on with the robot, or the robot takes its leave) or `caller-left`.
    #[zbus(signal)]
    pub async fn hand_over_ended(emitter: &SignalEmitter<'_>, person: &str, end: &str) -> zbus::Result<()>;
}
