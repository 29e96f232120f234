//! One call of the shipped scenario whose line is moved by hand: frames in, frames out, keys, and what came of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use switchhook_models::{Language, Locale};
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::models::{STEP, Script, at_level};
use crate::calls::actor::Actor;
use crate::calls::{Briefing, CallHandle, Command, Direction, Event, House, Registry, State, Summary, Turn};
use crate::config::{Generation, HandOver, HandOverText, Office, Person, Secret};
use crate::dialog::report::HandOverEnd;
use crate::dialog::{Calibration, Folder, Scenario};
use crate::lines::{Capabilities, Dial, Dialler, Key, LegCommand, LegEvent, LegPorts, LineId, Party, leg};
use crate::lookups::LookUps;
use crate::media::Frame;
use crate::policy::{Disclosure, MayCall};
use crate::progress::Progress;
use crate::records::{Message, Records};
use crate::speech::{Engine, Minds, Prompts, Recognition};
use crate::week::Week;

/// How long 20 ms take on a slow machine.
const A_FRAME: Duration = Duration::from_millis(50);
/// Nothing here takes so long.
const NEVER: Duration = Duration::from_secs(60);

/// The other end of one call.
pub(super) struct Bench {
    pub(super) script: Script,
    pub(super) call: CallHandle,
    pub(super) line: LegPorts,
    pub(super) records: Records,
    events: broadcast::Receiver<Event>,
    turns: Vec<Turn>,
    pub(super) summary: Option<Summary>,
    pub(super) commands: Vec<LegCommand>,
    actor: JoinHandle<()>,
    dir: tempfile::TempDir,
    /// Calls that the robot places, if its line can.
    dials: Option<mpsc::Receiver<Dial>>,
    /// The other end of one that rings or was answered.
    pub(super) colleague: Option<LegPorts>,
    /// What the colleague says, and what they heard last.
    pub(super) colleague_level: i16,
    pub(super) colleague_heard: Frame,
    pub(super) caller_heard: Frame,
    pub(super) briefings: Vec<Briefing>,
    /// Who was sought, and what came of it.
    pub(super) sought: Vec<(String, HandOverEnd)>,
}

fn person(spoken: &str) -> Person {
    Person { spoken: spoken.into(), also: vec![], address: Some(format!("sip:{}@pbx.office", spoken.replace(' ', "-"))), announce: true }
}

/// A shipped scenario, whose office is open at these hours if it states any.
pub(super) fn shipped(name: &str, daily: &str) -> Scenario {
    let mut folder = Folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name), Locale::En).unwrap();
    let hours = folder.scenario.text.lines().find(|line| line.starts_with("  hours: ")).map(str::to_owned);
    if let Some(hours) = hours {
        folder.scenario.text = folder.scenario.text.replace(&hours, &format!("  hours: {{daily: {daily}}}"));
    }
    Scenario::check(&folder, Locale::En).unwrap()
}

