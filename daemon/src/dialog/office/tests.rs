#![allow(clippy::unwrap_used)]

use super::*;

const OFFICE_YAML: &str = "
hours: {mon-fri: 9:00-17:00}
holidays: [{date: 12-25, name: {en: Christmas, zh-TW: 聖誕節}}]
queues:
  workshop: {people: [maria, boss], names: {en: [the workshop, workshop], zh-TW: [維修部]}, hours: {mon-sat: 8:00-16:00}, for: [repair, complaint]}
  on-call: {people: [mobile], hours: {daily: 0:00-24:00}, on-holidays: true}
staff:
  maria: {names: {en: [Maria Chen, Maria], zh-TW: [陳小姐]}, target: maria-phone, hours: {tue-thu: 9:00-12:00}}
  sam: {names: {en: [Sam]}}
robot-only: {mon-fri: 12:00-13:00}
human-only: {mon: 9:00-10:00}
busy-from: 3
call-back-within: 2h
";

fn office(yaml: &str, locale: Locale) -> Result<Office, Fault> {
    serde_saphyr::from_str::<RawOffice>(yaml).unwrap().checked(locale, &["repair"])
}

fn at(zoned: &str) -> Zoned {
    format!("{zoned}[Asia/Taipei]").parse().unwrap()
}

fn now(who: &[&str]) -> Reach {
    Reach::Now(who.iter().map(|&who| who.to_owned()).collect())
}

fn later(when: &str) -> Reach {
    Reach::Later(Some(at(when)))
}

#[test]
fn a_queue_is_tried_in_order_and_leaves_out_who_is_not_there() {
    let office = office(OFFICE_YAML, Locale::En).unwrap();
    // Tuesday.
    assert_eq!(office.reach("workshop", &at("2026-11-24T09:30")), now(&["maria-phone", "boss"]));
    assert_eq!(office.reach("workshop", &at("2026-11-24T08:30")), now(&["boss"]));
    assert_eq!(office.reach("workshop", &at("2026-11-24T16:30")), later("2026-11-25T08:00"));
    assert_eq!(office.reach("on-call", &at("2026-12-25T03:00")), now(&["mobile"]));
}

#[test]
fn whoever_is_not_listed_is_there_when_the_office_is_open() {
    let office = office(OFFICE_YAML, Locale::En).unwrap();
    assert_eq!(office.reach("front-desk", &at("2026-11-24T09:30")), now(&["front-desk"]));
    assert_eq!(office.reach("front-desk", &at("2026-12-25T09:30")), later("2026-12-28T09:00"));
    assert_eq!(office.reach("sam", &at("2026-11-24T17:30")), later("2026-11-25T09:00"));
    assert_eq!(Office::default().reach("front-desk", &at("2026-12-25T03:00")), now(&["front-desk"]));
}

#[test]
fn in_robot_only_hours_nobody_is_reached_until_they_are_over() {
    let office = office(OFFICE_YAML, Locale::En).unwrap();
    assert_eq!(office.reach("front-desk", &at("2026-11-24T12:10")), later("2026-11-24T13:00"));
    assert_eq!(office.reach("maria", &at("2026-11-24T12:10")), later("2026-11-25T09:00"), "she has left by then");
}

#[test]
fn somebody_who_is_never_there_is_reached_at_no_time() {
    let office = office("staff: {sam: {names: {}, hours: {mon: closed}}}", Locale::En).unwrap();
    assert_eq!(office.reach("sam", &at("2026-11-24T12:10")), Reach::Later(None));
    assert_eq!(office.promise("sam", &at("2026-11-24T12:10")), None);
}

#[test]
fn a_call_back_is_promised_in_the_hours_of_whoever_calls() {
    let office = office(OFFICE_YAML, Locale::En).unwrap();
    assert_eq!(office.promise("front-desk", &at("2026-11-24T16:40")), Some(at("2026-11-25T11:00")));
    assert_eq!(office.promise("workshop", &at("2026-11-24T16:40")), Some(at("2026-11-25T10:00")));
    assert_eq!(Office::default().promise("front-desk", &at("2026-11-24T16:40")), None);
    let around_the_clock = super::tests::office("call-back-within: 4h", Locale::En).unwrap();
    assert_eq!(around_the_clock.promise("front-desk", &at("2026-11-24T16:40")), Some(at("2026-11-24T21:00")));
}

#[test]
fn people_and_queues_are_found_by_what_callers_call_them() {
    let english = office(OFFICE_YAML, Locale::En).unwrap();
    assert_eq!(english.named_in("Can I speak to Maria, please?"), Some("maria"));
    assert_eq!(english.named_in("The workshop, please."), Some("workshop"));
    assert_eq!(english.named_in("Can I speak to Samuel?"), None);
    assert_eq!(english.called("maria"), Some("Maria Chen"));
    assert_eq!(english.queue_for("complaint"), Some("workshop"));
    let mainland = office(OFFICE_YAML, Locale::ZhCn).unwrap();
    assert_eq!((mainland.named_in("请帮我转维修部"), mainland.called("maria")), (Some("workshop"), Some("陈小姐")));
    assert_eq!(mainland.holiday(&at("2026-12-25T09:30")), Some("圣诞节"));
}

#[test]
fn it_is_busy_from_so_many_calls_on_and_persons_take_every_call_when_it_says_so() {
    let office = office(OFFICE_YAML, Locale::En).unwrap();
    assert!(!office.is_busy(2) && office.is_busy(3));
    assert!(office.is_human_only(&at("2026-11-23T09:30")) && !office.is_human_only(&at("2026-11-24T09:30")));
    assert!(!Office::default().is_busy(1_000));
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_how_to_mend_it() {
    for (yaml, at, told) in [
        ("hours:\n  mon-fri: 9-17\n", 2, "in 24 hours"),
        ("queues:\n  sales: {people: []}\n", 2, "nobody is in it"),
        ("queues:\n  sales:\n    people: [a]\n    for: [repairs]\n", 4, "there are repair, person"),
        ("staff:\n  office: {names: {}}\n", 2, "give it another name"),
        ("staff:\n  a: {names: {fr: [Anne]}}\n", 2, "zh-TW"),
        ("busy-from: 0\n", 1, "1 or more"),
        ("call-back-within: soon\n", 1, "`4h`"),
    ] {
        let fault = office(yaml, Locale::En).unwrap_err();
        assert_eq!(fault.line, Some(at), "{yaml}: {fault:?}");
        assert!(fault.what.contains(told), "{yaml}: {fault:?}");
    }
}
