//! The robot and what stands around it: other people's telephones, a gateway, a broker.

use std::time::Duration;

use switchhook_hil::bench::{Broker, Gateway, House, Place, Settings, Sipp, Visit, free_port, until};
use switchhook_hil::caller::End;

use super::{SOON, open, plain, words};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_by_the_book_is_taken_and_released() {
    let (place, house) = open(&plain()).await;
    let mut sipp = Sipp::call(&place, "uac", house.dial(), Duration::from_secs(3)).unwrap();
    let status = sipp.process.ended(SOON).await.unwrap();
    assert!(status.success(), "{}", sipp.process.output());
    until("the call is gone", SOON, async || house.calls().await.is_ok_and(|calls| calls == 0).then_some(())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_knows_the_password_has_the_robot_registered() {
    let place = Place::new().unwrap();
    let mut gateway = Gateway::start(&place, "office", "open-sesame").await.unwrap();
    let register = Some((gateway.port(), "office".to_owned(), "open-sesame".to_owned()));
    let _house = House::open(&place, &Settings { register, ..plain() }).await.unwrap();
    gateway.registers("office", SOON).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_refuses_the_password_shows_on_the_bus_with_its_reason_and_the_house_stays_up() {
    let place = Place::new().unwrap();
    let mut gateway = Gateway::start(&place, "office", "open-sesame").await.unwrap();
    let register = Some((gateway.port(), "office".to_owned(), "wrong-password".to_owned()));
    let mut house = House::open_without_line(&place, &Settings { register, ..plain() }).await.unwrap();
    gateway.refuses(SOON).await.unwrap();
    let line = house.line().await.unwrap();
    until("the line is down", SOON, async || line.status().await.ok().filter(|status| status == "down")).await.unwrap();
    assert!(!line.reason().await.unwrap().is_empty());
    assert!(!house.is_ready().await.unwrap(), "nobody can call");
    assert!(house.process.runs());
    assert!(!house.process.output().contains("wrong-password"), "a password is never logged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_whose_port_is_taken_opens_but_is_not_ready_until_it_is_free() {
    let place = Place::new().unwrap();
    let port = free_port().unwrap();
    let taken = std::net::UdpSocket::bind(("127.0.0.1", port)).unwrap();
    let settings = Settings { listen: Some(port), supervised: true, ..plain() };
    let house = House::open_without_line(&place, &settings).await.unwrap();
    let told = until("the house is open", SOON, async || house.notifies(SOON).await.ok().filter(|told| told.contains("READY=1")));
    let told = told.await.unwrap();
    assert!(told.contains("STATUS=0 of 1 lines ready; down: office (not-listening)"), "{told}");
    assert!(!house.is_ready().await.unwrap());
    drop(taken);
    until("the house is ready", SOON, async || house.is_ready().await.ok().filter(|&ready| ready)).await.unwrap();
    assert_eq!(house.notifies(SOON).await.unwrap().trim(), "STATUS=1 of 1 lines ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_broker_costs_a_call_nothing() {
    // Nobody listens at this port.
    let (_place, house) = open(&Settings { broker: Some(free_port().unwrap()), ..plain() }).await;
    let call = house.call(Visit::saying(&["03-bm_george", "23-am_fenrir"])).await.unwrap();
    assert_eq!(call.report.end, End::Robot, "{:?}", call.report);
    assert!(words(&call).contains("station road"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fleet_manager_sees_the_call_in_figures_and_not_in_words() {
    let place = Place::new().unwrap();
    let broker = Broker::start(&place).await.unwrap();
    let house = House::open(&place, &Settings { broker: Some(broker.port()), ..plain() }).await.unwrap();
    let heard = broker.hear();
    let call = house.call(Visit::saying(&["02-af_sarah", "23-am_fenrir"])).await.unwrap();
    assert!(words(&call).contains("saturday"), "the words that must not be told were understood and said");
    let (_, figures) = heard.wait("the call's figures", SOON, |topic, _| topic.contains("/calls/")).await.unwrap();
    let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
    assert_eq!(figures["disclosed"], true, "{figures}");
    for (topic, payload) in heard.so_far() {
        assert!(!payload.to_lowercase().contains("saturday"), "{topic}: {payload}");
    }
}
