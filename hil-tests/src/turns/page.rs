//! The page: the curves, in tables, with how they were measured.

use std::fmt::Write as _;

use switchhook_models::Language;

use super::cases::Set;
use super::listening::{SEEN_AFTER, Seen};
use super::over::{Over, SOON};
use super::rules::{Curve, LENGTHS, Rule};
use super::{Found, Measured};
use crate::ear::percentile;

const HEAD: &str = "# Whose turn it is

Made by `switchhook-hil turns`, which needs the models of the profile `standard` in both languages and `moonshine-tiny` and `whisper-base`, and writes this page; do not
edit it. The figures are kept in `turn-taking.json` beside it; `--rewrite` applies the rules of now to what was heard then.

Sentences of recorded people and of our voices, and telephone numbers and days where they were asked for, have a pause put in, at the quietest places between two words, up to
two per sentence. They go through G.711 at 8 kHz into the daemon's own ears, recogniser and judge of turns. A pause is *cut* if the turn counts as over in it; all lengths of
the pause are judged by what is heard until it begins. The *delay* is from the end of the sound to where it can be answered: the turn is over and its words are there. Recognition begins
at a pause of {seen_after} ms, and each turn's words took as long as they took on this machine, half of them at most {words}; so did the language model, where it is asked whether a sentence ends so ({reads}).

Voices do not hesitate, so the pauses are harder than life: many lie behind words that are a whole sentence (\"Please call me back | on 555-0142\"), which nobody can tell from an end. What is
answered too early is not lost: whoever goes on when the answer has hardly begun is answered to the whole.

Mandarin is read by `qwen2.5-0.5b-instruct`, English by `smollm2-135m-instruct`; without a language model, the row before holds.

The rules' figures (`daemon/src/dialog/turn.rs`, `Patience` in `action.rs`) were chosen on every other sentence; *the other half* was kept out of that. The lists of words that ask for others
were written by somebody who had read what was heard in English in both halves of an earlier run, with other pauses: for them, only the Mandarin halves are apart.
";

/// The whole page.
pub fn page(measured: &Measured) -> String {
    let Measured { under, seconds, found } = measured;
    let head = HEAD
        .replace("{seen_after}", &SEEN_AFTER.to_string())
        .replace("{words}", &halves(found, |seen| Some(seen.took_ms.0)))
        .replace("{reads}", &halves(found, |seen| seen.reads.map(|_| seen.took_ms.1)));
    let mut page = format!("{head}\n");
    for language in [Language::En, Language::Zh] {
        curves(&mut page, found, language);
    }
    together(&mut page, found);
    over(&mut page, &found.over);
    let _ = writeln!(
        page,
        "`{}` at {}, {} UTC, {} min {} s on {}.",
        under.command,
        under.revision,
        under.date,
        seconds / 60,
        seconds % 60,
        under.machine
    );
    page
}

/// The median of a time, in each language.
fn halves(found: &Found, time: impl Fn(&Seen) -> Option<u32>) -> String {
    let half = |language| {
        let ends = found.traces.iter().filter(|trace| trace.language == language).filter_map(|trace| trace.end.as_ref());
        percentile(&ends.filter_map(|(seen, _)| time(seen)).collect::<Vec<_>>(), 0.5)
    };
    [Language::En, Language::Zh]
        .into_iter()
        .filter_map(|language| Some(format!("{} ms in {}", half(language)?, name(language))))
        .collect::<Vec<_>>()
        .join(", ")
}

fn curves(page: &mut String, found: &Found, language: Language) {
    let rows: Vec<Curve> = [false, true]
        .into_iter()
        .flat_map(|chosen_on| Rule::ALL.map(|rule| Curve::of(rule, language, None, chosen_on, &found.traces)))
        .collect();
    let (kept, chosen) = rows.split_at(Rule::ALL.len());
    if rows.iter().all(|row| row.turns == 0) {
        return;
    }
    let _ = write!(page, "## {}\n\n", name(language));
    table(page, "the other half", kept.iter().map(|curve| (curve.rule.name(), curve)));
    table(page, "the half on which the figures were chosen", chosen.iter().map(|curve| (curve.rule.name(), curve)));
    let by_set = Set::ALL.map(|set| (set, Curve::of(Rule::Reading, language, Some(set), false, &found.traces)));
    table(page, "the other half, by the daemon's rule", by_set.iter().map(|(set, curve)| (set.name().to_owned(), curve)));
}

/// Both languages, by the daemon's rule.
fn together(page: &mut String, found: &Found) {
    let both = |chosen_on| {
        let [english, mandarin] =
            [Language::En, Language::Zh].map(|language| Curve::of(Rule::Reading, language, None, chosen_on, &found.traces));
        english.and(mandarin)
    };
    let (kept, chosen) = (both(false), both(true));
    page.push_str("## Both languages\n\n");
    let rows = [("the other half".to_owned(), &kept), ("the half on which the figures were chosen".to_owned(), &chosen)];
    table(page, "by the daemon's rule", rows.into_iter());
}

fn table<'a>(page: &mut String, title: &str, rows: impl Iterator<Item = (String, &'a Curve)>) {
    let lengths = LENGTHS.map(|length| format!("{:.1} s", f64::from(length) / 1000.0)).join(" | ");
    let _ = writeln!(
        page,
        "| {title}: percent cut in pauses of | turns | {lengths} | all | delay: half | nine in ten | 95 in 100 | speakers' own pauses cut |"
    );
    let _ = writeln!(page, "|---|---|{}---|---|---|---|---|", "---|".repeat(LENGTHS.len()));
    for (name, curve) in rows.filter(|(_, curve)| curve.turns > 0) {
        let share = |cut: &usize| format!("{:.0}", 100.0 * *cut as f64 / curve.turns as f64);
        let cut = curve.cut.iter().map(share).collect::<Vec<_>>().join(" | ");
        let delay = |share| percentile(&curve.delays, share).map_or_else(String::new, |delay| format!("{delay} ms"));
        let (own, of) = (curve.own.1, curve.own.0);
        let (half, nine, most) = (delay(0.5), delay(0.9), delay(0.95));
        let _ =
            writeln!(page, "| {name} | {} | {cut} | {:.1} | {half} | {nine} | {most} | {own} of {of} |", curve.turns, curve.cut_percent());
    }
    page.push('\n');
}

