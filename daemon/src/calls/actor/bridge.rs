//! The caller and a colleague talk, and the robot passes their sound on: for telephones that cannot take a call in place of another one.
//!
//! Frames go from one leg's ear to the other one's mouth and nowhere else. Nothing here hears, records or remembers them: the ears were closed before, and
//! whoever reads on sees that nobody else is handed a frame.

use std::time::Duration;

use tokio::sync::mpsc::error::TryRecvError;
use tokio::time::{Instant as Deadline, sleep_until};

use super::Actor;
use crate::calls::{Command, Outcome, State};
use crate::dialog::report::HandOverEnd;
use crate::lines::{Leg, LegCommand, LegEvent};
use crate::media::{Frame, Playout};

/// More sound than this does not wait for either of them: two clocks are never quite alike, and what came late stays late.
const LATEST: Duration = Duration::from_millis(80);
/// Nobody talks for longer.
const LONGEST: Duration = Duration::from_secs(4 * 3600);

impl Actor {
    /// Let the two talk until one of them hangs up; how the call ended by that. A colleague who hung up before has not taken it: the caller stays.
    pub(super) async fn bridge(&mut self, mut colleague: Leg) -> Option<Outcome> {
        if is_gone(&mut colleague) {
            self.sought(HandOverEnd::Declined);
            return self.nobody_there().await;
        }
        self.sought(HandOverEnd::Accepted);
        Some(self.pass_on_what_they_say(colleague).await)
    }

    async fn pass_on_what_they_say(&mut self, mut colleague: Leg) -> Outcome {
        // What two people say to each other is nobody else's, not even of who listened to the robot.
        self.leg.mouth.tap().close();
        self.hearing = None;
        self.voice.stop();
        colleague.mouth.clear();
        self.go_to(State::Bridged);
        log::info!(event = "bridged", call_id = self.id.simple().as_str(); "a person has the call; the robot passes on what they say, and does not listen");
        let until = Deadline::now() + LONGEST;
        loop {
            tokio::select! {
                Some(frame) = self.leg.hears.recv() => pass(&frame, &colleague.mouth),
                Some(frame) = colleague.hears.recv() => pass(&frame, &self.leg.mouth),
                event = self.leg.events.recv() => match event {
                    Some(LegEvent::Key(key)) => press(&colleague, key),
                    Some(LegEvent::Ended(_)) | None => return Outcome::Transferred,
                    Some(_) => {}
                },
                event = colleague.events.recv() => match event {
                    Some(LegEvent::Key(key)) => press(&self.leg, key),
                    Some(LegEvent::Ended(_)) | None => return Outcome::Transferred,
                    Some(_) => {}
                },
                Some(request) = self.requests.recv() => if request == Command::Hangup {
                    return Outcome::HungUpByAdmin;
                },
                () = self.closed.cancelled() => return Outcome::Shutdown,
                () = sleep_until(until) => return Outcome::TooLong,
            }
        }
    }
}

/// Whether nobody is at the other end any more.
fn is_gone(leg: &mut Leg) -> bool {
    loop {
        match leg.events.try_recv() {
            Ok(LegEvent::Ended(_)) | Err(TryRecvError::Disconnected) => return true,
            Ok(_) => {}
            Err(TryRecvError::Empty) => return false,
        }
    }
}

/// What one of them says is heard by the other.
fn pass(frame: &Frame, mouth: &Playout) {
    if mouth.waiting() < LATEST {
        mouth.push(&frame.0);
    }
}

/// What one of them presses, the other's telephone gets: there may be a menu at either end.
fn press(leg: &Leg, key: crate::lines::Key) {
    // A leg whose queue is full is just ending.
    let _ = leg.commands.try_send(LegCommand::SendKey(key));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::FRAME_SAMPLES;

    #[test]
    fn what_is_said_is_passed_on_in_order_and_a_clock_that_is_slow_does_not_make_it_later_and_later() {
        let (mouth, clock) = Playout::new();
        for n in 0..100 {
            pass(&Frame([n; FRAME_SAMPLES]), &mouth);
        }
        assert!(mouth.waiting() <= LATEST);
        let heard: Vec<i16> = (0..4).map(|_| clock.tick().0[0]).collect();
        assert_eq!(heard, [0, 1, 2, 3]);
        pass(&Frame([7; FRAME_SAMPLES]), &mouth);
        assert_eq!(clock.tick().0[0], 7);
    }
}
