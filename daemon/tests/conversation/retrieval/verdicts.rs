//! What becomes of an office's questions.

use switchhook::dialog::retrieval::{Query, Retrieval, Verdict};

use super::offices::{Embed, Office};

/// How many questions went which way.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Verdicts {
    /// Answered as they mean, at once.
    pub sure_right: usize,
    /// Answered otherwise, at once.
    pub sure_wrong: usize,
    /// What they mean is the likeliest of what may be meant.
    pub first: usize,
    /// What they mean is among what may be meant.
    pub among: usize,
    /// What they mean is not among it.
    pub amiss: usize,
    /// Nothing was said to fit, though something does.
    pub missed: usize,
    /// Answered at once, though nothing fits.
    pub invented: usize,
    /// Something may be meant, though nothing fits.
    pub doubted: usize,
    /// Nothing fits, and nothing was said to.
    pub declined: usize,
}

/// Put every question of the office to the retrieval. `tell` hears of each question, the likeliest entry and its probability.
pub fn judged(
    office: &Office,
    retrieval: &Retrieval,
    embed: Option<Embed<'_>>,
    mut tell: impl FnMut(&str, Option<usize>, Option<(usize, f32)>),
) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for question in &office.questions {
        let vector = embed.map(|embed| embed(&question.text));
        let hits = retrieval.search(&Query { text: &question.text, vector: vector.as_deref() });
        tell(&question.text, question.means, hits.first().map(|hit| (hit.entry, hit.probability)));
        let count = match (Verdict::of(&hits), question.means) {
            (Verdict::Sure(entry), Some(means)) if entry == means => &mut verdicts.sure_right,
            (Verdict::Sure(_), Some(_)) => &mut verdicts.sure_wrong,
            (Verdict::Sure(_), None) => &mut verdicts.invented,
            (Verdict::Perhaps(entries), Some(means)) if entries.first() == Some(&means) => &mut verdicts.first,
            (Verdict::Perhaps(entries), Some(means)) if entries.contains(&means) => &mut verdicts.among,
            (Verdict::Perhaps(_), Some(_)) => &mut verdicts.amiss,
            (Verdict::Perhaps(_), None) => &mut verdicts.doubted,
            (Verdict::Nothing, Some(_)) => &mut verdicts.missed,
            (Verdict::Nothing, None) => &mut verdicts.declined,
        };
        *count += 1;
    }
    verdicts
}
