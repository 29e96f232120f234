//! The disclosure: the first thing said on every answered call is that a robot speaks, of whom, and for what (EU AI Act,
//! article 50(1); California B.O.T. Act; and their kin).
//!
//! It is a chain of types, each made only from the one before: [`Disclosure`] (checked words), [`Prepared`] (with their sound),
//! [`Playing`] (on its way to the caller), [`Disclosed`] (every sample sent). Speech recognition asks for the last one.
//!
//! ```compile_fail
//! // Nobody else can make one: the fields are private and there is no constructor.
//! let _ = switchhook::policy::Disclosed { evidence: todo!() };
//! ```

use std::sync::Arc;

use jiff::Timestamp;
use switchhook_models::{Language, Locale};

use crate::config::Office;
use crate::media::{Marker, Playout, SAMPLE_RATE};

/// Speech is never faster than this; a shorter sound cannot be the whole disclosure. Fast speakers reach 22 characters a second.
const FASTEST_CHARACTERS_PER_SECOND: f64 = 30.0;

/// Checked words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    text: String,
    language: Locale,
}

/// Why words cannot serve as a disclosure.
#[derive(Debug, thiserror::Error)]
pub enum WordingError {
    /// The wording leaves out something that the caller must be told.
    #[error("the disclosure {0:?} leaves out {1}; write a sentence that says it")]
    LeavesOut(String, &'static str),
    /// The sound is shorter than the words can be spoken.
    #[error("the voice made only {0:.1} s of sound for a disclosure of {1} characters; check the voice with `switchhook-models say`")]
    TooShort(f64, usize),
}

/// What calls a robot by its name, for a listener who expects a person.
fn names_a_robot(text: &str, language: Locale) -> bool {
    let words: &[&str] = match language.language() {
        Language::En => &["automated", "robot", "virtual assistant", "computer"],
        Language::Zh => &["機器人", "机器人", "自動", "自动", "語音助理", "语音助理"],
    };
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

impl Disclosure {
    /// The default words for an office.
    ///
    /// # Errors
    /// Never for a checked configuration; the template is checked like any other wording.
    pub fn of(office: &Office) -> Result<Self, WordingError> {
        let Office { name, purpose, language, .. } = office;
        let text = match language {
            Locale::En => format!("Hello, this is the automated assistant of {name}. {purpose}."),
            Locale::ZhTw => format!("您好，這裡是{name}的語音機器人。{purpose}。"),
            Locale::ZhCn => format!("您好，这里是{name}的语音机器人。{purpose}。"),
        };
        Self::worded(&text, office)
    }

    /// The office's own words, if they say all that must be said.
    ///
    /// # Errors
    /// Names what is left out.
    pub fn worded(text: &str, office: &Office) -> Result<Self, WordingError> {
        if !names_a_robot(text, office.language) {
            return Err(WordingError::LeavesOut(text.to_owned(), "that an automated system speaks"));
        }
        if !text.contains(&office.name) {
            return Err(WordingError::LeavesOut(text.to_owned(), "whom it speaks for"));
        }
        if !text.contains(&office.purpose) {
            return Err(WordingError::LeavesOut(text.to_owned(), "what it is for"));
        }
        Ok(Self { text: text.to_owned(), language: office.language })
    }

    /// What one of the office's own people hears whom the robot calls for a caller: they know whom it speaks for, and what it wants is said next.
    ///
    /// # Errors
    /// If it does not say that a robot speaks.
    pub fn to_colleague(text: &str, language: Locale) -> Result<Self, WordingError> {
        if !names_a_robot(text, language) {
            return Err(WordingError::LeavesOut(text.to_owned(), "that an automated system speaks"));
        }
        Ok(Self { text: text.to_owned(), language })
    }

    /// The words.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Join the words with their sound (8 kHz).
    ///
    /// # Errors
    /// If the sound is too short to be these words.
    pub fn prepared(self, sound: Arc<[i16]>) -> Result<Prepared, WordingError> {
        let seconds = sound.len() as f64 / f64::from(SAMPLE_RATE);
        let characters = self.text.chars().count();
        // A Chinese character is a syllable: there, a third as many fit into a second.
        let fastest = match self.language.language() {
            Language::En => FASTEST_CHARACTERS_PER_SECOND,
            Language::Zh => FASTEST_CHARACTERS_PER_SECOND / 3.0,
        };
        if seconds * fastest < characters as f64 {
            return Err(WordingError::TooShort(seconds, characters));
        }
        Ok(Prepared { disclosure: self, sound })
    }
}

/// Words with their sound, ready for any number of calls.
#[derive(Clone, Debug)]
pub struct Prepared {
    disclosure: Disclosure,
    sound: Arc<[i16]>,
}

impl Prepared {
    /// Say it now. `None` if the mouth has no room, which a fresh call's mouth always has.
    #[must_use]
    pub fn play(&self, mouth: &Playout) -> Option<Playing> {
        let end = mouth.push(&self.sound)?;
        Some(Playing { disclosure: self.disclosure.clone(), started: Timestamp::now(), end, mouth: mouth.clone() })
    }
}

/// On its way to the caller.
pub struct Playing {
    disclosure: Disclosure,
    started: Timestamp,
    end: Marker,
    mouth: Playout,
}

impl Playing {
    /// Wait until every sample was sent. `None` if the line went away first. Cancel-safe.
    pub async fn finished(&self) -> Option<Disclosed> {
        if !self.mouth.sent(self.end).await {
            return None;
        }
        let Disclosure { text, language } = self.disclosure.clone();
        Some(Disclosed { evidence: Evidence { text, language, started: self.started, ended: Timestamp::now() } })
    }
}

/// The caller was told. There is no other way to hold one than to have played the disclosure to its end.
#[derive(Debug)]
pub struct Disclosed {
    evidence: Evidence,
}

/// What is stamped into the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The words.
    pub text: String,
    /// Their language.
    pub language: Locale,
    /// When their sound began to be sent.
    pub started: Timestamp,
    /// When its last sample was sent.
    pub ended: Timestamp,
}

impl Disclosed {
    /// For the record.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn office() -> Office {
        Office { name: "Northgate".into(), language: Locale::En, purpose: "I take messages".into(), time_zone: jiff::tz::TimeZone::UTC }
    }

