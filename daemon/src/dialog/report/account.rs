//! What a dialog remembers of its call while it goes on.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use switchhook_models::Language;

use super::hand_over::{self, HandOver};
use super::{ANSWERED, Errand, Goal, MESSAGE_TAKEN, Missed, Rating, Report, TRANSFERRED, Tag};
use crate::dialog::wording::Wording;

/// How a call ended, as far as its report is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The two took leave, or the caller put down the phone.
    Left,
    /// A person took it.
    Transferred,
    /// The caller did not speak any more.
    Silence,
    /// The line, the program or the office ended it.
    CutOff,
}

/// What happened so far.
#[derive(Clone, Debug, Default)]
pub(in crate::dialog) struct Account {
    /// The flows that were begun, and what is said of each to a person.
    pub(super) errands: Vec<(Errand, Wish)>,
    /// The titles of what was asked about.
    pub(super) topics: Vec<String>,
    pub(super) complaint: bool,
    results: Vec<String>,
    satisfaction: Option<Rating>,
    tags: BTreeSet<Tag>,
    nobody_there: bool,
    pub(super) not_understood: bool,
    pub(super) hand_overs: Vec<HandOver>,
    pub(super) emergency: bool,
}

/// A flow as it is told to a person.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish {
    /// What the caller wanted: "book an appointment".
    pub(super) means: String,
    /// What they told, as it is spoken, in the order in which the flow asks.
    pub(super) told: Vec<String>,
}

impl Account {
    /// A flow was begun.
    pub(in crate::dialog) fn begins(&mut self, flow: &str, means: &str) {
        let errand = Errand { flow: flow.to_owned(), result: None, told: Map::new() };
        self.errands.push((errand, Wish { means: means.to_owned(), told: Vec::new() }));
    }

    /// The flow that was begun last knows this: by slot as records keep it, and as it is spoken.
    pub(in crate::dialog) fn told(&mut self, told: Map<String, Value>, spoken: Vec<String>) {
        if let Some((errand, wish)) = self.errands.last_mut() {
            errand.told = told;
            wish.told = spoken;
        }
    }

    /// The flow that was begun last is over, with this result.
    pub(in crate::dialog) fn ends(&mut self, result: &str) {
        if let Some((errand, _)) = self.errands.last_mut() {
            errand.result = Some(result.to_owned());
        }
        self.results.push(result.to_owned());
    }

    /// A question was answered from the office's knowledge.
    pub(in crate::dialog) fn answered(&mut self, topic: &str) {
        if !self.topics.iter().any(|known| known == topic) {
            self.topics.push(topic.to_owned());
        }
        self.reached(ANSWERED);
    }

    /// A message was taken.
    pub(in crate::dialog) fn message_taken(&mut self) {
        self.reached(MESSAGE_TAKEN);
    }

    /// Whether a message was taken.
    pub(in crate::dialog) fn has_message(&self) -> bool {
        self.results.iter().any(|result| result == MESSAGE_TAKEN)
    }

    /// The caller wants to complain.
    pub(in crate::dialog) fn complains(&mut self) {
        self.complaint = true;
    }

    /// A person was wanted, and nobody took the call.
    pub(in crate::dialog) fn nobody_there(&mut self) {
        self.nobody_there = true;
    }

    /// Whether a person was wanted, and nobody took the call.
    pub(in crate::dialog) fn has_found_nobody(&self) -> bool {
        self.nobody_there
    }

    /// It was tried to hand the call to somebody.
    pub(in crate::dialog) fn handed_over(&mut self, attempt: HandOver) {
        self.hand_overs.push(attempt);
    }

    /// Who was called, and did not take the call.
    pub(in crate::dialog) fn tried(&self) -> impl Iterator<Item = &str> {
        let missed = |attempt: &&HandOver| attempt.end != hand_over::HandOverEnd::Accepted;
        self.hand_overs.iter().filter(missed).map(|attempt| attempt.to.as_str())
    }

    /// The caller has an emergency.
    pub(in crate::dialog) fn is_an_emergency(&mut self) {
        self.emergency = true;
    }

    /// A turn was not understood.
    pub(in crate::dialog) fn not_understood(&mut self) {
        self.not_understood = true;
    }

    /// The caller gave a mark.
    pub(in crate::dialog) fn rated(&mut self, rating: Rating) {
        self.satisfaction = Some(rating);
    }

    /// Something went badly.
    pub(in crate::dialog) fn tag(&mut self, tag: Tag) {
        self.tags.insert(tag);
    }

    /// Whether the caller wanted anything that was understood.
    pub(in crate::dialog) fn has_wishes(&self) -> bool {
        !self.errands.is_empty() || !self.topics.is_empty() || self.complaint || self.has_message()
    }

