//! WAV files, the way speech tools write them: 16-bit PCM, mono. Other sample forms are read where they are common.
//!
//! Reading takes whole and slightly broken files alike (a writer that was cut off leaves the sizes in the header wrong), mixes all
//! channels down to one, and never trusts a number in the file before it is checked. The chunk layout is that of Microsoft's
//! "Multimedia Programming Interface and Data Specifications 1.0" with `WAVE_FORMAT_EXTENSIBLE`; the companding laws are ITU-T G.711.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use crate::{Error, Result};

/// No file longer than this is read: an hour of 16-bit stereo at 48 kHz is 691 MB.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// The rates that a sound may have, in hertz.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=384_000;
/// The number of channels that a sound may have.
const CHANNELS: std::ops::RangeInclusive<u16> = 1..=32;

/// A sound, mixed down to one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// Samples per second.
    pub rate: u32,
    /// Mono samples in `[-1, 1]`.
    pub samples: Vec<f32>,
}

impl Sound {
    /// How long it lasts, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.rate)
    }
}

/// Why bytes are not a WAV file that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The first twelve bytes are something else.
    #[error("this is not a WAV file: it does not begin with RIFF and WAVE")]
    NotWav,
    /// A chunk that every WAV file has is absent or too short.
    #[error("the WAV file has no whole `{0}` chunk")]
    NoChunk(&'static str),
    /// The sample form is none of those that are read here.
    #[error(
        "WAV format {tag:#06x} with {bits} bits is not read here; use PCM of 8, 16, 24 or 32 bits, 32 or 64-bit float, A-law or mu-law"
    )]
    Form {
        /// The format tag of the `fmt ` chunk.
        tag: u16,
        /// Bits of each sample.
        bits: u16,
    },
    /// A number in the header is impossible.
    #[error("the WAV file says {what} {value}")]
    Absurd {
        /// What the number counts.
        what: &'static str,
        /// The number.
        value: u32,
    },
}

/// Read a WAV file.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] if it is no WAV file or of a form that is not read here.
pub fn read(path: &Path) -> Result<Sound> {
    let file = File::open(path).map_err(Error::io(path))?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(Error::io(path))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Error::Format { path: path.to_owned(), what: format!("it is longer than the {MAX_FILE_BYTES} bytes that are read") });
    }
    parse(&bytes).map_err(|fault| Error::Format { path: path.to_owned(), what: fault.to_string() })
}

/// Write mono `samples` as a WAV file of 16-bit PCM. What is beyond `[-1, 1]` is clipped.
///
/// # Errors
/// [`Error::Io`]; [`Error::Input`] if there are more samples than a WAV file can hold.
pub fn write(path: &Path, samples: &[f32], rate: u32) -> Result<()> {
    let bytes = encode(samples, rate)?;
    let mut file = File::create(path).map_err(Error::io(path))?;
    file.write_all(&bytes).map_err(Error::io(path))
}

/// A WAV file of 16-bit PCM, mono.
///
/// # Errors
/// [`Error::Input`] if there are more samples than a WAV file can hold.
pub fn encode(samples: &[f32], rate: u32) -> Result<Vec<u8>> {
    let data_len = samples.len().checked_mul(2).and_then(|len| u32::try_from(len).ok()).filter(|&len| len <= u32::MAX - 36);
    let Some(data_len) = data_len else {
        return Err(Error::Input(format!("{} samples do not fit into one WAV file", samples.len())));
    };
    let mut out = Vec::with_capacity(44 + samples.len() * 2);
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(data_len + 36).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt ");
    out.extend_from_slice(&16_u32.to_le_bytes());
    out.extend_from_slice(&PCM.to_le_bytes());
    out.extend_from_slice(&1_u16.to_le_bytes());
    out.extend_from_slice(&rate.to_le_bytes());
    out.extend_from_slice(&rate.saturating_mul(2).to_le_bytes());
    out.extend_from_slice(&2_u16.to_le_bytes());
    out.extend_from_slice(&16_u16.to_le_bytes());
    out.extend_from_slice(b"data");
    out.extend_from_slice(&data_len.to_le_bytes());
    out.extend(samples.iter().flat_map(|&sample| to_i16(sample).to_le_bytes()));
    Ok(out)
}

