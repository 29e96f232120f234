#![allow(clippy::unwrap_used)]
use super::*;
use crate::config::{Kind, parse};

const SMALLEST: &str = "[device]\nname = \"branch-1\"\n[office]\nname = \"Northgate Branch Office\"\n";

fn gateway(register: &str) -> String {
    format!("{SMALLEST}[[line]]\nkind = \"sip\"\nid = \"gateway\"\n[line.register]\n{register}\ncredential = \"sip-password\"\n")
}

fn problem(text: &str) -> String {
    parse(text, Path::new("/etc/switchhook/switchhook.toml")).unwrap_err().to_string()
}

#[test]
fn the_smallest_configuration_has_sane_defaults() {
    let config = parse(SMALLEST, Path::new("/etc/switchhook/switchhook.toml")).unwrap();
    assert_eq!(config.calls.at_once, 2);
    assert_eq!(config.bus, Bus::System);
    assert!(config.mqtt.is_none());
    assert_eq!(config.models.recognizer, "moonshine-base");
}

#[test]
fn an_office_that_speaks_mandarin_says_in_which_script_it_reads_and_gets_models_that_know_it() {
    let office = |language: &str| format!("{SMALLEST}language = \"{language}\"\n");
    let config = parse(&office("zh-TW"), Path::new("/etc/switchhook/switchhook.toml")).unwrap();
    assert_eq!((config.models.voice.as_str(), config.models.language_model.as_deref()), ("kokoro-82m", Some("qwen2.5-0.5b-instruct")));
    assert!(config.office.purpose.contains("轉接"));
    assert!(problem(&office("zh")).contains("`zh-CN`"));
}

#[test]
fn an_office_says_where_its_clock_hangs_and_what_else_it_speaks() {
    let config = |keys: &str| parse(&format!("{SMALLEST}{keys}\n"), Path::new("/etc/switchhook/switchhook.toml")).unwrap();
    assert_eq!(config("time_zone = \"Asia/Taipei\"").office.time_zone.iana_name(), Some("Asia/Taipei"));
    let other = config("other_languages = [\"zh-TW\"]").other_languages.remove(0);
    assert_eq!((other.0, other.1.voice.as_str()), (Locale::ZhTw, "kokoro-82m"));
    assert!(problem(&format!("{SMALLEST}time_zone = \"Taipei\"\n")).contains("\"Asia/Taipei\""));
    assert!(problem(&format!("{SMALLEST}other_languages = [\"zh-TW\", \"zh-CN\"]\n")).contains("spoken already"));
}

#[test]
fn a_profile_chooses_the_models_that_are_not_named() {
    let path = Path::new("/etc/switchhook/switchhook.toml");
    let models = |keys: &str| parse(&format!("{SMALLEST}[models]\n{keys}\n"), path).unwrap().models;
    let tiny = models("profile = \"tiny\"");
    assert_eq!((tiny.recognizer.as_str(), tiny.language_model), ("moonshine-base", None));
    let named = models("profile = \"tiny\"\nrecognizer = \"moonshine-tiny\"\nlanguage_model = \"smollm2-135m-instruct\"");
    assert_eq!((named.recognizer.as_str(), named.voice.as_str()), ("moonshine-tiny", "hibari"));
    assert_eq!(named.language_model.as_deref(), Some("smollm2-135m-instruct"));
    let none = models("language_model = \"\"\nturn = \"\"");
    assert_eq!((none.language_model, none.turn), (None, None));
    assert_eq!(models("profile = \"standard\""), models(""));
    let large = parse(&format!("{SMALLEST}language = \"zh-CN\"\n[models]\nprofile = \"large\"\n"), path).unwrap().models;
    assert_eq!((large.recognizer.as_str(), large.voice.as_str()), ("whisper-small", "kokoro-82m"));
    let said = problem(&format!("{SMALLEST}[models]\nprofile = \"huge\"\n"));
    assert!(said.contains("models.profile") && said.contains("`tiny`, `standard` or `large`"), "{said}");
}

#[test]
fn two_lines_of_one_name_are_refused() {
    let handset = "[[line]]\nkind = \"handset\"\nid = \"desk\"\ncapture = \"hw:1\"\nplayback = \"hw:1\"\n";
    assert!(problem(&format!("{SMALLEST}{handset}{handset}")).contains("`desk`"));
}

