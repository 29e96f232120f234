//! What is asked, in which order, and what is meant by nothing but Enter.

use switchhook_models::Locale;
use switchhook_models::catalog::profiles::ProfileName;

use super::{Answers, LineAnswer};
use crate::config::{Config, Kind, Secret};

/// A board with less memory than this has the smallest models.
const STANDARD_FROM: u64 = 3 << 30;
/// The office's name in the file that is shipped: nobody's.
const SHIPPED_NAME: &str = "our office";
/// The person whom the shipped scenarios hand over to.
pub(super) const PERSON: &str = "front-desk";

/// What is known before anything is asked.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// What is configured, if that is sound.
    pub config: Option<Config>,
    /// The scenarios that ship, by their names.
    pub scenarios: Vec<String>,
    /// The memory of the board, in bytes.
    pub memory: Option<u64>,
    /// The sound devices of handsets, as `plughw:CARD=Handset`.
    pub devices: Vec<String>,
}

/// Why an answer cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing was said, and nothing is usual.
    Nothing,
    /// It is no line that there could be.
    NoSuchLine,
    /// Something else.
    Otherwise(String),
}

/// One question. How it is put to a person is the matter of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What callers speak.
    Language,
    /// What else.
    OtherLanguages,
    /// How the office is called.
    Office,
    /// What the robot follows.
    Scenario,
    /// Which models.
    Profile,
    /// What the line is.
    Line,
    /// Where it registers.
    Registrar,
    /// As whom.
    User,
    /// With which password.
    Password,
    /// Who may call.
    Peers,
    /// Which sound device.
    Device,
    /// Whom calls are handed to.
    Person,
    /// Where they are reached.
    Address,
}

impl Question {
    const ALL: [Self; 13] = [
        Self::Language,
        Self::OtherLanguages,
        Self::Office,
        Self::Scenario,
        Self::Profile,
        Self::Line,
        Self::Registrar,
        Self::User,
        Self::Password,
        Self::Peers,
        Self::Device,
        Self::Person,
        Self::Address,
    ];

    /// The next that is not answered, if there is one.
    #[must_use]
    pub fn next(answers: &Answers) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.applies(answers) && !question.is_answered(answers))
    }

    /// Its name in a file of answers.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::OtherLanguages => "other_languages",
            Self::Office => "office",
            Self::Scenario => "scenario",
            Self::Profile => "profile",
            Self::Line => "line",
            Self::Registrar => "registrar",
            Self::User => "user",
            Self::Password => "password",
            Self::Peers => "peers",
            Self::Device => "device",
            Self::Person => "person",
            Self::Address => "address",
        }
    }

    /// Whether what is typed must not be seen.
    #[must_use]
    pub fn is_secret(self) -> bool {
        self == Self::Password
    }

    fn applies(self, answers: &Answers) -> bool {
        match self {
            Self::Registrar | Self::User | Self::Password => answers.line == Some(LineAnswer::Register),
            Self::Peers => answers.line == Some(LineAnswer::Peer),
            Self::Device => answers.line == Some(LineAnswer::Handset),
            _ => true,
        }
    }

    fn is_answered(self, answers: &Answers) -> bool {
        match self {
            Self::Language => answers.language.is_some(),
            Self::OtherLanguages => answers.other_languages.is_some(),
            Self::Office => answers.office.is_some(),
            Self::Scenario => answers.scenario.is_some(),
            Self::Profile => answers.profile.is_some(),
            Self::Line => answers.line.is_some(),
            Self::Registrar => answers.registrar.is_some(),
            Self::User => answers.user.is_some(),
            Self::Password => answers.password.is_some(),
            Self::Peers => answers.peers.is_some(),
            Self::Device => answers.device.is_some(),
            Self::Person => answers.person.is_some(),
            Self::Address => answers.address.is_some(),
        }
    }

    /// What is meant if nothing is answered; none if somebody has to say it.
    #[must_use]
    pub fn usual(self, answers: &Answers, given: &Given) -> Option<String> {
        let config = given.config.as_ref();
        let mandarin = answers.language.as_deref().is_some_and(|language| language.starts_with("zh"));
        match self {
            Self::Language => Some(config.map_or("en", |config| config.office.language.tag()).to_owned()),
            Self::OtherLanguages => {
                let others = config.map(|config| config.other_languages.iter().map(|(language, _)| language.tag()).collect::<Vec<_>>());
                // What was another language may be the office's own now.
                let others =
                    others.filter(|others| !others.is_empty() && answers.language.as_deref() == config.map(|c| c.office.language.tag()));
                Some(others.map_or_else(|| "none".to_owned(), |others| others.join(",")))
            }
            Self::Office => config.map(|config| config.office.name.clone()).filter(|name| name != SHIPPED_NAME),
            Self::Scenario => {
                let folder = config.map(|config| config.calls.scenario.display().to_string());
                let shipped = given.scenarios.iter().find(|name| folder.as_ref().is_some_and(|folder| folder == &shipped(name)));
                shipped.cloned().or(folder).or_else(|| Some("reception".to_owned()))
            }
            Self::Profile => {
                let small = given.memory.is_some_and(|memory| memory < STANDARD_FROM);
                let fits = if small { ProfileName::Tiny } else { ProfileName::Standard };
                // Whoever chose another one than the usual meant it.
                let chosen = config.map(|config| config.models.profile).filter(|profile| *profile != ProfileName::default());
                Some(chosen.unwrap_or(fits).to_string())
            }
            Self::Line => config.filter(|config| !config.lines.is_empty()).map(|_| "keep".to_owned()),
            Self::Registrar => registered(config).map(|register| register.registrar.clone()),
            Self::User => Some(registered(config).map_or_else(|| "robot".to_owned(), |register| register.user.clone())),
            Self::Password => None,
            Self::Peers => Some("all".to_owned()),
            Self::Device => match given.devices.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
            Self::Person => {
                let known = config.and_then(|config| config.people.get(PERSON)).map(|person| person.spoken.clone());
                Some(known.unwrap_or_else(|| if mandarin { "櫃檯".to_owned() } else { "the front desk".to_owned() }))
            }
            Self::Address => {
                let known = config.and_then(|config| config.people.get(PERSON)?.address.clone());
                Some(known.unwrap_or_else(|| "none".to_owned()))
            }
        }
    }

    /// Take what was typed.
    ///
    /// # Errors
    /// Says what to type instead.
    pub fn answer(self, typed: &str, answers: &mut Answers) -> Result<(), Wrong> {
        let typed = typed.trim();
        let text = || if typed.is_empty() { Err(Wrong::Nothing) } else { Ok(typed.to_owned()) };
        match self {
            Self::Language => {
                let locale: Locale = typed.parse().map_err(|error: switchhook_models::Error| Wrong::Otherwise(error.to_string()))?;
                answers.language = Some(locale.tag().to_owned());
            }
            Self::OtherLanguages => answers.other_languages = Some(list(typed, "none")),
            Self::Office => answers.office = Some(text()?),
            Self::Scenario => answers.scenario = Some(text()?),
            Self::Profile => {
                let profile: ProfileName = typed.parse().map_err(|error: switchhook_models::Error| Wrong::Otherwise(error.to_string()))?;
                answers.profile = Some(profile.to_string());
            }
            Self::Line => {
                let known = LineAnswer::ALL.into_iter().find(|(word, _)| *word == typed);
                answers.line = Some(known.ok_or(Wrong::NoSuchLine)?.1);
            }
            Self::Registrar => answers.registrar = Some(text()?),
            Self::User => answers.user = Some(text()?),
            Self::Password => answers.password = Some(Secret::new(text()?)),
            Self::Peers => answers.peers = Some(list(typed, "all")),
            Self::Device => answers.device = Some(text()?),
            Self::Person => answers.person = Some(text()?),
            Self::Address => answers.address = Some(if typed == "none" { String::new() } else { text()? }),
        }
        Ok(())
    }
}

