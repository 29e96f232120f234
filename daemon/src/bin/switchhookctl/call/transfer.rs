//! `switchhookctl call transfer`: a person for a call.

use anyhow::bail;
use serde_json::{Value, json};
use switchhook::dialog::report::HandOverEnd;

use crate::house::{Link, News};
use crate::output::{Output, done, json as write_json, line, shown};
use crate::watch::{self, Happening};
use crate::words::{Term, say};

/// The call is over, and nobody told what came of the person.
const OVER: &str = "over";

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// The person was sought, and this came of that.
    Sought(HandOverEnd),
    /// The call was over before, with this outcome.
    Over(String),
}

/// Have the robot pass the call to `person`; wait until they have it or will not, if that is wanted.
pub async fn transfer(link: &Link, output: Output, id: &str, person: &str, wait: bool) -> anyhow::Result<()> {
    // Listening first and asking second misses nothing.
    let news = if wait { Some(link.news().await?) } else { None };
    let call = link.call(id).await?;
    if wait && call.state == "bridged" {
        bail!(say!("transfer-too-late"));
    }
    super::of(link, &call).await?.transfer(person).await.map_err(|error| link.explain(error))?;
    let Some(mut news) = news else { return done(output) };
    let end = end_of(&mut news, &call.id, person).await?;
    if output.json {
        write_json(&json!({ "call": call.id, "person": person, "end": end.word() }))?;
    }
    match end.sentence(person) {
        Ok(_) if output.json => Ok(()),
        Ok(sentence) => line(&sentence),
        Err(why) => bail!(why),
    }
}

/// What is told first: what came of this person, or the call's end.
async fn end_of(news: &mut News, call: &str, person: &str) -> anyhow::Result<End> {
    loop {
        match watch::read(&news.next().await?) {
            Some(Happening::HandedOver { call: its, person: whom, end }) if its == call && whom == person => {
                return Ok(End::Sought(HandOverEnd::parse(&end).unwrap_or(HandOverEnd::Failed)));
            }
            Some(Happening::Ended { call: its, summary }) if its == call => {
                return Ok(End::Over(summary.get("outcome").and_then(Value::as_str).unwrap_or(OVER).to_owned()));
            }
            _ => {}
        }
    }
}

impl End {
    fn word(&self) -> &'static str {
        match self {
            Self::Sought(end) => end.as_str(),
            Self::Over(_) => OVER,
        }
    }

    /// For people: that they have it, or why not.
    fn sentence(&self, person: &str) -> Result<String, String> {
        Err(match self {
            Self::Sought(HandOverEnd::Accepted) => return Ok(say!("transfer-accepted", person = person)),
            Self::Sought(HandOverEnd::Declined) => say!("transfer-declined", person = person),
            Self::Sought(HandOverEnd::Unanswered) => say!("transfer-unanswered", person = person),
            Self::Sought(HandOverEnd::Failed) => say!("transfer-failed", person = person),
            Self::Sought(HandOverEnd::CalledOff) => say!("transfer-called-off", person = person),
            Self::Sought(HandOverEnd::CallerLeft) => say!("transfer-caller-left", person = person),
            Self::Over(outcome) => say!("transfer-over", person = person, outcome = shown(&Term::Outcome.said(outcome))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whoever_has_the_call_is_a_success_and_any_other_end_says_its_word() {
        for end in HandOverEnd::ALL {
            match End::Sought(end).sentence("desk") {
                Ok(said) => assert!(end == HandOverEnd::Accepted && said.contains("desk"), "{said}"),
                Err(why) => assert!(end != HandOverEnd::Accepted && why.contains(&format!("({})", end.as_str())), "{why}"),
            }
        }
        let over = End::Over("caller-hung-up".into()).sentence("desk");
        assert!(over.is_err_and(|why| why.contains("caller-hung-up")));
    }
}
