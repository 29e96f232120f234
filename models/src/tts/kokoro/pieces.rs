//! Phonemes in pieces that are each spoken at once.
//!
//! The voice's normalisations run over a whole piece, so a piece sounds only when all of it is computed. Of a long sentence that begins a text,
//! the first piece is therefore a clause; and no piece is longer than some seconds, because memory grows with it.

/// The most phonemes of a piece: about eight seconds.
pub(super) const LONGEST: usize = 120;
/// A shorter line is not worth cutting: it is computed soon enough, and sounds better whole.
const SHORT: usize = 60;
/// A first clause, and what follows it, have at least so many phonemes: fewer have no melody.
const CLAUSE: usize = 20;
/// After these a speaker may pause.
const MARKS: [char; 8] = [',', ';', ':', '—', '…', '.', '!', '?'];

/// `phonemes` in pieces of at most [`LONGEST`], cut after clauses, else at spaces, else anywhere; the `first` piece of a text is short.
pub(super) fn pieces(phonemes: &str, first: bool) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = phonemes.trim();
    while let Some(end) = cut(rest, first && out.is_empty()) {
        out.push(rest[..end].trim());
        rest = rest[end..].trim_start();
    }
    out.push(rest);
    out.retain(|piece| !piece.is_empty());
    out
}

/// Where the first piece of a line ends, in bytes; `None` if it is one piece.
fn cut(line: &str, early: bool) -> Option<usize> {
    let length = line.chars().count();
    let (mut clause, mut last_clause, mut last_space, mut anywhere) = (None, None, None, None);
    let mut chars = line.char_indices().enumerate().peekable();
    while let Some((index, (at, c))) = chars.next() {
        let end = at + c.len_utf8();
        let before_space = chars.peek().is_some_and(|(_, (_, next))| *next == ' ');
        if index >= LONGEST {
            break;
        }
        if MARKS.contains(&c) && before_space {
            last_clause = Some(end);
            if index + 1 >= CLAUSE && length - index > CLAUSE {
                clause = clause.or(Some(end));
            }
        }
        if c == ' ' && at > 0 {
            last_space = Some(at);
        }
        anywhere = Some(end);
    }
    if early && length > SHORT && clause.is_some() {
        return clause;
    }
    if length <= LONGEST {
        return None;
    }
    last_clause.or(last_space).or(anywhere)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_piece_of_a_long_sentence_is_its_first_clause() {
        let line = "jʊɹ əpˈYntmᵊnt ɪz ˌɔn tˈuzdˌA, ðə θˈɜɹd ʌv mˈɑɹʧ, æt hˈæf pˈæst nˈIn.";
        assert_eq!(pieces(line, true), ["jʊɹ əpˈYntmᵊnt ɪz ˌɔn tˈuzdˌA,", "ðə θˈɜɹd ʌv mˈɑɹʧ, æt hˈæf pˈæst nˈIn."]);
        assert_eq!(pieces(line, false), [line]);
        let short = "ɡˈʊd mˈɔɹnɪŋ, hˌW kæn ˌI hˈɛlp ju?";
        assert_eq!(pieces(short, true), [short]);
        assert!(pieces("  ", true).is_empty());
    }

    proptest! {
        #[test]
        fn pieces_are_short_and_lose_nothing(line in "[a-zˈə,. ]{0,600}", first in any::<bool>()) {
            let pieces = pieces(&line, first);
            let plain = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert!(pieces.iter().all(|piece| piece.chars().count() <= LONGEST));
            prop_assert_eq!(plain(&pieces.concat()), plain(&line));
        }
    }
}
