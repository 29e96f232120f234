//! The process that has the model: it plays an operation for each line that names one, and answers with a line of JSON.
//!
//! First comes a [`Greeting`], then a [`Reply`] to each line. The peers speak the same, in `benches/peers/worker.py`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, Write as _};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use switchhook_models::measured::peak_memory;
use switchhook_models::{Error, Result};

/// A model, ready, and what is measured on it.
pub trait Bench {
    /// The catalog's name of the model.
    fn model(&self) -> &str;

    /// What can be measured.
    fn operations(&self) -> Vec<Operation>;

    /// Play the operation of that number once; one time for each of its figures.
    fn play(&mut self, operation: usize) -> Result<Vec<Duration>>;
}

/// What is done in one go.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Operation {
    pub name: String,
    pub figures: Vec<Figure>,
}

/// A time that an operation yields.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figure {
    pub name: String,
    /// The tokens that it took, if it is to be told as tokens per second.
    pub tokens: Option<usize>,
}

impl Figure {
    /// A figure that is told as time.
    pub fn time(name: impl Into<String>) -> Self {
        Self { name: name.into(), tokens: None }
    }
}

/// What a worker says when its model is ready.
#[derive(Debug, Serialize, Deserialize)]
pub struct Greeting {
    /// What is measured: a model of the catalog, or an implementation with its version.
    pub name: String,
    pub open_seconds: f64,
    /// Empty from a peer, which is asked for ours.
    #[serde(default)]
    pub operations: Vec<Operation>,
}

/// What a worker says after an operation.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reply {
    /// By the figures' names; a peer may leave some out.
    pub seconds: BTreeMap<String, f64>,
    /// The most memory that the process ever had, in megabytes; absent where the system does not tell.
    pub peak_mb: Option<f64>,
}

/// Play operations until standard input ends.
pub fn serve(open: impl FnOnce() -> Result<Box<dyn Bench>>) -> Result<()> {
    let started = Instant::now();
    let mut bench = open()?;
    let operations = bench.operations();
    say(&Greeting { name: bench.model().to_owned(), open_seconds: started.elapsed().as_secs_f64(), operations: operations.clone() })?;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(Error::io("standard input"))?;
        let known = operations.iter().enumerate().find(|(_, operation)| operation.name == line);
        let (number, operation) = known.ok_or_else(|| Error::Input(format!("there is no operation `{line}`")))?;
        let times = bench.play(number)?;
        let seconds = operation.figures.iter().zip(times).map(|(figure, time)| (figure.name.clone(), time.as_secs_f64())).collect();
        say(&Reply { seconds, peak_mb: peak_memory().map(|bytes| bytes as f64 / 1e6) })?;
    }
    Ok(())
}

fn say(value: &impl Serialize) -> Result<()> {
    let place = "standard output";
    let mut line = serde_json::to_string(value).map_err(|fault| Error::io(place)(fault.into()))?;
    line.push('\n');
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).map_err(Error::io(place))
}
