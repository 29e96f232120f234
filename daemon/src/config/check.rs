//! From the file as written to what may be relied upon.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use switchhook_models::Locale;
use switchhook_models::catalog::ModelName;
use switchhook_models::catalog::profiles::Profiles;

use super::{
    Bus, Calls, Codec, Config, Device, Handset, Kind, Line, LineId, Models, Mqtt, Network, Office, Person, Records, Register, Sip, raw,
};

/// No configuration is larger than this.
const LARGEST: u64 = 1 << 20;

/// What is wrong with a configuration, where, and how to mend it.
#[derive(Debug)]
pub struct Problem {
    path: PathBuf,
    what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.what)
    }
}

impl std::error::Error for Problem {}

/// Read and check the file at `path`. Blocking: it is called while starting.
///
/// # Errors
/// Says where and what, for the admin.
pub fn load(path: &Path) -> Result<Config, Problem> {
    let unreadable = |error: std::io::Error| Problem { path: path.to_owned(), what: format!("cannot be read: {error}") };
    if std::fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        return Err(Problem { path: path.to_owned(), what: "is larger than 1 MiB".into() });
    }
    parse(&std::fs::read_to_string(path).map_err(unreadable)?, path)
}

/// Check the text of a configuration; `path` is named in errors, and relative paths in the text start from its folder.
///
/// # Errors
/// Says where and what, for the admin.
pub fn parse(text: &str, path: &Path) -> Result<Config, Problem> {
    let problem = |what: String| Problem { path: path.to_owned(), what };
    let file: raw::File = toml::from_str(text).map_err(|error| problem(error.to_string()))?;
    let base = path.parent().unwrap_or_else(|| Path::new("."));
    checked(file, base).map_err(problem)
}

fn checked(file: raw::File, base: &Path) -> Result<Config, String> {
    let office = office(&file.office)?;
    let calls = calls(file.calls, base)?;
    let lines = file.lines.into_iter().map(|raw| line(raw, calls.at_once)).collect::<Result<Vec<_>, _>>()?;
    for (i, line) in lines.iter().enumerate() {
        if lines[..i].iter().any(|other| other.id == line.id) {
            return Err(format!("two lines are called `{}`; give each its own id", line.id));
        }
    }
    let people = file.people.into_iter().map(|(name, someone)| person(&name, someone).map(|p| (name, p))).collect::<Result<_, _>>()?;
    Ok(Config {
        device: Device { name: name("device.name", file.device.name)? },
        models: models(file.models, office.language, base)?,
        office,
        calls,
        records: Records {
            database: base.join(file.records.database),
            key_credential: name("records.key_credential", file.records.key_credential)?,
        },
        lines,
        people,
        mqtt: file.mqtt.map(mqtt).transpose()?,
        bus: bus(&file.bus)?,
    })
}

fn name(key: &str, text: String) -> Result<String, String> {
    let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    if fits { Ok(text) } else { Err(format!("{key} = {text:?}: use 1 to 64 letters, digits, `_`, `-` and `.`")) }
}

fn spoken(key: &str, text: &str) -> Result<String, String> {
    let text = text.trim();
    if (1..=300).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(format!("{key}: write 1 to 300 characters, as they shall be spoken"))
    }
}

fn office(raw: &raw::Office) -> Result<Office, String> {
    let language = raw.language.parse().map_err(|error| format!("office.language: {error}"))?;
    let purpose = raw.purpose.as_deref().unwrap_or(match language {
        Locale::En => "I can answer questions, take a message, or connect you to a person",
        Locale::ZhTw => "我可以回答問題、幫您留言，或是為您轉接專人",
        Locale::ZhCn => "我可以回答问题、帮您留言，或者为您转接人工",
    });
    Ok(Office { name: spoken("office.name", &raw.name)?, language, purpose: spoken("office.purpose", purpose)? })
}

/// Whatever is not named is what the profile has for the office's language.
fn models(raw: raw::Models, language: Locale, base: &Path) -> Result<Models, String> {
    let profile = raw.profile.parse().map_err(|error| format!("models.profile: {error}"))?;
    let profiles = Profiles::built_in().map_err(|error| error.to_string())?;
    let usual = profiles.get(profile).models(language);
    let or = |name: Option<String>, usual: &ModelName| name.unwrap_or_else(|| usual.to_string());
    Ok(Models {
        dir: raw.dir,
        recognizer: or(raw.recognizer, &usual.recognizer),
        voice: or(raw.voice, &usual.voice),
        language_model: raw
            .language_model
            .or_else(|| usual.language_model.as_ref().map(ToString::to_string))
            .filter(|name| !name.is_empty()),
        vad: or(raw.vad, &usual.vad),
        turn: Some(or(raw.turn, &usual.turn)).filter(|name| !name.is_empty()),
        prompts: base.join(raw.prompts),
    })
}

