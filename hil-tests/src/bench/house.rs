//! The robot itself: `switchhookd` in a directory of its own, on a private bus, with one SIP line on loopback.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use switchhook::config::Bus as BusAddress;
use switchhook::control::api::{self, LineProxy, ManagerProxy};
use tokio::net::UnixDatagram;
use tokio::process::Command;
use tokio::time::{Instant, timeout};

use super::settings::{LINE, LineMadeOf, Settings};
use super::{Bus, Place, Process, until};
use crate::caller::{self, Call, Order, Utterance};
use crate::rtp::{Impairment, Law, RATE};
use crate::sip::{Protocol, Target};

pub use crate::caller::Plan;

/// Models are read whole and measured when they are opened, and the first house in a voice has every prompt spoken once: a slow machine with a
/// cold disk takes its time.
const OPENING: Duration = Duration::from_secs(300);
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
    supervisor: Option<UnixDatagram>,
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

    /// Open a house whose line is not going to be ready: only the robot's name on the bus is waited for.
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
        let config = place.write("switchhook.toml", &settings.config(place, bus.address())?)?;
        let mut command = Command::new(binary("switchhookd")?);
        command.arg("--config").arg(config).arg("--credentials").arg(place.join("credentials"));
        command.arg("--log-level").arg(settings.log_levels);
        if let LineMadeOf::Handset(environment) = &settings.line {
            command.envs(environment.iter().cloned());
        }
        // Under a supervisor of the test run, the robot must not talk to that supervisor.
        command.env_remove("NOTIFY_SOCKET").env_remove("JOURNAL_STREAM").env_remove("WATCHDOG_USEC");
        let notify = place.join("notify");
        let supervisor = settings.supervised.then(|| UnixDatagram::bind(&notify)).transpose()?;
        if supervisor.is_some() {
            command.env("NOTIFY_SOCKET", &notify);
        }
        let begun = Instant::now();
        let process = Process::start(place, "switchhookd", &mut command)?;
        let connection = api::connect(&BusAddress::Address(bus.address().to_owned())).await?;
        let database = place.join("records.db");
        // `ready` holds the start until the house is open.
        Ok(Self { process, ready: begun.elapsed(), bus, connection, address: String::new(), database, key, supervisor })
    }

    async fn ready(mut self, with_line: bool) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let manager = ManagerProxy::builder(&self.connection).cache_properties(zbus::proxy::CacheProperties::No).build().await?;
        let process = &mut self.process;
        let up = until("the robot is on the bus, and ready if it has a line", OPENING, async || {
            if !process.runs() {
                return Some(false);
            }
            manager.ready().await.is_ok_and(|ready| ready || !with_line).then_some(true)
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

    /// Whether the robot says that it is ready.
    ///
    /// # Errors
    /// If the bus is gone.
    pub async fn is_ready(&self) -> anyhow::Result<bool> {
        let manager = ManagerProxy::builder(&self.connection).cache_properties(zbus::proxy::CacheProperties::No).build().await?;
        Ok(manager.ready().await?)
    }

    /// The next thing that a supervised robot tells its service manager.
    ///
    /// # Errors
    /// If it says nothing in time, or is not supervised.
    pub async fn notifies(&self, patience: Duration) -> anyhow::Result<String> {
        let supervisor = self.supervisor.as_ref().context("nobody supervises this robot")?;
        let mut buffer = [0; 1024];
        let length = timeout(patience, supervisor.recv(&mut buffer)).await.context("the robot tells its service manager nothing")??;
        Ok(String::from_utf8_lossy(buffer.get(..length).unwrap_or_default()).into_owned())
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
        self.call_at(self.dial(), visit).await
    }

    /// Place a call to another of its lines, at this address without `sip:`.
    ///
    /// # Errors
    /// If there is no socket for the caller.
    pub async fn call_at(&self, address: &str, visit: Visit) -> anyhow::Result<Call> {
        Ok(caller::place(visit.order(address)?).await?)
    }
}

/// Something that callers say.
#[derive(Debug)]
enum Speech {
    /// By the name of its recording.
    Recorded(&'static str),
    Made(Utterance),
}

/// Somebody who calls the robot.
#[derive(Debug)]
pub struct Visit {
    speech: Vec<Speech>,
    plan: Plan,
    protocol: Protocol,
    impairment: (f64, bool),
    mute: bool,
    quiet: usize,
}

impl Visit {
    /// A caller who says these things, each named by its number and speaker, such as `02-af_sarah` or `zh/02-zf_xiaoxiao`.
    #[must_use]
    pub fn saying(speech: &[&'static str]) -> Self {
        let plan = if speech.is_empty() { Plan { leave_after: None, ..Plan::default() } } else { Plan::default() };
        let speech = speech.iter().map(|&name| Speech::Recorded(name)).collect();
        Self { speech, plan, protocol: Protocol::Udp, impairment: (0.0, false), mute: false, quiet: RATE as usize * 7 / 10 }
    }

    /// A caller who says this.
    #[must_use]
    pub fn uttering(utterance: Utterance) -> Self {
        Self { speech: vec![Speech::Made(utterance)], ..Self::saying(&[]) }.who(|plan| *plan = Plan::default())
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

    /// The same caller, to whom the robot has finished only when it was silent for so many samples.
    #[must_use]
    pub fn who_waits_for(self, quiet: usize) -> Self {
        Self { quiet, ..self }
    }

    /// The same caller, from whom no sound comes at all.
    #[must_use]
    pub fn mute(self) -> Self {
        Self { mute: true, ..self }
    }

    fn order(self, dial: &str) -> anyhow::Result<Order> {
        let to: Target = format!("sip:{dial}").parse()?;
        let utterances = self.speech.into_iter().map(|said| match said {
            Speech::Recorded(name) => Utterance::read(&speech(name)),
            Speech::Made(utterance) => Ok(utterance),
        });
        let utterances = utterances.collect::<Result<_, _>>()?;
        Ok(Order {
            to,
            protocol: self.protocol,
            laws: vec![Law::Pcma, Law::Pcmu],
            utterances,
            plan: self.plan,
            impairment: Impairment::new(self.impairment.0, self.impairment.1, 7),
            quiet: self.quiet,
            mute: self.mute,
        })
    }
}

/// The path of something that callers say: in English, unless the name begins with `zh/`.
#[must_use]
pub fn speech(name: &str) -> PathBuf {
    let speech = Path::new(env!("CARGO_MANIFEST_DIR")).join("speech");
    let folder = if name.contains('/') { speech } else { speech.join("en") };
    folder.join(format!("{name}.wav"))
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