/// Parse the bytes of a WAV file.
///
/// # Errors
/// [`Malformed`] says why not. No input panics, and no more memory is used than eight times the input's.
pub fn parse(bytes: &[u8]) -> Result<Sound, Malformed> {
    let body = match bytes {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', body @ ..] => body,
        _ => return Err(Malformed::NotWav),
    };
    let mut form = None;
    for (id, chunk) in Chunks(body) {
        match &id {
            b"fmt " => form = Some(Form::parse(chunk)?),
            b"data" => return Ok(form.ok_or(Malformed::NoChunk("fmt "))?.decode(chunk)),
            _ => {}
        }
    }
    Err(Malformed::NoChunk(if form.is_some() { "data" } else { "fmt " }))
}

/// The chunks of a RIFF body. One that claims more bytes than there are ends where the file ends: so do streams whose length was not
/// known when the header was written.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = ([u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (id, rest) = self.0.split_first_chunk::<4>()?;
        let (len, rest) = rest.split_first_chunk::<4>()?;
        let len = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX).min(rest.len());
        let (chunk, rest) = rest.split_at(len);
        let padding = (len & 1).min(rest.len());
        self.0 = rest.get(padding..).unwrap_or_default();
        Some((*id, chunk))
    }
}

const PCM: u16 = 1;
const FLOAT: u16 = 3;
const A_LAW: u16 = 6;
const MU_LAW: u16 = 7;
const EXTENSIBLE: u16 = 0xFFFE;

/// What the `fmt ` chunk says, checked.
#[derive(Clone, Copy)]
struct Form {
    coding: Coding,
    channels: u16,
    rate: u32,
}

/// How one sample is written.
#[derive(Clone, Copy)]
enum Coding {
    U8,
    I16,
    I24,
    I32,
    F32,
    F64,
    ALaw,
    MuLaw,
}

impl Form {
    fn parse(chunk: &[u8]) -> Result<Self, Malformed> {
        let word = |at: usize| chunk.get(at..at + 2).and_then(|b| <[u8; 2]>::try_from(b).ok()).map(u16::from_le_bytes);
        let (Some(tag), Some(channels), Some(bits)) = (word(0), word(2), word(14)) else {
            return Err(Malformed::NoChunk("fmt "));
        };
        let Some(rate) = chunk.get(4..8).and_then(|b| <[u8; 4]>::try_from(b).ok()).map(u32::from_le_bytes) else {
            return Err(Malformed::NoChunk("fmt "));
        };
        let tag = if tag == EXTENSIBLE { word(24).ok_or(Malformed::NoChunk("fmt "))? } else { tag };
        let coding = match (tag, bits) {
            (PCM, 8) => Coding::U8,
            (PCM, 16) => Coding::I16,
            (PCM, 24) => Coding::I24,
            (PCM, 32) => Coding::I32,
            (FLOAT, 32) => Coding::F32,
            (FLOAT, 64) => Coding::F64,
            (A_LAW, 8) => Coding::ALaw,
            (MU_LAW, 8) => Coding::MuLaw,
            _ => return Err(Malformed::Form { tag, bits }),
        };
        if !CHANNELS.contains(&channels) {
            return Err(Malformed::Absurd { what: "its number of channels is", value: channels.into() });
        }
        if !RATES.contains(&rate) {
            return Err(Malformed::Absurd { what: "its samples per second are", value: rate });
        }
        Ok(Self { coding, channels, rate })
    }

