//! Writing a scenario, as an office does it: by `switchhookctl scenario`, and by what docs/scenarios.md says.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn ctl(arguments: &[&str], dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchhookctl"));
    // Nothing here may need a bus.
    command.arg("scenario").args(arguments).arg(dir).env("SWITCHHOOK_BUS", "unix:path=/nowhere").env("LC_ALL", "C");
    command
}

fn out(output: &Output) -> &str {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::str::from_utf8(&output.stdout).unwrap()
}

fn fails(output: &Output) -> &str {
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    std::str::from_utf8(&output.stderr).unwrap()
}

fn begun(at: &Path) -> std::path::PathBuf {
    let dir = at.join("clinic");
    out(&ctl(&["new", "--language", "en,zh-TW,zh-CN"], &dir).output().unwrap());
    dir
}

/// The files that a page of the handbook shows: a line that begins with a name in backquotes, and the block after it.
fn example(page: &str) -> Vec<(String, String)> {
    let mut lines = page.lines();
    let mut files = Vec::new();
    while let Some(line) = lines.next() {
        let named = line.strip_prefix('`').and_then(|rest| rest.split_once('`')).map(|(name, _)| name).filter(|name| name.contains('.'));
        if let Some(name) = named {
            let block = lines.by_ref().skip_while(|line| !line.starts_with("```")).skip(1);
            files.push((name.to_owned(), block.take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect()));
        }
    }
    files
}

/// Where the handbook's second example begins.
const SECOND_EXAMPLE: &str = "### An example: where is my order?";

#[test]
fn the_example_of_the_handbook_is_sound_and_goes_as_it_is_written() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scenarios.md")).unwrap();
    let (first, second) = page.split_once(SECOND_EXAMPLE).unwrap();
    for (page, files, languages) in [(first, 11, 2), (second, 5, 1)] {
        let dir = tempfile::tempdir().unwrap();
        let example = example(page);
        assert_eq!(example.len(), files, "{example:?}");
        for (name, text) in example {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        assert_eq!(out(&ctl(&["check"], dir.path()).output().unwrap()).lines().count(), languages);
        let played = ctl(&["test"], dir.path()).output().unwrap();
        assert!(out(&played).ends_with("3 conversations went as they are written\n"), "{}", out(&played));
        // A scenario of its own within the first page.
        let workshop = dir.path().join("workshop");
        if workshop.is_dir() {
            let played = ctl(&["test"], &workshop).output().unwrap();
            assert!(out(&played).ends_with("3 conversations went as they are written\n"), "{}", out(&played));
        }
    }
}

#[test]
fn a_scenario_that_was_just_begun_is_sound_in_every_language() {
    let at = tempfile::tempdir().unwrap();
    let dir = begun(at.path());
    assert_eq!(out(&ctl(&["check"], &dir).output().unwrap()).lines().count(), 3);
    assert!(out(&ctl(&["test"], &dir).output().unwrap()).ends_with("6 conversations went as they are written\n"));
}

#[test]
fn a_scenario_that_is_there_is_not_written_over() {
    let at = tempfile::tempdir().unwrap();
    let dir = begun(at.path());
    assert!(fails(&ctl(&["new"], &dir).output().unwrap()).contains("is there already"));
}

#[test]
fn a_mistake_is_told_with_its_file_its_line_and_the_remedy() {
    let at = tempfile::tempdir().unwrap();
    let dir = begun(at.path());
    for (file, from, to, told) in [
        ("scenario.yaml", "attempts: 2 ", "attempts: 9 ", "scenario.yaml:7: attempts: 9: use 1 to 5"),
        ("scenario.yaml", "  \"9\"", "  \"x\"", "scenario.yaml:12: keys: \"x\": use one of"),
        ("scenario.yaml", "person:", "persom:", "persom"),
        ("scenario.yaml", "[en, ", "[fr, ", "scenario.yaml:5: `fr` is not a language"),
        ("lang/en.ftl", "greeting = How can I help you?", "greeting = { $who }", "lang/en.ftl:2: the message `greeting`"),
        ("knowledge/en/office.md", "We are open Monday to Friday from nine to five.", "", "office.md:3: `## Opening hours` has no answer"),
        ("tests/en.yaml", "ends:", "end:", "tests/en.yaml:10: error: line 10 column 5: unknown field `end`"),
        ("tests/en.yaml", "ends: goodbye", "ends: goodby", "expected one of goodbye, message-taken"),
        (
            "tests/en.yaml",
            "#opening-hours",
            "#hours",
            "tests/en.yaml:6: source: there is no passage `office.md#hours`: nearest are office.md#opening-hours",
        ),
    ] {
        let (path, before) = (dir.join(file), fs::read_to_string(dir.join(file)).unwrap());
        let bad = before.replace(from, to);
        assert_ne!(bad, before, "{file}: {from}");
        fs::write(&path, bad).unwrap();
        let output = ctl(&["check"], &dir).output().unwrap();
        assert!(fails(&output).contains(told), "{file}: {to}: {}", fails(&output));
        fs::write(&path, before).unwrap();
    }
}