/// Where a scenario that ships is installed.
pub(super) fn shipped(name: &str) -> String {
    format!("/usr/share/switchhook/scenarios/{name}")
}

fn registered(config: Option<&Config>) -> Option<&crate::config::Register> {
    config?.lines.iter().find_map(|line| match &line.kind {
        Kind::Sip(sip) => sip.register.as_ref(),
        Kind::Handset(_) => None,
    })
}

/// What stands between commas; nothing if it is `nothing`.
fn list(typed: &str, nothing: &str) -> Vec<String> {
    typed.split(',').map(str::trim).filter(|one| !one.is_empty() && *one != nothing).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn asked(mut answers: Answers, given: &Given, typed: &[(Question, &str)]) -> Vec<Question> {
        let mut asked = Vec::new();
        while let Some(question) = Question::next(&answers) {
            let said = typed.iter().find(|(one, _)| *one == question).map(|(_, said)| (*said).to_owned());
            question.answer(&said.or_else(|| question.usual(&answers, given)).unwrap(), &mut answers).unwrap();
            asked.push(question);
        }
        asked
    }

    #[test]
    fn only_what_the_line_needs_is_asked() {
        let office = (Question::Office, "Northgate");
        let given = Given { devices: vec!["plughw:CARD=Handset".into()], ..Given::default() };
        let kinds = |line| {
            asked(
                Answers::default(),
                &given,
                &[office, (Question::Line, line), (Question::Registrar, "sip:pbx"), (Question::Password, "x")],
            )
        };
        assert!(kinds("register").ends_with(&[
            Question::Registrar,
            Question::User,
            Question::Password,
            Question::Person,
            Question::Address
        ]));
        assert!(kinds("peer").ends_with(&[Question::Line, Question::Peers, Question::Person, Question::Address]));
        assert!(kinds("handset").ends_with(&[Question::Line, Question::Device, Question::Person, Question::Address]));
        assert!(kinds("keep").ends_with(&[Question::Line, Question::Person, Question::Address]));
        let answered = Answers { language: Some("en".into()), line: Some(LineAnswer::Keep), ..Answers::default() };
        assert!(!asked(answered, &given, &[office]).contains(&Question::Language));
    }

    #[test]
    fn what_nobody_can_guess_has_no_usual_answer() {
        let given = Given::default();
        for question in [Question::Office, Question::Line, Question::Registrar, Question::Password, Question::Device] {
            assert_eq!(question.usual(&Answers::default(), &given), None, "{question:?}");
        }
    }

    #[test]
    fn the_board_s_memory_says_which_models_fit() {
        let profile = |gib: u64| Question::Profile.usual(&Answers::default(), &Given { memory: Some(gib << 30), ..Given::default() });
        assert_eq!((profile(1).as_deref(), profile(4).as_deref()), (Some("tiny"), Some("standard")));
    }

    #[test]
    fn an_answer_that_cannot_be_is_refused_with_what_can() {
        let mut answers = Answers::default();
        for (question, typed) in
            [(Question::Language, "latin"), (Question::Line, "modem"), (Question::Profile, "huge"), (Question::Office, " ")]
        {
            assert!(question.answer(typed, &mut answers).is_err(), "{question:?}");
        }
        assert_eq!(answers, Answers::default());
    }
}