    fn reached(&mut self, result: &str) {
        if !self.results.iter().any(|known| known == result) {
            self.results.push(result.to_owned());
        }
    }

    /// What became of the call that ended so, where these results count as success.
    pub(in crate::dialog) fn report(&self, close: Close, success: &[String], wording: &Wording, language: Language) -> Report {
        let waited = hand_over::waited_long(&self.hand_overs).then_some(Tag::LongWait);
        Report {
            goal: self.goal(close, success),
            errands: self.errands.iter().map(|(errand, _)| errand.clone()).collect(),
            complaint: self.complaint,
            satisfaction: self.satisfaction,
            summary: self.summary(wording, language),
            hand_overs: self.hand_overs.clone(),
            tags: self.tags.iter().copied().chain(waited).collect::<BTreeSet<_>>().into_iter().collect(),
        }
    }

    fn goal(&self, close: Close, success: &[String]) -> Goal {
        let transferred = (close == Close::Transferred).then(|| TRANSFERRED.to_owned());
        let results: Vec<String> = self.results.iter().cloned().chain(transferred).filter(|result| success.contains(result)).collect();
        if results.is_empty() { Goal::Missed(self.missed(close)) } else { Goal::Reached(results) }
    }

    fn missed(&self, close: Close) -> Missed {
        let halfway = self.errands.last().is_some_and(|(errand, _)| errand.result.is_none());
        match close {
            Close::CutOff => Missed::CutOff,
            _ if self.nobody_there => Missed::NobodyThere,
            _ if halfway => Missed::LeftHalfway,
            _ if !self.results.is_empty() || close == Close::Transferred => Missed::OtherResult,
            _ if self.not_understood => Missed::NotUnderstood,
            Close::Silence => Missed::Silence,
            Close::Left | Close::Transferred => Missed::NothingWanted,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;
    use switchhook_models::Locale;

    use super::*;

    fn report(account: &Account, close: Close) -> Report {
        let success = ["booked", ANSWERED, TRANSFERRED].map(str::to_owned);
        account.report(close, &success, &Wording::new(Locale::En, "").unwrap(), Language::En)
    }

    fn booking() -> Account {
        let mut account = Account::default();
        account.begins("book", "book an appointment");
        account.told(json!({ "service": "cleaning" }).as_object().unwrap().clone(), vec!["a cleaning".into()]);
        account
    }

    #[test]
    fn a_result_that_the_scenario_counts_reaches_the_goal() {
        let mut account = booking();
        account.ends("booked");
        let report = report(&account, Close::Left);
        assert_eq!(report.goal, Goal::Reached(vec!["booked".into()]));
        assert_eq!(report.errands[0].told["service"], "cleaning");
    }

    #[test]
    fn a_flow_that_was_left_is_told_as_such_with_what_was_told() {
        let report = report(&booking(), Close::Left);
        assert_eq!(report.goal, Goal::Missed(Missed::LeftHalfway));
        assert_eq!(report.errands[0].result, None);
        assert_eq!(report.errands[0].told.len(), 1);
    }

    #[test]
    fn why_a_goal_was_missed_is_the_nearest_cause() {
        let mut unheard = Account::default();
        unheard.not_understood();
        let mut alone = booking();
        alone.nobody_there();
        let mut kept = booking();
        kept.ends("kept");
        let nothing = Account::default();
        for (account, close, why) in [
            (&nothing, Close::Left, Missed::NothingWanted),
            (&nothing, Close::Silence, Missed::Silence),
            (&nothing, Close::CutOff, Missed::CutOff),
            (&unheard, Close::Silence, Missed::NotUnderstood),
            (&alone, Close::Left, Missed::NobodyThere),
            (&kept, Close::Left, Missed::OtherResult),
        ] {
            assert_eq!(report(account, close).goal, Goal::Missed(why));
        }
    }

    #[test]
    fn a_call_that_a_person_took_has_reached_its_goal_where_that_counts() {
        assert!(report(&booking(), Close::Transferred).goal.is_reached());
    }

    #[test]
    fn a_message_in_a_scenario_that_does_not_count_them_is_another_result() {
        let mut account = Account::default();
        account.message_taken();
        assert_eq!(report(&account, Close::Left).goal, Goal::Missed(Missed::OtherResult));
    }

    #[test]
    fn what_goes_badly_twice_is_told_once() {
        let mut account = Account::default();
        for tag in [Tag::Misheard, Tag::DeadAir, Tag::Misheard] {
            account.tag(tag);
        }
        assert_eq!(report(&account, Close::Left).tags, [Tag::DeadAir, Tag::Misheard]);
    }
}
