//! A house without lines and models: what the admin's and the fleet manager's sides see of one, moved by hand.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use switchhook::calls::{
    Briefing, CallHandle, CallId, Command, Direction, Event, Latency, Outcome, Place, Placing, Registry, Request, Snapshot, State, Summary,
    Turn,
};
use switchhook::config::{Generation, HandOverText, Secret};
use switchhook::control::{
    Anew, Authority, Improve, Info, Live, ManagerInfo, Models, RecordInfo, Reload, Renewed, ScenarioInfo, Settled, Standing,
};
use switchhook::dialog::report::{Errand, Goal, HandOver, HandOverEnd, Rating, Report, Tag};
use switchhook::jobs::{Jobs, Stop};
use switchhook::lines::{Board, Dialler, LineCommand, LineHandle, LineId, LineKind, LineStatus, Party};
use switchhook::logging::{Levels, Logging};
use switchhook::media::{Playout, PlayoutClock};
use switchhook::records::{CallRecord, Message, Records};
use switchhook_models::Locale;
use switchhook_models::catalog::fetch::Options;
use switchhook_models::catalog::{Catalog, Store};
use tokio::sync::{mpsc, watch};

use super::shop::{EARS, Shop};

/// What a caller's telephone shows: it must never leave by MQTT.
pub const NUMBER: &str = "+442079460123";
pub const CALLER: &str = "Margaret Appleyard";
pub const HEARD: &str = "my lodger Quentin owes me ninety pounds";
pub const SAID: &str = "I am sorry to hear that about Quentin";

pub struct Line {
    pub status: watch::Sender<LineStatus>,
    pub commands: mpsc::Receiver<LineCommand>,
}

pub struct House {
    pub board: Board,
    pub registry: Registry,
    pub standing: watch::Sender<Standing>,
    pub sip: Line,
    pub handset: Line,
    pub records: Records,
    /// What is asked to be read anew.
    pub reloads: mpsc::Receiver<Reload>,
    reload: mpsc::Sender<Reload>,
    /// What is asked of what callers wanted in vain.
    pub improving: mpsc::Receiver<Improve>,
    improve: mpsc::Sender<Improve>,
    /// Calls that are to be placed.
    pub requests: mpsc::Receiver<Request>,
    placing: Placing,
    /// What calls follow.
    pub live: watch::Sender<Live>,
    /// What the configuration says.
    pub settled: watch::Sender<Settled>,
    /// Where long work is done.
    pub jobs: Jobs,
    /// Who decides what somebody may do.
    pub authority: Authority,
    /// What is logged.
    pub logging: Logging,
    /// If it is another one than the shipped.
    catalog: Option<Catalog>,
    dir: tempfile::TempDir,
}

/// A configuration that is in force, in this generation.
pub fn renewed(generation: u64, changed: &[&str]) -> Renewed {
    let changed = changed.iter().map(|key| (*key).to_owned()).collect();
    Renewed { generation: Generation::of(generation), scenario: "reception".into(), changed }
}

/// The scenario that ships.
pub fn reception() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reception")
}

fn line(id: &str, kind: LineKind) -> (LineHandle, Line) {
    let (status, status_out) = watch::channel(LineStatus::Starting);
    let (commands_in, commands) = mpsc::channel(1);
    let dialler = (kind == LineKind::Sip).then(|| Dialler::new().0);
    (LineHandle { id: LineId::new(id).unwrap(), kind, status: status_out, commands: commands_in, dialler }, Line { status, commands })
}

