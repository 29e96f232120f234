//! Whether a robot may say a thing: what it says is the scenario's wording, with values that were told, or a passage of its knowledge, word for word.
//! Everything else is invented.

use crate::dialog::scenario::Scenario;

/// Everything that a scenario says.
#[derive(Debug)]
pub struct Sayable {
    /// Each as the texts between its values.
    templates: Vec<Vec<String>>,
}

impl Sayable {
    /// That of this scenario.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let passages = scenario.knowledge.iter().map(|passage| vec![passage.answer.clone()]);
        let mut templates: Vec<Vec<String>> = scenario.wording.templates().into_iter().chain(passages).collect();
        // A message that is nothing but a value would say anything.
        templates.retain(|pieces| pieces.iter().any(|piece| !piece.trim().is_empty()));
        Self { templates }
    }

    /// Whether all of `said` is made of what the scenario says, one thing after the other, with nothing but `known` values in it.
    pub fn explains(&self, said: &str, known: impl Fn(&str) -> bool) -> bool {
        let mut reached = vec![false; said.len() + 1];
        if let Some(start) = reached.first_mut() {
            *start = true;
        }
        for at in 0..=said.len() {
            if !reached.get(at).is_some_and(|reached| *reached) {
                continue;
            }
            let Some(rest) = said.get(at..) else { continue };
            if rest.trim_start().is_empty() {
                return true;
            }
            let from = said.len() - rest.trim_start().len();
            for pieces in &self.templates {
                for end in ends(said, from, pieces, &known) {
                    if let Some(place) = reached.get_mut(end) {
                        *place = true;
                    }
                }
            }
        }
        false
    }
}

/// Where these pieces, with known values between them, can end if they begin at `from`.
fn ends(said: &str, from: usize, pieces: &[String], known: &impl Fn(&str) -> bool) -> Vec<usize> {
    let Some((first, rest)) = pieces.split_first() else { return Vec::new() };
    if !said.get(from..).is_some_and(|said| said.starts_with(first.as_str())) {
        return Vec::new();
    }
    let mut places = vec![from + first.len()];
    for piece in rest {
        let mut next = Vec::new();
        for &place in &places {
            let Some(tail) = said.get(place..) else { continue };
            let candidates: Vec<usize> = if piece.is_empty() {
                // A value at the end of a message: it ends where a sentence does, or where all does.
                let stops = tail.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
                stops.chain([tail.len()]).collect()
            } else {
                tail.match_indices(piece.as_str()).map(|(at, _)| at).collect()
            };
            let fitting = candidates.into_iter().filter(|&at| tail.get(..at).is_some_and(|value| value.trim().is_empty() || known(value)));
            next.extend(fitting.map(|at| place + at + piece.len()));
        }
        next.sort_unstable();
        next.dedup();
        places = next;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_scenario_says_is_explained_and_nothing_else_is() {
        let pieces = |pieces: &[&str]| pieces.iter().map(|&piece| piece.to_owned()).collect();
        let sayable = Sayable { templates: vec![pieces(&["We open at nine."]), pieces(&["So that is ", " for ", ". Is that right?"])] };
        let known = |value: &str| ["a cleaning", "Maria", "tomorrow"].contains(&value.trim());
        for (said, explained) in [
            ("We open at nine.", true),
            ("We open at nine. So that is a cleaning for Maria. Is that right?", true),
            ("So that is a cleaning for . Is that right?", true),
            ("So that is a cleaning for Peter. Is that right?", false),
            ("We open at ten.", false),
            ("We open at nine. And at noon.", false),
        ] {
            assert_eq!(sayable.explains(said, known), explained, "{said}");
        }
    }
}
