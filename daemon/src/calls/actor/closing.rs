//! What waits for the robot's last words: the hand-over, the goodbye, and the end.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant as Deadline, timeout};

use super::Actor;
use super::consultation::Accepted;
use super::scribe::{Entry, LAST_ENTRIES};
use crate::calls::{Event, Outcome, State, Summary};
use crate::dialog::report::{HandOverEnd, Rating, Tag};
use crate::dialog::{Input, Line};
use crate::lines::LegCommand;

/// A goodbye that was not heard to its end by then will not be.
const LAST_WORDS: Duration = Duration::from_secs(30);
/// The words of a turn that the end of the call cut off may take this long.
const LAST_TURN: Duration = Duration::from_secs(20);
/// A call that is told to end has ended by then: its goodbye, the words that this cut off, and its record.
pub(crate) const LONGEST_END: Duration = LAST_WORDS.saturating_add(LAST_TURN).saturating_add(LAST_ENTRIES);

/// What is done once everything that waits was said.
pub(super) enum After {
    /// Pass the call to this person.
    Transfer(String),
    /// Bring the caller together with the colleague who took the call.
    PutThrough(Box<Accepted>),
    /// End it so.
    HangUp(Outcome),
}

impl Actor {
    /// Once the robot has said everything: do what was to follow, or give the caller the word.
    pub(super) async fn after_speech(&mut self) -> Option<Outcome> {
        if !self.voice.is_silent() {
            return None;
        }
        match self.after.take() {
            Some(After::HangUp(outcome)) => {
                self.exchange.hung_up_as(outcome);
                self.command(LegCommand::Hangup).await;
            }
            Some(After::Transfer(person)) => return self.transfer(&person).await,
            Some(After::PutThrough(accepted)) => return self.put_through(*accepted).await,
            None if self.is_consulting() => {}
            None => {
                if self.state() == State::Speaking {
                    self.go_to(State::Listening);
                    self.reply_by = self.patience.map(|patience| Deadline::now() + patience.reply);
                }
            }
        }
        None
    }

    /// The line is let go of after the last words, or soon, if they are not heard.
    pub(super) fn leave_after_words(&mut self, outcome: Outcome) {
        self.leave_by = Some((Deadline::now() + LAST_WORDS, outcome));
        self.after = Some(After::HangUp(outcome));
    }

    /// Break off, say goodbye, and hang up.
    pub(super) fn say_goodbye(&mut self, outcome: Outcome) {
        if self.takes_leave() {
            return;
        }
        self.sought(HandOverEnd::CalledOff);
        self.voice.stop();
        self.voice.say(self.dialog.line(Line::Goodbye));
        self.go_to(State::Speaking);
        self.leave_after_words(outcome);
    }

    /// The call is over: write its end down, then tell it.
    pub(super) async fn finish(mut self, outcome: Outcome) {
        let outcome = self.exchange.outcome().unwrap_or(outcome);
        self.sought(if outcome == Outcome::Transferred { HandOverEnd::Accepted } else { HandOverEnd::CallerLeft });
        self.joining = None;
        self.voice.stop();
        self.think_no_more();
        self.foresee_no_more();
        self.command(LegCommand::Hangup).await;
        self.keep_what_was_dictated().await;
        let mut report = self.dialog.report(outcome.into());
        if self.figures.waited_long() {
            report.tag(Tag::LongWait);
        }
        let ended = Timestamp::now();
        let snapshot = self.snapshot.borrow().clone();
        if self.answered.is_some() {
            self.scribe.note(Entry::Report(Box::new(report.clone())));
        }
        self.scribe.note(Entry::Ended(outcome, ended));
        self.scribe.finish().await;
        self.snapshot.send_modify(|snapshot| snapshot.state = State::Ended);
        let figures = &self.figures;
        log::info!(event = "call-ended", call_id = self.id.simple().as_str(), line = snapshot.line.as_str(), outcome = outcome.as_str(); "a call is over after {} turns", figures.turns);
        self.house.registry.tell(Event::Ended(Arc::new(Summary {
            call: self.id,
            line: snapshot.line,
            direction: snapshot.direction,
            scenario: snapshot.scenario,
            started: snapshot.started,
            duration: self.answered.map_or(Duration::ZERO, |answered| answered.elapsed()),
            outcome,
            disclosed: snapshot.disclosed,
            turns: figures.turns,
            not_understood: figures.not_understood,
            barge_ins: figures.barge_ins,
            person_wanted: figures.person_wanted,
            message_taken: figures.message_taken,
            goal_reached: report.goal.is_reached(),
            goal: report.goal.why(),
            complaint: report.complaint,
            satisfaction: report.satisfaction.map(Rating::get),
            tags: report.tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>().join(" "),
            voice_to_voice_p50: figures.percentile(50),
            voice_to_voice_p95: figures.percentile(95),
        })));
    }

    /// A caller who puts down the phone in the middle of a message has left it all the same.
    async fn keep_what_was_dictated(&mut self) {
        if let Some(hearing) = self.hearing.as_mut().filter(|_| self.dialog.takes_dictation())
            && let Ok(Some(words)) = timeout(LAST_TURN, hearing.last_words(&mut self.done)).await
        {
            self.dialog.on(Input::heard(words));
        }
        if let Some(note) = self.dialog.unfinished() {
            self.keep(note);
        }
    }
}
