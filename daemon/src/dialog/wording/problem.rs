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
    let begins = |line: &str| line.strip_prefix(id).is_some_and(|rest| rest.trim_start().starts_with('='));
    text.lines().position(begins).map(|before| before + 1)
}
