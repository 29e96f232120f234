#![allow(clippy::unwrap_used)]
use super::*;

fn laid_out(yaml: &str) -> Result<Vec<Op>, Fault> {
    let steps: Vec<RawStep> = serde_saphyr::from_str(yaml).unwrap();
    let slots = ["when".to_owned(), "phone".to_owned()];
    let message = |id: &str| if id.contains("no-such") { Err(format!("there is no message `{id}`")) } else { Ok(()) };
    let office = serde_saphyr::from_str::<crate::dialog::office::RawOffice>("{queues: {sales: {people: [a]}}, busy-from: 2}").unwrap();
    let office = office.checked(switchhook_models::Locale::En, &[]).unwrap();
    let lookups = ["order".to_owned()];
    let passages = BTreeMap::from([("office.md#hours", 3)]);
    let names = Names { slots: &slots, office: &office, passages, lookups: &lookups, message: &message, which: &message };
    Flow::laid_out("f", &steps, Signs::default(), &names).map(|flow| flow.ops)
}

#[test]
fn steps_follow_one_another() {
    let ops = laid_out("- collect: [when, phone]\n- confirm: right\n- answer: office.md#hours\n- end: done\n").unwrap();
    let collect = |slot| Op::Collect { slot, optional: false };
    assert_eq!(ops, [collect(0), collect(1), Op::Confirm("right".into()), Op::Answer(3), Op::End("done".into())]);
}

#[test]
fn a_no_jumps_over_what_a_yes_does() {
    let ops = laid_out("- ask: {question: sure, yes: [{say: a}], no: [{say: b}]}\n- end: done\n").unwrap();
    let say = |id: &str| Op::Say(id.into());
    assert_eq!(ops, [Op::Ask { question: "sure".into(), no: 3 }, say("a"), Op::Jump(4), say("b"), Op::End("done".into())]);
}

#[test]
fn a_fork_asks_who_is_there_and_how_busy_it_is() {
    let ops = laid_out("- decide: {open: sales, then: [{say: a}]}\n- decide: {busy: true, else: [{say: b}]}\n").unwrap();
    assert_eq!(ops[0], Op::Decide { check: Check::Open("sales".into()), otherwise: 3 });
    assert_eq!(ops[3], Op::Decide { check: Check::Busy, otherwise: 5 });
}

#[test]
fn forks_inside_forks_find_their_ends() {
    let ops = laid_out("- decide: {slot: phone, is: x, then: [{ask: {question: q, no: [{end: never}]}}], else: [{say: b}]}\n").unwrap();
    assert_eq!(ops[0], Op::Decide { check: Check::Slot { slot: 1, is: "x".into() }, otherwise: 5 });
    assert_eq!(ops[1], Op::Ask { question: "q".into(), no: 3 });
    assert_eq!((&ops[2], &ops[4]), (&Op::Jump(4), &Op::Jump(6)));
}

#[test]
fn what_is_found_jumps_over_what_else_may_come_of_a_look_up() {
    let ops = laid_out("- look-up: {for: order, found: [{say: a}], nothing: [{say: b}], otherwise: [message]}\n- end: done\n").unwrap();
    let say = |id: &str| Op::Say(id.into());
    let look_up = Op::LookUp { lookup: 0, which: None, nothing: 3, otherwise: Some(5) };
    assert_eq!(ops, [look_up, say("a"), Op::Jump(6), say("b"), Op::Jump(6), Op::Message, Op::End("done".into())]);
}

#[test]
fn what_is_not_there_is_told_with_its_line() {
    for (yaml, at, told) in [
        ("- look-up:\n    for: ordr\n    nothing: [message]\n", 2, "no look-up `ordr`; there are order"),
        ("- look-up:\n    for: order\n    nothing: []\n", 2, "`nothing` is empty"),
        ("- look-up:\n    for: order\n    which: {ask: no-such, by: when}\n    nothing: [message]\n", 3, "`no-such`"),
        ("- survey: {question: when, scale: 5-1}\n", 1, "from the worst to the best"),
        ("- end: done\n- collect: [whem]\n", 2, "there is no slot `whem`; there are when, phone"),
        ("- end: done\n- decide: {open: sails, then: [{say: a}]}\n", 2, "no queue or member of staff"),
        ("- end: done\n- decide:\n    slot: when\n    then: [{say: a}]\n", 3, "write `slot` and `is`"),
        ("- end: done\n- decide:\n    then: [{say: a}]\n", 3, "write `slot` and `is`"),
        ("- say: no-such\n", 1, "`no-such`"),
        ("- answer: office.md#ours\n", 1, "no passage `office.md#ours`"),
    ] {
        let (line, what) = laid_out(yaml).unwrap_err();
        assert_eq!(line, Some(at), "{yaml}");
        assert!(what.contains(told), "{what}");
    }
}
