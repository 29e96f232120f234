//! `switchhook-hil call`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use switchhook_hil::caller::{self, KeyAt, Order, Plan, Report, Utterance};
use switchhook_hil::rtp::{Impairment, Law, RATE};
use switchhook_hil::sip::{Protocol, Target};

#[derive(Args)]
pub struct CallArguments {
    /// Whom to call: sip:user@host:port.
    #[arg(long)]
    to: Target,
    /// udp or tcp.
    #[arg(long, default_value = "udp")]
    transport: Protocol,
    /// What to say: WAV files, in this order.
    #[arg(long, value_delimiter = ',')]
    speech: Vec<PathBuf>,
    /// Where to write what was heard; what was said goes beside it, as NAME.said.wav.
    #[arg(long)]
    record: Option<PathBuf>,
    /// Tell everything as one JSON object.
    #[arg(long)]
    json: bool,
    /// pcma or pcmu; both are offered if it is not given.
    #[arg(long)]
    law: Option<Law>,
    /// Lose this percentage of the packets that are sent.
    #[arg(long, default_value_t = 0.0)]
    loss: f64,
    /// Let one packet in ten be overtaken by the next.
    #[arg(long)]
    reorder: bool,
    /// From the second utterance on: begin so many seconds after the robot began, instead of waiting for its end.
    #[arg(long, value_name = "SECONDS")]
    interrupt: Option<f64>,
    /// Keys to press: KEY@SECONDS, KEY@after-turn-N or, once all is said, KEY@after-turn.
    #[arg(long, value_delimiter = ',')]
    keys: Vec<KeyAt>,
    /// Put the robot on hold for three seconds at this time.
    #[arg(long, value_name = "SECONDS")]
    hold_on: Option<f64>,
    /// Send no sound at all, as a dead network does.
    #[arg(long)]
    mute: bool,
    /// Never put the phone down first; without speech, this is so in any case.
    #[arg(long)]
    stay: bool,
    /// The robot has finished after so many milliseconds of quiet.
    #[arg(long, default_value_t = 700)]
    quiet: u32,
    /// Put the phone down after so many seconds, however it goes.
    #[arg(long, default_value_t = 180.0)]
    max: f64,
}

pub async fn run(arguments: CallArguments) -> anyhow::Result<ExitCode> {
    let (json, record) = (arguments.json, arguments.record.clone());
    let to = arguments.to.clone();
    let order = order(arguments)?;
    let call = caller::place(order).await.with_context(|| format!("cannot call {}", to.uri))?;
    if let Some(path) = record {
        call.record(&path)?;
    }
    if json {
        println!("{}", serde_json::to_string(&call.report)?);
    } else {
        tell(&call.report);
    }
    Ok(if call.report.answered { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn order(arguments: CallArguments) -> anyhow::Result<Order> {
    let utterances = arguments.speech.iter().map(|path| Utterance::read(path)).collect::<Result<Vec<_>, _>>()?;
    let stays = arguments.stay || utterances.is_empty();
    let plan = Plan {
        interrupt: arguments.interrupt.map(samples),
        keys: arguments.keys,
        hold: arguments.hold_on.map(samples),
        leave_after: if stays { None } else { Plan::default().leave_after },
        longest: samples(arguments.max),
        ..Plan::default()
    };
    Ok(Order {
        protocol: arguments.to.protocol.unwrap_or(arguments.transport),
        to: arguments.to,
        laws: arguments.law.map_or_else(|| vec![Law::Pcma, Law::Pcmu], |law| vec![law]),
        utterances,
        plan,
        impairment: Impairment::new(arguments.loss / 100.0, arguments.reorder, 1),
        quiet: samples(f64::from(arguments.quiet) / 1e3),
        mute: arguments.mute,
    })
}

/// `as` takes negative numbers and NaN for 0.
fn samples(seconds: f64) -> usize {
    (seconds * f64::from(RATE)) as usize
}

fn tell(report: &Report) {
    if !report.answered {
        println!("not answered: {}", report.status);
        return;
    }
    for turn in &report.turns {
        match turn.latency_ms {
            Some(latency) => println!("{:<24} answered after {latency} ms", turn.said),
            None => println!("{:<24} not answered", turn.said),
        }
    }
    println!("{:.1} s, ended by {:?}; voice to voice {:?}", report.seconds, report.end, report.latency_ms);
}
