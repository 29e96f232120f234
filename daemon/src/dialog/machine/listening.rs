//! What the caller's next words are held against while they are still speaking: what they most likely are, and whether they are all that was asked for.

use super::flow::Asked;
use super::{Dialog, State};
use crate::dialog::action::Expected;
use crate::dialog::answers::MARKS;
use crate::dialog::message::Slot;
use crate::dialog::slots::Kind;
use crate::dialog::turn::Judge;
use crate::dialog::understanding::Understood;
use crate::dialog::words::{is_question, spoken_length, words};

/// What is murmured while listening is no longer than this, in words.
const MURMUR: usize = 2;
/// Nor than this where anything may be told: two words can be all of it.
const MURMUR_OVER_A_QUESTION: usize = 1;

impl Dialog {
    /// What the caller's next turn most likely is.
    #[must_use]
    pub fn expects(&self) -> Expected {
        match self.state {
            State::Message(Slot::Confirmation) | State::PersonOffered => Expected::OneOf(self.scenario.answering.yes_or_no()),
            State::Rating => Expected::OneOf(self.scenario.answering.mark()),
            State::Message(Slot::Number) => Expected::Telephone,
            State::Message(Slot::Recipient) => Expected::Recipient,
            State::Flow(asked) => self.expected_by_flow(asked),
            _ => Expected::Anything,
        }
    }

    /// What the pauses of the caller's next turn are held against.
    #[must_use]
    pub fn judge(&self) -> Judge {
        let so_far = match self.state {
            State::Message(_) => self.draft.begun().cloned(),
            _ => self.run.as_ref().and_then(|run| run.part.clone()),
        };
        Judge {
            locale: self.scenario.language,
            asked: self.asked_for(),
            now: self.call.now.clone(),
            so_far,
            number_read_back: self.reads_back_a_number(),
        }
    }

    /// Whether a telephone number was read back, and is to be confirmed.
    fn reads_back_a_number(&self) -> bool {
        match self.state {
            State::Message(Slot::Confirmation) => true,
            State::Flow(Asked::Confirmation | Asked::YesOrNo | Asked::WhatIsWrong) => self.has_told_a_number(),
            _ => false,
        }
    }

    /// Whether these words, spoken over the robot, ask for nothing but that it goes on: a sign of listening, or the rest of a yes that was
    /// answered already ("Yes." "That's right."). Where a yes or a no was asked for, a yes is an answer however early it comes. A word or two that mean nothing
    /// here are most likely such a sign, misheard: "mm-hmm" is heard as "mama", 嗯嗯 as 奶奶, 喔，好 as 我好.
    #[must_use]
    pub fn lets_go_on(&self, said: &str) -> bool {
        let rest_of_a_yes = matches!(self.state, State::AnythingElse) && self.scenario.understanding.just_yes_or_no(said) == Some(true);
        rest_of_a_yes || self.scenario.listening.goes_on(said, matches!(self.asked_for(), Some(Kind::YesNo))) || self.is_murmured(said)
    }

    /// Whether nothing was asked, or what may be told in any words, and these are a word or two without a meaning.
    fn is_murmured(&self, said: &str) -> bool {
        let longest = match (&self.state, self.asked_for()) {
            (State::Open | State::AnythingElse | State::Choosing(_, _, None), _) => MURMUR,
            (_, Some(Kind::Text | Kind::Address)) => MURMUR_OVER_A_QUESTION,
            _ => return false,
        };
        spoken_length(&words(said)) <= longest
            && !is_question(said)
            && !self.scenario.listening.halts(said)
            && (self.scenario.listening.goes_on_but_for_a_syllable(said)
                || matches!(self.scenario.understanding.understand(&self.scenario, said, None), Understood::Nothing))
    }

