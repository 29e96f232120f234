//! The robot itself: `switchhookd` in a directory of its own, on a private bus, with one SIP line on loopback.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use switchhook::config::Bus as BusAddress;
use switchhook::control::api::{self, LineProxy, ManagerProxy};
use tokio::process::Command;
use tokio::time::Instant;

use super::{Bus, Place, Process, free_port, until};
use crate::caller::{self, Call, Order, Utterance};
use crate::rtp::{Impairment, Law, RATE};
use crate::sip::{Protocol, Target};

pub use crate::caller::Plan;

/// Models are read whole and measured when they are opened; a slow board with a cold disk takes its time.
const OPENING: Duration = Duration::from_secs(120);
/// The line's name in the configuration.
const LINE: &str = "office";

/// How the house is set up. What is not said is as an office would have it.
#[derive(Clone, Debug)]
pub struct Settings {
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
    /// The gateway's port, the account and the password, if there is a gateway.
    pub register: Option<(u16, String, String)>,
    /// The language model, if there is one.
    pub language_model: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            at_once: 2,
            grace: Duration::from_secs(30),
            media_timeout: Duration::from_secs(10),
            broker: None,
            person: None,
            register: None,
            language_model: Some("smollm2-135m-instruct".into()),
        }
    }
}

/// A running robot.
#[derive(Debug)]
pub struct House {
    /// The program.
    pub process: Process,
    /// How long it took to be ready.
    pub ready: Duration,
    bus: Bus,
    connection: zbus::Connection,
    address: String,
    database: PathBuf,
    key: String,
}

impl House {
    /// Open a house, and wait until a call would be answered.
    ///
    /// # Errors
    /// If it does not come up; the error holds the end of its log.
    pub async fn open(place: &Place, settings: &Settings) -> anyhow::Result<Self> {
        let house = Self::begin(place, settings).await?;
        house.ready(true).await
    }

    /// Open a house whose line is not going to be ready: only the bus is waited for.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn open_without_line(place: &Place, settings: &Settings) -> anyhow::Result<Self> {
        let house = Self::begin(place, settings).await?;
        house.ready(false).await
    }

    async fn begin(place: &Place, settings: &Settings) -> anyhow::Result<Self> {
        let bus = Bus::start(place).await?;
        let key: String = std::iter::repeat_with(|| format!("{:02x}", rand::random::<u8>())).take(32).collect();
        place.write("credentials/records-key", &key)?;
        if let Some((_, _, password)) = &settings.register {
            place.write("credentials/gateway-password", password)?;
        }
        let config = place.write("switchhook.toml", &config(place, settings, bus.address())?)?;
        let mut command = Command::new(binary("switchhookd")?);
        command.arg("--config").arg(config).arg("--credentials").arg(place.join("credentials"));
        // Under a supervisor of the test run, the robot must not talk to that supervisor.
        command.env_remove("NOTIFY_SOCKET").env_remove("JOURNAL_STREAM").env_remove("WATCHDOG_USEC");
        let begun = Instant::now();
        let process = Process::start(place, "switchhookd", &mut command)?;
        let connection = api::connect(&BusAddress::Address(bus.address().to_owned())).await?;
        let database = place.join("records.db");
        // `ready` holds the start until the house is open.
        Ok(Self { process, ready: begun.elapsed(), bus, connection, address: String::new(), database, key })
    }

    async fn ready(mut self, with_line: bool) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let manager = ManagerProxy::builder(&self.connection).cache_properties(zbus::proxy::CacheProperties::No).build().await?;
        let process = &mut self.process;
        let up = until("the robot says on the bus that it is ready", OPENING, async || {
            if !process.runs() {
                return Some(false);
            }
            manager.ready().await.is_ok_and(|ready| ready).then_some(true)
        });
        let up = up.await.with_context(|| self.process.output())?;
        anyhow::ensure!(up, "switchhookd ended while it opened:\n{}", self.process.output());
        self.ready += begun.elapsed();
        if with_line {
            let line = self.line().await?;
            let address =
                until("the line has an address", Duration::from_secs(15), async || line.address().await.ok().filter(|a| !a.is_empty()));
            self.address = address.await.with_context(|| self.process.output())?;
        }
        Ok(self)
    }

    /// The line on the bus; nothing that it tells is cached.
    ///
    /// # Errors
    /// If the bus is gone.
    pub async fn line(&self) -> anyhow::Result<LineProxy<'static>> {
        let builder = LineProxy::builder(&self.connection).path(api::line_path(LINE));
        Ok(builder.cache_properties(zbus::proxy::CacheProperties::No).build().await?)
    }

    /// A connection to the robot's bus.
    pub fn connection(&self) -> &zbus::Connection {
        &self.connection
    }

    /// The address of the bus.
    #[must_use]
    pub fn bus_address(&self) -> &str {
        self.bus.address()
    }

    /// What to dial, without `sip:`.
    #[must_use]
    pub fn dial(&self) -> &str {
        self.address.trim_start_matches("sip:")
    }

    /// The file of the records and the key that opens it.
    #[must_use]
    pub fn records(&self) -> (&Path, &str) {
        (&self.database, &self.key)
    }

    /// How many calls there are now, as the bus tells.
    ///
    /// # Errors
    /// If the bus is gone.
    pub async fn calls(&self) -> anyhow::Result<usize> {
        let objects = zbus::fdo::ObjectManagerProxy::builder(&self.connection).destination(api::BUS_NAME).path(api::ROOT).build().await?;
        let objects = objects.get_managed_objects().await?;
        Ok(objects.values().filter(|interfaces| interfaces.keys().any(|name| name.as_str() == api::CALL)).count())
    }

    /// Place a call to it.
    ///
    /// # Errors
    /// If there is no socket for the caller.
    pub async fn call(&self, visit: Visit) -> anyhow::Result<Call> {
        Ok(caller::place(visit.order(self.dial())?).await?)
    }
}

