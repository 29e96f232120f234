//! Taking a message: for whom, what, where to call back, and the read-back that the caller confirms. One question at a time.

mod callback;
mod correcting;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(super) use callback::Keyed;
use callback::{Callback, Taken};

use jiff::Zoned;
use switchhook_models::text::values;
use switchhook_models::{Language, Locale};

use super::action::{About, Note};
use super::recipient;
use super::scenario::Scenario;
use super::slots::Part;
use super::wording::{Line, Wording};
use super::words::unquoted;

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

/// What a caller who does not agree with what was read back says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Corrected {
    /// The number is another one, or its first digits.
    Number,
    /// The number is another one, which was not heard as a whole, or the one that was read back: it is asked for again.
    NumberInVain,
    /// This part is wrong: it is asked for again.
    Part,
    /// Nothing: the message is asked for again.
    Message,
}

/// What is known of a message so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    recipient: Option<String>,
    text: Option<String>,
    callback: Callback,
    /// Instead of giving a number, the caller has gone on with the message once.
    went_on: bool,
    about: About,
    /// By when the caller was told that they are called back.
    promised: Option<Zoned>,
    /// What was read back and is asked for again, since the caller did not say what is wrong.
    withdrawn: Option<(String, Callback)>,
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
        } else if !self.callback.is_settled() {
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
            Slot::Text | Slot::Number if self.callback.settle_by_keys() => self.go_on(&said, reply, language),
            Slot::Text => {
                self.callback.take_by_the_way(&said, locale);
                self.withdrawn = None;
                self.go_on(&said, Reply::Other, language);
            }
            Slot::Number => match self.callback.take(&said, locale) {
                Taken::Digits => {}
                Taken::GivenUp => self.go_on(&said, Reply::Other, language),
                Taken::Nothing => {
                    self.go_on(&said, reply, language);
                    // Who goes on with the message is asked once more, unless digits wait already: then, those are the answer.
                    if !self.callback.is_keying() {
                        if self.went_on || matches!(reply, Reply::No | Reply::PerhapsNo) {
                            self.callback.settle(None);
                        }
                        self.went_on = true;
                    }
                }
            },
            Slot::Confirmation => {}
        }
    }

    /// What was told of a number that is not whole yet.
    pub(super) fn begun(&self) -> Option<&Part> {
        self.callback.begun()
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
        self.callback.press(digit);
    }

    /// Whether digits were pressed that may not be all.
    pub(super) fn is_keying(&self) -> bool {
        self.callback.is_keying()
    }

    /// What was pressed, which is all.
    pub(super) fn take_keyed(&mut self) -> Keyed {
        self.callback.take_keyed()
    }

    /// The caller has given this number, or has none to give.
    pub(super) fn settle_number(&mut self, number: Option<String>) {
        self.callback.settle(number);
    }

    /// The whole of it, read back.
    pub(super) fn read_back(&self, scenario: &Scenario) -> String {
        let text = self.text.as_deref().unwrap_or_default().trim_end_matches(['.', '。']);
        let recipient = self.recipient(&scenario.wording);
        let common = [("recipient", &*recipient), ("message", text)];
        match self.callback.number() {
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
            Slot::Number if self.callback.grows() => wording.line(Line::AskRest),
            Slot::Number if self.callback.begun().is_some() => {
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
        Some(Note {
            about: self.about,
            recipient,
            text,
            callback: self.callback.number().cloned(),
            confirmed,
            promised: self.promised.clone(),
        })
    }

    fn recipient(&self, wording: &Wording) -> Cow<'_, str> {
        self.recipient.as_deref().map_or_else(|| Cow::Owned(wording.line(Line::TheOffice)), Cow::Borrowed)
    }
}
