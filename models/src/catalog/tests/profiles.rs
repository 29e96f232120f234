//! Which models go together.

use crate::Locale;
use crate::catalog::profiles::{ProfileName, Profiles};
use crate::catalog::{Catalog, Task};

const SHIPPED: &str = include_str!("../../../catalog/profiles.toml");

#[test]
fn every_profile_that_ships_can_hear_and_speak_in_every_language() {
    let catalog = Catalog::built_in().unwrap();
    let profiles = Profiles::of(&catalog).unwrap();
    for name in ProfileName::ALL {
        assert_eq!(name.as_str().parse::<ProfileName>().unwrap(), name);
        for locale in Locale::ALL {
            let models = profiles.get(name).models(locale);
            for task in [Task::Recognition, Task::Voice, Task::VoiceActivity, Task::EndOfTurn] {
                let model = models.of(task).unwrap();
                assert_eq!(catalog.entry(model.as_str()).unwrap().task, task, "{name} {locale}");
                assert!(models.names().any(|listed| listed == model.as_str()), "{name} {locale}");
            }
            let speaks = |model: &str| catalog.entry(model).unwrap().languages.contains(&locale.language());
            assert!(models.language_model.as_ref().is_none_or(|model| speaks(model.as_str())), "{name} {locale}");
        }
        let both =
            [Locale::ZhTw, Locale::ZhCn].map(|locale| profiles.get(name).models(locale).names().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(both[0], both[1], "{name}: the scripts differ in what is written, not in what is heard");
    }
}

#[test]
fn a_mandarin_profile_brings_the_dictionaries_that_its_voice_needs() {
    let catalog = Catalog::built_in().unwrap();
    let profiles = Profiles::of(&catalog).unwrap();
    let all = catalog.with_needs(profiles.get(ProfileName::Standard).models(Locale::ZhTw).names()).unwrap();
    let names: Vec<&str> = all.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["whisper-small", "kokoro-82m", "silero-vad", "smart-turn", "qwen2.5-0.5b-instruct", "mandarin"]);
}

#[test]
fn a_mistake_in_the_profiles_is_told_with_its_place() {
    let catalog = Catalog::built_in().unwrap();
    for (from, to, complaint) in [
        ("[large.zh-CN]", "[large.zh]", "zh"),
        ("[large]\n", "[huge]\n", "huge"),
        ("vad = \"silero-vad\"\nturn = \"smart-turn\"\n", "vad = \"silero-vad\"\n", "missing field `turn`"),
        ("vad = ", "ears = ", "ears"),
        ("\"moonshine-base\"", "\"moonshine-huge\"", "tiny.en: there is no model `moonshine-huge`"),
        ("recognizer = \"moonshine-base\"", "recognizer = \"hibari\"", "tiny.en: `hibari` does voice, not recognition"),
        (
            "recognizer = \"whisper-small\"",
            "recognizer = \"moonshine-base\"",
            "standard.zh-TW: `moonshine-base` does not know the language `zh`",
        ),
    ] {
        let bad = SHIPPED.replacen(from, to, 1);
        assert_ne!(bad, SHIPPED, "{from}");
        let fault = Profiles::parse("p.toml", &bad, &catalog).unwrap_err().to_string();
        assert!(fault.starts_with("p.toml: ") && fault.contains(complaint), "{fault}");
    }
    let measured = SHIPPED.replacen("peak_memory_mb = 193\n", "peak_memory_mb = 300\n", 1);
    let profiles = Profiles::parse("p.toml", &measured, &catalog).unwrap();
    assert_eq!(profiles.get(ProfileName::Tiny).models(Locale::En).peak_memory.map(|peak| peak.0), Some(300));
    assert!("huge".parse::<ProfileName>().unwrap_err().to_string().contains("`standard`"));
}
