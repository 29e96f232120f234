//! Several slots in one sentence: "I'd like a cleaning next Tuesday at ten, my name is Maria Chen".
//!
//! The surest reading of any slot is taken first, its words are blanked out, and the rest is read again: each word is used once. Of
//! readings that are equally sure, the kind that is hardest to mistake goes first, then the earlier slot.

use switchhook_models::Locale;

use super::{Asked, Candidate, Reading, Sure, candidate};
use crate::dialog::slots::context::Context;
use crate::dialog::slots::kind::Kind;
use crate::dialog::slots::phrases::Said;

/// What `said` tells of `slots`: the place of each in the list and what was read, as many as were told of. `asked` is the place of the slot
/// that was asked for, if one was.
#[must_use]
pub fn read_all(slots: &[&Kind], asked: Option<usize>, said: &str, locale: Locale, context: &Context<'_>) -> Vec<(usize, Reading)> {
    let mut text = Said::new(said).text.to_owned();
    let mut open: Vec<usize> = (0..slots.len()).collect();
    let mut out = Vec::new();
    while !open.is_empty() {
        let left = Said::new(&text);
        let of = |&slot: &usize| {
            let kind = slots.get(slot)?;
            let was_asked = asked == Some(slot);
            let context = if was_asked { context.clone() } else { Context { so_far: None, ..context.clone() } };
            let candidate = candidate(kind, &left, locale, &context, if was_asked { Asked::Yes } else { Asked::No })?;
            // What begins or ends inside a character that another slot has taken was never said.
            let whole = candidate.reading.span().is_none_or(|span| said.get(span).is_some());
            whole.then_some(())?;
            Some((rank(kind, &candidate.reading), slot, candidate))
        };
        // The first of equals: `max_by_key` would take the last.
        let Some((_, slot, Candidate { reading, places })) = open.iter().rev().filter_map(of).max_by_key(|(rank, _, _)| *rank) else {
            break;
        };
        open.retain(|other| *other != slot);
        for place in places {
            let length = place.len();
            // Spaces of the same length keep every other place where it is, and a comma parts what stood around it.
            if text.is_char_boundary(place.start) && text.is_char_boundary(place.end) && length > 0 {
                text.replace_range(place, &format!(",{}", " ".repeat(length - 1)));
            }
        }
        out.push((slot, reading));
    }
    if let Some(asked) = asked.filter(|asked| out.iter().all(|(slot, _)| slot != asked))
        && out.is_empty()
        && Said::new(said).knows_not(locale.language())
    {
        out.push((asked, Reading::DontKnow));
    }
    out.retain(|(_, reading)| !matches!(reading, Reading::None));
    out.sort_by_key(|(slot, _)| *slot);
    out
}

/// How early a reading is taken: by how sure it is, then by its kind.
fn rank(kind: &Kind, reading: &Reading) -> (u8, u8) {
    let sure = match reading {
        Reading::Found { sure: Sure::Told, .. } => 4,
        Reading::Outside { .. } | Reading::Found { sure: Sure::Inferred, .. } => 3,
        Reading::Part(..) => 2,
        Reading::Found { sure: Sure::Guessed, .. } => 1,
        Reading::DontKnow | Reading::None => 0,
    };
    let kind = match kind {
        Kind::Pattern(_) => 11,
        Kind::Phone { .. } => 10,
        Kind::Address => 9,
        Kind::Money { .. } => 8,
        Kind::DateTime(_) => 7,
        Kind::Date(_) => 6,
        Kind::Time => 5,
        Kind::Choice(_) => 4,
        Kind::Name => 3,
        Kind::Number(_) => 2,
        Kind::YesNo => 1,
        Kind::Text => 0,
    };
    (sure, kind)
}
