//! Fits the weights of the dialog's retrieval, and judges them.
//!
//! ```sh
//! cargo run --example retrieval -- fit                # on the invented offices: prints the constants of `dialog/retrieval/choice.rs`
//! cargo run --example retrieval -- judge [--each]     # on the shipped reception, whose questions were never fitted to
//! ```
//!
//! Mandarin is read aloud by the dictionaries `mandarin`, and meanings come from the embedding model, if they are installed; what is not is left out.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs, reason = "a tool for who works on the retrieval")]

mod fit;
#[path = "../../tests/conversation/retrieval/offices.rs"]
mod offices;
#[path = "../../tests/conversation/retrieval/verdicts.rs"]
mod verdicts;

use std::sync::Arc;

use switchhook::dialog::retrieval::ReadAloud;
use switchhook_models::catalog::Store;
use switchhook_models::{Cancel, Language, Locale, open};

use offices::{Embed, Office};

/// Makes a text's vector.
type Vectors = Box<dyn Fn(&str) -> Vec<f32>>;

/// What is at hand besides the text.
struct Helpers {
    sounds: Option<ReadAloud>,
    embed: Option<Vectors>,
}

impl Helpers {
    fn installed() -> Self {
        let store = Store::default_place();
        let mandarin = open::pronunciation(&store, "mandarin").map(Arc::new);
        let sounds = mandarin.map_err(|error| println!("without sounds: {error}")).ok();
        let embedder = open::embedder(&store, "all-minilm-l6-v2").map_err(|error| println!("without meanings: {error}")).ok();
        Self {
            sounds: sounds.map(|mandarin| -> ReadAloud { Arc::new(move |text: &str| mandarin.pinyin(text)) }),
            embed: embedder.map(|model| -> Vectors { Box::new(move |text: &str| model.embed(text, &Cancel::new()).unwrap()) }),
        }
    }

    /// Every way to search in a language: its name as a constant, and what it uses.
    fn ways(&self, language: Language) -> Vec<(&'static str, Option<&ReadAloud>, Option<Embed<'_>>)> {
        match language {
            Language::En => {
                let by_meaning =
                    self.embed.as_ref().map(|embed| -> (_, _, Option<Embed<'_>>) { ("ENGLISH_WITH_MEANING", None, Some(embed)) });
                [("ENGLISH", None, None)].into_iter().chain(by_meaning).collect()
            }
            Language::Zh => {
                let by_sound = self.sounds.as_ref().map(|sounds| ("MANDARIN_WITH_SOUND", Some(sounds), None));
                [("MANDARIN", None, None)].into_iter().chain(by_sound).collect()
            }
        }
    }
}

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let helpers = Helpers::installed();
    match asked.first().map(String::as_str) {
        Some("fit") => fit(&helpers),
        Some("judge") => judge(&helpers, asked.iter().any(|word| word == "--each")),
        _ => println!("say `fit` or `judge`"),
    }
}

fn fit(helpers: &Helpers) {
    for language in [Language::En, Language::Zh] {
        for (name, sounds, embed) in helpers.ways(language) {
            let offices: Vec<_> = Office::fitted(language).iter().map(|office| fit::examples(office, sounds, embed)).collect();
            // How well it goes with an office that was not fitted to: each by the other.
            for (place, own) in offices.iter().enumerate() {
                let others: Vec<_> =
                    offices.iter().enumerate().filter(|(other, _)| *other != place).flat_map(|(_, other)| other.clone()).collect();
                println!("// {name}, an office by the other: {:.3} nats a question", fit::loss(&fit::fitted(&others), own));
            }
            let weights = fit::fitted(&offices.concat());
            println!("pub const {name}: Weights = Weights({:.2?});", weights.0);
        }
    }
}

fn judge(helpers: &Helpers, each: bool) {
    for locale in [Locale::En, Locale::ZhTw, Locale::ZhCn] {
        let office = Office::held_out(locale);
        let fit = office.questions.iter().filter(|question| question.means.is_some()).count();
        for (name, sounds, embed) in helpers.ways(locale.language()) {
            let called = |entry: usize| office.names.get(entry).map_or("-", String::as_str);
            let verdicts = verdicts::judged(&office, &office.retrieval(sounds, embed), embed, |text, means, best| {
                if each {
                    let (entry, probability) = best.unwrap_or((usize::MAX, 0.0));
                    println!("{:>16} | {probability:.2} {:16} | {text}", means.map_or("nothing", called), called(entry));
                }
            });
            println!("{locale} {name}: {fit} fit, {} fit nothing: {verdicts:?}", office.questions.len() - fit);
        }
    }
}
