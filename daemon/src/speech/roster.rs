//! The people whom the office lists, as callers say their names.
//!
//! A recogniser writes a name as words that it knows: "Maria Chan" for "Maria Chen", 陳小潔 for 陳曉潔. Where a message is for somebody, the name is written as the
//! office writes it if it sounds so; whoever it does not list keeps the name that was heard. The caller hears the name read back before it counts.

use std::collections::BTreeMap;

use switchhook_models::asr::Transcript;
use switchhook_models::asr::grammar::sounds::Names;
use switchhook_models::asr::grammar::{Answer, Choice, Grammar, common};
use switchhook_models::catalog::Store;
use switchhook_models::{Error, Language, Result, open};

use crate::config::Person;
use crate::dialog::{Expected, SURE, recipient};

/// The people of one office.
pub struct Roster {
    language: Language,
    /// Their names, to be listened for.
    list: Grammar,
    /// Their names' sounds, if something here can read them aloud.
    sounds: Option<Names>,
}

impl Roster {
    /// The roster of these people; none if there is nobody in it. Blocking: it reads dictionaries.
    ///
    /// # Errors
    /// [`Error::Input`] if the names cannot be read, or are more than can be searched in time.
    pub fn open(store: &Store, people: &BTreeMap<String, Person>, language: Language) -> Result<Option<Self>> {
        let called: Vec<(&str, Vec<&str>)> = people
            .values()
            .map(|person| (person.spoken.as_str(), std::iter::once(&person.spoken).chain(&person.also).map(String::as_str).collect()))
            .collect();
        let entries = || called.iter().map(|(meaning, ways)| (*meaning, ways.as_slice()));
        if called.is_empty() {
            return Ok(None);
        }
        let sounds = match open::names(store, language, entries()) {
            Ok(names) => Some(names),
            Err(error @ Error::NotInstalled { .. }) => {
                log::warn!(event = "names-by-letters"; "people's names are known by their letters alone, not by their sound: {error}");
                None
            }
            Err(error) => return Err(error),
        };
        Ok(Some(Self { language, list: common::list(entries())?, sounds }))
    }

    /// The names, where one of them is expected.
    pub(super) fn list(&self) -> &Grammar {
        &self.list
    }

    /// The name that was chosen from the list, as the office writes it, and how sure that is.
    pub(super) fn chosen<'a>(&self, choice: &'a Choice) -> Option<(&'a str, f32)> {
        match choice {
            Choice::Said(answer) if answer.confidence >= SURE => answer.meaning.first().map(|name| (name.as_str(), answer.confidence)),
            Choice::Said(_) | Choice::Outside(_) | Choice::Nothing => None,
        }
    }

    /// What was heard, with the name of whoever a message is for as the office writes it. The words' times stay with what was heard.
    pub(super) fn spelled(&self, heard: Transcript, expected: &Expected) -> Result<Transcript> {
        let name = match expected {
            Expected::Anything => recipient::named_in(&heard.text, self.language),
            Expected::Recipient => recipient::in_answer(&heard.text, self.language),
            Expected::YesOrNo | Expected::OneOf(_) | Expected::Telephone => None,
        };
        let Some((names, name)) = self.sounds.as_ref().zip(name) else { return Ok(heard) };
        match names.closest(name)?.filter(|answer| answer.confidence >= SURE) {
            Some(Answer { meaning, .. }) => Ok(Transcript { text: heard.text.replacen(name, &meaning.concat(), 1), ..heard }),
            None => Ok(heard),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn roster(language: Language, people: &[(&str, &[&str])]) -> Roster {
        let person = |(spoken, also): &(&str, &[&str])| {
            (
                spoken.to_string(),
                Person { spoken: spoken.to_string(), also: also.iter().map(ToString::to_string).collect(), address: None, announce: true },
            )
        };
        Roster::open(&Store::default_place(), &people.iter().map(person).collect(), language).unwrap().unwrap()
    }

    fn spelled(roster: &Roster, said: &str, expected: &Expected) -> String {
        let heard =
            Transcript { text: said.to_owned(), language: roster.language, confidence: 1.0, span: Default::default(), words: vec![] };
        roster.spelled(heard, expected).unwrap().text
    }

    #[test]
    fn a_name_that_sounds_like_one_of_the_office_s_is_written_as_the_office_writes_it() {
        let office = roster(Language::En, &[("Maria Chen", &["Maria"]), ("Robert Miller", &[]), ("the front desk", &[])]);
        let mentioned = |said| spelled(&office, said, &Expected::Anything);
        assert_eq!(mentioned("I'd like to leave a message for Maria Chan."), "I'd like to leave a message for Maria Chen.");
        assert_eq!(mentioned("Please tell Robert Muller, thank you"), "Please tell Robert Miller, thank you");
        assert_eq!(mentioned("I'd like to leave a message for Susan Park."), "I'd like to leave a message for Susan Park.");
        assert_eq!(mentioned("Could you tell me where the front desk is?"), "Could you tell me where the front desk is?");
    }

    #[test]
    fn a_mandarin_name_is_found_by_its_syllables() {
        let office = roster(Language::Zh, &[("陳曉潔", &[]), ("王建國", &["王經理"])]);
        let mentioned = |said| spelled(&office, said, &Expected::Anything);
        assert_eq!(mentioned("我想留言給陳小姐。"), "我想留言給陳曉潔。");
        assert_eq!(mentioned("我要給汪經理留言"), "我要給王建國留言");
        assert_eq!(mentioned("我想留言給林志明。"), "我想留言給林志明。");
    }

    #[test]
    fn a_name_within_an_answer_leaves_the_answer_s_other_words() {
        let office = roster(Language::En, &[("Maria Chen", &[]), ("Robert Miller", &[])]);
        let heard = |said| spelled(&office, said, &Expected::Recipient);
        assert_eq!(heard("It's for Mario Chen, please."), "It's for Maria Chen, please.");
        assert_eq!(
            heard("I would like to speak to somebody else about all of this now"),
            "I would like to speak to somebody else about all of this now"
        );
    }
}
