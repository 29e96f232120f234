//! Consent to keep the sound of a call, as types: the only way to a [`RecordingConsent`] leads through a question that was played to
//! its end and a yes. Nothing that writes call audio can be called without one, so a path that skips the question does not compile.
//!
//! ```
//! use jiff::Timestamp;
//! use switchhook::records::CallId;
//! use switchhook::media::Playout;
//! use switchhook::policy::consent::{Answer, ConsentQuestion};
//!
//! let (mouth, clock) = Playout::new();
//! let end = mouth.push(&[1; 160]).unwrap();
//! let question = ConsentQuestion::asked(CallId::new(), "May I keep the sound of this call?", end);
//! clock.tick();
//! let question = question.played(&mouth).expect("the line has sent it all");
//! let consent = question.answered(Answer::Yes, "yes please", Timestamp::now()).expect("that was a yes");
//! assert!(consent.evidence().granted);
//! ```
//!
//! It cannot be written down from nothing:
//!
//! ```compile_fail,E0451
//! use switchhook::policy::consent::RecordingConsent;
//! fn forged(call: switchhook::records::CallId, evidence: switchhook::records::Consent) -> RecordingConsent {
//!     RecordingConsent { call, evidence }
//! }
//! ```
//!
//! A question that was not played to its end takes no answer:
//!
//! ```compile_fail,E0599
//! use switchhook::policy::consent::{Answer, ConsentQuestion, RecordingConsent};
//! fn hasty(question: ConsentQuestion) -> Option<RecordingConsent> {
//!     question.answered(Answer::Yes, "yes please", jiff::Timestamp::now()).ok()
//! }
//! ```
//!
//! And one yes is good for one recording:
//!
//! ```compile_fail,E0382
//! use switchhook::records::{Recording, Recordings};
//! fn twice(recordings: &Recordings, consent: switchhook::policy::consent::RecordingConsent) {
//!     let first = recordings.start(consent);
//!     let second = recordings.start(consent);
//! }
//! ```

use std::fmt;

use jiff::Timestamp;

use crate::config::CallId;
use crate::media::{Marker, Playout};

/// What a consent is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentPurpose {
    /// Keeping the sound of the call.
    Recording,
}

impl ConsentPurpose {
    /// The word used in the record.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recording => "recording",
        }
    }

    /// The purpose of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        (word == "recording").then_some(Self::Recording)
    }
}

/// A consent given or refused in a call.
#[derive(Clone, PartialEq, Eq)]
pub struct Consent {
    /// For what.
    pub purpose: ConsentPurpose,
    /// The question as it was asked, played to its end.
    pub question: String,
    /// The answer as it was heard.
    pub answer: String,
    /// Whether it was a yes.
    pub granted: bool,
    /// When.
    pub at: Timestamp,
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The words are a caller's, and `{:?}` is how things end up in logs.
        f.debug_struct("Consent").field("purpose", &self.purpose).field("granted", &self.granted).finish_non_exhaustive()
    }
}

/// What a caller's answer to the question is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A clear yes.
    Yes,
    /// A no, or anything that is not a clear yes, silence included.
    NotYes,
}

/// The question, on its way to the caller. An answer that comes now is to something that was not asked yet.
#[derive(Debug)]
#[must_use]
pub struct ConsentQuestion {
    call: CallId,
    text: String,
    end: Marker,
}

/// The question, played to its end.
#[derive(Debug)]
#[must_use]
pub struct PlayedQuestion {
    call: CallId,
    text: String,
}

/// The proof that a caller agreed to the recording of one call.
#[derive(Debug)]
#[must_use]
pub struct RecordingConsent {
    call: CallId,
    evidence: Consent,
}

impl ConsentQuestion {
    /// The question `text` waits in the call's mouth, and its last sample is right before `end`.
    pub fn asked(call: CallId, text: impl Into<String>, end: Marker) -> Self {
        Self { call, text: text.into(), end }
    }

    /// Go on once the line has sent the last sample.
    ///
    /// # Errors
    /// Gives the question back if it was not sent to its end. A question that was cut off is asked again from the beginning, as a new
    /// one.
    pub fn played(self, mouth: &Playout) -> Result<PlayedQuestion, Self> {
        if mouth.has_sent(self.end) { Ok(PlayedQuestion { call: self.call, text: self.text }) } else { Err(self) }
    }
}

impl PlayedQuestion {
    /// The caller answered: `heard` is what the recogniser made of it, or the key that was pressed.
    ///
    /// # Errors
    /// Anything but a yes gives only the evidence of the refusal, for the record. The service goes on without a recording.
    pub fn answered(self, answer: Answer, heard: &str, at: Timestamp) -> Result<RecordingConsent, Consent> {
        let granted = answer == Answer::Yes;
        let evidence = Consent { purpose: ConsentPurpose::Recording, question: self.text, answer: heard.to_owned(), granted, at };
        if granted { Ok(RecordingConsent { call: self.call, evidence }) } else { Err(evidence) }
    }
}

impl RecordingConsent {
    /// The call that may be recorded.
    #[must_use]
    pub fn call(&self) -> CallId {
        self.call
    }

    /// What goes on record before the first sample is kept.
    #[must_use]
    pub fn evidence(&self) -> &Consent {
        &self.evidence
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_question_that_was_partly_heard_takes_no_answer() {
        let (mouth, clock) = Playout::new();
        let end = mouth.push(&[1; 320]).unwrap();
        let question = ConsentQuestion::asked(CallId::new(), "May I?", end);
        clock.tick();
        let question = question.played(&mouth).unwrap_err();
        clock.tick();
        assert!(question.played(&mouth).is_ok());
    }

    #[test]
    fn anything_but_a_yes_is_kept_as_a_refusal() {
        let (mouth, _clock) = Playout::new();
        let question = ConsentQuestion::asked(CallId::new(), "May I?", mouth.end());
        let refusal = question.played(&mouth).unwrap().answered(Answer::NotYes, "what do you mean", Timestamp::now()).unwrap_err();
        assert!(!refusal.granted);
        assert_eq!((refusal.question.as_str(), refusal.answer.as_str()), ("May I?", "what do you mean"));
    }

    #[test]
    fn a_yes_is_bound_to_its_call_and_carries_its_evidence() {
        let (mouth, _clock) = Playout::new();
        let call = CallId::new();
        let question = ConsentQuestion::asked(call, "May I?", mouth.end());
        let consent = question.played(&mouth).unwrap().answered(Answer::Yes, "yes", Timestamp::now()).unwrap();
        assert_eq!(consent.call(), call);
        assert!(consent.evidence().granted);
    }
}