#[test]
fn two_lines_that_would_listen_in_one_place_are_refused() {
    let lines = |one: &str, other: &str| {
        let line = |id, listen| format!("[[line]]\nkind = \"sip\"\nid = \"{id}\"\nlisten = \"{listen}\"\n");
        parse(&format!("{SMALLEST}{}{}", line("gateway", one), line("hall", other)), Path::new("/etc/switchhook/switchhook.toml"))
    };
    for (one, other) in [
        ("0.0.0.0:5060", "0.0.0.0:5060"),
        ("0.0.0.0:5060", "10.0.0.1:5060"),
        ("10.0.0.1:5060", "0.0.0.0:5060"),
        ("10.0.0.1:5060", "[::ffff:10.0.0.1]:5060"),
        ("[::]:5060", "10.0.0.1:5060"),
        ("[2001:db8::1]:5060", "[::]:5060"),
    ] {
        let said = lines(one, other).unwrap_err().to_string();
        let told = "switchhook.toml:12: line `hall`: listen = ";
        assert!(
            said.contains(told)
                && said.ends_with(
                    "is where line `gateway` listens; give each a port of its own (the other is in /etc/switchhook/switchhook.toml:8)"
                ),
            "{said}"
        );
    }
    for (one, other) in [
        ("0.0.0.0:5060", "0.0.0.0:5061"),
        ("10.0.0.1:5060", "10.0.0.2:5060"),
        ("0.0.0.0:5060", "[2001:db8::1]:5060"),
        ("127.0.0.1:0", "127.0.0.1:0"),
    ] {
        assert!(lines(one, other).is_ok(), "{one}, {other}");
    }
}

#[test]
fn whatever_is_wrong_is_told_at_once_and_what_comes_of_it_is_not() {
    let text = "[device]\nname = \"branch 1\"\n[office]\nname = \"\"\nlanguage = \"en\"\n[calls]\nat_once = 99\n[models]\nprofile = \"huge\"\n\
                [[line]]\nkind = \"sip\"\nid = \"gateway\"\nlisten = \"5060\"\n[[line]]\nkind = \"sip\"\nid = \"hall\"\n\
                [people.desk]\nspoken = \"\"\n[people.sales]\nspoken = \"Sales\"\naddress = \"100\"\n[mqtt]\nhost = \"\"\n";
    let said = parse(text, Path::new("switchhook.toml")).unwrap_err().to_string();
    let places: Vec<&str> = said.lines().filter_map(|line| line.split(": ").next()).collect();
    let lines = ["2", "4", "9", "7", "13", "18", "21", "23"].map(|line| format!("switchhook.toml:{line}"));
    assert_eq!(places, lines, "{said}");
}

#[test]
fn a_person_s_address_cannot_carry_a_header() {
    let said = problem(&format!("{SMALLEST}[people.desk]\nspoken = \"the desk\"\naddress = \"sip:100@pbx>\\r\\nEvil: 1\"\n"));
    assert!(said.contains("people.desk"), "{said}");
}

#[test]
fn an_address_names_a_host_and_nothing_that_ends_a_header() {
    for address in ["sip:", "sip:100@", "sip:@pbx", "sip:;x", "sip:a b@pbx", "sip:100@pbx:port", "tel:100", "sip:100@p\u{fc}"] {
        let said = problem(&format!("{SMALLEST}[people.desk]\nspoken = \"the desk\"\naddress = \"{address}\"\n"));
        assert!(said.contains("people.desk") && said.contains("sip:100@pbx.office"), "{address}: {said}");
        let said = problem(&gateway(&format!("registrar = \"{address}\"\nuser = \"robot\"")));
        assert!(said.contains("registrar") && said.contains("sip:pbx.office"), "{address}: {said}");
    }
    for address in ["sip:pbx", "sip:100@192.0.2.1:5060;transport=tcp", "sip:[2001:db8::1]:5060"] {
        let config = gateway(&format!("registrar = \"{address}\"\nuser = \"robot\""));
        assert!(parse(&config, Path::new("/etc/switchhook/switchhook.toml")).is_ok(), "{address}");
    }
}

