//! What a caller says in one turn, while it grows: ears add to it, and the recogniser goes along with it.
//!
//! Everybody who holds a [`CallerSpeech`] holds the same turn, each up to a place of their own: what is recognised on speculation at a pause
//! ends there, even if the caller goes on meanwhile. Nothing is copied for a recogniser that follows; one that hears whole turns gets a copy.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use switchhook_models::Result;
use switchhook_models::asr::Listening;

/// What a caller said, 16 kHz. Only ears make it, and only whoever was told that a robot listens has ears: what is recognised was
/// said after the disclosure, by type.
///
/// ```compile_fail,E0451
/// # use switchhook::speech::{CallerSpeech, Engine};
/// # use switchhook::dialog::Expected;
/// # use switchhook_models::Cancel;
/// async fn overhear(engine: &Engine, speech: CallerSpeech) {
///     let forged = CallerSpeech { end: 16_000, ..speech };
///     let _ = engine.hear(forged, Expected::Anything, Cancel::new()).await;
/// }
/// ```
#[derive(Clone)]
pub struct CallerSpeech {
    turn: Arc<Turn>,
    /// So many samples of it are meant.
    end: usize,
}

/// A turn that is not kept by whoever watches it.
pub(super) struct Watched(Weak<Turn>);

impl Watched {
    /// Whether nobody holds the turn any more.
    pub(super) fn is_gone(&self) -> bool {
        self.0.strong_count() == 0
    }
}

struct Turn {
    /// No other turn of this process has it.
    number: u64,
    /// In `[-1, 1]`.
    samples: Mutex<Vec<f32>>,
    /// How the recogniser hears it, and how many samples it has heard; `None` before it began, and while it is at it.
    listening: Mutex<Option<(Box<dyn Listening>, usize)>>,
}

impl CallerSpeech {
    /// A turn that begins with these samples.
    pub(super) fn begin(samples: &[f32]) -> Self {
        // Most turns are shorter than this: 4 s.
        let mut all = Vec::with_capacity(samples.len().max(64_000));
        all.extend_from_slice(samples);
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { turn: Arc::new(Turn { number, samples: Mutex::new(all), listening: Mutex::new(None) }), end: samples.len() }
    }

    /// The caller said more.
    pub(super) fn extend(&mut self, samples: &[f32]) {
        let mut all = self.turn.samples.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(samples);
        self.end = all.len();
    }

    /// How many samples it has.
    pub(super) fn len(&self) -> usize {
        self.end
    }

    /// A copy of the samples.
    pub(super) fn samples(&self) -> Vec<f32> {
        self.piece(0)
    }

    /// Its turn's number.
    pub(super) fn number(&self) -> u64 {
        self.turn.number
    }

    /// The same turn as long as somebody else holds it.
    pub(super) fn watched(&self) -> Watched {
        Watched(Arc::downgrade(&self.turn))
    }

    /// The same turn up to this place; `None` if it is not so long.
    pub(super) fn up_to(&self, end: usize) -> Option<Self> {
        (end <= self.end).then(|| Self { turn: Arc::clone(&self.turn), end })
    }

    /// The samples from this place on.
    pub(super) fn piece(&self, from: usize) -> Vec<f32> {
        let all = self.turn.samples.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(from..self.end).unwrap_or_default().to_vec()
    }

    /// Let the recogniser hear what it has not heard yet, and do `then`. `begin` is asked for a new turn of the recogniser's if it has none, or
    /// lost it in a fault.
    pub(super) fn hear<T>(
        &self,
        begin: impl FnOnce() -> Result<Box<dyn Listening>>,
        then: impl FnOnce(&mut dyn Listening) -> Result<T>,
    ) -> Result<T> {
        let place = || self.turn.listening.lock().unwrap_or_else(PoisonError::into_inner);
        // It is taken out: whatever fails in between, even by a fault of the program, leaves nothing half heard behind.
        let taken = place().take();
        let (mut listening, heard) = match taken {
            Some(found) => found,
            None => (begin()?, 0),
        };
        listening.push(&self.piece(heard))?;
        let done = then(listening.as_mut());
        *place() = Some((listening, heard.max(self.end)));
        done
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use switchhook_models::asr::Transcript;
    use switchhook_models::asr::grammar::{Choice, Grammar};
    use switchhook_models::{Cancel, Error, Language};

    /// Hears how many samples there were.
    #[derive(Default)]
    struct Counting(Vec<f32>);

    impl Listening for Counting {
        fn push(&mut self, audio: &[f32]) -> Result<()> {
            self.0.extend_from_slice(audio);
            Ok(())
        }

        fn partial(&mut self, _cancel: &Cancel) -> Result<Transcript> {
            let text = format!("{:?}", self.0);
            Ok(Transcript { text, language: Language::En, confidence: 1.0, span: Default::default(), words: Vec::new() })
        }

        fn choose(&mut self, _grammar: &Grammar, _cancel: &Cancel) -> Result<Choice> {
            Ok(Choice::Nothing)
        }

        fn finish(mut self: Box<Self>, cancel: &Cancel) -> Result<Transcript> {
            self.partial(cancel)
        }
    }

    fn heard(speech: &CallerSpeech) -> String {
        let begin = || Ok(Box::<Counting>::default() as Box<dyn Listening>);
        speech.hear(begin, |turn| turn.partial(&Cancel::new())).unwrap().text
    }

    #[test]
    fn every_sample_is_heard_once_and_in_order() {
        let mut speech = CallerSpeech::begin(&[1.0, 2.0]);
        assert_eq!(heard(&speech), "[1.0, 2.0]");
        speech.extend(&[3.0]);
        let paused = speech.clone();
        speech.extend(&[4.0]);
        assert_eq!(paused.samples(), [1.0, 2.0, 3.0], "a pause ends where it was");
        assert_eq!(heard(&paused), "[1.0, 2.0, 3.0]");
        assert_eq!(heard(&speech), "[1.0, 2.0, 3.0, 4.0]");
        assert_eq!(heard(&speech), "[1.0, 2.0, 3.0, 4.0]");
    }

    #[test]
    fn after_a_failure_the_turn_is_heard_anew_from_its_beginning() {
        let speech = CallerSpeech::begin(&[1.0]);
        let failing = || Err(Error::Input("no".into()));
        assert!(speech.hear(failing, |_| Ok(())).is_err());
        assert_eq!(heard(&speech), "[1.0]");
    }
}
