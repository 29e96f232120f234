//! Text to tokens.
//!
//! The rules are those of spaCy's English tokenizer (MIT): each run between spaces is looked up among the special cases
//! (contractions, "Mr.", "10am"); else prefixes and suffixes are peeled off, infixes split the rest, and neighbours that spell a
//! special case are joined again. The character classes are written out for Latin text.

use super::chars::{is_latin_lower, is_latin_upper, is_letter, is_space, is_word};
use super::tables::Table;

const QUOTES: &str = "'\"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉";
const PUNCTUATION: &str = "…,:;!?¿¡()[]{}<>_#*&。？！，、；：～·";
const ICONS: &str = "™®©°§¶†‡•";
const CURRENCIES: [&str; 23] =
    ["$", "£", "€", "¥", "฿", "US$", "C$", "A$", "₽", "₹", "₩", "₪", "₺", "₴", "₦", "₫", "₱", "₲", "₵", "₸", "₼", "₾", "₿"];
const UNITS: [&str; 47] = [
    "km", "km²", "km³", "m", "m²", "m³", "dm", "dm²", "dm³", "cm", "cm²", "cm³", "mm", "mm²", "mm³", "ha", "µm", "nm", "yd", "in", "ft",
    "kg", "g", "mg", "µg", "t", "lb", "oz", "m/s", "km/h", "kmh", "mph", "hPa", "Pa", "mbar", "mb", "MB", "kb", "KB", "gb", "GB", "tb",
    "TB", "T", "G", "M", "K",
];
const TOP_LEVEL: [&str; 19] =
    ["com", "org", "net", "edu", "gov", "io", "co", "uk", "de", "fr", "info", "biz", "us", "ca", "au", "tv", "me", "ly", "ai"];

/// A piece of text and whether white space follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub text: String,
    pub spaced: bool,
}

/// Splits text by rules and a table of special cases (text to its tokens, separated by `\u{1}`).
pub(super) struct Tokenizer {
    special: Table,
}

impl Tokenizer {
    pub fn new(special: Table) -> Self {
        Self { special }
    }

    /// The tokens of `text`.
    pub fn tokens(&self, text: &str) -> Vec<Piece> {
        let mut out = Vec::new();
        let mut rest = text.trim_start_matches(is_space);
        while !rest.is_empty() {
            let end = rest.find(is_space).unwrap_or(rest.len());
            out.extend(self.split(&rest[..end]).into_iter().map(|text| Piece { text, spaced: false }));
            if let Some(last) = out.last_mut() {
                last.spaced = end < rest.len();
            }
            rest = rest[end..].trim_start_matches(is_space);
        }
        out
    }

    fn special(&self, text: &str) -> Option<Vec<String>> {
        Some(self.special.text(text)?.split('\u{1}').map(str::to_owned).collect())
    }

    fn split(&self, chunk: &str) -> Vec<String> {
        if let Some(tokens) = self.special(chunk) {
            return tokens;
        }
        let (mut before, middle, mut after) = self.peel(chunk);
        if !middle.is_empty() {
            match self.special(middle) {
                Some(tokens) => before.extend(tokens),
                None if is_address(middle) => before.push(middle.to_owned()),
                None => split_infixes(middle, &mut before),
            }
        }
        after.reverse();
        before.extend(after);
        if before.len() > 1 { self.rejoin(&before) } else { before }
    }

    /// Prefixes in order, what is left, suffixes from the outside in.
    fn peel<'a>(&self, chunk: &'a str) -> (Vec<String>, &'a str, Vec<String>) {
        let mut s = chunk;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        while !s.is_empty() && !self.special.has(s) {
            let prefix = prefix_len(s);
            let (head, unprefixed) = s.split_at(prefix);
            if prefix > 0 && self.special.has(unprefixed) {
                before.push(head.to_owned());
                s = unprefixed;
                break;
            }
            let suffix = suffix_len(unprefixed);
            let (unsuffixed, foot) = s.split_at(s.len() - suffix);
            if suffix > 0 && self.special.has(unsuffixed) {
                after.push(foot.to_owned());
                s = unsuffixed;
                break;
            }
            if prefix == 0 && suffix == 0 {
                break;
            }
            if prefix > 0 {
                before.push(head.to_owned());
            }
            if suffix > 0 {
                after.push(foot.to_owned());
            }
            s = &s[prefix..s.len() - suffix];
        }
        (before, s, after)
    }

    /// Neighbouring pieces that together spell a special case: "Sept" and "." are "Sept.".
    fn rejoin(&self, pieces: &[String]) -> Vec<String> {
        let mut out = Vec::with_capacity(pieces.len());
        let mut at = 0;
        while at < pieces.len() {
            let joined = [3, 2].into_iter().find_map(|k| Some((k, self.special(&pieces.get(at..at + k)?.concat())?)));
            if let Some((taken, tokens)) = joined {
                out.extend(tokens);
                at += taken;
            } else {
                out.push(pieces[at].clone());
                at += 1;
            }
        }
        out
    }
}

