//! A person's phone: baresip, which answers by itself or only rings, says something, keeps what it hears, and presses keys.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::Instant;

use super::place::until;
use super::{Place, Process, free_port};
use crate::caller::Utterance;
use crate::rtp::RATE;

/// What whoever sits at the phone does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Take every call.
    Always,
    /// Let it ring.
    Never,
}

/// A running phone.
#[derive(Debug)]
pub struct Agent {
    process: Process,
    port: u16,
    keypad: u16,
    folder: PathBuf,
}

impl Agent {
    /// A phone that answers every call and says what `speech` holds.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn start(place: &Place, speech: &Path) -> anyhow::Result<Self> {
        Self::who(place, &Utterance::read(speech)?, Answers::Always).await
    }

    /// A phone at which somebody does so, and says this from the answer on.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn who(place: &Place, says: &Utterance, answers: Answers) -> anyhow::Result<Self> {
        let (port, keypad) = (free_port()?, free_port()?);
        place.write("agent/contacts", "")?;
        // baresip plays only what has the rate of the line.
        let speech = place.join("agent/mouth.wav");
        says.write(&speech)?;
        let modules = ["stdio.so", "g711.so", "aufile.so", "sndfile.so", "account.so", "menu.so", "ctrl_tcp.so"];
        let modules: String = modules.map(|module| format!("module {module}\n")).concat();
        place.write(
            "agent/config",
            &format!(
                "poll_method epoll\nsip_listen 127.0.0.1:{port}\nctrl_tcp_listen 127.0.0.1:{keypad}\ncall_max_calls 4\nmodule_path {}\n{modules}\
                 audio_source aufile,{}\naudio_player aufile,{}\naudio_alert aufile,{}\nsnd_path {}\nrtp_stats no\nnet_interface 127.0.0.1\n",
                module_folder(),
                speech.display(),
                place.join("agent/ear.wav").display(),
                place.join("agent/bell.wav").display(),
                place.join("agent").display(),
            ),
        )?;
        let mode = match answers {
            Answers::Always => "auto",
            Answers::Never => "manual",
        };
        place.write("agent/accounts", &format!("<sip:agent@127.0.0.1:{port}>;regint=0;answermode={mode};audio_codecs=PCMA,PCMU\n"))?;
        let mut command = Command::new("baresip");
        command.arg("-f").arg(place.join("agent")).arg("-4").env("HOME", place.join("agent"));
        let mut process = Process::start(place, "agent", &mut command)?;
        process.says("the agent's phone is ready", Duration::from_secs(15), |log| log.contains("baresip is ready").then_some(())).await?;
        Ok(Self { process, port, keypad, folder: place.join("agent") })
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("sip:agent@127.0.0.1:{}", self.port)
    }

    /// Wait until it has a call.
    ///
    /// # Errors
    /// If none comes in time.
    pub async fn answered(&mut self, patience: Duration) -> anyhow::Result<()> {
        self.process.says("the agent has a call", patience, |log| log.contains("Call established").then_some(())).await
    }

    /// Wait until it has rung so many times; when that was seen.
    ///
    /// # Errors
    /// If it does not in time.
    pub async fn rang(&mut self, times: usize, patience: Duration) -> anyhow::Result<Instant> {
        let rung = |log: &str| (log.matches("Incoming call from").count() >= times).then(Instant::now);
        self.process.says("the agent's phone rings", patience, rung).await
    }

    /// Wait until its call is over.
    ///
    /// # Errors
    /// If it does not end in time.
    pub async fn is_over(&mut self, patience: Duration) -> anyhow::Result<()> {
        let over = |log: &str| ["session closed", "Call with", "terminated"].iter().any(|word| log.contains(word)).then_some(());
        self.process.says("the agent's call is over", patience, over).await
    }

    /// Press a key.
    ///
    /// # Errors
    /// If the phone does not take it.
    pub async fn presses(&self, key: char) -> anyhow::Result<()> {
        self.does(&format!("{{\"command\":\"sndcode\",\"params\":\"{key}\",\"token\":\"key\"}}")).await
    }

    /// Do not take the call that rings.
    ///
    /// # Errors
    /// If the phone does not take it.
    pub async fn declines(&self) -> anyhow::Result<()> {
        self.does("{\"command\":\"hangup\",\"token\":\"decline\"}").await
    }

    async fn does(&self, order: &str) -> anyhow::Result<()> {
        let mut keypad = TcpStream::connect(("127.0.0.1", self.keypad)).await.context("the agent's phone has no keypad")?;
        keypad.write_all(format!("{}:{order},", order.len()).as_bytes()).await?;
        Ok(())
    }

    /// Wait until it has heard so much since the answer.
    ///
    /// # Errors
    /// If it does not in time.
    pub async fn has_heard(&self, much: Duration, patience: Duration) -> anyhow::Result<()> {
        let samples = much.as_millis() as u64 * u64::from(RATE) / 1_000;
        until("the agent has heard enough", patience, async || {
            let bytes = self.ear().and_then(|path| std::fs::metadata(path).ok()).map_or(0, |file| file.len());
            (bytes / 2 >= samples).then_some(())
        })
        .await
    }

    /// All that it has heard since the answer.
    ///
    /// # Errors
    /// If nothing was kept.
    pub fn heard(&self) -> anyhow::Result<Vec<i16>> {
        let path = self.ear().context("the agent's phone has kept nothing")?;
        // Its length is written when the call ends: what is there is read.
        let bytes = std::fs::read(&path)?;
        Ok(bytes.get(44..).unwrap_or_default().chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect())
    }

    /// Where it keeps what it hears.
    fn ear(&self) -> Option<PathBuf> {
        let files = std::fs::read_dir(&self.folder).ok()?.filter_map(|file| Some(file.ok()?.path()));
        files.into_iter().find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with("-dec.wav")))
    }
}

fn module_folder() -> &'static str {
    ["/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules"]
        .into_iter()
        .find(|folder| Path::new(folder).is_dir())
        .unwrap_or("/usr/lib/baresip/modules")
}