impl House {
    pub fn new() -> Self {
        let (gateway, sip) = line("front-gate", LineKind::Sip);
        let (desk, handset) = line("desk", LineKind::Handset);
        let standing = watch::Sender::new(Standing { ready: false, rung: "full".into() });
        let dir = tempfile::tempdir().unwrap();
        let records = Records::open(&dir.path().join("records.db"), &Secret::new("5e".repeat(32))).unwrap();
        let live =
            Live { folder: reception(), name: "reception".into(), goal: "Help".into(), versions: vec![(Locale::En, "1e".repeat(32))] };
        let (reload, reloads) = mpsc::channel(1);
        let (improve, improving) = mpsc::channel(1);
        let (placing, requests) = Placing::new();
        Self {
            board: Board::new(vec![gateway, desk]),
            registry: Registry::default(),
            standing,
            sip,
            handset,
            records,
            reloads,
            reload,
            improving,
            improve,
            requests,
            placing,
            live: watch::Sender::new(live),
            settled: watch::Sender::new(Settled {
                generation: Generation::FIRST,
                calls_at_once: 2,
                people: ["desk", "sales"].map(String::from).into(),
                models: [("recognizer".to_owned(), "whisper-base".to_owned())].into(),
            }),
            jobs: Jobs::default(),
            authority: Authority::Owner,
            logging: Logging::at(Levels::all(log::LevelFilter::Info)),
            catalog: None,
            dir,
        }
    }

    /// A house that can fetch a model, once the shop is open.
    pub fn with_a_shop() -> (Self, Shop) {
        let mut house = Self::new();
        let shop = Shop::at(house.dir.path());
        house.catalog = Some(shop.catalog());
        (house, shop)
    }

    /// Answer what is asked to be read anew, so often as there are answers; what was asked.
    pub async fn reads_anew(&mut self, answers: Vec<Result<Renewed, Stop>>) -> Vec<Anew> {
        let mut asked = Vec::new();
        for told in answers {
            let Reload { what, answer, .. } = self.reloads.recv().await.unwrap();
            asked.push(what);
            answer.send(told).unwrap();
        }
        asked
    }

    pub fn info(&self) -> Info {
        let manager = ManagerInfo {
            version: "1.2.3".into(),
            device: "branch-1".into(),
            settled: self.settled.subscribe(),
            standing: self.standing.subscribe(),
            reload: self.reload.clone(),
        };
        let scenario = ScenarioInfo { live: self.live.subscribe(), reload: self.reload.clone() };
        let record = RecordInfo { records: self.records.clone(), improve: self.improve.clone() };
        let options = Options { keep_downloads: false, search_path: Some(self.dir.path().join("shop/bin").into()) };
        let store = Store::at(self.models());
        let models = match &self.catalog {
            None => Models::of(&store, options, ["kokoro-82m"]),
            Some(catalog) => Models::of(&store.with_catalog(catalog.clone()), options, [EARS]),
        };
        let models = models.unwrap();
        Info {
            manager,
            scenario,
            record,
            models,
            jobs: self.jobs.clone(),
            placing: self.placing.clone(),
            authority: self.authority,
            logging: self.logging.clone(),
        }
    }

    /// Where models are installed: none, at first.
    pub fn models(&self) -> PathBuf {
        self.dir.path().join("models")
    }

    /// Have a message on record.
    pub async fn left_a_message(&self) -> CallId {
        let (id, started) = (CallId::new(), "2026-11-23T08:00:00Z".parse().unwrap());
        let text = || String::from("desk");
        let call = CallRecord {
            id,
            line: text(),
            number: None,
            name: None,
            scenario: text(),
            scenario_version: text(),
            generation: None,
            permit: None,
            started,
        };
        self.records.begin_call(call).await.unwrap();
        let (recipient, from, callback) = ("Maria Chen".into(), NUMBER.into(), Some("025551234".into()));
        let message = Message {
            recipient,
            from,
            callback,
            text: HEARD.into(),
            confirmed: true,
            at: started,
            about: "message".into(),
            promised: None,
        };
        self.records.message(id, message).await.unwrap();
        id
    }

