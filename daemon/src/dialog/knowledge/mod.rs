//! The office's knowledge: Markdown files in which each second-level heading is a passage.
//!
//! ```markdown
//! ## Opening hours
//! - When are you open?
//! - Are you open on Saturday?
//!
//! We are open Monday to Friday from nine to five.
//! ```
//!
//! List items are ways in which callers ask; the paragraphs are the answer, spoken as they stand. What is added to a page leaves everything else of it as it
//! was written: [`editing`].

mod editing;

use super::retrieval::Entry;
pub use editing::{with_passage, with_question};

/// What a passage is called by in its file.
fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

/// One answer of the office's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands: `file.md#heading`.
    pub source: String,
    /// Its heading.
    pub title: String,
    /// How callers ask for it.
    pub asked: Vec<String>,
    /// What the robot answers.
    pub answer: String,
}

impl Passage {
    /// What is searched: its title is a way to ask too.
    #[must_use]
    pub fn entry(&self) -> Entry {
        Entry { asked: std::iter::once(&self.title).chain(&self.asked).cloned().collect(), answer: self.answer.clone() }
    }

    /// The passages of one file.
    ///
    /// # Errors
    /// Names the heading that has no answer, or the text that has no heading.
    pub fn parse_page(file: &str, text: &str) -> Result<Vec<Self>, String> {
        let mut passages: Vec<Self> = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || (line.starts_with('#') && !line.starts_with("##")) {
                continue;
            }
            if let Some(title) = line.strip_prefix("## ") {
                let title = title.trim().to_owned();
                passages.push(Self { source: format!("{file}#{}", anchor(&title)), title, asked: Vec::new(), answer: String::new() });
                continue;
            }
            let Some(passage) = passages.last_mut() else {
                return Err(format!(
                    "line {}: text before the first `## heading`; give it a heading that says what it is about",
                    number + 1
                ));
            };
            if let Some(asked) = line.strip_prefix("- ") {
                passage.asked.push(asked.trim().to_owned());
            } else {
                if !passage.answer.is_empty() {
                    passage.answer.push(' ');
                }
                passage.answer.push_str(line);
            }
        }
        match passages.iter().find(|passage| passage.answer.is_empty()) {
            Some(passage) => Err(format!("`## {}` has no answer; write below it what the robot shall say", passage.title)),
            None => Ok(passages),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_heading_its_questions_and_its_answer_make_a_passage() {
        let passages =
            Passage::parse_page("hours.md", "# Hours\n\n## Opening hours\n- When are you open?\n\nFrom nine\nto five.\n").unwrap();
        assert_eq!(passages.len(), 1);
        assert_eq!(passages[0].source, "hours.md#opening-hours");
        assert_eq!(passages[0].answer, "From nine to five.");
        assert_eq!(passages[0].asked, ["When are you open?"]);
    }

    #[test]
    fn a_heading_without_an_answer_is_refused() {
        assert!(Passage::parse_page("a.md", "## Parking\n- Where can I park?\n").unwrap_err().contains("Parking"));
    }
}
