//! Tokens to phonemes: splitting tokens further, asking the lexicon for the longest stretch it knows, and settling stress.
//!
//! A token such as "e-mail's" or "B737" is split at changes of kind; neighbours without a space between them form a group. Groups are
//! read from the last to the first, because a word's sound depends on what follows ("the" before a vowel). Within a group the lexicon
//! is asked for the whole, then for ever shorter ends; what it does not know goes to the net for unknown words as a whole.

use unicode_normalization::UnicodeNormalization;

use super::chars::{ascii_digit, is_alphabetic, is_digit_like, is_digits, is_letter};
use super::lexicon::{Context, Lexicon, bend_of_capitals};
use super::stress::{self, PRIMARY, Stress};
use super::subtokens;
use super::unknown::UnknownWords;
use super::{figures, tokenize::Piece};
use crate::Result;

/// One token on its way to phonemes.
#[derive(Clone, Debug)]
struct Token<'a> {
    text: String,
    tag: &'a str,
    spaced: bool,
    phonemes: Option<String>,
    /// Whether the token begins its word.
    head: bool,
    /// Whether a space is said before it within its group.
    apart: bool,
    /// The money that its figures count.
    currency: Option<String>,
    /// Read instead of the text.
    alias: Option<&'static str>,
}

/// What a group of tokens is read with.
pub(super) struct Voice<'a> {
    pub lexicon: &'a Lexicon,
    pub unknown: &'a UnknownWords,
}

/// The phoneme string of tagged tokens: one line, a space where the text has one.
pub(super) fn phonemes(pieces: &[Piece], tags: &[&str], voice: &Voice<'_>) -> Result<String> {
    let mut groups = groups(pieces, tags);
    let mut context = Context::default();
    for group in groups.iter_mut().rev() {
        voice.read(group, &mut context)?;
    }
    let mut line = String::new();
    for group in &groups {
        join(group, &mut line);
    }
    Ok(line.trim().replace('ɾ', "T").replace('ʔ', "t"))
}

fn join(group: &[Token<'_>], line: &mut String) {
    let start = line.len();
    for token in group {
        let phonemes = token.phonemes.as_deref().unwrap_or_default();
        if token.apart && line.len() > start && !line.ends_with(' ') && !phonemes.is_empty() {
            line.push(' ');
        }
        line.push_str(phonemes);
    }
    if group.last().is_some_and(|t| t.spaced) {
        line.push(' ');
    }
}

fn groups<'a>(pieces: &[Piece], tags: &[&'a str]) -> Vec<Vec<Token<'a>>> {
    let mut groups: Vec<Vec<Token<'a>>> = Vec::new();
    let mut currency: Option<String> = None;
    for (i, (piece, tag)) in pieces.iter().zip(tags).enumerate() {
        let parts = subtokens::split(&piece.text);
        for (j, text) in parts.iter().enumerate() {
            let mut token = Token {
                text: (*text).to_owned(),
                tag,
                spaced: piece.spaced && j + 1 == parts.len(),
                phonemes: mark(text, tag),
                head: true,
                apart: false,
                currency: None,
                alias: None,
            };
            if *tag == "$" && figures::is_currency(text) {
                currency = Some((*text).to_owned());
            } else if token.phonemes.is_none() && currency.is_some() {
                if *tag != "CD" {
                    currency = None;
                } else if j + 1 == parts.len() && tags.get(i + 1) != Some(&"CD") {
                    token.currency.clone_from(&currency);
                }
            } else if token.phonemes.is_none() && *text == "2" && between_letters(&parts, j) {
                token.alias = Some("to");
            }
            let settled = token.alias.is_some() || token.phonemes.is_some();
            match groups.last_mut().filter(|g| !settled && g.last().is_some_and(Token::open)) {
                Some(group) => {
                    token.head = false;
                    group.push(token);
                }
                None => groups.push(vec![token]),
            }
        }
    }
    groups
}

impl Token<'_> {
    /// Whether what follows without a space belongs to the same group.
    fn open(&self) -> bool {
        !self.spaced && self.alias.is_none() && self.phonemes.is_none()
    }

    fn settled(&self) -> bool {
        self.alias.is_some() || self.phonemes.is_some()
    }
}

