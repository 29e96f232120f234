//! Whether a sentence ends with the words that a caller has said, as a language model reads them: a witness for the judge of turns
//! ([`crate::dialog::Told`]).

use switchhook_models::llm::LanguageModel;
use switchhook_models::{Cancel, Language, Result};

/// What callers answer when they say anything: sentences end otherwise in a book. It is never said. In Mandarin, where written clauses are strung together by commas, two
/// callers' sentences show that these end; in English they do not help.
const fn before(language: Language) -> &'static str {
    match language {
        Language::En => "Hello, how can I help you?",
        Language::Zh => {
            "您好，請問有什麼可以幫您？\n你好，我想問一下明天有沒有開。\n\n您好，請問有什麼可以幫您？\n我的電話是0912345678，請回電給我。\n\n您好，請問有什麼可以幫您？"
        }
    }
}

/// How likely a caller's sentence ends with these words, in `[0, 1]`.
///
/// # Errors
/// As [`LanguageModel::ends`].
pub fn reads_finished(model: &mut dyn LanguageModel, language: Language, said: &str, cancel: &Cancel) -> Result<f32> {
    model.ends(before(language), said, cancel)
}
