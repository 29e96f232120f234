//! The caller's turns: frames are heard, words come back from the engine, silence lasts too long.

use std::time::{Duration, Instant};

use super::Actor;
use super::done::Done;
use super::hearing::{Heard, Hearing, Noticed, Words};
use crate::calls::{Outcome, State};
use crate::dialog::{Dialog, Expected, Input, Said, Verdict, Witness};
use crate::lines::Key;
use crate::media::Frame;

/// Keys that may wait for the words before them: more than any number has.
const MOST_KEYS: usize = 32;

/// An answer that has sounded for so long has hardly begun: who pauses for longer has given the word away.
const HARDLY: Duration = Duration::from_millis(1_500);

/// A question of which so much is left at the most is answered before it has ended: "… Is that right?" A cough in the middle of it is none.
const NEARLY_SAID: Duration = Duration::from_millis(1_500);

impl Actor {
    /// The caller's next 20 ms. They are the call's clock, too: whatever waits for the robot's silence is looked after here.
    pub(super) async fn on_frame(&mut self, frame: &Frame) -> Option<Outcome> {
        if let Some(outcome) = self.after_speech().await {
            return Some(outcome);
        }
        self.keep_company();
        self.fill_the_silence();
        let deaf = !self.leg.capabilities.full_duplex && !self.voice.is_silent();
        let listens = self.listens();
        let hearing = self.hearing.as_mut()?;
        if deaf || !listens {
            // Nothing is held back for a caller who is not heard.
            hearing.forget();
            self.pressed.clear();
            self.resume();
            return None;
        }
        match hearing.push(frame) {
            Ok(None) => {}
            Ok(Some(Noticed::Resumed)) => self.foresee_no_more(),
            Ok(Some(Noticed::Onset)) => {
                self.reply_by = None;
                self.foresee_no_more();
                if !self.voice.is_silent() {
                    self.voice.hold();
                }
            }
            Ok(Some(Noticed::End { silence })) => {
                self.go_to(State::Thinking);
                self.begin_to_wait(silence);
                self.on_turn();
            }
            Err(error) => {
                log::error!(event = "ears", call_id = self.id.simple().as_str(); "the caller cannot be listened to any more: {error}");
                self.hearing = None;
                self.voice.stop();
                self.begin_by_key();
                self.decide(Input::PersonWanted);
            }
        }
        None
    }

    /// A job is done, or a part of it.
    pub(super) fn on_done(&mut self, done: Done) {
        match done {
            Done::Piece(job, piece) => {
                let made = piece.is_ok();
                if let Err(error) = self.voice.made(job, piece) {
                    log::error!(event = "voice-fault", call_id = self.id.simple().as_str(); "a sentence could not be spoken: {error}");
                }
                if made {
                    self.tell_if_sounding();
                }
            }
            Done::Words(job, words) => {
                if let Some(hearing) = &mut self.hearing {
                    hearing.words(job, words);
                }
                self.weigh();
                self.on_turn();
            }
            Done::Finished(job, likely) => {
                if let Some(hearing) = &mut self.hearing {
                    hearing.sounds_finished(job, likely);
                }
                self.weigh();
            }
            Done::Thought(number, known) => self.on_thought(number, known),
            Done::Reads(job, likely) => {
                if let Some(hearing) = &mut self.hearing {
                    hearing.reads_finished(job, likely);
                }
                self.weigh();
            }
            Done::Found(number, found) => self.looked_up(number, found),
        }
    }

    /// Judge the pause in which the caller is, as far as it is known. Of one that may be the end, what comes next is made ready.
    fn weigh(&mut self) {
        let verdict = self.hearing.as_mut().and_then(|hearing| hearing.weigh(&self.dialog.judge()));
        if verdict.is_some_and(|verdict| verdict != Verdict::Unfinished(Witness::Words)) {
            self.foresee();
        }
    }

    /// The caller pressed a key. In dictation it first ends what they are just saying: that is heard, and then the key counts.
    pub(super) fn on_key(&mut self, key: Key) {
        if !self.listens() {
            return;
        }
        match self.hearing.as_mut().filter(|hearing| self.dialog.takes_dictation() && hearing.is_busy()) {
            Some(hearing) => {
                hearing.cut_off();
                if self.pressed.len() < MOST_KEYS {
                    self.pressed.push_back(key);
                }
                self.voice.stop();
                self.go_to(State::Thinking);
                self.on_turn();
            }
            None => self.press(key),
        }
    }

