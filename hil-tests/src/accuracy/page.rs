//! The page: what was measured, in tables, with how to measure it again.

use std::fmt::Write as _;

use switchhook_models::Language;

use super::results::{Circumstances, Condition, Digits, Measured, Names, NoWords, Results, RoundTrip, Speech};
use super::score::Rate;

const HEAD: &str = "# How right

Made by `make accuracy`, which measures the recognisers that are installed and writes this page; do not edit it. `make accuracy ONLY=digits` measures one part
again (`speech`, `round-trip`, `digits`, `names`, `no-words`) and leaves the others as they were; `AUDIO=DIR` names other speech; `PEERS=1` asks the published engines too. The
figures are kept in `accuracy.json` beside this page, with what was misheard.

Percentages are of units wrong: words of English, characters of Mandarin (whichever script), with case and punctuation left out and numbers spelled
(`models/src/text/score.rs`). Behind each stands the interval that holds it with 95 % confidence, by a bootstrap over clips. Intervals that overlap say nothing of
which is better. What the recognisers cost is in [performance.md](performance.md).
";

/// The whole page.
pub fn page(results: &Results) -> String {
    let parts = [
        results.speech.as_ref().map(|part| titled("Words of people", &speech(&part.found), part)),
        results.round_trip.as_ref().map(|part| titled("Office sentences in our own voices", &round_trip(&part.found), part)),
        results.digits.as_ref().map(|part| titled("Digits", &digits(&part.found), part)),
        results.names.as_ref().map(|part| titled("Names from a list", &names(&part.found), part)),
        results.no_words.as_ref().map(|part| titled("Sounds without words", &no_words(&part.found), part)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{HEAD}\n{}", parts.join("\n")).trim_end().to_owned()
}

fn titled<T>(title: &str, body: &str, part: &Measured<T>) -> String {
    let Measured { under: Circumstances { command, date, machine, revision }, seconds, .. } = part;
    format!("## {title}\n\n{body}\n`{command}` at {revision}, {date} UTC, {} min {} s on {machine}.\n", seconds / 60, seconds % 60)
}

fn speech(found: &[Speech]) -> String {
    let mut text = "Recorded people, each clip alone, the language told. *Line* is G.711 (mu-law) at 8 kHz; *lossy line* the same with 3 % of the 20 ms packets lost, three times, \
                    made up by the daemon's concealment; *noise* has a recorded noise 10 dB below the speech, each of the noises once; *noise, line* has both. Published \
                    engines heard the very same samples.\n"
        .to_owned();
    for language in [Language::En, Language::Zh] {
        let rows: Vec<&Speech> = found.iter().filter(|row| row.language == language).collect();
        let Some(first) = rows.iter().find(|row| row.condition == Condition::Recorded) else { continue };
        let name = match language {
            Language::En => format!("English, {} clips, {} words", first.clips, first.rate.units),
            Language::Zh => format!("Mandarin, {} clips, {} characters", first.clips, first.rate.units),
        };
        let _ = write!(text, "\n| {name} | 16 kHz | line | lossy line | noise | noise, line |\n|---|---|---|---|---|---|\n");
        let mut engines: Vec<&str> = Vec::new();
        for row in &rows {
            if !engines.contains(&row.engine.as_str()) {
                engines.push(&row.engine);
            }
        }
        for engine in engines {
            let cell = |condition| {
                let row = rows.iter().find(|row| row.engine == engine && row.condition == condition);
                row.map_or_else(String::new, |row| cell(&row.rate))
            };
            let cells = [Condition::Recorded, Condition::Line, Condition::LossyLine, Condition::Noise, Condition::NoisyLine].map(cell);
            let _ = writeln!(text, "| {engine} | {} |", cells.join(" | "));
        }
    }
    text
}

fn round_trip(found: &[RoundTrip]) -> String {
    let mut text = "Sentences of `hil-tests/speech/office`, spoken by our voices by turns, over the line. What is a number, a sum, a date, a time or a telephone number counts by \
                    its value, so \"three p.m.\" is \"15:00\"; *values* are those of them that were not heard.\n"
        .to_owned();
    for language in [Language::En, Language::Zh] {
        let rows: Vec<&RoundTrip> = found.iter().filter(|row| row.language == language).collect();
        let Some(first) = rows.first() else { continue };
        let name = if language == Language::En { "English" } else { "Mandarin" };
        let _ = write!(text, "\n{name}, {} sentences by {}:\n\n", first.sentences, first.voices.join(", "));
        text.push_str("| | words | characters | values |\n|---|---|---|---|\n");
        for row in rows {
            let words = row.words.as_ref().map_or_else(String::new, cell);
            let _ = writeln!(text, "| {} | {words} | {} | {} |", row.recogniser, cell(&row.characters), cell(&row.values));
        }
    }
    text
}

fn digits(found: &[Digits]) -> String {
    let mut text = "One digit in a turn, under the grammar of up to 20 digits; *recorded people* at 8 kHz (`digits8k`), our voices over the line at several speeds. \
                    *Telephone numbers* have 8 to 11 digits, all of which must be right, by our voices in turn under the telephone grammar, half of them with 幺 for 1; *answers that are no \
                    digits* are short (\"是的\", \"喂\", \"不知道\") and right if the digit grammar leaves them outside. \
                    The published recognisers cannot be led by a grammar.\n\n| | turns | right | wrong |\n|---|---|---|---|\n"
        .to_owned();
    for Digits { recogniser, set, clips, right, wrong, .. } in found {
        const SHOWN: usize = 5;
        let mut told: Vec<String> = wrong.iter().take(SHOWN).map(|(clip, heard)| format!("{clip}: {heard}")).collect();
        if wrong.len() > SHOWN {
            told.push(format!("{} more", wrong.len() - SHOWN));
        }
        let share = 100.0 * *right as f64 / (*clips).max(1) as f64;
        let _ = writeln!(text, "| {recogniser}, {set} | {clips} | {share:.1} % ({right}) | {} |", told.join("; ").replace('|', "\\|"));
    }
    text
}

fn names(found: &[Names]) -> String {
    let mut text = "Twenty names of `hil-tests/speech/office` as a grammar, and twenty others that are not in it, each by two of our voices over the line. *By sound*: what the grammar \
                    leaves outside is compared with the names' sounds (`asr::grammar::sounds`).\n\n\
                    | | right, led by the list | right, by sound too | others taken for one of them, led | by sound too |\n|---|---|---|---|---|\n"
        .to_owned();
    for row in found {
        let share = |count: usize, of: usize| format!("{:.0} % ({count} of {of})", 100.0 * count as f64 / of.max(1) as f64);
        let language = if row.language == Language::En { "English" } else { "Mandarin" };
        let (led, sound) = (share(row.right_led, row.inside), share(row.right_by_sound, row.inside));
        let (accepted, by_sound) = (share(row.accepted_led, row.outside), share(row.accepted_by_sound, row.outside));
        let _ = writeln!(text, "| {}, {language} | {led} | {sound} | {accepted} | {by_sound} |", row.recogniser);
    }
    text
}

fn no_words(found: &[NoWords]) -> String {
    let mut text = "Ring-back, busy, dial, fax and other tones by their published frequencies and cadences, keys, hum, music, coloured noise, recorded noise and idle lines, in turns of 1 to 10 s \
                    at four levels, over the line. Each turn is given to the recogniser whole: in a call, voice activity drops most of them before.\n\n\
                    | | turns | minutes | turns with words | |\n|---|---|---|---|---|\n"
        .to_owned();
    for NoWords { recogniser, turns, minutes, with_words } in found {
        let told: Vec<String> = with_words.iter().map(|(kind, words)| format!("{kind}: \"{words}\"")).collect();
        let _ =
            writeln!(text, "| {recogniser} | {turns} | {minutes:.0} | {} | {} |", with_words.len(), told.join("; ").replace('|', "\\|"));
    }
    text
}

fn cell(rate: &Rate) -> String {
    format!("{:.1} % ({:.1}–{:.1})", rate.percent(), rate.low, rate.high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_was_not_measured_is_not_on_the_page() {
        let page = page(&Results::default());
        assert!(page.starts_with("# How right") && !page.contains("## "), "{page}");
    }

    #[test]
    fn an_engine_has_one_row_with_a_cell_for_each_condition() {
        let rate = Rate { units: 200, wrong: 5, low: 1.0, high: 4.25 };
        let row = |engine: &str, condition| Speech { engine: engine.to_owned(), language: Language::En, condition, clips: 3, rate };
        let text = speech(&[
            row("ours", Condition::Recorded),
            row("ours", Condition::NoisyLine),
            row("theirs", Condition::Line),
            row("theirs", Condition::Recorded),
        ]);
        assert!(text.contains("English, 3 clips, 200 words"), "{text}");
        assert!(text.contains("| ours | 2.5 % (1.0–4.2) |  |  |  | 2.5 % (1.0–4.2) |"), "{text}");
        assert!(text.contains("| theirs | 2.5 % (1.0–4.2) | 2.5 % (1.0–4.2) |  |  |  |"), "{text}");
    }
}
