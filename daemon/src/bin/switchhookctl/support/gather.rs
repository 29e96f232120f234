//! What is looked at for a bundle, and how it is veiled.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use switchhook::config::{Bus, Config, InForce, Kind, Written};
use switchhook::service::vitals::{Vitals, available_memory, total_memory};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use super::Part;
use super::veil::Veil;
use crate::doctor::{self, Places};
use crate::house::Link;
use crate::status;
use crate::words;

/// So many of the journal's last messages are taken, and so much of each.
const MOST_MESSAGES: usize = 5000;
const LONGEST_MESSAGE: usize = 4000;
/// What a message in the journal keeps: what [`switchhook::logging`] writes, and what systemd tells of the unit.
const FIELDS: [&str; 14] = [
    "__REALTIME_TIMESTAMP",
    "PRIORITY",
    "MESSAGE",
    "MESSAGE_ID",
    "EVENT",
    "TARGET",
    "LINE",
    "CALL_ID",
    "CODE_FILE",
    "CODE_LINE",
    "_PID",
    "UNIT_RESULT",
    "EXIT_CODE",
    "EXIT_STATUS",
];
/// What systemd tells of the service.
const PROPERTIES: &str = "ActiveState,SubState,Result,NRestarts,ExecMainStatus,ExecMainCode,ActiveEnterTimestamp,MainPID,MemoryCurrent,MemoryPeak,CPUUsageNSec,TasksCurrent,FragmentPath,DropInPaths,StatusText,UnitFileState";
/// No program that is asked takes longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Nor does it tell more than this, in bytes.
const LONGEST_ANSWER: u64 = 1_000_000;

/// Everything, veiled, and in English, whatever whoever asks for it reads.
pub async fn all(bus: &Bus, places: &Places, days: u32) -> Vec<Part> {
    let (config, configuration) = configuration(places);
    let veil = config.as_ref().map(over).unwrap_or_default();
    let robot = robot(bus).await;
    let findings = serde_json::to_value(doctor::look(bus, places, words::english()).await).unwrap_or_default();
    vec![
        part("machine.json", "the board, its system, memory, disk and heat", lines(&veil.value(machine(config.as_ref())))),
        part("configuration.toml", "what is in force, and where each value was written", veil.text(&configuration)),
        part("doctor.json", "what `switchhookctl doctor` found", lines(&veil.value(findings))),
        part("robot.json", "what the robot tells on the bus: state, lines, models, jobs", lines(&veil.value(robot))),
        part("service.txt", "what systemd tells of the service", veil.text(&service().await)),
        part("journal.jsonl", "what the robot logged, which holds nothing of callers at any level", journal(&veil, days).await),
    ]
}

fn part(file: &'static str, what: &'static str, text: String) -> Part {
    Part { file, what, text }
}

fn lines(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// What the office wrote of people and of itself, which is hidden wherever it stands.
fn over(config: &Config) -> Veil {
    let mut veil = Veil::default();
    veil.hide(&config.office.name, "[office]");
    for (number, (id, someone)) in (1..).zip(&config.people) {
        let stands = format!("[person {number}]");
        for name in [id, &someone.spoken].into_iter().chain(&someone.also) {
            veil.hide(name, &stands);
        }
    }
    let registers = config.lines.iter().filter_map(|line| match &line.kind {
        Kind::Sip(sip) => sip.register.as_ref().map(|register| register.user.as_str()),
        Kind::Handset(_) => None,
    });
    for user in registers.chain(config.mqtt.iter().filter_map(|mqtt| mqtt.user.as_deref())) {
        veil.hide(user, "[user]");
    }
    veil
}

/// The configuration, and how it reads; or why it cannot be read.
fn configuration(places: &Places) -> (Option<Config>, String) {
    let read =
        Written::load(&places.file.config).and_then(|written| written.config().map(|config| (InForce::of(&config, &written), config)));
    match read {
        Ok((in_force, config)) => (Some(config), in_force.toml(true)),
        Err(problem) => (None, format!("# {problem}\n")),
    }
}

fn machine(config: Option<&Config>) -> Value {
    let file = |path: &str| std::fs::read_to_string(path).ok().map(|text| text.trim_end_matches(['\0', '\n']).to_owned());
    let field = |path: &str, name: &str| {
        let text = file(path)?;
        let found = text.lines().find_map(|line| line.strip_prefix(name))?;
        Some(found.trim_start_matches([' ', '\t', ':', '=']).trim_matches('"').to_owned())
    };
    let vitals = Vitals::read();
    let folders = config.into_iter().flat_map(|config| [Some(config.records.database.clone()), config.models.dir.clone()]).flatten();
    let disks: Vec<_> = folders
        .filter_map(|path| {
            let there = path.ancestors().find(|folder| folder.is_dir())?;
            let room = rustix::fs::statvfs(there).ok()?;
            Some(json!({"at": there, "bytes": room.f_blocks.saturating_mul(room.f_frsize), "free_bytes": room.f_bavail.saturating_mul(room.f_frsize)}))
        })
        .collect();
    json!({
        "switchhookctl": env!("CARGO_PKG_VERSION"),
        "board": file("/proc/device-tree/model"),
        "system": field("/etc/os-release", "PRETTY_NAME"),
        "kernel": file("/proc/sys/kernel/osrelease"),
        "architecture": std::env::consts::ARCH,
        "processor": field("/proc/cpuinfo", "model name"),
        "processors": std::thread::available_parallelism().map(std::num::NonZero::get).ok(),
        "features": field("/proc/cpuinfo", "flags").or_else(|| field("/proc/cpuinfo", "Features")),
        "memory_bytes": total_memory(),
        "available_bytes": available_memory(),
        "temperature_c": vitals.temperature,
        "load": vitals.load,
        "up_s": file("/proc/uptime").and_then(|text| text.split(' ').next()?.parse::<f64>().ok()),
        "disks": disks,
    })
}

/// What the robot tells of itself, or why it does not.
async fn robot(bus: &Bus) -> Value {
    let read = async {
        let link = Link::open_in(bus, words::english()).await?;
        let status = serde_json::to_value(status::read(&link).await?)?;
        let house = link.house().await?;
        anyhow::Ok(json!({"status": status, "models": house.models, "jobs": house.jobs}))
    };
    match timeout(PATIENCE, read).await {
        Ok(Ok(told)) => told,
        Ok(Err(error)) => json!({"error": format!("{error:#}")}),
        Err(_) => json!({"error": "it did not answer in time"}),
    }
}

async fn service() -> String {
    let mut text = String::new();
    for (program, arguments) in [
        ("systemctl", vec!["show", "switchhook.service", "--property", PROPERTIES]),
        ("systemctl", vec!["list-timers", "--all", "--no-pager", "switchhook*"]),
        ("aplay", vec!["-l"]),
    ] {
        text += &format!("$ {program} {}\n{}\n", arguments.join(" "), answer(program, &arguments).await);
    }
    text
}

/// What a program writes, or why it writes nothing.
async fn answer(program: &str, arguments: &[&str]) -> String {
    let run = async {
        let mut child = command(program, arguments).stderr(Stdio::null()).spawn()?;
        let mut text = Vec::new();
        if let Some(out) = child.stdout.take() {
            out.take(LONGEST_ANSWER).read_to_end(&mut text).await?;
        }
        std::io::Result::Ok(String::from_utf8_lossy(&text).into_owned())
    };
    match timeout(PATIENCE, run).await {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => format!("{program}: {error}"),
        Err(_) => format!("{program} did not answer in time"),
    }
}

fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    command
}

