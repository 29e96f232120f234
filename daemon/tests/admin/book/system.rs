//! What the book asks of the system, and what of it has to exist in this repository.

use std::path::Path;
use std::process::Command;

use super::pages::{read, root};
use super::prose::understood;
use super::world::BUILT;

/// What is looked at instead of doing it: whether the words after the command hold, or why not.
type Look = fn(&[&str]) -> Result<(), String>;

/// Every command that is written down instead of being run.
pub const COMMANDS: &[(&str, Look)] = &[
    ("adduser", adduser),
    ("apt", apt),
    ("apt-get", apt_get),
    ("cargo", cargo),
    ("cross", cargo),
    ("dmesg", of_the_system),
    ("dpkg", of_the_system),
    ("dpkg-buildpackage", of_the_system),
    ("journalctl", journalctl),
    ("make", make),
    ("mosquitto_sub", mosquitto_sub),
    ("qemu-aarch64", qemu),
    ("rustup", rustup),
    ("ss", of_the_system),
    ("sudoedit", sudoedit),
    ("switchhookctl", to_come),
    ("systemctl", systemctl),
    ("timedatectl", timedatectl),
    ("vcgencmd", of_the_system),
    (BUILT[0], built),
    (BUILT[1], built),
];

/// Units that are not ours.
const OTHER_UNITS: [&str; 4] = ["dbus", "polkit", "systemd-journald", "systemd-time-wait-sync"];

/// Whether what was asked of the system can be had.
pub fn holds(words: &[String]) -> Result<(), String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (command, _) = words.split_first().ok_or("nothing was asked")?;
    let (_, look) = COMMANDS.iter().find(|(name, _)| name == command).ok_or("nobody knows this command")?;
    look(&words)
}

fn held(holds: bool, otherwise: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn known<'a>(words: &[&'a str], all: &str) -> Result<(), &'a str> {
    words
        .iter()
        .copied()
        .find(|word| !all.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).any(|one| one == *word))
        .map_or(Ok(()), Err)
}

/// What a command of this machine says of itself.
fn help(command: &str) -> String {
    let told = Command::new(command).arg("--help").output().unwrap_or_else(|_| panic!("{command} is needed: apt-get install systemd"));
    String::from_utf8(told.stdout).unwrap()
}

/// Words that are no options.
fn plain<'a>(words: &[&'a str]) -> Vec<&'a str> {
    words.iter().copied().filter(|word| !word.starts_with('-')).collect()
}

/// Options without their values.
fn options<'a>(words: &[&'a str]) -> Vec<&'a str> {
    words.iter().filter(|word| word.starts_with('-')).map(|word| word.split('=').next().unwrap()).collect()
}

/// Nothing of ours is in it.
fn of_the_system(words: &[&str]) -> Result<(), String> {
    held(!words.iter().any(|word| word.contains("switchhook")), "this names something of ours, which is not looked at")
}

/// A command that is planned stands in the plan until it is there; its own tests answer its questions.
fn to_come(words: &[&str]) -> Result<(), String> {
    let [_, noun] = words else { return Err("it is run with more than its name".into()) };
    let helps = Command::new(env!("CARGO_BIN_EXE_switchhookctl")).args([noun, "--help"]).output().unwrap().status.success();
    let planned = || std::fs::read_to_string(root().join("docs/plan.md")).is_ok_and(|plan| plan.contains(&format!("`{noun}`")));
    held(helps || planned(), "it is neither there nor planned")
}

/// A group is one of the roles.
fn adduser(words: &[&str]) -> Result<(), String> {
    let [_, _, group] = words else { return Err("adduser NAME GROUP".into()) };
    held(read("systemd/switchhook.sysusers").lines().any(|line| line.starts_with(&format!("g {group} "))), "there is no such group")
}

/// Packages are ours.
fn apt(words: &[&str]) -> Result<(), String> {
    let ["apt", "install", files @ ..] = words else { return Err("apt install FILES".into()) };
    let control = read("debian/control");
    let name = |file: &str| Path::new(file).file_name().and_then(|name| name.to_str()?.split_once('_')).map(|(name, _)| name.to_owned());
    let ours = |file: &&str| name(file).is_some_and(|name| control.lines().any(|line| line == format!("Package: {name}")));
    held(!files.is_empty() && files.iter().all(ours), "we have no such package")
}

/// Packages are those with which the same is built in CI.
fn apt_get(words: &[&str]) -> Result<(), String> {
    match words {
        ["apt-get", "update"] => Ok(()),
        ["apt-get", "install", packages @ ..] => {
            let (needed, tree) = (read("hil-tests/scripts/prerequisites"), read("hil-tests/scripts/cross-tree"));
            let in_tree = |package: &str| {
                let boards = package.replace(":arm64", ":$arch");
                tree.split(|c: char| c.is_whitespace() || matches!(c, '=' | '"')).any(|word| word == boards)
            };
            let missing = packages.iter().find(|package| !needed.contains(&format!("need {package} ")) && !in_tree(package));
            missing.map_or(Ok(()), |package| Err(format!("{package} is in neither of hil-tests/scripts/prerequisites and cross-tree")))
        }
        _ => Err("apt-get update, or install PACKAGES".into()),
    }
}

/// The word that follows another.
fn after<'a>(words: &[&'a str], option: &str) -> Option<&'a str> {
    words.iter().position(|word| *word == option).and_then(|at| words.get(at + 1).copied())
}

