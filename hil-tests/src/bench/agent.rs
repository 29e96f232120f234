//! A person's phone: baresip, which answers by itself and says something.

use std::path::Path;
use std::time::Duration;

use tokio::process::Command;

use super::{Place, Process, free_port};
use crate::caller::Utterance;

/// A running phone.
#[derive(Debug)]
pub struct Agent {
    process: Process,
    port: u16,
}

impl Agent {
    /// A phone that answers every call and says what `speech` holds.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn start(place: &Place, speech: &Path) -> anyhow::Result<Self> {
        let port = free_port()?;
        // baresip plays only what has the rate of the line.
        let spoken = Utterance::read(speech)?;
        place.write("agent/contacts", "")?;
        let speech = place.join("agent/mouth.wav");
        spoken.write(&speech)?;
        let modules = ["stdio.so", "g711.so", "aufile.so", "sndfile.so", "account.so", "menu.so"];
        let modules: String = modules.map(|module| format!("module {module}\n")).concat();
        place.write(
            "agent/config",
            &format!(
                "poll_method epoll\nsip_listen 127.0.0.1:{port}\ncall_max_calls 4\nmodule_path {}\n{modules}audio_source aufile,{}\n\
                 audio_player aufile,{}\naudio_alert aufile,{}\nsnd_path {}\nrtp_stats no\nnet_interface 127.0.0.1\n",
                module_folder(),
                speech.display(),
                place.join("agent/ear.wav").display(),
                place.join("agent/bell.wav").display(),
                place.join("agent").display(),
            ),
        )?;
        place.write("agent/accounts", &format!("<sip:agent@127.0.0.1:{port}>;regint=0;answermode=auto;audio_codecs=PCMA,PCMU\n"))?;
        let mut command = Command::new("baresip");
        command.arg("-f").arg(place.join("agent")).arg("-4").env("HOME", place.join("agent"));
        let mut process = Process::start(place, "agent", &mut command)?;
        process.says("the agent's phone is ready", Duration::from_secs(15), |log| log.contains("baresip is ready").then_some(())).await?;
        Ok(Self { process, port })
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
}

fn module_folder() -> &'static str {
    ["/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules"]
        .into_iter()
        .find(|folder| Path::new(folder).is_dir())
        .unwrap_or("/usr/lib/baresip/modules")
}
