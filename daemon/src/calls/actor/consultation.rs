//! Somebody is called for a caller, told what it is about, and says whether they take the call: the colleague's side of a hand-over.
//!
//! It runs beside the call, and ends in one of two ways: the colleague took the call, and here is their leg; or nobody did, and why. Dropped before that, it
//! puts their phone down. What they say is listened to for a yes or a no alone, only after they were told that a robot calls, and no longer than that.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant as Deadline, sleep_until, timeout};

use super::done::Done;
use super::hearing::{Hearing, Noticed};
use super::voice::Voice;
use crate::calls::House;
use crate::dialog::report::HandOverEnd;
use crate::dialog::{Expected, Line, Patience};
use crate::lines::{Dialler, EndCause, Leg, LegEvent, Replaceable};
use crate::policy::{Disclosed, PermitToDial};
use crate::speech::Ears;

/// A line that says nothing about a call for so much longer than it may ring is not waited for.
const GRACE: Duration = Duration::from_secs(10);
/// Whoever has heard everything has so long to say whether they take the call; then they hear it once more.
const DECIDE: Duration = Duration::from_secs(6);
/// It is said so often.
const TIMES: u32 = 2;
/// Nobody is talked to for longer, whatever they do.
const LONGEST: Duration = Duration::from_secs(90);
/// Jobs that may be done at once.
const QUEUE: usize = 64;

/// A colleague who is to be called for a caller.
pub(super) struct Consultation {
    pub(super) house: Arc<House>,
    pub(super) dialler: Dialler,
    /// What they are told of the caller.
    pub(super) summary: String,
}

/// A colleague who took the call.
pub(super) struct Accepted {
    /// Their leg.
    pub(super) leg: Leg,
    /// What the network calls it, if they can take the caller's call in its place.
    pub(super) replaceable: Option<Replaceable>,
}

impl Consultation {
    /// Call, tell, and wait for the answer.
    ///
    /// # Errors
    /// Why nobody took the call.
    pub(super) async fn hold(self, permit: PermitToDial) -> Result<Accepted, HandOverEnd> {
        let ring = self.house.handover.ring;
        let mut leg = self.dialler.call(permit, ring).await.map_err(|_| HandOverEnd::Failed)?;
        let replaceable = timeout(ring + GRACE, answered(&mut leg)).await.map_err(|_| HandOverEnd::Unanswered)??;
        timeout(LONGEST, self.talk(&mut leg)).await.map_err(|_| HandOverEnd::Unanswered)??;
        Ok(Accepted { leg, replaceable })
    }

    async fn talk(&self, leg: &mut Leg) -> Result<(), HandOverEnd> {
        match self.introduce(leg).await? {
            Some(disclosed) => self.ask(leg, disclosed).await,
            None => Ok(()),
        }
    }

    /// Say that a robot calls; nothing if they took the call by key before the end.
    async fn introduce(&self, leg: &mut Leg) -> Result<Option<Disclosed>, HandOverEnd> {
        let playing = self.house.introduction.play(&leg.mouth).ok_or(HandOverEnd::Failed)?;
        loop {
            tokio::select! {
                disclosed = playing.finished() => return disclosed.map(Some).ok_or(HandOverEnd::Declined),
                event = leg.events.recv() => match said_on(event.as_ref()) {
                    Some(true) => return Ok(None),
                    Some(false) => return Err(HandOverEnd::Declined),
                    None => {}
                },
                // Before that, nobody listens.
                Some(_unheard) = leg.hears.recv() => {}
            }
        }
    }

