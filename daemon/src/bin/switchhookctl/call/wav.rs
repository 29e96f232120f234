//! A call as a WAV file: stereo, the caller left and the robot right, and a note that says that a machine speaks in it.
//!
//! The note is in the metadata (a LIST chunk of INFO, as in Microsoft's "Multimedia Programming Interface and Data Specifications 1.0"), where whoever gets the file
//! finds it: sound that a machine made is to be marked as such (China's measures for labelling of 1 September 2025; EU AI Act, article 50(2)). It stands before
//! the sound, so that a file that was cut off, or was never a file but a pipe, has it too.

use std::io::{self, Seek, SeekFrom, Write};

use switchhook::media::{Overheard, SAMPLE_RATE};

/// What is said of the sound.
const NOTE: &str = "A telephone call with an automated assistant. Right: a voice made by a machine (AI-generated, AIGC). Left: the caller.";
const CHANNELS: u32 = 2;
const BYTES_PER_SAMPLE: u32 = 2;
/// The size of what does not know yet how long it becomes.
const ENDLESS: u32 = u32::MAX;
/// Where the size of the whole stands.
const SIZE_AT: u64 = 4;

/// A WAV file that grows.
pub struct Wav<W> {
    to: W,
    header: u32,
    sound: u32,
}

impl<W: Write> Wav<W> {
    /// Begin it.
    pub fn begin(mut to: W) -> io::Result<Self> {
        let header = header();
        to.write_all(&header)?;
        to.flush()?;
        Ok(Self { to, header: u32::try_from(header.len()).unwrap_or(ENDLESS), sound: 0 })
    }

    /// The next 20 ms.
    pub fn push(&mut self, frame: &[u8; Overheard::BYTES]) -> io::Result<()> {
        self.to.write_all(frame)?;
        self.to.flush()?;
        self.sound = self.sound.saturating_add(u32::try_from(frame.len()).unwrap_or_default());
        Ok(())
    }
}

impl<W: Write + Seek> Wav<W> {
    /// Write down how long it has become.
    pub fn finish(&mut self) -> io::Result<()> {
        let sizes = [(SIZE_AT, self.header.saturating_add(self.sound).saturating_sub(8)), (u64::from(self.header) - 4, self.sound)];
        for (at, size) in sizes {
            self.to.seek(SeekFrom::Start(at))?;
            self.to.write_all(&size.to_le_bytes())?;
        }
        self.to.flush()
    }
}

fn header() -> Vec<u8> {
    let mut form = Vec::new();
    form.extend(1_u16.to_le_bytes());
    form.extend((CHANNELS as u16).to_le_bytes());
    form.extend(SAMPLE_RATE.to_le_bytes());
    form.extend((SAMPLE_RATE * CHANNELS * BYTES_PER_SAMPLE).to_le_bytes());
    form.extend(((CHANNELS * BYTES_PER_SAMPLE) as u16).to_le_bytes());
    form.extend((BYTES_PER_SAMPLE as u16 * 8).to_le_bytes());
    let software = concat!("switchhookctl ", env!("CARGO_PKG_VERSION"));
    let note = [b"INFO".to_vec(), info(*b"ICMT", NOTE), info(*b"IKEY", "AI-generated; automated voice"), info(*b"ISFT", software)].concat();
    let mut header = b"RIFF".to_vec();
    header.extend(ENDLESS.to_le_bytes());
    header.extend(b"WAVE");
    header.extend([chunk(*b"fmt ", &form), chunk(*b"LIST", &note)].concat());
    header.extend(b"data");
    header.extend(ENDLESS.to_le_bytes());
    header
}

/// A text of the note, which ends with a zero.
fn info(id: [u8; 4], text: &str) -> Vec<u8> {
    chunk(id, &[text.as_bytes(), &[0]].concat())
}

/// A chunk begins at an even place.
fn chunk(id: [u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len()).unwrap_or(ENDLESS);
    let mut chunk = [&id, size.to_le_bytes().as_slice(), body].concat();
    if body.len() % 2 == 1 {
        chunk.push(0);
    }
    chunk
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::io::Cursor;

    use switchhook::media::{FRAME_SAMPLES, Frame};
    use switchhook_models::audio::wav;

    use super::*;

    fn written(frames: i16, finished: bool) -> Vec<u8> {
        let mut wav = Wav::begin(Cursor::new(Vec::new())).unwrap();
        for level in 0..frames {
            let both = Overheard { caller: Frame([4 * level; FRAME_SAMPLES]), robot: Frame::SILENCE };
            wav.push(&both.interleaved()).unwrap();
        }
        if finished {
            wav.finish().unwrap();
        }
        wav.to.into_inner()
    }

    #[test]
    fn it_is_read_as_what_was_heard_whether_it_was_finished_or_cut_off() {
        for finished in [true, false] {
            let sound = wav::parse(&written(50, finished)).unwrap();
            assert_eq!((sound.rate, sound.samples.len()), (8_000, 50 * FRAME_SAMPLES));
            assert!((sound.samples[49 * FRAME_SAMPLES] * 32_768.0 - 98.0).abs() < 0.01, "both sides in one");
        }
    }

    #[test]
    fn its_sizes_fit_and_it_says_that_a_machine_speaks() {
        let file = written(3, true);
        let size = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(size(4), file.len() - 8);
        let at = |text: &str| file.windows(text.len()).position(|bytes| bytes == text.as_bytes()).unwrap();
        let (note, data) = (at("AI-generated, AIGC"), at("data"));
        assert!(note < data, "before the sound");
        assert_eq!(size(data + 4), 3 * Overheard::BYTES);
    }
}
