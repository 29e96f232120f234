//! `switchhookctl support-bundle`: what somebody who helps from afar has to see, in one file, and nothing of callers or colleagues.
//!
//! [`gather`] looks at the machine, the service, the robot and its journal, as `doctor` does: what cannot be seen is told in its place and stops nothing.
//! Records, messages, recordings, scenarios and secrets are never looked at. What is gathered goes through the [`veil`] before it is packed ([`parcel`]),
//! and the archive says of each of its files what it is, so that whoever sends it can read it first.

mod gather;
mod parcel;
mod veil;

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use jiff::Zoned;
use serde_json::json;
use switchhook::config::Bus;

use super::config::ConfigFile;
use super::doctor::Places;
use super::output::{Output, line, shown, told};
use super::words::say;

/// What to gather, and where to.
#[derive(Args)]
pub struct SupportBundle {
    /// The archive to write; without it, one in this folder that is named after the hour.
    #[arg(value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// The journal of so many days.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=90))]
    pub days: u32,
    #[command(flatten)]
    pub file: ConfigFile,
    /// The folder of secrets, which are not read: only whether they are there, and for whom.
    #[arg(long, value_name = "DIR", default_value = "/etc/switchhook/credentials")]
    pub credentials: PathBuf,
}

/// A file of the bundle.
struct Part {
    file: &'static str,
    /// What it is.
    what: &'static str,
    text: String,
}

const CONTENTS: &str = "CONTENTS.txt";

/// Gather and pack.
pub async fn bundle(bus: &Bus, wanted: &SupportBundle, output: Output) -> anyhow::Result<()> {
    let places = Places { file: wanted.file.clone(), credentials: wanted.credentials.clone() };
    let mut parts = gather::all(bus, &places, wanted.days).await;
    parts.insert(0, Part { file: CONTENTS, what: "this list", text: contents(&parts) });
    let name = format!("switchhook-support-{}", Zoned::now().strftime("%Y%m%d-%H%M%S"));
    let path = wanted.to.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.tar.gz")));
    let bytes = parcel::write(&path, &name, &parts)?;
    if !output.json {
        for Part { file, text, .. } in &parts {
            line(&format!("{file:20} {:>5} kB", text.len().div_ceil(1000)))?;
        }
    }
    let files: Vec<_> = parts.iter().map(|part| json!({"file": part.file, "what": part.what, "bytes": part.text.len()})).collect();
    let sentence = say!("bundle-written", path = shown(&path.display().to_string()), kilobytes = bytes.div_ceil(1000));
    told(output, &json!({"done": true, "path": path, "bytes": bytes, "files": files}), &sentence)
}

/// What is in the bundle, for whoever opens it.
fn contents(parts: &[Part]) -> String {
    let mut text = String::from(
        "What a Switchhook robot tells of itself for somebody who helps.\n\n\
         Telephone numbers stand as [number], whom an address names as [who], people of the configuration as [person 1] and so on, the office as [office].\n\
         Nothing of callers is in here: no words, no numbers, no records, no recordings; and no secrets.\n\n",
    );
    for Part { file, what, .. } in parts {
        let _ = writeln!(text, "{file:20} {what}");
    }
    text
}
