//! `switchhook-models bench`, and `list` behind it, on installed models. Nothing timed is compared with a bound: only what can be measured at all is.

use std::fs;
use std::path::Path;

use crate::common::{lines, store_with, text, tool};
use serde_json::Value;

/// The figures of the models that were measured, by name.
fn measured(store: &Path, arguments: &[&str]) -> Vec<Value> {
    let told = tool(store, &[&["bench", "--json", "--runs", "1"], arguments].concat());
    let [document] = &lines(&told)[..] else { unreachable!("one document") };
    assert!(document["machine"]["processor"].is_string() && document["machine"]["cores"].as_u64() > Some(0));
    document["models"].as_array().unwrap().clone()
}

fn listed(store: &Path, model: &str) -> Value {
    lines(&tool(store, &["list", "--json"])).into_iter().find(|row| row["model"] == model).unwrap()
}

fn some_time(value: &Value) -> bool {
    value.as_f64().is_some_and(|seconds| seconds > 0.0 && seconds < 600.0)
}

/// More than the program itself has, and less than any machine has to spare.
fn some_memory(model: &Value) -> bool {
    model["figures"]["peak_memory_bytes"].as_u64().is_some_and(|bytes| (5_000_000..2_000_000_000).contains(&bytes))
}

#[test]
fn what_was_measured_is_kept_and_listed() {
    let store = store_with(&["silero-vad", "hibari"]);
    let all = measured(store.path(), &[]);
    let names: Vec<&str> = all.iter().map(|model| model["model"].as_str().unwrap()).collect();
    assert_eq!(names, ["hibari", "silero-vad"], "without names, all that are installed");
    let [voice, activity] = &all[..] else { unreachable!("two models") };
    assert!(some_memory(voice) && some_memory(activity));
    assert!(some_time(&activity["figures"]["speed"]["window_seconds"]));
    let sentences = voice["figures"]["speed"]["sentences"].as_array().unwrap();
    assert_eq!(sentences.len(), 5);
    for sentence in sentences {
        assert!(some_time(&sentence["first_audio_seconds"]) && some_time(&sentence["audio_seconds"]), "{sentence}");
        assert!(sentence["first_audio_seconds"].as_f64() <= sentence["seconds"].as_f64(), "{sentence}");
    }
    for model in [voice, activity] {
        assert_eq!(&listed(store.path(), model["model"].as_str().unwrap())["measured"], model);
        assert!(some_time(&model["real_time_factor"]));
    }
    let shown = text(&tool(store.path(), &["list"]).stdout);
    assert_eq!(shown.matches("measured here: real-time factor").count(), 2, "{shown}");
    let lines = shown.matches("measured here: ").count();
    assert_eq!(shown.matches("measured here: -").count(), lines - 2, "{shown}");
}

#[test]
fn a_recogniser_that_goes_along_is_measured_on_what_the_voice_says() {
    let store = store_with(&["moonshine-tiny", "hibari"]);
    let [model] = &measured(store.path(), &["--quick", "moonshine-tiny"])[..] else { unreachable!("one model") };
    let speed = &model["figures"]["speed"];
    assert_eq!((&speed["task"], &speed["streaming"]), (&"recognition".into(), &true.into()));
    let [turn] = &speed["turns"].as_array().unwrap()[..] else { unreachable!("one turn if it must be quick") };
    assert_eq!((turn["language"].as_str(), turn["audio_seconds"].as_f64()), (Some("en"), Some(3.0)));
    assert!(
        some_time(&turn["delay_seconds"]) && turn["delay_seconds"].as_f64() < turn["seconds"].as_f64(),
        "some work is done before the end"
    );
    assert!(some_memory(model));
    assert!(listed(store.path(), "moonshine-tiny")["measured"].is_null(), "what was measured quickly is not kept");
}

