//! How a house is set up: what a test asks for, and the `switchhook.toml` that says it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use switchhook_models::Locale;
use switchhook_models::catalog::profiles::ProfileName;

use super::{Place, free_port};
use crate::soundcard::{EARPIECE, MICROPHONE};

/// The line's name in the configuration.
pub(super) const LINE: &str = "office";

/// What the house's one line is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LineMadeOf {
    /// SIP on loopback.
    #[default]
    Sip,
    /// The handset of a virtual sound card, found by these variables of the environment.
    Handset([(&'static str, String); 1]),
}

/// How the house is set up. What is not said is as an office would have it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its line.
    pub line: LineMadeOf,
    /// The port on loopback where a SIP line listens; any, if none is said.
    pub listen: Option<u16>,
    /// Whether the robot runs under a service manager, which is us.
    pub supervised: bool,
    /// Calls taken at once.
    pub at_once: usize,
    /// How long calls may go on once the house closes.
    pub grace: Duration,
    /// A call without sound for this long is ended.
    pub media_timeout: Duration,
    /// The broker's port, if there is a broker.
    pub broker: Option<u16>,
    /// Where the person at the front desk is reached.
    pub person: Option<String>,
    /// Whether they are called first, and told what it is about.
    pub announced: bool,
    /// How long it rings at theirs then.
    pub ring: Duration,
    /// Who else gets messages, by their names.
    pub colleagues: &'static [&'static str],
    /// Whom it may call beside its people.
    pub may_call: Vec<String>,
    /// Where its clock hangs; the system's, if none is said.
    pub time_zone: Option<String>,
    /// The gateway's port, the account and the password, if there is a gateway.
    pub register: Option<(u16, String, String)>,
    /// The folder of its scenario; the reception, if none is said.
    pub scenario: Option<PathBuf>,
    /// What its callers speak.
    pub language: Locale,
    /// The size of its board, which says what models it has.
    pub profile: ProfileName,
    /// Whether it does without the language model that the profile has.
    pub without_language_model: bool,
    /// What it writes into its journal: `info`, or `info,lines::sip=debug`.
    pub log_levels: &'static str,
}

impl Settings {
    /// An office whose callers speak this, with the models that it has there by default.
    #[must_use]
    pub fn speaking(language: Locale) -> Self {
        Self { language, ..Self::default() }
    }

    /// The office's name, as it is spoken.
    fn office(&self) -> &'static str {
        match self.language {
            Locale::En => "the Station Road office",
            Locale::ZhTw => "車站路分公司",
            Locale::ZhCn => "车站路分公司",
        }
    }

    /// The person's name, as it is spoken.
    fn front_desk(&self) -> &'static str {
        match self.language {
            Locale::En => "the front desk",
            Locale::ZhTw => "櫃檯",
            Locale::ZhCn => "柜台",
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            line: LineMadeOf::default(),
            listen: None,
            supervised: false,
            at_once: 2,
            grace: Duration::from_secs(30),
            media_timeout: Duration::from_secs(10),
            broker: None,
            person: None,
            announced: false,
            ring: Duration::from_secs(25),
            colleagues: &[],
            may_call: Vec::new(),
            time_zone: None,
            register: None,
            scenario: None,
            language: Locale::En,
            profile: ProfileName::default(),
            without_language_model: false,
            log_levels: "info",
        }
    }
}

