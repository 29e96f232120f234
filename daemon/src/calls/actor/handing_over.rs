//! Handing the call to a person: the caller's side. Who is to be told first is called beside the call ([`Consultation`]), and the caller hears meanwhile what
//! happens, and is heard; for whoever is not, the line is asked to pass the call on, and nobody can say more of it than that. However it ends, it is written
//! down how long the caller waited, and for whom.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::task::AbortOnDropHandle;

use super::Actor;
use super::closing::After;
use super::consultation::{Accepted, Consultation};
use super::hearing::Hearing;
use crate::calls::{Briefing, Event, Outcome, State};
use crate::dialog::report::HandOverEnd;
use crate::dialog::{Ladder, Line};
use crate::lines::LegCommand;
use crate::policy::PermitToDial;

/// A caller who has heard nothing for so long wonders whether anybody is still there.
const QUIET: Duration = Duration::from_secs(7);

type Answer = Result<Accepted, HandOverEnd>;

/// Somebody who is sought for the caller.
pub(super) struct Seeking {
    /// By the name that the configuration gives them.
    person: String,
    began: Instant,
    /// Their side, if they are told first.
    consultation: Option<AbortOnDropHandle<Answer>>,
    /// Since when the caller has heard nothing.
    quiet_since: Option<Instant>,
    /// How often they were told that it goes on.
    told: usize,
}

impl Seeking {
    fn new(person: &str, consultation: Option<AbortOnDropHandle<Answer>>) -> Self {
        Self { person: person.to_owned(), began: Instant::now(), consultation, quiet_since: None, told: 0 }
    }

    /// Whether it is `quiet` now; how often the caller was told something before, if it is time to say something.
    fn listens_in(&mut self, quiet: bool, now: Instant) -> Option<usize> {
        if !quiet {
            self.quiet_since = None;
            return None;
        }
        if now.saturating_duration_since(*self.quiet_since.get_or_insert(now)) < QUIET {
            return None;
        }
        self.quiet_since = None;
        self.told += 1;
        Some(self.told - 1)
    }
}

/// What a colleague who is called answers; never if none is.
pub(super) async fn answer_of(seeking: &mut Option<Seeking>) -> Answer {
    match seeking.as_mut().and_then(|seeking| seeking.consultation.as_mut()) {
        // A fault there is no fault of the caller's: somebody else is tried.
        Some(consultation) => consultation.await.unwrap_or(Err(HandOverEnd::Failed)),
        None => std::future::pending().await,
    }
}

impl Actor {
    /// The call is to be handed to this person. Who is told first is called at once; for anybody else, it waits until the robot has said so.
    pub(super) fn hand_to(&mut self, person: String) {
        let summary = self.dialog.summary();
        let text = self.house.handover.text;
        if text.bus || text.mqtt {
            let briefing = Briefing { call: self.id, person: person.clone(), summary: summary.clone(), text };
            self.house.registry.tell(Event::HandOver(Arc::new(briefing)));
        }
        let told_first = self.house.people.get(&person).filter(|someone| someone.announce).and_then(PermitToDial::colleague);
        match told_first.zip(self.leg.dialler.clone()) {
            Some((permit, dialler)) => {
                let consultation = Consultation { house: Arc::clone(&self.house), dialler, summary };
                self.seeking = Some(Seeking::new(&person, Some(AbortOnDropHandle::new(tokio::spawn(consultation.hold(permit))))));
            }
            None => self.after = Some(After::Transfer(person)),
        }
    }

    /// Whether somebody is being called who is told first: the caller is heard meanwhile.
    pub(super) fn is_consulting(&self) -> bool {
        self.seeking.as_ref().is_some_and(|seeking| seeking.consultation.is_some())
    }

