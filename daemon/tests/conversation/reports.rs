//! What becomes of calls, as their dialogs tell it: goals, slots, marks and what went badly.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use switchhook::dialog::rehearsal::Rehearsal;
use switchhook::dialog::report::{Close, Goal, Missed, Rating, Report, Tag};
use switchhook::dialog::{Action, Circumstances, Input, Scenario, ScenarioError};
use switchhook::lines::Key;
use switchhook_models::Locale;

const SCENARIO: &str =
    "goal: A table is reserved.\nsuccess: [reserved, answered]\nsatisfaction: ask\nlanguages: [en, zh-TW]\nperson: boss\nattempts: 3
slots: {party: {kind: number, least: 1, most: 12}, date: {kind: date}}
flows:
  reserve: [{collect: [date, party]}, {confirm: right}, {ask: {question: window, no: [{end: no-window}]}}, {end: reserved}]\n";

const ENGLISH: &str = "ask-date = Which day?\nask-party = How many people?\nright = { $party } people on { $date }. Is that right?\nwindow = By the window?\n";
const MANDARIN: &str = "ask-date = 請問哪一天？\nask-party = 請問幾位？\nright = { $date }，{ $party }位，對嗎？\nwindow = 要靠窗嗎？\n";

fn written(dir: &Path, scenario: &str) {
    let files = [
        ("scenario.yaml", scenario),
        ("lang/en.ftl", ENGLISH),
        ("lang/zh-TW.ftl", MANDARIN),
        ("lang/en.yaml", "flows: {reserve: {means: reserve a table, words: [reserve, a table]}}\n"),
        ("lang/zh-TW.yaml", "flows: {reserve: {means: 訂位, words: [訂位]}}\n"),
        ("knowledge/en/house.md", "# House\n\n## Parking\n- Where can I park?\n\nYou can park behind the house.\n"),
        ("knowledge/zh-TW/house.md", "# 房屋\n\n## 停車\n- 哪裡可以停車？\n\n停在屋後。\n"),
    ];
    for (name, text) in files {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn loaded(scenario: &str, locale: Locale) -> Result<Scenario, ScenarioError> {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path(), scenario);
    Scenario::load(dir.path(), locale)
}

/// What becomes of a call in which the caller says this.
fn held(locale: Locale, said: &[&str], close: Close) -> (Report, String) {
    let scenario = Arc::new(loaded(SCENARIO, locale).unwrap());
    let (mut robot, _) = Rehearsal::begin(scenario, Circumstances::at("2026-01-05T10:00[Asia/Taipei]".parse().unwrap()));
    let mut last = String::new();
    for said in said {
        let input = match said.strip_prefix("key ") {
            Some(key) => Input::Key(Key::new(key.chars().next().unwrap()).unwrap()),
            None if said.is_empty() => Input::Silence,
            None => Input::heard(*said),
        };
        last = robot.on(input).said();
    }
    (robot.report(close), last)
}

#[test]
fn a_table_that_is_reserved_is_reported_with_what_was_told() {
    let (report, _) =
        held(Locale::En, &["I'd like to reserve a table", "tomorrow", "four people", "yes", "yes", "no thanks", "five"], Close::Left);
    assert_eq!(report.goal, Goal::Reached(vec!["reserved".into()]), "{report:?}");
    let told = serde_json::to_value(&report.errands[0].told).unwrap();
    assert_eq!(told, serde_json::json!({ "date": "2026-01-06", "party": 4 }));
    assert_eq!(report.satisfaction.map(Rating::get), Some(5));
    assert!(report.summary.contains("reserve a table, and it is done"), "{}", report.summary);
    assert_eq!(report.tags, []);
}

#[test]
fn a_result_that_does_not_count_is_no_success() {
    let (report, _) = held(Locale::En, &["reserve a table", "tomorrow", "four", "yes", "no"], Close::Left);
    assert_eq!(report.goal, Goal::Missed(Missed::OtherResult));
}

#[test]
fn who_leaves_halfway_has_told_what_they_told() {
    let (report, _) = held(Locale::En, &["reserve a table", "tomorrow"], Close::Left);
    assert_eq!(report.goal, Goal::Missed(Missed::LeftHalfway));
    assert_eq!(report.errands[0].told.len(), 1);
    assert!(report.summary.starts_with("The caller wants to reserve a table. They said:"), "{}", report.summary);
}

#[test]
fn a_caller_who_wants_a_person_in_the_middle_is_told_of_to_that_person() {
    let scenario = Arc::new(loaded(SCENARIO, Locale::ZhTw).unwrap());
    let (mut robot, _) = Rehearsal::begin(scenario, Circumstances::at("2026-01-05T10:00[Asia/Taipei]".parse().unwrap()));
    robot.on(Input::heard("我要訂位"));
    robot.on(Input::heard("明天"));
    assert!(robot.on(Input::heard("我要找真人")).actions.iter().any(|action| matches!(action, Action::Transfer(_))));
    let report = robot.report(Close::Transferred);
    assert!(report.summary.starts_with("來電者想要訂位。對方說："), "{}", report.summary);
    assert!(!report.goal.is_reached(), "this office does not count it");
}

#[test]
fn what_went_badly_is_taken_from_words_alone() {
    let asked_again = ["reserve a table", "hm well the thing is blue"];
    let annoyed = ["reserve a table", "I already told you, tomorrow"];
    let misheard = ["reserve a table", "tomorrow", "four", "no, five"];
    let silent = ["reserve a table", ""];
    for (said, tag) in
        [(&asked_again[..], Tag::RepeatedQuestion), (&annoyed, Tag::Frustrated), (&misheard, Tag::Misheard), (&silent, Tag::DeadAir)]
    {
        let (report, _) = held(Locale::En, said, Close::Left);
        assert_eq!(report.tags, [tag], "{said:?}");
    }
    let (report, _) = held(Locale::ZhTw, &["我要訂位", "我剛剛說過了"], Close::Left);
    assert!(report.tags.contains(&Tag::Frustrated));
}

#[test]
fn how_well_a_call_helped_is_asked_once_and_never_guessed() {
    for (answer, mark) in
        [("four", Some(4)), ("a five", Some(5)), ("key 3", Some(3)), ("key 9", None), ("wonderful", None), ("", None), ("seven", None)]
    {
        let (report, last) = held(Locale::En, &["Where can I park?", "no thanks", answer], Close::Left);
        assert_eq!(report.satisfaction.map(Rating::get), mark, "{answer:?}");
        assert!(!last.contains("from one to five"), "{answer:?}: {last}");
    }
    for (answer, mark) in [("五", 5), ("四分", 4)] {
        let (report, _) = held(Locale::ZhTw, &["哪裡可以停車", "沒有了", answer], Close::Left);
        assert_eq!(report.satisfaction.map(Rating::get), Some(mark), "{answer}");
    }
}

#[test]
fn a_mark_that_is_not_sure_is_asked_for_once_more() {
    let asked = || {
        let scenario = Arc::new(loaded(SCENARIO, Locale::En).unwrap());
        let (mut robot, _) = Rehearsal::begin(scenario, Circumstances::at("2026-01-05T10:00[Asia/Taipei]".parse().unwrap()));
        for said in ["Where can I park?", "no thanks"] {
            robot.on(Input::heard(said));
        }
        let again = robot.on(Input::Unsure);
        assert!(again.said().contains("from one to five") && !again.actions.iter().any(|action| matches!(action, Action::HangUp(_))));
        robot
    };
    let mut marked = asked();
    marked.on(Input::heard("four"));
    assert_eq!(marked.report(Close::Left).satisfaction.map(Rating::get), Some(4));
    let mut never_sure = asked();
    assert!(never_sure.on(Input::Unsure).actions.iter().any(|action| matches!(action, Action::HangUp(_))), "and not a third time");
}

#[test]
fn who_wanted_nothing_is_not_asked_how_well_it_went() {
    let (_, last) = held(Locale::En, &["goodbye"], Close::Left);
    assert!(!last.contains("from one to five"), "{last}");
}

#[test]
fn a_measure_of_success_that_no_call_can_reach_is_told_with_its_line() {
    let fault = loaded(&SCENARIO.replace("[reserved, answered]", "[reservd]"), Locale::En).unwrap_err().to_string();
    assert!(fault.contains(":2") && fault.contains("`reservd`") && fault.contains("no-window"), "{fault}");
}
