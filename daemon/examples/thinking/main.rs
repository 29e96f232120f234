//! Measures how far a language model is to be believed: prints what `dialog/thinking.rs` knows of it.
//!
//! ```sh
//! cargo run --example thinking -- fit smollm2-135m-instruct en     # on the invented offices
//! cargo run --example thinking -- judge smollm2-135m-instruct en   # on the shipped reception, whose questions were never fitted to
//! cargo run --example thinking -- quote smollm2-135m-instruct en   # names in the middle of sentences, one half and the other
//! ```
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs, reason = "a tool for who works on the language model")]

mod fit;
#[path = "../../tests/conversation/retrieval/offices.rs"]
mod offices;
#[path = "../../tests/conversation/quoting/sentences.rs"]
mod sentences;

use std::sync::Arc;
use std::time::{Duration, Instant};

use switchhook::dialog::retrieval::{Query, ReadAloud, Verdict};
use switchhook::dialog::{Calibration, Choice, Question, Quote, Quoted};
use switchhook::speech::thinking;
use switchhook_models::catalog::Store;
use switchhook_models::llm::LanguageModel;
use switchhook_models::{Cancel, Language, Locale, open};

use fit::Example;
use offices::Office;
use sentences::Sentence;

/// As many as a dialog lets a model weigh.
const CHOICES: usize = 3;

/// Makes a text's vector.
type Vectors = Box<dyn Fn(&str) -> Vec<f32>>;

struct Bench {
    model: Box<dyn LanguageModel>,
    locale: Locale,
    sounds: Option<ReadAloud>,
    embed: Option<Vectors>,
    took: Vec<Duration>,
}

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let [what, model, locale] = asked.as_slice() else { return println!("say `fit`, `judge` or `quote`, a model and a language") };
    let store = Store::default_place();
    let locale: Locale = locale.parse().unwrap();
    let calibration = Calibration::of(model, locale.language());
    let sounds = || {
        let mandarin = Arc::new(open::pronunciation(&store, "mandarin").unwrap());
        Arc::new(move |text: &str| mandarin.pinyin(text)) as ReadAloud
    };
    let embed = || {
        let model = open::embedder(&store, "all-minilm-l6-v2").unwrap();
        Box::new(move |text: &str| model.embed(text, &Cancel::new()).unwrap()) as Vectors
    };
    let (sounds, embed) = match locale.language() {
        Language::En => (None, Some(embed())),
        Language::Zh => (Some(sounds()), None),
    };
    let model = open::language_model(&store, model).unwrap();
    let mut bench = Bench { model, locale, sounds, embed, took: Vec::new() };
    match what.as_str() {
        "fit" => bench.fit(),
        "judge" => bench.judge(calibration),
        _ => bench.quote(calibration),
    }
    bench.took.sort_unstable();
    println!(
        "{} jobs, half of them within {:?}, 95 % within {:?}",
        bench.took.len(),
        bench.took[bench.took.len() / 2],
        bench.took[bench.took.len() * 95 / 100]
    );
}

impl Bench {
    /// What the office's retrieval is not sure of, with what the model makes of it.
    fn examples(&mut self, office: &Office) -> Vec<Example> {
        let embed = self.embed.as_ref().map(|embed| -> &dyn Fn(&str) -> Vec<f32> { embed });
        let retrieval = office.retrieval(self.sounds.as_ref(), embed);
        let mut examples = Vec::new();
        for question in &office.questions {
            let vector = embed.map(|embed| embed(&question.text));
            let hits = retrieval.search(&Query { text: &question.text, vector: vector.as_deref() });
            if matches!(Verdict::of(&hits), Verdict::Sure(_)) || hits.is_empty() {
                continue;
            }
            let hits = &hits[..hits.len().min(CHOICES)];
            let choices =
                hits.iter().map(|hit| Choice::new(&office.means[hit.entry], &office.entries[hit.entry].asked, hit.probability)).collect();
            let asked = Question { said: question.text.clone(), language: office.language, choices, calibration: None };
            let begin = Instant::now();
            let likelier = thinking::weigh(self.model.as_mut(), &asked, &Cancel::new(), || ()).unwrap();
            self.took.push(begin.elapsed());
            let means = question.means.map(|means| hits.iter().position(|hit| hit.entry == means));
            let before: Vec<f32> = hits.iter().map(|hit| hit.probability).collect();
            println!("{means:?} of {before:.2?}, likelier by {likelier:.1?}: {}", question.text);
            examples.push(Example { asked, likelier, means });
        }
        examples
    }

    fn fit(&mut self) {
        let offices = Office::fitted(self.locale.language());
        let examples: Vec<Example> = offices.iter().flat_map(|office| self.examples(office)).collect();
        let [before, nothing, said] = fit::fitted(&examples);
        println!("Calibration {{ before: {before:.2}, nothing: {nothing:.2}, said: {said:.2} }} on {} questions", examples.len());
    }

    fn judge(&mut self, calibration: Option<Calibration>) {
        let examples = self.examples(&Office::held_out(self.locale));
        let fit = examples.iter().filter(|example| example.means.is_some()).count();
        println!("{fit} that something fits, {} that nothing fits", examples.len() - fit);
        let tell = |how: &str, choose: &dyn Fn(&Example) -> Option<usize>| {
            let (mut right, mut wrong, mut guessed) = (0, 0, 0);
            for example in &examples {
                match (choose(example), example.means) {
                    (None, _) => {}
                    (Some(_), None) => guessed += 1,
                    (Some(choice), Some(Some(means))) if choice == means => right += 1,
                    (Some(_), Some(_)) => wrong += 1,
                }
            }
            println!("{how}: {right} right, {wrong} wrong, {guessed} guessed though nothing fits");
        };
        tell("the closest stands", &|example| example.asked.closest());
        tell("the model is asked", &|example| Question { calibration, ..example.asked.clone() }.choose(&example.likelier));
    }

    fn quote(&mut self, calibration: Option<Calibration>) {
        let calibration = calibration.unwrap();
        let mut halves = [[0; 4]; 2];
        for (place, Sentence { said, name }) in sentences::of(self.locale.language()).into_iter().enumerate() {
            let quote = Quote { said: said.clone(), language: self.locale.language(), calibration };
            let begin = Instant::now();
            let quotation = thinking::quote(self.model.as_mut(), &quote, &Cancel::new()).unwrap();
            self.took.push(begin.elapsed());
            let [right, wrong, missed, invented] = &mut halves[place % 2];
            match (sentences::believed(&quote, quotation.clone(), self.locale), &name) {
                (Quoted::Words(words), Some(name)) if words == *name => *right += 1,
                (Quoted::Words(_), Some(_)) => *wrong += 1,
                (Quoted::Words(_), None) => *invented += 1,
                (_, Some(_)) => *missed += 1,
                (_, None) => {}
            }
            println!("{:>6.1} {name:?} {quotation:?}", quotation.as_ref().map_or(f32::NAN, |quotation| quotation.likelier));
        }
        for (half, [right, wrong, missed, invented]) in ["fitted", "judged"].iter().zip(halves) {
            println!("{half}: {right} right, {wrong} wrong, {missed} missed, {invented} invented");
        }
    }
}
