#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::{Just, Strategy, prop_assert, prop_oneof};
use switchhook_models::Locale;

use super::*;
use crate::dialog::report::{Close, HandOverEnd, Tag};
use crate::dialog::{Circumstances, Folder, Input, Note, Page, Scenario};

const OFFICE: &str = "
  hours: {mon-fri: 9:00-17:00}
  human-only: {mon: 9:00-10:00}
  robot-only: {mon-fri: 12:00-13:00}
  busy-from: 3
  queues: {workshop: {people: [maria, boss], names: {en: [the workshop]}, for: [repair, complaint]}}
  staff: {maria: {names: {en: [Maria Chen, Maria]}, target: maria-phone, hours: {tue: 9:00-11:00}}}
";

fn scenario(office: &str, flows: &str, wording: &str) -> Arc<Scenario> {
    let page = |name: &str, text: String| Page { path: PathBuf::from(name), text };
    let file = format!("goal: test\nlanguages: [en]\nperson: desk\noffice:{office}\nflows:\n  repair:{flows}\n");
    let folder = Folder {
        path: PathBuf::from("test"),
        scenario: page("scenario.yaml", file),
        wording: page("en.ftl", wording.to_owned()),
        callers: page("en.yaml", "flows: {repair: {words: [repair]}}\n".to_owned()),
        knowledge: vec![],
    };
    let scenario = Scenario::check(&folder, Locale::En).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(Path::new("test"), folder.path);
    Arc::new(scenario)
}

fn dialog(office: &str, now: &str) -> Dialog {
    called_in(office, "\n    - ask: {question: sure, yes: [{end: done}]}", "sure = Sure?\n", now, 1)
}

fn called_in(office: &str, flows: &str, wording: &str, now: &str, calls: usize) -> Dialog {
    let now = format!("{now}[Asia/Taipei]").parse().unwrap();
    Dialog::new(scenario(office, flows, wording), Circumstances::at(now).one_of(calls))
}

fn passed_to(step: &Step) -> Option<&str> {
    step.actions.iter().find_map(|action| if let Action::Transfer(who) = action { Some(who.as_str()) } else { None })
}

fn kept(step: &Step) -> Option<&Note> {
    step.actions.iter().find_map(|action| if let Action::Keep(note) = action { Some(note) } else { None })
}

#[test]
fn in_human_only_hours_a_person_has_the_call_at_once() {
    assert_eq!(passed_to(&dialog(OFFICE, "2026-11-23T09:30").on(Input::Disclosed)), Some("desk"));
    assert_eq!(passed_to(&dialog(OFFICE, "2026-11-23T10:30").on(Input::Disclosed)), None);
}

#[test]
fn in_robot_only_hours_nobody_is_tried_and_callers_hear_until_when() {
    let mut dialog = dialog(OFFICE, "2026-11-24T12:10");
    dialog.on(Input::Disclosed);
    let step = dialog.on(Input::heard("Let me talk to a person."));
    assert_eq!(passed_to(&step), None);
    assert!(step.said().contains("again today at one"), "{step:?}");
}

#[test]
fn whoever_is_asked_for_by_name_is_tried_in_their_own_hours() {
    let mut there = dialog(OFFICE, "2026-11-24T09:30");
    there.on(Input::Disclosed);
    let step = there.on(Input::heard("Could I speak to Maria, please?"));
    assert!(passed_to(&step) == Some("maria-phone") && step.said().contains("Maria Chen"), "{step:?}");
    let mut away = dialog(OFFICE, "2026-11-25T09:30");
    away.on(Input::Disclosed);
    let step = away.on(Input::heard("Could I speak to Maria, please?"));
    assert!(passed_to(&step).is_none() && step.said().contains("your message for Maria Chen"), "{step:?}");
    assert!(step.said().contains("Tuesday the first of December at nine"), "{step:?}");
}

#[test]
fn a_flow_has_the_queue_that_looks_after_it_and_the_queue_has_an_order() {
    let mut dialog = dialog(OFFICE, "2026-11-24T09:30");
    dialog.on(Input::Disclosed);
    dialog.on(Input::heard("I need a repair."));
    let step = dialog.on(Input::heard("I want a person."));
    assert!(passed_to(&step) == Some("maria-phone") && step.said().contains("the workshop"), "{step:?}");
    let step = dialog.on(Input::NobodyThere);
    assert_eq!(passed_to(&step), Some("boss"));
    let step = dialog.on(Input::NobodyThere);
    assert!(passed_to(&step).is_none() && step.said().contains("your message for the workshop"), "{step:?}");
    dialog.on(Input::heard("It drips. My number is 02-555-1234."));
    let step = dialog.on(Input::heard("Yes."));
    let promised = kept(&step).unwrap().promised.as_ref().unwrap();
    assert_eq!(promised.datetime().to_string(), "2026-11-24T13:30:00");
}

