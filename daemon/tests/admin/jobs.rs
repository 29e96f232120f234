//! Long work on D-Bus, and how `switchhookctl` waits for it.

use serde_json::Value;
use switchhook::control::Anew;
use switchhook::control::api::{self, JobProxy, ManagerProxy, ModelProxy, ScenarioProxy};
use switchhook::jobs::{Kind, Stop};
use zbus::proxy::CacheProperties;
use zbus::{Connection, OwnedObjectPath};

use super::bus::PrivateBus;
use super::control::{error_name, everything, next, up};
use super::ctl::{ctl, out, run, said_on_failure};
use super::house::{House, renewed};
use super::shop::{EARS, Shop};

async fn ears(client: &Connection) -> ModelProxy<'static> {
    ModelProxy::builder(client).path(api::model_path(EARS)).cache_properties(CacheProperties::No).build().await.unwrap()
}

async fn job(client: &Connection, path: &OwnedObjectPath) -> JobProxy<'static> {
    JobProxy::builder(client).path(path.clone()).cache_properties(CacheProperties::No).build().await.unwrap()
}

/// Wait until the job is over, by what the bus tells; its state then.
async fn over(client: &Connection, job: &JobProxy<'_>) -> String {
    let mut told = everything(client).await;
    loop {
        let state = job.state().await.unwrap();
        if state != "running" {
            return state;
        }
        next(&mut told, "PropertiesChanged").await;
    }
}

fn house_and_shop() -> (PrivateBus, House, Shop) {
    let (house, shop) = House::with_a_shop();
    (PrivateBus::open(), house, shop)
}

#[tokio::test]
async fn a_model_is_fetched_by_a_job_whose_object_is_there_when_it_is_named() {
    let (bus, house, shop) = house_and_shop();
    let (_control, client) = up(&bus, &house).await;
    let ears = ears(&client).await;
    let path = ears.fetch().await.unwrap();
    let fetching = job(&client, &path).await;
    assert_eq!((fetching.kind().await.unwrap().as_str(), fetching.subject().await.unwrap().as_str()), ("fetch-model", EARS));
    assert_eq!(ears.fetch().await.unwrap(), path, "it is being fetched already");
    assert_eq!((fetching.state().await.unwrap().as_str(), ears.state().await.unwrap().as_str()), ("running", "absent"));
    shop.open();
    assert_eq!(over(&client, &fetching).await, "done");
    assert!((fetching.progress().await.unwrap() - 1.0).abs() < 1e-9);
    let result = fetching.result().await.unwrap();
    assert_eq!(<Vec<String>>::try_from(result["new"].clone()).unwrap(), [EARS]);
    assert_eq!(ears.state().await.unwrap(), "installed");
    let (name, text) = error_name(fetching.cancel().await.unwrap_err());
    assert_eq!(name, "org.switchhook.Error.JobOver", "{text}");
}

#[tokio::test]
async fn a_job_that_is_cancelled_stops_and_leaves_the_models_as_they_were() {
    let (bus, house, _shop) = house_and_shop();
    let (_control, client) = up(&bus, &house).await;
    let ears = ears(&client).await;
    let fetching = job(&client, &ears.fetch().await.unwrap()).await;
    fetching.cancel().await.unwrap();
    assert_eq!(over(&client, &fetching).await, "cancelled");
    assert_eq!(ears.state().await.unwrap(), "absent");
}

#[tokio::test]
async fn a_fetch_that_fails_says_why() {
    let (bus, house, shop) = house_and_shop();
    let (_control, client) = up(&bus, &house).await;
    shop.sell_out();
    let fetching = job(&client, &ears(&client).await.fetch().await.unwrap()).await;
    assert_eq!(over(&client, &fetching).await, "failed");
    let why = fetching.message().await.unwrap();
    assert!(why.contains("the shop") && why.contains("no such package"), "{why}");
}

