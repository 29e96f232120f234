//! From evidence to probabilities: which entry is meant, or none.
//!
//! A conditional logit with an outside option (D. McFadden, *Conditional logit analysis of qualitative choice behavior*, 1974): every entry's
//! evidence is weighed into one number, and so is what speaks for "nothing fits"; probabilities are the softmax over both. So the ranks of several
//! indexes are fused, a rival that is about as good lowers the best one's probability, and what resembles nothing is nothing.
//!
//! The weights were fitted by the example `retrieval` on the questions to two invented offices (`tests/conversation/retrieval/fitted`), and are judged on the
//! questions to a third that it has never seen (`tests/conversation/retrieval/held-out`).

/// What speaks for one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Words in common with a way to ask: the share that BM25 reaches.
    pub words: f32,
    /// Pieces of words in common with a way to ask.
    pub pieces: f32,
    /// Words in common with everything that the entry says.
    pub passage: f32,
    /// Sounds in common with a way to ask.
    pub sound: f32,
    /// Nearness in meaning to a way to ask.
    pub asked: f32,
    /// Nearness in meaning to the answer.
    pub answer: f32,
}

/// How many kinds of evidence there are.
pub const KINDS: usize = 6;
/// How many weights: those of the evidence, that nothing fits, and the share of strange words, which speaks for nothing.
pub const WEIGHTS: usize = KINDS + 2;
/// So many entries are rivals: that an office knows much more besides makes no answer less likely.
const RIVALS: usize = 5;

/// What each kind of evidence weighs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights(pub [f32; WEIGHTS]);

impl Evidence {
    /// The kinds in the order of their weights.
    #[must_use]
    pub fn kinds(&self) -> [f32; KINDS] {
        [self.words, self.pieces, self.passage, self.sound, self.asked, self.answer]
    }
}

impl Weights {
    fn of_entry(&self, evidence: &Evidence) -> f32 {
        self.0.iter().zip(evidence.kinds()).map(|(weight, kind)| weight * kind).sum()
    }

    fn of_nothing(&self, strange: f32) -> f32 {
        let [.., nothing, strangeness] = self.0;
        nothing + strangeness * strange
    }

    /// How likely the entry is meant where it alone could be. The query's strange words do not count: what else was said is strange to each.
    #[must_use]
    pub fn kinship(&self, evidence: &Evidence) -> f32 {
        1.0 / (1.0 + (self.of_nothing(0.0) - self.of_entry(evidence)).exp())
    }

    /// The nearest entries with their probabilities, likeliest first; what is missing to 1 is that nothing fits. Entries without any evidence are left out.
    #[must_use]
    pub fn choose(&self, evidence: &[Evidence], strange: f32) -> Vec<(usize, f32)> {
        let mut ranked: Vec<(usize, f32)> = evidence
            .iter()
            .enumerate()
            .filter(|(_, evidence)| **evidence != Evidence::default())
            .map(|(entry, evidence)| (entry, self.of_entry(evidence)))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(RIVALS);
        let nothing = self.of_nothing(strange);
        let highest = ranked.first().map_or(nothing, |(_, weight)| weight.max(nothing));
        let all: f32 = ranked.iter().map(|(_, weight)| (weight - highest).exp()).sum::<f32>() + (nothing - highest).exp();
        ranked.into_iter().map(|(entry, weight)| (entry, (weight - highest).exp() / all)).collect()
    }
}

/// English by text alone.
pub const ENGLISH: Weights = Weights([0.00, 1.49, 4.72, 0.00, 0.00, 0.00, 0.95, 1.06]);
/// English by text and meaning.
pub const ENGLISH_WITH_MEANING: Weights = Weights([0.00, 0.00, 1.65, 0.00, 9.57, 3.63, 3.79, 1.32]);
/// Mandarin by text alone.
pub const MANDARIN: Weights = Weights([0.25, 6.06, 5.57, 0.00, 0.00, 0.00, 0.53, 1.37]);
/// Mandarin by text and sound.
pub const MANDARIN_WITH_SOUND: Weights = Weights([0.00, 6.31, 5.28, 2.63, 0.00, 0.00, 0.47, 1.65]);
