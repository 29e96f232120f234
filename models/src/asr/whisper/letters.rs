//! GPT-2's byte-level alphabet, in which vocabularies are written: printable Latin-1 stands for itself, the other 68 bytes for U+0100 and
//! on, in order.

fn printable(byte: u8) -> bool {
    matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff)
}

/// The byte that a letter stands for.
pub(super) fn byte_of(letter: char) -> Option<u8> {
    match u32::from(letter) {
        code @ 0..0x100 => u8::try_from(code).ok().filter(|byte| printable(*byte)),
        code => (0..=u8::MAX).filter(|byte| !printable(*byte)).nth((code - 0x100) as usize),
    }
}

/// Bytes in the letters that stand for them.
#[must_use]
pub fn letters(bytes: &[u8]) -> String {
    let letter = |byte: &u8| {
        let others = (0..*byte).filter(|other| !printable(*other)).count() as u32;
        if printable(*byte) { char::from(*byte) } else { char::from_u32(0x100 + others).unwrap_or(char::REPLACEMENT_CHARACTER) }
    };
    bytes.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_own_letter() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        assert_eq!(letters(&all).chars().filter_map(byte_of).collect::<Vec<_>>(), all);
        let mut bytes: Vec<u8> = (0_u32..0x144).filter_map(char::from_u32).filter_map(byte_of).collect();
        bytes.sort_unstable();
        assert_eq!(bytes, all);
        assert_eq!((byte_of('Ġ'), letters(b" the\n")), (Some(b' '), "ĠtheĊ".to_owned()));
        assert_eq!(byte_of('Ċ'), Some(b'\n'));
        assert_eq!(byte_of('嗯'), None);
    }
}
