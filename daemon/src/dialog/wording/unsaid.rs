//! Messages that nothing says: most are misspelt, and the one that was meant would go on as every robot says it.

use std::collections::BTreeSet;

use super::problem::begins;
use super::{Ladder, Line, Problem, Wording};

impl Wording {
    /// Every message of the scenario's own is a line of the manners', one of `named`, or stands in another message.
    ///
    /// # Errors
    /// Names the line of the first that is none of these, and what may have been meant.
    pub fn nothing_is_unsaid(&self, named: &BTreeSet<String>) -> Result<(), Problem> {
        let [_, own] = &self.texts;
        let mut said: BTreeSet<&str> = named.iter().map(String::as_str).collect();
        let lines = Line::ALL.into_iter().map(Line::id).chain(Ladder::ALL.into_iter().map(Ladder::id));
        for line in lines {
            said.insert(line);
        }
        let in_others: BTreeSet<&str> = own.split('{').skip(1).map(first_name).collect();
        let begun = (1..).zip(own.lines()).filter_map(|(line, text)| begins(text).map(|id| (line, id)));
        for (line, id) in begun {
            if !said.contains(id) && !in_others.contains(id) {
                let known: Vec<&str> = said.iter().copied().collect();
                let remedy = match similar::get_close_matches(id, &known, 1, LIKENESS).first() {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "name it in a step of a flow, or take it out".to_owned(),
                };
                return Err(Problem { line: Some(line), what: format!("nothing says the message `{id}`: {remedy}") });
            }
        }
        Ok(())
    }
}

/// How alike a name and the one that was meant are at least, from 0 to 1.
const LIKENESS: f32 = 0.75;

/// The name at the beginning of what stands in braces; a variable has none.
fn first_name(inside: &str) -> &str {
    let inside = inside.trim_start();
    let end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(inside.len());
    inside.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use switchhook_models::Locale;

    use super::*;

    fn unsaid(own: &str, named: &[&str]) -> Result<(), Problem> {
        let named = named.iter().map(|&name| name.to_owned()).collect();
        Wording::new(Locale::En, own).unwrap().nothing_is_unsaid(&named)
    }

    #[test]
    fn a_misspelt_name_is_told_with_its_line_and_the_one_that_was_meant() {
        let greeting = unsaid("# Ours.\ngreting = Welcome.\n", &[]).unwrap_err();
        assert_eq!(greeting.line, Some(2));
        assert!(greeting.what.contains("`greting`: did you mean `greeting`?"), "{greeting:?}");
        let booked = unsaid("repair-booked = Booked.\nrepair-bookd = Booked.\n", &["repair-booked"]).unwrap_err();
        assert_eq!(booked.line, Some(2));
        assert!(booked.what.contains("did you mean `repair-booked`?"), "{booked:?}");
    }

    #[test]
    fn a_name_like_no_other_is_told_to_be_named_or_taken_out() {
        let lunch = unsaid("lunch-menu = Soup.\n", &[]).unwrap_err();
        assert!(lunch.what.contains("name it in a step of a flow"), "{lunch:?}");
    }

    #[test]
    fn what_every_robot_says_and_what_stands_in_other_messages_is_said() {
        let own = "-brand = Miller's\nshop = the { -brand } shop\ngreeting = Welcome to { shop }.\nsilence = Hello?\n    .second = Well?\n";
        assert_eq!(unsaid(own, &[]), Ok(()));
    }
}