#[test]
fn a_complaint_goes_to_the_queue_that_looks_after_complaints() {
    let mut dialog = dialog(OFFICE, "2026-11-24T09:30");
    dialog.on(Input::Disclosed);
    assert!(dialog.on(Input::heard("I want to complain.")).said().contains("your message for the workshop"));
}

#[test]
fn a_flow_forks_by_hours_and_by_how_busy_it_is_and_says_when() {
    let flows = "\n    - decide: {open: workshop, then: [{say: open}], else: [{say: shut}]}\n    - decide: {busy: true, then: [{say: busy}]}\n    - end: done";
    let wording = "open = Open until { $closes }.\nshut = Closed until { $next-open }.\nbusy = Busy.\n";
    let said = |now, calls| {
        let mut dialog = called_in(OFFICE, flows, wording, now, calls);
        dialog.on(Input::Disclosed);
        dialog.on(Input::heard("I need a repair.")).said()
    };
    assert!(said("2026-11-24T09:30", 1).starts_with("Open until today at five. Is there"));
    assert!(said("2026-11-24T18:30", 3).starts_with("Closed until tomorrow at nine. Busy."));
}

#[test]
fn an_office_that_states_nothing_promises_nothing() {
    let mut dialog = dialog(" {}", "2026-11-28T03:00");
    dialog.on(Input::Disclosed);
    assert_eq!(passed_to(&dialog.on(Input::heard("A person, please."))), Some("desk"));
    let step = dialog.on(Input::NobodyThere);
    assert!(!step.said().contains("called back"), "{step:?}");
}

#[test]
fn a_person_who_was_wanted_after_failures_in_a_form_is_not_followed_by_the_same_question() {
    let mut dialog = dialog(OFFICE, "2026-11-24T18:30");
    dialog.on(Input::Disclosed);
    dialog.on(Input::heard("I need a repair."));
    dialog.on(Input::heard("Purple."));
    assert!(dialog.on(Input::heard("Elephants.")).said().contains("your message for the workshop"));
    dialog.on(Input::heard("The boiler leaks, call me on 02-555-1234."));
    let step = dialog.on(Input::heard("Yes."));
    assert!(kept(&step).is_some() && !step.said().contains("Sure?"), "{step:?}");
}

#[test]
fn what_an_office_does_not_have_cannot_be_said() {
    let page = |text: &str| Page { path: PathBuf::from("x"), text: text.to_owned() };
    let check = |file: &str, wording: &str| {
        let folder = Folder { path: "t".into(), scenario: page(file), wording: page(wording), callers: page(""), knowledge: vec![] };
        Scenario::check(&folder, Locale::En).map(|_| ()).unwrap_err().to_string()
    };
    let plain = "goal: t\nlanguages: [en]\nperson: desk\n";
    assert!(check(plain, "greeting-closed = Closed.\n").contains("office: hours"));
    assert!(check(&format!("{plain}flows: {{a: [{{say: b}}]}}\n"), "b = Open { $next-open }\n").contains("next-open"));
    assert!(check(&format!("{plain}slots: {{holiday: {{kind: text}}}}\n"), "").contains("a name of the robot's own"));
}

/// Whatever a caller may do in an office at any time.
fn inputs() -> impl Strategy<Value = Vec<Input>> {
    let said = proptest::sample::select(vec![
        "a person",
        "speak to maria",
        "the workshop please",
        "i need a repair",
        "leave a message for sam",
        "the boiler leaks",
        "02-555-1234",
        "yes",
        "no",
        "slower please",
        "speak chinese",
        "is this recorded",
        "delete my data",
        "you idiot",
        "goodbye",
        "i want to complain",
        "what",
        "repeat that",
    ]);
    let one = prop_oneof![
        8 => said.prop_map(Input::heard),
        1 => "\\PC{0,30}".prop_map(|said: String| Input::heard(said)),
        1 => "[0-9*#]".prop_map(|key| Input::Key(crate::lines::Key::new(key.chars().next().unwrap()).unwrap())),
        1 => Just(Input::Silence),
        1 => Just(Input::Unclear),
        1 => Just(Input::Unsure),
    ];
    proptest::collection::vec(one, 0..25)
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whenever somebody calls, and whatever they do: there is an answer, nobody is tried whose hours are over, and whoever nobody took can leave a message.
    #[test]
    fn whenever_a_caller_calls_there_is_a_next_rung(hour in 0u32..168, inputs in inputs()) {
        let now: Zoned = "2026-11-23T00:00[Asia/Taipei]".parse().unwrap();
        let now = now.checked_add(jiff::SignedDuration::from_hours(i64::from(hour))).unwrap();
        let scenario = scenario(OFFICE, "\n    - ask: {question: sure, yes: [{message}, {end: done}]}", "sure = Sure?\n");
        let open = |who: &str| match who { "maria-phone" => "maria", "boss" => "workshop", other => other }.to_owned();
        let mut dialog = Dialog::new(Arc::clone(&scenario), Circumstances::at(now.clone()));
        let mut step = dialog.on(Input::Disclosed);
        for input in inputs {
            for _ in 0..3 {
                let Some(who) = passed_to(&step).map(open) else { break };
                prop_assert!(matches!(scenario.office.reach(&who, &now), Reach::Now(_)), "{who} at {now}");
                step = dialog.on(Input::NobodyThere);
            }
            // Whoever talks to somebody else is left in peace.
            let waits = step.only_waits_for_keys().is_some() || step.understood == "aside";
            prop_assert!(!step.said().is_empty() || waits, "{step:?}");
            if step.actions.iter().any(|action| matches!(action, Action::HangUp(_))) {
                return Ok(());
            }
            step = dialog.on(input);
            while let Some(closest) = step.actions.iter().find_map(Action::without_a_model) {
                step = dialog.on(closest);
            }
        }
    }
}

