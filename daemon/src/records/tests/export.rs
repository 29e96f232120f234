//! Everything there is of some calls, a call at a time.

use super::*;

/// Calls on record that began at these seconds, with these numbers.
async fn a_record_of(records: &Records, calls: &[(i64, Option<&str>)]) -> Vec<CallId> {
    let mut ids = Vec::new();
    for (second, number) in calls {
        let call = CallRecord { number: number.map(Into::into), started: at(*second), ..a_call() };
        ids.push(call.id);
        records.begin_call(call).await.unwrap();
    }
    ids
}

async fn all(records: &Records, which: &Selection) -> Vec<CallId> {
    let mut found: Vec<CallId> = Vec::new();
    while let Some(whole) = records.whole_after(which.clone(), found.last().copied()).await.unwrap() {
        found.push(whole.call.record.id);
    }
    assert_eq!(records.how_many(which.clone()).await.unwrap(), found.len() as u64, "{which:?}");
    found
}

#[tokio::test]
async fn calls_are_found_by_number_and_by_when_they_began() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let (anna, ben) = (Some("+441632960001"), Some("+441632960002"));
    let ids = a_record_of(&records, &[(0, anna), (10, ben), (20, anna), (30, None)]).await;
    let of = |indices: &[usize]| indices.iter().map(|index| ids[*index]).collect::<Vec<_>>();
    let number = |number: &str| Selection { number: Some(number.into()), ..Selection::default() };
    assert_eq!(all(&records, &Selection::default()).await, of(&[0, 1, 2, 3]));
    assert_eq!(all(&records, &number("+441632960001")).await, of(&[0, 2]));
    assert_eq!(all(&records, &number("+44163296000")).await, [], "part of a number is another number");
    let between = Selection { since: Some(at(10)), until: Some(at(30)), ..Selection::default() };
    assert_eq!(all(&records, &between).await, of(&[1, 2]), "since is meant with, until without");
    assert_eq!(all(&records, &Selection { since: Some(at(1)), ..number("+441632960001") }).await, of(&[2]));
}

#[tokio::test]
async fn a_call_is_handed_out_with_everything_that_there_is_of_it() {
    let (_folder, path) = folder();
    let records = Records::open(&path, &key()).unwrap();
    let id = a_record_of(&records, &[(0, Some("+441632960001"))]).await[0];
    let bare = records.whole_after(Selection::default(), None).await.unwrap().unwrap();
    assert_eq!((bare.turns.len(), bare.tasks.len(), bare.report, bare.call.ending), (0, 0, None, None), "it goes on");
    records.disclosed(id, a_disclosure()).await.unwrap();
    records.consent(id, a_consent()).await.unwrap();
    for index in [1, 2] {
        records.turn(id, a_turn(index)).await.unwrap();
    }
    records.message(id, a_message("the roof leaks")).await.unwrap();
    records.report(id, a_report()).await.unwrap();
    records.end_call(id, "goodbye", at(60)).await.unwrap();
    let whole = records.whole_after(Selection::default(), None).await.unwrap().unwrap();
    assert_eq!(Some(whole.call), records.call(id).await.unwrap());
    assert_eq!(whole.turns, [a_turn(1), a_turn(2)]);
    assert_eq!(whole.tasks.iter().map(|task| &task.message).collect::<Vec<_>>(), [&a_message("the roof leaks")]);
    assert_eq!(whole.report, Some(a_report()));
}

#[test]
fn a_selection_shows_no_number() {
    let which = Selection { number: Some("+441632960001".into()), since: Some(at(0)), until: None };
    assert!(!format!("{which:?}").contains("96000"));
}
