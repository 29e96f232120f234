//! The line's life: look for the card, wait for the hook, carry a call.

use std::time::Duration;

use tokio::sync::mpsc::{self, error::TrySendError};
use tokio::time::{Instant, sleep_until};

use super::HandsetLine;
use super::sound::{Card, Sound};
use super::step::{Happened, Phase, Step, step};
use crate::config::Kind;
use crate::lines::{Capabilities, EndCause, LegCommand, LegEvent, LineCommand, LineFault, LinePorts, LineStatus, Party, STALL, leg};
use crate::media::{Frame, PlayoutClock};
use crate::progress::Progress;

/// A card that is not there is looked for this often.
const RETRY: Duration = Duration::from_secs(2);
/// A card that is there is looked after this often, while nobody uses it.
const LOOK: Duration = Duration::from_secs(15);

pub(super) async fn run(mut line: HandsetLine, mut ports: LinePorts) {
    let mut look = Instant::now();
    loop {
        tokio::select! {
            () = ports.shutdown.cancelled() => return,
            Ok(()) = ports.settings.changed() => if let Kind::Handset(config) = &*ports.settings.borrow_and_update() {
                line.config = config.clone();
                look = Instant::now();
            },
            () = sleep_until(look) => {
                let found = line.open().await.map(drop);
                look = Instant::now() + line.tell(&ports, found);
            }
            Some(command) = ports.commands.recv() => {
                if command == LineCommand::OffHook {
                    let found = line.call(&mut ports).await;
                    look = Instant::now() + line.tell(&ports, found);
                }
            }
        }
    }
}

impl HandsetLine {
    /// Both devices, or why not.
    async fn open(&self) -> Result<Card, String> {
        let config = self.config.clone();
        match tokio::task::spawn_blocking(move || Card::open(&config)).await {
            Ok(opened) => opened.map_err(|error| error.to_string()),
            Err(stopped) => Err(stopped.to_string()),
        }
    }

    /// Tell how the line is, and return when to look again.
    fn tell(&self, ports: &LinePorts, found: Result<(), String>) -> Duration {
        let (status, again) = match found {
            Ok(()) => (LineStatus::Ready { address: self.config.capture.clone() }, LOOK),
            Err(reason) => (LineStatus::Down { fault: LineFault::NoCard, reason }, RETRY),
        };
        ports.status.send_if_modified(|now| {
            if *now == status {
                return false;
            }
            match &status {
                LineStatus::Down { reason, .. } => log::warn!(line = self.id.as_str(), event = "no-card"; "the handset is down: {reason}"),
                LineStatus::Starting | LineStatus::Draining | LineStatus::Ready { .. } => {
                    log::info!(line = self.id.as_str(), event = "ready"; "the handset is ready");
                }
            }
            *now = status;
            true
        });
        again
    }

    /// One call, from off the hook to its end. Returns how the card was when it ended.
    async fn call(&self, ports: &mut LinePorts) -> Result<(), String> {
        let capabilities = Capabilities { full_duplex: self.config.full_duplex, transfer: false };
        let (leg, leg_ports) = leg(self.id.clone(), Party::default(), None, capabilities);
        match ports.calls.try_send(leg) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                log::warn!(line = self.id.as_str(), event = "call-refused"; "the handset was lifted, but every place for a call is taken");
                return Ok(());
            }
            Err(TrySendError::Closed(_)) => return Ok(()),
        }
        let mut call = Call { asked: leg_ports.commands, hook: &mut ports.commands, events: leg_ports.events };
        let cause = match call.ring().await {
            Some(cause) => cause,
            None => self.talk(&mut call, leg_ports.hears, leg_ports.clock, &ports.progress).await,
        };
        let found = match &cause {
            EndCause::Fault(reason) => Err(reason.clone()),
            EndCause::Caller
            | EndCause::Robot
            | EndCause::Transferred
            | EndCause::Unanswered
            | EndCause::Refused(_)
            | EndCause::MediaLost => Ok(()),
        };
        call.tell(LegEvent::Ended(cause)).await;
        found
    }

    /// From the answer to the end.
    async fn talk(&self, call: &mut Call<'_>, hears: mpsc::Sender<Frame>, clock: PlayoutClock, progress: &Progress) -> EndCause {
        let card = match self.open().await {
            Ok(card) => card,
            Err(reason) => return EndCause::Fault(reason),
        };
        call.tell(LegEvent::Answered).await;
        let mut sound =
            match Sound::start(card, hears, clock, &self.xruns, |side| progress.register(format!("{side} of line {}", self.id), STALL)) {
                Ok(sound) => sound,
                Err(error) => return EndCause::Fault(format!("no thread for the sound: {error}")),
            };
        let cause = loop {
            let happened = tokio::select! {
                why = sound.lost() => Happened::SoundLost(why),
                happened = call.happens() => happened,
            };
            match step(Phase::Talking, happened) {
                Step::Stay | Step::Answer => {}
                Step::Tell(event) => call.tell(event).await,
                Step::End(cause) => break cause,
            }
        };
        sound.stop().await;
        cause
    }
}

/// What a call on the handset listens to and tells.
struct Call<'a> {
    asked: mpsc::Receiver<LegCommand>,
    hook: &'a mut mpsc::Receiver<LineCommand>,
    events: mpsc::Sender<LegEvent>,
}

impl Call<'_> {
    /// Wait for the answer: `None` once it is there, or how the call ended without one.
    async fn ring(&mut self) -> Option<EndCause> {
        loop {
            let happened = self.happens().await;
            match step(Phase::Ringing, happened) {
                Step::Stay => {}
                Step::Answer => return None,
                Step::Tell(event) => self.tell(event).await,
                Step::End(cause) => return Some(cause),
            }
        }
    }

    /// What people or the call actor want next. Safe to abandon and ask again.
    async fn happens(&mut self) -> Happened {
        tokio::select! {
            biased;
            Some(command) = self.hook.recv() => Happened::Hook(command),
            asked = self.asked.recv() => asked.map_or(Happened::ActorGone, Happened::Asked),
        }
    }

    async fn tell(&self, event: LegEvent) {
        // The call actor may be gone; that shows in `happens`.
        let _ = self.events.send(event).await;
    }
}
