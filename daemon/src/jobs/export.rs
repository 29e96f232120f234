//! What is on record of calls is handed out: to an authority that asks, to somebody who asks what is known of them (GDPR, articles 15 and 20; PIPL, article 45),
//! or to the office itself before it moves.
//!
//! A call is a line of JSON ([`line`]), with the names that the bus has for its parts. It goes to whoever reads, at their pace; one who reads nothing for a minute
//! is given up. Nothing of it stays in the daemon, and nothing of it is seen in the job.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{Findings, Stop, Teller};
use crate::config::Generation;
use crate::dialog::report::Rating;
use crate::policy::Ground;
use crate::records::{
    CallEntry, Consent, DisclosureRecord, Errand, HandOver, Message, Records, RecordsError, Report, Selection, Task, TurnRecord, Whole,
};

/// Whoever asked for it reads on by then, or gets no more.
const PATIENCE: Duration = Duration::from_secs(60);

impl From<RecordsError> for Stop {
    fn from(error: RecordsError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Write everything on record of these calls, the first first. Finds how many `calls` that were.
///
/// # Errors
/// If the record cannot be read, or nobody reads what is written.
pub async fn export(
    records: &Records,
    which: &Selection,
    mut reader: impl AsyncWrite + Unpin,
    teller: &Teller,
    called_off: &CancellationToken,
) -> Result<Findings, Stop> {
    let all = records.how_many(which.clone()).await?;
    let (mut last, mut handed_out) = (None, 0_u64);
    teller.progress(Some(0.0));
    while let Some(whole) = records.whole_after(which.clone(), last).await? {
        let text = format!("{}\n", line(&whole));
        let written = called_off.run_until_cancelled(timeout(PATIENCE, reader.write_all(text.as_bytes()))).await;
        written.ok_or(Stop::Cancelled)?.map_err(|_| left("has not read for a minute"))?.map_err(|_| left("does not read any more"))?;
        last = Some(whole.call.record.id);
        handed_out += 1;
        teller.progress(Some(handed_out as f64 / all.max(handed_out) as f64));
    }
    Ok(Findings::from_iter([("calls".to_owned(), handed_out.into())]))
}

fn left(how: &str) -> Stop {
    Stop::Failed(format!("whoever asked for the records {how}; what they have is not all"))
}

/// A call as a line of JSON. Personal data, all of it. Times are RFC 3339; what there is not is `null`.
#[must_use]
pub fn line(whole: &Whole) -> Value {
    let Whole { call: CallEntry { record, disclosures, consents, ending }, turns, tasks, report } = whole;
    json!({
        "call": record.id.simple(),
        "line": record.line,
        "number": record.number,
        "name": record.name,
        "scenario": record.scenario,
        "scenario_version": record.scenario_version,
        "generation": record.generation.map(Generation::get),
        "permit": record.permit.map(Ground::as_str),
        "started": record.started.to_string(),
        "ended": ending.as_ref().map(|ending| ending.at.to_string()),
        "outcome": ending.as_ref().map(|ending| &ending.outcome),
        "disclosures": disclosures.iter().map(disclosure).collect::<Vec<_>>(),
        "consents": consents.iter().map(consent).collect::<Vec<_>>(),
        "turns": turns.iter().map(turn).collect::<Vec<_>>(),
        "messages": tasks.iter().map(task).collect::<Vec<_>>(),
        "report": report.as_ref().map(told),
    })
}

fn disclosure(DisclosureRecord { text, language, started, ended }: &DisclosureRecord) -> Value {
    json!({ "text": text, "language": language, "started": started.to_string(), "ended": ended.to_string() })
}

fn consent(Consent { purpose, question, answer, granted, at }: &Consent) -> Value {
    json!({ "purpose": purpose.as_str(), "question": question, "answer": answer, "granted": granted, "at": at.to_string() })
}

fn turn(turn: &TurnRecord) -> Value {
    let TurnRecord { index, at, heard, confidence, understood, action, said, source, latency } = turn;
    json!({
        "index": index, "at": at.to_string(), "heard": heard, "confidence": confidence, "understood": understood, "action": action, "said": said,
        "source": source, "latency_ms": latency.map(|latency| latency.as_millis() as u64),
    })
}

fn task(Task { number, call: _, message, done }: &Task) -> Value {
    let Message { recipient, from, callback, text, confirmed, at, about, promised } = message;
    json!({
        "number": number.get(), "recipient": recipient, "from": from, "callback": callback, "text": text, "confirmed": confirmed, "at": at.to_string(),
        "about": about, "promised": promised.map(|at| at.to_string()), "done": done.map(|at| at.to_string()),
    })
}

fn told(report: &Report) -> Value {
    json!({
        "goal_reached": report.goal.is_reached(),
        "goal": report.goal.why(),
        "complaint": report.complaint,
        "satisfaction": report.satisfaction.map(Rating::get),
        "summary": report.summary,
        "tags": report.tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(),
        "errands": errands(report),
        "hand_overs": hand_overs(report),
    })
}

/// What a caller wanted done, and what came of it.
#[must_use]
pub fn errands(report: &Report) -> Value {
    report.errands.iter().map(|Errand { flow, result, told }| json!({ "flow": flow, "result": result, "told": told })).collect()
}

/// To whom a caller was handed, and what came of it.
#[must_use]
pub fn hand_overs(report: &Report) -> Value {
    let told = |HandOver { to, end, waited }: &HandOver| json!({ "to": to, "end": end.as_str(), "waited_s": waited.as_secs() });
    report.hand_overs.iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use jiff::Timestamp;
    use tempfile::TempDir;
    use tokio::io::{AsyncReadExt as _, duplex};

    use super::*;
    use crate::config::{CallId, Secret};
    use crate::records::CallRecord;

    const NUMBER: &str = "+441632960001";

    /// A record with so many calls of a number, each with a turn and a message, and the first over.
    async fn a_record(calls: u32) -> (TempDir, Records) {
        let dir = TempDir::new().unwrap();
        let records = Records::open(&dir.path().join("records.db"), &Secret::new("a key of the tests, which is 44 characters..")).unwrap();
        let at: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let text = || String::from("office");
        for index in 0..calls {
            let (id, number) = (CallId::new(), Some(NUMBER.into()));
            let call = CallRecord {
                id,
                line: text(),
                number,
                name: None,
                scenario: text(),
                scenario_version: text(),
                generation: None,
                permit: None,
                started: at,
            };
            records.begin_call(call).await.unwrap();
            let (heard, latency) = (Some("when do you open".into()), Some(Duration::from_millis(480)));
            let turn = TurnRecord {
                index: 1,
                at,
                heard,
                confidence: 0.5,
                understood: text(),
                action: text(),
                said: text(),
                source: None,
                latency,
            };
            records.turn(id, turn).await.unwrap();
            let message = Message {
                recipient: text(),
                from: "Henrietta".into(),
                callback: None,
                text: "the roof\nleaks".into(),
                confirmed: true,
                at,
                about: "message".into(),
                promised: None,
            };
            records.message(id, message).await.unwrap();
            if index == 0 {
                records.end_call(id, "goodbye", at).await.unwrap();
            }
        }
        (dir, records)
    }

    #[tokio::test]
    async fn every_call_is_a_line_of_json_with_all_its_parts() {
        let (_dir, records) = a_record(3).await;
        let (mouth, mut ear) = duplex(64);
        let reading = tokio::spawn(async move {
            let mut text = String::new();
            ear.read_to_string(&mut text).await.unwrap();
            text
        });
        let found = export(&records, &Selection::default(), mouth, &Teller::to_nobody(), &CancellationToken::new()).await;
        assert_eq!(found.unwrap()["calls"], 3);
        let calls: Vec<Value> = reading.await.unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(calls.len(), 3, "a message of two lines is one line of JSON");
        for call in &calls {
            assert_eq!((&call["number"], &call["turns"][0]["heard"]), (&json!(NUMBER), &json!("when do you open")));
            assert_eq!((&call["turns"][0]["latency_ms"], &call["messages"][0]["from"]), (&json!(480), &json!("Henrietta")));
            assert!(call["report"].is_null() && call["name"].is_null());
        }
        assert_eq!((&calls[0]["outcome"], &calls[0]["ended"]), (&json!("goodbye"), &json!("2026-11-23T08:00:00Z")));
        assert!(calls[1]["ended"].is_null(), "it goes on");
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_nothing_or_goes_away_ends_it_and_is_told_that_it_is_not_all() {
        let (_dir, records) = a_record(1).await;
        let (mouth, ear) = duplex(16);
        let export =
            |mouth| async { export(&records, &Selection::default(), mouth, &Teller::to_nobody(), &CancellationToken::new()).await };
        let Err(Stop::Failed(why)) = export(mouth).await else { panic!("nobody read it") };
        assert!(why.contains("has not read for a minute"), "{why}");
        drop(ear);
        let (mouth, ear) = duplex(16);
        drop(ear);
        let Err(Stop::Failed(why)) = export(mouth).await else { panic!("nobody is there to read it") };
        assert!(why.contains("does not read any more"), "{why}");
    }

    #[tokio::test]
    async fn it_can_be_called_off_while_nobody_reads() {
        let (_dir, records) = a_record(1).await;
        let (mouth, _ear) = duplex(16);
        let called_off = CancellationToken::new();
        called_off.cancel();
        let stopped = export(&records, &Selection::default(), mouth, &Teller::to_nobody(), &called_off).await;
        assert_eq!(stopped, Err(Stop::Cancelled));
    }
}
