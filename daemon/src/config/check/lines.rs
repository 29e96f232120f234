//! Lines: what a gateway, a registration and a handset may be.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::name;
use crate::config::key::Key;
use crate::config::telephone::is_sip_address;
use crate::config::written::Fault;
use crate::config::{Codec, Handset, Kind, Line, LineId, Network, Register, Sip, raw};

/// A line as written, checked. `key` is where it stands.
pub(super) fn line(raw: raw::Line, key: &Key, at_once: usize) -> Result<Line, Fault> {
    match raw {
        raw::Line::Sip(raw) => sip(raw, key, at_once),
        raw::Line::Handset(raw) => handset(raw, key),
    }
}

/// Why two lines cannot be beside each other, and by which key of theirs, if they cannot.
pub(super) fn clash(one: &Line, other: &Line) -> Option<(&'static str, String)> {
    if one.id == other.id {
        return Some(("id", format!("two lines are called `{}`; give each its own id", one.id)));
    }
    let (Kind::Sip(ours), Kind::Sip(theirs)) = (&one.kind, &other.kind) else { return None };
    ours.meets(theirs).then(|| {
        let what =
            format!("line `{}`: listen = \"{}\" is where line `{}` listens; give each a port of its own", other.id, theirs.listen, one.id);
        ("listen", what)
    })
}

fn sip(raw: raw::Sip, line: &Key, at_once: usize) -> Result<Line, Fault> {
    let id = line_id(&raw.id, line)?;
    let wrong = |key: &str, what: String| Fault::new(line.clone().name(key), format!("line `{id}`: {key}{what}"));
    let listen: SocketAddr = raw
        .listen
        .parse()
        .map_err(|_| wrong("listen", format!(" = {:?}: write an address and a port, such as \"0.0.0.0:5060\"", raw.listen)))?;
    let public = raw
        .public
        .map(|text| text.parse::<IpAddr>().map_err(|_| wrong("public", format!(" = {text:?}: write an IP address"))))
        .transpose()?;
    let [first, last] = raw.rtp_ports;
    rtp_pairs(first, last, at_once).map_err(|what| wrong("rtp_ports", format!(" = [{first}, {last}]: {what}")))?;
    if !(5..=29).contains(&raw.media_timeout_seconds) {
        return Err(wrong("media_timeout_seconds", format!(" = {}: use 5 to 29", raw.media_timeout_seconds)));
    }
    let codec = |text: &String| match text.as_str() {
        "pcmu" => Ok(Codec::Pcmu),
        "pcma" => Ok(Codec::Pcma),
        other => Err(wrong("codecs", format!(": {other:?} is not known; use \"pcma\" or \"pcmu\""))),
    };
    let codecs = raw.codecs.iter().map(codec).collect::<Result<Vec<_>, _>>()?;
    if codecs.is_empty() {
        return Err(wrong("codecs", " is empty; use \"pcma\", \"pcmu\" or both".into()));
    }
    let register = raw.register.map(|raw| registration(&id, &line.clone().name("register"), raw)).transpose()?;
    let network = |text: &String| {
        Network::parse(text)
            .ok_or_else(|| wrong("peers", format!(": {text:?} is no address; write one such as \"192.0.2.10\" or \"192.0.2.0/24\"")))
    };
    let peers = raw.peers.map(|texts| texts.iter().map(network).collect::<Result<Vec<_>, _>>()).transpose()?;
    if register.is_none() && peers.as_ref().is_some_and(Vec::is_empty) {
        return Err(wrong("peers", " is empty, so nobody could call; name them, or leave it out and everybody may".into()));
    }
    let media_timeout = Duration::from_secs(raw.media_timeout_seconds);
    Ok(Line { id, kind: Kind::Sip(Sip { listen, public, rtp_ports: first..=last, codecs, peers, register, media_timeout }) })
}

fn handset(raw: raw::Handset, line: &Key) -> Result<Line, Fault> {
    let id = line_id(&raw.id, line)?;
    for (key, device) in [("capture", &raw.capture), ("playback", &raw.playback)] {
        if device.is_empty() {
            let what = format!("line `{id}`: capture and playback name ALSA devices; `arecord -L` and `aplay -L` list them");
            return Err(Fault::new(line.clone().name(key), what));
        }
    }
    Ok(Line { id, kind: Kind::Handset(Handset { capture: raw.capture, playback: raw.playback, full_duplex: raw.full_duplex }) })
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

fn line_id(id: &str, line: &Key) -> Result<LineId, Fault> {
    LineId::new(id).ok_or_else(|| Fault::new(line.clone().name("id"), format!("line id {id:?}: use 1 to 32 letters, digits, `_` and `-`")))
}

fn registration(id: &LineId, at: &Key, raw: raw::Register) -> Result<Register, Fault> {
    let wrong = |key: &str, what: String| Fault::new(at.clone().name(key), format!("line `{id}`: {key} = {what}"));
    if !is_sip_address(&raw.registrar) {
        return Err(wrong("registrar", format!("{:?}: write a SIP address, such as \"sip:pbx.office\"", raw.registrar)));
    }
    if !(30..=86_400).contains(&raw.expires_seconds) {
        return Err(wrong("expires_seconds", format!("{}: use 30 to 86400", raw.expires_seconds)));
    }
    let user = &raw.user;
    if !(1..=64).contains(&user.len()) || !user.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"\\@:;?".contains(&b)) {
        return Err(wrong("user", format!("{user:?}: write the account's name alone, such as \"robot\"")));
    }
    let credential = name(at.clone().name("credential"), raw.credential)?;
    Ok(Register { registrar: raw.registrar, user: raw.user, credential, expires: Duration::from_secs(raw.expires_seconds) })
}
