//! The admin's own loudspeaker: a thread plays what comes, by the card's own clock.
//!
//! What comes faster than the card plays is left out, and where nothing comes it is silent: a listener is never further behind than a third of a second.

use std::sync::mpsc::{self, SyncSender, TryRecvError, TrySendError};
use std::thread::JoinHandle;

use crate::words::say;
use anyhow::anyhow;
use switchhook::lines::handset::{Earpiece, SoundError};
use switchhook::media::Frame;

/// No more frames wait for the card.
const WAITING: usize = 15;

/// A sound card that plays.
pub struct Speaker {
    frames: SyncSender<Frame>,
    player: JoinHandle<Result<(), SoundError>>,
}

impl Speaker {
    /// Open the ALSA device of that name.
    pub fn open(device: &str) -> anyhow::Result<Self> {
        let mut earpiece = Earpiece::open(device)?;
        let (frames, coming) = mpsc::sync_channel(WAITING);
        let player = std::thread::spawn(move || {
            loop {
                let frame = match coming.try_recv() {
                    Ok(frame) => frame,
                    Err(TryRecvError::Empty) => Frame::SILENCE,
                    Err(TryRecvError::Disconnected) => return Ok(()),
                };
                earpiece.play(|| frame)?;
            }
        });
        Ok(Self { frames, player })
    }

    /// Play this next; whether the card still plays.
    pub fn play(&self, frame: Frame) -> bool {
        !matches!(self.frames.try_send(frame), Err(TrySendError::Disconnected(_)))
    }

    /// Let it finish; why it did not play, if it did not.
    pub fn close(self) -> anyhow::Result<()> {
        drop(self.frames);
        self.player.join().map_err(|_| anyhow!(say!("listen-card-stopped")))?.map_err(Into::into)
    }
}
