//! What is wrong with a file of wording, and in which line.

/// A line, if one is to blame, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: Option<usize>,
    /// What is wrong, and how to mend it.
    pub what: String,
}

impl Problem {
    /// At a place of `text`, in bytes.
    pub(super) fn in_text(text: &str, at: usize, what: String) -> Self {
        let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
        Self { line: Some(1 + before.iter().filter(|&&byte| byte == b'\n').count()), what }
    }
}

/// The line of `text` in which the message `id` begins.
pub(super) fn at_line(text: &str, id: &str) -> Option<usize> {
    text.lines().position(|line| begins(line) == Some(id)).map(|before| before + 1)
}

/// The message that begins in this line, if one does.
pub(super) fn begins(line: &str) -> Option<&str> {
    let name = line.split_once('=')?.0.trim_end();
    name.starts_with(|first: char| first.is_ascii_alphabetic()).then_some(name)
}
