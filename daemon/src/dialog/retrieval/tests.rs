//! Searching a small office, by text, by sound and by meaning.

use super::*;

fn entry(asked: &[&str], answer: &str) -> Entry {
    Entry { asked: asked.iter().map(ToString::to_string).collect(), answer: answer.to_owned() }
}

fn office() -> Retrieval {
    Retrieval::new(
        Language::En,
        vec![
            entry(&["when are you open", "are you open on saturday"], "From nine to five, Monday to Friday."),
            entry(&["where is your office"], "At 12 Station Road, opposite the library."),
            entry(&["do you take credit cards"], "We take all cards, and cash."),
        ],
    )
}

fn found(retrieval: &Retrieval, text: &str) -> Verdict {
    Verdict::of(&retrieval.search(&Query { text, vector: None }))
}

#[test]
fn the_closest_entry_is_sure_if_it_is_close() {
    assert_eq!(found(&office(), "Are you open on Saturdays?"), Verdict::Sure(0));
    assert_eq!(found(&office(), "Where is your office, please?"), Verdict::Sure(1));
}

#[test]
fn a_misheard_syllable_costs_little() {
    assert!(matches!(found(&office(), "do you take predit cards"), Verdict::Sure(2)));
}

#[test]
fn strange_words_are_close_to_nothing() {
    assert_eq!(found(&office(), "my hovercraft is full of eels"), Verdict::Nothing);
    assert_eq!(found(&office(), ""), Verdict::Nothing);
}

#[test]
fn an_answer_of_one_word_is_no_question() {
    for lone in ["Yes.", "No, thank you", "We"] {
        assert_eq!(found(&office(), lone), Verdict::Nothing, "{lone}");
    }
}

#[test]
fn an_office_that_knows_nothing_answers_nothing() {
    assert_eq!(Retrieval::new(Language::En, vec![]).search(&Query { text: "are you open", vector: Some(&[1.0]) }), vec![]);
}

#[test]
fn a_passage_is_found_by_its_meaning_without_a_word_in_common() {
    let vectors = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let vectors = vectors.map(|vector| EntryVectors { asked: vec![vector.to_vec()], answer: Some(vector.to_vec()) });
    let office = office().with_vectors(vectors.to_vec());
    let text = "may i pay with plastic";
    assert_eq!(found(&office, text), Verdict::Nothing);
    let hits = office.search(&Query { text, vector: Some(&[0.28, 0.0, 0.96]) });
    assert_eq!(Verdict::of(&hits), Verdict::Sure(2), "{hits:?}");
}

#[test]
fn mandarin_is_found_by_its_sound() {
    let robot = || Retrieval::new(Language::Zh, vec![entry(&["你是機器人嗎"], ""), entry(&["請問你們幾點開門"], "早上九點。")]);
    // As the front end reads these characters.
    let syllable = |c: char| match c {
        '機' => "ji1",
        '急' => "ji2",
        '器' => "qi4",
        '起' => "qi3",
        '人' => "ren2",
        '你' => "ni3",
        '是' => "shi4",
        '嗎' => "ma5",
        _ => "fo2",
    };
    let read_aloud: ReadAloud = Arc::new(move |text: &str| text.chars().map(|c| syllable(c).to_owned()).collect());
    let heard = "是急起人";
    assert!(!matches!(found(&robot(), heard), Verdict::Sure(_)));
    assert_eq!(found(&robot().with_sounds(read_aloud), heard), Verdict::Sure(0));
}

#[test]
fn a_language_model_is_asked_about_near_rivals_alone() {
    let hits = |probabilities: &[f32]| -> Vec<Hit> {
        probabilities.iter().enumerate().map(|(entry, &probability)| Hit { entry, probability }).collect()
    };
    assert_eq!(Verdict::of(&hits(&[0.9, 0.05])), Verdict::Sure(0));
    assert_eq!(Verdict::of(&hits(&[0.5, 0.3, 0.05])), Verdict::Perhaps(vec![0, 1]));
    assert_eq!(Verdict::of(&hits(&[0.3, 0.3])), Verdict::Nothing);
}

proptest::proptest! {
    #[test]
    fn probabilities_are_in_order_and_leave_room_for_nothing(text in "\\PC{0,80}", vector in proptest::collection::vec(-1.0e30_f32..1.0e30, 0..4)) {
        for vector in [None, Some(vector.as_slice())] {
            let hits = office().with_vectors(vec![EntryVectors { asked: vec![vec![0.6, 0.8]], answer: None }; 3]).search(&Query { text: &text, vector });
            let sum: f32 = hits.iter().map(|hit| hit.probability).sum();
            proptest::prop_assert!((0.0..=1.0001).contains(&sum));
            proptest::prop_assert!(hits.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
        }
    }
}