/// The phonemes of what is a mark and no word.
fn mark(text: &str, tag: &str) -> Option<String> {
    if tag == "$" && figures::is_currency(text) {
        return Some(String::new());
    }
    if tag == ":" && matches!(text, "-" | "–") {
        return Some("—".to_owned());
    }
    let is_mark = matches!(tag, "." | "," | "-LRB-" | "-RRB-" | "``" | "\"\"" | "''" | ":" | "$" | "#" | "NFP");
    if !is_mark || text.chars().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    Some(match tag {
        "-LRB-" => "(".to_owned(),
        "-RRB-" => ")".to_owned(),
        "``" => "“".to_owned(),
        "\"\"" | "''" => "”".to_owned(),
        _ => text.chars().filter(|c| is_pause(*c) || matches!(c, '"' | '“' | '”')).collect(),
    })
}

fn is_pause(c: char) -> bool {
    matches!(c, ';' | ':' | ',' | '.' | '!' | '?' | '—' | '…')
}

fn between_letters(parts: &[&str], j: usize) -> bool {
    let before = j.checked_sub(1).and_then(|i| parts[i].chars().next_back());
    let after = parts.get(j + 1).and_then(|p| p.chars().next());
    before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic)
}

/// Signs inside a word that are not said.
fn is_silent(text: &str) -> bool {
    text.chars().all(|c| "',-._‘’/".contains(c))
}

impl Voice<'_> {
    /// Fill in the phonemes of a group.
    fn read(&self, group: &mut [Token<'_>], context: &mut Context) -> Result<()> {
        if let [token] = group {
            if token.phonemes.is_none() {
                token.phonemes = match self.look_up(token, *context) {
                    Some(phonemes) => Some(phonemes),
                    None => Some(self.guess(&token.text)?),
                };
            }
            *context = context_before(*context, token.phonemes.as_deref(), &token.text, token.tag);
            return Ok(());
        }
        if self.read_known(group, context) {
            settle_stress(group);
        } else {
            let guess = self.guess(&merged(group).text)?;
            for token in group.iter_mut() {
                token.phonemes = Some(String::new());
            }
            if let Some(first) = group.first_mut() {
                first.phonemes = Some(guess);
            }
        }
        Ok(())
    }

    /// The longest known ends of a group, from its end to its start; `false` if a part of it is not known.
    fn read_known(&self, group: &mut [Token<'_>], context: &mut Context) -> bool {
        let (mut left, mut right) = (0, group.len());
        while left < right {
            let stretch = &group[left..right];
            let whole = (!stretch.iter().any(Token::settled)).then(|| merged(stretch));
            let known = whole.as_ref().and_then(|token| Some((token, self.look_up(token, *context)?)));
            if let Some((token, phonemes)) = known {
                *context = context_before(*context, Some(&phonemes), &token.text, token.tag);
                for token in &mut group[left..right] {
                    token.phonemes = Some(String::new());
                }
                group[left].phonemes = Some(phonemes);
                (left, right) = (0, left);
            } else if left + 1 < right {
                left += 1;
            } else {
                right -= 1;
                left = 0;
                let token = &mut group[right];
                if token.phonemes.is_none() {
                    if !is_silent(&token.text) {
                        return false;
                    }
                    token.phonemes = Some(String::new());
                }
            }
        }
        true
    }

    fn look_up(&self, token: &Token<'_>, context: Context) -> Option<String> {
        let text = token.alias.unwrap_or(&token.text).replace(['‘', '’'], "'");
        let word: String = text.nfkc().map(ascii_digit).collect();
        let sign = token.currency.as_deref();
        if let Some(phonemes) = self.lexicon.word(&word, token.tag, bend_of_capitals(&word), context) {
            return Some(figures::with_currency(self.lexicon, phonemes, sign));
        }
        figures::is_figures(&word, token.head).then(|| figures::read(self.lexicon, &word, sign, token.head))?
    }

    /// An unknown word: letters by the net, figures by their reader, signs by name.
    fn guess(&self, text: &str) -> Result<String> {
        let mut said = Vec::new();
        for piece in subtokens::kinds(text) {
            let first = piece.chars().next().unwrap_or_default();
            let phonemes = if is_digit_like(first) {
                figures::read(self.lexicon, &piece.nfkc().collect::<String>(), None, false)
            } else if is_letter(first) {
                self.unknown.phonemes(piece)?
            } else {
                Some(piece.chars().map(sign_name).collect())
            };
            said.extend(phonemes.filter(|p| !p.is_empty()));
        }
        Ok(said.join(" "))
    }
}

fn sign_name(sign: char) -> &'static str {
    match sign {
        '/' => "slˈæʃ",
        '=' => "ˈikwᵊlz",
        '+' => "plˈʌs",
        '&' => "ænd",
        '@' => "æt",
        '%' => "pəɹsˈɛnt",
        '#' => "hˈæʃ",
        '*' => "ˈæstəɹˌɪsk",
        '~' => "tˈɪldə",
        '^' => "kˈɛɹət",
        '<' => "lˈɛs ðən",
        '>' => "ɡɹˈATəɹ ðən",
        '—' => "—",
        _ => "",
    }
}

