//! Was it right? By what the robot told, and by what the caller heard.

use super::conversation::{Conversation, missing};
use super::watch::Turn;
use crate::caller::{End, Report};

/// What was not as it should be; empty if all was right.
pub(super) fn faults(conversation: &Conversation, turns: &[Turn], report: &Report, heard: &str) -> Vec<String> {
    let exchanges = &conversation.exchanges;
    let spoken: Vec<_> = turns.iter().filter(|turn| !turn.heard.is_empty()).collect();
    let mut faults = Vec::new();
    for (at, exchange) in exchanges.iter().enumerate() {
        let Some(turn) = spoken.get(at) else {
            faults.push(format!("{:?} was not heard at all", exchange.words));
            continue;
        };
        for words in missing(&turn.heard, exchange.heard) {
            faults.push(format!("{:?} was heard as {:?}, without {words:?}", exchange.words, turn.heard));
        }
        for words in missing(&turn.said, exchange.said) {
            faults.push(format!("{:?} was answered {:?}, without {words:?}", exchange.words, turn.said));
        }
    }
    if spoken.len() > exchanges.len() {
        faults.push(format!("{} turns were heard where {} were said", spoken.len(), exchanges.len()));
    }
    faults.extend(
        missing(heard, &conversation.in_the_ear).into_iter().map(|words| format!("the caller's recording does not hold {words:?}")),
    );
    let unanswered = report.turns.iter().filter(|turn| turn.latency_ms.is_none());
    faults.extend(unanswered.map(|turn| format!("{} got no answer that could be heard", turn.said)));
    if report.end != End::Robot {
        faults.push(format!("the robot did not hang up after its goodbye: {:?}", report.end));
    }
    faults
}
