//! What the office and its admin wrote down: `switchhook.toml`, and `conf.d/` beside it.
//!
//! The files are put together, each value with the place where it stands ([`Written`]), read into plain structs that refuse unknown keys
//! ([`raw`]), then checked into the types that the rest of the house uses ([`Config`]). Whoever holds a `Config` need not check anything
//! again. Secrets are not in it: it names *credentials*, which systemd hands over as files ([`Credentials`]).

mod call_id;
mod changes;
mod check;
mod credentials;
#[cfg(test)]
mod documented;
mod generation;
mod in_force;
mod key;
mod line_id;
mod mqtt;
mod network;
mod problem;
mod raw;
mod subkey;
mod telephone;
mod written;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use switchhook_models::Locale;
use switchhook_models::catalog::Store;
use switchhook_models::catalog::profiles::ProfileName;

pub use call_id::CallId;
pub use changes::Changes;
pub use check::usual_models;
pub use credentials::{CredentialError, Credentials, Secret};
pub use generation::Generation;
pub use in_force::InForce;
pub use key::steers;
pub use line_id::LineId;
pub use mqtt::{Mqtt, Trust};
pub use network::Network;
pub use problem::Problem;
pub use subkey::WeakSecret;
pub use telephone::{NoTelephone, Telephone};
pub use written::Written;

/// Read and check the file at `path` and those in `conf.d/` beside it. Blocking: it is called while starting.
///
/// # Errors
/// Says where and what, for the admin.
pub fn load(path: &Path) -> Result<Config, Problem> {
    Written::load(path)?.config()
}

/// Check the text of a configuration; `path` is named in errors, and relative paths in the text start from its folder.
///
/// # Errors
/// Says where and what, for the admin.
pub fn parse(text: &str, path: &Path) -> Result<Config, Problem> {
    Written::parse(text, path)?.config()
}

/// Everything that was configured, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// This device.
    pub device: Device,
    /// The office it stands in.
    pub office: Office,
    /// Which models are used.
    pub models: Models,
    /// What else callers may ask to go on in, and the models for it.
    pub other_languages: Vec<(Locale, Models)>,
    /// How calls are taken.
    pub calls: Calls,
    /// Where records are kept.
    pub records: Records,
    /// The ways in and out.
    pub lines: Vec<Line>,
    /// Who calls can be handed to, by the name that scenarios use.
    pub people: BTreeMap<String, Person>,
    /// What scenarios may look up.
    pub lookups: LookUps,
    /// How calls are handed to people.
    pub handover: HandOver,
    /// The fleet manager's broker, if there is one.
    pub mqtt: Option<Mqtt>,
    /// Where the admin's side is offered.
    pub bus: Bus,
}

impl Config {
    /// Every language that is spoken, with the models for it: the office's own first.
    pub fn spoken(&self) -> impl Iterator<Item = (Locale, &Models)> {
        std::iter::once((self.office.language, &self.models))
            .chain(self.other_languages.iter().map(|(language, models)| (*language, models)))
    }
}

/// This device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its name in the fleet: letters, digits, `_` and `-`.
    pub name: String,
}

/// The office it stands in: what the robot may say about whom it speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// As it is spoken: "Northgate Branch Office".
    pub name: String,
    /// What its callers speak, and how it is written.
    pub language: Locale,
    /// What the robot is for, as it is spoken in the disclosure: "I answer questions, take messages and connect you to our staff".
    pub purpose: String,
    /// Where its clock hangs: when it is open, and what "tomorrow" is.
    pub time_zone: TimeZone,
}

/// Which models are used, by their names in the catalog: those that were named, else those of the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Models {
    /// By the size of the board.
    pub profile: ProfileName,
    /// Where they are installed; the store's default place if `None`.
    pub dir: Option<PathBuf>,
    /// Speech recognition.
    pub recognizer: String,
    /// The voice.
    pub voice: String,
    /// The language model; `None` leaves what is in doubt to words and vectors.
    pub language_model: Option<String>,
    /// What makes vectors of sentences, so that what means the same is found; `None` leaves it to words.
    pub embedding: Option<String>,
    /// Voice activity.
    pub vad: String,
    /// What tells whether who pauses has finished; `None` leaves that to silence alone.
    pub turn: Option<String>,
    /// The folder in which what the voice always says is kept as sound.
    pub prompts: PathBuf,
}

impl Models {
    /// Where they are installed.
    #[must_use]
    pub fn store(&self) -> Store {
        self.dir.as_ref().map_or_else(Store::default_place, Store::at)
    }

