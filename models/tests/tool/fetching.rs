//! The tool `switchhook-models`, as a user or a script meets it: without any model installed.

use std::process::Command;

use crate::common::{lines, text, tool};

#[test]
fn list_gives_one_object_per_model() {
    let dir = tempfile::tempdir().unwrap();
    let listed = tool(dir.path(), &["list", "--json"]);
    let rows = lines(&listed);
    let names: Vec<&str> = rows.iter().map(|row| row["model"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "whisper-base",
            "whisper-small",
            "whisper-tiny",
            "whisper-tiny.en",
            "moonshine-base",
            "moonshine-tiny",
            "hibari",
            "kokoro-82m",
            "smollm2-135m-instruct",
            "qwen2.5-0.5b-instruct",
            "silero-vad",
            "smart-turn",
            "mandarin",
            "all-minilm-l6-v2"
        ]
    );
    assert!(rows.iter().all(|row| row["state"] == "absent" && row["licence"].is_string() && row["installed_mb"].is_u64()));
    assert!(rows.iter().all(|row| row["measured"].is_null()));
}

#[test]
fn a_wrong_command_line_ends_with_2_and_a_failure_with_1() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out.wav");
    let out = out.to_str().unwrap();
    for (arguments, status) in [
        (&["list"][..], 0),
        (&["verify"], 0),
        (&["say", "--help"], 0),
        (&["say", "-o", out, "--speed", "fast", "Hello."], 2),
        (&[], 2),
        (&["sing"], 2),
        (&["transcribe"], 2),
        (&["transcribe", "--language", "fr", "x.wav"], 2),
        (&["say", "-o", out, "--rate", "44100", "hello"], 2),
        (&["chat", "--temperature", "nan", "hello"], 2),
        (&["profiles"], 0),
        (&["fetch", "no-such-model"], 2),
        (&["remove"], 2),
        (&["remove", "no-such-model"], 2),
        (&["remove", "hibari", "--language", "en"], 2),
        (&["remove", "hibari"], 0),
        (&["fetch", "--profile", "huge"], 2),
        (&["fetch", "--language", "zh"], 2),
        (&["fetch", "--profile", "tiny", "hibari"], 2),
        (&["fetch", "--language", "en", "hibari"], 2),
        (&["fetch", "--profile", "tiny", "--all"], 2),
        (&["convert", "silero-vad"], 2),
        (&["convert", "no-such-model", "--from", "."], 2),
        (&["convert", "silero-vad", "--from", "no-such-folder"], 1),
        (&["transcribe", "--partial", "--grammar", "digits", "x.wav"], 2),
        (&["transcribe", "--partial", "--model", "moonshine-base", "x.wav"], 1),
        (&["verify", "silero-vad"], 1),
        (&["transcribe", "x.wav"], 1),
        (&["say", "-o", out, "hello"], 1),
        (&["chat", "hello"], 1),
        (&["bench"], 1),
        (&["bench", "hibari"], 1),
        (&["bench", "no-such-model"], 2),
        (&["bench", "--runs", "0"], 2),
    ] {
        let ended = tool(dir.path(), arguments);
        assert_eq!(ended.status.code(), Some(status), "{arguments:?}: {}", text(&ended.stderr));
        assert_eq!(status == 0, ended.stderr.is_empty(), "{arguments:?}: a failure is told on standard error, success is not");
    }
}

#[test]
fn profiles_gives_one_object_per_profile_and_language() {
    let dir = tempfile::tempdir().unwrap();
    let told = tool(dir.path(), &["profiles", "--json"]);
    let rows = lines(&told);
    let keys: Vec<String> =
        rows.iter().map(|row| format!("{} {}", row["profile"].as_str().unwrap(), row["language"].as_str().unwrap())).collect();
    let all: Vec<String> =
        ["tiny", "standard", "large"].iter().flat_map(|name| ["en", "zh-TW", "zh-CN"].map(|tag| format!("{name} {tag}"))).collect();
    assert_eq!(keys, all);
    let [_, _, _, english, mandarin, ..] = &rows[..] else { unreachable!("nine rows") };
    assert_eq!((&english["recognizer"], &english["language_model"]), (&"moonshine-base".into(), &"smollm2-135m-instruct".into()));
    assert_eq!((&mandarin["voice"], &mandarin["language_model"]), (&"kokoro-82m".into(), &"qwen2.5-0.5b-instruct".into()));
    assert!(english["installed_mb"].as_u64() > Some(0) && english["peak_memory_mb"].as_u64() > Some(0));
    let told = |row: &serde_json::Value| row.get("peak_memory_mb").is_none_or(|peak| peak.as_u64() > Some(0));
    assert!(rows.iter().all(told), "what was not measured is not told");
}

