//! What goes into a dialog and what comes out of it.

use std::time::Duration;

use jiff::Zoned;
use switchhook_models::Locale;

use super::answers::Answers;
use super::slots::Value;
use super::thinking::{Question, Quote, Quoted};
use super::turn::{Verdict, Witness};
use crate::lines::Key;
use crate::lookups::query::{Found, Query};

/// What a caller said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// Its words.
    pub text: String,
    /// What an embedding model made of them, if there is one.
    pub vector: Option<Vec<f32>>,
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self { text, vector: None }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The disclosure was played to its end; the caller may be greeted.
    Disclosed,
    /// The caller asked for a person while the disclosure was still being played.
    PersonWanted,
    /// The caller said something.
    Heard(Said),
    /// The caller went on with what they had just said, when it was hardly answered.
    WentOn(Said),
    /// The caller spoke, but no words were found in it.
    Unclear,
    /// The caller gave one of few answers, and it is not sure which.
    Unsure,
    /// The caller pressed a key.
    Key(Key),
    /// The caller said nothing for as long as the last [`Action::Listen`] allowed.
    Silence,
    /// The language model's choice for the last [`Action::Classify`]; `None` if it had none, or was too slow.
    Classified(Option<usize>),
    /// What the language model quoted for the last [`Action::Quote`].
    Quoted(Quoted),
    /// Nobody took the call.
    NobodyThere,
    /// What came of the [`Action::LookUp`] of this number.
    Found(u64, Found),
}

impl Input {
    /// A turn without words: sound alone, or one of few answers, of which it is not sure which.
    #[must_use]
    pub fn without_words(unsure: bool) -> Self {
        if unsure { Self::Unsure } else { Self::Unclear }
    }

    /// The caller said this.
    #[must_use]
    pub fn heard(text: impl Into<String>) -> Self {
        Self::Heard(Said::from(text.into()))
    }
}

/// How much silence ends the caller's turn, and how much makes the robot speak again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Silence that ends a turn which sounds finished. Words that are all that was asked for need no more than [`Patience::SHORT`] gives, whatever it is.
    pub finished: Duration,
    /// Silence that ends a turn where nobody can tell, or nobody has told yet.
    pub endpoint: Duration,
    /// Silence that ends a turn to which more belongs, by its sound or its words.
    pub unfinished: Duration,
    /// Silence instead of a turn.
    pub reply: Duration,
}

impl Patience {
    /// For a question or a short answer.
    pub const SHORT: Self = Self {
        finished: Duration::from_millis(200),
        endpoint: Duration::from_millis(1_000),
        unfinished: Duration::from_millis(2_200),
        reply: Duration::from_secs(8),
    };
    /// Silence instead of a turn of whoever talks to somebody else.
    pub const ASIDE: Duration = Duration::from_secs(30);
    /// For whoever dictates: names and numbers come with pauses.
    pub const DICTATION: Self = Self {
        finished: Duration::from_millis(700),
        endpoint: Duration::from_millis(1_200),
        unfinished: Duration::from_millis(2_400),
        reply: Duration::from_secs(12),
    };

    /// The silence that ends a turn on which this is the verdict.
    #[must_use]
    pub fn after(self, verdict: Verdict) -> Duration {
        match verdict {
            Verdict::Finished(Witness::Words) => Self::SHORT.finished,
            Verdict::Finished(Witness::Voice) => self.finished,
            Verdict::Open => self.endpoint,
            Verdict::Unfinished(Witness::Voice | Witness::Words) => self.unfinished,
        }
    }
}

/// What the caller's next turn most likely is: it is listened to accordingly, and whatever else is said is understood as well.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Expected {
    /// Anything.
    Anything,
    /// A yes or a no, from somebody whom no scenario asks.
    YesOrNo,
    /// One of few answers.
    OneOf(Answers),
    /// A telephone number.
    Telephone,
    /// Whom a message is for.
    Recipient,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// Whatever its text says.
    #[default]
    Message,
    /// Somebody was wanted who was not there: the caller is to be called back.
    CallBack,
    /// A complaint.
    Complaint,
    /// A flow leaves it to do.
    Task,
    /// The caller wants to see what is kept of them, or to have it deleted.
    OwnData,
    /// The caller is not to be called any more.
    OptOut,
    /// The caller threatened.
    Threat,
}

impl About {
    /// The word in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::CallBack => "call-back",
            Self::Complaint => "complaint",
            Self::Task => "task",
            Self::OwnData => "own-data",
            Self::OptOut => "opt-out",
            Self::Threat => "threat",
        }
    }
}