    /// Say what it is about, and ask whether they take the call, until they say so.
    async fn ask(&self, leg: &mut Leg, disclosed: Disclosed) -> Result<(), HandOverEnd> {
        let House { engine, prompts, scenario, .. } = &*self.house;
        let (tell, mut done) = mpsc::channel(QUEUE);
        let mut voice = Voice::new(leg.mouth.clone(), engine.clone(), prompts.clone(), tell.clone());
        let ears = Ears::open(disclosed, engine.voice_activity()).map_err(|_| HandOverEnd::Failed)?;
        let mut hearing = Hearing::new(ears, engine.clone(), tell);
        hearing.expect(Expected::YesOrNo, Patience::SHORT);
        let (mut times, mut decide_by) = (0, None);
        self.say_all(&mut voice, &mut times);
        loop {
            let deadline = decide_by.unwrap_or_else(Deadline::now);
            tokio::select! {
                event = leg.events.recv() => match said_on(event.as_ref()) {
                    Some(true) => return Ok(()),
                    Some(false) => return Err(HandOverEnd::Declined),
                    None => {}
                },
                Some(frame) = leg.hears.recv() => {
                    if decide_by.is_none() && voice.is_silent() {
                        decide_by = Some(Deadline::now() + DECIDE);
                    }
                    if let Ok(Some(Noticed::Onset)) = hearing.push(&frame) && !voice.is_silent() {
                        voice.hold();
                    }
                }
                Some(job) = done.recv() => match job {
                    Done::Piece(job, piece) => {
                        if let Err(error) = voice.made(job, piece) {
                            log::error!(event = "voice-fault"; "a sentence could not be spoken to a colleague: {error}");
                        }
                    }
                    Done::Words(job, words) => hearing.words(job, words),
                    Done::Finished(..) | Done::Reads(..) | Done::Thought(..) | Done::Found(..) => {}
                },
                () = sleep_until(deadline), if decide_by.is_some() => {
                    if times >= TIMES {
                        return Err(HandOverEnd::Unanswered);
                    }
                    decide_by = None;
                    self.say_all(&mut voice, &mut times);
                }
            }
            if let Some(heard) = hearing.turn() {
                match heard.words.ok().and_then(|words| scenario.yes_or_no(&words.text)) {
                    Some(true) => return Ok(()),
                    Some(false) => return Err(HandOverEnd::Declined),
                    // It was neither: what was being said goes on.
                    None => voice.resume(),
                }
            }
        }
    }

    fn say_all(&self, voice: &mut Voice, times: &mut u32) {
        *times += 1;
        voice.say(self.summary.clone());
        voice.say(self.house.scenario.line(Line::WhisperAsk));
    }
}

/// Wait until they answer; under what name the network knows the call then, if they can take another one in its place.
async fn answered(leg: &mut Leg) -> Result<Option<Replaceable>, HandOverEnd> {
    let mut replaceable = None;
    loop {
        match leg.events.recv().await {
            Some(LegEvent::Answered) => return Ok(replaceable),
            Some(LegEvent::Replaceable(name)) => replaceable = Some(name),
            Some(LegEvent::Ended(cause)) => return Err(end_of(&cause)),
            Some(LegEvent::Ringing | LegEvent::Key(_) | LegEvent::Transfer(_)) => {}
            None => return Err(HandOverEnd::Failed),
        }
    }
}

/// What an unanswered call means, by how it ended: busy and declined are a no (RFC 3261, section 21), whoever could not be found was not there.
fn end_of(cause: &EndCause) -> HandOverEnd {
    match cause {
        EndCause::Refused(486 | 600 | 603) => HandOverEnd::Declined,
        EndCause::Refused(408 | 480 | 487) | EndCause::Unanswered => HandOverEnd::Unanswered,
        EndCause::Refused(_) | EndCause::Caller | EndCause::Robot | EndCause::Transferred | EndCause::MediaLost | EndCause::Fault(_) => {
            HandOverEnd::Failed
        }
    }
}

/// Whether they take the call, if what happened on their leg says so: key 1 does, key 2 and hanging up say no.
fn said_on(event: Option<&LegEvent>) -> Option<bool> {
    match event {
        Some(LegEvent::Key(key)) => match key.char() {
            '1' => Some(true),
            '2' => Some(false),
            _ => None,
        },
        Some(LegEvent::Ended(_)) | None => Some(false),
        Some(LegEvent::Ringing | LegEvent::Replaceable(_) | LegEvent::Answered | LegEvent::Transfer(_)) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::Key;

    #[test]
    fn one_takes_the_call_and_two_or_hanging_up_does_not() {
        let key = |key| Key::new(key).map(LegEvent::Key);
        assert_eq!(said_on(key('1').as_ref()), Some(true));
        assert_eq!(said_on(key('2').as_ref()), Some(false));
        assert_eq!(said_on(key('5').as_ref()), None);
        assert_eq!(said_on(Some(&LegEvent::Ended(EndCause::Caller))), Some(false));
    }

    #[test]
    fn busy_is_a_no_and_ringing_in_vain_is_none() {
        assert_eq!(end_of(&EndCause::Refused(486)), HandOverEnd::Declined);
        assert_eq!(end_of(&EndCause::Unanswered), HandOverEnd::Unanswered);
        assert_eq!(end_of(&EndCause::Refused(404)), HandOverEnd::Failed);
    }
}