fn calls(raw: raw::Calls, base: &Path) -> Result<Calls, String> {
    if !(1..=64).contains(&raw.at_once) {
        return Err(format!("calls.at_once = {}: use 1 to 64", raw.at_once));
    }
    if !(1..=24 * 60).contains(&raw.longest_minutes) {
        return Err(format!("calls.longest_minutes = {}: use 1 to 1440", raw.longest_minutes));
    }
    if raw.shutdown_grace_seconds > 3600 {
        return Err(format!("calls.shutdown_grace_seconds = {}: use 0 to 3600", raw.shutdown_grace_seconds));
    }
    Ok(Calls {
        at_once: raw.at_once,
        scenario: base.join(raw.scenario),
        shutdown_grace: Duration::from_secs(raw.shutdown_grace_seconds),
        longest: Duration::from_secs(raw.longest_minutes * 60),
    })
}

fn line(raw: raw::Line, at_once: usize) -> Result<Line, String> {
    match raw {
        raw::Line::Sip { id, listen, public, rtp_ports: [first, last], codecs, peers, register, media_timeout_seconds } => {
            let id = line_id(&id)?;
            let listen: SocketAddr = listen
                .parse()
                .map_err(|_| format!("line `{id}`: listen = {listen:?}: write an address and a port, such as \"0.0.0.0:5060\""))?;
            let public = public
                .map(|text| text.parse::<IpAddr>().map_err(|_| format!("line `{id}`: public = {text:?}: write an IP address")))
                .transpose()?;
            rtp_pairs(first, last, at_once).map_err(|what| format!("line `{id}`: rtp_ports = [{first}, {last}]: {what}"))?;
            if !(5..=29).contains(&media_timeout_seconds) {
                return Err(format!("line `{id}`: media_timeout_seconds = {media_timeout_seconds}: use 5 to 29"));
            }
            let codecs = codecs.iter().map(|text| codec(&id, text)).collect::<Result<Vec<_>, _>>()?;
            if codecs.is_empty() {
                return Err(format!("line `{id}`: codecs is empty; use \"pcma\", \"pcmu\" or both"));
            }
            let register = register.map(|raw| registration(&id, raw)).transpose()?;
            let peers = peers.map(|texts| networks(&id, &texts)).transpose()?;
            if register.is_none() && peers.as_ref().is_some_and(Vec::is_empty) {
                return Err(format!("line `{id}`: peers is empty, so nobody could call; name them, or leave it out and everybody may"));
            }
            let media_timeout = Duration::from_secs(media_timeout_seconds);
            Ok(Line { id, kind: Kind::Sip(Sip { listen, public, rtp_ports: first..=last, codecs, peers, register, media_timeout }) })
        }
        raw::Line::Handset { id, capture, playback, full_duplex } => {
            let id = line_id(&id)?;
            if capture.is_empty() || playback.is_empty() {
                return Err(format!("line `{id}`: capture and playback name ALSA devices; `arecord -L` and `aplay -L` list them"));
            }
            Ok(Line { id, kind: Kind::Handset(Handset { capture, playback, full_duplex }) })
        }
    }
}

/// RTP takes an even port and the next one (RFC 3550, section 11), for each call.
fn rtp_pairs(first: u16, last: u16, at_once: usize) -> Result<(), String> {
    if first < 1024 || last < first {
        return Err("write two ports above 1023, the lower first".into());
    }
    let (from, to) = (usize::from(first).next_multiple_of(2), usize::from(last) + 1);
    let pairs = to.saturating_sub(from) / 2;
    if pairs >= at_once {
        return Ok(());
    }
    let from = from.min((usize::from(u16::MAX) + 1) - 2 * at_once);
    let to = from + 2 * at_once - 1;
    Err(format!(
        "a call takes an even port and the next, so this is enough for {pairs}, but calls.at_once = {at_once}: write [{from}, {to}]"
    ))
}

/// `sip:[user@]host[:port][;parameters]`, with nothing in it that could end the header it is written into.
fn is_sip_address(text: &str) -> bool {
    let clean = text.len() <= 200 && text.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"\\".contains(&b));
    let Some(rest) = text.strip_prefix("sip:").filter(|_| clean) else { return false };
    let (user, rest) = rest.split_once('@').map_or((None, rest), |(user, rest)| (Some(user), rest));
    let place = rest.split([';', '?']).next().unwrap_or_default();
    let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) if host.parse::<Ipv6Addr>().is_ok() => (host, port.strip_prefix(':').or(Some(port).filter(|p| !p.is_empty()))),
        Some(_) => return false,
        None => place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    let is_host =
        host.bytes().any(|b| b.is_ascii_alphanumeric()) && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:_".contains(&b));
    user != Some("") && is_host && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn line_id(id: &str) -> Result<LineId, String> {
    LineId::new(id).ok_or_else(|| format!("line id {id:?}: use 1 to 32 letters, digits, `_` and `-`"))
}

fn codec(id: &LineId, text: &str) -> Result<Codec, String> {
    match text {
        "pcmu" => Ok(Codec::Pcmu),
        "pcma" => Ok(Codec::Pcma),
        other => Err(format!("line `{id}`: codec {other:?} is not known; use \"pcma\" or \"pcmu\"")),
    }
}

