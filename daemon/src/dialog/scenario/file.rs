//! `scenario.yaml` as it is written: plain structs that refuse what they do not know. An editor that knows the schema (`switchhookctl scenario schema`)
//! completes it and tells mistakes while they are made.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::flow::RawStep;
use super::intent::Intent;
use super::lookup::RawLookUp;
use crate::dialog::slots::Kind;

/// What the file holds.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "A scenario of Switchhook: scenario.yaml")]
pub(super) struct File {
    /// What a call is for: when has the caller got what they came for?
    pub(super) goal: String,
    /// The results that count as success: what flows `end` with, `answered` (by the knowledge), `message-taken`, `transferred` (a person took the call).
    /// Every one does, if nothing is written.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) success: Option<Vec<Spanned<String>>>,
    /// Whether callers who wanted something are asked, before the goodbye, how well the call helped: 1 to 5.
    #[serde(default)]
    pub(super) satisfaction: Satisfaction,
    /// The languages that it is written in: `en`, `zh-TW`, `zh-CN`.
    #[schemars(with = "Vec<String>")]
    pub(super) languages: Vec<Spanned<String>>,
    /// Who a call is handed to: a name from `[people]` in switchhook.toml.
    pub(super) person: String,
    /// So many failures to understand before a person is sought, 1 to 5.
    #[schemars(with = "Option<u32>", range(min = 1, max = 5))]
    pub(super) attempts: Option<Spanned<u32>>,
    /// What each key of the telephone does. "0" always reaches a person.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Intent>")]
    pub(super) keys: BTreeMap<String, Spanned<Intent>>,
    /// What flows collect, by name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Map<String, serde_json::Value>>")]
    pub(super) slots: BTreeMap<String, Spanned<Kind>>,
    /// What is said, asked and done, step after step, for a wish that needs more than an answer. How callers express the wish stands in lang/<tag>.yaml.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<RawStep>>")]
    pub(super) flows: BTreeMap<String, Spanned<Vec<RawStep>>>,
    /// What flows can look up, by name: files, programs and services of the office's own.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, RawLookUp>")]
    pub(super) lookups: BTreeMap<String, Spanned<RawLookUp>>,
    /// Who calls: callers the office (`inbound`), or the robot somebody (`outbound`).
    #[serde(default)]
    pub(super) direction: Direction,
    /// When somebody may be called, in the office's time zone: {mon-sat: "09:00-20:00"}, which it is without this.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    pub(super) call_hours: Option<Spanned<BTreeMap<String, String>>>,
    /// What whoever places an outbound call tells the robot, by name: the same kinds as those of slots.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Map<String, serde_json::Value>>")]
    pub(super) given: BTreeMap<String, Spanned<Kind>>,
    /// The flow that a call begins with.
    #[schemars(with = "Option<String>")]
    pub(super) opens: Option<Spanned<String>>,
}

/// Who calls whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Somebody calls the office.
    #[default]
    Inbound,
    /// The robot calls somebody for the office.
    Outbound,
}

/// Whether callers are asked how well the call helped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Satisfaction {
    /// They are not.
    #[default]
    Never,
    /// Once, before the goodbye.
    Ask,
}

/// The line of what was read.
pub(super) fn line<T>(of: &Spanned<T>) -> Option<usize> {
    usize::try_from(of.referenced.line()).ok().filter(|&line| line > 0)
}