#[test]
fn fetch_brings_what_the_profile_has_for_the_language() {
    let dir = tempfile::tempdir().unwrap();
    // Without the programs that download, each model is tried and told as failed.
    let tried = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_switchhook-models"));
        let ended =
            command.env("PATH", dir.path()).arg("--models").arg(dir.path()).args(["--json", "fetch"]).args(arguments).output().unwrap();
        assert_eq!(ended.status.code(), Some(1), "{}", text(&ended.stderr));
        let model = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["model"].as_str().unwrap().to_owned();
        text(&ended.stdout).lines().map(model).collect::<Vec<_>>()
    };
    let english = ["moonshine-base", "hibari", "silero-vad", "smart-turn", "smollm2-135m-instruct", "all-minilm-l6-v2"];
    let mandarin = ["whisper-small", "kokoro-82m", "silero-vad", "smart-turn", "qwen2.5-0.5b-instruct", "mandarin"];
    assert_eq!(tried(&[]), english);
    assert_eq!(tried(&["--language", "zh-TW"]), mandarin);
    assert_eq!(tried(&["--profile", "standard", "--language", "zh-tw"]), mandarin);
    assert_eq!(tried(&["--profile", "tiny"])[0], "moonshine-base");
    assert_eq!(tried(&["mandarin"]), ["mandarin"]);
    assert_eq!(tried(&["--all"]).len(), 14);
}

#[test]
fn a_missing_model_is_named_with_the_command_that_installs_it() {
    let dir = tempfile::tempdir().unwrap();
    let ended = tool(dir.path(), &["transcribe", "--json", "x.wav"]);
    let told = text(&ended.stderr);
    let remedy = format!("`switchhook-models --models {} fetch moonshine-base`", dir.path().display());
    assert!(told.contains("`moonshine-base` is not installed") && told.contains(&remedy), "{told}");
    assert!(ended.stdout.is_empty());
}

#[test]
fn a_model_of_another_task_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let ended = tool(dir.path(), &["chat", "--model", "hibari", "hello"]);
    assert!(text(&ended.stderr).contains("`hibari` does voice, not language model"), "{}", text(&ended.stderr));
}

#[test]
fn what_one_language_needs_stays_when_another_goes() {
    let dir = tempfile::tempdir().unwrap();
    let removed = |arguments: &[&str]| -> Vec<String> {
        let rows = lines(&tool(dir.path(), arguments));
        rows.iter().map(|row| row["model"].as_str().unwrap().to_owned()).collect()
    };
    let mandarin = removed(&["--json", "remove", "--language", "zh-TW", "--keep", "en"]);
    assert!(mandarin.contains(&"mandarin".to_owned()) && !mandarin.contains(&"silero-vad".to_owned()), "{mandarin:?}");
    assert!(removed(&["--json", "remove", "--language", "zh-TW"]).contains(&"silero-vad".to_owned()));
}

/// Needs root, to give a store to somebody else.
#[test]
fn what_root_removes_or_fetches_is_done_by_whose_store_it_is() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(
        std::os::unix::fs::chown(dir.path(), Some(65_534), Some(65_534)).map_err(|error| error.to_string()),
        Ok(()),
        "run this as root, as CI does"
    );
    // Nobody may reach the program in root's folders, so it lies where they may.
    let copy = tempfile::tempdir().unwrap();
    let program = copy.path().join("switchhook-models");
    std::fs::copy(env!("CARGO_BIN_EXE_switchhook-models"), &program).unwrap();
    std::fs::set_permissions(copy.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let removed = Command::new(&program).arg("--models").arg(dir.path()).args(["remove", "hibari"]).output().unwrap();
    assert!(removed.status.success(), "{}", text(&removed.stderr));
    let lock = std::fs::metadata(dir.path().join(".lock")).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&lock), 65_534);
    let wrong = Command::new(&program).arg("--models").arg(dir.path()).args(["remove", "no-such-model"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2), "and how it went is told");
}
