//! The record of calls.

use jiff::{SignedDuration, Timestamp};
use switchhook_models::Locale;
use tokio::sync::{mpsc, oneshot};
use zbus::{OwnedFd, OwnedObjectPath, Variant, interface};

use super::exporting::{Counter, selection};
use super::values::{Dictionary, dictionary};
use super::{Fault, MOST_ENTRIES};
use crate::dialog::Candidate;
use crate::jobs::export::{errands, hand_overs};
use crate::records::{CallEntry, Look, Records, Report};

/// Nobody asks for what was said longer ago.
const MOST_DAYS: u32 = 366;

/// Where it is read what calls left behind.
#[derive(Clone)]
pub struct RecordInfo {
    /// The record.
    pub records: Records,
    /// Where it is asked what callers wanted in vain.
    pub improve: mpsc::Sender<Improve>,
}

/// It is to be said what callers wanted in vain.
#[derive(Debug)]
pub struct Improve {
    /// Since when.
    pub since: Timestamp,
    /// Where it is told then, or why it cannot be said.
    pub answer: oneshot::Sender<Result<Vec<Improvement>, String>>,
}

/// What several callers may have wanted in vain. Personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvement {
    /// In which language.
    pub language: Locale,
    /// What.
    pub candidate: Candidate,
}

/// `org.switchhook.Switchhook1.Record`.
pub(super) struct RecordObject {
    pub info: RecordInfo,
    /// Where it is handed out.
    pub counter: Counter,
}

/// What became of a call, as it is told on the bus.
fn told(call: &CallEntry, report: &Report) -> Dictionary {
    let tags: Vec<&str> = report.tags.iter().map(|tag| tag.as_str()).collect();
    let ending = call.ending.as_ref();
    dictionary([
        ("call", Some(Variant::from(call.record.id.simple()))),
        ("scenario", Some(Variant::from(call.record.scenario.as_str()))),
        ("started", Some(Variant::from(call.record.started.to_string()))),
        ("ended", ending.map(|ending| Variant::from(ending.at.to_string()))),
        ("outcome", ending.map(|ending| Variant::from(ending.outcome.as_str()))),
        ("goal_reached", Some(Variant::from(report.goal.is_reached()))),
        ("goal", Some(Variant::from(report.goal.why()))),
        ("complaint", Some(Variant::from(report.complaint))),
        ("satisfaction", report.satisfaction.map(|mark| Variant::from(u32::from(mark.get())))),
        ("summary", Some(Variant::from(report.summary.as_str()))),
        ("tags", Some(Variant::from(tags))),
        ("hand_overs", Some(Variant::from(hand_overs(report).to_string()))),
        ("errands", Some(Variant::from(errands(report).to_string()))),
    ])
}

/// What callers wanted in vain, as it is told on the bus.
fn improvement(Improvement { language, candidate }: &Improvement) -> Dictionary {
    let Candidate { said, times, near } = candidate;
    dictionary([
        ("language", Some(Variant::from(language.tag()))),
        ("times", Some(Variant::from(u32::try_from(*times).unwrap_or(u32::MAX)))),
        ("said", Some(Variant::from(said.clone()))),
        ("near", Some(Variant::from(near.clone()))),
    ])
}

/// A look at personal data, as it is told on the bus.
fn look(Look { at, by, at_what, call }: &Look) -> Dictionary {
    dictionary([
        ("at", Some(Variant::from(at.to_string()))),
        ("user", Some(Variant::from(*by))),
        ("what", Some(Variant::from(at_what.as_str()))),
        ("call", call.map(|call| Variant::from(call.simple()))),
    ])
}

/// What is on record of calls that are over. Personal data, all of it: who may ask for a figure may not ask for this.
#[interface(name = "org.switchhook.Switchhook1.Record")]
impl RecordObject {
    /// What became of the last calls, newest first, and no more than `limit` (at most 1000): each with its `call`, `scenario`, `started` and `ended`
    /// (RFC 3339), `outcome`, `goal_reached`, `goal` (by what results, or why not), `complaint`, `satisfaction` (1 to 5) if the caller said so, `summary`,
    /// `tags`, and as JSON `errands`: an array of {flow, result, told}, and `hand_overs`: one of {to, end, waited_s}.
    async fn reports(&self, limit: u32) -> Result<Vec<Dictionary>, Fault> {
        let reports = self.info.records.latest_reports(limit.min(MOST_ENTRIES)).await;
        let reports = reports.map_err(|error| Fault::NoRecord(error.to_string()))?;
        Ok(reports.iter().map(|(call, report)| told(call, report)).collect())
    }

    /// Hand out everything on record of the calls with this `number` (with anybody, if it is empty) that began `since` then and before `until` (RFC 3339; each may be
    /// empty): a job, and a pipe from which it is read while the job runs: for each call, the first first, a line of JSON, {call, line, number, name, scenario,
    /// scenario_version, generation, permit, started, ended, outcome, disclosures[], consents[], turns[], messages[], report}. It is all if the job is `done`; its
    /// result says how many `calls` that were. Whoever reads nothing for a minute gets no more. Personal data.
    #[zbus(out_args("job", "calls"))]
    async fn export(&self, number: &str, since: &str, until: &str) -> Result<(OwnedObjectPath, OwnedFd), Fault> {
        self.counter.hand_out(selection(number, since, until)?).await
    }

    /// Who looked at personal data, newest first, and no more than `limit` (at most 1000): each look with when it was (`at`, RFC 3339), the `user` of this
    /// machine by number, `what` they asked for (`Task.Messages`), and the `call`, if it was one call's. This look is among them.
    async fn looks(&self, limit: u32) -> Result<Vec<Dictionary>, Fault> {
        let looks = self.info.records.latest_looks(limit.min(MOST_ENTRIES)).await;
        Ok(looks.map_err(|error| Fault::NoRecord(error.to_string()))?.iter().map(look).collect())
    }

    /// What callers wanted in vain in the last `days` days (at most 366), grouped by meaning, most wanted first: each with its `language`, how many `times`, what was
    /// `said` (the most typical first), and what is `near` in the scenario: passages by their source, flows and intents by name. What the scenario
    /// understands by now is left out.
    async fn unanswered(&self, days: u32) -> Result<Vec<Dictionary>, Fault> {
        let since = Timestamp::now().saturating_sub(SignedDuration::from_hours(24 * i64::from(days.min(MOST_DAYS))));
        let since = since.map_err(|error| Fault::NoRecord(error.to_string()))?;
        let (answer, answered) = oneshot::channel();
        self.info
            .improve
            .try_send(Improve { since, answer })
            .map_err(|_| Fault::Busy("somebody asks already; ask again in a moment".into()))?;
        let found = answered.await.map_err(|_| Fault::closing())?;
        Ok(found.map_err(Fault::NoRecord)?.iter().map(improvement).collect())
    }
}
