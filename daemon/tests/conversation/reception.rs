//! Conversations with the shipped `reception` scenario, by text alone.

use std::path::Path;
use std::sync::Arc;

use switchhook::dialog::{Action, Choice, Circumstances, Dialog, Farewell, Input, Note, Scenario, Step};
use switchhook::lines::Key;
use switchhook_models::Locale;

fn reception() -> Arc<Scenario> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception");
    Arc::new(Scenario::load(&dir, Locale::En).expect("the shipped scenario is right"))
}

/// A caller who was greeted.
fn greeted() -> Dialog {
    let mut dialog = Dialog::new(reception(), Circumstances::at("2026-01-05T10:00[UTC]".parse().unwrap()));
    dialog.on(Input::Disclosed);
    dialog
}

fn say(dialog: &mut Dialog, words: &str) -> Step {
    dialog.on(Input::heard(words))
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

fn hangs_up(step: &Step) -> Option<Farewell> {
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
    assert_eq!(hangs_up(&step), Some(Farewell::MessageTaken));
}

#[test]
fn the_rest_of_a_yes_that_was_answered_already_lets_the_robot_go_on() {
    let mut dialog = greeted();
    say(&mut dialog, "I'd like to leave a message for Maria Chen.");
    say(&mut dialog, "Please ask her to call me back on 02-555-1234.");
    assert!(!dialog.lets_go_on("Yes."), "where a yes is asked for, it is an answer");
    assert!(kept(&say(&mut dialog, "Yes.")).is_some());
    assert!(dialog.lets_go_on("That's right."));
    assert!(!dialog.lets_go_on("Where is your office?") && !dialog.lets_go_on("No, thank you."));
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
    for _ in 0..5 {
        assert!(!transfers(&dialog.on(Input::Unclear)));
    }
    assert!(transfers(&dialog.on(Input::Unclear)), "whoever cannot be heard reaches somebody too");
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
fn a_yes_or_a_no_answers_whether_there_is_anything_else() {
    for (said, ends) in [("No.", true), ("Nope.", true), ("Not really.", true), ("Yes.", false), ("Yes, please.", false)] {
        let mut dialog = greeted();
        say(&mut dialog, "Do you take credit cards?");
        let step = say(&mut dialog, said);
        assert_eq!(hangs_up(&step).is_some(), ends, "{said}: {step:?}");
        assert!(ends || step.said().contains("How can I help"), "{said}: {step:?}");
    }
}

#[test]
fn two_wrong_read_backs_find_a_person() {
    let mut dialog = greeted();
    say(&mut dialog, "I'd like to leave a message for Maria Chen.");
    say(&mut dialog, "Please call me back on 02-555-1234.");
    assert!(!transfers(&say(&mut dialog, "Purple.")));
    assert!(transfers(&say(&mut dialog, "Elephants.")));
}

/// The message as it was dictated, before it was confirmed.
fn dictated() -> Dialog {
    let mut dialog = greeted();
    say(&mut dialog, "I'd like to leave a message for Maria Chen.");
    say(&mut dialog, "The boiler is leaking, call me back on 02-555-1234.");
    dialog
}

#[test]
fn a_message_that_was_not_confirmed_is_not_lost_however_the_call_ends() {
    let mut hung_up = dictated();
    let mut wants_a_person = dictated();
    assert!(transfers(&say(&mut wants_a_person, "Let me speak to a person.")));
    let mut pressed_zero = dictated();
    assert!(transfers(&key(&mut pressed_zero, '0')));
    let mut left = dictated();
    assert!(hangs_up(&say(&mut left, "Goodbye.")).is_some());
    for dialog in [&mut hung_up, &mut wants_a_person, &mut pressed_zero, &mut left] {
        let note = dialog.unfinished().expect("the message is there");
        assert!(note.text.contains("boiler") && !note.confirmed, "{note:?}");
        assert_eq!(dialog.unfinished(), None, "a message is kept once");
    }
}

#[test]
fn a_message_that_was_confirmed_is_kept_once() {
    let mut dialog = dictated();
    assert!(kept(&say(&mut dialog, "Yes, that's right.")).is_some());
    assert_eq!(dialog.unfinished(), None);
}

#[test]
fn a_new_message_does_not_replace_the_one_before() {
    let mut dialog = dictated();
    let note = kept(&key(&mut dialog, '1')).cloned().expect("the first one is kept");
    assert!(note.text.contains("boiler") && !note.confirmed);
}

#[test]
fn a_caller_whom_nobody_took_does_not_dictate_again() {
    let mut dialog = dictated();
    say(&mut dialog, "Let me speak to a person.");
    let step = dialog.on(Input::NobodyThere);
    assert!(kept(&step).is_some_and(|note| note.text.contains("boiler")), "{step:?}");
    assert!(step.said().contains("anything else"), "{step:?}");
}

/// A caller who was asked for their number.
fn asked_for_a_number() -> Dialog {
    let mut dialog = greeted();
    say(&mut dialog, "I'd like to leave a message for Maria Chen.");
    let step = say(&mut dialog, "The boiler is leaking.");
    assert!(step.said().contains("On which number"), "{step:?}");
    dialog
}

fn keys(dialog: &mut Dialog, keys: &str) -> Step {
    keys.chars().map(|pressed| key(dialog, pressed)).last().unwrap()
}

fn waits(step: &Step) -> bool {
    step.only_waits_for_keys().is_some()
}

#[test]
fn a_message_that_goes_on_after_a_pause_is_kept_whole() {
    let mut dialog = asked_for_a_number();
    let step = say(&mut dialog, "And it is dripping into the shop below.");
    assert!(step.said().contains("digits of your number"), "{step:?}");
    say(&mut dialog, "02-555-1234.");
    let note = kept(&say(&mut dialog, "Yes.")).cloned().unwrap();
    assert_eq!(note.text, "The boiler is leaking. And it is dripping into the shop below.");
    assert_eq!(note.callback.as_deref(), Some("025551234"));
}

#[test]
fn a_caller_without_a_number_is_not_asked_for_ever() {
    for answers in [&["No."][..], &["I am not able to give you one."], &["It is urgent.", "Really urgent."], &["Okay.", "Yes."]] {
        let mut dialog = asked_for_a_number();
        let last = answers.iter().map(|answer| say(&mut dialog, answer)).last().unwrap();
        assert!(last.said().contains("Is that right?"), "{answers:?}: {last:?}");
        let note = kept(&say(&mut dialog, "Yes.")).cloned().unwrap();
        let goes_on = answers.iter().any(|answer| note.text.contains(answer));
        assert_eq!(goes_on, answers[0].len() > 6, "{answers:?}: {note:?}");
        assert_eq!(note.callback, None);
    }
}

#[test]
fn a_number_can_be_pressed() {
    let mut dialog = asked_for_a_number();
    assert!(waits(&keys(&mut dialog, "0912345678")));
    let step = key(&mut dialog, '#');
    assert!(step.said().contains("zero nine one, two three four, five six seven eight"), "{step:?}");
    assert_eq!(kept(&say(&mut dialog, "Yes.")).unwrap().callback.as_deref(), Some("0912345678"));
}

#[test]
fn silence_ends_a_number_that_was_pressed_and_a_star_begins_it_anew() {
    let mut dialog = asked_for_a_number();
    assert!(waits(&keys(&mut dialog, "1119*0912345678")));
    let step = dialog.on(Input::Silence);
    assert!(step.said().contains("zero nine one, two three four"), "{step:?}");
}

#[test]
fn a_number_that_was_pressed_too_short_is_asked_again_and_then_a_person_is_found() {
    let mut dialog = asked_for_a_number();
    keys(&mut dialog, "091");
    let step = dialog.on(Input::Silence);
    assert!(step.said().contains("On which number"), "{step:?}");
    keys(&mut dialog, "0912");
    assert!(transfers(&key(&mut dialog, '#')));
}

#[test]
fn a_lone_zero_is_a_person_and_a_zero_with_more_is_a_number() {
    for end in [Input::Silence, Input::Key(Key::new('#').unwrap())] {
        let mut dialog = asked_for_a_number();
        assert!(waits(&key(&mut dialog, '0')));
        assert!(transfers(&dialog.on(end)));
        assert!(dialog.unfinished().is_some_and(|note| note.text.contains("boiler")));
    }
}

#[test]
fn a_number_is_pressed_where_the_message_is_asked_for_too() {
    let mut dialog = greeted();
    say(&mut dialog, "I'd like to leave a message for Maria Chen.");
    let step = keys(&mut dialog, "0912345678#");
    assert!(step.said().contains("your message"), "{step:?}");
    say(&mut dialog, "The boiler is leaking.");
    assert_eq!(kept(&say(&mut dialog, "Yes.")).unwrap().callback.as_deref(), Some("0912345678"));
}

#[test]
fn words_between_the_keys_cost_neither() {
    let mut dialog = greeted();
    say(&mut dialog, "I'd like to leave a message for Maria Chen.");
    keys(&mut dialog, "0912");
    assert!(waits(&say(&mut dialog, "The boiler is leaking.")));
    assert!(waits(&dialog.on(Input::Unclear)), "a cough");
    keys(&mut dialog, "345678");
    let step = say(&mut dialog, "And it is dripping.");
    assert!(step.said().contains("zero nine one") && step.said().contains("leaking. And it is dripping"), "{step:?}");
    assert_eq!(kept(&say(&mut dialog, "Yes.")).unwrap().callback.as_deref(), Some("0912345678"));
}

#[test]
fn nobody_presses_more_digits_than_a_number_has() {
    let mut dialog = asked_for_a_number();
    keys(&mut dialog, "01234567890123456789#");
    assert_eq!(kept(&say(&mut dialog, "Yes.")).unwrap().callback.as_deref(), Some("012345678901234"));
}

#[test]
fn a_caller_who_has_no_number_presses_the_hash_alone() {
    let step = key(&mut asked_for_a_number(), '#');
    assert!(step.said().contains("Is that right?"), "{step:?}");
}

/// A sentence that is about as close to two passages.
const AMBIGUOUS: &str = "How much do I pay for parking?";

fn choices(step: &Step) -> Option<&[Choice]> {
    step.actions.iter().find_map(|action| if let Action::Classify(question) = action { Some(question.choices.as_slice()) } else { None })
}

#[test]
fn the_language_model_chooses_between_what_is_about_as_close() {
    let step = say(&mut greeted(), AMBIGUOUS);
    let choices = choices(&step).expect("the model is asked").to_vec();
    assert!(step.actions.len() == 1 && choices.len() > 1, "{step:?}");
    assert!(choices.is_sorted_by(|a, b| a.likely >= b.likely), "{choices:?}");
    let parking = choices.iter().position(|choice| choice.means.starts_with("Parking (")).expect("parking is among them");
    for (place, choice) in choices.iter().enumerate() {
        let mut dialog = greeted();
        say(&mut dialog, AMBIGUOUS);
        let step = dialog.on(Input::Classified(Some(place)));
        assert_eq!(step.said().contains("behind the building"), place == parking, "{place}: {step:?}");
        assert_eq!(step.source.is_some(), choice.means.to_lowercase().starts_with(&step.understood), "{step:?}");
    }
}

#[test]
fn a_model_that_chooses_none_of_them_is_a_failure_to_understand() {
    let mut dialog = greeted();
    say(&mut dialog, AMBIGUOUS);
    let step = dialog.on(Input::Classified(None));
    assert!(step.said().contains("did not understand"), "{step:?}");
    say(&mut dialog, AMBIGUOUS);
    assert!(transfers(&dialog.on(Input::Classified(None))));
}

#[test]
fn what_is_said_while_the_model_chooses_belongs_to_the_sentence() {
    let mut dialog = greeted();
    say(&mut dialog, AMBIGUOUS);
    let step = say(&mut dialog, "I want to leave a message for Maria.");
    assert!(step.said().contains("message for Maria"), "{step:?}");
    let mut dialog = greeted();
    say(&mut dialog, AMBIGUOUS);
    key(&mut dialog, '9');
    assert_eq!(dialog.on(Input::Classified(Some(0))).actions, []);
}

#[test]
fn a_choice_that_comes_too_late_changes_nothing() {
    let mut dialog = greeted();
    key(&mut dialog, '1');
    assert_eq!(dialog.on(Input::Classified(Some(0))).actions, []);
    say(&mut dialog, "For Maria.");
    say(&mut dialog, "The boiler is leaking.");
    assert!(dialog.unfinished().is_some_and(|note| note.text.contains("boiler")));
}

#[test]
fn the_person_is_called_as_the_configuration_calls_them() {
    let scenario = Scenario::clone(&reception()).with_person_called("the front desk");
    assert_eq!(scenario.transfer_line(), "I am calling the front desk for you. One moment, please.");
    assert!(scenario.fixed_lines().contains(&scenario.transfer_line()), "nobody waits for it");
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
fn a_caller_who_says_nothing_is_asked_again_told_the_keys_offered_a_person_and_then_let_go() {
    let mut dialog = greeted();
    for offered in ["still there", "keys", "person"] {
        let step = dialog.on(Input::Silence);
        assert!(step.said().contains(offered) && hangs_up(&step).is_none(), "{step:?}");
    }
    assert_eq!(hangs_up(&dialog.on(Input::Silence)), Some(Farewell::Silence));
}

#[test]
fn a_caller_who_talks_to_somebody_else_is_waited_for_and_told_so_once() {
    let mut dialog = greeted();
    dialog.on(Input::Unclear);
    assert!(dialog.on(Input::Unclear).said().contains("still here"));
    assert_eq!(dialog.on(Input::Unclear).said(), "");
    let step = say(&mut dialog, "Where is your office?");
    assert!(step.said().contains("library"), "{step:?}");
}

#[test]
fn an_announcement_that_comes_back_for_ever_ends_with_a_person() {
    let mut dialog = greeted();
    for _ in 0..5 {
        let step = say(&mut dialog, "Hold on, please.");
        assert!(step.understood == "aside" && step.said().is_empty(), "{step:?}");
        dialog.on(Input::Silence);
    }
    assert!(transfers(&say(&mut dialog, "Hold on, please.")));
    let mut dialog = greeted();
    for _ in 0..5 {
        say(&mut dialog, "Hold on, please.");
    }
    say(&mut dialog, "Where exactly is your office?");
    assert!(!transfers(&say(&mut dialog, "Hold on, please.")), "who came back is waited for again");
}

#[test]
fn a_murmur_that_asks_hears_it_again() {
    let mut dialog = greeted();
    assert!(say(&mut dialog, "Hm.").said().is_empty());
    let greeting = dialog.on(Input::heard("Hm?")).said();
    assert!(!greeting.is_empty(), "it is not waited out");
    say(&mut dialog, "Where exactly is your office?");
    assert!(say(&mut dialog, "Hm?").said().contains("12 Station Road"));
}

#[test]
fn an_answer_to_a_read_back_that_is_not_sure_hears_what_was_read_back() {
    let mut dialog = dictated();
    let read_back = dialog.on(Input::Unsure).said();
    assert!(read_back.starts_with("Please say yes or no.") && read_back.contains("boiler"), "{read_back}");
    assert!(kept(&say(&mut dialog, "Yes.")).is_some());
}

#[test]
fn signs_of_listening_are_no_turns() {
    let dialog = greeted();
    assert!(dialog.lets_go_on("Uh-huh.") && dialog.lets_go_on("Okay."));
    assert!(!dialog.lets_go_on("Uh-huh, but wait."));
}

#[test]
fn after_the_last_words_nothing_more_is_said() {
    let mut dialog = greeted();
    assert_eq!(hangs_up(&say(&mut dialog, "Goodbye.")), Some(Farewell::Goodbye));
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
