//! A scenario's own tests, said aloud: each thing that a caller says goes through a voice, a line and the robot's ears before the dialog decides about it.

use std::sync::Arc;

use jiff::tz::TimeZone;
use switchhook_models::catalog::Store;
use switchhook_models::{Locale, Result};

use super::call::Call;
use super::line::Line;
use super::voices::{Speaker, Voices, speakers};
use crate::config::Office;
use crate::dialog::rehearsal::{Conversation, Outcome, Rehearsal};
use crate::dialog::{Action, Circumstances, Input, Patience, Said, Scenario, Step};
use crate::policy::Disclosure;
use crate::speech::Listener;

/// What was said in a conversation, and what the robot heard instead.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Turn {
    /// What the caller said.
    pub said: String,
    /// What was heard of it, a text for each turn that it was taken for.
    pub heard: Vec<String>,
}

/// A conversation that was said aloud.
#[derive(Debug)]
pub struct Spoken {
    /// Who spoke.
    pub speaker: Speaker,
    /// What it came to.
    pub outcome: Outcome,
    /// What was said and heard.
    pub turns: Vec<Turn>,
}

/// Plays conversations, one after the other, by each of our voices in turn.
pub struct Rehearsing<'a> {
    scenario: Arc<Scenario>,
    listener: Listener,
    voices: Voices<'a>,
    speakers: Vec<Speaker>,
    played: usize,
}

/// An office for whom nothing was configured: what the disclosure says has to name one.
#[must_use]
pub fn some_office(language: Locale) -> Office {
    let (name, purpose) = match language {
        Locale::En => ("the office", "I can answer questions"),
        Locale::ZhTw => ("公司", "我可以回答問題"),
        Locale::ZhCn => ("公司", "我可以回答问题"),
    };
    Office { name: name.to_owned(), language, purpose: purpose.to_owned(), time_zone: TimeZone::UTC }
}

/// How much silence ends the caller's turn after this step.
#[must_use]
pub fn patience(step: &Step) -> Patience {
    let listen = |action: &Action| if let Action::Listen(patience) = action { Some(*patience) } else { None };
    step.actions.iter().rev().find_map(listen).unwrap_or(Patience::SHORT)
}

impl<'a> Rehearsing<'a> {
    /// With a scenario that was made ready ([`crate::speech::understanding`]), and the models that hear.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, listener: Listener, store: &'a Store) -> Self {
        let speakers = speakers(scenario.language.language());
        Self { scenario, listener, voices: Voices::new(store), speakers, played: 0 }
    }

    /// Play the next conversation.
    ///
    /// # Errors
    /// If a voice is not installed, or a model fails.
    pub fn play(&mut self, conversation: &Conversation, circumstances: &Circumstances) -> Result<Spoken> {
        let language = self.scenario.language;
        let speaker = self.speakers.get(self.played % self.speakers.len().max(1)).copied();
        let speaker = speaker.ok_or_else(|| switchhook_models::Error::Input(format!("nobody speaks {language}")))?;
        self.played += 1;
        let disclosure = Disclosure::of(&some_office(language)).map_err(|error| switchhook_models::Error::Input(error.to_string()))?;
        let mut call = Call::answer(&mut self.listener, disclosure, language.language(), Line::new(None, 0.0, 1))?;
        let (voices, mut turns) = (&mut self.voices, Vec::new());
        let outcome = conversation.play_as(&self.scenario, circumstances, |said: &str, robot: &Rehearsal, before: &Step| {
            call.expect(robot.expects(), patience(before), robot.judge());
            let sound = voices.say(speaker, said)?;
            let heard = call.says(&sound, 0.0)?;
            turns.push(Turn { said: said.to_owned(), heard: heard.iter().map(|turn| turn.text.clone()).collect() });
            if heard.iter().all(|turn| turn.text.is_empty()) {
                return Ok::<_, switchhook_models::Error>(vec![Input::without_words(heard.iter().any(|turn| turn.unsure))]);
            }
            let words = heard.into_iter().filter(|turn| !turn.text.is_empty());
            Ok(words.map(|turn| Input::Heard(Said { text: turn.text, vector: turn.vector })).collect())
        })?;
        Ok(Spoken { speaker, outcome, turns })
    }
}
