//! Dictionaries of the bus.

use std::collections::HashMap;

use zbus::{OwnedVariant, Variant};

use crate::calls::Summary;

/// What is told of one thing, by name.
pub(super) type Dictionary = HashMap<&'static str, OwnedVariant>;

/// A dictionary of these; what is not known is left out.
pub(super) fn dictionary<const N: usize>(fields: [(&'static str, Option<Variant<'_>>); N]) -> Dictionary {
    fields.into_iter().filter_map(|(name, value)| Some((name, OwnedVariant::try_from(value?).ok()?))).collect()
}

/// A call's figures under the names that they have on MQTT; what is not known is left out.
pub(super) fn figures(summary: &Summary) -> HashMap<String, OwnedVariant> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(summary) else { return HashMap::new() };
    fields.into_iter().filter_map(|(name, value)| Some((name, self::value(value)?))).collect()
}

/// What JSON holds, as the bus says it: scalars, and arrays of texts.
pub(super) fn value(value: serde_json::Value) -> Option<OwnedVariant> {
    use serde_json::Value;
    let value = match value {
        Value::String(text) => Variant::from(text),
        Value::Bool(yes) => Variant::from(yes),
        Value::Number(number) => match number.as_u64() {
            Some(whole) => Variant::from(whole),
            None => Variant::from(number.as_f64()?),
        },
        Value::Array(items) => {
            let texts: Option<Vec<String>> = items.into_iter().map(|item| Some(item.as_str()?.to_owned())).collect();
            Variant::from(texts?)
        }
        Value::Null | Value::Object(_) => return None,
    };
    OwnedVariant::try_from(value).ok()
}