    /// The line is asked to pass the call on, if it can.
    pub(super) async fn transfer(&mut self, person: &str) -> Option<Outcome> {
        self.seeking = Some(Seeking::new(person, None));
        match self.house.people.get(person).and_then(|someone| someone.address.clone()) {
            Some(address) if self.leg.capabilities.transfer => {
                self.go_to(State::Transferring);
                if let Some(hearing) = &mut self.hearing {
                    hearing.forget();
                }
                self.command(LegCommand::Transfer(address)).await;
                None
            }
            Some(_) | None => {
                log::warn!(event = "transfer-failed", call_id = self.id.simple().as_str(); "the call cannot be passed to `{person}` on this line");
                self.sought(HandOverEnd::Failed);
                self.nobody_there().await
            }
        }
    }

    /// Whoever was sought is sought no more, and this came of it.
    pub(super) fn sought(&mut self, end: HandOverEnd) {
        if let Some(seeking) = self.seeking.take() {
            log::info!(event = "hand-over", call_id = self.id.simple().as_str(), end = end.as_str(); "a person was sought");
            self.dialog.handed_over(&seeking.person, end, seeking.began.elapsed());
            self.house.registry.tell(Event::HandOverEnded(self.id, seeking.person.into(), end));
        }
    }

    /// The colleague who was called has answered.
    pub(super) async fn on_answer(&mut self, answer: Answer) -> Option<Outcome> {
        match answer {
            Ok(accepted) => {
                if let Some(seeking) = &mut self.seeking {
                    // It has answered, and is asked no more.
                    seeking.consultation = None;
                }
                self.voice.stop();
                accepted.leg.mouth.clear();
                if let Some(thanks) = self.house.prompts.get(&self.house.scenario.line(Line::WhisperThanks)) {
                    accepted.leg.mouth.push(&thanks);
                }
                self.voice.say(self.dialog.line(Line::PersonComes));
                self.after = Some(After::PutThrough(Box::new(accepted)));
                None
            }
            Err(end) => {
                log::warn!(event = "transfer-failed", call_id = self.id.simple().as_str(); "nobody took the call: {}", end.as_str());
                self.sought(end);
                self.nobody_there().await
            }
        }
    }

    /// The caller was told: the two are brought together, by the network if it can, else by the robot.
    pub(super) async fn put_through(&mut self, Accepted { leg, replaceable }: Accepted) -> Option<Outcome> {
        match replaceable.filter(|_| self.leg.capabilities.transfer) {
            Some(person) => {
                self.go_to(State::Transferring);
                self.command(LegCommand::PutThrough(person)).await;
                self.joining = Some(leg);
                None
            }
            None => self.bridge(leg).await,
        }
    }

    /// Somebody is being called: the caller is never left in silence for long.
    pub(super) fn keep_company(&mut self) {
        if !self.is_consulting() {
            return;
        }
        let quiet = self.voice.is_silent() && !self.hearing.as_ref().is_some_and(Hearing::is_busy);
        if quiet {
            self.go_to(State::Transferring);
        }
        let Some(place) = self.seeking.as_mut().and_then(|seeking| seeking.listens_in(quiet, Instant::now())) else { return };
        let words = self.dialog.ladder(Ladder::Calling);
        if let Some(words) = words.get(place % words.len().max(1)) {
            self.voice.bridge(words.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_in_silence_is_told_now_and_then_and_who_is_spoken_to_is_not() {
        let (begin, mut seeking) = (Instant::now(), Seeking::new("boss", None));
        assert_eq!(seeking.listens_in(true, begin), None);
        assert_eq!(seeking.listens_in(true, begin + QUIET / 2), None);
        assert_eq!(seeking.listens_in(false, begin + QUIET), None, "the caller, or the robot, speaks");
        assert_eq!(seeking.listens_in(true, begin + QUIET), None);
        assert_eq!(seeking.listens_in(true, begin + 2 * QUIET), Some(0));
        assert_eq!(seeking.listens_in(true, begin + 2 * QUIET), None);
        assert_eq!(seeking.listens_in(true, begin + 3 * QUIET), Some(1));
    }
}