/// The journal's last messages, one object a line.
async fn journal(veil: &Veil, days: u32) -> String {
    let (since, most) = (format!("-{days}d"), MOST_MESSAGES.to_string());
    let arguments = ["--unit=switchhook", "--output=json", "--no-pager", "--quiet", "--since", &since, "--lines", &most];
    let read = async {
        let mut child = command("journalctl", &arguments).stderr(Stdio::null()).spawn()?;
        let mut text = String::new();
        if let Some(out) = child.stdout.take() {
            let mut messages = BufReader::new(out.take(LONGEST_ANSWER * 50)).lines();
            while let Some(message) = messages.next_line().await? {
                text += &told(veil, &message);
            }
        }
        std::io::Result::Ok(text)
    };
    match timeout(PATIENCE, read).await {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => format!("{}\n", json!({"error": format!("journalctl: {error}")})),
        Err(_) => format!("{}\n", json!({"error": "journalctl did not answer in time"})),
    }
}

/// One message with the fields that may be sent; nothing of one that cannot be read.
fn told(veil: &Veil, message: &str) -> String {
    let Ok(Value::Object(fields)) = serde_json::from_str(message) else { return String::new() };
    let kept = fields.into_iter().filter(|(name, _)| FIELDS.contains(&name.as_str())).map(|(name, value)| {
        let value = match value {
            // The journal's own clock, in microseconds: a number in quotes.
            Value::String(digits) if name == "__REALTIME_TIMESTAMP" || name == "_PID" => {
                digits.parse::<u64>().map_or(Value::Null, Value::from)
            }
            // The name of an event or of a call, from us: hexadecimal digits, which may all be decimal.
            Value::String(id)
                if (name == "MESSAGE_ID" || name == "CALL_ID") && id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                id.into()
            }
            Value::String(text) => veil.text(&text.chars().take(LONGEST_MESSAGE).collect::<String>()).into(),
            _ => Value::Null,
        };
        (name, value)
    });
    format!("{}\n", Value::Object(kept.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_what_we_wrote_and_loses_the_rest_and_every_number() {
        let message = json!({
            "__REALTIME_TIMESTAMP": "1795790721123456",
            "MESSAGE": "the gateway said +44 20 7946 0123",
            "CALL_ID": "01234567890123456789012345678901",
            "_HOSTNAME": "canal-street",
            "_CMDLINE": "switchhookd",
        });
        let told = told(&Veil::default(), &message.to_string());
        let expected = json!({
            "CALL_ID": "01234567890123456789012345678901",
            "MESSAGE": "the gateway said [number]",
            "__REALTIME_TIMESTAMP": 1_795_790_721_123_456_u64,
        });
        assert_eq!(serde_json::from_str::<Value>(&told).ok(), Some(expected));
        assert_eq!(super::told(&Veil::default(), "no json"), "");
    }
}