fn over(page: &mut String, all: &[Over]) {
    if all.is_empty() {
        return;
    }
    let _ = write!(
        page,
        "## Over the robot\n\nWhat our voices say while the robot speaks, and recorded noise: whether it *goes on*, and for interruptions, how many hold it within {SOON} ms of their first \
         sound and how many stop it for good. Ears, recogniser and the dialog's judgement are the daemon's, and know each caller by a turn before; the line's own delay comes on top. The robot asks for no yes or no here.\n\n\
         | | signs of listening: goes on | noises: goes on | interruptions: held in time | stopped for good | noticed after: half, 95 in 100 |\n|---|---|---|---|---|---|\n"
    );
    for over in all {
        let share = |count: usize, of: usize| format!("{:.0} % ({count} of {of})", 100.0 * count as f64 / of.max(1) as f64);
        let (turns, soon, stopped) = over.interruptions;
        let noticed = |part| percentile(&over.noticed, part).map_or_else(String::new, |after| format!("{after} ms"));
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {}, {} |",
            over.language.map(name).unwrap_or_default(),
            share(over.signs.1, over.signs.0),
            share(over.noises.1, over.noises.0),
            share(soon, turns),
            share(stopped, turns),
            noticed(0.5),
            noticed(0.95),
        );
    }
    page.push('\n');
}

fn name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::Zh => "Mandarin",
    }
}