impl Settings {
    /// The configuration that says so.
    pub(super) fn config(&self, place: &Place, bus: &str) -> anyhow::Result<String> {
        let scenario = match &self.scenario {
            Some(scenario) => scenario.canonicalize().with_context(|| format!("no scenario at {}", scenario.display()))?,
            None => always_open(place).context("the scenario cannot be copied")?,
        };
        let language_model = if self.without_language_model { "language_model = \"\"\n" } else { "" };
        let time_zone = self.time_zone.as_ref().map_or_else(String::new, |zone| format!("time_zone = \"{zone}\"\n"));
        let mut text = format!(
            "[device]\nname = \"bench\"\n\n[office]\nname = \"{}\"\nlanguage = \"{}\"\n{time_zone}\n\
             [models]\nprofile = \"{}\"\nprompts = {:?}\n{language_model}\n\
             [calls]\nat_once = {}\nscenario = {:?}\nshutdown_grace_seconds = {}\nmay_call = {:?}\n\n\
             [records]\ndatabase = {:?}\n\n[bus]\naddress = {bus:?}\n\n\
             [[line]]\nid = \"{LINE}\"\n",
            self.office(),
            self.language,
            self.profile,
            prompts(),
            self.at_once,
            scenario,
            self.grace.as_secs(),
            self.may_call,
            place.join("records.db"),
        );
        // Writing to a String cannot fail.
        let _ = match &self.line {
            LineMadeOf::Sip => self.sip(&mut text, rtp_ports()?),
            LineMadeOf::Handset(_) => {
                write!(text, "kind = \"handset\"\ncapture = \"{MICROPHONE}\"\nplayback = \"{EARPIECE}\"\nfull_duplex = true\n")
            }
        };
        if let Some(person) = &self.person {
            let _ = write!(
                text,
                "\n[people.front-desk]\nspoken = \"{}\"\naddress = {person:?}\nannounce = {}\n",
                self.front_desk(),
                self.announced
            );
            let _ = write!(text, "\n[handover]\nring_seconds = {}\n", self.ring.as_secs());
        }
        for (number, name) in self.colleagues.iter().enumerate() {
            let _ = write!(text, "\n[people.colleague-{number}]\nspoken = \"{name}\"\n");
        }
        if let Some(port) = self.broker {
            let _ = write!(text, "\n[mqtt]\nhost = \"127.0.0.1\"\nport = {port}\ninterval_seconds = 15\n");
        }
        Ok(text)
    }

    fn sip(&self, text: &mut String, (first, last): (u16, u16)) -> std::fmt::Result {
        writeln!(text, "kind = \"sip\"\nlisten = \"127.0.0.1:{}\"\nrtp_ports = [{first}, {last}]", self.listen.unwrap_or(0))?;
        writeln!(text, "media_timeout_seconds = {}", self.media_timeout.as_secs())?;
        let Some((port, user, _)) = &self.register else { return Ok(()) };
        writeln!(
            text,
            "register = {{ registrar = \"sip:127.0.0.1:{port}\", user = \"{user}\", credential = \"gateway-password\", expires_seconds = 60 }}"
        )
    }
}

/// A copy of the shipped scenario whose office is open whenever a test runs.
fn always_open(place: &Place) -> anyhow::Result<PathBuf> {
    let (shipped, copy) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("../daemon/scenarios/reception"), place.join("reception"));
    copy_folder(&shipped, &copy)?;
    let path = copy.join("scenario.yaml");
    let text = std::fs::read_to_string(&path)?;
    let hours = text.lines().find(|line| line.starts_with("  hours: ")).context("the shipped scenario states no hours")?;
    std::fs::write(path, text.replace(hours, "  hours: {daily: 0:00-24:00}"))?;
    Ok(copy)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if path.is_dir() {
            copy_folder(&path, &to.join(name))?;
        } else {
            std::fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Where what the robot always says is kept between one house and the next: beside what is built, as it depends on that.
fn prompts() -> PathBuf {
    let built = std::env::current_exe().ok().and_then(|path| Some(path.parent()?.to_owned()));
    built.unwrap_or_else(std::env::temp_dir).join("bench-prompts")
}

/// A range of ports for sound that no other bench is likely to use at the same time.
fn rtp_ports() -> anyhow::Result<(u16, u16)> {
    let first = free_port()?.clamp(20_000, 60_000) & !1;
    Ok((first, first + 39))
}
