//! What a message is made of.

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
    for _ in 0..MOST_NOT_WHOLE {
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
