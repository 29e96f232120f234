//! A caller heard without threads and without a clock of this world: the same ears, the same judgement of pauses and the same recognition as in a call,
//! for whoever has the sound already. Each pause is recognised at once, as in a call.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use switchhook_models::catalog::Store;
use switchhook_models::embed::Embedder;
use switchhook_models::turn::TurnDetector;
use switchhook_models::vad::VoiceActivity;
use switchhook_models::{Cancel, Locale, Result, open};

use super::ears::{EarEvent, Ears};
use super::recognition::{Recognised, Recognition};
use super::roster::Roster;
use crate::config::{self, Person};
use crate::dialog::{Expected, Judge, Patience, Told};
use crate::media::Frame;
use crate::policy::Disclosed;

/// The models that hear.
pub struct Listener {
    recognition: Recognition,
    vad: Box<dyn VoiceActivity>,
    turn: Option<Box<dyn TurnDetector>>,
}

/// A caller, listened to.
pub struct Listening<'a> {
    listener: &'a mut Listener,
    ears: Ears,
    expected: Expected,
    judge: Option<Judge>,
    /// The turn, as it was when the caller paused, and what was heard of it.
    paused: Option<Recognised>,
}

/// What the caller did.
pub enum Noticed {
    /// They began to speak.
    Onset,
    /// Their turn is over.
    End {
        /// What they said.
        heard: Recognised,
        /// Silence before it was taken to be over.
        silence: Duration,
    },
}

impl Listener {
    /// Open the models of these that hear. Blocking.
    ///
    /// # Errors
    /// Names the model and the file, and the command that repairs it.
    pub fn open(
        store: &Store,
        models: &config::Models,
        people: &BTreeMap<String, Person>,
        meaning: Option<Arc<dyn Embedder>>,
        locale: Locale,
    ) -> Result<Self> {
        let people = Roster::open(store, people, locale.language())?;
        let recognition = Recognition::of(open::recognizer(store, &models.recognizer)?, locale)?.with_people(people).with_meaning(meaning);
        let turn = models.turn.as_deref().map(|name| open::turn_detector(store, name)).transpose()?;
        Ok(Self { recognition, vad: open::voice_activity(store, &models.vad)?, turn })
    }

    /// Listen to a caller who was told that a robot does.
    ///
    /// # Errors
    /// As [`Ears::open`].
    pub fn listen(&mut self, proof: Disclosed) -> Result<Listening<'_>> {
        let ears = Ears::open(proof, self.vad.stream())?;
        Ok(Listening { listener: self, ears, expected: Expected::Anything, judge: None, paused: None })
    }
}

impl Listening<'_> {
    /// How the caller is listened to from now on, and what their pauses are held against.
    pub fn expect(&mut self, expected: Expected, patience: Patience, judge: Judge) {
        (self.expected, self.judge) = (expected, Some(judge));
        self.ears.set_patience(patience);
    }

    /// Whether the caller is in a turn.
    #[must_use]
    pub fn in_turn(&self) -> bool {
        self.ears.in_turn()
    }

    /// The caller is asked whether they are there.
    pub fn hear_anybody(&mut self) {
        self.ears.hear_anybody();
    }

    /// Drop what was heard so far.
    pub fn forget(&mut self) {
        self.ears.forget();
        self.paused = None;
    }

    /// The next 20 ms.
    ///
    /// # Errors
    /// If a model fails.
    pub fn push(&mut self, frame: &Frame) -> Result<Option<Noticed>> {
        let cancel = Cancel::new();
        Ok(match self.ears.push(frame)? {
            None | Some(EarEvent::More(_)) => None,
            Some(EarEvent::Onset) => Some(Noticed::Onset),
            Some(EarEvent::Resumed) => {
                self.paused = None;
                None
            }
            Some(EarEvent::Pause(speech)) => {
                let turn = self.listener.turn.as_ref();
                let sounds = turn.map(|turn| turn.finished(&speech.samples(), &cancel)).transpose()?;
                let heard = self.listener.recognition.recognise(&speech, &self.expected, &cancel)?;
                if let Some(judge) = &self.judge {
                    self.ears.judge(judge.verdict(&heard.transcript.text, Told { sounds, ..Told::default() }));
                }
                self.paused = Some(heard);
                None
            }
            Some(EarEvent::End { silence }) => self.paused.take().map(|heard| self.ended(heard, silence)),
            Some(EarEvent::Cut(speech)) => {
                let heard = self.listener.recognition.recognise(&speech, &self.expected, &cancel)?;
                Some(self.ended(heard, Duration::ZERO))
            }
        })
    }

    fn ended(&mut self, heard: Recognised, silence: Duration) -> Noticed {
        if !heard.transcript.text.is_empty() {
            self.ears.were_words();
        }
        Noticed::End { heard, silence }
    }
}
