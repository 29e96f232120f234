//! What an answer may look like: a constraint that the model cannot leave, whatever it is told or would rather say.
//!
//! A small model asked for JSON writes something near it. Here every token is chosen among those alone with which the text can still
//! become what the constraint describes; what the constraint leaves no choice about is written without asking the model. So a finished
//! answer ([`Finish::EndOfTurn`](super::Finish)) always fits, and only its content is the model's. How tokens are told apart is the
//! crate `llguidance`'s work (an Earley parser over a lexer of derivatives, walked along the vocabulary's trie); [`guide`] puts it to use.

pub(super) mod guide;

use llguidance::api::TopLevelGrammar;
use serde_json::{Map, Value, json};

use crate::text::script::is_han;
use crate::{Error, Result};

/// Most bytes of a constraint's own text.
const LONGEST: usize = 64 * 1024;

/// What an answer may look like.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// JSON that fits this JSON Schema (draft 2020-12 and before, as far as `llguidance` knows it; what it does not know is refused).
    /// It is written without white space between its parts, keys in the order of the schema. Give every text a `maxLength` and every
    /// list a `maxItems`: a model that repeats itself ends there, and not where `max_tokens` cuts the JSON off.
    Schema(Value),
    /// One of these texts, and nothing beside it.
    OneOf(Vec<String>),
    /// A text that this regular expression matches as a whole (the syntax of the crate `regex`, without anchors and look-around).
    Regex(String),
    /// A text of this grammar in Lark's notation, from its rule `start`.
    Lark(String),
}

impl Constraint {
    /// The schema in a JSON text.
    ///
    /// # Errors
    /// [`Error::Input`] with line and column if the text is no JSON.
    pub fn schema(text: &str) -> Result<Self> {
        bounded(text.len())?;
        serde_json::from_str(text).map(Self::Schema).map_err(|error| Error::Input(format!("the schema is no JSON: {error}")))
    }

    /// JSON that quotes: `{"KEY":"…"}` with a stretch of `text` in it, or `{"KEY":null}`. A stretch begins and ends with a word, or with a character where
    /// words are written without spaces between them. Quotation marks and reverse strokes in `text` are quoted as they stand, so that the
    /// answer is JSON only where there are none.
    #[must_use]
    pub fn quoting(key: &str, text: &str) -> Self {
        let unit = if text.contains(is_han) { "substring_chars" } else { "substring_words" };
        let (stretch, before) = (json!({ unit: text }), Value::from(format!("{{{}:", Value::from(key))));
        Self::Lark(format!("start: {before} (\"null\" | \"\\\"\" stretch \"\\\"\") \"}}\"\nstretch: %regex {stretch}"))
    }

    /// The grammar as the parser takes it.
    fn grammar(&self) -> Result<TopLevelGrammar> {
        match self {
            Self::Schema(schema) => {
                bounded(schema.to_string().len())?;
                Ok(TopLevelGrammar::from_json_schema(compact(schema)?))
            }
            Self::OneOf(texts) => {
                bounded(texts.iter().map(String::len).sum())?;
                if texts.is_empty() || texts.iter().any(String::is_empty) {
                    return Err(Error::Input("there is nothing to choose from: give at least one text, and none that is empty".to_owned()));
                }
                // Lark's texts are quoted as JSON's are.
                let quoted: Vec<String> = texts.iter().map(|text| Value::from(text.as_str()).to_string()).collect();
                Ok(TopLevelGrammar::from_lark(format!("start: {}", quoted.join(" | "))))
            }
            Self::Regex(expression) => {
                bounded(expression.len())?;
                Ok(TopLevelGrammar::from_regex(expression))
            }
            Self::Lark(grammar) => {
                bounded(grammar.len())?;
                Ok(TopLevelGrammar::from_lark(grammar.clone()))
            }
        }
    }
}

fn bounded(length: usize) -> Result<()> {
    if length <= LONGEST {
        return Ok(());
    }
    Err(Error::Input(format!("a constraint of {length} bytes is longer than the {LONGEST} that are read")))
}

/// `schema` with the parser told to leave out white space: a small model would go on with it for ever, and what is fixed between two values
/// is then written at once.
fn compact(schema: &Value) -> Result<Value> {
    let mut fields = match schema {
        Value::Object(fields) => fields.clone(),
        // The schemas that allow everything and nothing.
        Value::Bool(true) => Map::new(),
        Value::Bool(false) => return Err(Error::Input("no JSON fits the schema `false`".to_owned())),
        _ => return Err(Error::Input("a JSON Schema is an object or a truth value".to_owned())),
    };
    fields.insert("x-guidance".to_owned(), json!({ "whitespace_flexible": false }));
    Ok(Value::Object(fields))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn a_schema_that_is_no_json_is_refused_with_its_place() {
        let error = Constraint::schema("{\n  \"type\": }").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }

    #[test]
    fn a_text_of_any_letters_can_be_quoted_from() {
        for text in ["Put it under Emily Carter", "是用我太太的名字掛的,她叫林淑芬", "a \"quoted\" \\ text\n/%{}", ""] {
            assert!(Constraint::quoting("name", text).grammar().is_ok(), "{text}");
        }
    }

    #[test]
    fn nothing_to_choose_from_is_refused() {
        for texts in [vec![], vec!["yes".to_owned(), String::new()]] {
            assert!(matches!(Constraint::OneOf(texts).grammar(), Err(Error::Input(_))));
        }
    }

    #[test]
    fn a_constraint_without_bounds_is_refused() {
        let long = "a".repeat(LONGEST + 1);
        for constraint in [
            Constraint::Schema(json!({ "const": long })),
            Constraint::OneOf(vec![long.clone()]),
            Constraint::Regex(long.clone()),
            Constraint::Lark(long.clone()),
        ] {
            assert!(matches!(constraint.grammar(), Err(Error::Input(_))));
        }
        assert!(Constraint::schema(&format!("\"{long}\"")).is_err());
    }

    #[test]
    fn a_schema_is_an_object_or_a_truth_value() {
        assert!(Constraint::Schema(json!(true)).grammar().is_ok());
        for schema in [json!(false), json!([1]), json!("text"), json!(null)] {
            assert!(matches!(Constraint::Schema(schema).grammar(), Err(Error::Input(_))));
        }
    }
}