    /// Whether the same models are opened: where what the voice always says is kept, and by which profile they were chosen, is none of their business.
    #[must_use]
    pub fn open_alike(&self, other: &Self) -> bool {
        *self == Self { profile: self.profile, prompts: self.prompts.clone(), ..other.clone() }
    }

    /// All of them, by their names in the catalog.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let always = [&self.recognizer, &self.voice, &self.vad];
        always.into_iter().chain(&self.language_model).chain(&self.embedding).chain(&self.turn).map(String::as_str)
    }
}

/// How calls are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calls {
    /// How many at once; one more is told that we are busy.
    pub at_once: usize,
    /// The folder of the scenario that answers.
    pub scenario: PathBuf,
    /// How long calls may go on when the daemon is told to stop.
    pub shutdown_grace: Duration,
    /// No call is longer than this.
    pub longest: Duration,
    /// Whom the robot may call beside the office's people: the office's own numbers, and those of people who have agreed to it.
    pub may_call: Vec<Telephone>,
}

/// What scenarios may look up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUps {
    /// Where the files lie that the office keeps up to date, in a folder by the scenario's name.
    pub data: PathBuf,
    /// The services on the office's own network that may be asked, by their names.
    pub hosts: Vec<String>,
}

/// Where records are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Records {
    /// The encrypted database.
    pub database: PathBuf,
    /// The credential that holds its key.
    pub key_credential: String,
}

/// One way in or out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub id: LineId,
    /// What it is.
    pub kind: Kind,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A SIP gateway or PBX.
    Sip(Sip),
    /// A USB handset or speakerphone.
    Handset(Handset),
}

/// A SIP line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sip {
    /// Where SIP is listened for, over UDP and TCP. Port 0 takes any free one.
    pub listen: SocketAddr,
    /// The address that is written into SDP and Contact; the listening one if `None`.
    pub public: Option<IpAddr>,
    /// From which ports RTP is taken, two per call.
    pub rtp_ports: RangeInclusive<u16>,
    /// The codecs offered and taken, in this order.
    pub codecs: Vec<Codec>,
    /// Who may call beside the gateway, and is believed about callers. If `None`, the gateway alone may call, or everybody if the line
    /// registers nowhere.
    pub peers: Option<Vec<Network>>,
    /// Whether and where to register.
    pub register: Option<Register>,
    /// A call without RTP for this long is ended.
    pub media_timeout: Duration,
}

impl Codec {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pcmu => "pcmu",
            Self::Pcma => "pcma",
        }
    }
}

impl Sip {
    /// Whether both would listen in one place, where one of them alone can: on one port, at one address or one of them at all.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.listen.ip().to_canonical(), other.listen.ip().to_canonical());
        let all = |one: IpAddr, another: IpAddr| one.is_unspecified() && (one.is_ipv6() || another.is_ipv4());
        let one_port = self.listen.port() == other.listen.port() && self.listen.port() != 0;
        one_port && (ours == theirs || all(ours, theirs) || all(theirs, ours))
    }
}

/// A voice codec of the telephone network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// G.711 mu-law.
    Pcmu,
    /// G.711 A-law.
    Pcma,
}

/// Registration at a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// `sip:host[:port][;transport=tcp]`.
    pub registrar: String,
    /// The account's user name.
    pub user: String,
    /// The credential that holds its password.
    pub credential: String,
    /// For how long each registration asks.
    pub expires: Duration,
}

/// A handset line: two ALSA devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handset {
    /// The microphone: an ALSA PCM name.
    pub capture: String,
    /// The earpiece: an ALSA PCM name.
    pub playback: String,
    /// Whether the caller can be heard while the robot speaks (a real handset, or a speakerphone that cancels its own echo).
    pub full_duplex: bool,
}

/// Somebody that a message can be for, and a call be handed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// As the robot calls them: "the front desk".
    pub spoken: String,
    /// What else callers call them: "reception".
    pub also: Vec<String>,
    /// Where the line passes the call to: `sip:...`. Whoever has none gets messages alone.
    pub address: Option<String>,
    /// Whether they are called first, hear what it is about, and say whether they take it; otherwise the line is just asked to pass the call on.
    pub announce: bool,
}

/// How calls are handed to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// How long it rings at each of them.
    pub ring: Duration,
    /// Where else they may read what they are told. Personal data: nowhere, unless the office says so.
    pub text: HandOverText,
}

/// Where what a person is told of a caller may be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandOverText {
    /// On the bus of this device.
    pub bus: bool,
    /// At the fleet manager's broker.
    pub mqtt: bool,
}

/// Where the admin's side is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bus {
    /// The system bus.
    System,
    /// The session bus, for development.
    Session,
    /// A bus at this address, for tests.
    Address(String),
}