#[test]
fn a_conversation_that_goes_otherwise_fails_with_what_was_expected_and_what_happened() {
    let at = tempfile::tempdir().unwrap();
    let dir = begun(at.path());
    let path = dir.join("tests/en.yaml");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("from nine to five", "around the clock")).unwrap();
    let output = ctl(&["test"], &dir).output().unwrap();
    assert!(fails(&output).contains("1 of 6 conversations"), "{}", fails(&output));
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("tests/en.yaml:6: ") && shown.contains("around the clock") && shown.contains("from nine to five"), "{shown}");
}

#[test]
fn a_robot_can_be_talked_to_in_the_terminal() {
    let at = tempfile::tempdir().unwrap();
    let dir = begun(at.path());
    let mut chat = ctl(&["chat", "--json"], &dir).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    chat.stdin.take().unwrap().write_all("When are you open?\n\n/0\nhello?\n".as_bytes()).unwrap();
    let output = chat.wait_with_output().unwrap();
    let steps: Vec<Value> = out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let does: Vec<&str> = steps.iter().map(|step| step["does"].as_str().unwrap()).collect();
    assert_eq!(does, ["say", "answer", "say", "transfer"], "after the transfer, nobody listens");
    assert_eq!(steps[1]["source"], "office.md#opening-hours");
}

#[test]
fn the_published_schemas_say_what_a_scenario_may_hold() {
    let schema = Command::new(env!("CARGO_BIN_EXE_switchhookctl")).args(["scenario", "schema", "tests"]).output().unwrap();
    let schema: Value = serde_json::from_str(out(&schema)).unwrap();
    assert_eq!(schema["additionalProperties"], false);
    assert!(schema["$defs"]["Turn"]["properties"]["nobody-there"].is_object(), "{schema}");
}

/// The same with a place for versions.
fn on_shelf(verb: &str, arguments: &[&str], shelf: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchhookctl"));
    command.args(["scenario", verb, "--json"]).args(arguments).arg("--shelf").arg(shelf);
    command.env("SWITCHHOOK_BUS", "unix:path=/nowhere").output().unwrap()
}

#[test]
fn a_scenario_goes_live_and_back_and_what_changed_is_told() {
    let at = tempfile::tempdir().unwrap();
    let (dir, shelf) = (begun(at.path()), at.path().join("shelf"));
    let folder = dir.to_str().unwrap();
    let live = |output: &Output| -> Value { serde_json::from_str(out(output)).unwrap() };
    let first = live(&on_shelf("activate", &[folder], &shelf));
    assert_eq!((&first["scenario"], &first["robot"]), (&"clinic".into(), &"not-told".into()), "no robot runs here");
    let page = dir.join("knowledge/en/office.md");
    fs::write(&page, fs::read_to_string(&page).unwrap().replace("from nine to five", "from ten to six")).unwrap();

    let changed = live(&on_shelf("diff", &[folder], &shelf));
    let text = changed["files"]["knowledge/en/office.md"].as_str().unwrap();
    assert!(text.contains("-We are open Monday to Friday from nine to five.") && text.contains("+We are open"), "{text}");
    assert_eq!((&changed["tests"][0]["before"], &changed["tests"][0]["after"]), (&true.into(), &false.into()), "{changed}");

    assert!(fails(&on_shelf("activate", &[folder], &shelf)).contains("went otherwise"), "its tests do not go as they are written");
    let second = live(&on_shelf("activate", &[folder, "--untested"], &shelf));
    assert!(fs::read_to_string(shelf.join("clinic/knowledge/en/office.md")).unwrap().contains("from ten to six"));
    assert_eq!(live(&on_shelf("list", &[], &shelf)).as_array().unwrap().len(), 2);

    assert_eq!(live(&on_shelf("rollback", &["clinic"], &shelf))["version"], first["version"]);
    assert!(fs::read_to_string(shelf.join("clinic/knowledge/en/office.md")).unwrap().contains("from nine to five"));
    let second = second["version"].as_str().unwrap();
    assert_eq!(live(&on_shelf("rollback", &["clinic", "--to", &second[..8]], &shelf))["version"], second);
    assert_eq!(live(&on_shelf("show", &["clinic"], &shelf))["version"], second);
}
