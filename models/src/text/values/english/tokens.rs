//! A text as words, figures and marks.

use std::ops::Range;

/// A word in small letters, a run of digits, or one mark.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub text: String,
    /// Its bytes in the text.
    pub place: Range<usize>,
    /// Whether there is space before it.
    pub spaced: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letters,
    Digits,
    Mark,
}

fn kind(c: char) -> Kind {
    if c.is_ascii_digit() {
        Kind::Digits
    } else if c.is_alphabetic() || matches!(c, '\'' | '’') {
        Kind::Letters
    } else {
        Kind::Mark
    }
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut open: Option<Kind> = None;
    let mut spaced = true;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c.is_whitespace() {
            (open, spaced) = (None, true);
            continue;
        }
        let kind = kind(c);
        let small = if c == '’' { "'".to_owned() } else { c.to_lowercase().to_string() };
        match out.last_mut() {
            Some(token) if open == Some(kind) && kind != Kind::Mark => {
                token.text.push_str(&small);
                token.place.end = end;
            }
            _ => out.push(Token { text: small, place: at..end, spaced }),
        }
        (open, spaced) = (Some(kind), false);
    }
    out
}

/// A place between tokens; a copy of it is the way back.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub tokens: &'a [Token],
    pub at: usize,
}

impl<'a> Reader<'a> {
    pub fn peek(self) -> Option<&'a str> {
        self.token().map(|token| token.text.as_str())
    }

    pub fn token(self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    pub fn previous(self) -> Option<&'a str> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map(|token| token.text.as_str())
    }

    /// Step over the token here if `reads` reads it.
    pub fn take<T>(&mut self, reads: impl FnOnce(&'a str) -> Option<T>) -> Option<T> {
        let value = reads(self.peek()?)?;
        self.at += 1;
        Some(value)
    }

    /// Step over `word` if it is here.
    pub fn eat(&mut self, word: &str) -> bool {
        self.take(|here| (here == word).then_some(())).is_some()
    }

    /// Step over one of `words` if it is here.
    pub fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    /// Step over all of `words` if they are here, one after the other.
    pub fn eat_all(&mut self, words: &[&str]) -> bool {
        let mut ahead = *self;
        let all = words.iter().all(|word| ahead.eat(word));
        if all {
            *self = ahead;
        }
        all
    }

    /// Step over `mark` if it is here without space before it.
    pub fn eat_joined(&mut self, mark: &str) -> bool {
        self.token().is_some_and(|token| !token.spaced) && self.eat(mark)
    }

    /// Step over figures, with no space before them if `joined`.
    pub fn figures(&mut self, joined: bool) -> Option<&'a str> {
        let token = self.token().filter(|token| !(joined && token.spaced))?;
        let figures = token.text.as_str();
        figures.starts_with(|c: char| c.is_ascii_digit()).then(|| {
            self.at += 1;
            figures
        })
    }
}

/// A value and where its reading ends.
pub(super) type Reading<'a, T> = Option<(T, Reader<'a>)>;
