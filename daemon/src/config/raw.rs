//! The configuration as it is written. Unknown keys are refused here, by `written::form`; meaning is checked in `check`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use switchhook_models::catalog::profiles::ProfileName;

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct File {
    pub device: Device,
    pub office: Office,
    #[serde(default)]
    pub models: Models,
    #[serde(default)]
    pub calls: Calls,
    #[serde(default)]
    pub records: Records,
    #[serde(default, rename = "line")]
    pub lines: Vec<Line>,
    #[serde(default)]
    pub people: BTreeMap<String, Person>,
    #[serde(default)]
    pub lookups: LookUps,
    #[serde(default)]
    pub handover: HandOver,
    pub mqtt: Option<Mqtt>,
    #[serde(default)]
    pub bus: Bus,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Device {
    pub name: String,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Office {
    pub name: String,
    #[serde(default = "english")]
    pub language: String,
    pub purpose: Option<String>,
    pub time_zone: Option<String>,
    #[serde(default)]
    pub other_languages: Vec<String>,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Models {
    pub dir: Option<PathBuf>,
    pub profile: String,
    pub recognizer: Option<String>,
    pub voice: Option<String>,
    /// The empty name means none.
    pub language_model: Option<String>,
    /// The empty name means none.
    pub embedding: Option<String>,
    pub vad: Option<String>,
    /// The empty name means none.
    pub turn: Option<String>,
    pub prompts: PathBuf,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Calls {
    pub at_once: usize,
    pub scenario: PathBuf,
    pub shutdown_grace_seconds: u64,
    pub longest_minutes: u64,
    /// Numbers, or SIP addresses.
    pub may_call: Vec<String>,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LookUps {
    pub data: PathBuf,
    pub hosts: Vec<String>,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Records {
    pub database: PathBuf,
    pub key_credential: String,
}

/// Which it is, is told by its `kind`.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    Sip(Sip),
    Handset(Handset),
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sip {
    pub id: String,
    #[serde(default = "sip_listen")]
    pub listen: String,
    pub public: Option<String>,
    #[serde(default = "rtp_ports")]
    pub rtp_ports: [u16; 2],
    #[serde(default = "codecs")]
    pub codecs: Vec<String>,
    pub peers: Option<Vec<String>>,
    pub register: Option<Register>,
    #[serde(default = "media_timeout")]
    pub media_timeout_seconds: u64,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Handset {
    pub id: String,
    pub capture: String,
    pub playback: String,
    #[serde(default)]
    pub full_duplex: bool,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub registrar: String,
    pub user: String,
    pub credential: String,
    #[serde(default = "expires")]
    pub expires_seconds: u64,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub spoken: String,
    #[serde(default)]
    pub also: Vec<String>,
    pub address: Option<String>,
    #[serde(default = "yes")]
    pub announce: bool,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct HandOver {
    pub ring_seconds: u64,
    /// `bus`, `mqtt`.
    pub text: Vec<String>,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Mqtt {
    pub host: String,
    /// By what is spoken there, if it is not written.
    pub port: Option<u16>,
    #[serde(default)]
    pub tls: bool,
    pub ca: Option<PathBuf>,
    #[serde(default = "mqtt_prefix")]
    pub prefix: String,
    pub user: Option<String>,
    pub credential: Option<String>,
    #[serde(default = "mqtt_interval")]
    pub interval_seconds: u64,
}

#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Bus {
    /// `system`, `session`, or a bus address such as `unix:path=/run/...`.
    pub address: Option<String>,
}

impl Default for Models {
    fn default() -> Self {
        Self {
            dir: None,
            profile: ProfileName::default().to_string(),
            recognizer: None,
            voice: None,
            language_model: None,
            embedding: None,
            vad: None,
            turn: None,
            prompts: "/var/cache/switchhook/prompts".into(),
        }
    }
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            at_once: 2,
            scenario: "/usr/share/switchhook/scenarios/reception".into(),
            shutdown_grace_seconds: 60,
            longest_minutes: 30,
            may_call: Vec::new(),
        }
    }
}

impl Default for LookUps {
    fn default() -> Self {
        Self { data: "/var/lib/switchhook/lookups".into(), hosts: Vec::new() }
    }
}

impl Default for HandOver {
    fn default() -> Self {
        Self { ring_seconds: 25, text: Vec::new() }
    }
}

impl Default for Records {
    fn default() -> Self {
        Self { database: "/var/lib/switchhook/records.db".into(), key_credential: "records-key".into() }
    }
}

fn yes() -> bool {
    true
}
fn english() -> String {
    "en".into()
}
fn sip_listen() -> String {
    "0.0.0.0:5060".into()
}
fn rtp_ports() -> [u16; 2] {
    [16_384, 16_483]
}
fn codecs() -> Vec<String> {
    vec!["pcma".into(), "pcmu".into()]
}
fn media_timeout() -> u64 {
    20
}
fn expires() -> u64 {
    300
}
fn mqtt_prefix() -> String {
    "switchhook".into()
}
fn mqtt_interval() -> u64 {
    30
}
