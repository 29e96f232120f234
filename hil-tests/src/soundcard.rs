//! A sound card without hardware: a private PulseAudio in a folder of its own, with one wire from a person to the robot and one back.
//!
//! The robot's process gets [`SoundCard::environment`] and opens [`MICROPHONE`] and [`EARPIECE`] like any ALSA device; the bench plays
//! into the one with [`SoundCard::say`] and records the other with [`SoundCard::listen`]. The card can be unplugged and plugged in
//! again. Needs the Debian packages `pulseaudio`, `libasound2-plugins` and `alsa-utils`.

use std::fs;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// What the robot's configuration calls its microphone.
pub const MICROPHONE: &str = "robot_microphone";
/// What the robot's configuration calls its earpiece.
pub const EARPIECE: &str = "robot_earpiece";

/// A server that has not come up after this long never will.
const STARTS_WITHIN: Duration = Duration::from_secs(20);

/// The card. Dropped, it is gone.
pub struct SoundCard {
    dir: TempDir,
    server: Option<Server>,
}

impl SoundCard {
    /// A new card, plugged in.
    ///
    /// # Errors
    /// If PulseAudio is not installed or does not start.
    pub fn start() -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("switchhook-card-").tempdir()?;
        let place = dir.path().to_str().context("the folder for temporary files is not UTF-8")?;
        fs::write(dir.path().join("bench.pa"), include_str!("../bench/soundcard/bench.pa").replace("@DIR@", place))?;
        fs::write(dir.path().join("asound.conf"), include_str!("../bench/soundcard/asound.conf").replace("@DIR@", place))?;
        let mut card = Self { dir, server: None };
        card.plug()?;
        Ok(card)
    }

    /// Plug it in (again).
    ///
    /// # Errors
    /// If PulseAudio does not start.
    pub fn plug(&mut self) -> Result<()> {
        if self.server.is_none() {
            self.server = Some(Server::start(self.dir.path())?);
        }
        Ok(())
    }

    /// Pull it out, as it happens in the middle of a call.
    pub fn unplug(&mut self) {
        self.server = None;
    }

    /// What a process needs in its environment to see the card.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, String); 1] {
        [("ALSA_CONFIG_PATH", format!("/usr/share/alsa/alsa.conf:{}", self.dir.path().join("asound.conf").display()))]
    }

    /// Play a 16-bit mono WAV of 8 kHz into the robot's microphone. [`Tool::finish`] waits for its end.
    ///
    /// # Errors
    /// If `aplay` cannot be started.
    pub fn say(&self, wav: &Path) -> Result<Tool> {
        self.tool("aplay", &["-D", "person_mouth", "-q"], wav)
    }

    /// Record what the robot says, as a 16-bit mono WAV of 8 kHz, until [`Tool::stop`].
    ///
    /// # Errors
    /// If `arecord` cannot be started.
    pub fn listen(&self, wav: &Path) -> Result<Tool> {
        self.tool("arecord", &["-D", "person_ear", "-q", "-t", "wav", "-f", "S16_LE", "-c", "1", "-r", "8000"], wav)
    }

    fn tool(&self, program: &'static str, arguments: &[&str], wav: &Path) -> Result<Tool> {
        let child = Command::new(program)
            .args(arguments)
            .arg(wav)
            .envs(self.environment())
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("`{program}` cannot be started; it is in the package alsa-utils"))?;
        Ok(Tool { program, child })
    }
}

/// A running `aplay` or `arecord`. Dropped, it is ended.
pub struct Tool {
    program: &'static str,
    child: Child,
}

impl Tool {
    /// Wait until it has ended by itself.
    ///
    /// # Errors
    /// What it said if it failed.
    pub fn finish(mut self) -> Result<()> {
        let status = self.child.wait()?;
        if status.success() {
            return Ok(());
        }
        bail!("`{}` failed ({status}): {}", self.program, said(&mut self.child).trim())
    }

    /// End it as a person does with Ctrl-C, so that it completes its file.
    ///
    /// # Errors
    /// If it cannot be told.
    pub fn stop(mut self) -> Result<()> {
        signal("INT", self.child.id())?;
        // It says that it was interrupted, and by what, as a failure.
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Tool {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// A running PulseAudio.
struct Server(Child);

impl Server {
    fn start(dir: &Path) -> Result<Self> {
        let socket = dir.join("native");
        // What an unplugged card left behind would be taken for the new one's.
        match fs::remove_file(&socket) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let log = fs::File::create(dir.join("pulseaudio.log"))?;
        let child = Command::new("pulseaudio")
            .args(["-n", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--realtime=no", "--daemonize=no", "-F"])
            .arg(dir.join("bench.pa"))
            // Nothing of the user's own sound server is read or touched.
            .envs([
                ("HOME", dir),
                ("XDG_RUNTIME_DIR", dir),
                ("XDG_CONFIG_HOME", dir),
                ("PULSE_STATE_PATH", dir),
                ("PULSE_RUNTIME_PATH", dir),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context("`pulseaudio` cannot be started; install the packages pulseaudio and libasound2-plugins")?;
        let mut server = Self(child);
        server.wait_for(&socket, &dir.join("pulseaudio.log"))?;
        Ok(server)
    }

    fn wait_for(&mut self, socket: &PathBuf, log: &Path) -> Result<()> {
        let until = Instant::now() + STARTS_WITHIN;
        while UnixStream::connect(socket).is_err() {
            if let Some(status) = self.0.try_wait()? {
                bail!("pulseaudio ended ({status}): {}", fs::read_to_string(log).unwrap_or_default().trim());
            }
            if Instant::now() > until {
                bail!("pulseaudio did not come up: {}", fs::read_to_string(log).unwrap_or_default().trim());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.0);
    }
}

/// Send a signal by its name.
///
/// # Errors
/// If there is no such process, or no `kill`.
pub fn signal(name: &str, process: u32) -> Result<()> {
    let status = Command::new("kill").args(["-s", name, &process.to_string()]).status()?;
    if status.success() { Ok(()) } else { bail!("process {process} took no {name}") }
}

fn end(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

fn said(child: &mut Child) -> String {
    let mut said = String::new();
    if let Some(stderr) = &mut child.stderr {
        // What it said is only for a message about something that failed already.
        let _ = stderr.read_to_string(&mut said);
    }
    said
}
