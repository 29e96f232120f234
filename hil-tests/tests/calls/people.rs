//! Reaching a person.

use switchhook_hil::bench::{Agent, House, Place, Settings, Visit, speech};
use switchhook_hil::caller::{End, KeyAt, When};

use super::{SECOND, SOON, plain, words};

async fn with_an_agent() -> (Place, Agent, House) {
    let place = Place::new().unwrap();
    let agent = Agent::start(&place, &speech("18-af_nicole")).await.unwrap();
    let house = House::open(&place, &Settings { person: Some(agent.address()), ..plain() }).await.unwrap();
    (place, agent, house)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_asks_for_a_person_is_passed_on_and_hears_them() {
    let (_place, mut agent, house) = with_an_agent().await;
    let call = house.call(Visit::saying(&["08-af_sarah"]).who(|plan| plan.leave_after = None)).await.unwrap();
    assert_eq!(call.report.end, End::Transferred, "{:?}", call.report);
    assert_eq!(call.report.transfer.as_ref().and_then(|transfer| transfer.status), Some(200));
    agent.answered(SOON).await.unwrap();
    assert!(words(&call).contains("robot"), "the agent's own words are heard: is this a robot?");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_pressed_during_the_disclosure_is_honoured() {
    let (_place, mut agent, house) = with_an_agent().await;
    let visit = Visit::saying(&[]).who(|plan| plan.keys = vec![KeyAt { key: '0', when: When::At(SECOND) }]);
    let call = house.call(visit).await.unwrap();
    assert_eq!(call.report.end, End::Transferred, "{:?}", call.report);
    agent.answered(SOON).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_whose_person_does_not_answer_stays_with_the_robot() {
    let place = Place::new().unwrap();
    let nobody = format!("sip:nobody@127.0.0.1:{}", switchhook_hil::bench::free_port().unwrap());
    let agentless = Settings { person: Some(nobody), ..plain() };
    let house = House::open(&place, &agentless).await.unwrap();
    let speech = ["08-af_sarah", "05-am_fenrir", "06-af_nicole", "23-am_fenrir"];
    let call = house.call(Visit::saying(&speech).who(|plan| plan.patience = 60 * SECOND)).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    let transfer = call.report.transfer.as_ref().expect("the robot asked for the person");
    assert!(transfer.status.is_none_or(|status| status >= 400), "{transfer:?}");
    assert!(house.process.output().contains("event=transfer-failed"), "{}", house.process.output());
    let heard = words(&call);
    assert!(heard.contains("nobody can take your call"), "{heard}");
}
