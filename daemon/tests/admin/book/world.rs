//! Where a page's commands are run.

use std::collections::VecDeque;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use switchhook::calls::{Command as CallCommand, Direction, State};
use switchhook::control::Control;
use switchhook::dialog::report::HandOverEnd;
use switchhook::jobs::{Findings, Kind};
use switchhook::lines::LineStatus;
use switchhook::policy::Ground;
use switchhook_models::catalog::Store;
use tokio::process::Command;
use tokio::task::AbortHandle;

use super::pages::root;
use super::system::COMMANDS;
use crate::bus::PrivateBus;
use crate::control::up;
use crate::house::{House, reception, renewed};

/// What every system has, and what does no harm in a folder of the world's.
const HARMLESS: [&str; 15] = [
    "arecord",
    "aplay",
    "basename",
    "cat",
    "cp",
    "df",
    "dirname",
    "head",
    "id",
    "install",
    "ls",
    "mkdir",
    "mv",
    "uptime",
    "systemd-analyze",
];

/// A call that the robot places is over after so many beats.
const TALK: u32 = 10;

/// Programs that a page calls by where they lie once they are built.
pub const BUILT: [&str; 2] = ["target/debug/examples/word_error_rate", "models/benches/peers/run"];

/// An office's folder, a machine around it, and a robot that has a call.
pub struct World {
    dir: tempfile::TempDir,
    bus: PrivateBus,
    /// What a page calls CALL and JOB.
    call: String,
    job: String,
    life: AbortHandle,
    _control: Control,
}

/// Where this machine's models are, which tests do not change.
fn store() -> PathBuf {
    Store::default_place().dir().to_owned()
}

fn programs() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_switchhookctl")).parent().unwrap()
}

