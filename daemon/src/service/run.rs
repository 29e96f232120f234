//! From a configuration to an open house, and back: the order in which the rooms open and close.
//!
//! What was read at the start is read anew in [`super::renewal`]; its lines come and go in [`super::lines`].
//!
//! Opening: configuration, scenario, records, models, lines, the bus, the broker, and only then `READY=1`, when every line is up or has
//! said why not ([`super::standing`]). Closing, on a signal or because a task ended that should not have: new calls are refused first,
//! those that go on may end within their grace, then lines, broker, bus and records close, each within a bound.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use switchhook_models::catalog::fetch::Options;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::house::made;
use super::in_force::{InForce, broker, in_use};
use super::lines::{Ground, Lines, Orders};
use super::renewal::Renewal;
use super::vitals::Vitals;
use super::{improvement, notify, signals, standing, vitals};
use crate::calls::{Desk, House, LONGEST_END, Placing, Registry};
use crate::config::{self, Config, Credentials, Generation};
use crate::control::{self, Authority, Control, ManagerInfo, Models, RecordInfo, Reload, ScenarioInfo, Settled, Standing};
use crate::duties::Duties;
use crate::jobs::{Jobs, Teller};
use crate::lines::Board;
use crate::logging::Logging;
use crate::progress::Progress;
use crate::records::Records;
use crate::telemetry::{Health, Telemetry};

/// Legs that may wait for the desk. It takes them at once.
const LEGS: usize = 8;
/// After the last call, lines have this long to take leave of their gateways.
const LINES: Duration = Duration::from_secs(10);
/// After the last call, everything else is closed by then: lines, broker and bus within seconds, records within their bound.
const REST: Duration = Duration::from_secs(30);

/// Open the house, keep it open until a signal asks to close it, and close it.
///
/// # Errors
/// If something that every call needs cannot be had.
pub async fn run(path: &Path, credentials: &Credentials, logging: Logging) -> anyhow::Result<()> {
    let begun = Instant::now();
    let signals = signals::listen()?;
    let config = config::load(path)?;
    let progress = Progress::default();
    let registry = Registry::default();

    notify::status("opening the records and the models");
    let records = open_records(&config, credentials, &progress).await?;
    let broker = broker(&config, credentials)?;
    let house = made(Generation::FIRST, &config, None, records.clone(), registry.clone(), &Teller::to_nobody()).await?;
    let (stands, watching) = watch::channel(Standing { ready: false, rung: standing::rung(&house).into() });
    let models = Models::of(&config.models.store(), Options::default(), in_use(&config))?;
    let in_force = InForce::of(config.clone(), house, broker, models);

    let (legs, arriving) = mpsc::channel(LEGS);
    let lines_close = CancellationToken::new();
    let (orders, ordered) = mpsc::channel(1);
    let (credentials_of_lines, close, board) = (credentials.clone(), lines_close.clone(), Board::default());
    let ground = Ground { legs, credentials: credentials_of_lines, progress: progress.clone(), close };
    let mut lines = Lines::open(&config.lines, ground, board.clone(), ordered)?;
    let closed = CancellationToken::new();
    let (watched, measured) = (in_force.houses.subscribe(), in_force.houses.subscribe());
    let (placing, requests) = Placing::new();
    let desk = Desk::new(in_force.houses.subscribe(), arriving, requests);
    let mut desk = Duties::of("the desk", desk.run(signals.stop.clone(), closed.clone()));
    let mut watchdog = Duties::of("the watchdog", notify::watchdog(progress));

    let mut speech = Duties::of("the watch over the speech workers", standing::keep_rung(watched, stands.clone()));
    let (reload, reloads) = mpsc::channel(1);
    let renewal = Renewal { path: path.to_owned(), credentials: credentials.clone(), in_force: in_force.clone(), lines: Orders(orders) };
    let mut renewal = Duties::of("the renewal of the configuration", renewal.keep(reloads, Arc::clone(&signals.hangup)));
    let (improve, improving) = mpsc::channel(1);
    let mut improvement = Duties::of(
        "the search for what callers wanted in vain",
        improvement::keep(in_force.configs.subscribe(), records.clone(), improving),
    );
    let jobs = Jobs::default();
    let info = control::Info {
        manager: manager_info(&config, in_force.settled.subscribe(), watching.clone(), reload.clone()),
        scenario: ScenarioInfo { live: in_force.lives.subscribe(), reload },
        record: RecordInfo { records: records.clone(), improve },
        models: in_force.models.clone(),
        jobs: jobs.clone(),
        placing,
        authority: Authority::of(&config.bus),
        logging,
    };
    let mut control = Control::offer(&config.bus, board.clone(), registry.clone(), info).await;
    let health = move || health(begun, &watching.borrow(), &measured.borrow());
    let (brokers, abouts) = (in_force.brokers.subscribe(), in_force.abouts.subscribe());
    let mut telemetry = Telemetry::start(brokers, abouts, board.clone(), registry.clone(), health);
    notify::status("waiting for the lines");
    let mut standing = Duties::of("the watch over the lines", standing::keep(board, stands.clone(), begun));

    let left = tokio::select! {
        biased;
        () = signals.stop.cancelled() => None,
        left = desk.left() => Some(left),
        left = lines.left() => Some(left),
        left = watchdog.left() => Some(left),
        left = standing.left() => Some(left),
        left = speech.left() => Some(left),
        left = renewal.left() => Some(left),
        left = improvement.left() => Some(left),
        left = control.left() => Some(left),
        left = telemetry.left() => Some(left),
    };
    if let Some(left) = &left {
        log::error!(event = "task-lost"; "{left}: the house closes, to be started anew");
        signals.stop.cancel();
    }
    standing.dismiss().await;
    speech.dismiss().await;
    renewal.dismiss().await;
    improvement.dismiss().await;
    stands.send_modify(|stands| stands.ready = false);
    let config = in_force.configs.borrow().clone();
    close_calls(&config, &signals, &registry, &mut desk, &closed).await;
    lines_close.cancel();
    if timeout(LINES, lines.over()).await.is_err() {
        log::warn!(event = "lines-cut"; "a line did not close within {} s and is cut", LINES.as_secs());
        lines.dismiss().await;
    }
    telemetry.close().await;
    jobs.cancel_all();
    control.close().await;
    watchdog.dismiss().await;
    records.close().await;
    log::info!(event = "closed"; "the house is closed");
    match left {
        None => Ok(()),
        // systemd starts a service anew that ends with a failure.
        Some(left) => anyhow::bail!("{left}"),
    }
}

