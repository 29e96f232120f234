//! Taking a message: for whom, what, where to call back, and the read-back that the caller confirms. One question at a time.

use std::borrow::Cow;

use jiff::Zoned;
use switchhook_models::Language;
use switchhook_models::text::values;

use super::action::{About, Note};
use super::recipient;
use super::scenario::Scenario;
use super::wording::{Line, Wording};

/// A telephone number has at least this many digits.
const SHORTEST_NUMBER: usize = 6;
/// And at most this many (ITU-T E.164).
const LONGEST_NUMBER: usize = 15;
/// No part of a message is longer than this, in characters; a caller who talks on is cut here, not refused.
const LONGEST: usize = 600;

/// What is asked next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Recipient,
    Text,
    Number,
    Confirmation,
}

/// What an answer that holds no number says to the question for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// There is none.
    No,
    /// Perhaps that there is none: it holds a no, and more.
    PerhapsNo,
    /// Yes, and nothing else.
    Yes,
    /// Something else: the caller goes on with the message.
    Other,
}

/// What the caller pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Keyed {
    Nothing,
    /// A lone 0.
    Zero,
    Number(String),
    TooShort,
}

/// What is known of a message so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    recipient: Option<String>,
    text: Option<String>,
    number: Option<String>,
    /// The caller was asked for a number, and has given one or has none to give.
    number_settled: bool,
    /// Instead of giving a number, the caller has gone on with the message once.
    went_on: bool,
    /// The digits that were pressed since the caller was asked.
    keyed: String,
    about: About,
    /// By when the caller was told that they are called back.
    promised: Option<Zoned>,
}

impl Form {
    /// A form begun by a sentence such as "I'd like to leave a message for Maria Chen".
    pub(super) fn begun_by(said: &str, language: Language) -> Self {
        Self { recipient: recipient::named_in(said, language).map(str::to_owned), ..Self::default() }
    }

    /// A form for somebody known.
    pub(super) fn addressed_to(recipient: &str) -> Self {
        Self { recipient: Some(recipient.to_owned()), ..Self::default() }
    }

    /// The same, about this.
    pub(super) fn about(self, about: About) -> Self {
        Self { about, ..self }
    }

    /// The same, with what was said already.
    pub(super) fn saying(self, said: &str) -> Self {
        let text: String = said.trim().chars().take(LONGEST).collect();
        Self { text: (!text.is_empty()).then_some(text), ..self }
    }

    /// The caller is told that they are called back by then.
    pub(super) fn promise(&mut self, promised: Option<Zoned>) {
        (self.about, self.promised) = (About::CallBack, promised);
    }

    /// Whether the caller has said anything yet that would be lost.
    pub(super) fn has_text(&self) -> bool {
        self.text.is_some()
    }

    /// For this recipient, unless the caller named somebody.
    pub(super) fn address_to(&mut self, recipient: String) {
        self.recipient.get_or_insert(recipient);
    }

    /// The first thing that is still missing.
    pub(super) fn missing(&self) -> Slot {
        if self.recipient.is_none() {
            Slot::Recipient
        } else if self.text.is_none() {
            Slot::Text
        } else if !self.number_settled {
            Slot::Number
        } else {
            Slot::Confirmation
        }
    }

    /// Take what was said as the answer to what was asked.
    pub(super) fn fill(&mut self, slot: Slot, said: &str, reply: Reply, language: Language) {
        let said: String = said.trim().chars().take(LONGEST).collect();
        match slot {
            Slot::Recipient => {
                self.recipient = Some(recipient::answered(&said, language).to_owned());
            }
            Slot::Text | Slot::Number if self.keyed.len() >= SHORTEST_NUMBER => {
                let number = std::mem::take(&mut self.keyed);
                self.settle_number(Some(number));
                self.go_on(&said, reply, language);
            }
            Slot::Text => {
                self.take_number_in(&said, language);
                self.go_on(&said, Reply::Other, language);
            }
            Slot::Number if self.take_number_in(&said, language) => {}
            Slot::Number => {
                self.go_on(&said, reply, language);
                // Who goes on with the message is asked once more, unless digits wait already: then, those are the answer.
                if self.keyed.is_empty() {
                    self.number_settled = self.went_on || matches!(reply, Reply::No | Reply::PerhapsNo);
                    self.went_on = true;
                }
            }
            Slot::Confirmation => {}
        }
    }

    /// A number that was told decides, unless one was pressed before; digits that were too few for one are void.
    fn take_number_in(&mut self, said: &str, language: Language) -> bool {
        let number = values::telephone(said, language, SHORTEST_NUMBER);
        let told = number.is_some();
        if told && self.number.is_none() {
            self.keyed.clear();
            self.settle_number(number);
        }
        told
    }

    /// What is said is part of the message, unless it only answers a question.
    fn go_on(&mut self, said: &str, reply: Reply, language: Language) {
        match &mut self.text {
            None => self.text = Some(said.to_owned()),
            Some(_) if matches!(reply, Reply::No | Reply::Yes) => {}
            Some(text) => {
                let between = match language {
                    Language::En => " ",
                    Language::Zh => "，",
                };
                let room = LONGEST.saturating_sub(text.chars().count() + 1);
                text.truncate(text.trim_end_matches(['。', '，']).len());
                text.push_str(between);
                text.extend(said.chars().take(room));
            }
        }
    }

