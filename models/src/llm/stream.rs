//! From tokens' bytes to text: a character that is spread over several tokens is held back until it is whole.

/// Collects bytes and gives out whole characters.
#[derive(Debug, Default)]
pub(super) struct WholeCharacters {
    pending: Vec<u8>,
}

impl WholeCharacters {
    /// Take `bytes` and return the characters that are whole now. Bytes that can become no character count as U+FFFD.
    pub(super) fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend(bytes);
        let mut text = String::new();
        let mut taken = 0;
        loop {
            match std::str::from_utf8(&self.pending[taken..]) {
                Ok(rest) => {
                    text.push_str(rest);
                    taken = self.pending.len();
                    break;
                }
                Err(error) => {
                    let valid = &self.pending[taken..][..error.valid_up_to()];
                    text.push_str(&String::from_utf8_lossy(valid));
                    taken += valid.len();
                    let Some(wrong) = error.error_len() else { break };
                    text.push(char::REPLACEMENT_CHARACTER);
                    taken += wrong;
                }
            }
        }
        self.pending.drain(..taken);
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn a_character_waits_for_its_last_byte() {
        let mut stream = WholeCharacters::default();
        let bytes = "a機🙂".as_bytes();
        let pieces: Vec<String> = bytes.iter().map(|byte| stream.push(&[*byte])).collect();
        assert_eq!(pieces, ["a", "", "", "機", "", "", "", "🙂"]);
    }

    #[test]
    fn bytes_that_are_no_text_do_not_stop_the_stream() {
        let mut stream = WholeCharacters::default();
        assert_eq!(stream.push(b"a\xffb"), "a\u{fffd}b");
        assert_eq!(stream.push(b"\xe6\xa9"), "");
        assert_eq!(stream.push(b"c"), "\u{fffd}c");
    }

    proptest! {
        #[test]
        fn however_a_text_is_cut_it_comes_out_whole(text in any::<String>(), size in 1_usize..9) {
            let mut stream = WholeCharacters::default();
            let pieces: String = text.as_bytes().chunks(size).map(|bytes| stream.push(bytes)).collect();
            prop_assert_eq!(pieces, text);
        }
    }
}
