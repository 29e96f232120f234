//! Taking a message: for whom, what, where to call back, and the read-back that the caller confirms. One question at a time.

use super::action::Note;
use super::digits;
use super::scenario::Scenario;
use super::words::words;

/// A telephone number has at least this many digits.
const SHORTEST_NUMBER: usize = 6;
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

/// What is known of a message so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    recipient: Option<String>,
    text: Option<String>,
    number: Option<String>,
    /// The caller was asked for a number, and has given one or has none to give.
    number_settled: bool,
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
    pub(super) fn fill(&mut self, slot: Slot, said: &str) {
        let said: String = said.trim().chars().take(LONGEST).collect();
        match slot {
            Slot::Recipient => self.recipient = Some(recipient_in(&said).unwrap_or_else(|| bare(&said))),
            Slot::Text => {
                self.number = digits::longest_run(&said, SHORTEST_NUMBER);
                self.number_settled = self.number.is_some();
                self.text = Some(said);
            }
            Slot::Number => {
                self.number = digits::longest_run(&said, SHORTEST_NUMBER);
                self.number_settled = true;
            }
            Slot::Confirmation => {}
        }
    }

    /// The caller said that it is not right. A number in the same breath corrects the number; else the message is asked again.
    pub(super) fn correct(&mut self, said: &str) {
        if let Some(number) = digits::longest_run(said, SHORTEST_NUMBER) {
            self.number = Some(number);
        } else {
            self.text = None;
            self.number_settled = false;
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
        form.fill(Slot::Text, "Please ask her to call me back on 02-555-1234.");
        assert_eq!(form.missing(), Slot::Confirmation);
        assert_eq!(form.note(true).and_then(|note| note.callback).as_deref(), Some("025551234"));
    }

    #[test]
    fn a_number_in_a_no_corrects_the_number_alone() {
        let mut form = Form::addressed_to("Maria");
        form.fill(Slot::Text, "Call me on 02 555 1234");
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
                form.fill(slot, &said);
            }
            form.correct(&said);
        }
    }
}
