//! Completions and manual pages, made from the command line itself.

use std::path::Path;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;

use super::cli::Cli;
use super::words::say;

pub fn completions(shell: Shell) -> anyhow::Result<()> {
    clap_complete::generate(shell, &mut Cli::command(), "switchhookctl", &mut std::io::stdout());
    Ok(())
}

pub fn man(dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir).with_context(|| say!("generate-cannot-make", path = dir))?;
    clap_mangen::generate_to(Cli::command(), dir).with_context(|| say!("generate-cannot-write", path = dir))
}