/// What the word before a word with these phonemes needs to know.
fn context_before(context: Context, phonemes: Option<&str>, text: &str, tag: &str) -> Context {
    let told = phonemes.unwrap_or_default().chars().find_map(|c| {
        let vowel = stress::is_vowel(c);
        (vowel || stress::is_consonant(c) || is_pause(c)).then(|| (!is_pause(c)).then_some(vowel))
    });
    Context {
        vowel_follows: told.unwrap_or(context.vowel_follows),
        to_follows: matches!(text, "to" | "To") || (text == "TO" && matches!(tag, "TO" | "IN")),
    }
}

/// Tokens as one, for a look-up.
fn merged<'a>(tokens: &[Token<'a>]) -> Token<'a> {
    let mut text = String::new();
    for (i, token) in tokens.iter().enumerate() {
        text.push_str(&token.text);
        if token.spaced && i + 1 < tokens.len() {
            text.push(' ');
        }
    }
    let breadth = |t: &Token<'_>| t.text.chars().map(|c| if c.to_lowercase().eq([c]) { 1 } else { 2 }).sum::<usize>();
    let tag = tokens.iter().rev().max_by_key(|t| breadth(t)).map_or("", |t| t.tag);
    Token {
        text,
        tag,
        spaced: tokens.last().is_some_and(|t| t.spaced),
        phonemes: None,
        head: tokens.first().is_some_and(|t| t.head),
        apart: false,
        currency: tokens.iter().filter_map(|t| t.currency.clone()).max(),
        alias: None,
    }
}

/// In a group that is one word, only so many parts keep a main stress.
fn settle_stress(group: &mut [Token<'_>]) {
    let merged = merged(group).text;
    let mut kinds: Vec<u8> = merged.chars().filter(|c| !is_silent(&c.to_string())).map(kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let apart = merged.contains([' ', '/']) || kinds.len() > 1;
    let end = group.len();
    for (i, token) in group.iter_mut().enumerate() {
        if token.phonemes.is_some() {
            token.apart = i > 0 && apart;
        } else if i + 1 == end && token.text.chars().all(is_pause) && token.text.chars().count() == 1 {
            token.phonemes = Some(token.text.clone());
        } else if is_silent(&token.text) {
            token.phonemes = Some(String::new());
        }
    }
    if apart {
        return;
    }
    let mut stressed: Vec<(bool, usize, usize)> = Vec::new();
    for (i, token) in group.iter().enumerate() {
        if let Some(phonemes) = token.phonemes.as_deref().filter(|p| !p.is_empty()) {
            stressed.push((phonemes.contains(PRIMARY), stress::weight(phonemes), i));
        }
    }
    let mains = stressed.iter().filter(|(main, ..)| *main).count();
    let demoted: Vec<usize> = match stressed.as_slice() {
        [(_, _, first), (_, _, second)] if group[*first].text.chars().count() == 1 => vec![*second],
        few if few.len() < 2 || mains <= few.len().div_ceil(2) => Vec::new(),
        _ => {
            stressed.sort_unstable();
            stressed.iter().take(stressed.len() / 2).map(|(_, _, i)| *i).collect()
        }
    };
    for i in demoted {
        group[i].phonemes = group[i].phonemes.take().map(|p| stress::apply(&p, Some(Stress::Demoted)));
    }
}

fn kind(c: char) -> u8 {
    let text = c.to_string();
    if is_alphabetic(&text) {
        0
    } else if is_digits(&text) {
        1
    } else {
        2
    }
}
