//! Everything that can be said, cut where values are put in: by it a test tells what a scenario says from what it does not.

use std::collections::BTreeSet;

use super::Wording;
use super::problem::begins;

/// Stands for a value while a message is cut; no file holds it.
const VALUE: char = '\u{1}';

impl Wording {
    /// Every message and every step of a ladder as the texts between its values: a message without values is one text. Of a message that says it in
    /// several ways, by number or gender, the way for everything else.
    #[must_use]
    pub fn templates(&self) -> Vec<Vec<String>> {
        let lines = || self.texts.iter().flat_map(|text| text.lines());
        let variables: BTreeSet<&str> = lines().flat_map(variables).collect();
        let mark = VALUE.to_string();
        let values: Vec<(&str, &str)> = variables.into_iter().map(|name| (name, mark.as_str())).collect();
        let mut names: BTreeSet<(&str, Option<&str>)> = BTreeSet::new();
        let mut message = "";
        for line in lines() {
            let Some((name, _)) = line.split_once('=').map(|(name, rest)| (name.trim_end(), rest)) else { continue };
            if let Some(attribute) = name.trim_start().strip_prefix('.').filter(|_| name.starts_with(' ')) {
                names.insert((message, Some(attribute)));
            } else if let Some(begun) = begins(line) {
                message = begun;
                names.insert((message, None));
            }
        }
        let said = names.into_iter().filter_map(|(id, attribute)| self.said(id, attribute, &values));
        said.map(|(text, _)| text.split(VALUE).map(str::to_owned).collect()).collect()
    }
}

/// The names behind `$` in a line.
fn variables(line: &str) -> impl Iterator<Item = &str> {
    line.split('$').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
        rest.get(..end).filter(|name| !name.is_empty())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use switchhook_models::Locale;

    use super::*;

    #[test]
    fn every_message_is_cut_at_its_values() {
        let own = "greeting = Welcome.\nask-when = For { $name }, when?\n    .second = Which day, { $name }?\n";
        let templates = Wording::new(Locale::En, own).unwrap().templates();
        let has = |pieces: &[&str]| templates.iter().any(|template| template == pieces);
        assert!(has(&["Welcome."]) && has(&["For ", ", when?"]) && has(&["Which day, ", "?"]));
        assert!(has(&["I am calling ", " for you. One moment, please."]), "{templates:?}");
        assert!(!has(&["How can I help you?"]), "the scenario says it its own way");
    }
}
