//! From values and their places to the structs of [`crate::config::raw`]: what has another form is refused with the way to it.
//!
//! serde asks, and a [`Node`] answers. An enum is a table that says by `kind` which of several it is.

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor, value::StrDeserializer,
};
use serde::forward_to_deserialize_any;

use super::fault::{Fault, expected};
use super::tree::{Node, Table, Value};
use crate::config::key::Step;

/// What tells the entries of one list apart.
const KIND: &str = "kind";

/// Read what is written into a struct.
pub fn read<T: DeserializeOwned>(node: &Node) -> Result<T, Fault> {
    T::deserialize(node)
}

impl Node {
    fn wrong(&self, by: &dyn Expected) -> Fault {
        let found = match &self.value {
            Value::Text(text) => Unexpected::Str(text),
            Value::Whole(number) => Unexpected::Signed(*number),
            Value::Number(number) => Unexpected::Float(*number),
            Value::Truth(truth) => Unexpected::Bool(*truth),
            Value::Date => Unexpected::Other("a date or a time"),
            Value::List(_) => Unexpected::Seq,
            Value::Table(_) => Unexpected::Map,
        };
        Fault::invalid_type(found, by)
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Text(text) => visitor.visit_str(text),
            Value::Whole(number) => visitor.visit_i64(*number),
            Value::Number(number) => visitor.visit_f64(*number),
            Value::Truth(truth) => visitor.visit_bool(*truth),
            Value::Date => Err(self.wrong(&visitor)),
            Value::List(items) => {
                let write = expected(&visitor);
                let mut left = Items { items: items.iter().enumerate() };
                let value = visitor.visit_seq(&mut left)?;
                if left.items.next().is_none() { Ok(value) } else { Err(Fault::too_long(items.len(), write)) }
            }
            Value::Table(table) => visitor.visit_map(Keys::of(table, None)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    // serde would take a list for a struct, by the order of its fields. Nobody writes so on purpose.
    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        match &self.value {
            Value::Table(table) => visitor.visit_map(Keys::of(table, None)),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, kinds: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        let Value::Table(table) = &self.value else { return Err(self.wrong(&visitor)) };
        let kind = table.get(KIND).ok_or_else(|| Fault::without_kind(KIND, kinds))?;
        visitor.visit_enum(OneOf { kind, table })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

struct Items<'de> {
    items: std::iter::Enumerate<std::slice::Iter<'de, Node>>,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some((at, node)) = self.items.next() else { return Ok(None) };
        seed.deserialize(node).map(Some).map_err(|fault| fault.under(Step::Item(at)))
    }
}

struct Keys<'de> {
    entries: std::collections::btree_map::Iter<'de, String, Node>,
    but: Option<&'static str>,
    next: Option<(&'de str, &'de Node)>,
}

impl<'de> Keys<'de> {
    fn of(table: &'de Table, but: Option<&'static str>) -> Self {
        Self { entries: table.iter(), but, next: None }
    }
}

impl<'de> MapAccess<'de> for Keys<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((key, node)) = self.entries.by_ref().find(|(key, _)| self.but != Some(key.as_str())) else { return Ok(None) };
        self.next = Some((key, node));
        let key_as_text: StrDeserializer<'_, Fault> = key.as_str().into_deserializer();
        seed.deserialize(key_as_text).map(Some).map_err(|fault| fault.of_key(key, matches!(node.value, Value::Table(_))))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let Some((key, node)) = self.next.take() else { return Err(Fault::custom("a value was asked for before its key")) };
        seed.deserialize(node).map_err(|fault| fault.under(Step::Name(key.to_owned())))
    }
}

struct OneOf<'de> {
    kind: &'de Node,
    table: &'de Table,
}

impl<'de> EnumAccess<'de> for OneOf<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let kind = seed.deserialize(self.kind).map_err(|fault| fault.under(Step::Name(KIND.to_owned())))?;
        Ok((kind, self))
    }
}

impl<'de> VariantAccess<'de> for OneOf<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Err(Fault::custom("a table stands for it"))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(de::value::MapAccessDeserializer::new(Keys::of(self.table, Some(KIND))))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(Keys::of(self.table, Some(KIND)))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(Keys::of(self.table, Some(KIND)))
    }
}