    fn decode(self, data: &[u8]) -> Sound {
        let samples = match self.coding {
            Coding::U8 => self.mix(data, |&[b]: &[u8; 1]| (f32::from(b) - 128.0) / 128.0),
            Coding::I16 => self.mix(data, |&b: &[u8; 2]| f32::from(i16::from_le_bytes(b)) / 32_768.0),
            Coding::I24 => self.mix(data, |&[a, b, c]: &[u8; 3]| (i32::from_le_bytes([0, a, b, c]) >> 8) as f32 / 8_388_608.0),
            Coding::I32 => self.mix(data, |&b: &[u8; 4]| i32::from_le_bytes(b) as f32 / 2_147_483_648.0),
            Coding::F32 => self.mix(data, |&b: &[u8; 4]| tame(f32::from_le_bytes(b))),
            Coding::F64 => self.mix(data, |&b: &[u8; 8]| tame(f64::from_le_bytes(b) as f32)),
            Coding::ALaw => self.mix(data, |&[b]: &[u8; 1]| f32::from(from_a_law(b)) / 32_768.0),
            Coding::MuLaw => self.mix(data, |&[b]: &[u8; 1]| f32::from(from_mu_law(b)) / 32_768.0),
        };
        Sound { rate: self.rate, samples }
    }

    /// The mean of each frame's channels; a last frame that is not whole is dropped.
    fn mix<const N: usize>(self, data: &[u8], sample: impl Fn(&[u8; N]) -> f32) -> Vec<f32> {
        let channels = usize::from(self.channels);
        let (all, _) = data.as_chunks::<N>();
        if channels == 1 {
            return all.iter().map(sample).collect();
        }
        let scale = 1.0 / f32::from(self.channels);
        all.chunks_exact(channels).map(|frame| frame.iter().map(&sample).sum::<f32>() * scale).collect()
    }
}

/// A float from a file, brought into the range that the rest of the crate relies on.
fn tame(sample: f32) -> f32 {
    if sample.is_nan() { 0.0 } else { sample.clamp(-1.0, 1.0) }
}

/// The nearest 16-bit sample; silence for what is no number.
fn to_i16(sample: f32) -> i16 {
    // `as` saturates and turns NaN into 0.
    (sample * 32_768.0).round() as i16
}

