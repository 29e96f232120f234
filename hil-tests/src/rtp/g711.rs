//! ITU-T G.711: eight bits per sample, by either law.

use std::str::FromStr;

/// How a sample becomes eight bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// A-law, of Europe and most of the world.
    Pcma,
    /// Mu-law, of North America and Japan.
    Pcmu,
}

/// What mu-law adds before it looks for the segment.
const BIAS: i32 = 0x84;

impl Law {
    /// The static payload type (RFC 3551 table 4).
    #[must_use]
    pub fn payload_type(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
        }
    }

    /// The name in SDP.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU",
            Self::Pcma => "PCMA",
        }
    }

    /// One sample in eight bits.
    #[must_use]
    pub fn encode(self, sample: i16) -> u8 {
        match self {
            Self::Pcma => a_law(sample),
            Self::Pcmu => mu_law(sample),
        }
    }

    /// The sample that eight bits stand for.
    #[must_use]
    pub fn decode(self, code: u8) -> i16 {
        match self {
            Self::Pcma => from_a_law(code),
            Self::Pcmu => from_mu_law(code),
        }
    }
}

impl FromStr for Law {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word.to_ascii_lowercase().as_str() {
            "pcma" => Ok(Self::Pcma),
            "pcmu" => Ok(Self::Pcmu),
            _ => Err(format!("{word:?} is not a law of G.711; use pcma or pcmu")),
        }
    }
}

fn mu_law(sample: i16) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let magnitude = (i32::from(sample).abs() + BIAS).min(0x7FFF);
    // The segment is the place of the highest bit, counted from bit 7.
    let segment = (magnitude >> 7).max(1).ilog2();
    let step = (magnitude >> (segment + 3)) & 0x0F;
    !(sign | (segment as u8) << 4 | step as u8)
}

fn from_mu_law(code: u8) -> i16 {
    let code = !code;
    let magnitude = (((i16::from(code & 0x0F) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
    if code & 0x80 == 0 { magnitude } else { -magnitude }
}

fn a_law(sample: i16) -> u8 {
    let (sign, magnitude) = if sample >= 0 { (0x80, i32::from(sample)) } else { (0, -(i32::from(sample) + 1)) };
    let segment = (magnitude >> 8).max(1).ilog2() + u32::from(magnitude >= 0x100);
    let step = if segment == 0 { magnitude >> 4 } else { magnitude >> (segment + 3) } & 0x0F;
    (sign | (segment as u8) << 4 | step as u8) ^ 0x55
}

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
    use super::*;

    #[test]
    fn every_code_is_the_nearest_to_the_sample_it_stands_for() {
        for law in [Law::Pcma, Law::Pcmu] {
            for code in 0..=u8::MAX {
                let sample = law.decode(code);
                assert_eq!(law.decode(law.encode(sample)), sample, "{law:?} {code:#04x}");
            }
        }
    }

    #[test]
    fn the_error_of_a_sample_is_at_most_half_its_step() {
        for sample in i16::MIN..=i16::MAX {
            let magnitude = i32::from(sample).abs();
            // Steps double with every segment; the last one clips a little.
            let a_law = (magnitude >> 5).max(8);
            let mu_law = ((magnitude + BIAS) >> 5).max(4);
            for (law, bound) in [(Law::Pcma, a_law), (Law::Pcmu, mu_law)] {
                let error = (i32::from(law.decode(law.encode(sample))) - i32::from(sample)).abs();
                assert!(error <= bound + if magnitude > 32_000 { 640 } else { 0 }, "{law:?} {sample}: {error}");
            }
        }
    }

    #[test]
    fn the_extremes_are_those_of_the_recommendation() {
        assert_eq!([0x2A, 0xAA, 0xD5, 0x55].map(from_a_law), [-32_256, 32_256, 8, -8]);
        assert_eq!([0x00, 0x80, 0xFF, 0x7F].map(from_mu_law), [-32_124, 32_124, 0, 0]);
        assert_eq!([mu_law(0), a_law(0), mu_law(i16::MIN), a_law(i16::MIN)], [0xFF, 0xD5, 0x00, 0x2A]);
    }
}
