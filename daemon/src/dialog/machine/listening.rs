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
        let so_far = self.run.as_ref().and_then(|run| run.part.clone());
        Judge { locale: self.scenario.language, asked: self.asked_for(), now: self.call.now.clone(), so_far }
    }

    /// Whether these words, spoken over the robot, ask for nothing but that it goes on: a sign of listening, or the rest of a yes that was
    /// answered already ("Yes." "That's right."). Where a yes or a no was asked for, a yes is an answer however early it comes. A word or two that mean nothing
    /// here are most likely such a sign, misheard: "mm-hmm" is heard as "mama", 嗯嗯 as 奶奶, 喔，好 as 我好.
    #[must_use]
    pub fn lets_go_on(&self, said: &str) -> bool {
        let rest_of_a_yes = matches!(self.state, State::AnythingElse) && self.scenario.understanding.just_yes_or_no(said) == Some(true);
        rest_of_a_yes || self.scenario.listening.goes_on(said, matches!(self.asked_for(), Some(Kind::YesNo))) || self.is_murmured(said)
    }

    /// Whether nothing was asked and these are a word or two without a meaning.
    fn is_murmured(&self, said: &str) -> bool {
        let nothing_asked = matches!(self.state, State::Open | State::AnythingElse | State::Choosing(_, _, None));
        let short = spoken_length(&words(said)) <= MURMUR;
        nothing_asked
            && short
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

    use jiff::Zoned;
    use switchhook_models::Locale;

    use super::*;
    use crate::dialog::slots::Completeness::{Complete, MoreToCome, Unknown};
    use crate::dialog::{Circumstances, Input, Scenario};

    /// A dialog of a shipped scenario in which a caller said all this.
    fn after(scenario: &str, locale: Locale, said: &[&str]) -> Dialog {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario);
        let mut dialog = Dialog::new(Arc::new(Scenario::load(&folder, locale).unwrap()), Circumstances::at(Zoned::now()));
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
    fn a_murmur_over_the_robot_lets_it_go_on_and_a_short_word_that_asks_or_answers_does_not() {
        let open = after("reception", Locale::En, &[]);
        assert!(open.lets_go_on("Mama.") && open.lets_go_on("Memory."));
        for said in ["Stop.", "Wait.", "No.", "A person.", "What?", "Opening hours?", "Goodbye.", "This is not what I asked."] {
            assert!(!open.lets_go_on(said), "{said}");
        }
        let recipient = after("reception", Locale::En, &["Can I leave a message?"]);
        assert!(!recipient.lets_go_on("Memory."), "anything may be a name");
        let open = after("reception", Locale::ZhTw, &[]);
        assert!(open.lets_go_on("奶奶") && open.lets_go_on("好嘞") && open.lets_go_on("我好"));
        assert!(!open.lets_go_on("不好") && !open.lets_go_on("好嗎"));
        assert!(!open.lets_go_on("等一下") && !open.lets_go_on("留言") && !open.lets_go_on("多少錢"));
    }
}
