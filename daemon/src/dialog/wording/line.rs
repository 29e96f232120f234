//! The messages that every robot has, whatever its scenario: their names in Fluent, and the variables that each is given.

/// A message of the manners'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// After the disclosure.
    Greeting,
    /// After an answer.
    More,
    /// Before the call is passed on.
    Transfer,
    /// When nobody took it; a message is taken next.
    NobodyThere,
    /// When the call is passed on in an emergency.
    Emergency,
    /// To the question whether this is a robot.
    Robot,
    /// For whom the message is, if the caller did not say.
    AskRecipient,
    /// What the message is.
    AskMessage,
    /// Where to call back, if the caller did not say.
    AskNumber,
    /// The message with a number, read back.
    ReadBack,
    /// The message without a number, read back.
    ReadBackWithoutNumber,
    /// To a yes or no that was neither.
    AskYesNo,
    /// When the caller said that it is not right.
    Again,
    /// When it is kept.
    MessageKept,
    /// The last words.
    Goodbye,
    /// The name of the person that a call is passed to, if the configuration has none.
    APerson,
    /// The name of whom a message is for that names nobody.
    TheOffice,
    /// The name of whom a complaint is for.
    ComplaintsDesk,
    /// Which day, when only a time was told.
    AskDay,
    /// At what time, when only a day was told.
    AskTime,
    /// Before noon or after it.
    AskHalf,
    /// For the rest of a number, a plate or a part number.
    AskRest,
    /// Which of several that were meant.
    WhichOf,
    /// The word between the last two of several.
    Or,
    /// Before a question that is asked again in the same words.
    NotThat,
    /// A number is below what is possible.
    TooSmall,
    /// A number is above what is possible.
    TooLarge,
    /// A moment is before what is possible.
    TooEarly,
    /// A moment is after what is possible.
    TooLate,
    /// A sum is in another currency.
    OtherCurrency,
    /// A number has too many digits.
    TooLong,
    /// A number that was told for a message has too few digits, or too many.
    NumberNotWhole,
    /// What of what was read back is wrong.
    WhatIsWrong,
    /// To a yes or no that was neither, before the question is asked again.
    SayYesOrNo,
    /// Who was asked for is not there now, but later.
    NotThere,
    /// Who was asked for is not there, and nobody knows when they are.
    NotThereAtAll,
    /// When whoever leaves a message now is called back.
    CallBack,
    /// When a message is kept, and the caller is called back.
    MessageKeptPromised,
    /// When a message is kept that interrupted a flow, which goes on.
    MessageKeptGoOn,
    /// When the caller does not want to leave a message after all.
    MessageGivenUp,
    /// Nobody took the call, and somebody else is tried.
    TryNext,
    /// The robot speaks more slowly from here on.
    Slower,
    /// To whoever goes on in this language, which they asked for.
    OtherLanguage,
    /// The robot does not speak the language that is asked for; whether a person is wanted.
    NoOtherLanguage,
    /// What becomes of what is said.
    Privacy,
    /// Whoever wants to see or to have deleted what is kept of them is asked where to reach them next.
    OwnData,
    /// The name of whoever looks after what is kept of callers.
    DataProtection,
    /// The caller is not called any more; these are the last words.
    OptedOut,
    /// To whoever insults the robot, the first time.
    AbuseWarning,
    /// To whoever does it again, or threatens and can not be passed on; these are the last words.
    AbuseEnd,
    /// When something is heard again and again that has no words: a caller who talks to somebody else, music.
    StillHere,
    /// Before something that takes a moment.
    OneMoment,
    /// When something could not be looked up, and a person is sought.
    CannotLookUp,
    /// Before the goodbye, how well the call helped, 1 to 5.
    AskSatisfaction,
    /// When it is not sure which mark that was.
    AskMarkAgain,
    /// To a person: what the caller wants.
    SummaryWanted,
    /// To a person: what the caller wanted, and has.
    SummaryDone,
    /// To a person: what the caller told.
    SummaryTold,
    /// To a person: what the caller asked about.
    SummaryAsked,
    /// To a person: the caller complains.
    SummaryComplaint,
    /// To a person: the caller left a message.
    SummaryMessage,
    /// To a person: the caller was not understood.
    SummaryNotUnderstood,
    /// To a person: the caller has not said what they want.
    SummaryNothing,
    /// To the caller: a person takes the call.
    PersonComes,
    /// To a person who is called for a caller, first of all.
    Whisper,
    /// To them: how they take the call, or do not.
    WhisperAsk,
    /// To them: they took it.
    WhisperThanks,
    /// To a person: the number at the caller's end.
    SummaryNumber,
    /// To a person: the caller has an emergency.
    SummaryEmergency,
    /// To a person: who did not take the call.
    SummaryTried,
}