#[test]
fn a_user_name_cannot_carry_a_header() {
    for user in ["", "robot\\r\\nEvil: 1", "a@b", "\\\"", "r\u{f6}bot"] {
        let said = problem(&gateway(&format!("registrar = \"sip:pbx\"\nuser = \"{user}\"")));
        assert!(said.contains("`gateway`: user = "), "{user}: {said}");
    }
}

#[test]
fn peers_are_addresses_or_networks() {
    let line = |peers: &str| format!("{SMALLEST}[[line]]\nkind = \"sip\"\nid = \"gateway\"\npeers = {peers}\n");
    assert!(problem(&line("[\"pbx.office\"]")).contains("192.0.2.0/24"));
    assert!(problem(&line("[]")).contains("nobody could call"));
    let path = Path::new("/etc/switchhook/switchhook.toml");
    let registered = format!("{}[line.register]\nregistrar = \"sip:pbx\"\nuser = \"robot\"\ncredential = \"p\"\n", line("[]"));
    assert!(parse(&registered, path).is_ok(), "the gateway may call");
    let config = parse(&line("[\"192.0.2.10\", \"2001:db8::/32\"]"), path).unwrap();
    let Kind::Sip(sip) = &config.lines[0].kind else { unreachable!("a SIP line") };
    assert_eq!(sip.peers.as_ref().map(Vec::len), Some(2));
}

#[test]
fn every_call_at_once_needs_a_pair_of_rtp_ports() {
    let ports = |range: &str| format!("{SMALLEST}[calls]\nat_once = 2\n[[line]]\nkind = \"sip\"\nid = \"gateway\"\nrtp_ports = {range}\n");
    for range in ["[16385, 16386]", "[16384, 16386]", "[16385, 16388]"] {
        let said = problem(&ports(range));
        assert!(said.contains(range) && said.contains("calls.at_once = 2"), "{said}");
        assert!(said.contains("[16384, 16387]") || said.contains("[16386, 16389]"), "{said}");
    }
    assert!(problem(&ports("[65533, 65535]")).contains("[65532, 65535]"));
    for range in ["[16384, 16387]", "[16385, 16389]", "[65532, 65535]"] {
        assert!(parse(&ports(range), Path::new("/etc/switchhook/switchhook.toml")).is_ok(), "{range}");
    }
}

#[test]
fn people_are_told_first_and_what_they_are_told_is_read_nowhere_unless_the_office_says_so() {
    let read = |text: &str| parse(&format!("{SMALLEST}{text}"), Path::new("/etc/switchhook/switchhook.toml")).unwrap();
    let usual = read("[people.desk]\nspoken = \"the desk\"\n");
    assert!(usual.people["desk"].announce);
    assert_eq!((usual.handover.ring.as_secs(), usual.handover.text), (25, HandOverText::default()));
    let open = read(
        "[people.menu]\nspoken = \"the menu\"\nannounce = false\n[handover]\nring_seconds = 10\ntext = [\"bus\", \"mqtt\"]\n[mqtt]\nhost = \"b\"\n",
    );
    assert!(!open.people["menu"].announce);
    assert_eq!((open.handover.ring.as_secs(), open.handover.text), (10, HandOverText { bus: true, mqtt: true }));
}

#[test]
fn a_hand_over_that_cannot_be_is_refused_with_what_can() {
    for (text, told) in [("text = [\"mail\"]", "\"bus\""), ("text = [\"mqtt\"]", "[mqtt]"), ("ring_seconds = 2", "5 to 120")] {
        let said = problem(&format!("{SMALLEST}[handover]\n{text}\n"));
        assert!(said.contains("handover") && said.contains(told), "{said}");
    }
}

#[test]
fn relative_paths_start_from_the_file() {
    let text = format!("{SMALLEST}[records]\ndatabase = \"r.db\"\n[models]\ndir = \"models\"\n");
    let config = parse(&text, Path::new("/srv/x/switchhook.toml")).unwrap();
    assert_eq!(config.records.database, Path::new("/srv/x/r.db"));
    assert_eq!(config.models.dir.as_deref(), Some(Path::new("/srv/x/models")));
}