#[test]
fn who_takes_over_hears_the_emergency_the_number_and_who_was_tried() {
    let now = "2026-11-24T09:30[Asia/Taipei]".parse().unwrap();
    let call = Circumstances::at(now).with_number(Some("+886227345678".into()));
    let mut dialog = Dialog::new(scenario(OFFICE, "\n    - end: done", ""), call);
    dialog.on(Input::Disclosed);
    dialog.on(Input::heard("Help, there is a fire!"));
    dialog.handed_over("boss", HandOverEnd::Unanswered, Duration::from_secs(20));
    let summary = dialog.summary();
    assert!(summary.contains("an emergency") && summary.contains("two two, seven three four"), "{summary}");
    assert!(summary.contains("boss did not take the call"), "{summary}");
    dialog.handed_over("boss", HandOverEnd::Accepted, Duration::from_secs(20));
    let report = dialog.report(Close::Transferred);
    assert_eq!(report.hand_overs.len(), 2);
    assert!(report.tags.contains(&Tag::LongWait), "{:?}", report.tags);
}

#[test]
fn what_a_line_calls_its_caller_is_told_only_if_it_is_a_number() {
    for (number, told) in [(Some("caller"), false), (None, false), (Some("0227345678"), true)] {
        let now = "2026-11-24T09:30[Asia/Taipei]".parse().unwrap();
        let call = Circumstances::at(now).with_number(number.map(str::to_owned));
        let summary = Dialog::new(scenario(OFFICE, "\n    - end: done", ""), call).summary();
        assert_eq!(summary.contains("number is"), told, "{summary}");
    }
}

#[test]
fn a_colleague_is_told_in_the_office_s_language_whatever_the_caller_speaks() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/appointment");
    let mandarin = Arc::new(Scenario::load(&folder, Locale::ZhTw).unwrap());
    let english = Arc::new(Scenario::load(&folder, Locale::En).unwrap().with_others(vec![mandarin]));
    let mut dialog = Dialog::new(english, Circumstances::at("2026-11-24T09:30[Asia/Taipei]".parse().unwrap()));
    dialog.on(Input::Disclosed);
    let step = dialog.on(Input::heard("請說中文"));
    assert!(step.actions.contains(&Action::Language(Locale::ZhTw)), "{step:?}");
    dialog.on(Input::heard("我想預約洗牙"));
    let summary = dialog.summary();
    assert!(summary.contains("The caller wants to") && summary.is_ascii(), "{summary}");
}

#[test]
fn who_waits_for_a_person_may_rather_leave_a_message_for_them_with_the_promise() {
    let mut dialog = dialog(OFFICE, "2026-11-24T09:30");
    dialog.on(Input::Disclosed);
    assert!(passed_to(&dialog.on(Input::heard("Could I speak to Maria, please?"))).is_some());
    assert_eq!(dialog.on(Input::heard("Hello? Hello?")).actions, [], "waiting goes on");
    let step = dialog.on(Input::heard("I'd rather leave a message."));
    assert!(step.actions[0] == Action::CallOff && step.said().contains("your message for Maria Chen"), "{step:?}");
    dialog.on(Input::heard("The roof leaks, call me on 02-555-1234."));
    let step = dialog.on(Input::heard("Yes."));
    assert!(kept(&step).is_some_and(|note| note.about == About::CallBack && note.promised.is_some()), "{step:?}");
}