impl Line {
    /// All of them.
    pub const ALL: [Self; 70] = [
        Self::Greeting,
        Self::More,
        Self::Transfer,
        Self::NobodyThere,
        Self::Emergency,
        Self::Robot,
        Self::AskRecipient,
        Self::AskMessage,
        Self::AskNumber,
        Self::ReadBack,
        Self::ReadBackWithoutNumber,
        Self::AskYesNo,
        Self::Again,
        Self::MessageKept,
        Self::Goodbye,
        Self::APerson,
        Self::TheOffice,
        Self::ComplaintsDesk,
        Self::AskDay,
        Self::AskTime,
        Self::AskHalf,
        Self::AskRest,
        Self::WhichOf,
        Self::Or,
        Self::NotThat,
        Self::TooSmall,
        Self::TooLarge,
        Self::TooEarly,
        Self::TooLate,
        Self::OtherCurrency,
        Self::TooLong,
        Self::NumberNotWhole,
        Self::WhatIsWrong,
        Self::SayYesOrNo,
        Self::NotThere,
        Self::NotThereAtAll,
        Self::CallBack,
        Self::MessageKeptPromised,
        Self::MessageKeptGoOn,
        Self::MessageGivenUp,
        Self::TryNext,
        Self::Slower,
        Self::OtherLanguage,
        Self::NoOtherLanguage,
        Self::Privacy,
        Self::OwnData,
        Self::DataProtection,
        Self::OptedOut,
        Self::AbuseWarning,
        Self::AbuseEnd,
        Self::StillHere,
        Self::OneMoment,
        Self::CannotLookUp,
        Self::AskSatisfaction,
        Self::AskMarkAgain,
        Self::SummaryWanted,
        Self::SummaryDone,
        Self::SummaryTold,
        Self::SummaryAsked,
        Self::SummaryComplaint,
        Self::SummaryMessage,
        Self::SummaryNotUnderstood,
        Self::SummaryNothing,
        Self::PersonComes,
        Self::Whisper,
        Self::WhisperAsk,
        Self::WhisperThanks,
        Self::SummaryNumber,
        Self::SummaryEmergency,
        Self::SummaryTried,
    ];

