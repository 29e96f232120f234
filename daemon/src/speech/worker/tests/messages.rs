//! What is written is read as it was, and nothing else is read.

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use proptest::prelude::*;
use switchhook_models::asr::{Transcript, Word};
use switchhook_models::{Language, Locale};

use super::super::frame::{LONGEST, first, frame, message, next};
use super::super::message::{Answer, Begin, Fault, FromWorker, MOST_SAMPLES, Models, Note, Ready, Spoken, Task, ToWorker};
use crate::dialog::{Expected, Question, Quotation, Scenario};
use crate::speech::engine::Pace;
use crate::speech::recognition::Recognised;

/// A shipped scenario: its answers are what grammars are like.
static SURVEY: LazyLock<Scenario> =
    LazyLock::new(|| Scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/survey"), Locale::ZhTw).unwrap());

fn texts() -> impl Strategy<Value = String> {
    "\\PC{0,40}"
}

fn expected() -> impl Strategy<Value = Expected> {
    prop_oneof![
        Just(Expected::Anything),
        Just(Expected::YesOrNo),
        Just(Expected::Telephone),
        Just(Expected::Recipient),
        Just(Expected::OneOf(SURVEY.answering.yes_or_no())),
        Just(Expected::OneOf(SURVEY.answering.mark())),
    ]
}

fn tasks() -> impl Strategy<Value = Task> {
    let language = prop_oneof![Just(Language::En), Just(Language::Zh)];
    prop_oneof![
        (any::<u64>(), any::<usize>(), expected()).prop_map(|(turn, samples, expected)| Task::Hear { turn, samples, expected }),
        (any::<u64>(), any::<usize>()).prop_map(|(turn, samples)| Task::Judge { turn, samples }),
        (texts(), any::<bool>()).prop_map(|(text, slow)| Task::Speak { text, pace: if slow { Pace::Slow } else { Pace::Usual } }),
        (texts(), language.clone()).prop_map(|(said, language)| Task::Weigh(Question {
            said,
            language,
            choices: vec![],
            calibration: None
        })),
        (texts(), language).prop_map(|(said, language)| Task::Ends { language, said }),
    ]
}

fn to_worker() -> impl Strategy<Value = ToWorker> {
    let begin = (texts(), texts(), any::<u32>(), any::<u64>()).prop_map(|(name, spoken, version, memory)| {
        let models =
            Models { recognizer: name.clone(), voice: name.clone(), turn: Some(name.clone()), language_model: None, embedding: None };
        let people = vec![Spoken { spoken, also: vec![name.clone()] }];
        ToWorker::Begin(Box::new(Begin { version, store: name.into(), models, people, locale: Locale::ZhTw, memory, verbosity: 3 }))
    });
    prop_oneof![
        begin,
        (any::<u64>(), prop::collection::vec(-1.0f32..1.0, 0..200)).prop_map(|(turn, samples)| ToWorker::Sound { turn, samples }),
        any::<u64>().prop_map(|turn| ToWorker::Follow { turn }),
        any::<u64>().prop_map(|turn| ToWorker::Forget { turn }),
        any::<u64>().prop_map(|job| ToWorker::Cancel { job }),
        (any::<u64>(), tasks()).prop_map(|(job, task)| ToWorker::Job { job, task }),
    ]
}

fn heard(text: String, confidence: f32, vector: Option<Vec<f32>>) -> Recognised {
    let span = Duration::from_millis(20)..Duration::from_millis(1_500);
    let words = vec![Word { text: text.clone(), span: span.clone(), confidence }];
    Recognised { transcript: Transcript { text, language: Language::Zh, confidence, span, words }, vector }
}

fn from_worker() -> impl Strategy<Value = FromWorker> {
    let numbers = || prop::collection::vec(-100.0f32..100.0, 0..40);
    let answer = prop_oneof![
        (texts(), 0.0f32..1.0, prop::option::of(numbers())).prop_map(|(text, sure, vector)| Answer::Heard(heard(text, sure, vector))),
        (0.0f32..1.0).prop_map(Answer::Likely),
        prop::collection::vec(any::<i16>(), 0..400).prop_map(Answer::Piece),
        Just(Answer::Spoken),
        numbers().prop_map(Answer::Weighed),
        prop::option::of((texts(), -9.0f32..9.0))
            .prop_map(|quoted| Answer::Quoted(quoted.map(|(words, likelier)| Quotation { words, likelier }))),
        Just(Answer::Failed(Fault::Cancelled)),
        texts().prop_map(|what| Answer::Failed(Fault::Other(what))),
    ];
    prop_oneof![
        (texts(), any::<bool>()).prop_map(|(voice, goes_along)| FromWorker::Ready(Ready { voice, goes_along, lacks: vec![] })),
        texts().prop_map(FromWorker::Cannot),
        Just(FromWorker::Beat),
        (any::<usize>(), texts(), texts()).prop_map(|(level, event, text)| FromWorker::Note(Note { level, event, text })),
        (any::<u64>(), answer).prop_map(|(job, answer)| FromWorker::Answer { job, answer }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_said_is_read_as_it_was(to in to_worker(), from in from_worker()) {
        // Answers are equal only to themselves: what is written of them tells.
        let written = frame(&to).unwrap();
        prop_assert_eq!(frame(&first::<ToWorker>(&*written).unwrap()).unwrap(), written);
        prop_assert_eq!(first::<FromWorker>(&*frame(&from).unwrap()).unwrap(), from);
    }

    #[test]
    fn whatever_comes_is_a_message_or_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = (message::<ToWorker>(&bytes), message::<FromWorker>(&bytes));
        let _ = (first::<ToWorker>(&*bytes), first::<FromWorker>(&*bytes));
    }

    #[test]
    fn a_grammar_that_was_altered_on_the_way_is_refused_or_can_be_followed(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        said in texts(),
    ) {
        let asked = Task::Hear { turn: 1, samples: 2, expected: Expected::OneOf(SURVEY.answering.mark()) };
        let mut bytes = frame(&ToWorker::Job { job: 7, task: asked }).unwrap();
        for (place, value) in changes {
            let place = 4 + place.index(bytes.len() - 4);
            bytes[place] = value;
        }
        let Ok(ToWorker::Job { task: Task::Hear { expected: Expected::OneOf(answers), .. }, .. }) = message(&bytes[4..]) else {
            return Ok(());
        };
        let _ = answers.grammar().read(&said);
    }
}

#[test]
fn the_answers_to_a_question_mean_the_same_at_the_other_end() {
    let marks = SURVEY.answering.mark();
    let bytes = frame(&Expected::OneOf(marks.clone())).unwrap();
    let Expected::OneOf(read) = first(&*bytes).unwrap() else { panic!("another expectation") };
    assert_eq!(read.grammar(), marks.grammar());
    assert_eq!((read.tells(), read.sure()), (marks.tells(), marks.sure()));
    let person = &SURVEY.intents[&crate::dialog::Intent::Person].examples[0];
    assert_eq!((read.grammar().read("四分"), read.is_instead(std::slice::from_ref(person))), (marks.grammar().read("四分"), true));
}

#[test]
fn a_piece_of_a_turn_fits_into_a_message_and_what_is_longer_than_any_is_not_written() {
    assert!(frame(&ToWorker::Sound { turn: u64::MAX, samples: vec![0.5; MOST_SAMPLES] }).is_ok());
    assert!(frame(&ToWorker::Sound { turn: 1, samples: vec![0.5; LONGEST / 4] }).is_err());
}

#[tokio::test]
async fn no_room_is_made_for_what_is_too_long_and_what_is_cut_short_is_a_fault() {
    let long = u32::try_from(LONGEST + 1).unwrap().to_le_bytes();
    assert!(next::<ToWorker>(&mut &long[..]).await.is_err());
    let whole = frame(&FromWorker::Cannot("no".into())).unwrap();
    assert!(next::<FromWorker>(&mut &whole[..whole.len() - 1]).await.is_err());
    assert!(next::<FromWorker>(&mut &[][..]).await.unwrap().is_none(), "nobody is there any more");
    let behind = [whole.as_slice(), &[0]].concat();
    assert!(message::<FromWorker>(&behind[4..]).is_err());
}
