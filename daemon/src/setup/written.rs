//! From answers to the files that say the same.

use std::path::Path;

use toml::{Table, Value};

use super::questions::{PERSON, shipped};
use super::{Answers, Given, LineAnswer, Question, Wrong};
use crate::config::Secret;

/// The file of the configuration that is written, from the folder of `switchhook.toml`.
pub const FILE: &str = "conf.d/10-setup.toml";
/// The credential that holds the password of a registration.
pub const PASSWORD: &str = "sip-password";

const HEAD: &str = "# Written by `switchhookctl setup`, which writes it anew when it is run again. What stands in a file of a later name in this folder counts more.\n\n";

/// What is to be written.
#[derive(Clone, Debug)]
pub struct Files {
    /// The text of [`FILE`].
    pub config: String,
    /// What [`PASSWORD`] holds, if it is new.
    pub password: Option<Secret>,
}

/// What has to be said by somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// Nobody can guess it.
    Nothing(Question),
    /// What is usual cannot be.
    Wrong(Question, Wrong),
}

impl Answers {
    /// The same, with what is usual where nothing is said.
    ///
    /// # Errors
    /// Names what nobody can guess, or what cannot be.
    pub fn completed(mut self, given: &Given) -> Result<Self, Unanswered> {
        while let Some(question) = Question::next(&self) {
            let usual = question.usual(&self, given).ok_or(Unanswered::Nothing(question))?;
            question.answer(&usual, &mut self).map_err(|why| Unanswered::Wrong(question, why))?;
        }
        Ok(self)
    }
}

impl Files {
    /// What says these answers. `before` is what [`FILE`] holds now: a line that is kept is taken from there.
    #[must_use]
    pub fn of(answers: &Answers, before: Option<&Table>) -> Self {
        let mut office = Table::new();
        put(&mut office, "name", answers.office.clone());
        put(&mut office, "language", answers.language.clone());
        put(&mut office, "other_languages", answers.other_languages.clone());
        let (mut models, mut calls, mut person) = (Table::new(), Table::new(), Table::new());
        put(&mut models, "profile", answers.profile.clone());
        put(&mut calls, "scenario", answers.scenario.as_deref().map(folder));
        put(&mut person, "spoken", answers.person.clone());
        put(&mut person, "address", answers.address.clone().filter(|address| !address.is_empty()));
        let mut people = Table::new();
        put(&mut people, PERSON, Some(person).filter(|person| person.contains_key("spoken")));
        let mut all = Table::new();
        // What is not answered yet is not there.
        for (name, table) in [("office", office), ("models", models), ("calls", calls), ("people", people)] {
            put(&mut all, name, Some(table).filter(|table| !table.is_empty()));
        }
        let kept = || before.and_then(|before| before.get("line").cloned());
        if let Some(lines) = line(answers).map(|line| Value::from(vec![line])).or_else(kept) {
            all.insert("line".to_owned(), lines);
        }
        Self { config: format!("{HEAD}{all}"), password: answers.password.clone().filter(|_| answers.line == Some(LineAnswer::Register)) }
    }

    /// What has systemd hand the password over, from the folder where it lies; none if there is no new one.
    #[must_use]
    pub fn drop_in(&self, credentials: &Path) -> Option<String> {
        self.password.as_ref()?;
        Some(format!(
            "# Written by `switchhookctl setup`.\n[Service]\nLoadCredential={PASSWORD}:{}\n",
            credentials.join(PASSWORD).display()
        ))
    }
}

fn put<V: Into<Value>>(table: &mut Table, name: &str, value: Option<V>) {
    if let Some(value) = value {
        table.insert(name.to_owned(), value.into());
    }
}

/// Where a scenario is: a name is that of one that ships.
fn folder(scenario: &str) -> String {
    if scenario.contains('/') { scenario.to_owned() } else { shipped(scenario) }
}

