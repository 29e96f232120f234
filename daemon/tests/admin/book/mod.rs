//! The book: every command in it is run, every piece of configuration is read, and every link leads somewhere.
//!
//! A page's blocks of shell are run one after the other in a [`world`] of the page's own: an office's folder, `/etc` and `/var` of its own, and a house on a
//! private bus. What belongs to the system (apt, systemctl) is not run there but written down, and compared with what this repository holds ([`system`]).
//! A command that is neither fails. Commands that prose names are known at least ([`prose`]).

mod links;
mod pages;
mod prose;
mod system;
mod world;

use pages::Page;
use world::World;

/// What a block may be written in; whatever is none of these would be a command that nobody runs.
const LANGUAGES: [&str; 9] = ["sh", "toml", "ini", "yaml", "ftl", "md", "csv", "json", "text"];

async fn faults_of(page: &Page) -> Vec<String> {
    let blocks: Vec<_> = page.blocks().into_iter().filter(|block| block.language == "sh").collect();
    if blocks.is_empty() {
        return Vec::new();
    }
    let world = World::open().await;
    let mut faults = Vec::new();
    for block in blocks {
        let place = format!("{}:{}", page.name, block.line);
        if let Err(said) = world.run(&block.text).await {
            faults.push(format!("{place}: {said}"));
        }
        for words in world.recorded() {
            if let Err(why) = system::holds(&words) {
                faults.push(format!("{place}: `{}`: {why}", words.join(" ")));
            }
        }
    }
    faults
}

#[tokio::test]
async fn every_command_is_run() {
    let mut faults = Vec::new();
    for page in pages::all() {
        faults.extend(faults_of(&page).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[tokio::test]
async fn a_command_that_nobody_knows_is_a_fault() {
    let page = |text: &str| Page { name: "made-up.md".into(), text: format!("```sh\n{text}\n```\n") };
    for wrong in [
        "switchhookctl dance",
        "frobnicate --now",
        "systemctl start switchboard",
        "systemctl frobnicate switchhook",
        "sudo adduser maria switchhook-cook",
        "journalctl -u switchhook EVENT=no-such-event",
        "apt install ./switchboard_1.deb",
        "make coffee",
        "mosquitto_sub -t 'switchhook/v1/+/moods'",
        "cargo run -p switchhook --example no-such-example",
        "cargo run -p switchhook-models -- dance",
        "busctl get-property org.switchhook.Switchhook1 /org/switchhook/Switchhook1 org.switchhook.Switchhook1.Manager Mood",
        "cat /etc/switchhook/nothing",
    ] {
        assert_eq!(faults_of(&page(wrong)).await.len(), 1, "{wrong}");
    }
    assert_eq!(faults_of(&page("sudo systemctl start switchhook && switchhookctl status --json | cat")).await, [""; 0]);
}

#[test]
fn no_block_hides_a_command() {
    for page in pages::all() {
        for block in page.blocks() {
            let (place, language) = (format!("{}:{}", page.name, block.line), block.language.as_str());
            assert!(LANGUAGES.contains(&language), "{place}: a block of {language:?}; write one of {LANGUAGES:?}");
            assert!(
                language == "sh" || !block.text.lines().any(|line| line.starts_with("$ ")),
                "{place}: a prompt outside of a block of sh"
            );
        }
    }
}

#[test]
fn what_is_shown_of_the_configuration_is_understood() {
    let at = tempfile::tempdir().unwrap();
    let main = at.path().join("switchhook.toml");
    let shown = at.path().join("conf.d/shown.toml");
    std::fs::create_dir(shown.parent().unwrap()).unwrap();
    std::fs::write(&main, "[device]\nname = \"t\"\n[office]\nname = \"our office\"\n[mqtt]\nhost = \"broker\"\n").unwrap();
    for page in pages::all() {
        for block in page.blocks().into_iter().filter(|block| block.language == "toml") {
            std::fs::write(&shown, &block.text).unwrap();
            let read = switchhook::config::load(&main);
            assert!(read.is_ok(), "{}:{}: {}", page.name, block.line, read.unwrap_err());
        }
    }
}
