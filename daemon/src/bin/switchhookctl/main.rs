//! `switchhookctl`: the admin's command line. One noun per file; what they share stands in `house` (what is read from the bus) and `output`
//! (what people see).
//!
//! Exit status: 0 if it was done, 1 if not, 2 if the command was not understood.

mod again;
mod call;
mod cli;
mod config;
mod device;
mod disk;
mod doctor;
mod export;
mod generate;
mod house;
mod job;
mod line;
mod log;
mod looks;
mod messages;
mod models;
mod monitor;
mod output;
mod reports;
mod scenario;
mod setup;
mod status;
mod support;
mod table;
mod watch;
mod words;

use std::process::ExitCode;

use again::{After, again};
use cli::{Cli, Noun};
use house::Link;
use output::Output;
use words::Language;

fn main() -> ExitCode {
    let language = Language::of(|name| std::env::var(name).ok());
    let cli: Cli = match words::understood(language, std::env::args_os()) {
        Ok(cli) => cli,
        Err(misunderstood) => return misunderstood.told(),
    };
    // Programs read the same wherever they run.
    words::choose(if cli.json { Language::English } else { language });
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("switchhookctl: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    match &cli.noun {
        Noun::Completions { shell } => return generate::completions(*shell),
        Noun::Man { dir } => return generate::man(dir),
        Noun::Config { verb } => return config::run(verb, &cli.bus, Output::new(cli.json)),
        Noun::Setup(setup) => return setup::run(setup, &cli.bus, Output::new(cli.json)),
        Noun::Scenario { verb } => return scenario::run(verb, &cli.bus, Output::new(cli.json)),
        _ => {}
    }
    // One connection and one question at a time need no second thread.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(ask(cli))
}

async fn ask(cli: Cli) -> anyhow::Result<()> {
    let output = Output::new(cli.json);
    if let Noun::Doctor(places) = &cli.noun {
        return doctor::examine(&cli.bus, places, output).await;
    }
    if let Noun::SupportBundle(wanted) = &cli.noun {
        return support::bundle(&cli.bus, wanted, output).await;
    }
    let link = Link::open(&cli.bus).await?;
    match cli.noun {
        Noun::Status { wait, watching } => {
            if wait {
                status::wait(&link).await?;
            }
            again(&link, output, watching, After::Anything, async || status::show(&link, output).await).await
        }
        Noun::Monitor => monitor::watch(&link).await,
        Noun::Lines { watching } => again(&link, output, watching, After::Anything, async || line::list(&link, output).await).await,
        Noun::Line { verb } => line::direct(&verb, &link, output).await,
        Noun::Calls { watching } => again(&link, output, watching, After::Anything, async || call::list(&link, output).await).await,
        Noun::Call { verb } => call::run(&verb, &link, output).await,
        Noun::Models { watching } => again(&link, output, watching, After::Anything, async || models::list(&link, output).await).await,
        Noun::Model { verb } => models::fetch(&verb, &link, output).await,
        Noun::Jobs { watching } => again(&link, output, watching, After::Anything, async || job::list(&link, output).await).await,
        Noun::Job { verb } => job::direct(&verb, &link, output).await,
        Noun::Messages { limit, watching } => {
            again(&link, output, watching, After::Calls, async || messages::list(&link, output, limit).await).await
        }
        Noun::Message { verb } => messages::say_what_became(&verb, &link, output).await,
        Noun::Reports { limit, watching } => {
            again(&link, output, watching, After::Calls, async || reports::list(&link, output, limit).await).await
        }
        Noun::Looks { limit } => looks::list(&link, output, limit).await,
        Noun::Export(wanted) => export::export(&link, output, &wanted).await,
        Noun::Log { levels } => log::set(&link, output, levels.as_ref()).await,
        // Answered before a connection was made.
        Noun::Completions { .. }
        | Noun::Man { .. }
        | Noun::Setup(_)
        | Noun::Config { .. }
        | Noun::Scenario { .. }
        | Noun::SupportBundle(_)
        | Noun::Doctor(_) => Ok(()),
    }
}
