//! The same robot, the same call actor, another line: somebody lifts the handset and talks.

use std::time::Duration;

use switchhook_hil::bench::{House, LineMadeOf, Place, Plan, Settings, speech, until};
use switchhook_hil::caller::{AtHandset, End, Talk, Utterance};
use switchhook_hil::ear::words;
use switchhook_hil::soundcard::SoundCard;
use switchhook_models::Language;

/// For what must happen, but on a slow machine takes its time.
const SOON: Duration = Duration::from_secs(30);

/// A house whose only line is the handset of this card.
async fn open(place: &Place, card: &SoundCard) -> House {
    let line = LineMadeOf::Handset(card.environment());
    let house = House::open(place, &Settings { line, without_language_model: true, ..Settings::default() }).await.unwrap();
    let line = house.line().await.unwrap();
    until("the handset is ready", SOON, async || line.status().await.ok().filter(|status| status == "ready")).await.unwrap();
    house
}

/// Lift the handset over D-Bus, and say these things of `speech/en`.
async fn talk(house: &House, card: &SoundCard, said: &[&str]) -> Talk {
    let utterances: Vec<_> = said.iter().map(|name| Utterance::read(&speech(name)).unwrap()).collect();
    let person = AtHandset::take(card).unwrap();
    house.line().await.unwrap().off_hook().await.unwrap();
    until("the call is on the bus", SOON, async || (house.calls().await.ok()? == 1).then_some(())).await.unwrap();
    let over = async || house.calls().await.is_ok_and(|calls| calls == 0);
    person.talk(&utterances, Plan::default(), over).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_lifts_the_handset_is_told_of_the_robot_and_answered_and_let_go() {
    let (place, card) = (Place::new().unwrap(), SoundCard::start().unwrap());
    let house = open(&place, &card).await;
    let call = talk(&house, &card, &["02-af_sarah", "23-am_fenrir"]).await;
    let heard = words(&call.heard, Language::En).unwrap().to_lowercase();
    let (disclosed, answered) = (heard.find("automated"), heard.find("saturday"));
    assert!(disclosed.is_some() && disclosed < answered, "{heard}");
    assert!(heard.contains("goodbye"), "{heard}");
    assert_eq!(call.end, End::Robot, "{heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handset_that_is_put_back_ends_the_call_and_can_be_lifted_again() {
    let (place, card) = (Place::new().unwrap(), SoundCard::start().unwrap());
    let house = open(&place, &card).await;
    let line = house.line().await.unwrap();
    for _ in 0..2 {
        line.off_hook().await.unwrap();
        until("the call is there", SOON, async || (house.calls().await.ok()? == 1).then_some(())).await.unwrap();
        line.on_hook().await.unwrap();
        until("the call is gone", SOON, async || (house.calls().await.ok()? == 0).then_some(())).await.unwrap();
    }
}
