//! What ends a turn, by silence alone, with the judge of turns, and with the words too: how long a pause may last before it counts as the end.

use serde::{Deserialize, Serialize};
use switchhook::dialog::slots::Completeness;
use switchhook::dialog::{Patience, Told, Verdict};
use switchhook_models::Language;

use super::cases::Set;
use super::listening::{SEEN_AFTER, Seen, Trace};

/// The lengths of pauses that are looked at, in milliseconds.
pub const LENGTHS: [u32; 8] = [200, 400, 600, 800, 1000, 1200, 1600, 2000];
/// The ears count silence in windows of so many milliseconds.
const WINDOW: u32 = 32;

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// So many milliseconds of silence end every turn.
    Silence(u32),
    /// The judge of turns alone.
    Voice,
    /// Words, judge and silence: the daemon's where there is no language model.
    Words,
    /// The daemon's: these, and where sentences end to a language model.
    Reading,
}

impl Rule {
    pub const ALL: [Self; 5] = [Self::Silence(500), Self::Silence(800), Self::Voice, Self::Words, Self::Reading];

    /// What the page calls it.
    pub fn name(self) -> String {
        match self {
            Self::Silence(silence) => format!("{silence} ms of silence"),
            Self::Voice => "silence and smart-turn".to_owned(),
            Self::Words => "silence, smart-turn and words".to_owned(),
            Self::Reading => "the same and a language model".to_owned(),
        }
    }

    /// After how many milliseconds of silence a turn of which this is seen is over, and can be answered: its words are there.
    pub fn ends_after(self, language: Language, set: Set, seen: &Seen) -> u32 {
        let patience: Patience = set.patience();
        let after = |words, told| milliseconds(patience.after(Verdict::of(language, words, told)));
        let voice = Told { sounds: Some(seen.sounds), ..Told::default() };
        let words = seen.words.completeness();
        let silence = match self {
            Self::Silence(silence) => silence,
            Self::Voice => after(Completeness::Unknown, voice),
            Self::Words => after(words, Told { reads: None, ..seen.told() }),
            Self::Reading => after(words, seen.told()),
        };
        // The words take as long as they take, and every answer needs them.
        let (words, reading) = seen.took_ms;
        let known = SEEN_AFTER.saturating_add(words).saturating_add(if self == Self::Reading { reading } else { 0 });
        silence.next_multiple_of(WINDOW).max(known)
    }
}

/// What became of the turns of a set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Curve {
    pub rule: Rule,
    pub language: Language,
    /// All sets together, if none.
    pub set: Option<Set>,
    /// Whether the rule's figures were chosen on these turns.
    pub chosen_on: bool,
    /// Turns with a pause inside.
    pub turns: usize,
    /// For each of [`LENGTHS`], how many were over in the pause.
    pub cut: Vec<usize>,
    /// Pauses that the speakers made themselves, and how many turns were over in them.
    pub own: (usize, usize),
    /// From the end of the sound to where it can be answered, in milliseconds, in order.
    pub delays: Vec<i64>,
}

impl Curve {
    /// Apply a rule.
    pub fn of(rule: Rule, language: Language, set: Option<Set>, chosen_on: bool, traces: &[Trace]) -> Self {
        let mut curve = Self { rule, language, set, chosen_on, turns: 0, cut: vec![0; LENGTHS.len()], own: (0, 0), delays: Vec::new() };
        let wanted = |trace: &&Trace| {
            trace.language == language && set.is_none_or(|set| set == trace.set) && trace.sentence.is_multiple_of(2) == chosen_on
        };
        for trace in traces.iter().filter(wanted) {
            let ends = |seen: &Seen| i64::from(rule.ends_after(language, trace.set, seen));
            if let Some((seen, longer)) = &trace.inside {
                curve.turns += 1;
                for (cut, length) in curve.cut.iter_mut().zip(LENGTHS) {
                    *cut += usize::from(i64::from(length) + longer >= ends(seen));
                }
            }
            for (seen, silence) in &trace.own {
                curve.own.0 += 1;
                curve.own.1 += usize::from(*silence >= ends(seen));
            }
            curve.delays.extend(trace.end.iter().map(|(seen, late)| ends(seen) + late));
        }
        curve.delays.sort_unstable();
        curve
    }

    /// The turns of both.
    pub fn and(mut self, other: Self) -> Self {
        self.turns += other.turns;
        self.own = (self.own.0 + other.own.0, self.own.1 + other.own.1);
        self.cut.iter_mut().zip(other.cut).for_each(|(cut, more)| *cut += more);
        self.delays.extend(other.delays);
        self.delays.sort_unstable();
        self
    }

    /// Percent of the turns that are over in a pause, all lengths alike.
    pub fn cut_percent(&self) -> f64 {
        100.0 * self.cut.iter().sum::<usize>() as f64 / (self.turns * LENGTHS.len()).max(1) as f64
    }
}

pub fn milliseconds(time: std::time::Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::listening::Wholeness;
    use super::*;

    fn trace(sentence: usize, inside: f32, end: f32) -> Trace {
        let seen = |sounds| Seen { sounds, words: Wholeness::Unknown, reads: None, took_ms: (0, 0), signed: false, text: String::new() };
        let (inside, end) = (Some((seen(inside), 0)), Some((seen(end), 100)));
        Trace { set: Set::Office, language: Language::En, sentence, inside, end, own: Vec::new() }
    }

    #[test]
    fn silence_alone_cuts_every_pause_that_is_as_long() {
        let curve = Curve::of(Rule::Silence(800), Language::En, None, true, &[trace(0, 0.0, 1.0)]);
        assert_eq!((curve.turns, curve.cut.as_slice()), (1, [0, 0, 0, 1, 1, 1, 1, 1].as_slice()));
        assert_eq!(curve.delays, [900]);
    }

    #[test]
    fn a_pause_that_does_not_sound_like_an_end_is_not_cut_and_an_end_that_does_is_answered_soon() {
        let curve = Curve::of(Rule::Words, Language::En, None, true, &[trace(0, 0.0, 1.0)]);
        assert!(curve.cut.iter().all(|cut| *cut == 0) && curve.delays.iter().all(|delay| *delay < 400), "{curve:?}");
    }

    #[test]
    fn halves_do_not_mix() {
        let traces = [trace(0, 0.0, 1.0), trace(1, 0.0, 1.0), trace(3, 0.0, 1.0)];
        let turns = |chosen_on| Curve::of(Rule::Voice, Language::En, None, chosen_on, &traces).turns;
        assert_eq!((turns(true), turns(false)), (1, 2));
    }
}
