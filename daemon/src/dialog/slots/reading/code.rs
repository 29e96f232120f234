//! Plates and part numbers: "A B one two three four", "A as in alpha, B for Bravo, twelve thirty-four", ABC-1234, A 逼 一二三四.

use std::ops::Range;

use switchhook_models::Locale;

use super::{Asked, Candidate, Sure};
use crate::dialog::slots::context::Context;
use crate::dialog::slots::part::Part;
use crate::dialog::slots::pattern::{Pattern, Sign};
use crate::dialog::slots::phrases::Said;
use crate::dialog::slots::signs::signs;
use crate::dialog::slots::value::Value;

/// Shorter than this, letters and digits are no code unless one was asked for.
const SHORTEST_UNASKED: usize = 4;

pub(super) fn read(patterns: &[Pattern], said: &Said<'_>, _: Locale, context: &Context<'_>, asked: Asked) -> Option<Candidate> {
    let mut runs = signs(said);
    let restart = said.restart();
    runs.retain(|run| run.first().is_some_and(|(_, place)| !said.denied(place.start)));
    if runs.iter().flatten().any(|(_, place)| place.start >= restart) {
        for run in &mut runs {
            run.retain(|(_, place)| place.start >= restart);
        }
    }
    let earlier: Vec<Sign> = match (asked, context.so_far) {
        (Asked::Yes, Some(Part::Code { told, .. })) => told.chars().filter(char::is_ascii_alphanumeric).map(Sign::Sure).collect(),
        _ => Vec::new(),
    };
    let whole = runs.iter().find_map(|run| whole(patterns, &earlier, run).or_else(|| whole(patterns, &[], run)));
    if let Some((code, places)) = whole {
        let long = code.chars().filter(|c| c.is_alphanumeric()).count() >= SHORTEST_UNASKED;
        return (asked == Asked::Yes || long).then(|| Candidate::found(Value::Code(code), places, Sure::Told));
    }
    if asked == Asked::No {
        return None;
    }
    // "I forgot it" spells nothing.
    let spelt = |run: &[(Sign, Range<usize>)]| run.len() > 1 || said.words.len() == 1 || !run.iter().any(|(sign, _)| is_word(*sign));
    let longest = runs.iter().filter(|run| !run.is_empty() && spelt(run)).max_by_key(|run| run.len())?;
    let all: Vec<Sign> = earlier.iter().copied().chain(longest.iter().map(|(sign, _)| *sign)).collect();
    let begun = patterns.iter().filter_map(|pattern| {
        let missing = pattern.length().checked_sub(all.len()).filter(|missing| *missing > 0)?;
        Some((missing, pattern.written(&all)?))
    });
    let (missing, told) = begun.min_by_key(|(missing, _)| *missing)?;
    Some(Candidate::part(Part::Code { told, missing }, places(longest)))
}

fn places(run: &[(Sign, Range<usize>)]) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = run.iter().map(|(_, place)| place.clone()).collect();
    places.dedup();
    places
}

/// Letters that are words too.
fn is_word(sign: Sign) -> bool {
    matches!(sign, Sign::Sure('A' | 'I') | Sign::Oh)
}

/// The longest code at the end of a run. "It's a" may stand before it and ", I think" behind it: a lone A or I is let go.
fn whole(patterns: &[Pattern], earlier: &[Sign], run: &[(Sign, Range<usize>)]) -> Option<(String, Vec<Range<usize>>)> {
    let loose = |at: usize| run.get(at).is_some_and(|(sign, _)| is_word(*sign));
    let last = run.len().checked_sub(1)?;
    let ends = [Some(run.len()), loose(last).then_some(last)];
    let starts = [Some(0), (earlier.is_empty() && loose(0)).then_some(1)];
    for end in ends.into_iter().flatten() {
        for start in starts.into_iter().flatten() {
            let Some(part) = run.get(start..end) else { continue };
            let all: Vec<Sign> = earlier.iter().copied().chain(part.iter().map(|(sign, _)| *sign)).collect();
            let fits = patterns.iter().filter(|pattern| pattern.length() == all.len());
            if let Some(code) = fits.into_iter().find_map(|pattern| pattern.written(&all)).filter(|_| !part.is_empty()) {
                return Some((code, places(part)));
            }
        }
    }
    None
}
