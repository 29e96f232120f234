//! A page of knowledge with something more in it. Somebody wrote the page by hand: every other line stays as it is.

use super::{anchor, question as item};

/// The page with one more way to ask for the passage that `source` names (`file.md#heading`); `None` if it is not on this page, or the question is none.
#[must_use]
pub fn with_question(page: &str, source: &str, question: &str) -> Option<String> {
    let (_, wanted) = source.split_once('#')?;
    let question = one_line(question)?;
    let lines: Vec<&str> = page.lines().collect();
    let title = |line: &str| line.trim().strip_prefix("## ").map(|title| anchor(title.trim()));
    let heading = lines.iter().position(|line| title(line).as_deref() == Some(wanted))?;
    let own = |line: &&str| !line.trim().starts_with("## ");
    let passage: Vec<&str> = lines.iter().skip(heading + 1).copied().take_while(own).collect();
    // Behind the last way to ask that there is, else at once behind the heading.
    let behind = passage.iter().rposition(|line| item(line.trim()).is_some()).map_or(0, |last| last + 1);
    let at = heading + 1 + behind;
    let mut written: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
    written.insert(at, format!("- {question}"));
    Some(ended(&written.join("\n")))
}

/// The page with one more passage at its end; `None` if the title or the answer is none, or the page has a passage of this title.
#[must_use]
pub fn with_passage(page: &str, title: &str, questions: &[String], answer: &str) -> Option<String> {
    let (title, answer) = (one_line(title)?, one_line(answer)?);
    // What begins like a heading or a question would be one.
    let is_there = |line: &str| line.trim().strip_prefix("## ").is_some_and(|there| anchor(there.trim()) == anchor(&title));
    if answer.starts_with('#') || item(&answer).is_some() || page.lines().any(is_there) {
        return None;
    }
    let mut written = page.trim_end().to_owned();
    if !written.is_empty() {
        written.push_str("\n\n");
    }
    written.push_str(&format!("## {title}\n"));
    for question in questions.iter().filter_map(|question| one_line(question)) {
        written.push_str(&format!("- {question}\n"));
    }
    Some(ended(&format!("{written}\n{answer}")))
}

/// In one line, without what could not be seen; `None` if nothing is left.
fn one_line(text: &str) -> Option<String> {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::super::Passage;
    use super::*;

    const PAGE: &str = "# Office\n\n## Opening hours\n- When are you open?\n\nFrom nine to five.\n\n## Parking\n\nBehind the building.\n";

    #[test]
    fn a_question_goes_behind_the_others_of_its_passage() {
        let page = with_question(PAGE, "office.md#opening-hours", "Are you open\n on Friday?").unwrap();
        assert!(page.contains("- When are you open?\n- Are you open on Friday?\n\nFrom nine"), "{page}");
        let page = with_question(PAGE, "office.md#parking", "Where do I park?").unwrap();
        assert!(page.contains("## Parking\n- Where do I park?\n\nBehind"), "{page}");
    }

    #[test]
    fn a_passage_that_is_not_there_gets_no_question() {
        assert_eq!(with_question(PAGE, "office.md#prices", "How much?"), None);
        assert_eq!(with_question(PAGE, "office.md#parking", " \n"), None);
    }

    #[test]
    fn a_new_passage_stands_at_the_end_and_on_a_page_of_its_own() {
        let asked = ["Do you take dogs?".to_owned()];
        assert!(
            with_passage(PAGE, "Dogs", &asked, "They may come.")
                .unwrap()
                .ends_with("building.\n\n## Dogs\n- Do you take dogs?\n\nThey may come.\n")
        );
        assert_eq!(with_passage("", "Dogs", &asked, "They may come.").unwrap(), "## Dogs\n- Do you take dogs?\n\nThey may come.\n");
        assert_eq!(with_passage("", "Dogs", &asked, "# They may come."), None);
        assert_eq!(with_passage("", "Dogs", &asked, "* They may come."), None);
        assert_eq!(with_passage(PAGE, "opening hours", &asked, "They may come."), None);
    }

    proptest! {
        /// Whatever is added, the page can be read, and everything else on it is as it was.
        #[test]
        fn everything_else_stays(question in "\\PC{0,40}", title in "\\PC{0,20}", answer in "\\PC{0,40}") {
            let before = Passage::parse_page("office.md", PAGE).unwrap();
            if let Some(page) = with_question(PAGE, "office.md#opening-hours", &question) {
                let after = Passage::parse_page("office.md", &page).unwrap();
                prop_assert_eq!(&after[1..], &before[1..]);
                prop_assert_eq!(&after[0].asked[..1], &before[0].asked[..]);
                prop_assert_eq!(&after[0].answer, &before[0].answer);
            }
            if let Some(page) = with_passage(PAGE, &title, &[question], &answer) {
                let after = Passage::parse_page("office.md", &page).unwrap();
                prop_assert_eq!(&after[..2], &before[..]);
                prop_assert_eq!(after.len(), 3);
            }
        }
    }
}
