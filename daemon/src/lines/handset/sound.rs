//! The two threads that carry the sound of a call. ALSA waits, and the runtime must not: so each direction has a thread of its own.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Xruns;
use super::pcm::{Earpiece, Microphone, Pace, SoundError};
use crate::config::Handset;
use crate::media::{Frame, PlayoutClock};
use crate::progress::Heartbeat;

/// Frames of silence that push the robot's last words out of the earpiece: as many as fit into it.
const FLUSH: usize = 3;

/// Both directions of the card, open.
pub(super) struct Card {
    microphone: Microphone,
    earpiece: Earpiece,
}

impl Card {
    /// Open it. Blocking, for as long as the devices take.
    pub(super) fn open(config: &Handset) -> Result<Self, SoundError> {
        Ok(Self { microphone: Microphone::open(&config.capture)?, earpiece: Earpiece::open(&config.playback)? })
    }
}

/// Sound that flows until it is stopped or fails. Dropped, it stops by itself.
pub(super) struct Sound {
    stop: CancellationToken,
    faults: mpsc::Receiver<SoundError>,
}

impl Sound {
    /// Let it flow: from the card to `hears`, and from `clock` to the card. Each side gets a heartbeat by its name.
    pub(super) fn start(
        card: Card,
        hears: mpsc::Sender<Frame>,
        clock: PlayoutClock,
        xruns: &Xruns,
        heart: impl Fn(&str) -> Heartbeat,
    ) -> io::Result<Self> {
        let stop = CancellationToken::new();
        let (fault, faults) = mpsc::channel(2);
        let sound = Self { stop: stop.clone(), faults };
        let Card { mut microphone, earpiece } = card;
        run("microphone", &fault, {
            let (stop, xruns, heart) = (stop.clone(), xruns.clone(), heart("microphone"));
            move || hear(|| microphone.hear(), &hears, &stop, &xruns, &heart)
        })?;
        run("earpiece", &fault, {
            let (xruns, heart) = (xruns.clone(), heart("earpiece"));
            move || speak(earpiece, &clock, &stop, &xruns, &heart)
        })?;
        Ok(sound)
    }

    /// Why it stopped by itself. Safe to abandon and ask again.
    pub(super) async fn lost(&mut self) -> String {
        match self.faults.recv().await {
            Some(error) => error.to_string(),
            None => "the sound threads ended without a reason".into(),
        }
    }

    /// Stop it, and wait until both devices are closed: the robot's last words are heard, and the next call finds the card free.
    pub(super) async fn stop(mut self) {
        self.stop.cancel();
        while self.faults.recv().await.is_some() {}
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn run(name: &str, fault: &mpsc::Sender<SoundError>, carry: impl FnOnce() -> Result<(), SoundError> + Send + 'static) -> io::Result<()> {
    let fault = fault.clone();
    std::thread::Builder::new().name(name.into()).spawn(move || {
        if let Err(error) = carry() {
            // There is a place for each thread's only fault.
            let _ = fault.try_send(error);
        }
    })?;
    Ok(())
}

fn hear(
    mut next: impl FnMut() -> Result<(Frame, Pace), SoundError>,
    hears: &mpsc::Sender<Frame>,
    stop: &CancellationToken,
    xruns: &Xruns,
    heart: &Heartbeat,
) -> Result<(), SoundError> {
    while !stop.is_cancelled() {
        heart.on();
        let (frame, pace) = next()?;
        if pace == Pace::Lost {
            count(&xruns.0.overruns, "The microphone's buffer ran over; a part of what the caller said is missing");
        }
        if let Err(mpsc::error::TrySendError::Full(_)) = hears.try_send(frame) {
            count(&xruns.0.unheard, "The call is too busy to listen; a frame was dropped");
        }
    }
    Ok(())
}

fn speak(
    mut earpiece: Earpiece,
    clock: &PlayoutClock,
    stop: &CancellationToken,
    xruns: &Xruns,
    heart: &Heartbeat,
) -> Result<(), SoundError> {
    while !stop.is_cancelled() {
        heart.on();
        if earpiece.play(|| clock.tick())? == Pace::Lost {
            count(&xruns.0.underruns, "The earpiece ran dry; there is a gap in what the robot said");
        }
    }
    for _ in 0..FLUSH {
        earpiece.play(|| Frame::SILENCE)?;
    }
    Ok(())
}

/// Count one more, and say so ever more rarely: a machine that is too slow must not write a journal on top.
fn count(counter: &AtomicU64, what: &str) {
    let times = counter.fetch_add(1, Ordering::Relaxed) + 1;
    if times.is_power_of_two() {
        log::warn!(event = "xrun", times; "{what}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Progress;
    use std::time::Duration;

    /// What is counted when a microphone gives frames at these paces, into a call that has room for `room` of them.
    fn counted(paces: &[Pace], room: usize) -> (Xruns, usize) {
        let (hears, mut heard) = mpsc::channel(room);
        let (xruns, stop) = (Xruns::default(), CancellationToken::new());
        let heart = Progress::default().register("microphone", Duration::from_secs(5));
        let mut paces = paces.iter();
        let next = || {
            let pace = paces.next().copied();
            pace.map(|pace| (Frame::SILENCE, pace)).ok_or_else(|| SoundError::Still { role: "microphone", device: "none".into() })
        };
        assert!(hear(next, &hears, &stop, &xruns, &heart).is_err(), "its end is told");
        drop(hears);
        (xruns, std::iter::from_fn(|| heard.try_recv().ok()).count())
    }

    #[test]
    fn every_overrun_of_the_microphone_is_counted_and_its_frame_is_heard() {
        let (xruns, heard) = counted(&[Pace::Kept, Pace::Lost, Pace::Kept, Pace::Lost, Pace::Lost], 8);
        assert_eq!((xruns.overruns(), xruns.unheard(), xruns.underruns(), heard), (3, 0, 0, 5));
    }

    #[test]
    fn frames_that_a_busy_call_does_not_take_are_counted_and_are_no_overruns() {
        let (xruns, heard) = counted(&[Pace::Kept; 5], 2);
        assert_eq!((xruns.overruns(), xruns.unheard(), heard), (0, 3, 2));
    }
}