    fn press(&mut self, key: Key) {
        self.voice.stop();
        if let Some(hearing) = &mut self.hearing {
            hearing.forget();
        }
        let step = self.dialog.on(Input::Key(key));
        if let Some(patience) = step.only_waits_for_keys() {
            // A digit of a number is no exchange: the whole number is.
            self.wait_for_keys(patience);
            return;
        }
        self.begin_by_key();
        self.carry_out(step);
    }

    /// A turn is over, if its words are there too.
    fn on_turn(&mut self) {
        let Some(heard) = self.hearing.as_mut().and_then(Hearing::turn) else { return };
        if !self.listens() {
            return;
        }
        let mut pressed = std::mem::take(&mut self.pressed);
        let has_words = heard.words.as_ref().is_ok_and(|words| !words.text.is_empty());
        if has_words || pressed.is_empty() {
            self.on_words(heard);
            // This is what the key was pressed for.
            pressed.pop_front_if(|key| key.char() == '#');
        }
        for key in pressed {
            if self.listens() {
                self.press(key);
            }
        }
    }

    fn on_words(&mut self, Heard { words, endpoint, ended, began }: Heard) {
        let Words { text, confidence, unsure, vector } = match words {
            Ok(words) => words,
            Err(error) => {
                log::error!(event = "recogniser-fault", call_id = self.id.simple().as_str(); "a turn could not be recognised: {error}");
                self.voice.stop();
                self.begin_by_voice(None, 0.0, endpoint, ended);
                self.decide(Input::Unclear);
                return;
            }
        };
        let nothing = text.is_empty();
        let answering = self.thinking || !self.voice.is_silent();
        let answer = nothing && unsure && is_answer(&self.dialog, self.voice.left());
        if answering && !answer && (nothing || self.dialog.lets_go_on(&text)) {
            // It was a cough, or a sign to go on.
            self.resume();
            if !self.voice.is_silent() {
                self.go_to(State::Speaking);
            }
            return;
        }
        if self.voice.is_held() {
            self.figures.barge_ins += 1;
        }
        let goes_on = answering && self.has_hardly_answered(began);
        self.voice.stop();
        self.begin_by_voice((!nothing).then(|| text.clone()), confidence, endpoint, ended);
        let said = Said { text, vector };
        self.decide(match (nothing, goes_on) {
            (true, _) => Input::without_words(unsure),
            (false, true) => Input::WentOn(said),
            (false, false) => Input::Heard(said),
        });
    }

    /// Whether the robot had hardly begun to answer when the caller `began` to speak: then they may have gone on with what was answered.
    fn has_hardly_answered(&self, began: Option<Instant>) -> bool {
        let sounding = self.voice.first_sound().zip(began).map(|(sound, began)| began.saturating_duration_since(sound));
        sounding.is_none_or(|sounding| sounding <= HARDLY)
    }

    /// Take up again what was held back for the caller.
    fn resume(&mut self) {
        if self.voice.is_held() {
            self.voice.resume();
            self.tell_if_sounding();
        }
    }

    /// The caller said nothing for as long as they had been given.
    pub(super) fn on_silence(&mut self) {
        self.reply_by = None;
        if self.hearing.as_ref().is_some_and(Hearing::is_busy) || !self.listens() {
            return;
        }
        if let Some(hearing) = &mut self.hearing {
            hearing.hear_anybody();
        }
        self.begin_by_key();
        self.decide(Input::Silence);
    }
}

/// Whether an answer of which it is not sure which, spoken over the robot, is one: one of few is asked for, and the question has so much left.
fn is_answer(dialog: &Dialog, left: Option<Duration>) -> bool {
    matches!(dialog.expects(), Expected::OneOf(_)) && left.is_some_and(|left| left <= NEARLY_SAID)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;
    use std::sync::Arc;

    use switchhook_models::Locale;

    use super::*;
    use crate::dialog::{Circumstances, Scenario};

    #[test]
    fn an_unsure_answer_over_the_end_of_a_question_is_one_and_a_cough_before_it_or_where_nothing_is_asked_is_none() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception");
        let mut dialog = Dialog::new(Arc::new(Scenario::load(&folder, Locale::En).unwrap()), Circumstances::at(jiff::Zoned::now()));
        dialog.on(Input::Disclosed);
        let (end, middle) = (Some(Duration::from_millis(400)), Some(Duration::from_secs(4)));
        assert!(!is_answer(&dialog, end), "anything may be said");
        for said in ["I'd like to leave a message for Maria.", "The boiler is leaking, call me back on 02-555-1234."] {
            dialog.on(Input::heard(said));
        }
        assert!(is_answer(&dialog, end));
        assert!(!is_answer(&dialog, middle) && !is_answer(&dialog, None));
    }
}
