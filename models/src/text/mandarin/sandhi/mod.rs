//! How tones change in speech, where words stand beside each other.
//!
//! The dictionary gives every syllable the tone that it has alone. In speech 一 and 不 change before other tones, suffixes and particles lose
//! theirs ([`neutral`]), and of two low tones the first rises ([`third`]). The rules and most of their examples are those of PaddleSpeech
//! (Apache-2.0, PaddlePaddle Authors), which misaki has for later voices; where they say something that speakers do not, ours differ:
//! 一 changes before 百 千 万 亿 too (`yì bǎi`), keeps its tone in the days, months and floors that it numbers, and 目的 and 工地 keep the
//! tones of their last characters.
//!
//! Words keep their borders, which the voice hears; only for these rules are some taken together as a [`Group`]: 不 and 一 with what they
//! stand before, 看 一 看, a suffixed 儿, and short words in which low tones meet.

mod neutral;
mod third;

use std::ops::Range;

use super::syllable::{Syllable, Tone};
use super::words::Word;

/// A word with the tones that it has.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub word: Word,
    pub syllables: Vec<Syllable>,
}

/// Characters that the rules take together.
#[derive(Clone, Debug)]
struct Group {
    chars: Vec<char>,
    tag: String,
    /// Which of the run's syllables are its own: as many as it has characters.
    place: Range<usize>,
}

impl Group {
    fn is(&self, text: &str) -> bool {
        self.chars.iter().copied().eq(text.chars())
    }

    fn take(&mut self, next: Self) {
        self.chars.extend(next.chars);
        self.place.end = next.place.end;
    }

    fn last(&self) -> Option<char> {
        self.chars.last().copied()
    }
}

/// The words of one run with the tones that they have in speech. `halves` says where a longer word falls into two.
pub(super) fn spoken(words: &mut [Read], halves: &dyn Fn(&str) -> usize) {
    let mut tones: Vec<Tone> = words.iter().flat_map(|word| word.syllables.iter().map(|syllable| syllable.tone)).collect();
    let groups = joined(groups(words));
    let mut before = None;
    for group in &groups {
        if let Some(tones) = tones.get_mut(group.place.clone()) {
            not(group, tones);
            one(group, tones, before);
            neutral::soften(group, tones);
        }
        before = group.last();
    }
    for group in third::joined(groups, &tones) {
        if let Some(tones) = tones.get_mut(group.place.clone()) {
            third::raise(&group, tones, halves);
        }
    }
    let syllables = words.iter_mut().flat_map(|word| &mut word.syllables);
    for (syllable, tone) in syllables.zip(tones) {
        syllable.tone = tone;
    }
}

fn groups(words: &[Read]) -> Vec<Group> {
    let mut at = 0;
    let group = |read: &Read| {
        let place = at..at + read.syllables.len();
        at = place.end;
        Group { chars: read.word.text.chars().collect(), tag: read.word.tag.clone(), place }
    };
    words.iter().map(group).collect()
}

/// 不 and 一 with what follows, 看 一 看 and 看 看 as one, 儿 with what it ends.
fn joined(groups: Vec<Group>) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::with_capacity(groups.len());
    let mut rest = groups.into_iter().peekable();
    while let Some(mut group) = rest.next() {
        let Some(before) = out.last_mut() else {
            out.push(group);
            continue;
        };
        let again = group.is("一") && before.tag == "v" && rest.peek().is_some_and(|next| next.chars == before.chars);
        if again {
            before.take(group);
            before.take_all(rest.next());
        } else if before.is("不") {
            std::mem::swap(&mut before.tag, &mut group.tag);
            before.take(group);
        } else if before.is("一") || group.is("儿") || (group.chars == before.chars && group.chars.len() == 1 && group.tag != "m") {
            before.take(group);
        } else {
            out.push(group);
        }
    }
    out
}

impl Group {
    fn take_all(&mut self, next: Option<Self>) {
        if let Some(next) = next {
            self.take(next);
        }
    }
}

/// 不 rises before a falling tone, and is neutral between a verb and what comes of it: bú shì, kàn bu dǒng.
fn not(group: &Group, tones: &mut [Tone]) {
    if let ([_, '不', _], [_, tone, _]) = (group.chars.as_slice(), &mut *tones) {
        *tone = Tone::Neutral;
        return;
    }
    for at in 0..tones.len() {
        let falls = tones.get(at + 1) == Some(&Tone::Fourth);
        if let (Some('不'), Some(tone), true) = (group.chars.get(at), tones.get_mut(at), falls) {
            *tone = Tone::Second;
        }
    }
}

fn is_numeral(c: char) -> bool {
    matches!(c, '零' | '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '幺')
}

/// 百 and what is larger, before which 一 changes.
fn is_scale(c: char) -> bool {
    matches!(c, '百' | '千' | '万' | '亿')
}

/// 一 rises before a falling or a neutral tone and falls before any other; it keeps its tone where it is a digit, an ordinal or a key to press.
/// `before` is the character before the group.
fn one(group: &Group, tones: &mut [Tone], before: Option<char>) {
    if let ([first, '一', last], [_, tone, _]) = (group.chars.as_slice(), &mut *tones)
        && first == last
        && !is_numeral(*first)
    {
        *tone = Tone::Neutral;
        return;
    }
    for at in 0..tones.len() {
        let (Some('一'), Some(next), Some(following)) = (group.chars.get(at), group.chars.get(at + 1), tones.get(at + 1).copied()) else {
            continue;
        };
        let before = at.checked_sub(1).map_or(before, |at| group.chars.get(at).copied());
        if let Some(tone) = tones.get_mut(at) {
            *tone = match following {
                _ if keeps(before, *next) => Tone::First,
                Tone::Fourth | Tone::Neutral => Tone::Second,
                Tone::First | Tone::Second | Tone::Third => Tone::Fourth,
            };
        }
    }
}

/// Whether 一 between these characters keeps its tone.
fn keeps(before: Option<char>, next: char) -> bool {
    let numbered = matches!(next, '月' | '号' | '日' | '楼' | '层' | '等' | '级' | '期' | '班' | '路' | '段');
    match before {
        // 统一, 唯一: no number at all.
        Some('第' | '统' | '唯' | '单' | '专' | '划') => true,
        Some('按' | '拨' | '选') => !matches!(next, '下' | '次' | '个' | '位' | '遍'),
        Some(c) if is_numeral(c) || is_scale(c) => !is_scale(next),
        _ => numbered || is_numeral(next),
    }
}
