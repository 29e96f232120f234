//! What a caller can want besides an answer, and how it is heard.

use serde::Deserialize;

use crate::dialog::retrieval::Entry;
use crate::dialog::words;

/// What a caller can want besides an answer, in every scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// A person.
    Person,
    /// To leave a message.
    Message,
    /// To complain: a message with a deadline, for a person.
    Complaint,
    /// Help at once, from somebody whose work that is.
    Emergency,
    /// The last thing said, again.
    Repeat,
    /// To know whether this is a robot.
    Robot,
    /// To end the call.
    Goodbye,
    /// To hear the robot speak more slowly.
    Slower,
    /// To go on in another language.
    Language,
    /// To know what becomes of what they say.
    Privacy,
    /// To see what is kept of them, or to have it deleted.
    OwnData,
    /// Not to be called any more.
    OptOut,
    /// Nothing: a threat.
    Threat,
    /// Nothing: an insult.
    Abuse,
    /// Yes.
    Yes,
    /// No.
    No,
}

impl Intent {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Person,
        Self::Message,
        Self::Complaint,
        Self::Emergency,
        Self::Repeat,
        Self::Robot,
        Self::Goodbye,
        Self::Slower,
        Self::Language,
        Self::Privacy,
        Self::OwnData,
        Self::OptOut,
        Self::Threat,
        Self::Abuse,
        Self::Yes,
        Self::No,
    ];

    /// Whether it is a rule that holds everywhere: nothing that the robot asks, or that a scenario may do without.
    #[must_use]
    pub fn holds_everywhere(self) -> bool {
        !matches!(self, Self::Message | Self::Goodbye | Self::Yes | Self::No)
    }

    /// The word in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Message => "message",
            Self::Complaint => "complaint",
            Self::Emergency => "emergency",
            Self::Repeat => "repeat",
            Self::Robot => "robot",
            Self::Goodbye => "goodbye",
            Self::Slower => "slower",
            Self::Language => "language",
            Self::Privacy => "privacy",
            Self::OwnData => "own-data",
            Self::OptOut => "opt-out",
            Self::Threat => "threat",
            Self::Abuse => "abuse",
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

/// How an intent is recognised.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    /// What it means, in a few words: how it is put to the language model.
    pub means: String,
    /// Phrases that decide wherever they stand; `*` is up to three words.
    pub words: Vec<Vec<String>>,
    /// Examples of whole sentences, compared by closeness.
    pub examples: Vec<String>,
    /// Phrases of which one has to be said before closeness to an example counts; without any, it always does.
    pub only_with: Vec<Vec<String>>,
}

/// The same as it is written.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSigns {
    /// What it means, in a few words.
    means: Option<String>,
    /// Phrases that decide wherever they stand; `*` is up to three words.
    #[serde(default)]
    words: Vec<String>,
    /// Examples of whole sentences, compared by closeness.
    #[serde(default)]
    examples: Vec<String>,
    /// Phrases of which one has to be said before closeness to an example counts, and which each example holds; `*` is up to three words.
    #[serde(default, rename = "only-with")]
    only_with: Vec<String>,
}

impl Signs {
    /// What is searched.
    #[must_use]
    pub fn entry(&self) -> Entry {
        Entry { asked: self.examples.clone(), answer: String::new() }
    }

    /// Whether `spoken` holds words that decide.
    pub(in crate::dialog) fn decide(&self, spoken: &[String]) -> bool {
        self.words.iter().any(|phrase| words::contains(spoken, phrase))
    }

    /// An example that could never be close enough, for want of a phrase that has to be said.
    pub(super) fn in_vain(&self) -> Option<&str> {
        let told = |example: &str| self.only_with.iter().any(|phrase| words::contains(&words::words(example), phrase));
        self.examples.iter().map(String::as_str).find(|example| !self.only_with.is_empty() && !told(example))
    }

    /// More signs of the same intent; what it means is said anew only if it is said.
    pub(super) fn add(&mut self, raw: RawSigns) {
        self.means = raw.means.unwrap_or_else(|| std::mem::take(&mut self.means));
        let phrases =
            |raw: &[String]| raw.iter().map(|phrase| words::phrase(phrase)).filter(|phrase| !phrase.is_empty()).collect::<Vec<_>>();
        self.words.extend(phrases(&raw.words));
        self.only_with.extend(phrases(&raw.only_with));
        self.examples.extend(raw.examples);
    }
}
