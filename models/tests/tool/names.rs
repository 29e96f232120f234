//! `switchhook-models transcribe --grammar FILE`: names from a list by their words, and by their sound.

use std::fs;
use std::path::Path;

use crate::common::{lines, store_with, text, tool};
use serde_json::Value;
use switchhook_models::catalog::Store;

/// People whose names are written as no recogniser writes them, and one who is.
const ENGLISH: &str = "# People\nwright = Ryte Rhodes\nchen = Maria Chenn | Ms. Chenn\nbaker = Jonathan Baker\n";
const MANDARIN: &str = "robot = 機器人\naccounting = 會計部\nchen = 陳建國\nservice = 客服中心\n";

/// Have a text spoken as it would come over a line.
fn say(folder: &Path, voice: &str, words: &str) -> String {
    let file = folder.join(format!("{words}.wav")).to_str().unwrap().to_owned();
    let ended = tool(Store::default_place().dir(), &["say", "--model", voice, "--rate", "8000", "-o", &file, words]);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    file
}

/// What was chosen: the meaning, and how it was found.
fn chosen(row: &Value) -> (String, Option<&str>) {
    let meaning: Vec<&str> = row["meaning"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
    (meaning.join(" "), row["found"].as_str())
}

fn list(folder: &Path, names: &str) -> String {
    let file = folder.join("names.txt");
    fs::write(&file, names).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn an_english_name_is_found_by_its_words_or_by_its_sound() {
    let folder = tempfile::tempdir().unwrap();
    let names = list(folder.path(), ENGLISH);
    let files = ["Jonathan Baker.", "Right roads.", "It is raining today."].map(|words| say(folder.path(), "hibari", words));
    let store = store_with(&["moonshine-tiny", "hibari"]);
    let arguments = ["--json", "transcribe", "--model", "moonshine-tiny", "--grammar", &names, &files[0], &files[1], &files[2]];
    let told = tool(store.path(), &arguments);
    assert!(told.stderr.is_empty(), "{}", text(&told.stderr));
    let rows = lines(&told);
    assert_eq!(
        rows.iter().map(chosen).collect::<Vec<_>>(),
        [("baker".to_owned(), Some("heard")), ("wright".to_owned(), Some("sound")), (String::new(), None),]
    );
    assert_eq!(rows[1]["text"], "Ryte Rhodes");
    assert!(rows[1]["freely"].as_str().unwrap().to_lowercase().contains("right"), "{}", rows[1]);
    assert_eq!(rows[2]["choice"], "outside");
}

#[test]
fn without_what_reads_aloud_names_are_found_by_their_words_and_it_is_said_what_to_fetch() {
    let folder = tempfile::tempdir().unwrap();
    let names = list(folder.path(), ENGLISH);
    let files = ["Jonathan Baker.", "Right roads."].map(|words| say(folder.path(), "hibari", words));
    let store = store_with(&["moonshine-tiny"]);
    let told = tool(store.path(), &["--json", "transcribe", "--model", "moonshine-tiny", "--grammar", &names, &files[0], &files[1]]);
    let note = text(&told.stderr);
    assert!(note.contains("not found by their sound in `en`") && note.contains("fetch hibari`"), "{note}");
    assert_eq!(lines(&told).iter().map(chosen).collect::<Vec<_>>(), [("baker".to_owned(), Some("heard")), (String::new(), None)]);
}

#[test]
fn a_mandarin_name_is_found_by_its_sound() {
    let folder = tempfile::tempdir().unwrap();
    let names = list(folder.path(), MANDARIN);
    let files = ["機器人", "我要找機器人部門"].map(|words| say(folder.path(), "kokoro-82m", words));
    let store = store_with(&["whisper-base", "mandarin"]);
    let arguments = ["--json", "transcribe", "--model", "whisper-base", "--language", "zh", "--grammar", &names, &files[0], &files[1]];
    let rows = lines(&tool(store.path(), &arguments));
    assert_eq!(rows.iter().map(chosen).collect::<Vec<_>>(), [("robot".to_owned(), Some("heard")), ("robot".to_owned(), Some("sound")),]);
}

#[test]
fn a_list_that_is_not_one_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_with(&["moonshine-tiny"]);
    for (names, complaint) in [("a = b\nMaria Chen\n", "line 2"), ("", "cannot be used"), (" # none\n", "cannot be used")] {
        let names = list(folder.path(), names);
        let told = tool(store.path(), &["transcribe", "--model", "moonshine-tiny", "--grammar", &names, "x.wav"]);
        assert_eq!(told.status.code(), Some(1));
        assert!(text(&told.stderr).contains(complaint), "{}", text(&told.stderr));
    }
    let told = tool(store.path(), &["transcribe", "--model", "moonshine-tiny", "--grammar", "no-such-list.txt", "x.wav"]);
    assert!(text(&told.stderr).contains("no-such-list.txt") && text(&told.stderr).contains("yes-no"), "{}", text(&told.stderr));
}