/// G.711 mu-law to 16-bit linear.
fn from_mu_law(code: u8) -> i16 {
    let code = !code;
    let magnitude = (((i16::from(code & 0x0F) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
    if code & 0x80 == 0 { magnitude } else { -magnitude }
}

/// G.711 A-law to 16-bit linear.
fn from_a_law(code: u8) -> i16 {
    let code = code ^ 0x55;
    let step = (i16::from(code & 0x0F) << 4) + 8;
    let magnitude = match (code >> 4) & 7 {
        0 => step,
        segment => (step + 0x100) << (segment - 1),
    };
    if code & 0x80 == 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    /// A WAV file of any form, as another tool would write it.
    fn wav(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
        let align = channels * bits / 8;
        let mut out = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec();
        out.extend_from_slice(&tag.to_le_bytes());
        out.extend_from_slice(&channels.to_le_bytes());
        out.extend_from_slice(&rate.to_le_bytes());
        out.extend_from_slice(&(rate * u32::from(align)).to_le_bytes());
        out.extend_from_slice(&align.to_le_bytes());
        out.extend_from_slice(&bits.to_le_bytes());
        out.extend_from_slice(b"LIST\x03\0\0\0abc\0data");
        out.extend_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
        out.extend_from_slice(data);
        out
    }

    #[test]
    fn every_common_sample_form_is_read_at_its_own_scale() {
        let half: [(u16, u16, Vec<u8>); 6] = [
            (PCM, 8, vec![192]),
            (PCM, 16, 16_384_i16.to_le_bytes().to_vec()),
            (PCM, 24, vec![0, 0, 0x40]),
            (PCM, 32, (1_i32 << 30).to_le_bytes().to_vec()),
            (FLOAT, 32, 0.5_f32.to_le_bytes().to_vec()),
            (FLOAT, 64, 0.5_f64.to_le_bytes().to_vec()),
        ];
        for (tag, bits, data) in half {
            let sound = parse(&wav(tag, 1, 8_000, bits, &data)).unwrap();
            assert_eq!(sound, Sound { rate: 8_000, samples: vec![0.5] }, "tag {tag}, {bits} bits");
        }
    }

    #[test]
    fn companded_samples_follow_g711() {
        // The extremes and the two codes next to silence, from the tables of ITU-T G.711.
        assert_eq!([0x00, 0x80, 0xFF, 0x7F, 0xFE].map(from_mu_law), [-32_124, 32_124, 0, 0, 8]);
        assert_eq!([0x2A, 0xAA, 0xD5, 0x55, 0xD4].map(from_a_law), [-32_256, 32_256, 8, -8, 24]);
        assert_eq!(parse(&wav(MU_LAW, 1, 8_000, 8, &[0xFF])).unwrap().samples, [0.0]);
        assert_eq!(parse(&wav(A_LAW, 1, 8_000, 8, &[0xD5])).unwrap().samples, [8.0 / 32_768.0]);
    }

    #[test]
    fn stereo_becomes_the_mean_of_both_channels() {
        let data: Vec<u8> = [16_384_i16, 0, -16_384, -16_384, 7].iter().flat_map(|s| s.to_le_bytes()).collect();
        assert_eq!(parse(&wav(PCM, 2, 44_100, 16, &data)).unwrap().samples, [0.25, -0.5]);
    }

    #[test]
    fn an_extensible_header_is_read_by_its_subformat() {
        let mut file = b"RIFF\0\0\0\0WAVEfmt \x28\0\0\0\xFE\xFF\x01\0\x80\x3E\0\0\0\x7D\0\0\x02\0\x10\0\x16\0\x10\0\0\0\0\0\x01\0".to_vec();
        file.extend_from_slice(&[0; 14]);
        file.extend_from_slice(b"data\x02\0\0\0\0\x40");
        assert_eq!(parse(&file).unwrap(), Sound { rate: 16_000, samples: vec![0.5] });
    }

    #[test]
    fn a_recording_that_was_cut_off_is_read_as_far_as_it_goes() {
        let mut file = encode(&[0.5, -0.5, 0.25], 8_000).unwrap();
        file.truncate(file.len() - 3);
        assert_eq!(parse(&file).unwrap().samples, [0.5]);
        file[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(parse(&file).unwrap().samples, [0.5]);
    }

    #[test]
    fn what_is_no_wav_file_says_why() {
        assert_eq!(parse(b"ID3"), Err(Malformed::NotWav));
        assert_eq!(parse(b"RIFF\0\0\0\0WAVE"), Err(Malformed::NoChunk("fmt ")));
        assert_eq!(parse(b"RIFF\0\0\0\0WAVEdata\0\0\0\0"), Err(Malformed::NoChunk("fmt ")));
        assert_eq!(parse(&wav(0x55, 1, 8_000, 16, &[])), Err(Malformed::Form { tag: 0x55, bits: 16 }));
        assert!(matches!(parse(&wav(PCM, 0, 8_000, 16, &[])), Err(Malformed::Absurd { value: 0, .. })));
        assert!(matches!(parse(&wav(PCM, 1, 0, 16, &[])), Err(Malformed::Absurd { value: 0, .. })));
    }

    #[test]
    fn floats_that_are_no_samples_are_tamed() {
        let data: Vec<u8> = [f32::NAN, f32::INFINITY, -7.0].iter().flat_map(|s| s.to_le_bytes()).collect();
        assert_eq!(parse(&wav(FLOAT, 1, 8_000, 32, &data)).unwrap().samples, [0.0, 1.0, -1.0]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse(&bytes);
            let _ = parse(&[b"RIFF\0\0\0\0WAVE".as_slice(), &bytes].concat());
            let _ = parse(&[b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".as_slice(), &bytes].concat());
        }

        #[test]
        fn any_flipped_byte_is_an_error_or_a_sound(at in 0_usize..60, value: u8, samples in prop::collection::vec(-1.0_f32..1.0, 8..20)) {
            let mut file = encode(&samples, 16_000).unwrap();
            file[at] = value;
            if let Ok(sound) = parse(&file) {
                prop_assert!(sound.samples.iter().all(|s| (-1.0..=1.0).contains(s)));
            }
        }

        #[test]
        fn what_is_written_is_read_again(codes in prop::collection::vec(any::<i16>(), 0..500), rate in 8_000_u32..48_000) {
            let samples: Vec<f32> = codes.iter().map(|&c| f32::from(c) / 32_768.0).collect();
            let sound = parse(&encode(&samples, rate).unwrap()).unwrap();
            prop_assert_eq!(sound, Sound { rate, samples });
        }
    }
}
