//! The robot itself, as the bus tells it: the service, the robot's answers, its lines; the clock that it goes by, and its broker.

use std::time::Duration;

use switchhook::config::{Bus, Config, Mqtt};
use switchhook::control::api::FULL_RUNG;
use tokio::net::TcpStream;
use tokio::time::timeout;
use zbus::{Connection, Proxy};

use super::{Finding, Verdict, certificate};
use crate::device::DeviceRow;
use crate::house::{LineRow, Link};
use crate::words::{Term, Words, say};

/// A broker that does not answer by then is not there.
const BROKER: Duration = Duration::from_secs(3);
/// No service on the bus takes longer to say how it is.
const BUS: Duration = Duration::from_secs(5);

pub(super) async fn look(bus: &Bus, config: Option<&Config>, words: &'static Words) -> Vec<Finding> {
    let mut findings = match Link::open_in(bus, words).await {
        Ok(link) => on_the_bus(&link, words).await,
        Err(error) => vec![Finding::wrong("bus", error.to_string(), "systemctl start dbus")],
    };
    if let Some(mqtt) = config.and_then(|config| config.mqtt.as_ref()) {
        findings.extend(broker(mqtt, words).await);
    }
    findings
}

async fn on_the_bus(link: &Link, words: &Words) -> Vec<Finding> {
    let mut findings = vec![service(&link.connection, words).await, clock(&link.connection, words).await];
    match robot(link, words).await {
        Ok(robot) => {
            findings.extend(robot);
            match link.house().await {
                Ok(house) => findings.extend(house.lines.iter().map(|row| line(row, words))),
                Err(error) => findings.push(Finding::unknown("lines", format!("{error:#}"), "switchhookctl lines")),
            }
        }
        Err(error) => findings.push(Finding::of_sentence("robot", Verdict::Wrong, &format!("{error:#}"), "journalctl -x -u switchhook")),
    }
    findings
}

/// Whether systemd runs the service, and whether it had to start it again and again.
async fn service(connection: &Connection, words: &Words) -> Finding {
    const PATH: &str = "/org/freedesktop/systemd1/unit/switchhook_2eservice";
    let state = property::<String>(connection, "org.freedesktop.systemd1", PATH, "org.freedesktop.systemd1.Unit", "ActiveState").await;
    let restarts = property::<u32>(connection, "org.freedesktop.systemd1", PATH, "org.freedesktop.systemd1.Service", "NRestarts").await;
    match (state.as_deref(), restarts.unwrap_or_default()) {
        (None, _) => Finding::unknown("service", say!(in words, "doctor-service-unknown"), "systemctl status switchhook"),
        (Some("active"), 0) => Finding::good("service", say!(in words, "doctor-service-runs")),
        (Some("active"), times) => Finding::doubtful(
            "service",
            say!(in words, "doctor-service-restarted", times = times),
            say!(in words, "doctor-service-restarted-remedy"),
        ),
        (Some(state), _) => Finding::wrong(
            "service",
            say!(in words, "doctor-service-is", state = state),
            "systemctl start switchhook; journalctl -x -u switchhook",
        ),
    }
}

/// Whether the clock is right: opening hours, promised times and records go by it.
async fn clock(connection: &Connection, words: &Words) -> Finding {
    let name = "org.freedesktop.timedate1";
    match property::<bool>(connection, name, "/org/freedesktop/timedate1", name, "NTPSynchronized").await {
        Some(true) => Finding::good("clock", say!(in words, "doctor-clock-set")),
        Some(false) => Finding::doubtful("clock", say!(in words, "doctor-clock-unset"), say!(in words, "doctor-clock-unset-remedy")),
        None => Finding::unknown("clock", say!(in words, "doctor-clock-unknown"), "timedatectl"),
    }
}

async fn property<T: TryFrom<zbus::OwnedVariant>>(connection: &Connection, service: &str, path: &str, of: &str, name: &str) -> Option<T> {
    let read = async {
        let proxy = Proxy::new(connection, service, path, of).await.ok()?;
        proxy.get_property::<zbus::OwnedVariant>(name).await.ok()
    };
    T::try_from(timeout(BUS, read).await.ok()??).ok()
}

async fn robot(link: &Link, words: &Words) -> anyhow::Result<Vec<Finding>> {
    let DeviceRow { version, ready, rung, .. } = link.device().await?;
    let ours = env!("CARGO_PKG_VERSION");
    let same = if version == ours {
        Finding::good("version", version)
    } else {
        Finding::doubtful(
            "version",
            say!(in words, "doctor-version-other", runs = version, installed = ours),
            "systemctl restart switchhook",
        )
    };
    let answers = if ready {
        Finding::good("robot", say!(in words, "doctor-robot-answers"))
    } else {
        Finding::wrong("robot", say!(in words, "doctor-robot-silent"), say!(in words, "doctor-robot-silent-remedy"))
    };
    let ladder = if rung == FULL_RUNG {
        Finding::good("ladder", Term::Rung.in_words(words, &rung))
    } else {
        Finding::doubtful(
            "ladder",
            say!(in words, "doctor-ladder", rung = Term::Rung.in_words(words, &rung)),
            say!(in words, "doctor-ladder-remedy"),
        )
    };
    Ok(vec![same, answers, ladder])
}

fn line(line: &LineRow, words: &Words) -> Finding {
    match line.status.as_str() {
        "ready" => Finding::good("line", say!(in words, "doctor-line-ready", id = &line.id, address = &line.address)),
        status => {
            let sentence =
                say!(in words, "line-is", id = &line.id, status = Term::LineStatus.in_words(words, status), reason = &line.reason);
            Finding::of_sentence("line", Verdict::Wrong, &sentence, "journalctl -x -u switchhook -p warning")
        }
    }
}

/// Whether it answers; and if so, what it shows for a certificate where it has to show one.
async fn broker(mqtt: &Mqtt, words: &Words) -> Vec<Finding> {
    let (broker, remedy) = (format!("{}:{}", mqtt.host, mqtt.port), || say!(in words, "doctor-broker-remedy"));
    let stream = match timeout(BROKER, TcpStream::connect((mqtt.host.as_str(), mqtt.port))).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return vec![Finding::wrong("broker", format!("{broker}: {error}"), remedy())],
        Err(_) => return vec![Finding::wrong("broker", say!(in words, "doctor-broker-silent", broker = &broker), remedy())],
    };
    let mut findings = vec![Finding::good("broker", say!(in words, "doctor-broker-answers", broker = &broker))];
    if let Some(trust) = &mqtt.trust {
        findings.extend(certificate::look(stream, mqtt, trust, words).await);
    }
    findings
}