fn networks(id: &LineId, texts: &[String]) -> Result<Vec<Network>, String> {
    let network = |text: &String| {
        Network::parse(text)
            .ok_or_else(|| format!("line `{id}`: peers: {text:?} is no address; write one such as \"192.0.2.10\" or \"192.0.2.0/24\""))
    };
    texts.iter().map(network).collect()
}

fn registration(id: &LineId, raw: raw::Register) -> Result<Register, String> {
    if !is_sip_address(&raw.registrar) {
        return Err(format!("line `{id}`: registrar = {:?}: write a SIP address, such as \"sip:pbx.office\"", raw.registrar));
    }
    if !(30..=86_400).contains(&raw.expires_seconds) {
        return Err(format!("line `{id}`: expires_seconds = {}: use 30 to 86400", raw.expires_seconds));
    }
    let user = &raw.user;
    if !(1..=64).contains(&user.len()) || !user.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"\\@:;?".contains(&b)) {
        return Err(format!("line `{id}`: user = {user:?}: write the account's name alone, such as \"robot\""));
    }
    let credential = name("register.credential", raw.credential)?;
    Ok(Register { registrar: raw.registrar, user: raw.user, credential, expires: Duration::from_secs(raw.expires_seconds) })
}

fn person(key: &str, raw: raw::Person) -> Result<Person, String> {
    if !is_sip_address(&raw.address) {
        return Err(format!("people.{key}: address = {:?}: write a SIP address, such as \"sip:100@pbx.office\"", raw.address));
    }
    Ok(Person { spoken: spoken(&format!("people.{key}.spoken"), &raw.spoken)?, address: raw.address })
}

fn mqtt(raw: raw::Mqtt) -> Result<Mqtt, String> {
    if raw.host.is_empty() {
        return Err("mqtt.host is empty; name the broker, or leave the whole table out".into());
    }
    if !(1..=3600).contains(&raw.interval_seconds) {
        return Err(format!("mqtt.interval_seconds = {}: use 1 to 3600", raw.interval_seconds));
    }
    if raw.prefix.is_empty() || raw.prefix.contains(['#', '+', '\0']) || raw.prefix.starts_with('/') || raw.prefix.ends_with('/') {
        return Err(format!("mqtt.prefix = {:?}: write topic levels without wildcards, such as \"switchhook\"", raw.prefix));
    }
    let credential = raw.credential.map(|text| name("mqtt.credential", text)).transpose()?;
    Ok(Mqtt {
        host: raw.host,
        port: raw.port,
        prefix: raw.prefix,
        user: raw.user,
        credential,
        interval: Duration::from_secs(raw.interval_seconds),
    })
}

fn bus(raw: &raw::Bus) -> Result<Bus, String> {
    match raw.address.as_deref() {
        None | Some("system") => Ok(Bus::System),
        Some("session") => Ok(Bus::Session),
        Some(address) if address.contains(':') => Ok(Bus::Address(address.to_owned())),
        Some(other) => Err(format!("bus.address = {other:?}: write \"system\", \"session\" or an address such as \"unix:path=/run/bus\"")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

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
        assert_eq!((config.models.voice.as_str(), config.models.language_model), ("kokoro-82m", None));
        assert!(config.office.purpose.contains("轉接"));
        assert!(problem(&office("zh")).contains("`zh-CN`"));
    }

    #[test]
    fn a_profile_chooses_the_models_that_are_not_named() {
        let path = Path::new("/etc/switchhook/switchhook.toml");
        let models = |keys: &str| parse(&format!("{SMALLEST}[models]\n{keys}\n"), path).unwrap().models;
        let tiny = models("profile = \"tiny\"");
        assert_eq!((tiny.recognizer.as_str(), tiny.language_model), ("moonshine-tiny", None));
        let named = models("profile = \"tiny\"\nrecognizer = \"moonshine-base\"\nlanguage_model = \"smollm2-135m-instruct\"");
        assert_eq!((named.recognizer.as_str(), named.voice.as_str()), ("moonshine-base", "hibari"));
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
    fn an_unknown_key_is_refused_with_its_line() {
        let said = problem(&format!("{SMALLEST}colour = \"red\"\n"));
        assert!(said.contains("line 5") && said.contains("colour"), "{said}");
    }

    #[test]
    fn two_lines_of_one_name_are_refused() {
        let handset = "[[line]]\nkind = \"handset\"\nid = \"desk\"\ncapture = \"hw:1\"\nplayback = \"hw:1\"\n";
        assert!(problem(&format!("{SMALLEST}{handset}{handset}")).contains("`desk`"));
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
        let ports =
            |range: &str| format!("{SMALLEST}[calls]\nat_once = 2\n[[line]]\nkind = \"sip\"\nid = \"gateway\"\nrtp_ports = {range}\n");
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
    fn relative_paths_start_from_the_file() {
        let config = parse(&format!("{SMALLEST}[records]\ndatabase = \"r.db\"\n"), Path::new("/srv/x/switchhook.toml")).unwrap();
        assert_eq!(config.records.database, Path::new("/srv/x/r.db"));
    }
}
