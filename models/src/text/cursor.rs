//! A place in a text, from which a rule looks ahead and behind.

use super::chars::{is_space, is_word};

/// A position; a copy of it is the way back.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    chars: &'a [char],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The character before this place.
    pub fn previous(self) -> Option<char> {
        self.at.checked_sub(1).map(|i| self.chars[i])
    }

    /// The character before the previous one.
    pub fn before_previous(self) -> Option<char> {
        self.at.checked_sub(2).and_then(|i| self.chars.get(i)).copied()
    }

    /// The character at this place.
    pub fn next(self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Whether the text ends here.
    pub fn is_end(self) -> bool {
        self.at >= self.chars.len()
    }

    /// Whether a word character is on exactly one side of this place.
    pub fn is_boundary(self) -> bool {
        self.previous().is_some_and(is_word) != self.next().is_some_and(is_word)
    }

    /// Whether the character before is none that `test` finds.
    pub fn not_after(self, test: impl Fn(char) -> bool) -> bool {
        !self.previous().is_some_and(test)
    }

    /// Whether the character here is none that `test` finds.
    pub fn not_before(self, test: impl Fn(char) -> bool) -> bool {
        !self.next().is_some_and(test)
    }

    /// Whether `words` end here.
    pub fn is_after(self, words: &str) -> bool {
        let before = self.chars.get(..self.at).unwrap_or_default();
        let mut back = before.iter().rev();
        words.chars().rev().all(|c| back.next() == Some(&c))
    }

    /// Step over the character here if `test` finds it.
    pub fn one(&mut self, test: impl Fn(char) -> bool) -> Option<char> {
        let c = self.next().filter(|c| test(*c))?;
        self.at += 1;
        Some(c)
    }

    /// Step over `c` if it is here.
    pub fn eat(&mut self, c: char) -> bool {
        self.one(|x| x == c).is_some()
    }

    /// Step over `words` if they are here.
    pub fn eat_all(&mut self, words: &str) -> bool {
        let mut ahead = *self;
        let all = words.chars().all(|c| ahead.eat(c));
        if all {
            *self = ahead;
        }
        all
    }

    /// Step over the first of `choices` that is here.
    pub fn eat_any<'w>(&mut self, choices: &[&'w str]) -> Option<&'w str> {
        choices.iter().copied().find(|choice| self.eat_all(choice))
    }

    /// Whether one of `choices` is here.
    pub fn is_before_any(self, choices: &[&str]) -> bool {
        let mut ahead = self;
        ahead.eat_any(choices).is_some()
    }

    /// Step over one white-space character, if there is one.
    pub fn eat_space(&mut self) -> bool {
        self.one(is_space).is_some()
    }

    /// Step over `least` to `most` digits, as many as there are.
    pub fn digits(&mut self, least: usize, most: usize) -> Option<String> {
        let run: String = self.chars[self.at..].iter().take(most).take_while(|c| c.is_ascii_digit()).collect();
        if run.len() < least {
            return None;
        }
        self.at += run.len();
        Some(run)
    }

    /// Step over a number: digits, groups of three after commas, a fraction after a point.
    pub fn number(&mut self) -> Option<String> {
        let mut figures = self.digits(1, usize::MAX)?;
        for (mark, least, most, repeated) in [(',', 3, 3, true), ('.', 1, usize::MAX, false)] {
            loop {
                let mut ahead = *self;
                let Some(more) = ahead.one(|c| c == mark).and_then(|_| ahead.digits(least, most)) else { break };
                figures.push(mark);
                figures.push_str(&more);
                *self = ahead;
                if !repeated {
                    break;
                }
            }
        }
        Some(figures)
    }

    /// What stands between this place and `end`.
    pub fn until(self, end: Self) -> String {
        self.chars[self.at..end.at].iter().collect()
    }
}

/// What a rule writes, and where it ends.
pub(super) type Said<'a> = Option<(String, Cursor<'a>)>;

/// `text` with every place at which `rule` applies rewritten, from left to right.
pub(super) fn replaced(text: &str, rule: impl for<'a> Fn(Cursor<'a>) -> Said<'a>) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut cursor = Cursor { chars: &chars, at: 0 };
    while let Some(c) = cursor.next() {
        match rule(cursor) {
            Some((said, end)) if end.at > cursor.at => {
                out.push_str(&said);
                cursor = end;
            }
            _ => {
                out.push(c);
                cursor.at += 1;
            }
        }
    }
    out
}
