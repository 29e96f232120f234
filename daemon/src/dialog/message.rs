//! Taking a message: for whom, what, where to call back, and the read-back that the caller confirms. One question at a time.

use std::borrow::Cow;

use jiff::Zoned;
use switchhook_models::text::values;
use switchhook_models::{Language, Locale};

use super::action::{About, Note};
use super::recipient;
use super::scenario::Scenario;
use super::slots::{self, Part, Reading, Value};
use super::wording::{Line, Wording};
use super::words::unquoted;

/// A telephone number has at least this many digits.
const SHORTEST_NUMBER: usize = 6;
/// And at most this many (ITU-T E.164).
const LONGEST_NUMBER: usize = 15;
/// Fewer digits than this are no part of a number that was asked for: "room 12".
const FEWEST_OF_PART: usize = 3;
/// A number of which no country has the length is asked for again so often; then it is taken as it was told, and read back.
const MOST_NOT_WHOLE: u32 = 2;
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

/// What an answer tells of the number.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    Nothing,
    /// It has the length that such numbers have, as far as that is known.
    Whole(String),
    /// It is too short, or too long.
    NotWhole(Part),
}

/// What a caller who does not agree with what was read back says of the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Corrected {
    /// It is another one.
    Number,
    /// It is another one, which was not heard as a whole, or the one that was read back: it is asked for again.
    NumberInVain,
    /// Nothing: the message is asked for again.
    Message,
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
    /// What was told of a number that is not whole.
    begun: Option<Part>,
    /// How often that was so.
    not_whole: u32,
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
    pub(super) fn fill(&mut self, slot: Slot, said: &str, reply: Reply, locale: Locale) {
        let language = locale.language();
        let said: String = said.trim().chars().take(LONGEST).collect();
        match slot {
            Slot::Recipient => {
                self.recipient = Some(unquoted(recipient::answered(&said, language)).to_owned());
            }
            Slot::Text | Slot::Number if self.keyed.len() >= SHORTEST_NUMBER => {
                let number = std::mem::take(&mut self.keyed);
                self.settle_number(Some(number));
                self.go_on(&said, reply, language);
            }
            Slot::Text => {
                self.take_number_in(&said, slot, locale);
                self.go_on(&said, Reply::Other, language);
            }
            Slot::Number if self.take_number_in(&said, slot, locale) => {}
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
    fn take_number_in(&mut self, said: &str, slot: Slot, locale: Locale) -> bool {
        let told = self.told(said, slot == Slot::Number, locale);
        let tells = told != Told::Nothing;
        if tells && self.number.is_none() {
            self.keyed.clear();
            match told {
                Told::Whole(number) => self.settle_number(Some(number)),
                // Who is asked for a number of which they told some in the message tells it from its beginning.
                Told::NotWhole(part) if slot == Slot::Text => {
                    self.begin_number(part);
                    self.begun = self.begun.take().map(|_| Part::Digits { told: String::new(), missing: None });
                }
                Told::NotWhole(part) => self.begin_number(part),
                Told::Nothing => {}
            }
        }
        tells
    }

    fn told(&self, said: &str, was_asked: bool, locale: Locale) -> Told {
        let so_far = self.begun.as_ref().filter(|_| was_asked);
        let enough = |digits: &str| digits.len() >= FEWEST_OF_PART;
        match slots::telephone(said, was_asked, so_far, locale) {
            Reading::Found { value: Value::Phone { number, .. }, .. } => Told::Whole(number),
            Reading::Part(Part::Digits { told, missing }, _) if enough(&told) => Told::NotWhole(Part::Digits { told, missing }),
            Reading::Outside { value: Value::Phone { number, .. }, .. } => Told::NotWhole(Part::Digits { told: number, missing: None }),
            _ => Told::Nothing,
        }
    }

    /// No number is as long as this one: it is asked for again, unless that was in vain too often.
    fn begin_number(&mut self, part: Part) {
        self.not_whole += 1;
        match part {
            Part::Digits { told, .. } if self.not_whole > MOST_NOT_WHOLE && (SHORTEST_NUMBER..=LONGEST_NUMBER).contains(&told.len()) => {
                self.settle_number(Some(told));
            }
            part => self.begun = Some(part),
        }
    }

    /// What was told of a number that is not whole yet.
    pub(super) fn begun(&self) -> Option<&Part> {
        self.begun.as_ref()
    }

    /// What is said is part of the message, unless it only answers a question.
    fn go_on(&mut self, said: &str, reply: Reply, language: Language) {
        match &mut self.text {
            None => self.text = Some(unquoted(said).to_owned()),
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
        (self.number, self.begun) = (number, None);
        self.number_settled = true;
    }

    /// Whether an answer to what was read back tells of another number than that.
    pub(super) fn is_corrected_by(&self, said: &str, locale: Locale) -> bool {
        match self.told(said, true, locale) {
            Told::Nothing => false,
            Told::Whole(number) => self.number.as_ref() != Some(&number),
            Told::NotWhole(_) => true,
        }
    }

    /// The caller said that it is not right. A number in the same breath corrects the number; else the message is asked again.
    pub(super) fn correct(&mut self, said: &str, locale: Locale) -> Corrected {
        match self.told(said, true, locale) {
            Told::Nothing => {
                let (recipient, promised) = (self.recipient.take(), self.promised.take());
                *self = Self { recipient, promised, about: self.about, ..Self::default() };
                Corrected::Message
            }
            Told::Whole(number) if self.number.as_ref() != Some(&number) => {
                self.settle_number(Some(number));
                Corrected::Number
            }
            told => {
                (self.number, self.number_settled) = (None, false);
                // How it can be told otherwise is said with the question.
                (self.begun, self.went_on) = (if let Told::NotWhole(part) = told { Some(part) } else { None }, true);
                Corrected::NumberInVain
            }
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
            Slot::Number if self.begun.is_some() => {
                let how = wording.otherwise(Line::AskNumber.id(), 1, &[]).unwrap_or_else(|| wording.line(Line::AskNumber));
                format!("{} {how}", wording.line(Line::NumberNotWhole))
            }
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
mod tests;