async fn open_records(config: &Config, credentials: &Credentials, progress: &Progress) -> anyhow::Result<Records> {
    let key = credentials.get(&config.records.key_credential)?;
    let (path, progress) = (config.records.database.clone(), progress.clone());
    let records = tokio::task::spawn_blocking(move || Records::open_watched(&path, &key, &progress)).await??;
    Ok(records)
}

fn manager_info(
    config: &Config,
    settled: watch::Receiver<Settled>,
    standing: watch::Receiver<Standing>,
    reload: mpsc::Sender<Reload>,
) -> ManagerInfo {
    ManagerInfo { version: env!("CARGO_PKG_VERSION").to_owned(), device: config.device.name.clone(), settled, standing, reload }
}

fn health(begun: Instant, standing: &Standing, house: &House) -> Health {
    let vitals = Vitals::read();
    // The models' memory is most of it.
    let workers: u64 = house.engines().filter_map(|engine| engine.presence().process).filter_map(vitals::rss_of).sum();
    Health {
        uptime_s: begun.elapsed().as_secs(),
        ready: standing.ready,
        rung: standing.rung.clone(),
        memory_rss_mib: vitals.rss.map(|bytes| (bytes + workers) as f64 / f64::from(1 << 20)),
        cpu_temperature_c: vitals.temperature,
        load_1m: vitals.load,
    }
}

/// Let calls end by themselves, then by a goodbye, then not wait any longer.
async fn close_calls(config: &Config, signals: &signals::Signals, registry: &Registry, desk: &mut Duties, closed: &CancellationToken) {
    let grace = config.calls.shutdown_grace;
    notify::stopping(&format!("{} calls may end", registry.len()), closing(grace));
    log::info!(event = "closing", calls = registry.len(), grace_s = grace.as_secs(); "no new calls; those that go on may end");
    tokio::select! {
        () = desk.over() => return,
        () = tokio::time::sleep(grace) => {}
        () = signals.now.cancelled() => {}
    }
    closed.cancel();
    if timeout(LONGEST_END, desk.over()).await.is_err() {
        log::warn!(event = "calls-cut"; "{} calls did not end in time and are cut", registry.len());
        desk.dismiss().await;
    }
}

/// How long closing may take, from the signal to the end.
fn closing(grace: Duration) -> Duration {
    grace + LONGEST_END + REST
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn systemd_waits_for_as_long_as_the_house_may_take_to_close() {
        let unit = include_str!("../../../systemd/switchhook.service");
        let waits = unit.lines().find_map(|line| line.strip_prefix("TimeoutStopSec=")?.parse().ok()).map(Duration::from_secs).unwrap();
        let shipped = config::parse(include_str!("../../../debian/switchhook.toml"), Path::new("switchhook.toml")).unwrap();
        assert!(waits >= closing(shipped.calls.shutdown_grace), "{waits:?}");
    }
}
