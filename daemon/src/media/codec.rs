//! G.711, the telephone's own codec: one byte per sample, both laws (ITU-T G.711), in place and without allocating, because this runs
//! for every frame of every call.
//!
//! Bytes are decoded by `audio-codec`. Samples are encoded here: its A-law encoder takes negative samples up to a whole step off, which is
//! twice the noise that the law itself makes.

use audio_codec::Decoder;
use audio_codec::pcma::PcmaDecoder;
use audio_codec::pcmu::PcmuDecoder;

use crate::config::Codec;

/// Decode `bytes` into `samples`, as many as both hold, and return how many that were.
pub fn decode(codec: Codec, bytes: &[u8], samples: &mut [i16]) -> usize {
    let length = samples.len().min(bytes.len());
    let (bytes, samples) = (&bytes[..length], &mut samples[..length]);
    let decoded = match codec {
        Codec::Pcmu => PcmuDecoder::new().decode_into(bytes, samples),
        Codec::Pcma => PcmaDecoder::new().decode_into(bytes, samples),
    };
    // Its only error is a lack of space, and both have the same length.
    decoded.unwrap_or(0)
}

/// Encode `samples` into `bytes`, as many as both hold, and return how many that were.
pub fn encode(codec: Codec, samples: &[i16], bytes: &mut [u8]) -> usize {
    match codec {
        Codec::Pcmu => bytes.iter_mut().zip(samples).for_each(|(byte, &sample)| *byte = to_ulaw(sample)),
        Codec::Pcma => bytes.iter_mut().zip(samples).for_each(|(byte, &sample)| *byte = to_alaw(sample)),
    }
    samples.len().min(bytes.len())
}

/// Added before the logarithm of mu-law is taken, so that every segment begins at a power of two; and the largest magnitude before that.
const ULAW_BIAS: i16 = 0x84;
const ULAW_CLIP: i16 = 32_635;

fn to_ulaw(sample: i16) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let magnitude = sample.saturating_abs().min(ULAW_CLIP) + ULAW_BIAS;
    // The leading one stands between bits 7 and 14: the segment is how far above 7 it is.
    let segment = 8 - magnitude.leading_zeros() as u8;
    let step = (magnitude >> (segment + 3)) as u8 & 0x0f;
    !(sign | (segment << 4) | step)
}

fn to_alaw(sample: i16) -> u8 {
    // Thirteen bits count; the complement of a negative sample is its magnitude less one step of the smallest.
    let (mask, magnitude) = if sample >= 0 { (0xd5, sample >> 3) } else { (0x55, !(sample >> 3)) };
    let segment = 11u32.saturating_sub(magnitude.leading_zeros()) as u8;
    let step = (magnitude >> segment.max(1)) as u8 & 0x0f;
    ((segment << 4) | step) ^ mask
}

/// The payload type that RFC 3551 (section 6, table 4) gives the codec.
#[must_use]
pub fn payload_type(codec: Codec) -> u8 {
    match codec {
        Codec::Pcmu => 0,
        Codec::Pcma => 8,
    }
}

/// The codec's name in SDP (RFC 3551, section 6).
#[must_use]
pub fn encoding_name(codec: Codec) -> &'static str {
    match codec {
        Codec::Pcmu => "PCMU",
        Codec::Pcma => "PCMA",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(codec: Codec, byte: u8) -> i16 {
        let mut sample = [0];
        decode(codec, &[byte], &mut sample);
        sample[0]
    }

    fn encoded(codec: Codec, sample: i16) -> u8 {
        let mut byte = [0];
        encode(codec, &[sample], &mut byte);
        byte[0]
    }

    /// ITU-T G.711, tables 1a and 2a: the ends and a middle of the scale.
    #[test]
    fn known_bytes_decode_to_known_samples() {
        for (byte, sample) in [(0xd5, 8), (0x55, -8), (0xaa, 32_256), (0x2a, -32_256), (0x80, 5504)] {
            assert_eq!(decoded(Codec::Pcma, byte), sample, "A-law {byte:#x}");
        }
        for (byte, sample) in [(0xff, 0), (0x7f, 0), (0x80, 32_124), (0x00, -32_124), (0xef, 132)] {
            assert_eq!(decoded(Codec::Pcmu, byte), sample, "mu-law {byte:#x}");
        }
    }

    #[test]
    fn every_byte_survives_a_round_trip_but_for_the_second_zero_of_mu_law() {
        for byte in 0..=255u8 {
            assert_eq!(encoded(Codec::Pcma, decoded(Codec::Pcma, byte)), byte, "A-law");
            if byte != 0x7f {
                assert_eq!(encoded(Codec::Pcmu, decoded(Codec::Pcmu, byte)), byte, "mu-law");
            }
        }
    }

    #[test]
    fn every_sample_is_encoded_to_within_half_a_step_of_its_segment() {
        for sample in i16::MIN..=i16::MAX {
            for codec in [Codec::Pcma, Codec::Pcmu] {
                let back = i32::from(decoded(codec, encoded(codec, sample)));
                let error = (back - i32::from(sample)).abs();
                assert!(error <= 8 + i32::from(sample).abs() / 31, "{codec:?}: {sample} came back as {back}");
            }
        }
    }

    #[test]
    fn no_more_is_written_than_fits() {
        assert_eq!(decode(Codec::Pcma, &[0xd5; 200], &mut [0; 160]), 160);
        assert_eq!(encode(Codec::Pcmu, &[0; 10], &mut [0; 160]), 10);
    }
}
