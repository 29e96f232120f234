//! Calls that the robot places: from the desk's leave to the end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::bench::house;
use super::*;
use crate::calls::{Desk, Direction, House, NotPlaced, Placing, Summary};
use crate::lines::{Capabilities, Dial, DialFault, Dialler, LegPorts, LineId, leg};
use crate::policy::{Ground, NotPermitted};

/// A desk, and a line whose calls are placed by hand.
struct Office {
    house: Arc<House>,
    placing: Placing,
    dialler: Dialler,
    dials: mpsc::Receiver<Dial>,
    events: broadcast::Receiver<Event>,
    closing: CancellationToken,
    desk: JoinHandle<()>,
    _legs: mpsc::Sender<Leg>,
    _dir: tempfile::TempDir,
}

impl Office {
    fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let house = house(&models::Script::default(), bench::shipped("reception", "0:00-24:00"), dir.path(), &[]);
        let (legs, arriving) = mpsc::channel(1);
        let (placing, requests) = Placing::new();
        let (dialler, dials) = Dialler::new();
        let (events, closing) = (house.registry.events(), CancellationToken::new());
        let desk = Desk::new(watch::channel(Arc::clone(&house)).1, arriving, requests);
        let desk = tokio::spawn(desk.run(closing.clone(), CancellationToken::new()));
        Self { house, placing, dialler, dials, events, closing, desk, _legs: legs, _dir: dir }
    }

    /// Somebody asks for a call.
    fn ask(&self, whom: &'static str) -> JoinHandle<Result<CallId, NotPlaced>> {
        let (placing, dialler) = (self.placing.clone(), self.dialler.clone());
        tokio::spawn(async move { placing.place(dialler, whom).await })
    }

    /// The line places it, and it rings there.
    async fn rings(&mut self) -> LegPorts {
        let Dial { permit, ring, leg: asked } = self.dials.recv().await.unwrap();
        assert_eq!((permit.address(), permit.ground()), ("sip:the-boss@pbx.office", Ground::Colleague));
        assert!(ring >= Duration::from_secs(15), "they have time to come to the telephone");
        let (to, capabilities) = (Some("the-boss".to_owned()), Capabilities { full_duplex: true, transfer: true });
        let (leg, ports) = leg(LineId::new("office").unwrap(), Party::default(), to, capabilities);
        assert!(asked.send(Ok(leg)).is_ok());
        ports.events.send(LegEvent::Ringing).await.unwrap();
        ports
    }

    async fn ended(&mut self) -> Summary {
        loop {
            if let Event::Ended(summary) = self.events.recv().await.unwrap() {
                return Summary::clone(&summary);
            }
        }
    }
}

#[tokio::test]
async fn whoever_answers_hears_first_that_a_robot_speaks_and_is_on_record_with_the_reason() {
    let mut office = Office::open();
    let asked = office.ask("boss");
    let mut line = office.rings().await;
    let id = asked.await.unwrap().unwrap();
    let call = office.house.registry.call(id).unwrap();
    assert_eq!((call.snapshot.borrow().direction, call.snapshot.borrow().state), (Direction::Placed(Ground::Colleague), State::Ringing));
    line.events.send(LegEvent::Answered).await.unwrap();
    let mut sounding = 0;
    while !call.snapshot.borrow().disclosed {
        sounding += usize::from(line.clock.tick() != crate::media::Frame::SILENCE);
        // Greeted as people are: nobody listens yet.
        let _ = line.hears.try_send(at_level(STEP));
        tokio::task::yield_now().await;
    }
    assert!(sounding >= 40_000 / 160, "the whole disclosure: {sounding} frames");
    assert!(line.commands.try_recv().is_err(), "nothing is answered by us: {call:?}", call = call.id);
    line.events.send(LegEvent::Ended(EndCause::Caller)).await.unwrap();
    let summary = office.ended().await;
    assert_eq!((summary.direction.as_str(), summary.outcome), ("placed", Outcome::CallerHungUp));
    let entry = office.house.records.call(id).await.unwrap().unwrap();
    assert_eq!((entry.record.permit, entry.record.number.as_deref()), (Some(Ground::Colleague), Some("the-boss")));
    assert_eq!(entry.disclosures.len(), 1);
}

#[tokio::test]
async fn whoever_does_not_take_it_is_why_it_ended() {
    for (cause, outcome) in [
        (EndCause::Refused(486), Outcome::Busy),
        (EndCause::Refused(603), Outcome::Declined),
        (EndCause::Unanswered, Outcome::Unanswered),
        (EndCause::Refused(404), Outcome::Unreachable),
    ] {
        let mut office = Office::open();
        let asked = office.ask("boss");
        let line = office.rings().await;
        asked.await.unwrap().unwrap();
        line.events.send(LegEvent::Ended(cause)).await.unwrap();
        let summary = office.ended().await;
        assert_eq!((summary.outcome, summary.disclosed), (outcome, false));
    }
}

#[tokio::test]
async fn a_call_that_rings_in_vain_can_be_called_off() {
    let mut office = Office::open();
    let asked = office.ask("boss");
    let mut line = office.rings().await;
    let call = office.house.registry.call(asked.await.unwrap().unwrap()).unwrap();
    call.commands.send(Command::Hangup).await.unwrap();
    assert_eq!(line.commands.recv().await, Some(LegCommand::Hangup));
    assert_eq!(office.ended().await.outcome, Outcome::HungUpByAdmin);
}

#[tokio::test]
async fn who_may_not_be_called_is_not_and_a_line_s_fault_is_told() {
    let mut office = Office::open();
    for whom in ["+49 30 7654321", "112", "nobody"] {
        assert!(matches!(office.ask(whom).await.unwrap(), Err(NotPlaced::NotPermitted(_))), "{whom}");
    }
    assert_eq!(
        office.ask("112").await.unwrap(),
        Err(NotPlaced::NotPermitted(NotPermitted::NoTelephone(crate::config::NoTelephone::Emergency)))
    );
    assert!(office.dials.try_recv().is_err(), "the line was asked for nothing");
    let asked = office.ask("boss");
    let Dial { leg, .. } = office.dials.recv().await.unwrap();
    assert!(leg.send(Err(DialFault::Nowhere)).is_ok());
    assert_eq!(asked.await.unwrap(), Err(NotPlaced::Line(DialFault::Nowhere)));
    assert!(office.house.registry.is_empty());
}

#[tokio::test]
async fn a_call_that_is_placed_takes_a_place_from_the_first_moment_on() {
    let mut office = Office::open();
    let first = office.ask("boss");
    let dial = office.dials.recv().await.unwrap();
    assert_eq!(office.ask("front-desk").await.unwrap(), Err(NotPlaced::Full), "its way is still looked for");
    drop(dial);
    assert!(first.await.unwrap().is_err());
    let again = office.ask("boss");
    let _line = office.rings().await;
    again.await.unwrap().unwrap();
    assert_eq!(office.ask("front-desk").await.unwrap(), Err(NotPlaced::Full), "it rings");
}

#[tokio::test]
async fn a_house_that_closes_calls_nobody() {
    let mut office = Office::open();
    let asked = office.ask("boss");
    let dial = office.dials.recv().await.unwrap();
    office.closing.cancel();
    office.desk.await.unwrap();
    assert_eq!(asked.await.unwrap(), Err(NotPlaced::Closing));
    assert!(dial.leg.is_closed(), "nobody waits for it: the line does not place it");
    let closed = office.placing.place(office.dialler.clone(), "boss").await;
    assert_eq!(closed, Err(NotPlaced::Closing));
}
