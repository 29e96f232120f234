//! What people read, in their language: English, and Chinese in traditional and in simplified characters (decision 0029).
//!
//! Every sentence of this program is a message in Fluent (projectfluent.org), by a name of its own, in `en.ftl`, `zh-Hant.ftl` and `zh-Hans.ftl`, which are
//! compiled in: `say!("doctor-disk-room", megabytes = 3, place = path.display())`. What the machine calls something, as `ringing`, is a [`Term`]. The help of the
//! command line is English where it is written, beside the command, and Chinese in `zh-*.help.ftl` ([`help`]). Programs are told English alone, whoever runs them.
//!
//! Tests see to it that every message is in every language, with the same variables, and that none is missing or left over. If one were, English is said.

mod help;
mod language;
mod mistakes;
mod term;
#[cfg(test)]
mod tests;
pub mod width;

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use help::understood;
pub use language::Language;
pub use term::Term;

/// What is spoken from here on; English until something else is chosen.
static SPOKEN: OnceLock<Words> = OnceLock::new();

#[cfg(test)]
thread_local! {
    /// What is spoken in this test, which other tests need not speak.
    static SPOKEN_HERE: std::cell::Cell<Option<&'static Words>> = const { std::cell::Cell::new(None) };
}

/// Speak this language for the rest of a test.
#[cfg(test)]
pub fn speak_here(language: Language) {
    SPOKEN_HERE.set(Some(Box::leak(Box::new(Words::of(language)))));
}

/// What a message says, with values for its variables: `say!("job-began", number = row.job)`; in other [`Words`] than those that are spoken,
/// `say!(in words, "job-began", number = row.job)`.
macro_rules! say {
    (in $words:expr, $id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $words.said($id, &[$((stringify!($name), $crate::words::Value::from($value))),*])
    };
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::said($id, &[$((stringify!($name), $crate::words::Value::from($value))),*])
    };
}
pub(crate) use say;

/// Speak this language from here on. Only the first choice counts.
pub fn choose(language: Language) {
    let _ = SPOKEN.set(Words::of(language));
}

/// What [`say!`] says.
pub fn said(id: &str, values: &[(&'static str, Value<'_>)]) -> String {
    spoken().said(id, values)
}

/// English, whatever is spoken: for whoever reads elsewhere.
pub fn english() -> &'static Words {
    static ENGLISH: OnceLock<Words> = OnceLock::new();
    ENGLISH.get_or_init(|| Words::of(Language::English))
}

/// What is spoken here.
pub fn spoken() -> &'static Words {
    #[cfg(test)]
    if let Some(words) = SPOKEN_HERE.get() {
        return words;
    }
    SPOKEN.get_or_init(|| Words::of(Language::English))
}

/// Why the robot refused, by the error's name on the bus: the text is the robot's own, in English.
pub fn refused(words: &Words, name: &str, text: &str) -> String {
    let kind = name.rsplit('.').next().unwrap_or_default();
    let id = kind.chars().fold("refused".to_owned(), |mut id, c| {
        id.extend(c.is_ascii_uppercase().then_some('-'));
        id.push(c.to_ascii_lowercase());
        id
    });
    let values: FluentArgs<'_> = [("text", text.to_owned())].into_iter().collect();
    words.own(&id, None, &values).unwrap_or_else(|| text.to_owned())
}

/// The headings of a table, which are made by [`columns`] alone.
pub struct Columns<const N: usize>([Column; N]);

/// The heading of a column, and its name among the messages.
pub struct Column {
    pub name: &'static str,
    pub heading: String,
}

/// The headings of a table, by their names; one without a name has none.
pub fn columns<const N: usize>(names: [&'static str; N]) -> Columns<N> {
    Columns(names.map(|name| Column { name, heading: if name.is_empty() { String::new() } else { said(&format!("column-{name}"), &[]) } }))
}

impl<const N: usize> Columns<N> {
    /// One by one.
    pub fn into_inner(self) -> [Column; N] {
        self.0
    }
}

/// A value of a message's variable: a number, which may choose between one and many, or text.
pub struct Value<'a>(FluentValue<'a>);

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl From<$number> for Value<'_> {
            fn from(number: $number) -> Self {
                Self(number.into())
            }
        })*
    };
}
numbers!(i32, u32, u64, usize);

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self(FluentValue::String(Cow::Borrowed(text)))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self(FluentValue::String(Cow::Owned(text)))
    }
}

impl From<&Path> for Value<'_> {
    fn from(path: &Path) -> Self {
        Self::from(path.display().to_string())
    }
}

impl From<std::path::Display<'_>> for Value<'_> {
    fn from(path: std::path::Display<'_>) -> Self {
        Self::from(path.to_string())
    }
}

impl From<&anyhow::Error> for Value<'_> {
    /// With all its reasons.
    fn from(error: &anyhow::Error) -> Self {
        Self::from(format!("{error:#}"))
    }
}

/// The messages of a language, with English behind them.
pub struct Words {
    /// That which is spoken first.
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl Words {
    fn of(language: Language) -> Self {
        let languages = if language == Language::English { vec![language] } else { vec![language, Language::English] };
        Self { bundles: languages.into_iter().map(bundle).collect() }
    }

    /// What a message says in the first language that can say it whole.
    pub fn said(&self, id: &str, values: &[(&'static str, Value<'_>)]) -> String {
        let values: FluentArgs<'_> = values.iter().map(|(name, Value(value))| (*name, value.clone())).collect();
        let said = self.bundles.iter().find_map(|bundle| whole(bundle, id, None, &values));
        // Tests see to it that this is never seen.
        said.unwrap_or_else(|| id.to_owned())
    }

    /// What is spoken says of this message or its attribute; nothing if it has none, whatever English has.
    fn own(&self, id: &str, attribute: Option<&str>, values: &FluentArgs<'_>) -> Option<String> {
        whole(self.bundles.first()?, id, attribute, values)
    }
}

fn whole(bundle: &FluentBundle<FluentResource>, id: &str, attribute: Option<&str>, values: &FluentArgs<'_>) -> Option<String> {
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        None => message.value()?,
        Some(name) => message.get_attribute(name)?.value(),
    };
    let mut wrong = Vec::new();
    let text = bundle.format_pattern(pattern, Some(values), &mut wrong).into_owned();
    wrong.is_empty().then_some(text)
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(language.tag().parse().into_iter().collect());
    // Terminals show the marks of direction that would stand around every value.
    bundle.set_use_isolating(false);
    for text in texts(language) {
        // What is no Fluent is left out, and a test finds it.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(rest, _)| rest);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// What is written in a language.
fn texts(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &[include_str!("en.ftl")],
        Language::TraditionalChinese => &[include_str!("zh-Hant.ftl"), include_str!("zh-Hant.help.ftl")],
        Language::SimplifiedChinese => &[include_str!("zh-Hans.ftl"), include_str!("zh-Hans.help.ftl")],
    }
}
