//! The demo from its first line to its last.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;
use switchhook_models::catalog::profiles::ProfileName;
use switchhook_models::{Language, Locale};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::conversation::{Conversation, conversation};
use super::show::Stage;
use super::watch::{News, Turn, follow};
use super::{judge, watch};
use crate::bench::{Agent, Broker, Heard, House, Place, Settings, Visit, binary, speech};
use crate::caller::{Call, Plan, Report};
use crate::rtp::RATE;

/// How long the summary of a call may take to come by MQTT.
const TELEMETRY: Duration = Duration::from_secs(10);

/// How the demo is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Stay up afterwards, for a softphone.
    pub keep: bool,
    /// Show nothing but the last line.
    pub json_only: bool,
    /// What the caller and the robot speak.
    pub language: Locale,
    /// The size of board whose models the robot has.
    pub profile: ProfileName,
}

/// Run the demo; whether all was right. Ends with one line of JSON.
///
/// # Errors
/// If the office could not be opened or the call not placed.
pub async fn run(options: &Options) -> anyhow::Result<bool> {
    let stage = Stage::new(options.json_only);
    let conversation = conversation(options.language);
    let mut place = Place::new()?;
    stage.doing("opening a bus, a broker and the robot on loopback");
    let broker = Broker::start(&place).await?;
    let agent = Agent::start(&place, &speech("18-af_nicole")).await?;
    let Options { language, profile, .. } = *options;
    let settings = Settings { broker: Some(broker.port()), person: Some(agent.address()), profile, ..Settings::speaking(language) };
    let house = House::open(&place, &settings).await?;
    stage.line(&format!("the robot answers sip:{} (ready after {} ms)", house.dial(), house.ready.as_millis()));

    stage.line(&ctl(&house, "status").await?);

    stage.doing("a caller is on the line");
    let mut heard_by_mqtt = broker.hear();
    let (news, following) = follow(house.connection()).await?;
    let said: Vec<_> = conversation.exchanges.iter().map(|exchange| exchange.speech).collect();
    let visit = Visit::saying(&said).who(|plan| *plan = Plan { longest: 240 * RATE as usize, ..plan.clone() });
    let (call, turns) = watched(conversation, &stage, house.call(visit), news, &mut heard_by_mqtt).await;
    following.abort();
    let call = call?;
    show_caller(&stage, &call.report);

    let told = heard_by_mqtt.wait("the call's figures come by MQTT", TELEMETRY, |topic, _| topic.contains("/calls/")).await;
    if told.is_ok() {
        stage.mqtt(&heard_by_mqtt.next().await);
    }
    stage.line(&ctl(&house, "messages").await?);
    stage.doing("writing down what the caller heard");
    let recording = lasting("heard.wav")?;
    call.record(&recording)?;
    stage.line(&format!("what the caller heard is in {}", recording.display()));
    let in_the_ear = transcribed(&recording, options.language.language()).await?;
    stage.line(&format!("the caller heard: {}", in_the_ear.trim()));

    let mut faults = judge::faults(conversation, &turns, &call.report, &in_the_ear);
    faults.extend(told.err().map(|error| error.to_string()));
    stage.end();
    for fault in &faults {
        eprintln!("WRONG: {fault}");
    }
    if !faults.is_empty() {
        place.keep();
    }
    let peak = house.process.peak_memory().unwrap_or_default();
    println!("{}", last_line(&call.report, house.ready, peak));
    if options.keep {
        stay(&house).await?;
    }
    Ok(faults.is_empty())
}

/// The call, while everything that the robot tells is shown.
async fn watched(
    conversation: &Conversation,
    stage: &Stage,
    call: impl Future<Output = anyhow::Result<Call>>,
    mut news: mpsc::UnboundedReceiver<watch::News>,
    mqtt: &mut Heard,
) -> (anyhow::Result<Call>, Vec<Turn>) {
    let mut turns = Vec::new();
    let mut show = |piece: News| {
        if let News::Turn(turn) = &piece {
            let spoken = turns.iter().filter(|turn: &&Turn| !turn.heard.is_empty()).count();
            if let Some(exchange) = conversation.exchanges.get(spoken).filter(|_| !turn.heard.is_empty()) {
                stage.line(&format!("  caller said \"{}\"", exchange.words));
            }
            turns.push(turn.clone());
        }
        stage.news(&piece);
    };
    tokio::pin!(call);
    let call = loop {
        tokio::select! {
            Some(piece) = news.recv() => show(piece),
            messages = mqtt.next() => stage.mqtt(&messages),
            call = &mut call => break call,
        }
    };
    while let Ok(piece) = news.try_recv() {
        show(piece);
    }
    (call, turns)
}

fn show_caller(stage: &Stage, report: &Report) {
    for turn in &report.turns {
        let latency = turn.latency_ms.map_or("no answer".to_owned(), |ms| format!("{ms} ms"));
        stage.line(&format!("  voice to voice, as the caller hears it: {:<20} {latency}", turn.said));
    }
}

/// A file of the demo that stays, beside what is built.
fn lasting(name: &str) -> anyhow::Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let folder = target.join("demo");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder.join(name))
}

/// What the tool that we ship understands of a recording; Mandarin in simplified characters.
async fn transcribed(recording: &Path, language: Language) -> anyhow::Result<String> {
    let mut tool = Command::new(binary("switchhook-models")?);
    tool.args(["transcribe", "--json", "--model", "whisper-base", "--script", "simplified", "--language", language.code()]);
    let output = tool.arg(recording).output().await?;
    anyhow::ensure!(output.status.success(), "switchhook-models transcribe failed: {}", String::from_utf8_lossy(&output.stderr).trim_end());
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).context("switchhook-models transcribe tells no JSON")?;
    Ok(told["text"].as_str().context("switchhook-models transcribe tells no text")?.to_owned())
}

async fn stay(house: &House) -> anyhow::Result<()> {
    eprintln!(
        "the robot stays: dial sip:{} with any softphone on this machine; 0 and \"person\" ring an agent's phone; end with Ctrl-C\n\
         look at it with: switchhookctl --bus {} call watch",
        house.dial(),
        house.bus_address()
    );
    let mut asked_to_end = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = asked_to_end.recv() => {}
    }
    Ok(())
}

/// What the admin's command says.
async fn ctl(house: &House, verb: &str) -> anyhow::Result<String> {
    let output = Command::new(binary("switchhookctl")?).args(["--bus", house.bus_address(), verb]).output().await?;
    let text = if output.status.success() { output.stdout } else { output.stderr };
    Ok(format!("$ switchhookctl {verb}\n{}", String::from_utf8_lossy(&text).trim_end()))
}

fn last_line(report: &Report, ready: Duration, peak: u64) -> serde_json::Value {
    json!({"demo": {
        "turns": report.turns.len(),
        "voice_to_voice_ms": {"p50": report.latency_ms.p50, "p95": report.latency_ms.p95},
        "ready_ms": u64::try_from(ready.as_millis()).unwrap_or(u64::MAX),
        "peak_rss_mb": peak / (1 << 20),
    }})
}
