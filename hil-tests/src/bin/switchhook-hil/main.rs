//! `switchhook-hil`: call the robot as a person would, and show it at work.

mod call;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use switchhook_hil::bench::Settings;
use switchhook_hil::{accuracy, callers, demo, measure, turns};
use switchhook_models::Locale;
use switchhook_models::catalog::profiles::ProfileName;

/// The bench of Switchhook.
#[derive(Parser)]
#[command(name = "switchhook-hil", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Call somebody, speak when they have finished, and measure how long they take to answer.
    Call(call::CallArguments),
    /// Open a whole office on loopback, call it, show what happens, and judge it.
    Demo {
        /// Stay up afterwards, for a softphone.
        #[arg(long)]
        keep: bool,
        /// Show nothing but the last line.
        #[arg(long)]
        json_only: bool,
        /// What the caller and the robot speak: en, zh-TW (or zh) or zh-CN.
        #[arg(long, default_value = "en", value_parser = language)]
        language: Locale,
        /// The size of board whose models the robot has: tiny, standard or large.
        #[arg(long, default_value_t)]
        profile: ProfileName,
    },
    /// Measure how long callers wait for an answer, and how soon an interrupted robot falls silent; ends with one line of JSON.
    Measure {
        /// Interrupt the robot at least so often.
        #[arg(long, default_value_t = 20)]
        interruptions: usize,
        /// What the caller and the robot speak: en, zh-TW (or zh) or zh-CN.
        #[arg(long, default_value = "en", value_parser = language)]
        language: Locale,
        /// The size of board whose models the robot has: tiny, standard or large.
        #[arg(long, default_value_t)]
        profile: ProfileName,
    },
    /// Measure how right the installed recognisers are, and write docs/accuracy.md.
    Accuracy(accuracy::Options),
    /// Measure how often callers are cut off in a pause, how long they wait behind their last word, and what stops a robot that speaks; write docs/turn-taking.md.
    Turns(turns::Options),
    /// Let simulated callers call every scenario, by text or by voice, and write docs/callers.md.
    Callers(callers::Options),
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let outcome = runtime.block_on(async {
        match command {
            Command::Call(arguments) => call::run(arguments).await,
            Command::Demo { keep, json_only, language, profile } => {
                let right = demo::run(&demo::Options { keep, json_only, language, profile }).await?;
                Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
            }
            Command::Measure { interruptions, language, profile } => {
                let settings = Settings { profile, ..Settings::speaking(language) };
                measure::run(interruptions, &settings).await.map(|()| ExitCode::SUCCESS)
            }
            Command::Accuracy(options) => accuracy::run(&options).map(|()| ExitCode::SUCCESS),
            Command::Turns(options) => turns::run(&options).await.map(|()| ExitCode::SUCCESS),
            Command::Callers(options) => callers::run(&options).map(|()| ExitCode::SUCCESS),
        }
    });
    outcome.unwrap_or_else(|error| failed(&error))
}

fn language(text: &str) -> Result<Locale, switchhook_models::Error> {
    if text == "zh" { Ok(Locale::ZhTw) } else { text.parse() }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("switchhook-hil: {error:#}");
    ExitCode::FAILURE
}