#[tokio::test]
async fn no_more_work_is_taken_on_than_can_be_done() {
    let (bus, house, _shop) = house_and_shop();
    let (_control, client) = up(&bus, &house).await;
    let (let_go, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Arc::new(std::sync::Mutex::new(held));
    for name in ["nose", "eyes"] {
        let held = held.clone();
        let work = move |_: &switchhook::jobs::Teller, _: &_| {
            let _ = held.lock().unwrap().recv();
            Err(Stop::Cancelled)
        };
        house.jobs.begin(Kind::FetchModel(name.into()), work).unwrap();
    }
    let (name, text) = error_name(ears(&client).await.fetch().await.unwrap_err());
    assert_eq!(name, "org.switchhook.Error.Busy");
    assert!(text.contains("switchhookctl jobs"), "{text}");
    drop(let_go);
}

#[tokio::test]
async fn a_job_that_began_before_the_bus_was_there_is_shown() {
    let (bus, house, _shop) = house_and_shop();
    let begun = house.jobs.begin(Kind::FetchModel("nose".into()), |_, _| Err(Stop::Failed("no nose".into()))).unwrap();
    let (_control, client) = up(&bus, &house).await;
    let shown = job(&client, &zbus::ObjectPath::try_from(api::job_path(begun.number)).unwrap().into()).await;
    assert_eq!(over(&client, &shown).await, "failed");
    assert_eq!(shown.message().await.unwrap(), "no nose");
}

#[tokio::test]
async fn the_scenario_that_calls_follow_is_rehearsed_beside_them() {
    let (bus, house, _shop) = house_and_shop();
    let (_control, client) = up(&bus, &house).await;
    let path = ScenarioProxy::new(&client).await.unwrap().test().await.unwrap();
    let testing = job(&client, &path).await;
    assert_eq!(over(&client, &testing).await, "done");
    let result = testing.result().await.unwrap();
    assert_eq!(u64::try_from(result["failed"].clone()), Ok(0), "{result:?}");
    assert!(u64::try_from(result["conversations"].clone()).unwrap() > 10, "{result:?}");
}

#[tokio::test]
async fn what_is_read_anew_is_a_job_that_says_what_changed_or_what_is_wrong() {
    let (bus, mut house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let (manager, scenario) = (ManagerProxy::new(&client).await.unwrap(), ScenarioProxy::new(&client).await.unwrap());
    let unsound = Stop::Failed("scenario.yaml:7: attempts: 9: use 1 to 5".into());
    let answers = house.reads_anew(vec![Ok(renewed(2, &["calls.at_once"])), Err(unsound)]);
    let asks = async {
        let read = job(&client, &manager.reload_configuration().await.unwrap()).await;
        assert_eq!((read.kind().await.unwrap().as_str(), over(&client, &read).await.as_str()), ("reload-configuration", "done"));
        let result = read.result().await.unwrap();
        assert_eq!(u64::try_from(result["generation"].clone()), Ok(2));
        assert_eq!(<Vec<String>>::try_from(result["changed"].clone()).unwrap(), ["calls.at_once"]);
        let read = job(&client, &scenario.reload().await.unwrap()).await;
        assert_eq!((read.kind().await.unwrap().as_str(), over(&client, &read).await.as_str()), ("reload-scenario", "failed"));
        read.message().await.unwrap()
    };
    let (asked, why) = tokio::join!(answers, asks);
    assert_eq!(asked, [Anew::Configuration, Anew::Scenario]);
    assert_eq!(why, "scenario.yaml:7: attempts: 9: use 1 to 5");
}

#[tokio::test]
async fn one_reload_waits_for_the_other_and_one_that_is_cancelled_is_called_off() {
    let (bus, mut house) = (PrivateBus::open(), House::new());
    let (_control, client) = up(&bus, &house).await;
    let manager = ManagerProxy::new(&client).await.unwrap();
    let waits = manager.reload_configuration().await.unwrap();
    let (name, text) = error_name(manager.reload_configuration().await.unwrap_err());
    assert!(name == "org.switchhook.Error.Busy" && text.contains("once more"), "{name}: {text}");
    let first = house.reloads.recv().await.unwrap();
    first.teller.progress(Some(0.5));
    let second = manager.reload_configuration().await.unwrap();
    assert_ne!(second, waits, "it reads what is written then");
    let job = job(&client, &waits).await;
    job.cancel().await.unwrap();
    first.called_off.cancelled().await;
    assert!((job.progress().await.unwrap() - 0.5).abs() < 1e-9);
    first.answer.send(Err(Stop::Cancelled)).unwrap();
    assert_eq!(over(&client, &job).await, "cancelled");
    assert!(!house.reloads.recv().await.unwrap().called_off.is_cancelled());
}

#[tokio::test]
async fn the_command_line_lists_models_and_waits_for_one_to_be_fetched() {
    let (bus, house, shop) = house_and_shop();
    let (_control, client) = up(&bus, &house).await;
    let models: Value = serde_json::from_str(&out(&run(&bus, &["models", "--json"]).await)).unwrap();
    let expected = serde_json::json!([{
        "model": EARS, "role": "recognition", "languages": ["en"], "state": "absent", "damage": "", "in_use": true, "bytes": 1_000_000,
        "memory_bytes": 2_000_000, "licence": "MIT", "needs": [], "purpose": "Hears.",
    }]);
    assert_eq!(models, expected);
    let begun: Value = serde_json::from_str(&out(&run(&bus, &["--json", "model", "fetch", EARS, "--no-wait"]).await)).unwrap();
    assert_eq!((&begun["state"], &begun["job"]), (&Value::from("running"), &Value::from(1)));
    let jobs = out(&run(&bus, &["jobs"]).await);
    assert!(jobs.contains("fetch-model") && jobs.contains("running"), "{jobs}");
    let waiting =
        ctl(&bus, &["model", "fetch", EARS]).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    shop.open();
    let waited = waiting.wait_with_output().await.unwrap();
    assert!(out(&waited).contains("ears"), "{waited:?}");
    assert_eq!(
        over(&client, &job(&client, &zbus::ObjectPath::try_from("/org/switchhook/Switchhook1/job/1").unwrap().into()).await).await,
        "done"
    );
    let text = out(&run(&bus, &["models"]).await);
    assert!(["ears", "installed", "in use", "1 MB"].iter().all(|shown| text.contains(shown)), "{text}");
    assert!(out(&run(&bus, &["model", "fetch", EARS]).await).contains("installed already"));
    assert!(said_on_failure(&run(&bus, &["model", "fetch", "eyes"]).await).contains("switchhookctl models"));
}

#[tokio::test]
async fn the_command_line_ends_a_job_and_whoever_waits_for_it_is_told() {
    let (bus, house, _shop) = house_and_shop();
    let (_control, _client) = up(&bus, &house).await;
    let begun = out(&run(&bus, &["model", "fetch", EARS, "--no-wait"]).await);
    assert!(begun.contains("job wait 1"), "{begun}");
    out(&run(&bus, &["job", "cancel", "1"]).await);
    let said = said_on_failure(&run(&bus, &["job", "wait", "1"]).await);
    assert!(said.contains("job 1 was cancelled"), "{said}");
    assert!(said_on_failure(&run(&bus, &["job", "wait", "7"]).await).contains("not there"));
}

#[tokio::test]
async fn the_command_line_has_the_robot_test_what_it_follows() {
    let (bus, house, _shop) = house_and_shop();
    let (_control, _client) = up(&bus, &house).await;
    let text = out(&run(&bus, &["scenario", "test"]).await);
    assert!(text.contains("conversations went as they are written"), "{text}");
    assert_eq!(run(&bus, &["scenario", "test", "--voice"]).await.status.code(), Some(2));
}
