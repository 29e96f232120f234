//! Tests said aloud. The models are the daemon's: this program runs `switchhookd rehearse`, which tells what it hears itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use switchhook_models::Locale;

use crate::output::Output;
use crate::words::say;

/// The daemon's program.
const DAEMON: &str = "switchhookd";

/// Say the conversations in `dir` aloud.
///
/// # Errors
/// If the daemon's program is not there, or a conversation went otherwise than it is written.
pub fn test(dir: &Path, languages: &[Locale], output: Output) -> anyhow::Result<()> {
    let mut command = Command::new(daemon());
    command.arg("rehearse").arg(dir);
    if !languages.is_empty() {
        let tags: Vec<&str> = languages.iter().map(|locale| locale.tag()).collect();
        command.arg("--language").arg(tags.join(","));
    }
    if output.json {
        command.arg("--json");
    }
    let status = command.status().with_context(|| say!("scenario-no-daemon", program = DAEMON))?;
    if !status.success() {
        bail!(say!("see-above"));
    }
    Ok(())
}

/// The one beside this program, else the one that the shell would find.
fn daemon() -> PathBuf {
    let beside = std::env::current_exe().ok().map(|path| path.with_file_name(DAEMON)).filter(|path| path.is_file());
    beside.unwrap_or_else(|| DAEMON.into())
}
