//! `--watch`: what was shown is shown anew each time that something changes, until it is interrupted or the robot goes.

use std::io::{IsTerminal as _, Write as _, stdout};
use std::time::Duration;

use clap::Args;
use tokio::time::{Instant, timeout_at};
use zbus::Message;

use super::house::{Link, News};
use super::output::Output;

/// Changes come in swarms: as many as come within this are one.
const SWARM: Duration = Duration::from_millis(200);
/// To the beginning of a screen without anything on it.
const CLEAR: &[u8] = b"\x1b[H\x1b[2J\x1b[3J";

/// Whether to go on showing.
#[derive(Args, Clone, Copy)]
pub struct Watching {
    /// Show it again each time that it changes.
    #[arg(long)]
    pub watch: bool,
}

/// After what something is shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Whatever the robot tells.
    Anything,
    /// The end of a call: what a caller left is there then. Whoever looks at that is put on record each time.
    Calls,
}

impl After {
    fn tells(self, message: &Message) -> bool {
        self == Self::Anything || message.header().member().is_some_and(|member| member.as_str() == "CallEnded")
    }
}

/// Show it once; and if it is to be watched, again and again.
pub async fn again(
    link: &Link,
    output: Output,
    watching: Watching,
    after: After,
    show: impl AsyncFn() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if !watching.watch {
        return show().await;
    }
    // Listening first and looking second misses nothing.
    let mut news = link.news().await?;
    loop {
        if !output.json && stdout().is_terminal() {
            stdout().write_all(CLEAR)?;
        }
        show().await?;
        while !after.tells(&news.next().await?) {}
        swarm(&mut news).await?;
    }
}

/// What else comes with what came.
async fn swarm(news: &mut News) -> anyhow::Result<()> {
    let end = Instant::now() + SWARM;
    while let Ok(more) = timeout_at(end, news.next()).await {
        more?;
    }
    Ok(())
}