/// A house with one place that follows this scenario, hears what the script says, and has two people and these files for look-ups.
pub(super) fn house(script: &Script, mut scenario: Scenario, dir: &Path, files: &[(&str, &str)]) -> Arc<House> {
    let copy = || Box::new(script.clone());
    let recognition = Recognition::of(copy(), Locale::En).unwrap();
    let engine =
        Engine::of(Minds { recognition, voice: copy(), vad: copy(), turn: None, language_model: Some(copy()) }, &Progress::default());
    let office =
        Office { name: "the office".into(), language: Locale::En, purpose: "I can take a message".into(), time_zone: TimeZone::UTC };
    let disclosure = Disclosure::of(&office).unwrap().prepared([9_000; 40_000].as_slice().into()).unwrap();
    let records = Records::open(&dir.join("records.db"), &Secret::new("5e".repeat(32))).unwrap();
    let registry = Registry::default();
    // Tests run at night, too.
    scenario = scenario.thought_about_with(Calibration::of("smollm2-135m-instruct", Language::En));
    scenario.call_hours = Week::read([("mon-sun", "00:00-23:59")]).unwrap();
    let settings = crate::config::LookUps { data: dir.join("lookups"), hosts: Vec::new() };
    for (name, text) in files {
        let path = settings.data.join(&scenario.name).join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let lookups = LookUps::of(&settings, &scenario.folder, &scenario.name);
    let people = BTreeMap::from([("front-desk".to_owned(), person("the front desk")), ("boss".to_owned(), person("the boss"))]);
    Arc::new(House {
        generation: Generation::FIRST,
        at_once: 1,
        longest: Duration::from_secs(600),
        may_call: MayCall::of(&people, &[]),
        people,
        handover: HandOver { ring: Duration::from_secs(25), text: HandOverText { bus: true, mqtt: false } },
        introduction: Disclosure::to_colleague("The robot.", Locale::En).unwrap().prepared([9_000; 8_000].as_slice().into()).unwrap(),
        scenario: Arc::new(scenario),
        tongues: Vec::new(),
        time_zone: TimeZone::UTC,
        disclosure,
        engine,
        prompts: Prompts::default(),
        lookups,
        records,
        registry,
    })
}

impl Bench {
    /// A call that was answered and is being told that a robot speaks.
    pub(super) async fn ringing(full_duplex: bool) -> Self {
        Self::ringing_for(full_duplex, "reception", Party::default(), &[]).await
    }

    /// The same in an office that is open at these hours.
    pub(super) async fn ringing_in_an_office_open(full_duplex: bool, daily: &str) -> Self {
        Self::ringing_in(full_duplex, shipped("reception", daily), Party::default(), &[], None).await
    }

    /// The same in this scenario, with this party at the other end, and these files for look-ups.
    pub(super) async fn ringing_for(full_duplex: bool, scenario: &str, party: Party, files: &[(&str, &str)]) -> Self {
        Self::ringing_in(full_duplex, shipped(scenario, "0:00-24:00"), party, files, None).await
    }

    /// A call on a line that can place others, whose caller was greeted and has the word.
    pub(super) async fn greeted_where_people_are_called() -> Self {
        let party = Party { number: Some("0227345678".into()), ..Party::default() };
        let mut bench = Self::ringing_in(true, shipped("reception", "0:00-24:00"), party, &[], Some(Dialler::new())).await;
        bench.state(State::Listening).await;
        bench
    }

    async fn ringing_in(
        full_duplex: bool,
        scenario: Scenario,
        party: Party,
        files: &[(&str, &str)],
        dialling: Option<(Dialler, mpsc::Receiver<Dial>)>,
    ) -> Self {
        let script = Script::default();
        let dir = tempfile::tempdir().unwrap();
        let house = house(&script, scenario, dir.path(), files);
        let (records, registry) = (house.records.clone(), house.registry.clone());
        let events = registry.events();
        let capabilities = Capabilities { full_duplex, transfer: true };
        let (mut leg, mut line) = leg(LineId::new("office").unwrap(), party, None, capabilities);
        let (dialler, dials) = dialling.unzip();
        leg.dialler = dialler;
        let actor = tokio::spawn(Actor::enter(house, leg, Direction::Taken, CancellationToken::new()).run());
        assert_eq!(line.commands.recv().await, Some(LegCommand::Answer));
        line.events.send(LegEvent::Answered).await.unwrap();
        let call = registry.calls().remove(0);
        let (turns, commands) = (Vec::new(), Vec::new());
        Self {
            script,
            call,
            line,
            records,
            events,
            turns,
            summary: None,
            commands,
            actor,
            dir,
            dials,
            colleague: None,
            colleague_level: 0,
            colleague_heard: Frame::SILENCE,
            caller_heard: Frame::SILENCE,
            briefings: Vec::new(),
            sought: Vec::new(),
        }
    }

    /// A file that look-ups write.
    pub(super) fn looked_up(&self, file: &str) -> String {
        std::fs::read_to_string(self.dir.path().join("lookups").join(file)).unwrap()
    }

    /// A call whose caller was told, greeted, and has the word.
    pub(super) async fn greeted() -> Self {
        Self::greeted_on(true).await
    }

    pub(super) async fn greeted_on(full_duplex: bool) -> Self {
        let mut bench = Self::ringing(full_duplex).await;
        bench.state(State::Listening).await;
        bench
    }

    /// What the caller's sentence number `n` is.
    pub(super) fn sentence(&self, n: i16, text: &str) {
        self.script.sentences.lock().unwrap().insert(n, text.to_owned());
    }

    /// So many frames of this level go to the robot; how many frames of its own went the other way.
    pub(super) async fn frames(&mut self, frames: usize, level: i16) -> usize {
        let mut sounding = 0;
        for _ in 0..frames {
            self.caller_heard = self.line.clock.tick();
            sounding += usize::from(self.caller_heard != Frame::SILENCE);
            if let Some(colleague) = &self.colleague {
                self.colleague_heard = colleague.clock.tick();
                let _ = colleague.hears.try_send(at_level(self.colleague_level));
            }
            // The call may be over.
            let _ = self.line.hears.send(at_level(level)).await;
            tokio::task::yield_now().await;
        }
        sounding
    }

    /// The caller says sentence number `n`, and is silent until their turn is over.
    pub(super) async fn say(&mut self, n: i16) {
        self.frames(30, n * STEP).await;
        self.frames(60, 0).await;
    }

    /// The caller says sentence number `n`: `text`, and has just paused when its words are there.
    pub(super) async fn begins(&mut self, n: i16, text: &str) {
        let before = *self.script.heard.lock().unwrap();
        self.sentence(n, text);
        self.frames(30, n * STEP).await;
        self.frames(12, 0).await;
        let begin = Instant::now();
        while *self.script.heard.lock().unwrap() == before {
            assert!(begin.elapsed() < NEVER, "never: the words of {text}");
            tokio::task::yield_now().await;
        }
        // The actor is told by a task of its own.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    /// The caller is silent at a telephone's pace until the robot takes the turn to be over, or for so many frames; whether it does.
    pub(super) async fn is_over_within(&mut self, frames: usize) -> bool {
        for _ in 0..frames {
            let begin = Instant::now();
            while begin.elapsed() < A_FRAME && self.now() == State::Listening {
                tokio::task::yield_now().await;
            }
            if self.now() != State::Listening {
                return true;
            }
            self.frames(1, 0).await;
        }
        false
    }

    /// The caller says sentence number `n`: `text`.
    pub(super) async fn says(&mut self, n: i16, text: &str) {
        self.sentence(n, text);
        self.say(n).await;
    }

    /// The caller is silent until this is so.
    pub(super) async fn until(&mut self, what: &str, mut so: impl FnMut(&mut Self) -> bool) {
        let begin = Instant::now();
        loop {
            while let Ok(event) = self.events.try_recv() {
                match event {
                    Event::Turn(_, turn) => self.turns.push(Turn::clone(&turn)),
                    Event::Ended(summary) => self.summary = Some(Summary::clone(&summary)),
                    Event::HandOver(briefing) => self.briefings.push(Briefing::clone(&briefing)),
                    Event::HandOverEnded(_, person, end) => self.sought.push((person.to_string(), end)),
                    Event::Began(_) | Event::Changed(..) => {}
                }
            }
            while let Ok(command) = self.line.commands.try_recv() {
                self.commands.push(command);
            }
            if so(self) {
                return;
            }
            assert!(begin.elapsed() < NEVER, "never: {what}; {:?} {:?} {:?}", self.now(), self.turns, self.script.spoken.lock());
            self.frames(1, 0).await;
        }
    }

    /// Wait until this is so, while no time passes on the line.
    pub(super) async fn comes(&self, what: &str, so: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !so(self) {
            assert!(begin.elapsed() < NEVER, "never: {what}; {:?} {:?}", self.now(), self.script.spoken.lock());
            tokio::task::yield_now().await;
        }
    }

    pub(super) fn now(&self) -> State {
        self.call.snapshot.borrow().state
    }

    pub(super) async fn state(&mut self, state: State) {
        self.until(state.as_str(), |bench| bench.now() == state).await;
    }

    pub(super) fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// Wait for an exchange in which the robot says this.
    pub(super) async fn answered(&mut self, said: &str) -> Turn {
        let found = |bench: &Self| bench.turns.iter().rev().find(|turn| turn.said.contains(said)).cloned();
        self.until(said, |bench| found(bench).is_some()).await;
        found(self).unwrap()
    }

    /// Whom the robot calls next, as they are reached; their phone is in the test's hand then.
    pub(super) async fn calls(&mut self) -> String {
        let mut called = None;
        self.until("somebody is called", |bench| {
            called = bench.dials.as_mut().and_then(|dials| dials.try_recv().ok());
            called.is_some()
        })
        .await;
        let Dial { permit, leg: asked, .. } = called.unwrap();
        let (leg, ports) = leg(LineId::new("office").unwrap(), Party::default(), None, Capabilities { full_duplex: true, transfer: true });
        assert!(asked.send(Ok(leg)).is_ok(), "somebody waits for it");
        self.colleague = Some(ports);
        permit.address().to_owned()
    }

    /// Something happens on the colleague's leg.
    pub(super) async fn colleague_does(&mut self, event: LegEvent) {
        self.colleague.as_ref().unwrap().events.send(event).await.unwrap();
        self.frames(2, 0).await;
    }

    /// The colleague answers, and hears everything.
    pub(super) async fn colleague_answers(&mut self) {
        self.colleague_does(LegEvent::Ringing).await;
        self.colleague_does(LegEvent::Answered).await;
        self.until("the colleague was asked", |bench| bench.script.spoken.lock().unwrap().iter().any(|said| said.contains("Press one")))
            .await;
    }

    /// Whether the robot has put the colleague's phone down, or never wants it again.
    pub(super) fn colleague_is_let_go(&mut self) -> bool {
        let Some(colleague) = &mut self.colleague else { return true };
        match colleague.commands.try_recv() {
            Ok(command) => command == LegCommand::Hangup,
            Err(error) => error == mpsc::error::TryRecvError::Disconnected,
        }
    }

    pub(super) async fn key(&mut self, key: char) {
        self.line.events.send(LegEvent::Key(Key::new(key).unwrap())).await.unwrap();
        self.frames(2, 0).await;
    }

    pub(super) async fn ask(&mut self, command: Command) {
        self.call.commands.send(command).await.unwrap();
        self.frames(2, 0).await;
    }

    /// The line lets go, as it was told to or because the caller did; what was left on record.
    pub(super) async fn ends(mut self, cause: crate::lines::EndCause) -> (Summary, Vec<Message>) {
        self.line.events.send(LegEvent::Ended(cause)).await.unwrap();
        self.until("the end", |bench| bench.summary.is_some()).await;
        (&mut self.actor).await.unwrap();
        let messages = self.records.latest_messages(10).await.unwrap();
        (self.summary.unwrap(), messages.into_iter().map(|task| task.message).collect())
    }
}