#[test]
fn a_recogniser_of_two_languages_is_measured_in_those_that_a_voice_speaks() {
    let store = store_with(&["whisper-base", "hibari"]);
    let told = tool(store.path(), &["bench", "--json", "--quick", "--runs", "1", "whisper-base"]);
    assert!(text(&told.stderr).contains("measured in part") && text(&told.stderr).contains("fetch kokoro-82m"), "{}", text(&told.stderr));
    let document = &lines(&told)[0];
    let speed = &document["models"][0]["figures"]["speed"];
    assert_eq!(speed["streaming"], false);
    assert_eq!(speed["turns"].as_array().unwrap().len(), 1);
    assert_eq!(speed["turns"][0]["delay_seconds"], speed["turns"][0]["seconds"], "it begins when the turn is over");
}

#[test]
fn the_language_model_the_end_of_turns_and_the_dictionaries_are_measured() {
    let store = store_with(&["smollm2-135m-instruct", "smart-turn", "mandarin", "hibari"]);
    let all = measured(store.path(), &["--quick", "smollm2-135m-instruct", "smart-turn", "mandarin"]);
    let [thinker, turns, dictionaries] = &all[..] else { unreachable!("three models") };
    let speed = &thinker["figures"]["speed"];
    assert!(speed["prompt_tokens"].as_u64() > Some(100));
    assert!(speed["read_tokens_per_second"].as_f64() > Some(0.0) && speed["write_tokens_per_second"].as_f64() > Some(0.0), "{speed}");
    assert!(some_time(&turns["figures"]["speed"]["verdict_seconds"]) && turns["real_time_factor"].is_null());
    assert!(some_memory(dictionaries) && some_time(&dictionaries["figures"]["open_seconds"]));
}

#[test]
fn without_a_voice_a_recogniser_is_not_measured_and_the_others_are() {
    let store = store_with(&["moonshine-tiny", "mandarin"]);
    let told = tool(store.path(), &["bench", "--json", "--quick", "--runs", "1"]);
    assert_eq!(told.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&told.stdout).unwrap();
    let error = document["models"][0]["error"].as_str().unwrap();
    assert!(error.contains("a voice must speak") && error.contains("fetch hibari"), "{error}");
    assert!(text(&told.stderr).contains(error));
    assert!(some_memory(&document["models"][1]));
}

#[test]
fn figures_that_are_damaged_are_told_and_measured_anew() {
    let store = store_with(&["mandarin"]);
    measured(store.path(), &["mandarin"]);
    let file = store.path().join(".measured/mandarin.json");
    assert!(!listed(store.path(), "mandarin")["measured"].is_null());
    fs::write(&file, "{").unwrap();
    let ended = tool(store.path(), &["list", "--json"]);
    let told = text(&ended.stderr);
    assert!(told.contains("mandarin.json: it is damaged") && told.contains("bench mandarin"), "{told}");
    assert!(lines(&ended).iter().all(|row| row["measured"].is_null()));
    measured(store.path(), &["mandarin"]);
    assert!(!listed(store.path(), "mandarin")["measured"].is_null());
}

#[test]
fn what_cannot_be_kept_is_told_all_the_same() {
    let store = store_with(&["mandarin"]);
    fs::write(store.path().join(".measured"), "a file where the folder should be").unwrap();
    let told = tool(store.path(), &["bench", "--json", "--runs", "1"]);
    assert!(text(&told.stderr).contains("`list` will not show it"), "{}", text(&told.stderr));
    assert!(some_memory(&lines(&told)[0]["models"][0]));
}

#[test]
fn a_model_whose_bytes_were_altered_is_not_measured() {
    let store = store_with(&["mandarin"]);
    let (link, copy) = (store.path().join("mandarin"), store.path().join("copy"));
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(&link).unwrap() {
        let entry = entry.unwrap();
        let mut bytes = fs::read(entry.path()).unwrap();
        if entry.file_name() != "manifest.json" {
            bytes[0] ^= 1;
        }
        fs::write(copy.join(entry.file_name()), bytes).unwrap();
    }
    fs::remove_file(&link).unwrap();
    fs::rename(&copy, &link).unwrap();
    let told = tool(store.path(), &["bench", "mandarin"]);
    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stderr).contains("SHA-256") && text(&told.stderr).contains("repair it with"), "{}", text(&told.stderr));
}