fn script(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The machine: its commands, and the folders that the package makes.
fn furnish(dir: &Path) {
    for folder in [
        "bin",
        "office",
        "etc/switchhook/conf.d",
        "etc/switchhook/credentials",
        "var/lib/switchhook/models",
        "var/cache/switchhook",
        "usr/share/switchhook",
    ] {
        std::fs::create_dir_all(dir.join(folder)).unwrap();
    }
    let bin = dir.join("bin");
    script(&bin.join("sudo"), "#!/bin/sh\nexec \"$@\"\n");
    script(&bin.join("busctl"), "#!/bin/sh\nexec /usr/bin/busctl --address=\"$SWITCHHOOK_BUS\" \"$@\"\n");
    script(&bin.join("switchhookctl"), include_str!("switchhookctl.sh"));
    script(&bin.join("switchhook-models"), include_str!("switchhook-models.sh"));
    // A loudspeaker that nobody hears.
    std::fs::write(dir.join("asound.conf"), "pcm.!default { type null }\n").unwrap();
    script(&bin.join("recorder"), include_str!("recorder.sh"));
    for (command, _) in COMMANDS.iter().filter(|(command, _)| !command.contains('/')) {
        if !bin.join(command).exists() {
            symlink("recorder", bin.join(command)).unwrap();
        }
    }
    for command in HARMLESS {
        symlink(Path::new("/usr/bin").join(command), bin.join(command)).unwrap();
    }
    for program in BUILT {
        let path = dir.join("office").join(program);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(bin.join("recorder"), path).unwrap();
    }
    symlink(root().join("systemd"), dir.join("office/systemd")).unwrap();
    symlink(root().join("daemon/scenarios"), dir.join("usr/share/switchhook/scenarios")).unwrap();
}

/// What the package brings, and what the office wrote.
fn configure(dir: &Path) {
    let etc = dir.join("etc/switchhook");
    std::fs::copy(root().join("debian/switchhook.toml"), etc.join("switchhook.toml")).unwrap();
    let here = format!(
        "[calls]\nscenario = {:?}\n[models]\ndir = {:?}\n[records]\ndatabase = {:?}\n[people.front-desk]\nspoken = \"the front desk\"\naddress = \"sip:100@pbx.office\"\n",
        reception(),
        store(),
        dir.join("var/lib/switchhook/records.db")
    );
    std::fs::write(etc.join("conf.d/10-here.toml"), here).unwrap();
    let key = etc.join("credentials/records-key");
    std::fs::write(&key, "5e".repeat(32)).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(dir.join("var/lib/switchhook/records.db"), "").unwrap();
}

/// Have a model in a store, as this machine's store has it.
fn install(models: &Path, name: &str) {
    std::fs::create_dir_all(models.join(".versions")).unwrap();
    for part in [format!(".versions/{name}"), name.to_owned()] {
        let copied = std::process::Command::new("cp").arg("-a").arg(store().join(&part)).arg(models.join(&part)).status().unwrap();
        assert!(copied.success(), "{name} is not installed: switchhook-models fetch");
    }
}

/// A house that answers what it is asked for as long as it is not sent away, with a call in which something happens all the time.
async fn inhabit(house: House) -> (String, String, AbortHandle) {
    let ready = |address: &str| LineStatus::Ready { address: address.into() };
    house.sip.status.send_replace(ready("sip:robot@pbx.office"));
    house.handset.status.send_replace(ready("plughw:CARD=Handset"));
    house.standing.send_modify(|standing| standing.ready = true);
    house.had_a_call().await;
    let job = house.jobs.begin(Kind::TestScenario("reception".into()), |_, _| Ok(Findings::new())).unwrap();
    let mut call = house.ring();
    let name = call.id.simple();
    let mut beat = tokio::time::interval(Duration::from_millis(50));
    let living = tokio::spawn(async move {
        // All of it, with its folder.
        let mut house = house;
        let mut talking = VecDeque::new();
        loop {
            tokio::select! {
                Some(reload) = house.reloads.recv() => reload.answer.send(Ok(renewed(1, &[]))).unwrap(),
                Some(improve) = house.improving.recv() => improve.answer.send(Ok(Vec::new())).unwrap(),
                Some(_) = house.handset.commands.recv() => {}
                Some(command) = call.commands.recv() => if let CallCommand::Transfer(person) = command {
                    call.sought(&person, HandOverEnd::Accepted);
                },
                Some(request) = house.requests.recv() => {
                    let placed = house.a_call(Direction::Placed(Ground::Colleague));
                    request.answer.send(Ok(placed.id)).unwrap();
                    talking.push_back((TALK, placed));
                }
                _ = beat.tick() => {
                    call.turn();
                    call.go(State::Speaking);
                    call.clock.tick();
                    talking.iter_mut().for_each(|(beats, _)| *beats -= 1);
                    while talking.front().is_some_and(|(beats, _)| *beats == 0) {
                        talking.pop_front().unwrap().1.end();
                    }
                }
            }
        }
    });
    (name, job.number.to_string(), living.abort_handle())
}

impl World {
    pub async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        furnish(dir.path());
        configure(dir.path());
        let (bus, house) = (PrivateBus::open(), House::new());
        install(&house.models(), "smart-turn");
        let (control, _) = up(&bus, &house).await;
        let (call, job, life) = inhabit(house).await;
        let world = Self { dir, bus, call, job, life, _control: control };
        world.was_live_before().await;
        world
    }

    /// The office has had two versions of a scenario live.
    async fn was_live_before(&self) {
        let begin = "cd .. && switchhookctl scenario new tyres && switchhookctl scenario activate tyres";
        let change = "echo '# by the office' >>../tyres/scenario.yaml && switchhookctl scenario activate ../tyres";
        for step in [begin, change] {
            self.run(step).await.unwrap();
        }
    }

    /// Run a block in the office's folder; what it said, if it failed.
    pub async fn run(&self, block: &str) -> Result<(), String> {
        let output = Command::new("/bin/sh")
            .args(["-eux", "-c", &self.here(block)])
            .current_dir(self.dir.path().join("office"))
            .env_clear()
            .env("PATH", self.dir.path().join("bin"))
            .env("HOME", self.dir.path())
            .env("LANG", "C.UTF-8")
            .env("ALSA_CONFIG_PATH", format!("/usr/share/alsa/alsa.conf:{}", self.dir.path().join("asound.conf").display()))
            .env("WORLD", self.dir.path())
            .env("BINARIES", programs())
            .env("SWITCHHOOK_BUS", &self.bus.address)
            .env("SWITCHHOOK_MODELS_DIR", store())
            .stdin(std::process::Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .unwrap();
        let said = || format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if output.status.success() { Ok(()) } else { Err(said()) }
    }

    /// A block, with this machine's folders and the names of what there is.
    fn here(&self, block: &str) -> String {
        let dir = self.dir.path().display();
        let mut text = block.replace(" CALL", &format!(" {}", self.call)).replace(" JOB", &format!(" {}", self.job));
        for folder in ["etc", "var", "usr/share/switchhook"] {
            text = text
                .replace(&format!(" /{folder}/"), &format!(" {dir}/{folder}/"))
                .replace(&format!(" /{folder} "), &format!(" {dir}/{folder} "));
        }
        text
    }

    /// What was asked of the system since this was last asked, as the page has it.
    pub fn recorded(&self) -> Vec<Vec<String>> {
        let path = self.dir.path().join("recorded");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let _ = std::fs::remove_file(path);
        let text = text.replace(&self.dir.path().display().to_string(), "");
        let words = |line: &str| line.split_terminator('\x1f').map(str::to_owned).collect();
        text.lines().map(words).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.life.abort();
    }
}
