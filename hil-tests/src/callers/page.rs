//! The page: what the calls came to, why those that did not go well did not, and how to do it again.

use std::fmt::Write as _;

use super::outcome::{Cause, Found};
use super::results::Results;
use crate::accuracy::Measured;

const HEAD: &str = "# Simulated callers

Made by `make callers` (`switchhook-hil callers --text` and `--voice`); do not edit it. `--scenario` and `--language` measure one part and leave the others as they were; the figures are kept
in `callers.json` beside this page, with the calls that did not go well, word for word.

The callers are made by a seed: what they want, what they tell, how patient they are, and what they do beside answering (tell all at once, ask something in between, tell a wrong value and put it
right, not know, speak beside the point, be silent, ask again, ask for a person, leave, press keys, interrupt, say \"uh-huh\"). By text the robot hears what was written. By voice it hears our own voices, at several speeds
and levels, 60 % of them with a recorded noise 10 to 20 dB below, over G.711 at 8 kHz that loses up to 3 % of its packets, through its own voice activity, end of turn, and recogniser; the robot's
own sentences are silence of their length. No language model chooses: the closest candidate stands.

*Reached*: the flow came to the wanted result with exactly the caller's values, and the calendar or the task that is left says them, too; the right passage was said; a message was kept and confirmed with the
right words and number; who does not want to be called is not called any more (by voice, names and messages count if they sound alike). *Handed over*: a person was asked for, and the call was passed on at once;
where nobody was there, or could be, it was said so, and a message was taken. *Passed on*: the robot did not understand as often as the scenario allows, and sought a person, as
it has to. *Left*: the caller wanted to leave, or never spoke, and was let go. *Right* is all of these; *told somebody else* counts calls
in which whoever had the phone heard what concerns nobody but the right person, and *invented* those in which the robot said anything that is neither the scenario's wording with values that were told nor
a passage of its knowledge.
";

/// The whole page.
pub fn page(results: &Results) -> String {
    let mut page = HEAD.to_owned();
    for (way, title) in [("voice", "By voice"), ("text", "By text")] {
        let parts: Vec<(&str, &Measured<Found>)> =
            results.parts.iter().filter_map(|(name, part)| Some((name.strip_prefix(way)?.strip_prefix('/')?, part))).collect();
        if !parts.is_empty() {
            let _ = write!(page, "\n## {title}\n\n{}", table(&parts));
        }
    }
    page
}

fn table(parts: &[(&str, &Measured<Found>)]) -> String {
    let mut text = "| | calls | reached | handed over | passed on | left | right | persons at once | invented | turns | processor, a call |\n|---|---|---|---|---|---|---|---|---|---|---|\n".to_owned();
    for (name, part) in parts {
        let found = &part.found;
        let share = |count: usize| format!("{:.1} %", 100.0 * count as f64 / found.calls.max(1) as f64);
        let of = |cause| found.causes.get(&cause).copied().unwrap_or_default();
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | **{:.1} %** | {} of {} | {} | {:.1} | {} |",
            found.calls,
            share(found.reached),
            share(found.handed_over),
            share(found.passed_on),
            share(found.left),
            found.right(),
            found.persons_given,
            found.persons_asked,
            of(Cause::Invented),
            found.turns as f64 / found.calls.max(1) as f64,
            processor(found),
        );
    }
    text.push_str("\nWhy calls failed or were passed on for want of understanding:\n\n| |");
    for cause in Cause::ALL {
        let _ = write!(text, " {} |", cause.name());
    }
    text.push_str(" interruptions heard | \"uh-huh\" let pass |\n|---|");
    text.push_str(&"---|".repeat(Cause::ALL.len() + 2));
    text.push('\n');
    for (name, part) in parts {
        let _ = write!(text, "| {name} |");
        for cause in Cause::ALL {
            let _ = write!(text, " {} |", part.found.causes.get(&cause).map_or_else(String::new, ToString::to_string));
        }
        let Found { interruptions, interruptions_heard, murmurs, murmurs_let_pass, .. } = &part.found;
        let _ = writeln!(text, " {interruptions_heard} of {interruptions} | {murmurs_let_pass} of {murmurs} |");
    }
    text.push('\n');
    for (name, part) in parts {
        let under = &part.under;
        let (command, date, machine, revision) = (&under.command, &under.date, &under.machine, &under.revision);
        let _ =
            writeln!(text, "- {name}: `{command}` at {revision}, {date} UTC, {} s on {machine}, seed {}.", part.seconds, part.found.seed);
    }
    text
}

fn processor(found: &Found) -> String {
    let a_call = found.processor / found.calls.max(1) as f64;
    if a_call < 0.1 { format!("{:.1} ms", 1e3 * a_call) } else { format!("{a_call:.1} s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_was_not_measured_is_not_on_the_page() {
        assert!(!page(&Results::default()).contains("## "));
    }
}