/// The bytes of the first prefix rule that applies.
fn prefix_len(s: &str) -> usize {
    let mut chars = s.chars();
    let Some(first) = chars.next() else { return 0 };
    let single = matches!(first, '§' | '%' | '=' | '—' | '–' | '…')
        || (first == '+' && !chars.as_str().starts_with(|c: char| c.is_ascii_digit()))
        || PUNCTUATION.contains(first);
    if single {
        return first.len_utf8();
    }
    let dots = s.len() - s.trim_start_matches('.').len();
    if dots > 1 {
        return dots;
    }
    if QUOTES.contains(first) {
        return first.len_utf8();
    }
    if let Some(currency) = CURRENCIES.iter().find(|c| s.starts_with(**c)) {
        return currency.len();
    }
    if ICONS.contains(first) { first.len_utf8() } else { 0 }
}

/// The bytes of the longest suffix that any rule allows.
fn suffix_len(s: &str) -> usize {
    let Some(last) = s.chars().next_back() else { return 0 };
    let body = &s[..s.len() - last.len_utf8()];
    let previous = body.chars().next_back();
    let after_digit = previous.is_some_and(|c| c.is_ascii_digit());
    let mut longest = 0;
    let single = matches!(last, '…' | '—' | '–')
        || PUNCTUATION.contains(last)
        || QUOTES.contains(last)
        || ICONS.contains(last)
        || (last == '+' && after_digit)
        || (last == '.' && may_end_in_period(body));
    if single {
        longest = last.len_utf8();
    }
    if s.ends_with("……") {
        longest = longest.max("……".len());
    }
    let dots = s.len() - s.trim_end_matches('.').len();
    if dots > 1 {
        longest = longest.max(dots);
    }
    for possessive in ["'s", "'S", "’s", "’S"] {
        if s.ends_with(possessive) {
            longest = longest.max(possessive.len());
        }
    }
    for unit in CURRENCIES.iter().chain(&UNITS).chain(&["%"]) {
        if s.strip_suffix(unit).is_some_and(|amount| amount.ends_with(|c: char| c.is_ascii_digit())) {
            longest = longest.max(unit.len());
        }
    }
    longest
}

/// Whether a period after `body` is its own token.
fn may_end_in_period(body: &str) -> bool {
    let mut back = body.chars().rev();
    let (Some(last), before) = (back.next(), back.next()) else { return false };
    last.is_ascii_digit()
        || is_latin_lower(last)
        || matches!(last, '%' | '²' | '-' | '+')
        || PUNCTUATION.contains(last)
        || QUOTES.contains(last)
        || (matches!(last, 'F' | 'f' | 'C' | 'c' | 'K' | 'k') && before == Some('°'))
        || (is_latin_upper(last) && before.is_some_and(is_latin_upper))
}

/// Push the parts of `s` and what stands between them.
fn split_infixes(s: &str, out: &mut Vec<String>) {
    let (mut start, mut at) = (0, 0);
    while let Some(c) = s[at..].chars().next() {
        let len = infix_len(s, at);
        if len == 0 {
            at += c.len_utf8();
            continue;
        }
        if at > 0 {
            if at > start {
                out.push(s[start..at].to_owned());
            }
            out.push(s[at..at + len].to_owned());
            start = at + len;
        }
        at += len;
    }
    if start < s.len() {
        out.push(s[start..].to_owned());
    }
}

/// The bytes of the infix at `at`, or 0.
fn infix_len(s: &str, at: usize) -> usize {
    let rest = &s[at..];
    let mut ahead = rest.chars();
    let Some(c) = ahead.next() else { return 0 };
    let next = ahead.next();
    let previous = s[..at].chars().next_back();
    let dots = rest.len() - rest.trim_start_matches('.').len();
    if dots > 1 {
        return dots;
    }
    let after = |test: fn(char) -> bool| previous.is_some_and(test);
    let before_letter = next.is_some_and(is_letter);
    let after_word = after(|p| is_word(p) && p != '_');
    let single = c == '…'
        || ICONS.contains(c)
        || (matches!(c, '+' | '-' | '*' | '^') && after(|p| p.is_ascii_digit()) && next.is_some_and(|n| n.is_ascii_digit() || n == '-'))
        || (c == '.'
            && after(|p| is_latin_lower(p) || QUOTES.contains(p))
            && next.is_some_and(|n| is_latin_upper(n) || QUOTES.contains(n)))
        || (c == ',' && after(is_letter) && before_letter)
        || (after_word && before_letter && matches!(c, '-' | '–' | '—' | '~' | ':' | '<' | '>' | '=' | '/'));
    if single {
        return c.len_utf8();
    }
    let dashes = ["--", "---", "——"].into_iter().find(|d| rest.strip_prefix(d).is_some_and(|r| r.starts_with(is_letter)));
    dashes.filter(|_| after_word).map_or(0, str::len)
}

/// Whether `s` is a web or mail address, which stays whole.
fn is_address(s: &str) -> bool {
    let lower = s.to_lowercase();
    let scheme = ["http://", "https://", "ftp://", "www."].iter().any(|p| lower.len() > p.len() && lower.starts_with(p));
    scheme || is_mail(s) || is_domain(&lower)
}

fn is_mail(s: &str) -> bool {
    let Some((user, host)) = s.split_once('@') else { return false };
    let user_ok = !user.is_empty() && user.chars().all(|c| is_word(c) || matches!(c, '.' | '+' | '-'));
    user_ok && host.contains('.') && host.split('.').all(is_label)
}

fn is_domain(lower: &str) -> bool {
    let host = lower.split_once('/').map_or(lower, |(host, _)| host);
    let Some((labels, top)) = host.rsplit_once('.') else { return false };
    TOP_LEVEL.contains(&top) && labels.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.chars().all(|c| is_word(c) || c == '-')
}