    fn prepared() -> Prepared {
        let disclosure = Disclosure::of(&office()).unwrap();
        let sound = vec![1; disclosure.text().len() * 8_000 / 20];
        disclosure.prepared(sound.into()).unwrap()
    }

    #[test]
    fn a_colleague_is_told_that_a_robot_calls() {
        assert!(Disclosure::to_colleague("The robot has a caller for you.", Locale::En).is_ok());
        assert!(Disclosure::to_colleague("A caller for you.", Locale::En).is_err());
    }

    #[test]
    fn a_wording_that_hides_the_robot_is_refused() {
        let said = Disclosure::worded("Hello, Northgate here. I take messages.", &office()).unwrap_err().to_string();
        assert!(said.contains("automated"), "{said}");
    }

    #[test]
    fn a_wording_without_the_office_or_the_purpose_is_refused() {
        assert!(Disclosure::worded("This is a robot. I take messages.", &office()).is_err());
        assert!(Disclosure::worded("This is the robot of Northgate.", &office()).is_err());
    }

    #[test]
    fn a_sound_too_short_for_the_words_is_refused() {
        let disclosure = Disclosure::of(&office()).unwrap();
        assert!(disclosure.prepared(vec![0; 800].into()).is_err());
    }

    #[tokio::test]
    async fn a_disclosure_counts_only_when_its_last_sample_was_sent() {
        let (mouth, clock) = Playout::new();
        let prepared = prepared();
        let playing = prepared.play(&mouth).unwrap();
        while !mouth.is_idle() {
            assert!(futures_util::FutureExt::now_or_never(playing.finished()).is_none());
            clock.tick();
        }
        let disclosed = playing.finished().await.unwrap();
        assert!(disclosed.evidence().text.contains("automated"));
    }

    #[tokio::test]
    async fn a_disclosure_that_was_thrown_away_never_counts() {
        let (mouth, clock) = Playout::new();
        let playing = prepared().play(&mouth).unwrap();
        clock.tick();
        mouth.clear();
        drop(clock);
        assert!(playing.finished().await.is_none());
    }
}
