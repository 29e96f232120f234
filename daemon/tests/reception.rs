//! Conversations with the shipped `reception` scenario, by text alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::Path;
use std::sync::Arc;

use switchhook::dialog::{Action, Dialog, Input, Note, Outcome, Scenario, Step};
use switchhook::lines::Key;

fn reception() -> Arc<Scenario> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception");
    Arc::new(Scenario::load(&dir).expect("the shipped scenario is right"))
}

/// A caller who was greeted.
fn greeted() -> Dialog {
    let mut dialog = Dialog::new(reception());
    dialog.on(Input::Disclosed);
    dialog
}

fn say(dialog: &mut Dialog, words: &str) -> Step {
    dialog.on(Input::Heard(words.to_owned()))
}

fn key(dialog: &mut Dialog, key: char) -> Step {
    dialog.on(Input::Key(Key::new(key).unwrap()))
}

fn transfers(step: &Step) -> bool {
    step.actions.iter().any(|action| matches!(action, Action::Transfer(person) if person == "front-desk"))
}

fn kept(step: &Step) -> Option<&Note> {
    step.actions.iter().find_map(|action| if let Action::Keep(note) = action { Some(note) } else { None })
}

fn hangs_up(step: &Step) -> Option<Outcome> {
    step.actions.iter().find_map(|action| if let Action::HangUp(outcome) = action { Some(*outcome) } else { None })
}

#[test]
fn questions_are_answered_from_the_office_s_knowledge_with_their_source() {
    let mut dialog = greeted();
    for (question, answer, source) in [
        ("What time do you open tomorrow?", "nine to five thirty", "office.md#opening-hours"),
        ("Are you open on Saturday?", "Saturday from ten to two", "office.md#opening-hours"),
        ("Where exactly is your office?", "12 Station Road", "office.md#where-we-are"),
        ("Do you take credit cards?", "credit and debit cards", "office.md#payment"),
        ("How much does a repair usually cost?", "forty and ninety", "office.md#repairs"),
    ] {
        let step = say(&mut dialog, question);
        assert!(step.said().contains(answer), "{question}: {step:?}");
        assert_eq!(step.source.as_deref(), Some(source), "{question}");
    }
}

#[test]
fn a_message_is_taken_read_back_and_kept_once_it_is_right() {
    let mut dialog = greeted();
    let step = say(&mut dialog, "I'd like to leave a message for Maria Chen.");
    assert!(step.said().contains("Maria Chen"), "{step:?}");
    let step = say(&mut dialog, "Please ask her to call me back on 02-555-1234.");
    assert!(step.said().contains("zero two, five five five, one two three four"), "{step:?}");
    assert_eq!(kept(&step), None);
    let step = say(&mut dialog, "Yes, that's right.");
    let note = kept(&step).expect("the message is kept");
    assert_eq!((note.recipient.as_str(), note.callback.as_deref(), note.confirmed), ("Maria Chen", Some("025551234"), true));
    let step = say(&mut dialog, "That's all, thank you. Goodbye.");
    assert_eq!(hangs_up(&step), Some(Outcome::MessageTaken));
}

#[test]
fn a_message_that_is_not_right_is_asked_again() {
    let mut dialog = greeted();
    say(&mut dialog, "Can I leave a message?");
    say(&mut dialog, "It's for Maria.");
    say(&mut dialog, "Call me back on 02-555-1234.");
    let step = say(&mut dialog, "No, that's not correct. It's 02-555-1243.");
    assert!(step.said().contains("one two four three"), "{step:?}");
    assert!(kept(&say(&mut dialog, "Yes.")).is_some());
}

#[test]
fn a_person_is_reached_by_word_by_key_and_after_two_failures() {
    assert!(transfers(&say(&mut greeted(), "Can I speak to a real person, please?")));
    assert!(transfers(&say(&mut greeted(), "Could you put me through to somebody?")));
    assert!(transfers(&key(&mut greeted(), '0')));

    let mut dialog = greeted();
    let first = say(&mut dialog, "My hovercraft is full of eels.");
    assert!(!transfers(&first), "{first:?}");
    assert!(transfers(&say(&mut dialog, "Colourless green ideas sleep furiously.")));

    let mut dialog = greeted();
    dialog.on(Input::Unclear);
    assert!(transfers(&dialog.on(Input::Unclear)));
}

#[test]
fn a_person_is_reached_in_the_middle_of_a_message() {
    let mut dialog = greeted();
    say(&mut dialog, "I'd like to leave a message for Maria Chen.");
    assert!(transfers(&say(&mut dialog, "Can I speak to a person instead?")));
}

#[test]
fn when_nobody_takes_the_call_a_message_is_taken() {
    let mut dialog = greeted();
    say(&mut dialog, "I want to talk to a human.");
    let step = dialog.on(Input::NobodyThere);
    assert!(step.said().contains("message"), "{step:?}");
    say(&mut dialog, "Please call me back on 02-555-1234.");
    assert!(kept(&say(&mut dialog, "Yes.")).is_some());
}

#[test]
fn an_emergency_is_heard_before_everything_else() {
    let step = say(&mut greeted(), "There's a fire in the building, I need help!");
    assert!(step.said().contains("emergency number") && transfers(&step), "{step:?}");
}

#[test]
fn a_robot_says_that_it_is_one() {
    let step = say(&mut greeted(), "Is this a robot?");
    assert!(step.said().contains("I am a robot"), "{step:?}");
}

#[test]
fn the_last_answer_is_said_again_when_asked_for() {
    let mut dialog = greeted();
    let answer = say(&mut dialog, "Where exactly is your office?").said();
    assert_eq!(say(&mut dialog, "Sorry, could you say that again?").said(), answer);
}

#[test]
fn a_caller_who_says_nothing_is_asked_twice_and_then_let_go() {
    let mut dialog = greeted();
    assert_eq!(hangs_up(&dialog.on(Input::Silence)), None);
    assert_eq!(hangs_up(&dialog.on(Input::Silence)), None);
    assert_eq!(hangs_up(&dialog.on(Input::Silence)), Some(Outcome::Silence));
}

#[test]
fn signs_of_listening_are_no_turns() {
    assert!(Dialog::is_backchannel("Uh-huh."));
    assert!(!Dialog::is_backchannel("Uh-huh, but wait."));
}

#[test]
fn after_the_last_words_nothing_more_is_said() {
    let mut dialog = greeted();
    assert_eq!(hangs_up(&say(&mut dialog, "Goodbye.")), Some(Outcome::Goodbye));
    assert_eq!(say(&mut dialog, "Are you open on Saturday?").actions, []);
}

proptest::proptest! {
    /// Whatever a caller says, the robot answers with something, and never with an action that the scenario does not have.
    #[test]
    fn whatever_is_said_the_call_goes_on(turns in proptest::collection::vec("\\PC{0,60}", 1..8)) {
        let mut dialog = greeted();
        let mut over = false;
        for turn in turns {
            let step = say(&mut dialog, &turn);
            if over {
                proptest::prop_assert!(step.actions.is_empty());
            }
            over |= hangs_up(&step).is_some() || transfers(&step);
        }
    }
}
