//! Mistakes of an office's: each is told with its file, its line and how to mend it.
#![allow(clippy::unwrap_used)]
use super::*;

fn page(path: &str, text: &str) -> Page {
    Page { path: Path::new("clinic").join(path), text: text.to_owned() }
}

/// A scenario in English and in Taiwan's Mandarin, with this more of `scenario.yaml` from its fourth line on, read for one language.
fn read(language: Locale, more: &str, wording: &str, callers: &str) -> Result<Scenario, ScenarioError> {
    let scenario = page("scenario.yaml", &format!("goal: t\nlanguages: [en, zh-TW, zh-CN]\nperson: desk\n{more}"));
    // Mandarin is written once, as offices do.
    let tag = if language == Locale::En { "en" } else { "zh-TW" };
    let (wording, callers) = (page(&format!("lang/{tag}.ftl"), wording), page(&format!("lang/{tag}.yaml"), callers));
    Scenario::check(&Folder { path: "clinic".into(), scenario, wording, callers, knowledge: vec![] }, language)
}

/// What is told of a mistake: all of this.
fn is_told(fault: Result<Scenario, ScenarioError>, parts: &[&str]) {
    let told = fault.unwrap_err().to_string();
    for part in parts {
        assert!(told.contains(part), "{part} is missing in: {told}");
    }
}

#[test]
fn no_slot_takes_over_a_question_of_the_robot_s() {
    for name in ["number", "day", "time", "message", "recipient", "half", "rest", "yes-no", "satisfaction", "mark-again"] {
        let question = format!("`ask-{name}`");
        let told = ["clinic/scenario.yaml:5: ", question.as_str(), "choose another name"];
        is_told(read(Locale::En, &format!("slots:\n  {name}: {{kind: text}}\n"), "", ""), &told);
        let survey = format!("flows:\n  f: [survey: {{question: {name}, scale: 1-5}}]\n");
        is_told(read(Locale::En, &survey, "", "flows: {f: {words: [survey]}}\n"), &told);
    }
}

/// What else there is to choose.
const RIM: &str = "{id: rim, names: {en: [rim], zh-TW: [鋼圈], zh-CN: [钢圈]}}";

#[test]
fn what_is_chosen_from_has_names_in_every_language_of_the_scenario() {
    let part = |names: &str| format!("slots:\n  part: {{kind: choice, options: [{{id: tyre, names: {names}}}, {RIM}]}}\n");
    let english_alone = read(Locale::En, &part("{en: [tyre]}"), "", "");
    is_told(english_alone, &["clinic/scenario.yaml:5: ", "`tyre` has no names in zh-TW", "`zh-TW: [NAME]`"]);
    is_told(read(Locale::ZhCn, &part("{zh-TW: [輪胎]}"), "", ""), &["`tyre` has no names in en"]);
}

#[test]
fn what_is_chosen_from_is_named_once_for_both_scripts_of_mandarin() {
    let names = |written: &str, language| {
        let slots = format!("slots:\n  part: {{kind: choice, options: [{{id: tyre, names: {{en: [tyre], {written}}}}}, {RIM}]}}\n");
        let scenario = read(language, &slots, "", "").unwrap();
        let Kind::Choice(options) = &scenario.slots[0].1 else { unreachable!() };
        options[0].names(language).to_vec()
    };
    assert_eq!(names("zh-TW: [輪胎]", Locale::ZhCn), ["轮胎"]);
    assert_eq!(names("zh-CN: [轮胎]", Locale::ZhTw), ["輪胎"]);
    assert_eq!(names("zh-TW: [輪胎], zh-CN: [车胎]", Locale::ZhCn), ["车胎"]);
}

#[test]
fn a_message_that_nothing_says_is_told_with_the_name_that_was_meant() {
    let misspelt = read(Locale::En, "", "more = And?\ngreting = Welcome.\n", "");
    is_told(misspelt, &["clinic/lang/en.ftl:2: ", "`greting`", "did you mean `greeting`?"]);
    let flow = "slots: {plate: {kind: text}}\nflows:\n  f: [{collect: [plate]}, {say: booked}]\n";
    let callers = "flows: {f: {words: [repair]}}\n";
    assert!(read(Locale::En, flow, "booked = Booked.\nask-plate = Which car?\n", callers).is_ok());
    let no_slot = read(Locale::En, flow, "booked = Booked.\nask-plate = Which car?\nask-plates = Which?\n", callers);
    is_told(no_slot, &["clinic/lang/en.ftl:3: ", "did you mean `ask-plate`?"]);
    // Only a call that the robot places says what it is for.
    is_told(read(Locale::En, "", "purpose = We call about your car.\n", ""), &["clinic/lang/en.ftl:1: ", "`purpose`"]);
}

#[test]
fn a_message_that_is_missing_is_told_with_the_file_that_it_belongs_in() {
    let flow = "flows:\n  f: [{say: booked}]\n";
    is_told(read(Locale::En, flow, "", ""), &["clinic/scenario.yaml:5: ", "no message `booked`; write it in lang/en.ftl"]);
    // Mandarin's other script is made of what was written once.
    is_told(read(Locale::ZhCn, flow, "", ""), &["no message `booked`; write it in lang/zh-TW.ftl"]);
    is_told(read(Locale::En, flow, "more = And?\nbooked = { $when }.\n", ""), &["`booked` in lang/en.ftl:2 cannot be said", "when"]);
}

#[test]
fn a_flow_that_nothing_begins_is_told_with_the_file_that_its_words_belong_in() {
    let flow = "flows:\n  f:\n    - end: done\n";
    is_told(read(Locale::En, flow, "", ""), &["clinic/scenario.yaml:6: ", "flows: f: nothing begins it", "lang/en.yaml", "`opens`"]);
    // What it means is not what callers say.
    is_told(read(Locale::ZhCn, flow, "", "flows: {f: {means: 預約}}\n"), &["nothing begins it", "lang/zh-TW.yaml"]);
    assert!(read(Locale::En, flow, "", "flows: {f: {words: [book]}}\n").is_ok());
    assert!(read(Locale::En, flow, "", "flows: {f: {examples: [I would like to book.]}}\n").is_ok());
    assert!(read(Locale::En, &format!("opens: f\n{flow}"), "", "").is_ok());
}

#[test]
fn what_is_no_scenario_is_shown_under_the_name_of_its_file() {
    let odd = read(Locale::En, "keyz: {}\n", "", "");
    is_told(odd, &["clinic/scenario.yaml:4: ", "keyz", "--> clinic/scenario.yaml:4:1"]);
    let odd = read(Locale::En, "", "", "intents:\n  persom: {words: [boss]}\n");
    is_told(odd, &["clinic/lang/en.yaml:2: ", "persom", "--> clinic/lang/en.yaml:2:3"]);
}