    /// One more digit of the number.
    pub(super) fn press(&mut self, digit: char) {
        if self.keyed.len() < LONGEST_NUMBER {
            self.keyed.push(digit);
        }
    }

    /// Whether digits were pressed that may not be all.
    pub(super) fn is_keying(&self) -> bool {
        !self.keyed.is_empty()
    }

    /// What was pressed, which is all.
    pub(super) fn take_keyed(&mut self) -> Keyed {
        match std::mem::take(&mut self.keyed) {
            keyed if keyed.is_empty() => Keyed::Nothing,
            keyed if keyed == "0" => Keyed::Zero,
            keyed if keyed.len() < SHORTEST_NUMBER => Keyed::TooShort,
            keyed => Keyed::Number(keyed),
        }
    }

    /// The caller has given this number, or has none to give.
    pub(super) fn settle_number(&mut self, number: Option<String>) {
        self.number = number;
        self.number_settled = true;
    }

    /// The caller said that it is not right. A number in the same breath corrects the number; else the message is asked again.
    pub(super) fn correct(&mut self, said: &str, language: Language) {
        if let Some(number) = values::telephone(said, language, SHORTEST_NUMBER) {
            self.number = Some(number);
        } else {
            let (recipient, promised) = (self.recipient.take(), self.promised.take());
            *self = Self { recipient, promised, about: self.about, ..Self::default() };
        }
    }

    /// The whole of it, read back.
    pub(super) fn read_back(&self, scenario: &Scenario) -> String {
        let text = self.text.as_deref().unwrap_or_default().trim_end_matches(['.', '。']);
        let recipient = self.recipient(&scenario.wording);
        let common = [("recipient", &*recipient), ("message", text)];
        match &self.number {
            None => scenario.wording.with(Line::ReadBackWithoutNumber, &common),
            Some(number) => {
                let number = values::read_out(number, scenario.language);
                scenario.wording.with(Line::ReadBack, &[common.as_slice(), &[("number", &number)]].concat())
            }
        }
    }

    /// What is asked for `slot`.
    pub(super) fn question(&self, slot: Slot, scenario: &Scenario) -> String {
        let wording = &scenario.wording;
        match slot {
            Slot::Recipient => wording.line(Line::AskRecipient),
            Slot::Text => wording.with(Line::AskMessage, &[("recipient", &self.recipient(wording))]),
            // Who said something else is told how a number can be given.
            Slot::Number if self.went_on => {
                wording.otherwise(Line::AskNumber.id(), 1, &[]).unwrap_or_else(|| wording.line(Line::AskNumber))
            }
            Slot::Number => wording.line(Line::AskNumber),
            Slot::Confirmation => self.read_back(scenario),
        }
    }

    /// What is kept.
    pub(super) fn note(&self, confirmed: bool, wording: &Wording) -> Option<Note> {
        let text = self.text.clone()?;
        let recipient = self.recipient(wording).into_owned();
        Some(Note { about: self.about, recipient, text, callback: self.number.clone(), confirmed, promised: self.promised.clone() })
    }

    fn recipient(&self, wording: &Wording) -> Cow<'_, str> {
        self.recipient.as_deref().map_or_else(|| Cow::Owned(wording.line(Line::TheOffice)), Cow::Borrowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchhook_models::Locale;

    fn callback(form: &Form) -> Option<String> {
        form.note(true, &Wording::new(Locale::En, "").ok()?).and_then(|note| note.callback)
    }

    #[test]
    fn a_recipient_named_in_the_same_breath_is_not_asked_for() {
        assert_eq!(Form::begun_by("I'd like to leave a message for Maria Chen.", Language::En).missing(), Slot::Text);
        assert_eq!(Form::begun_by("Can I leave a message?", Language::En).missing(), Slot::Recipient);
    }

    #[test]
    fn a_number_inside_the_message_is_not_asked_for() {
        let mut form = Form::addressed_to("Maria");
        form.fill(Slot::Text, "Please ask her to call me back on 02-555-1234.", Reply::Other, Language::En);
        assert_eq!(form.missing(), Slot::Confirmation);
        assert_eq!(callback(&form).as_deref(), Some("025551234"));
    }

    #[test]
    fn a_number_in_a_no_corrects_the_number_alone() {
        let mut form = Form::addressed_to("Maria");
        form.fill(Slot::Text, "Call me on 02 555 1234", Reply::Other, Language::En);
        form.correct("No, that's not correct. It's 02 555 1243.", Language::En);
        assert_eq!(form.missing(), Slot::Confirmation);
        assert_eq!(callback(&form).as_deref(), Some("025551243"));
        form.correct("No.", Language::En);
        assert_eq!(form.missing(), Slot::Text);
    }

    proptest::proptest! {
        #[test]
        fn no_answer_is_too_odd(said in "\\PC{0,100}") {
            for language in [Language::En, Language::Zh] {
                let mut form = Form::begun_by(&said, language);
                for slot in [Slot::Recipient, Slot::Text, Slot::Number] {
                    form.fill(slot, &said, Reply::Other, language);
                    form.press('1');
                }
                form.correct(&said, language);
            }
        }
    }
}
