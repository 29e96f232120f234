//! A microphone and an earpiece, as ALSA gives them: 8 kHz, mono, 16 bits, periods of 20 ms. Every wait here is bounded.

use std::ffi::CString;
use std::io;
use std::time::Duration;

use alsa::pcm::{Access, Format, Frames, HwParams, PCM};
use alsa::{Direction, Output, ValueOr};

use crate::media::{FRAME_SAMPLES, Frame, SAMPLE_RATE};

const PERIOD: Frames = FRAME_SAMPLES as Frames;
/// No more than this waits in the earpiece: 60 ms. What is in it can no longer be taken back when the caller interrupts.
const AHEAD: Frames = 3 * PERIOD;
/// The earpiece begins with this much: 40 ms, so that a late frame finds room for its lateness.
const BEFORE_START: Frames = 2 * PERIOD;
/// The microphone may wait this long for us: 160 ms. It costs no delay, since we take what is there.
const BEHIND: Frames = 8 * PERIOD;
/// One wait for the card.
const PATIENCE: Duration = Duration::from_millis(100);
/// A card that has given or taken nothing for so long stands still.
const STILL: Duration = Duration::from_secs(2);
/// Some plugins wake us for less than we asked for: a card that is always "ready" must not spin.
const BREATH: Duration = Duration::from_micros(2500);