    /// Its name in Fluent.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::More => "more",
            Self::Transfer => "transfer",
            Self::NobodyThere => "nobody-there",
            Self::Emergency => "emergency",
            Self::Robot => "robot",
            Self::AskRecipient => "ask-recipient",
            Self::AskMessage => "ask-message",
            Self::AskNumber => "ask-number",
            Self::ReadBack => "read-back",
            Self::ReadBackWithoutNumber => "read-back-without-number",
            Self::AskYesNo => "ask-yes-no",
            Self::Again => "again",
            Self::MessageKept => "message-kept",
            Self::Goodbye => "goodbye",
            Self::APerson => "a-person",
            Self::TheOffice => "the-office",
            Self::ComplaintsDesk => "complaints-desk",
            Self::AskDay => "ask-day",
            Self::AskTime => "ask-time",
            Self::AskHalf => "ask-half",
            Self::AskRest => "ask-rest",
            Self::WhichOf => "which-of",
            Self::Or => "or",
            Self::NotThat => "not-that",
            Self::TooSmall => "too-small",
            Self::TooLarge => "too-large",
            Self::TooEarly => "too-early",
            Self::TooLate => "too-late",
            Self::OtherCurrency => "other-currency",
            Self::TooLong => "too-long",
            Self::NumberNotWhole => "number-not-whole",
            Self::WhatIsWrong => "what-is-wrong",
            Self::SayYesOrNo => "say-yes-or-no",
            Self::NotThere => "not-there",
            Self::NotThereAtAll => "not-there-at-all",
            Self::CallBack => "call-back",
            Self::MessageKeptPromised => "message-kept-promised",
            Self::MessageKeptGoOn => "message-kept-go-on",
            Self::MessageGivenUp => "message-given-up",
            Self::TryNext => "try-next",
            Self::Slower => "slower",
            Self::OtherLanguage => "other-language",
            Self::NoOtherLanguage => "no-other-language",
            Self::Privacy => "privacy",
            Self::OwnData => "own-data",
            Self::DataProtection => "data-protection",
            Self::OptedOut => "opted-out",
            Self::AbuseWarning => "abuse-warning",
            Self::AbuseEnd => "abuse-end",
            Self::StillHere => "still-here",
            Self::OneMoment => "one-moment",
            Self::CannotLookUp => "can-not-look-up",
            Self::AskSatisfaction => "ask-satisfaction",
            Self::AskMarkAgain => "ask-mark-again",
            Self::SummaryWanted => "summary-wanted",
            Self::SummaryDone => "summary-done",
            Self::SummaryTold => "summary-told",
            Self::SummaryAsked => "summary-asked",
            Self::SummaryComplaint => "summary-complaint",
            Self::SummaryMessage => "summary-message",
            Self::SummaryNotUnderstood => "summary-not-understood",
            Self::SummaryNothing => "summary-nothing",
            Self::PersonComes => "person-comes",
            Self::Whisper => "whisper",
            Self::WhisperAsk => "whisper-ask",
            Self::WhisperThanks => "whisper-thanks",
            Self::SummaryNumber => "summary-number",
            Self::SummaryEmergency => "summary-emergency",
            Self::SummaryTried => "summary-tried",
        }
    }

    /// The robot's own question that a slot of this name would be asked by.
    #[must_use]
    pub fn asking_for(slot: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|line| line.id().strip_prefix("ask-") == Some(slot))
    }

    /// The variables that it is given.
    #[must_use]
    pub fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Transfer | Self::NotThereAtAll | Self::TryNext => &["person"],
            Self::NotThere => &["person", "next-open"],
            Self::CallBack | Self::MessageKeptPromised => &["promised"],
            Self::AskMessage => &["recipient"],
            Self::ReadBack => &["recipient", "message", "number"],
            Self::ReadBackWithoutNumber => &["recipient", "message"],
            Self::WhichOf => &["choices"],
            Self::SummaryWanted | Self::SummaryDone => &["wish"],
            Self::SummaryTold => &["told"],
            Self::SummaryAsked => &["topics"],
            Self::SummaryNumber => &["number"],
            Self::SummaryTried => &["people"],
            _ => &[],
        }
    }

    /// Whether it is said to callers by itself, and is neither a name that stands in another nor for the person who takes over.
    pub(super) fn is_said(self) -> bool {
        !matches!(self, Self::APerson | Self::TheOffice | Self::ComplaintsDesk | Self::DataProtection | Self::Or)
            && !self.id().starts_with("summary-")
    }
}

/// What is said differently each time: a message and its attributes `.second`, `.third` and `.fourth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ladder {
    /// When nothing was understood.
    NotUnderstood,
    /// When the caller says nothing.
    Silence,
    /// While an answer takes its time.
    Wait,
    /// While a person is being called.
    Calling,
}

impl Ladder {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NotUnderstood, Self::Silence, Self::Wait, Self::Calling];
    /// The names of the steps after the first.
    pub(super) const STEPS: [&'static str; 3] = ["second", "third", "fourth"];

    /// Its name in Fluent.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::NotUnderstood => "not-understood",
            Self::Silence => "silence",
            Self::Wait => "wait",
            Self::Calling => "calling",
        }
    }
}
