//! `switchhookctl call listen`: a live call on this machine's loudspeaker, or into a file.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal as _, Stdout, stdout};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::json;
use switchhook::media::Overheard;
use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe;
use tokio::signal::unix::{SignalKind, signal};

use super::speaker::Speaker;
use super::wav::Wav;
use crate::house::{CallRow, Link};
use crate::output::{Output, json, line};
use crate::words::say;

/// Standard output, where a file is named.
const STDOUT: &str = "-";

/// Where the sound goes.
enum Sink {
    Speaker(Speaker),
    File(Wav<File>),
    Stdout(Wav<Stdout>),
}

/// Why it ended.
#[derive(Clone, Copy)]
enum End {
    Over,
    WithAPerson,
    Left,
}

/// Listen until the call is over, a person has it, or the admin has had enough.
pub async fn listen(link: &Link, output: Output, id: Option<&str>, to: Option<&Path>, device: &str) -> anyhow::Result<()> {
    let call = match id {
        Some(id) => link.call(id).await?,
        None => only(link.house().await?.calls)?,
    };
    // Before it is put on record that somebody listened.
    let mut sink = Sink::open(to, device)?;
    let ear = super::of(link, &call).await?.listen().await.map_err(|error| link.explain(error))?;
    let mut ear = pipe::Receiver::from_owned_fd(ear.into()).with_context(|| say!("listen-no-pipe"))?;
    let mut stop = signal(SignalKind::interrupt())?;
    if !output.json {
        eprintln!("{}", say!("listen-began", call = super::short(&call.id)));
    }
    let (mut frames, mut frame) = (0_u32, [0; Overheard::BYTES]);
    let left = tokio::select! {
        left = async {
            while ear.read_exact(&mut frame).await.is_ok() {
                sink.push(&frame)?;
                frames += 1;
            }
            Ok::<_, anyhow::Error>(false)
        } => left?,
        _ = stop.recv() => true,
    };
    let is_file_or_speaker = sink.close()?;
    let end = if left { End::Left } else { end_of(link, &call).await };
    let seconds = f64::from(frames) / 50.0;
    if !is_file_or_speaker {
        return Ok(());
    }
    if output.json {
        return json(&json!({ "call": call.id, "seconds": seconds, "end": end.word(), "file": to.map(PathBuf::from) }));
    }
    line(&end.sentence(&format!("{seconds:.1}")))
}

/// The only call there is.
fn only(mut calls: Vec<CallRow>) -> anyhow::Result<CallRow> {
    match calls.len() {
        1 => Ok(calls.swap_remove(0)),
        0 => bail!(say!("listen-no-call")),
        n => bail!(say!("listen-which", calls = n)),
    }
}

async fn end_of(link: &Link, call: &CallRow) -> End {
    match link.call(&call.id).await {
        Ok(call) if call.state == "bridged" => End::WithAPerson,
        _ => End::Over,
    }
}

impl End {
    fn word(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::WithAPerson => "with-a-person",
            Self::Left => "left",
        }
    }

    fn sentence(self, seconds: &str) -> String {
        match self {
            Self::Over => say!("listen-over", seconds = seconds),
            Self::WithAPerson => say!("listen-with-a-person", seconds = seconds),
            Self::Left => say!("listen-left", seconds = seconds),
        }
    }
}

impl Sink {
    fn open(to: Option<&Path>, device: &str) -> anyhow::Result<Self> {
        let Some(path) = to else { return Ok(Self::Speaker(Speaker::open(device)?)) };
        if path == Path::new(STDOUT) {
            if stdout().is_terminal() {
                bail!(say!("listen-terminal"));
            }
            return Ok(Self::Stdout(Wav::begin(stdout())?));
        }
        // What a caller says is nobody else's, and no file is lost for it.
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let file = file.with_context(|| say!("cannot-write", path = path))?;
        Ok(Self::File(Wav::begin(file).with_context(|| say!("cannot-write", path = path))?))
    }

    fn push(&mut self, frame: &[u8; Overheard::BYTES]) -> anyhow::Result<()> {
        match self {
            Self::File(wav) => wav.push(frame)?,
            Self::Stdout(wav) => wav.push(frame)?,
            Self::Speaker(speaker) => {
                if !speaker.play(Overheard::parted(frame).mixed()) {
                    bail!(say!("listen-card-stopped"));
                }
            }
        }
        Ok(())
    }

    /// Say what became of it; whether standard output is still for words.
    fn close(self) -> anyhow::Result<bool> {
        match self {
            Self::File(mut wav) => wav.finish().map(|()| true).with_context(|| say!("listen-unfinished")),
            Self::Stdout(_) => Ok(false),
            Self::Speaker(speaker) => speaker.close().map(|()| true),
        }
    }
}
