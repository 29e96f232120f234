//! `switchhookd`: the daemon. Everything it does is in the library; here are its arguments and its exit status.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use switchhook::config::Credentials;
use switchhook::logging::{Levels, Logging};
use switchhook::{logging, lookups, service, speech};
use switchhook_models::Locale;

/// What still computes when the house is closed is not waited for any longer.
const LEFT_OVER: Duration = Duration::from_secs(2);

/// Answer the office's telephone.
#[derive(Parser)]
#[command(name = "switchhookd", version, about, long_about = None)]
struct Arguments {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = "/etc/switchhook/switchhook.toml")]
    config: PathBuf,

    /// The folder of secrets, one file each; systemd hands it over by itself (LoadCredential=).
    #[arg(long, value_name = "DIR")]
    credentials: Option<PathBuf>,

    /// Read and check the configuration and its scenario, say what is wrong, and go.
    #[arg(long)]
    check: bool,

    /// What is logged: error, warn, info, debug or trace; single rooms otherwise: `info,lines::sip=debug`.
    #[arg(long, value_name = "LEVELS", default_value = "info")]
    log_level: Levels,

    #[command(subcommand)]
    instead: Option<Instead>,
}

/// What is done instead of answering.
#[derive(Subcommand)]
enum Instead {
    /// Say a scenario's tests aloud, through our voices, a telephone line and the recogniser. `switchhookctl scenario test --voice` runs this.
    Rehearse {
        /// The scenario's folder.
        dir: PathBuf,
        /// In these languages alone.
        #[arg(long, value_delimiter = ',', value_name = "TAG")]
        language: Vec<Locale>,
        /// Write JSON for programs.
        #[arg(long)]
        json: bool,
    },
    /// Be the process in which the models work. The daemon starts it by itself.
    #[command(hide = true)]
    SpeechWorker,
}

fn main() -> ExitCode {
    // Before anything else is there: what begins here has no rights any more, and becomes another program.
    let mut words = std::env::args_os().skip(1);
    if let (Some(switch), Some(program), None) = (words.next(), words.next(), words.next())
        && switch == lookups::sandbox::SWITCH
    {
        return lookups::sandbox::become_program(Path::new(&program));
    }
    let arguments = Arguments::parse();
    if let Some(Instead::SpeechWorker) = &arguments.instead {
        logging::tell_of_panics();
        return speech::worker::run();
    }
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The journal takes standard error too, and a person at a terminal reads nothing else.
            eprintln!("switchhookd: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    if arguments.check {
        for note in service::check(&arguments.config)?.notes {
            eprintln!("switchhookd: note: {note}");
        }
        return Ok(());
    }
    if let Some(Instead::Rehearse { dir, language, json }) = &arguments.instead {
        return service::rehearse(dir, language, &arguments.config, *json);
    }
    let logging = Logging::begin(arguments.log_level)?;
    let credentials = arguments.credentials.map_or_else(Credentials::from_systemd, Credentials::in_folder);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let ran = runtime.block_on(service::run(&arguments.config, &credentials, logging));
    // A job of an admin's may be in the middle of a conversion: what it has made so far is of no use, and in nobody's way.
    runtime.shutdown_timeout(LEFT_OVER);
    ran
}
