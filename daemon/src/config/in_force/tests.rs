#![allow(clippy::unwrap_used, clippy::panic)]
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const PATH: &str = "/etc/switchhook/switchhook.toml";

fn in_force(text: &str) -> (Config, InForce) {
    let written = Written::parse(text, Path::new(PATH)).unwrap();
    let config = written.config().unwrap_or_else(|problem| panic!("{problem}\n{text}"));
    let in_force = InForce::of(&config, &written);
    (config, in_force)
}

#[test]
fn each_value_tells_where_it_comes_from() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("conf.d")).unwrap();
    let main = "[device]\nname = \"branch-1\"\n[office]\nname = \"ours\"\n[people.desk]\nspoken = \"the desk\"\n";
    std::fs::write(dir.path().join("switchhook.toml"), main).unwrap();
    let sip = "# The gateway.\n[[line]]\nkind = \"sip\"\nid = \"gateway\"\n[line.register]\nregistrar = \"sip:pbx\"\nuser = \"robot\"\ncredential = \"p\"\n";
    std::fs::write(dir.path().join("conf.d/20-sip.toml"), sip).unwrap();
    let written = Written::load(&dir.path().join("switchhook.toml")).unwrap();
    let shown = InForce::of(&written.config().unwrap(), &written);
    let text = shown.toml(true);
    for line in [
        "name = \"branch-1\"  # switchhook.toml:2",
        "language = \"en\"  # default",
        "id = \"gateway\"  # conf.d/20-sip.toml:4",
        "expires_seconds = 300  # default",
        "user = \"robot\"  # conf.d/20-sip.toml:7",
        "[people.desk]",
        "spoken = \"the desk\"  # switchhook.toml:6",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line} is not in {text}");
    }
    assert_eq!(shown.origins()["line"][0]["register"]["user"], "conf.d/20-sip.toml:7");
    assert_eq!(shown.values()["calls"]["at_once"], 2);
    assert_eq!(shown.origins()["calls"]["at_once"], "default");
    assert!(!shown.toml(false).contains('#'));
}

/// Something that could be in a file: keys with texts of any kind, or none.
fn quoted_text() -> impl Strategy<Value = String> {
    "\\PC{1,12}|[ -~\n\t\u{7f}\u{85}\u{202e}]{1,12}".prop_map(|text| toml::Value::String(text).to_string())
}

fn spoken() -> impl Strategy<Value = String> {
    "[a-z\"'\\\\#電]{1,12}".prop_map(|text| toml::Value::String(text).to_string())
}

fn maybe(key: &'static str, value: impl Strategy<Value = String> + 'static) -> BoxedStrategy<String> {
    prop_oneof![Just(String::new()), value.prop_map(move |value| format!("{key} = {value}\n"))].boxed()
}