    /// The kind of thing that was asked for.
    fn asked_for(&self) -> Option<Kind> {
        match self.state {
            State::Message(Slot::Text) => Some(Kind::Text),
            State::Message(Slot::Number) => Some(Kind::phone()),
            State::Message(Slot::Recipient) => Some(Kind::Name),
            State::Message(Slot::Confirmation) | State::PersonOffered | State::Flow(Asked::Confirmation | Asked::YesOrNo) => {
                Some(Kind::YesNo)
            }
            State::Rating => Some(Kind::Number(MARKS)),
            State::Flow(asked @ Asked::Slot(_)) => self.kind(asked).cloned(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;
    use std::sync::Arc;

    use switchhook_models::Locale;

    use super::*;
    use crate::dialog::slots::Completeness::{Complete, MoreToCome, Unknown};
    use crate::dialog::{Circumstances, Input, Scenario};

    /// A dialog of a shipped scenario in which a caller said all this.
    fn after(scenario: &str, locale: Locale, said: &[&str]) -> Dialog {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario);
        let mut dialog = Dialog::new(Arc::new(Scenario::load(&folder, locale).unwrap()), Circumstances::thursday_at(10));
        dialog.on(Input::Disclosed);
        for said in said {
            dialog.on(Input::heard(*said));
        }
        dialog
    }

    #[test]
    fn where_anything_may_be_said_words_that_go_on_and_words_that_close_are_told() {
        let open = after("reception", Locale::En, &[]);
        for (said, expected) in [
            ("I'd like to leave a message and", MoreToCome),
            ("I have a question about", MoreToCome),
            ("Well, I mean", MoreToCome),
            ("I wanted to...", MoreToCome),
            ("I have a question about parking,", MoreToCome),
            ("Could I have the?", MoreToCome),
            ("What is it about?", Unknown),
            ("Can I speak to somebody, please?", Complete),
            ("Could you please", MoreToCome),
            ("That's all, thank you.", Complete),
            ("Are you open on Saturday?", Unknown),
            ("", Unknown),
        ] {
            assert_eq!(open.judge().completeness(said), expected, "{said}");
        }
        let open = after("reception", Locale::ZhTw, &[]);
        for (said, expected) in [
            ("我想留言，然後", MoreToCome),
            ("我想問的就是", MoreToCome),
            ("我的包裹還沒到，因為", MoreToCome),
            ("請問你們明天幾點開門？", Unknown),
            ("可以改成星期四嗎？", Complete),
            ("沒有其他問題了，謝謝", Complete),
            ("我等了很久都沒有人接電話。", Unknown),
            ("不是", Unknown),
        ] {
            assert_eq!(open.judge().completeness(said), expected, "{said}");
        }
    }

    #[test]
    fn words_are_held_against_what_was_asked() {
        let number = after("reception", Locale::En, &["I'd like to leave a message for Maria.", "The boiler is leaking."]);
        assert_eq!(number.expects(), Expected::Telephone);
        assert_eq!(number.judge().completeness("five five five, one two"), MoreToCome);
        assert_eq!(number.judge().completeness("two one two, five five five, one two three four"), Complete);
        let service = after("appointment", Locale::En, &["I'd like to book an appointment."]);
        assert_eq!(service.judge().completeness("a cleaning"), Complete);
        assert_eq!(service.judge().completeness("a cleaning and"), MoreToCome);
    }

    #[test]
    fn a_number_that_is_begun_in_the_answer_to_a_read_back_is_waited_for() {
        let booking = ["I'd like an appointment for a cleaning next Tuesday at ten in the morning, my name is Maria Chen.", "849 662 3000"];
        let message = ["I'd like to leave a message for Maria.", "The boiler is leaking, my number is 849 662 3000."];
        let mut booked = after("appointment", Locale::En, &booking[..1]);
        while booked.is_looking_up() {
            let free = crate::lookups::query::Row::from([("start".to_owned(), "2026-12-01T10:00".to_owned())]);
            booked.on(Input::Found(1, crate::lookups::query::Found::One(free)));
        }
        booked.on(Input::heard(booking[1]));
        for read_back in [booked, after("reception", Locale::En, &message)] {
            assert!(matches!(read_back.expects(), Expected::OneOf(_)));
            assert_eq!(read_back.judge().completeness("No, the number is four one five,"), MoreToCome);
            assert_eq!(read_back.judge().completeness("No, the number is 415-849-6623."), Complete);
            assert_eq!(read_back.judge().completeness("Yes."), Complete);
        }
    }

    #[test]
    fn a_murmur_over_the_robot_lets_it_go_on_and_a_short_word_that_asks_or_answers_does_not() {
        let open = after("reception", Locale::En, &[]);
        assert!(open.lets_go_on("Mama.") && open.lets_go_on("Memory."));
        for said in ["Stop.", "Wait.", "No.", "A person.", "What?", "Opening hours?", "Goodbye.", "This is not what I asked."] {
            assert!(!open.lets_go_on(said), "{said}");
        }
        let recipient = after("reception", Locale::En, &["Can I leave a message?"]);
        assert!(!recipient.lets_go_on("Memory."), "anything may be a name");
        let about = after("after-hours", Locale::En, &["Please call me back."]);
        assert!(about.lets_go_on("Memor,") && !about.lets_go_on("The heating.") && !about.lets_go_on("Person."));
        for (scenario, said) in [("after-hours", "我想請你們回我電話"), ("reception", "我要投訴")] {
            let told = after(scenario, Locale::ZhTw, &[said]);
            assert!(told.lets_go_on("您呢") && told.lets_go_on("你呢") && !told.lets_go_on("暖氣壞了"), "{scenario}");
        }
        let open = after("reception", Locale::ZhTw, &[]);
        assert!(open.lets_go_on("奶奶") && open.lets_go_on("好嘞") && open.lets_go_on("我好"));
        assert!(!open.lets_go_on("不好") && !open.lets_go_on("好嗎"));
        assert!(!open.lets_go_on("等一下") && !open.lets_go_on("留言") && !open.lets_go_on("多少錢"));
    }
}
