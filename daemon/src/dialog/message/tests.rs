//! What a message is made of.

use switchhook_models::Locale;

use super::*;
use crate::dialog::slots::{Objection, PartName};

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
    form.fill(Slot::Text, "Please ask her to call me back on 02-555-1234.", Reply::Other, Locale::En);
    assert_eq!(form.missing(), Slot::Confirmation);
    assert_eq!(callback(&form).as_deref(), Some("025551234"));
}

#[test]
fn a_number_in_a_no_corrects_the_number_alone() {
    let mut form = Form::addressed_to("Maria");
    form.fill(Slot::Text, "Call me on 02 555 1234", Reply::Other, Locale::En);
    form.correct("No, that's not correct. It's 02 555 1243.", Locale::En);
    assert_eq!(form.missing(), Slot::Confirmation);
    assert_eq!(callback(&form).as_deref(), Some("025551243"));
    form.correct("No.", Locale::En);
    assert_eq!(form.missing(), Slot::Text);
}

fn digits(form: &Form) -> Option<String> {
    form.begun().map(|part| if let Part::Digits { told, .. } = part { told.clone() } else { String::new() })
}

#[test]
fn a_number_that_no_country_has_is_asked_for_again() {
    let mut form = Form::addressed_to("陳小姐");
    form.fill(Slot::Text, "請他再把合約寄給我我的電話是096013251", Reply::Other, Locale::ZhTw);
    assert_eq!((form.missing(), digits(&form).as_deref()), (Slot::Number, Some("")));
    form.fill(Slot::Number, "0960", Reply::Other, Locale::ZhTw);
    assert_eq!(form.missing(), Slot::Number);
    form.fill(Slot::Number, "132511", Reply::Other, Locale::ZhTw);
    assert_eq!((form.missing(), callback(&form).as_deref()), (Slot::Confirmation, Some("0960132511")));
}

#[test]
fn who_insists_on_an_odd_number_has_it_read_back() {
    let mut form = Form::addressed_to("Maria");
    form.fill(Slot::Text, "The boiler is leaking.", Reply::Other, Locale::En);
    for _ in 0..callback::MOST_IN_VAIN {
        form.fill(Slot::Number, "555 1234", Reply::Other, Locale::En);
        assert_eq!(form.missing(), Slot::Number);
    }
    form.fill(Slot::Number, "555 1234", Reply::Other, Locale::En);
    assert_eq!((form.missing(), callback(&form).as_deref()), (Slot::Confirmation, Some("5551234")));
}

#[test]
fn a_correction_that_is_not_whole_or_changes_nothing_asks_for_the_number() {
    for said in ["不是是096013251", "不對電話是0960132519"] {
        let mut form = Form::addressed_to("陳小姐");
        form.fill(Slot::Text, "我的電話是0960132519", Reply::Other, Locale::ZhTw);
        assert_eq!(form.missing(), Slot::Confirmation);
        assert_eq!(form.correct(said, Locale::ZhTw), Corrected::NumberInVain, "{said}");
        assert_eq!(form.missing(), Slot::Number, "{said}");
        form.fill(Slot::Number, "0960132511", Reply::Other, Locale::ZhTw);
        assert_eq!(callback(&form).as_deref(), Some("0960132511"));
    }
}

#[test]
fn a_number_in_groups_goes_on_until_it_is_whole() {
    let mut form = Form::addressed_to("Maria");
    form.fill(Slot::Text, "The boiler is leaking.", Reply::Other, Locale::En);
    for group in ["two one two", "five five five", "zero one"] {
        form.fill(Slot::Number, group, Reply::Other, Locale::En);
        assert_eq!((form.missing(), form.callback.grows()), (Slot::Number, true), "{group}");
    }
    form.fill(Slot::Number, "four two", Reply::Other, Locale::En);
    assert_eq!((form.missing(), callback(&form).as_deref()), (Slot::Confirmation, Some("2125550142")));
}

#[test]
fn a_number_that_stays_too_short_ends_in_the_message() {
    let mut form = Form::addressed_to("Maria");
    form.fill(Slot::Text, "The boiler is leaking.", Reply::Other, Locale::En);
    for _ in 0..=callback::MOST_IN_VAIN {
        form.fill(Slot::Number, "My extension is 4711", Reply::Other, Locale::En);
        assert_eq!(form.missing(), Slot::Number);
    }
    form.fill(Slot::Number, "My extension is 4711", Reply::Other, Locale::En);
    assert_eq!((form.missing(), callback(&form)), (Slot::Confirmation, None));
    assert!(form.text.is_some_and(|text| text.ends_with("4711")), "what was said is not lost");
}

#[test]
fn digits_in_a_yes_are_a_number_only_if_they_are_told_as_one() {
    for (said, corrected) in [
        ("Yes, it's about invoice 4711.", false),
        ("Yes, but the number is 555 0142.", true),
        ("Yes, but call me on 212 555 0199.", true),
        ("Yes, 212 555 0142.", false),
        ("555 0143", true),
    ] {
        let mut form = Form::addressed_to("Maria");
        form.fill(Slot::Text, "Call me on 212 555 0142.", Reply::Other, Locale::En);
        assert_eq!(form.is_corrected_by(said, Locale::En), corrected, "{said}");
    }
}

#[test]
fn a_part_that_is_named_is_asked_for_again_and_the_others_stay() {
    let told = || {
        let mut form = Form::addressed_to("Maria");
        form.fill(Slot::Text, "The boiler is leaking, call me on 212 555 0142.", Reply::Other, Locale::En);
        form
    };
    let mut form = told();
    assert_eq!(form.correct("No, the phone number is wrong.", Locale::En), Corrected::Part);
    assert_eq!((form.missing(), form.text.is_some()), (Slot::Number, true));
    for (objection, missing) in [
        (Objection::To(PartName::Number), Slot::Number),
        (Objection::To(PartName::Name), Slot::Recipient),
        (Objection::To(PartName::Text), Slot::Text),
        (Objection::None, Slot::Confirmation),
        (Objection::Unknown, Slot::Confirmation),
    ] {
        let mut form = told();
        assert_eq!((form.correct("No.", Locale::En), form.missing()), (Corrected::Message, Slot::Text));
        assert!(form.takes_back(objection));
        assert_eq!(form.missing(), missing, "{objection:?}");
    }
}

#[test]
fn digits_of_something_else_are_no_number() {
    let mut form = Form::addressed_to("Maria");
    form.fill(Slot::Text, "It is about invoice 123456.", Reply::Other, Locale::En);
    assert_eq!((form.missing(), form.begun()), (Slot::Number, None));
}

proptest::proptest! {
    #[test]
    fn no_answer_is_too_odd(said in "\\PC{0,100}") {
        for language in Locale::ALL {
            let mut form = Form::begun_by(&said, language.language());
            for slot in [Slot::Recipient, Slot::Text, Slot::Number] {
                form.fill(slot, &said, Reply::Other, language);
                form.press('1');
            }
            form.correct(&said, language);
        }
    }
}