/// What is wrong with a sound card.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "what the fields are, each sentence says")]
pub enum SoundError {
    /// It cannot be had.
    #[error("the {role} `{device}` cannot be opened: {why}; is it plugged in and free? `{list}` lists what there is")]
    Closed { role: &'static str, device: String, why: String, list: &'static str },
    /// It does not do what telephones do.
    #[error("the {role} `{device}` cannot do 8000 Hz, mono, 16 bit ({why}); for `hw:...` write `plughw:...`, which converts")]
    Unfit { role: &'static str, device: String, why: alsa::Error },
    /// It is gone.
    #[error("the {role} `{device}` failed: {why}; was it unplugged?")]
    Lost { role: &'static str, device: String, why: alsa::Error },
    /// It plays nothing, and hears nothing.
    #[error("the {role} `{device}` stands still: no sound for 2 s")]
    Still { role: &'static str, device: String },
}

/// Whether the card had lost step with us and was set going again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It had not.
    Kept,
    /// It had.
    Lost,
}

/// How long we have waited for a card that did nothing. Counted, not clocked: a machine that slept did not wait.
#[derive(Default)]
struct Wait {
    spent: Duration,
    woken: bool,
}

/// One direction of a card.
struct Device {
    pcm: PCM,
    name: String,
    role: &'static str,
}

/// What the caller speaks into.
pub(super) struct Microphone {
    device: Device,
    frame: Frame,
    filled: usize,
}

/// What the caller hears.
pub struct Earpiece {
    device: Device,
    buffer: Frames,
}

impl Microphone {
    /// Open it and let it hear.
    pub(super) fn open(name: &str) -> Result<Self, SoundError> {
        let device = Device::open(name, Direction::Capture)?;
        device.configure(BEHIND, |_| (PERIOD, 1)).map_err(|why| device.unfit(why))?;
        device.pcm.start().map_err(|why| device.lost(why))?;
        Ok(Self { device, frame: Frame::SILENCE, filled: 0 })
    }

    /// The next frame, and whether some were lost before it.
    pub(super) fn hear(&mut self) -> Result<(Frame, Pace), SoundError> {
        let mut pace = Pace::Kept;
        let mut wait = Wait::default();
        while self.filled < FRAME_SAMPLES {
            let read = self.device.pcm.io_i16().and_then(|io| io.readi(&mut self.frame.0[self.filled..]));
            match read {
                Ok(samples) if samples > 0 => {
                    self.filled += samples;
                    wait = Wait::default();
                }
                Ok(_) => self.device.wait(&mut wait)?,
                Err(error) if would_block(error) => self.device.wait(&mut wait)?,
                Err(error) => {
                    self.device.recover(error)?;
                    self.device.pcm.start().map_err(|why| self.device.lost(why))?;
                    // Half a frame from before the gap does not belong to the other half.
                    self.filled = 0;
                    pace = Pace::Lost;
                }
            }
        }
        self.filled = 0;
        Ok((self.frame, pace))
    }
}

impl Earpiece {
    /// Open it; it speaks once the first frames are there.
    ///
    /// # Errors
    /// If it is not there, or cannot play what telephones do.
    pub fn open(name: &str) -> Result<Self, SoundError> {
        let device = Device::open(name, Direction::Playback)?;
        // Of a card that insists on a larger buffer we use only the first 60 ms, and are woken when a period of these is free.
        let wake = |buffer: Frames| ((buffer - AHEAD).max(0) + PERIOD, BEFORE_START);
        let buffer = device.configure(AHEAD, wake).map_err(|why| device.unfit(why))?;
        Ok(Self { device, buffer })
    }

    /// Wait until the card has room for a frame, take it from `next` only then, and hand it over.
    ///
    /// # Errors
    /// If the card is gone, or stands still.
    pub fn play(&mut self, next: impl FnOnce() -> Frame) -> Result<Pace, SoundError> {
        let mut pace = self.wait_for_room()?;
        let frame = next();
        let mut rest = &frame.0[..];
        let mut wait = Wait::default();
        while !rest.is_empty() {
            let written = self.device.pcm.io_i16().and_then(|io| io.writei(rest));
            match written {
                Ok(samples) if samples > 0 => rest = &rest[samples.min(rest.len())..],
                Ok(_) => self.device.wait(&mut wait)?,
                Err(error) if would_block(error) => self.device.wait(&mut wait)?,
                Err(error) => {
                    self.device.recover(error)?;
                    pace = Pace::Lost;
                }
            }
        }
        Ok(pace)
    }

    fn wait_for_room(&mut self) -> Result<Pace, SoundError> {
        let mut pace = Pace::Kept;
        let mut wait = Wait::default();
        loop {
            match self.device.pcm.avail_update() {
                Ok(free) if free - (self.buffer - AHEAD).max(0) >= PERIOD => return Ok(pace),
                Ok(_) => self.device.wait(&mut wait)?,
                Err(error) => {
                    self.device.recover(error)?;
                    pace = Pace::Lost;
                }
            }
        }
    }
}

impl Device {
    fn open(name: &str, direction: Direction) -> Result<Self, SoundError> {
        let (role, list) = match direction {
            Direction::Capture => ("microphone", "arecord -L"),
            Direction::Playback => ("earpiece", "aplay -L"),
        };
        let closed = |why: String| SoundError::Closed { role, device: name.to_owned(), why, list };
        // ALSA writes its reasons to stderr unless this thread keeps them. A new keeper each time, so that nothing piles up.
        let said = Output::local_error_handler().ok();
        let path = CString::new(name).map_err(|_| closed("its name holds a zero byte".into()))?;
        let pcm = PCM::open(&path, direction, true).map_err(|error| {
            let said = said.map(|said| said.borrow().to_string()).unwrap_or_default();
            closed(match said.lines().next_back() {
                Some(reason) => format!("{error}, {reason}"),
                None => error.to_string(),
            })
        })?;
        Ok(Self { pcm, name: name.to_owned(), role })
    }

    /// Ask for our format and a buffer of about so many samples; `marks` names, for the buffer that we got, after how much room or
    /// sound we are woken, and with how much it starts. Returns the buffer's size.
    fn configure(&self, buffer: Frames, marks: impl FnOnce(Frames) -> (Frames, Frames)) -> alsa::Result<Frames> {
        {
            let hardware = HwParams::any(&self.pcm)?;
            hardware.set_rate_resample(true)?;
            hardware.set_access(Access::RWInterleaved)?;
            hardware.set_format(Format::s16())?;
            hardware.set_channels(1)?;
            hardware.set_rate(SAMPLE_RATE, ValueOr::Nearest)?;
            hardware.set_period_size_near(PERIOD, ValueOr::Nearest)?;
            hardware.set_buffer_size_near(buffer)?;
            self.pcm.hw_params(&hardware)?;
        }
        let buffer = self.pcm.hw_params_current()?.get_buffer_size()?;
        let (wake, start) = marks(buffer);
        let software = self.pcm.sw_params_current()?;
        software.set_avail_min(wake)?;
        software.set_start_threshold(start.min(buffer))?;
        self.pcm.sw_params(&software)?;
        Ok(buffer)
    }

    /// Wait until the card has something to give or to take, or a little while at most.
    fn wait(&self, wait: &mut Wait) -> Result<(), SoundError> {
        if wait.spent >= STILL {
            return Err(SoundError::Still { role: self.role, device: self.name.clone() });
        }
        if wait.woken {
            std::thread::sleep(BREATH);
            wait.spent += BREATH;
        }
        let patience = u32::try_from(PATIENCE.as_millis()).unwrap_or(u32::MAX);
        // If waiting fails, the next read or write says why.
        wait.woken = self.pcm.wait(Some(patience)) != Ok(false);
        if !wait.woken {
            wait.spent += PATIENCE;
        }
        Ok(())
    }

    /// Set a card going again that lost step (EPIPE) or slept (ESTRPIPE).
    fn recover(&self, error: alsa::Error) -> Result<(), SoundError> {
        self.pcm.try_recover(error, true).map_err(|_| self.lost(error))
    }

    fn lost(&self, why: alsa::Error) -> SoundError {
        SoundError::Lost { role: self.role, device: self.name.clone(), why }
    }

    fn unfit(&self, why: alsa::Error) -> SoundError {
        SoundError::Unfit { role: self.role, device: self.name.clone(), why }
    }
}

/// Whether a device that does not block has nothing to read or no room to write.
fn would_block(error: alsa::Error) -> bool {
    io::Error::from_raw_os_error(error.errno()).kind() == io::ErrorKind::WouldBlock
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_device_that_is_not_there_is_named_with_the_command_that_lists_devices() {
        let said = Microphone::open("hw:CARD=NoSuchHandset").err().unwrap().to_string();
        assert!(said.contains("NoSuchHandset") && said.contains("arecord -L"), "{said}");
        let said = Earpiece::open("no\0name").err().unwrap().to_string();
        assert!(said.contains("zero byte"), "{said}");
    }

    #[test]
    fn a_card_that_discards_everything_takes_frames() {
        let mut earpiece = Earpiece::open("null").unwrap();
        for _ in 0..10 {
            assert_eq!(earpiece.play(|| Frame::SILENCE).unwrap(), Pace::Kept);
        }
    }
}