/// Somebody who calls the robot.
#[derive(Debug)]
pub struct Visit {
    speech: Vec<&'static str>,
    plan: Plan,
    protocol: Protocol,
    impairment: (f64, bool),
    mute: bool,
}

impl Visit {
    /// A caller who says these things of `speech/en`, each named by its number and speaker, such as `02-af_sarah`.
    #[must_use]
    pub fn saying(speech: &[&'static str]) -> Self {
        let plan = if speech.is_empty() { Plan { leave_after: None, ..Plan::default() } } else { Plan::default() };
        Self { speech: speech.to_vec(), plan, protocol: Protocol::Udp, impairment: (0.0, false), mute: false }
    }

    /// The same caller with other habits.
    #[must_use]
    pub fn who(mut self, habits: impl FnOnce(&mut Plan)) -> Self {
        habits(&mut self.plan);
        self
    }

    /// The same caller over TCP.
    #[must_use]
    pub fn over_tcp(self) -> Self {
        Self { protocol: Protocol::Tcp, ..self }
    }

    /// The same caller on a bad network: this share of packets is lost, and some overtake others.
    #[must_use]
    pub fn on_a_bad_network(self, loss: f64) -> Self {
        Self { impairment: (loss, true), ..self }
    }

    /// The same caller, from whom no sound comes at all.
    #[must_use]
    pub fn mute(self) -> Self {
        Self { mute: true, ..self }
    }

    fn order(self, dial: &str) -> anyhow::Result<Order> {
        let to: Target = format!("sip:{dial}").parse()?;
        let utterances = self.speech.iter().map(|name| Utterance::read(&speech(name))).collect::<Result<_, _>>()?;
        Ok(Order {
            to,
            protocol: self.protocol,
            laws: vec![Law::Pcma, Law::Pcmu],
            utterances,
            plan: self.plan,
            impairment: Impairment::new(self.impairment.0, self.impairment.1, 7),
            quiet: RATE as usize * 7 / 10,
            mute: self.mute,
        })
    }
}

/// The path of something that callers say.
#[must_use]
pub fn speech(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("speech/en").join(format!("{name}.wav"))
}

/// A program of this workspace, beside the one that runs.
///
/// # Errors
/// If it is not built: the error says how to.
pub fn binary(name: &str) -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    here.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .with_context(|| format!("{name} is not built beside {}; build it with `cargo build --workspace --bins`", here.display()))
}

fn config(place: &Place, settings: &Settings, bus: &str) -> anyhow::Result<String> {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("../daemon/scenarios/reception");
    let (first, last) = rtp_ports()?;
    let mut text = format!(
        "[device]\nname = \"bench\"\n\n[office]\nname = \"the Station Road office\"\n\n\
         [models]\nlanguage_model = \"{}\"\n\n\
         [calls]\nat_once = {}\nscenario = {:?}\nshutdown_grace_seconds = {}\n\n\
         [records]\ndatabase = {:?}\n\n[bus]\naddress = {bus:?}\n\n\
         [[line]]\nkind = \"sip\"\nid = \"{LINE}\"\nlisten = \"127.0.0.1:0\"\nrtp_ports = [{first}, {last}]\nmedia_timeout_seconds = {}\n",
        settings.language_model.as_deref().unwrap_or_default(),
        settings.at_once,
        scenario.canonicalize().with_context(|| format!("no scenario at {}", scenario.display()))?,
        settings.grace.as_secs(),
        place.join("records.db"),
        settings.media_timeout.as_secs(),
    );
    // Writing to a String cannot fail.
    if let Some((port, user, _)) = &settings.register {
        let _ = writeln!(
            text,
            "register = {{ registrar = \"sip:127.0.0.1:{port}\", user = \"{user}\", credential = \"gateway-password\", expires_seconds = 60 }}"
        );
    }
    if let Some(person) = &settings.person {
        let _ = write!(text, "\n[people.front-desk]\nspoken = \"the front desk\"\naddress = {person:?}\n");
    }
    if let Some(port) = settings.broker {
        let _ = write!(text, "\n[mqtt]\nhost = \"127.0.0.1\"\nport = {port}\ninterval_seconds = 5\n");
    }
    Ok(text)
}

/// A range of ports for sound that no other bench is likely to use at the same time.
fn rtp_ports() -> anyhow::Result<(u16, u16)> {
    let first = free_port()?.clamp(20_000, 60_000) & !1;
    Ok((first, first + 39))
}
