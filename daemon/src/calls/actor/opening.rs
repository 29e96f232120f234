//! The first phase of a call: it is answered, the caller is told that a robot speaks, and only then is listened to.

use std::time::{Duration, Instant};

use tokio::time::{Instant as Deadline, sleep_until, timeout};

use super::Actor;
use super::hearing::Hearing;
use super::scribe::Entry;
use crate::calls::{Command, Outcome, State};
use crate::dialog::{Action, Input, Intent};
use crate::lines::{LegCommand, LegEvent};
use crate::policy::Disclosed;
use crate::records::DisclosureRecord;
use crate::speech::Ears;

/// The line has this long to answer a call.
const LINE_PATIENCE: Duration = Duration::from_secs(10);

/// A call of ours that nothing was heard of for so long is given up: no line lets it ring for longer.
const LONGEST_RING: Duration = Duration::from_secs(200);

/// A disclosure that was not heard to its end by then will not be: the caller holds the line, say.
const DISCLOSURE_PATIENCE: Duration = Duration::from_secs(90);

/// How disclosing went.
enum Told {
    /// The caller was told.
    All(Disclosed),
    /// The caller pressed the key for a person before that.
    PersonWanted,
    /// The admin passed the call to this person before that.
    Transfer(String),
    /// The call is over.
    Over(Outcome),
}

impl Actor {
    /// Take the call off the hook.
    pub(super) async fn answer(&mut self) -> Result<(), Outcome> {
        self.command(LegCommand::Answer).await;
        match timeout(LINE_PATIENCE, self.leg.events.recv()).await {
            Ok(Some(LegEvent::Answered)) => {
                self.answered = Some(Instant::now());
                Ok(())
            }
            Ok(Some(LegEvent::Ended(cause))) => Err(Outcome::from(&cause)),
            Ok(_) | Err(_) => Err(Outcome::Fault),
        }
    }

    /// It rings at whom we called, until they take it.
    pub(super) async fn is_answered(&mut self) -> Result<(), Outcome> {
        // The line ends it sooner, if nobody does.
        let deadline = Deadline::now() + LONGEST_RING;
        loop {
            tokio::select! {
                event = self.leg.events.recv() => match event {
                    Some(LegEvent::Answered) => {
                        self.answered = Some(Instant::now());
                        return Ok(());
                    }
                    Some(LegEvent::Ended(cause)) => return Err(Outcome::from(&cause)),
                    Some(_) => {}
                    None => return Err(Outcome::Fault),
                },
                // There is nobody yet who could be passed on.
                Some(request) = self.requests.recv() => if request == Command::Hangup {
                    return Err(Outcome::HungUpByAdmin);
                },
                () = self.closed.cancelled() => return Err(Outcome::Shutdown),
                () = sleep_until(deadline) => return Err(Outcome::Unanswered),
            }
        }
    }

    /// Say that a robot speaks, and listen to nothing but keys until it was said. A caller who was told that nobody is there is not passed
    /// on once more: `to_the_end`, nothing but the end of the call keeps it from being said.
    async fn disclose(&mut self, to_the_end: bool) -> Told {
        self.go_to(State::Disclosing);
        let Some(playing) = self.house.disclosure.play(&self.leg.mouth) else {
            return Told::Over(Outcome::Fault);
        };
        let deadline = Deadline::now() + DISCLOSURE_PATIENCE;
        loop {
            tokio::select! {
                disclosed = playing.finished() => return disclosed.map_or_else(|| Told::Over(Outcome::Fault), Told::All),
                event = self.leg.events.recv() => match event {
                    Some(LegEvent::Key(key)) if !to_the_end && self.house.scenario.key(key) == Some(Intent::Person) => {
                        self.leg.mouth.clear();
                        return Told::PersonWanted;
                    }
                    Some(LegEvent::Ended(cause)) => return Told::Over(Outcome::from(&cause)),
                    Some(_) => {}
                    None => return Told::Over(Outcome::Fault),
                },
                // Nothing else is said before the disclosure, not even a goodbye.
                Some(request) = self.requests.recv() => match request {
                    Command::Hangup => return Told::Over(Outcome::HungUpByAdmin),
                    Command::Transfer(_) if to_the_end => {}
                    Command::Transfer(person) => {
                        self.leg.mouth.clear();
                        return Told::Transfer(person);
                    }
                },
                () = self.closed.cancelled() => return Told::Over(Outcome::Shutdown),
                () = sleep_until(deadline) => return Told::Over(Outcome::MediaLost),
                // What is said before the caller was told is not listened to: it is not even kept.
                Some(_unheard) = self.leg.hears.recv() => {}
            }
        }
    }

    /// Open the ears: only whoever holds proof that the caller was told can do this.
    fn listen(&mut self, disclosed: Disclosed) -> bool {
        let evidence = disclosed.evidence();
        self.scribe.note(Entry::Disclosed(DisclosureRecord {
            text: evidence.text.clone(),
            language: evidence.language.tag().to_owned(),
            started: evidence.started,
            ended: evidence.ended,
        }));
        self.snapshot.send_modify(|snapshot| snapshot.disclosed = true);
        log::info!(event = "disclosed", call_id = self.id.simple().as_str(); "the caller was told that a robot speaks");
        // What waits here was said before that.
        while self.leg.hears.try_recv().is_ok() {}
        let ears = match Ears::open(disclosed, self.house.engine.voice_activity()) {
            Ok(ears) => ears.overheard(self.leg.mouth.tap().clone()),
            Err(error) => {
                log::error!(event = "ears", call_id = self.id.simple().as_str(); "the caller cannot be listened to: {error}");
                return false;
            }
        };
        self.hearing = Some(Hearing::new(ears, self.house.engine.clone(), self.tell_done.clone()));
        true
    }

    /// Disclose, and let the dialog begin; returns how the call ended, if it did.
    pub(super) async fn tell_and_begin(&mut self) -> Option<Outcome> {
        match self.disclose(false).await {
            Told::All(disclosed) => {
                let listening = self.listen(disclosed);
                let input = if listening { Input::Disclosed } else { Input::PersonWanted };
                let step = self.dialog.on(input);
                self.carry_out(step);
                None
            }
            Told::PersonWanted => {
                let step = self.dialog.on(Input::PersonWanted);
                // Nobody is there at this time: a message is taken, and that needs ears.
                let needs_ears = !step.actions.iter().any(|action| matches!(action, Action::Transfer(_)));
                if needs_ears && let Some(ended) = self.open_ears().await {
                    return ended;
                }
                self.carry_out(step);
                None
            }
            Told::Transfer(person) => {
                self.pass_to(person);
                None
            }
            Told::Over(outcome) => Some(outcome),
        }
    }

    /// Tell a caller who is not listened to yet, to the end, and listen to them; if that cannot be, what came of the call.
    async fn open_ears(&mut self) -> Option<Option<Outcome>> {
        let listening = match self.disclose(true).await {
            Told::All(disclosed) => self.listen(disclosed),
            Told::PersonWanted | Told::Transfer(_) => false,
            Told::Over(outcome) => return Some(Some(outcome)),
        };
        if listening {
            return None;
        }
        self.say_goodbye(Outcome::GaveUp);
        Some(None)
    }

    /// A message is taken next, and that needs ears: a caller who asked for a person before the disclosure was over hears it now.
    pub(super) async fn nobody_there(&mut self) -> Option<Outcome> {
        if self.takes_leave() {
            return None;
        }
        if self.hearing.is_none()
            && let Some(ended) = self.open_ears().await
        {
            return ended;
        }
        self.begin_by_key();
        self.decide(Input::NobodyThere);
        None
    }
}
