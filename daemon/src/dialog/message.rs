//! Taking a message: for whom, what, where to call back, and the read-back that the caller confirms. One question at a time.

use super::action::Note;
use super::digits;
use super::scenario::Scenario;
use super::words::words;

/// A telephone number has at least this many digits.
const SHORTEST_NUMBER: usize = 6;
/// And at most this many (ITU-T E.164).
const LONGEST_NUMBER: usize = 15;
/// No part of a message is longer than this, in characters; a caller who talks on is cut here, not refused.
const LONGEST: usize = 600;

/// For whom a message is that names nobody.
const OFFICE: &str = "the office";

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
}

impl Form {
    /// A form begun by a sentence such as "I'd like to leave a message for Maria Chen".
    pub(super) fn begun_by(said: &str) -> Self {
        Self { recipient: recipient_in(said), ..Self::default() }
    }

    /// A form for somebody known.
    pub(super) fn addressed_to(recipient: &str) -> Self {
        Self { recipient: Some(recipient.to_owned()), ..Self::default() }
    }

    /// Whether the caller has said anything yet that would be lost.
    pub(super) fn has_text(&self) -> bool {
        self.text.is_some()
    }

    /// For whoever reads the messages, unless the caller named somebody.
    pub(super) fn address_to_the_office(&mut self) {
        self.recipient.get_or_insert_with(|| OFFICE.to_owned());
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
    pub(super) fn fill(&mut self, slot: Slot, said: &str, reply: Reply) {
        let said: String = said.trim().chars().take(LONGEST).collect();
        match slot {
            Slot::Recipient => self.recipient = Some(recipient_in(&said).unwrap_or_else(|| bare(&said))),
            Slot::Text | Slot::Number if self.keyed.len() >= SHORTEST_NUMBER => {
                let number = std::mem::take(&mut self.keyed);
                self.settle_number(Some(number));
                self.go_on(&said, reply);
            }
            Slot::Text => {
                self.take_number_in(&said);
                self.go_on(&said, Reply::Other);
            }
            Slot::Number if self.take_number_in(&said) => {}
            Slot::Number => {
                self.go_on(&said, reply);
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
    fn take_number_in(&mut self, said: &str) -> bool {
        let number = digits::longest_run(said, SHORTEST_NUMBER);
        let told = number.is_some();
        if told && self.number.is_none() {
            self.keyed.clear();
            self.settle_number(number);
        }
        told
    }

    /// What is said is part of the message, unless it only answers a question.
    fn go_on(&mut self, said: &str, reply: Reply) {
        match &mut self.text {
            None => self.text = Some(said.to_owned()),
            Some(_) if matches!(reply, Reply::No | Reply::Yes) => {}
            Some(text) => {
                let room = LONGEST.saturating_sub(text.chars().count() + 1);
                text.push(' ');
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
    pub(super) fn correct(&mut self, said: &str) {
        if let Some(number) = digits::longest_run(said, SHORTEST_NUMBER) {
            self.number = Some(number);
        } else {
            let recipient = self.recipient.take();
            *self = Self { recipient, ..Self::default() };
        }
    }

    /// The whole of it, read back.
    pub(super) fn read_back(&self, scenario: &Scenario) -> String {
        let text = self.text.as_deref().unwrap_or_default().trim_end_matches('.');
        let template = if self.number.is_some() { &scenario.lines.read_back } else { &scenario.lines.read_back_without_number };
        let number = self.number.as_deref().map(digits::read_out).unwrap_or_default();
        template.replace("{recipient}", self.recipient()).replace("{number}", &number).replace("{message}", text)
    }

    /// What is asked for `slot`.
    pub(super) fn question(&self, slot: Slot, scenario: &Scenario) -> String {
        let lines = &scenario.lines;
        match slot {
            Slot::Recipient => lines.ask_recipient.clone(),
            Slot::Text => lines.ask_message.replace("{recipient}", self.recipient()),
            Slot::Number => lines.ask_number.clone(),
            Slot::Confirmation => self.read_back(scenario),
        }
    }

    /// What is kept.
    pub(super) fn note(&self, confirmed: bool) -> Option<Note> {
        let text = self.text.clone()?;
        Some(Note { recipient: self.recipient().to_owned(), text, callback: self.number.clone(), confirmed })
    }

    fn recipient(&self) -> &str {
        self.recipient.as_deref().unwrap_or(OFFICE)
    }
}

/// The name after "message for", "tell", "note to" and the like, if there is one.
fn recipient_in(said: &str) -> Option<String> {
    let lower = said.to_lowercase();
    let after = ["message for ", "message to ", "note for ", "word for ", "tell "]
        .iter()
        .find_map(|lead| lower.find(lead).map(|at| at + lead.len()))?;
    // Lower-casing can change the length of exotic letters: look the place up again instead of trusting it.
    let name = bare(said.get(after..)?);
    let sensible = (1..=5).contains(&words(&name).len());
    (sensible && !matches!(name.to_lowercase().as_str(), "you" | "me" | "someone" | "somebody")).then_some(name)
}

/// A name without the politeness and punctuation around it.
fn bare(said: &str) -> String {
    let mut name = said.trim().trim_matches(|c: char| !c.is_alphanumeric());
    for lead in ["it's for ", "it is for ", "this is for ", "for ", "to "] {
        if let Some(rest) = name.get(..lead.len()).filter(|head| head.eq_ignore_ascii_case(lead)).and(name.get(lead.len()..)) {
            name = rest;
        }
    }
    let tail = ["please", "thanks", "thank you"].iter().find(|tail| name.to_lowercase().ends_with(*tail));
    let name = tail.and_then(|tail| name.get(..name.len() - tail.len())).unwrap_or(name);
    name.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_named_in_the_same_breath_is_not_asked_for() {
        assert_eq!(Form::begun_by("I'd like to leave a message for Maria Chen.").missing(), Slot::Text);
        assert_eq!(Form::begun_by("Can I leave a message?").missing(), Slot::Recipient);
    }

    #[test]
    fn a_number_inside_the_message_is_not_asked_for() {
        let mut form = Form::addressed_to("Maria");
        form.fill(Slot::Text, "Please ask her to call me back on 02-555-1234.", Reply::Other);
        assert_eq!(form.missing(), Slot::Confirmation);
        assert_eq!(form.note(true).and_then(|note| note.callback).as_deref(), Some("025551234"));
    }

    #[test]
    fn a_number_in_a_no_corrects_the_number_alone() {
        let mut form = Form::addressed_to("Maria");
        form.fill(Slot::Text, "Call me on 02 555 1234", Reply::Other);
        form.correct("No, that's not correct. It's 02 555 1243.");
        assert_eq!(form.missing(), Slot::Confirmation);
        assert_eq!(form.note(true).and_then(|note| note.callback).as_deref(), Some("025551243"));
        form.correct("No.");
        assert_eq!(form.missing(), Slot::Text);
    }

    proptest::proptest! {
        #[test]
        fn no_answer_is_too_odd(said in "\\PC{0,100}") {
            let mut form = Form::begun_by(&said);
            for slot in [Slot::Recipient, Slot::Text, Slot::Number] {
                form.fill(slot, &said, Reply::Other);
                form.press('1');
            }
            form.correct(&said);
        }
    }
}