fn one_of(key: &'static str, values: &'static [&'static str]) -> BoxedStrategy<String> {
    maybe(key, select(values).prop_map(ToOwned::to_owned))
}

fn joined(parts: impl IntoIterator<Item = BoxedStrategy<String>>) -> BoxedStrategy<String> {
    parts.into_iter().fold(Just(String::new()).boxed(), |whole, part| (whole, part).prop_map(|(whole, part)| whole + &part).boxed())
}

fn table(head: &'static str, parts: impl IntoIterator<Item = BoxedStrategy<String>>) -> BoxedStrategy<String> {
    prop_oneof![Just(String::new()), joined(parts).prop_map(move |keys| format!("{head}\n{keys}"))].boxed()
}

fn written() -> BoxedStrategy<String> {
    let must = |text: &str| Just(text.to_owned()).boxed();
    joined([
        must("[device]\nname = \"t\"\n[office]\n"),
        spoken().prop_map(|name| format!("name = {name}\n")).boxed(),
        one_of("language", &["\"en\"", "\"zh-TW\"", "\"zh-CN\""]),
        maybe("purpose", spoken()),
        one_of("time_zone", &["\"Asia/Taipei\"", "\"Europe/Berlin\"", "\"UTC\""]),
        table(
            "[models]",
            [
                one_of("profile", &["\"tiny\"", "\"standard\"", "\"large\""]),
                one_of("dir", &["\"here\"", "\"/there\""]),
                maybe("recognizer", quoted_text()),
                one_of("voice", &["\"other\""]),
                one_of("vad", &["\"other\""]),
                one_of("language_model", &["\"\"", "\"other\""]),
                one_of("embedding", &["\"\"", "\"other\""]),
                one_of("turn", &["\"\"", "\"other\""]),
                maybe("prompts", quoted_text()),
            ],
        ),
        table(
            "[calls]",
            [
                one_of("at_once", &["1", "50"]),
                one_of("longest_minutes", &["1", "0x10"]),
                one_of("shutdown_grace_seconds", &["0"]),
                maybe("scenario", quoted_text()),
                one_of("may_call", &["[]", "[\"+49 30 1234567\", \"sip:101@pbx.office\"]"]),
            ],
        ),
        table("[records]", [maybe("database", quoted_text()), one_of("key_credential", &["\"k\""])]),
        table(
            "[[line]]\nkind = \"sip\"\nid = \"gateway\"",
            [
                one_of("listen", &["\"[::]:5060\"", "\"127.0.0.1:0\""]),
                one_of("public", &["\"192.0.2.1\"", "\"2001:db8::1\""]),
                one_of("rtp_ports", &["[2000, 2_200]"]),
                one_of("codecs", &["[\"pcmu\"]", "[\"pcmu\", \"pcma\"]"]),
                one_of("peers", &["[\"192.0.2.1\", \"2001:db8::/32\"]", "[\"192.0.2.7/32\"]"]),
                one_of("media_timeout_seconds", &["5"]),
                table("[line.register]\nregistrar = \"sip:pbx\"\nuser = \"r\"\ncredential = \"c\"", [one_of("expires_seconds", &["30"])]),
            ],
        ),
        table(
            "[[line]]\nkind = \"handset\"\nid = \"desk\"\nplayback = \"hw\"",
            [quoted_text().prop_map(|device| format!("capture = {device}\n")).boxed(), one_of("full_duplex", &["true", "false"])],
        ),
        (
            "[a-z. \"\\\\]{0,6}",
            spoken(),
            maybe("also", spoken().prop_map(|name| format!("[{name}]"))),
            one_of("address", &["\"sip:1@pbx\""]),
            one_of("announce", &["false"]),
        )
            .prop_map(|(id, spoken, also, address, announce)| {
                format!("[people.{}]\nspoken = {spoken}\n{also}{address}{announce}", quoted(&id))
            })
            .boxed(),
        table("[handover]", [one_of("ring_seconds", &["5", "120"]), one_of("text", &["[]", "[\"bus\"]"])]),
        table("[lookups]", [maybe("data", quoted_text()), one_of("hosts", &["[]", "[\"Orders.office\", \"b\"]"])]),
        table("[bus]", [one_of("address", &["\"system\"", "\"session\"", "\"unix:path=/run/x\""])]),
        table(
            "[mqtt]",
            [
                quoted_text().prop_map(|host| format!("host = {host}\n")).boxed(),
                one_of("port", &["1"]),
                prop_oneof![one_of("tls", &["true", "false"]), quoted_text().prop_map(|file| format!("tls = true\nca = {file}\n")),]
                    .boxed(),
                one_of("prefix", &["\"a/b\""]),
                maybe("user", quoted_text()),
                one_of("credential", &["\"c\""]),
                one_of("interval_seconds", &["1"]),
            ],
        ),
    ])
}

proptest! {
    #[test]
    fn what_is_shown_is_read_back_as_the_same_configuration(text in written()) {
        let (config, shown) = in_force(&text);
        for shown in [shown.toml(false), shown.toml(true)] {
            let (again, _) = in_force(&shown);
            prop_assert_eq!(&again, &config, "{}", shown);
        }
        let other_place = Written::parse(&shown.toml(false), Path::new("/elsewhere/x.toml")).unwrap().config().unwrap();
        prop_assert_eq!(&other_place, &config, "paths are whole");
    }
}

#[test]
fn languages_that_callers_may_ask_for_are_shown_too() {
    let (config, shown) = in_force(
        "[device]\nname = \"t\"\n[office]\nname = \"o\"\nother_languages = [\"zh-TW\"]\n[models]\nprofile = \"tiny\"\nvoice = \"x\"\n",
    );
    assert_eq!(in_force(&shown.toml(true)).0, config);
}