    /// Have a call on record that is over, and what became of it.
    pub async fn had_a_call(&self) -> CallId {
        let id = self.left_a_message().await;
        let told = serde_json::json!({ "service": "cleaning" }).as_object().unwrap().clone();
        let errands = vec![Errand { flow: "book".into(), result: Some("booked".into()), told }];
        let (goal, tags) = (Goal::Reached(vec!["booked".into()]), vec![Tag::DeadAir, Tag::Misheard]);
        let (complaint, satisfaction, summary) = (false, Rating::new(5), "They wanted to book an appointment.".into());
        let hand_overs = vec![HandOver { to: "desk".into(), end: HandOverEnd::Declined, waited: Duration::from_secs(12) }];
        let report = Report { goal, errands, hand_overs, complaint, satisfaction, summary, tags };
        self.records.report(id, report).await.unwrap();
        self.records.end_call(id, "goodbye", "2026-11-23T08:01:00Z".parse().unwrap()).await.unwrap();
        id
    }

    pub fn ring(&self) -> Call {
        self.a_call(Direction::Taken)
    }

    /// A call that was made this way rings.
    pub fn a_call(&self, direction: Direction) -> Call {
        let id = CallId::new();
        let (mouth, clock) = Playout::new();
        let snapshot = watch::Sender::new(Snapshot {
            id,
            line: LineId::new("front-gate").unwrap(),
            direction,
            caller: Party { number: Some(NUMBER.into()), name: Some(CALLER.into()) },
            started: "2026-11-23T08:00:00Z".parse().unwrap(),
            state: State::Ringing,
            generation: Generation::FIRST,
            scenario: "reception".into(),
            disclosed: false,
            turns: 0,
        });
        let (commands_in, commands) = mpsc::channel(1);
        let place = self.registry.enter(CallHandle { id, snapshot: snapshot.subscribe(), commands: commands_in, tap: mouth.tap().clone() });
        Call { id, place, snapshot, commands, registry: self.registry.clone(), mouth, clock }
    }
}

pub struct Call {
    pub id: CallId,
    place: Place,
    pub snapshot: watch::Sender<Snapshot>,
    pub commands: mpsc::Receiver<Command>,
    registry: Registry,
    /// What its caller hears.
    pub mouth: Playout,
    pub clock: PlayoutClock,
}

impl Call {
    pub fn go(&self, state: State) {
        self.snapshot.send_modify(|snapshot| snapshot.state = state);
        self.registry.tell(Event::Changed(self.id, state));
    }

    pub fn turn(&self) {
        self.snapshot.send_modify(|snapshot| snapshot.turns += 1);
        let part = Duration::from_millis;
        let turn = Turn {
            index: 1,
            heard: Some(HEARD.into()),
            confidence: 0.875,
            understood: "complaint".into(),
            action: "take-message".into(),
            said: SAID.into(),
            latency: Some(Latency { endpoint: part(300), words: part(90), decision: part(1), first_sound: part(9) }),
        };
        self.registry.tell(Event::Turn(self.id, Arc::new(turn)));
    }

    /// It is handed to the desk, and where this may be read is up to the office.
    pub fn is_handed_over(&self, text: HandOverText) {
        let briefing = Briefing { call: self.id, person: "desk".into(), summary: HEARD.into(), text };
        self.registry.tell(Event::HandOver(Arc::new(briefing)));
    }

    /// Somebody who was sought is sought no more.
    pub fn sought(&self, person: &str, end: HandOverEnd) {
        self.registry.tell(Event::HandOverEnded(self.id, person.into(), end));
    }

    pub fn end(self) -> Summary {
        self.snapshot.send_modify(|snapshot| snapshot.state = State::Ended);
        let summary = Summary {
            call: self.id,
            line: LineId::new("front-gate").unwrap(),
            direction: Direction::Taken,
            scenario: "reception".into(),
            started: "2026-11-23T08:00:00Z".parse().unwrap(),
            duration: Duration::from_millis(12_345),
            outcome: Outcome::Goodbye,
            disclosed: true,
            turns: 1,
            not_understood: 0,
            barge_ins: 0,
            person_wanted: false,
            message_taken: true,
            goal_reached: true,
            goal: "message-taken".into(),
            complaint: true,
            satisfaction: None,
            tags: "frustrated misheard".into(),
            voice_to_voice_p50: Some(Duration::from_millis(400)),
            voice_to_voice_p95: None,
        };
        self.registry.tell(Event::Ended(Arc::new(summary.clone())));
        drop(self.place);
        summary
    }
}
