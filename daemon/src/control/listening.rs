//! Who listens to a call: what is overheard goes into a pipe whose other end the bus hands to them.
//!
//! A pipe holds some two seconds; whoever does not read loses what comes then, and nobody waits for them. It ends with the call, when the caller talks with a
//! person, when they close their end, and when they leave the bus.

use tokio::net::unix::pipe;
use tokio::sync::mpsc;
use zbus::message::Header;
use zbus::names::OwnedUniqueName;
use zbus::{Connection, OwnedFd};

use super::Fault;
use super::following::left;
use super::rights::sender;
use crate::calls::{CallHandle, State};
use crate::media::{Overheard, TapFault};

/// Let whoever sent this listen to the call from now on.
pub(super) async fn begin(connection: &Connection, header: &Header<'_>, call: &CallHandle) -> Result<OwnedFd, Fault> {
    let who = OwnedUniqueName::from(sender(header)?.to_owned());
    let overheard = call.tap.listen().map_err(|fault| refusal(fault, call.snapshot.borrow().state))?;
    let no_pipe = |error| Fault::Crowded(format!("there is no pipe to listen by: {error}"));
    let (mouth, ear) = pipe::pipe().map_err(no_pipe)?;
    let ear = ear.into_blocking_fd().map_err(no_pipe)?;
    let (connection, call) = (connection.clone(), call.id.simple());
    log::info!(event = "listened-to", call_id = call.as_str(); "somebody listens to a call");
    tokio::spawn(async move {
        tokio::select! {
            () = hand_over(overheard, mouth) => {}
            seen = left(&connection, &who) => if let Err(error) = seen {
                log::debug!("it cannot be seen when a listener leaves the bus: {error}");
            },
        }
        log::debug!(event = "listened-to", call_id = call.as_str(); "somebody does not listen to a call any more");
    });
    Ok(ear.into())
}

fn refusal(fault: TapFault, state: State) -> Fault {
    match (fault, state) {
        (TapFault::Crowded, _) => Fault::Crowded(format!("{fault}; one of them must end first")),
        (TapFault::Closed, State::Bridged) => {
            Fault::WithAPerson("a person has the call: what two people say to each other is not listened to".into())
        }
        (TapFault::Closed, _) => Fault::over(),
    }
}

/// Until there is nothing more to be heard, or nobody listens any more.
async fn hand_over(mut overheard: mpsc::Receiver<Overheard>, mouth: pipe::Sender) {
    while let Some(both) = overheard.recv().await {
        // It is whole or not at all: less than PIPE_BUF (pipe(7)).
        match mouth.try_write(&both.interleaved()) {
            Ok(_) => {}
            // They are slow, and miss this.
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::io::Read;

    use super::*;
    use crate::media::{FRAME_SAMPLES, Frame, Playout};

    #[tokio::test]
    async fn who_does_not_read_delays_nobody_and_finds_whole_frames_when_they_do() {
        let (mouth, clock) = Playout::new();
        let (into, ear) = pipe::pipe().unwrap();
        let work = tokio::spawn(hand_over(mouth.tap().listen().unwrap(), into));
        for level in 1..2_000 {
            mouth.push(&[level; FRAME_SAMPLES]).unwrap();
            clock.tick();
            tokio::task::yield_now().await;
        }
        drop(clock);
        work.await.unwrap();
        let mut bytes = Vec::new();
        std::fs::File::from(ear.into_blocking_fd().unwrap()).read_to_end(&mut bytes).unwrap();
        let (frames, rest) = bytes.as_chunks::<{ Overheard::BYTES }>();
        assert!(rest.is_empty() && (50..1_000).contains(&frames.len()), "{} frames and {} bytes", frames.len(), rest.len());
        let heard: Vec<Frame> = frames.iter().map(|bytes| Overheard::parted(bytes).robot).collect();
        assert!(heard.iter().all(|frame| frame.0.iter().all(|sample| *sample == frame.0[0])), "no frame is torn");
    }

    #[tokio::test]
    async fn who_closes_their_end_is_forgotten_by_the_next_frame() {
        let (mouth, clock) = Playout::new();
        let (into, ear) = pipe::pipe().unwrap();
        let work = tokio::spawn(hand_over(mouth.tap().listen().unwrap(), into));
        drop(ear);
        while !work.is_finished() {
            clock.tick();
            tokio::task::yield_now().await;
        }
    }
}