/// Something to do for a person: a message that the caller left, or what a flow leaves to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub about: About,
    /// For whom, as the caller said it; the office if they named nobody.
    pub recipient: String,
    /// What, in the caller's words.
    pub text: String,
    /// Where to call back: digits.
    pub callback: Option<String>,
    /// Whether the caller said yes when it was read back.
    pub confirmed: bool,
    /// By when the caller was told that they are called back.
    pub promised: Option<Zoned>,
}

/// Why the robot takes its leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// Both said goodbye.
    Goodbye,
    /// The caller left a message, and both said goodbye.
    MessageTaken,
    /// The caller did not speak any more.
    Silence,
    /// The caller does not want to be called any more.
    OptedOut,
    /// The caller insulted the robot again after it had asked them not to, or threatened.
    Abuse,
}

/// What to do. Actions are carried out in order; `Transfer` and `HangUp` wait until everything before them was heard.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Say this.
    Say(String),
    /// Give the word to the caller.
    Listen(Patience),
    /// Wait without a word for the caller's next key; the caller's silence is told after this long.
    MoreKeys(Duration),
    /// Ask the language model, and answer with [`Input::Classified`].
    Classify(Question),
    /// Ask the language model for the caller's own words, and answer with [`Input::Quoted`].
    Quote(Quote),
    /// Look this up, and answer with [`Input::Found`].
    LookUp(Query),
    /// Keep this note.
    Keep(Note),
    /// Speak more slowly from here on.
    Slower,
    /// Listen and speak in this language from here on.
    Language(Locale),
    /// A flow is over, with this result.
    Reached {
        /// Its name.
        flow: String,
        /// What the scenario calls the result.
        result: String,
        /// What was told on the way, by the names of the slots.
        told: Vec<(String, Value)>,
    },
    /// Pass the call to a person, by the name that the configuration gives them; answer with [`Input::NobodyThere`] if that fails.
    Transfer(String),
    /// The person who is being called is not wanted any more.
    CallOff,
    /// End the call.
    HangUp(Farewell),
}

impl Action {
    /// What stands where the language model is asked and there is none, or it fails, or takes too long.
    #[must_use]
    pub fn without_a_model(&self) -> Option<Input> {
        match self {
            Self::Classify(question) => Some(Input::Classified(question.closest())),
            Self::Quote(_) => Some(Input::Quoted(Quoted::Unknown)),
            _ => None,
        }
    }
}

/// An exchange, decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What the input was understood as: an intent, a passage, a slot; for the record.
    pub understood: String,
    /// Where the answer stands: `file.md#heading`.
    pub source: Option<String>,
    /// What to do.
    pub actions: Vec<Action>,
}

impl Step {
    pub(super) fn new(understood: impl Into<String>, actions: Vec<Action>) -> Self {
        Self { understood: understood.into(), source: None, actions }
    }

    /// Whether it can be taken back as if it had never been: nothing was done but talking.
    #[must_use]
    pub fn can_be_taken_back(&self) -> bool {
        self.actions.iter().all(|action| matches!(action, Action::Say(_) | Action::Listen(_) | Action::Classify(_) | Action::Quote(_)))
    }

    /// How long the next key is waited for, if that is all there is to do.
    #[must_use]
    pub fn only_waits_for_keys(&self) -> Option<Duration> {
        if let [Action::MoreKeys(patience)] = self.actions.as_slice() { Some(*patience) } else { None }
    }

    /// The name of what is done, for the record: the last action that is not saying or listening, else that.
    #[must_use]
    pub fn action_name(&self) -> &'static str {
        let name = |action: &Action| match action {
            Action::Say(_) if self.source.is_some() => "answer",
            Action::Say(_) => "say",
            Action::Listen(_) => "listen",
            Action::MoreKeys(_) => "more-keys",
            Action::Classify(_) => "classify",
            Action::Quote(_) => "quote",
            Action::LookUp(_) => "look-up",
            Action::Keep(_) => "keep-message",
            Action::Slower => "slower",
            Action::Language(_) => "language",
            Action::Reached { .. } => "reached",
            Action::Transfer(_) => "transfer",
            Action::CallOff => "call-off",
            Action::HangUp(_) => "hang-up",
        };
        let deed = self.actions.iter().rev().find(|action| !matches!(action, Action::Say(_) | Action::Listen(_)));
        deed.or(self.actions.first()).map_or("none", name)
    }

    /// Everything that is said in it.
    #[must_use]
    pub fn said(&self) -> String {
        let said: Vec<&str> =
            self.actions.iter().filter_map(|action| if let Action::Say(text) = action { Some(text.as_str()) } else { None }).collect();
        said.join(" ")
    }
}