/// The line that was answered; none if it stays as it is.
fn line(answers: &Answers) -> Option<Table> {
    let mut line = Table::new();
    let mut named = |kind: &str, id: &str| {
        line.insert("kind".into(), kind.into());
        line.insert("id".into(), id.into());
    };
    match answers.line? {
        LineAnswer::Keep => return None,
        LineAnswer::Register => {
            named("sip", "gateway");
            let mut register = Table::new();
            put(&mut register, "registrar", answers.registrar.clone());
            put(&mut register, "user", answers.user.clone());
            put(&mut register, "credential", Some(PASSWORD));
            line.insert("register".into(), register.into());
        }
        LineAnswer::Peer => {
            named("sip", "gateway");
            // Nobody named is everybody.
            put(&mut line, "peers", answers.peers.clone().filter(|peers| !peers.is_empty()));
        }
        LineAnswer::Handset => {
            named("handset", "desk");
            put(&mut line, "capture", answers.device.clone());
            put(&mut line, "playback", answers.device.clone());
        }
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;
    use crate::config::{Config, Kind, Written};

    const SHIPPED: &str = include_str!("../../../debian/switchhook.toml");

    /// The configuration that is shipped, with this beside it, as it is read at a start.
    fn in_force(files: &Files) -> Config {
        let dir = tempfile::tempdir().unwrap();
        let main = dir.path().join("switchhook.toml");
        std::fs::create_dir(dir.path().join("conf.d")).unwrap();
        std::fs::write(&main, SHIPPED).unwrap();
        std::fs::write(dir.path().join(FILE), &files.config).unwrap();
        Written::load(&main).and_then(|written| written.config()).unwrap_or_else(|problem| panic!("{problem}\n{}", files.config))
    }

    fn said(text: &str) -> Answers {
        Answers::parse(text).unwrap()
    }

    #[test]
    fn whatever_is_answered_the_configuration_that_says_it_is_sound() {
        let lines = [
            "line = \"register\"\nregistrar = \"sip:pbx.office\"\npassword = \"pa\\\"ss\"",
            "line = \"peer\"",
            "line = \"peer\"\npeers = [\"192.0.2.1\", \"198.51.100.0/24\"]",
            "line = \"handset\"\ndevice = \"plughw:CARD=Handset\"",
            "line = \"keep\"",
        ];
        let people = ["", "person = \"Ms. \\\"Q\\\" Chen\"\naddress = \"sip:100@pbx.office\""];
        let mut sound = 0;
        for language in ["en", "zh-TW", "zh-CN"] {
            for other in ["", "en", "zh-TW"].into_iter().filter(|other| other.get(..2) != language.get(..2)) {
                for profile in ["tiny", "standard", "large"] {
                    for (line, person) in lines.iter().flat_map(|line| people.map(|person| (line, person))) {
                        let others = if other.is_empty() { "[]".to_owned() } else { format!("[\"{other}\"]") };
                        let text = format!(
                            "office = \"Café \\\"Nord\\\" # 1\"\nlanguage = \"{language}\"\nother_languages = {others}\nprofile = \"{profile}\"\n{line}\n{person}"
                        );
                        let answers = said(&text).completed(&Given::default()).unwrap();
                        let config = in_force(&Files::of(&answers, None));
                        assert_eq!(config.office.name, "Café \"Nord\" # 1");
                        assert_eq!((config.office.language.tag(), config.models.profile.as_str()), (language, profile));
                        assert_eq!(config.other_languages.len(), usize::from(!other.is_empty()));
                        assert_eq!(config.lines.len(), usize::from(!line.contains("keep")));
                        assert_eq!(config.people[PERSON].address.is_some(), !person.is_empty());
                        sound += 1;
                    }
                }
            }
        }
        assert_eq!(sound, 3 * 2 * 3 * 10);
    }

    #[test]
    fn a_password_is_in_no_configuration_and_systemd_is_told_where_it_lies() {
        let text = "office = \"x\"\nline = \"register\"\nregistrar = \"sip:pbx\"\nuser = \"7\"\npassword = \"hunter2\"";
        let files = Files::of(&said(text).completed(&Given::default()).unwrap(), None);
        assert!(!files.config.contains("hunter2") && !format!("{files:?}").contains("hunter2"), "{files:?}");
        let Kind::Sip(sip) = &in_force(&files).lines[0].kind else { panic!("no SIP line") };
        assert_eq!(sip.register.as_ref().unwrap().credential, PASSWORD);
        let drop_in = files.drop_in(Path::new("/etc/switchhook/credentials")).unwrap();
        assert!(drop_in.contains("\nLoadCredential=sip-password:/etc/switchhook/credentials/sip-password\n"), "{drop_in}");
        let wrong = Answers::parse("office = \"x\"\npassword = hunter2").unwrap_err();
        assert!(wrong.starts_with("line 2:") && !wrong.contains("hunter2"), "{wrong}");
    }

    #[test]
    fn whoever_runs_it_again_and_answers_nothing_has_what_they_had() {
        let text =
            "office = \"Nord\"\nlanguage = \"zh-TW\"\nprofile = \"tiny\"\nline = \"peer\"\nperson = \"陳小姐\"\naddress = \"sip:1@pbx\"";
        let first = Files::of(&said(text).completed(&Given::default()).unwrap(), None);
        let before: Table = toml::from_str(&first.config).unwrap();
        let given = Given { config: Some(in_force(&first)), ..Given::default() };
        let again = Files::of(&Answers::default().completed(&given).unwrap(), Some(&before));
        assert_eq!(again.config, first.config);
    }

    #[test]
    fn what_nobody_can_guess_is_named() {
        let missing = |text| said(text).completed(&Given::default()).unwrap_err();
        assert_eq!(missing(""), Unanswered::Nothing(Question::Office));
        assert_eq!(missing("office = \"x\""), Unanswered::Nothing(Question::Line));
        assert_eq!(missing("office = \"x\"\nline = \"register\""), Unanswered::Nothing(Question::Registrar));
        assert!(Answers::parse("ofice = \"x\"").unwrap_err().contains("ofice"));
    }
}