/// Packages, examples, tests and fuzz targets are ours, and so is what is asked of our tool.
fn cargo(words: &[&str]) -> Result<(), String> {
    if let [_, _, "fuzz", "run", target] = words {
        return held(root().join("fuzz/fuzz_targets").join(format!("{target}.rs")).exists(), "there is no such fuzz target");
    }
    let (cargos, programs) = words.split_at(words.iter().position(|word| *word == "--").unwrap_or(words.len()));
    let folder = match after(cargos, "-p").ok_or("it names no package")? {
        "switchhook" => "daemon",
        "switchhook-models" => "models",
        "switchhook-hil" => "hil-tests",
        _ => return Err("there is no such package".into()),
    };
    for (option, kind) in [("--example", "examples"), ("--test", "tests")] {
        if let Some(name) = after(cargos, option) {
            let place = root().join(folder).join(kind);
            let there = [format!("{name}.rs"), format!("{name}/main.rs")].iter().any(|file| place.join(file).exists());
            return held(there, format!("{folder} has no {name}"));
        }
    }
    if words[1] != "run" {
        return Ok(());
    }
    let asked: Vec<String> = after(cargos, "-p").iter().chain(programs.iter().skip(1)).map(ToString::to_string).collect();
    understood(&asked)
}

fn make(words: &[&str]) -> Result<(), String> {
    let file = read("Makefile");
    let target = words.get(1).ok_or("it names no target")?;
    held(file.lines().any(|line| line.starts_with(&format!("{target}:"))), "the Makefile has no such target")?;
    let setting = words[2..].iter().find(|word| !file.contains(&format!("$({})", word.split('=').next().unwrap())));
    setting.map_or(Ok(()), |setting| Err(format!("the Makefile knows no {setting}")))
}

/// The program is one of ours.
fn qemu(words: &[&str]) -> Result<(), String> {
    let program = words.iter().find_map(|word| word.strip_prefix("target/aarch64-unknown-linux-gnu/release/"));
    held(program.is_some_and(|name| ["switchhookd", "switchhookctl", "switchhook-models"].contains(&name)), "we build no such program")
}

fn rustup(words: &[&str]) -> Result<(), String> {
    let ["rustup", "target", "add", target] = words else { return Err("rustup target add TARGET".into()) };
    held(read(".cargo/config.toml").contains(target), ".cargo/config.toml does not know it")
}

/// A program of the source folder.
fn built(words: &[&str]) -> Result<(), String> {
    let source = words[0].replace("target/debug/examples/", "models/examples/");
    held([source.clone(), format!("{source}.rs")].iter().any(|path| root().join(path).exists()), "we have no such program")
}

/// A file is one that the package brings.
fn sudoedit(words: &[&str]) -> Result<(), String> {
    let [_, path] = words else { return Err("sudoedit FILE".into()) };
    let name = path.strip_prefix("/etc/switchhook/").ok_or("it lies in /etc/switchhook")?;
    held(root().join("debian").join(name).exists(), "the package brings no such file")
}

fn unit(name: &str) -> Result<(), String> {
    let ours = root().join("systemd").join(format!("{name}.service")).exists();
    held(ours || OTHER_UNITS.contains(&name), format!("there is no unit {name}"))
}

fn systemctl(words: &[&str]) -> Result<(), String> {
    let mut rest = Vec::new();
    let mut words = words[1..].iter().copied();
    while let Some(word) = words.next() {
        match word {
            // A property of systemd's.
            "-p" => drop(words.next()),
            option if option.starts_with('-') => known(&[option], &help("systemctl")).map_err(|option| format!("no option {option}"))?,
            word => rest.push(word),
        }
    }
    let (verb, units) = rest.split_first().ok_or("it has no verb")?;
    known(&[verb], &help("systemctl")).map_err(|verb| format!("systemctl knows no {verb}"))?;
    let units = if *verb == "service-log-level" { &units[..1] } else { units };
    held(*verb != "reload" || read("systemd/switchhook.service").contains("ExecReload="), "the unit cannot be reloaded")?;
    units.iter().try_for_each(|name| unit(name))
}

fn timedatectl(words: &[&str]) -> Result<(), String> {
    let verb = &words[1..words.len().min(2)];
    known(verb, &help("timedatectl")).map_err(|verb| format!("timedatectl knows no {verb}"))
}

/// Options are journald's, the unit and events are ours.
fn journalctl(words: &[&str]) -> Result<(), String> {
    let told = help("journalctl");
    known(&options(words), &told).map_err(|option| format!("journalctl knows no {option}"))?;
    after(words, "-u").map_or(Ok(()), unit)?;
    for (field, value) in plain(words).iter().filter_map(|word| word.split_once('=')) {
        match field {
            "EVENT" => held(is_told(&root().join("daemon/src"), value), format!("there is no event {value}"))?,
            "LINE" | "CALL_ID" => held(read("debian/man/switchhookd.8").contains(field), "no entry has this field")?,
            _ => return Err(format!("no entry of ours has the field {field}")),
        }
    }
    Ok(())
}

/// Whether some message of the daemon has this event.
fn is_told(folder: &Path, event: &str) -> bool {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| match path.is_dir() {
        true => is_told(&path, event),
        false => std::fs::read_to_string(&path).is_ok_and(|text| text.contains(&format!("event = \"{event}\""))),
    })
}

/// Topics are those of the table in `telemetry`.
fn mosquitto_sub(words: &[&str]) -> Result<(), String> {
    let topic = after(words, "-t").ok_or("it names no topic")?;
    let parts: Vec<&str> = topic.split('/').collect();
    let ["switchhook", "v1", _, rest @ ..] = parts.as_slice() else { return Err("switchhook/v1/DEVICE/...".into()) };
    let rest = rest.join("/").replace('+', "ID");
    held(read("daemon/src/telemetry/mod.rs").contains(&format!("//! | `{rest}` |")), "no device tells it")
}
