//! Ours and the peer, playing the same operations in turn.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde::de::DeserializeOwned;
use switchhook_models::catalog::Store;
use switchhook_models::{Error, Result};

use crate::Task;
use crate::worker::{Figure, Greeting, Operation, Reply};

/// After an operation, the threads of some runtimes wait for the next one by spinning; so long they are left to come to rest.
const REST: Duration = Duration::from_millis(300);

/// What was measured of a task.
pub struct Measured {
    pub task: Task,
    pub ours: Side,
    pub peer: Option<Side>,
    pub figures: Vec<(Figure, Times, Option<Times>)>,
}

/// One of the two implementations.
pub struct Side {
    pub name: String,
    pub open_seconds: f64,
    pub peak_mb: Option<f64>,
}

/// The times of one figure, in seconds.
pub struct Times {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Times {
    /// `None` of no times at all.
    fn of(mut times: Vec<f64>) -> Option<Self> {
        times.sort_unstable_by(f64::total_cmp);
        let (&least, &most) = (times.first()?, times.last()?);
        let middle = times.len() / 2;
        let median = if times.len() % 2 == 1 { times[middle] } else { f64::midpoint(times[middle - 1], times[middle]) };
        Some(Self { median, least, most })
    }
}

/// Measure one task. A peer that is not there leaves ours alone.
pub fn measure(task: Task, rounds: usize, threads: usize, with_peer: bool) -> Result<Measured> {
    let program = std::env::current_exe().map_err(Error::io("this program"))?;
    let mut ours = Player::start(Command::new(program).args(["--serve", task.name(), "--threads"]).arg(threads.to_string()), threads)?;
    let mut peer = if with_peer { peer(task, threads) } else { None };
    let operations = std::mem::take(&mut ours.operations);
    // The first round warms up: caches, pages, threads.
    for round in 0..=rounds {
        for operation in &operations {
            ours.play(&operation.name, round > 0)?;
            if let Some(other) = &mut peer {
                std::thread::sleep(REST);
                match other.play(&operation.name, round > 0) {
                    Ok(()) => std::thread::sleep(REST),
                    Err(fault) => {
                        eprintln!("{}: no peer any more: {fault}", task.name());
                        peer = None;
                    }
                }
            }
        }
    }
    let mut figures = Vec::new();
    for figure in operations.into_iter().flat_map(|operation| operation.figures) {
        let times = ours.times(&figure).ok_or_else(|| Error::Input(format!("there was no `{}`", figure.name)))?;
        let peers = peer.as_mut().and_then(|peer| peer.times(&figure));
        figures.push((figure, times, peers));
    }
    Ok(Measured { task, ours: ours.end(), peer: peer.map(Player::end), figures })
}

fn peer(task: Task, threads: usize) -> Option<Player> {
    let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/run");
    let player = Player::start(Command::new(run).args([task.name(), &threads.to_string()]), threads);
    player.inspect_err(|fault| eprintln!("{}: no peer: {fault}", task.name())).ok()
}

/// A worker's process.
struct Player {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    side: Side,
    operations: Vec<Operation>,
    times: BTreeMap<String, Vec<f64>>,
}

impl Player {
    fn start(command: &mut Command, threads: usize) -> Result<Self> {
        let program = command.get_program().to_owned();
        let threads = threads.to_string();
        for variable in ["CANDLE_NUM_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS"] {
            command.env(variable, &threads);
        }
        // A peer may read the very file that ours reads.
        command.env("SWITCHHOOK_MODELS_DIR", Store::default_place().dir());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(Error::io(program))?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::Input("a worker has no standard input or output".to_owned()));
        };
        let mut from = BufReader::new(from);
        let Greeting { name, open_seconds, operations } = read(&mut from)?;
        Ok(Self { child, to, from, side: Side { name, open_seconds, peak_mb: None }, operations, times: BTreeMap::new() })
    }

    fn play(&mut self, operation: &str, counts: bool) -> Result<()> {
        writeln!(self.to, "{operation}").map_err(Error::io(&self.side.name))?;
        let reply: Reply = read(&mut self.from)?;
        self.side.peak_mb = reply.peak_mb;
        if counts {
            for (figure, seconds) in reply.seconds {
                self.times.entry(figure).or_default().push(seconds);
            }
        }
        Ok(())
    }

    fn times(&mut self, figure: &Figure) -> Option<Times> {
        Times::of(self.times.remove(&figure.name)?)
    }

    /// Let the process end.
    fn end(mut self) -> Side {
        drop(self.to);
        // What it measured is told; how it ends does not matter.
        let _ = self.child.wait();
        self.side
    }
}

fn read<T: DeserializeOwned>(from: &mut BufReader<ChildStdout>) -> Result<T> {
    let mut line = String::new();
    from.read_line(&mut line).map_err(Error::io("a worker's output"))?;
    if line.is_empty() {
        return Err(Error::Input("its process ended; the reason stands above".to_owned()));
    }
    serde_json::from_str(&line).map_err(|fault| Error::Input(format!("a worker said `{}`: {fault}", line.trim_end())))
}
