//! The heads of the decoder that follow the audio: those that openai-whisper 20250625 publishes for each size, as layer and head.

const TINY: &[(usize, usize)] = &[(2, 2), (3, 0), (3, 2), (3, 3), (3, 4), (3, 5)];
const TINY_EN: &[(usize, usize)] = &[(1, 0), (2, 0), (2, 5), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4)];
const BASE: &[(usize, usize)] = &[(3, 1), (4, 2), (4, 3), (4, 7), (5, 1), (5, 2), (5, 4), (5, 6)];
const SMALL: &[(usize, usize)] = &[(5, 3), (5, 9), (8, 0), (8, 4), (8, 7), (8, 8), (9, 0), (9, 7), (9, 9), (10, 5)];

/// Those of a decoder of so many layers of so many heads; of a size that is not known, all in its upper half, as the published code has it.
pub(super) fn that_follow_the_audio(layers: usize, heads: usize, english_only: bool) -> Vec<(usize, usize)> {
    match (layers, heads, english_only) {
        (4, 6, false) => TINY.to_vec(),
        (4, 6, true) => TINY_EN.to_vec(),
        (6, 8, false) => BASE.to_vec(),
        (12, 12, false) => SMALL.to_vec(),
        _ => (layers / 2..layers).flat_map(|layer| (0..heads).map(move |head| (layer, head))).collect(),
    }
}
