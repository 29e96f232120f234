//! Questions that are answered by a number, as a survey asks them. Who does not answer is not pressed: that, too, is a result.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Fault, Names, RawAsk, RawDecide, RawStep, line, slot};
use crate::dialog::slots::{Kind, Limits};

/// A question that is answered by a number.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Survey")]
pub(in crate::dialog::scenario) struct RawSurvey {
    /// Its name: the message `ask-<name>` asks it, and records hold the answer under it.
    #[schemars(with = "String")]
    pub(in crate::dialog::scenario) question: Spanned<String>,
    /// From the worst to the best: `1-5`.
    #[schemars(with = "String")]
    scale: Spanned<String>,
}

impl RawSurvey {
    /// The least and the most.
    fn scale(&self) -> Result<(i64, i64), Fault> {
        let ends = self.scale.value.split_once('-').and_then(|(least, most)| least.trim().parse().ok().zip(most.trim().parse().ok()));
        ends.filter(|(least, most)| (0..=9).contains(least) && least < most && *most <= 10).ok_or_else(|| {
            (
                line(&self.scale),
                format!("scale: {:?}: write from the worst to the best, such as `1-5`, and no more than `0-10`", self.scale.value),
            )
        })
    }

    /// The place of its slot, if it can be asked.
    pub(super) fn place(&self, names: &Names<'_>) -> Result<usize, Fault> {
        self.scale()?;
        (names.message)(&format!("ask-{}", self.question.value)).map_err(|what| (line(&self.question), what))?;
        slot(&self.question, names)
    }

    /// What its answer is.
    pub(in crate::dialog::scenario) fn kind(&self) -> Result<Kind, Fault> {
        let (least, most) = self.scale()?;
        Ok(Kind::Number(Limits { least: Some(least), most: Some(most) }))
    }
}

/// The surveys of these steps, those inside others too.
pub(in crate::dialog::scenario) fn surveys(steps: &[RawStep]) -> Vec<&RawSurvey> {
    let mut all = Vec::new();
    for step in steps {
        match step {
            RawStep::Survey(survey) => all.push(survey),
            RawStep::Ask(RawAsk { yes, no, .. }) => all.extend([yes, no].into_iter().flat_map(|steps| surveys(steps))),
            RawStep::Decide(RawDecide { then, otherwise, .. }) => {
                all.extend([then, otherwise].into_iter().flat_map(|steps| surveys(steps)));
            }
            RawStep::LookUp(step) => all.extend([&step.found, &step.nothing, &step.otherwise].into_iter().flat_map(|steps| surveys(steps))),
            _ => {}
        }
    }
    all
}
