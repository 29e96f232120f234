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

/// The way to ask in a line, if it is an item of a list.
fn question(line: &str) -> Option<&str> {
    line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).map(str::trim)
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

    /// The passages of one file. Nothing of an answer is left that a voice would read as marks: lists and headings of its own.
    ///
    /// # Errors
    /// The line from 1, what is wrong with it, and how to mend it.
    pub fn parse_page(file: &str, text: &str) -> Result<Vec<Self>, (usize, String)> {
        let mut passages: Vec<(usize, Self)> = Vec::new();
        for (number, line) in (1..).zip(text.lines().map(str::trim)) {
            let fault = |what: String| Err((number, what));
            if line.is_empty() || (line.starts_with('#') && !line.starts_with("##")) {
                continue;
            }
            if let Some(title) = line.strip_prefix("## ") {
                let title = title.trim().to_owned();
                let source = format!("{file}#{}", anchor(&title));
                if let Some((before, _)) = passages.iter().find(|(_, passage)| passage.source == source) {
                    return fault(format!("`## {title}` stands in line {before} already: join the two, or give one another title"));
                }
                passages.push((number, Self { source, title, asked: Vec::new(), answer: String::new() }));
                continue;
            }
            if line.starts_with("##") {
                return fault(format!("`{line}` would be read aloud: write a passage of its own, `## ` and its title, or a sentence"));
            }
            let Some((_, passage)) = passages.last_mut() else {
                return fault("text before the first `## heading`; give it a heading that says what it is about".into());
            };
            match question(line) {
                Some(asked) if passage.answer.is_empty() => passage.asked.push(asked.to_owned()),
                Some(_) => {
                    let what = format!(
                        "`{line}` stands below an answer: write ways to ask above it, and what is said as sentences, not as a list"
                    );
                    return fault(what);
                }
                None => {
                    if !passage.answer.is_empty() {
                        passage.answer.push(' ');
                    }
                    passage.answer.push_str(line);
                }
            }
        }
        match passages.iter().find(|(_, passage)| passage.answer.is_empty()) {
            Some((number, passage)) => {
                Err((*number, format!("`## {}` has no answer; write below it what the robot shall say", passage.title)))
            }
            None => Ok(passages.into_iter().map(|(_, passage)| passage).collect()),
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
        assert!(Passage::parse_page("a.md", "## Parking\n- Where can I park?\n").unwrap_err().1.contains("Parking"));
    }

    #[test]
    fn ways_to_ask_are_items_of_a_list_with_either_mark() {
        let passages = Passage::parse_page("a.md", "## Parking\n* Where can I park?\n- Is there parking?\n\nBehind the house.\n").unwrap();
        assert_eq!(passages[0].asked, ["Where can I park?", "Is there parking?"]);
        assert_eq!(passages[0].answer, "Behind the house.");
    }

    #[test]
    fn what_a_voice_would_read_as_marks_is_refused_with_its_line() {
        for (page, line, told) in [
            ("## Prices\nThey differ.\n### Winter tyres\nEighty dollars.\n", 3, "`### Winter tyres`"),
            ("## Prices\n##\nThey differ.\n", 2, "`##`"),
            ("## Prices\nThey are:\n* eighty dollars\n", 3, "`* eighty dollars`"),
            ("## Prices\nThey are:\n\n- eighty dollars\n", 4, "`- eighty dollars`"),
            ("Prices differ.\n", 1, "heading"),
            ("# Shop\n\n## Prices\n", 3, "no answer"),
        ] {
            let (at, what) = Passage::parse_page("a.md", page).unwrap_err();
            assert_eq!(at, line, "{page}");
            assert!(what.contains(told), "{what}");
        }
    }

    #[test]
    fn two_passages_of_a_page_have_two_titles() {
        let page = "## Opening hours\nNine to five.\n\n## Parking\nBehind the house.\n\n## Opening Hours\nTen to six.\n";
        let (line, what) = Passage::parse_page("a.md", page).unwrap_err();
        assert_eq!(line, 7);
        assert!(what.contains("`## Opening Hours` stands in line 1 already"), "{what}");
    }
}
