//! Low tones that meet: of two, the first rises. Which two meet first follows from how the words hang together.

use super::super::syllable::Tone;
use super::Group;

/// The most characters of short words that are said in one breath.
const BREATH: usize = 3;

/// Short words in which low tones meet, taken together: first those that are low throughout, then those that touch with low tones.
pub(super) fn joined(groups: Vec<Group>, tones: &[Tone]) -> Vec<Group> {
    let low = |group: &Group| tones.get(group.place.clone()).is_some_and(all_low);
    let all = merged(groups, |before, next| low(before) && low(next));
    let tone = |at: Option<usize>| at.and_then(|at| tones.get(at)) == Some(&Tone::Third);
    merged(all, |before, next| tone(before.place.end.checked_sub(1)) && tone(Some(next.place.start)))
}

fn all_low(tones: &[Tone]) -> bool {
    !tones.is_empty() && tones.iter().all(|tone| *tone == Tone::Third)
}

fn merged(groups: Vec<Group>, meet: impl Fn(&Group, &Group) -> bool) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::with_capacity(groups.len());
    // Not again with one that was just taken in, as its tone will have changed.
    let mut just_merged = false;
    for group in groups {
        match out.last_mut() {
            Some(before) if !just_merged && short(before, &group) && meet(before, &group) => {
                before.take(group);
                just_merged = true;
            }
            _ => {
                out.push(group);
                just_merged = false;
            }
        }
    }
    out
}

fn short(before: &Group, next: &Group) -> bool {
    let repeated = matches!(before.chars.as_slice(), [a, b] if a == b);
    !repeated && before.chars.len() + next.chars.len() <= BREATH
}

/// Let low tones rise before low tones inside `group`. `halves` says where a word of three falls into two.
pub(super) fn raise(group: &Group, tones: &mut [Tone], halves: &dyn Fn(&str) -> usize) {
    let text = || group.chars.iter().collect::<String>();
    match tones {
        [_, _] => raise_pair(tones),
        [_, _, _] => {
            let split = halves(&text());
            raise_three(tones, split);
        }
        [_, _, _, _] => tones.chunks_mut(2).for_each(raise_pair),
        _ => {}
    }
}

fn raise_pair(tones: &mut [Tone]) {
    if let [first, Tone::Third] = tones
        && *first == Tone::Third
    {
        *first = Tone::Second;
    }
}

fn raise_three(tones: &mut [Tone], split: usize) {
    let [a, b, c] = tones else { return };
    if *c == Tone::Third && *b == Tone::Third {
        // 小/老虎 keeps its first tone low; 展览/馆 does not.
        if *a == Tone::Third && split == 2 {
            *a = Tone::Second;
        }
        *b = Tone::Second;
    } else if *a == Tone::Third && *b == Tone::Third {
        *a = Tone::Second;
    }
}
