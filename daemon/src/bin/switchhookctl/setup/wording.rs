//! The questions, as they are put to people.

use switchhook::setup::{Given, Question, Unanswered, Wrong};

use crate::words::say;

/// As it is put to a person.
pub fn asked(question: Question, given: &Given) -> String {
    match question {
        Question::Language => say!("setup-ask-language"),
        Question::OtherLanguages => say!("setup-ask-other-languages"),
        Question::Office => say!("setup-ask-office"),
        Question::Scenario if given.scenarios.is_empty() => say!("setup-ask-scenario"),
        Question::Scenario => say!("setup-ask-scenario-among", scenarios = given.scenarios.join(&say!("comma"))),
        Question::Profile => say!("setup-ask-profile"),
        Question::Line => say!("setup-ask-line"),
        Question::Registrar => say!("setup-ask-registrar"),
        Question::User => say!("setup-ask-user"),
        Question::Password => say!("setup-ask-password"),
        Question::Peers => say!("setup-ask-peers"),
        Question::Device if given.devices.is_empty() => say!("setup-ask-device"),
        Question::Device => say!("setup-ask-device-among", devices = given.devices.join(&say!("comma"))),
        Question::Person => say!("setup-ask-person"),
        Question::Address => say!("setup-ask-address"),
    }
}

/// Why an answer cannot be.
pub fn wrong(wrong: &Wrong) -> String {
    match wrong {
        Wrong::Nothing => say!("setup-wrong-nothing"),
        Wrong::NoSuchLine => say!("setup-wrong-line"),
        Wrong::Otherwise(why) => say!("setup-wrong", why = why),
    }
}

/// What a file of answers has to say.
pub fn missing(missing: &Unanswered, given: &Given) -> String {
    let (question, why) = match missing {
        Unanswered::Nothing(question) => (question, asked(*question, given)),
        Unanswered::Wrong(question, why) => (question, wrong(why)),
    };
    say!("setup-missing", key = question.key(), why = why)
}
