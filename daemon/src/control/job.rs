//! A job's object, and how a job begins.

use std::collections::HashMap;

use switchhook_models::Cancel;
use tokio::sync::watch;
use zbus::{ObjectPath, OwnedObjectPath, OwnedVariant, Variant, interface};

use super::values::value;
use super::{Fault, api};
use crate::jobs::{Findings, Job, JobNumber, Jobs, Kind, State, Stop, Teller, View};

/// How far a job is of which that cannot be said: D-Bus has no word for nothing.
const UNKNOWN: f64 = -1.0;

/// Where the objects of one connection begin jobs.
#[derive(Clone)]
pub(super) struct Orders {
    pub jobs: Jobs,
    /// The last job that has an object; those before it have had one.
    pub shown: watch::Receiver<JobNumber>,
}

impl Orders {
    /// Begin this, and say which object shows it, once it does.
    pub(super) async fn begin(
        &self,
        kind: Kind,
        work: impl FnOnce(&Teller, &Cancel) -> Result<Findings, Stop> + Send + 'static,
    ) -> Result<OwnedObjectPath, Fault> {
        let job = self.jobs.begin(kind, work).map_err(|error| Fault::Busy(error.to_string()))?;
        self.path_of(&job).await
    }

    /// Which object shows a job, once it does.
    pub(super) async fn path_of(&self, job: &Job) -> Result<OwnedObjectPath, Fault> {
        self.shown.clone().wait_for(|last| *last >= job.number).await.map_err(|_| Fault::closing())?;
        let path = ObjectPath::try_from(api::job_path(job.number)).map_err(|error| Fault::Busy(error.to_string()))?;
        Ok(path.into())
    }
}

/// `org.switchhook.Switchhook1.Job`.
pub(super) struct JobObject(pub Job);

/// Everything that changes, by name.
fn shown(view: &View) -> [(&'static str, Variant<'_>); 4] {
    [
        ("State", Variant::from(view.state.as_str())),
        ("Progress", Variant::from(view.progress.unwrap_or(UNKNOWN))),
        ("Message", Variant::from(message(view))),
        ("Result", Variant::from(result(view))),
    ]
}

fn message(view: &View) -> &str {
    if let State::Failed(why) = &view.state { why } else { &view.doing }
}

fn result(view: &View) -> HashMap<String, OwnedVariant> {
    if let State::Done(findings) = &view.state { dictionary(findings) } else { HashMap::new() }
}

fn dictionary(findings: &Findings) -> HashMap<String, OwnedVariant> {
    findings.iter().filter_map(|(name, found)| Some((name.clone(), value(found.clone())?))).collect()
}

/// What differs between two views, as `PropertiesChanged` carries it.
pub(super) fn changes<'a>(before: &View, after: &'a View) -> HashMap<&'static str, Variant<'a>> {
    shown(before).into_iter().zip(shown(after)).filter(|(old, new)| old != new).map(|(_, new)| new).collect()
}

/// Long work that somebody asked for. It stays for ten minutes after it is over, if not too many come after it.
#[interface(name = "org.switchhook.Switchhook1.Job")]
impl JobObject {
    /// Ask it to stop, which it does at its next safe point.
    fn cancel(&self) -> Result<(), Fault> {
        let Job { number, view, .. } = &self.0;
        let state = view.borrow().state.as_str();
        if view.borrow().is_over() {
            return Err(Fault::JobOver(format!("job {number} is {state} already; there is nothing to cancel")));
        }
        self.0.cancel();
        Ok(())
    }

    /// Its number.
    #[zbus(property(emits_changed_signal = "const"))]
    fn number(&self) -> u32 {
        self.0.number.get()
    }

    /// What is done: `fetch-model`, `test-scenario`, `export-records`, `reload-configuration` or `reload-scenario`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn kind(&self) -> &str {
        self.0.kind.as_str()
    }

    /// What it is done to: a model's or a scenario's name, `records`, or `configuration`.
    #[zbus(property(emits_changed_signal = "const"))]
    fn subject(&self) -> &str {
        self.0.kind.subject()
    }

    /// When it began (RFC 3339).
    #[zbus(property(emits_changed_signal = "const"))]
    fn begun(&self) -> String {
        self.0.begun.to_string()
    }

    /// `running`, `done`, `failed` or `cancelled`.
    #[zbus(property)]
    fn state(&self) -> &str {
        self.0.view.borrow().state.as_str()
    }

    /// How much of it is done, from 0 to 1; below 0 if that cannot be said.
    #[zbus(property)]
    fn progress(&self) -> f64 {
        self.0.view.borrow().progress.unwrap_or(UNKNOWN)
    }

    /// What it does; if it failed, why, and what to do.
    #[zbus(property)]
    fn message(&self) -> String {
        message(&self.0.view.borrow()).to_owned()
    }

    /// What it found out once it is done; empty before. Of `fetch-model`: the `models` that are there now, and those of them that are `new`. Of
    /// `test-scenario`: how many `conversations` were played, how many of them `failed`, and the `faults`: `FILE:LINE: what was expected, and what happened`. Of
    /// `reload-configuration` and `reload-scenario`: the `generation` that calls from now on are held in, the name of its `scenario`, and the keys that `changed`.
    #[zbus(property)]
    fn result(&self) -> HashMap<String, OwnedVariant> {
        result(&self.0.view.borrow())
    }
}
