//! What was answered: by a person, or by a file for scripts.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::config::Secret;

/// Answers, by the names that a file of them has. What is not there is asked, or as usual.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Answers {
    /// What callers speak: `en`, `zh-TW` or `zh-CN`.
    pub language: Option<String>,
    /// What else callers may ask to go on in.
    pub other_languages: Option<Vec<String>>,
    /// The office's name, as it is spoken.
    pub office: Option<String>,
    /// What the robot follows: a scenario that ships, by its name, or a folder.
    pub scenario: Option<String>,
    /// By the size of the board: `tiny`, `standard` or `large`.
    pub profile: Option<String>,
    /// What the office's line is.
    pub line: Option<LineAnswer>,
    /// For a line that registers: `sip:host`.
    pub registrar: Option<String>,
    /// The account there.
    pub user: Option<String>,
    /// The account's password. It is written where root alone reads it, and nowhere else.
    #[serde(deserialize_with = "password")]
    #[schemars(with = "Option<String>")]
    pub password: Option<Secret>,
    /// For a line that does not: who may call, by address or network. Nobody named means everybody.
    pub peers: Option<Vec<String>>,
    /// For a handset: its sound device, as `plughw:CARD=Handset`.
    pub device: Option<String>,
    /// Whom calls are handed to, as the robot calls them.
    pub person: Option<String>,
    /// Where they are reached: `sip:100@pbx.office`. Empty: nowhere, and callers leave messages.
    pub address: Option<String>,
    /// Whether to fetch the models that this needs.
    pub fetch: Option<bool>,
    /// Whether to start the robot.
    pub start: Option<bool>,
    /// Whether to wait for a call then, and show what happens in it.
    pub test_call: Option<bool>,
}

/// What the office's line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LineAnswer {
    /// An account at a SIP gateway or PBX.
    Register,
    /// A SIP address without an account: a trunk of the PBX, or telephones that dial it.
    Peer,
    /// A USB handset or speakerphone.
    Handset,
    /// As it is configured, or none yet.
    Keep,
}

impl LineAnswer {
    /// All, by the words that are answered.
    pub const ALL: [(&'static str, Self); 4] =
        [("register", Self::Register), ("peer", Self::Peer), ("handset", Self::Handset), ("keep", Self::Keep)];
}

/// A password as a file has it.
fn password<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    String::deserialize(from).map(|text| Some(Secret::new(text)))
}

impl Answers {
    /// Answers as a file has them, in TOML.
    ///
    /// # Errors
    /// Says which line is wrong, and why.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
            // The error's own picture shows the line, which may be that of the password.
            format!("line {line}: {}", error.message())
        })
    }
}
