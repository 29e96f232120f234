//! A look at the certificate that a broker shows, for an admin who wants to know whether it is trusted, and for how long.
//!
//! Nothing is told to whoever answers: the connection ends when the certificate was seen. What is trusted is decided as for the connection that the device keeps,
//! by the same library and the same authorities.

use std::pin::pin;
use std::time::Duration;

use jiff::Timestamp;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::nid::Nid;
use openssl::ssl::SslRef;
use openssl::x509::{X509, X509Ref, X509VerifyResult};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_openssl::SslStream;

use super::trust::{TlsError, onlooker};
use crate::config::Trust;

/// Who has not shown a certificate by then shows none.
const LONGEST: Duration = Duration::from_secs(3);
/// So many names of a certificate are told, each no longer than a name can be (RFC 1035, 2.3.4).
const NAMES: usize = 4;
const LONGEST_NAME: usize = 253;

/// What a broker showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Whether it is the broker.
    pub verdict: Result<(), Distrust>,
    /// For whom the certificate is: names and addresses, the first few.
    pub names: Vec<String>,
    /// From when on.
    pub from: Timestamp,
    /// Until when it is trusted.
    pub until: Timestamp,
    /// What ends then.
    pub ends: Ends,
}

/// What ends first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// The broker's own certificate.
    Own,
    /// That of an authority which vouches for it.
    Authority,
}

/// Why it is not taken for the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// Nobody vouches for it whom we trust.
    Unknown,
    /// It is somebody else's.
    OtherName,
    /// It is over, or that of an authority is.
    Over,
    /// It has not begun yet, or our clock is wrong.
    NotYet,
    /// As OpenSSL says it.
    Other(String),
}

/// Why no certificate was seen.
#[derive(Debug, thiserror::Error)]
pub enum Unseen {
    /// We trust nobody.
    #[error(transparent)]
    NobodyToTrust(#[from] TlsError),
    /// Somebody answered in another way.
    #[error("{0}")]
    NoTls(String),
    /// Nobody answered.
    #[error("it did not answer within {} s", LONGEST.as_secs())]
    Silent,
}

/// Look at the certificate of whoever is at the other end of `stream`, who should be `host`. It takes some seconds at most.
///
/// # Errors
/// If none was shown.
pub async fn look(stream: TcpStream, host: &str, trust: &Trust) -> Result<Shown, Unseen> {
    let trust = trust.clone();
    let onlooker = tokio::task::spawn_blocking(move || onlooker(&trust)).await.map_err(|error| Unseen::NoTls(error.to_string()))??;
    let no_tls = |error: &dyn std::fmt::Display| Unseen::NoTls(error.to_string());
    let ssl = onlooker.configure().and_then(|ssl| ssl.into_ssl(host)).map_err(|error| no_tls(&error))?;
    let mut stream = pin!(SslStream::new(ssl, stream).map_err(|error| no_tls(&error))?);
    timeout(LONGEST, stream.as_mut().connect()).await.map_err(|_| Unseen::Silent)?.map_err(|error| no_tls(&error))?;
    shown(stream.ssl()).ok_or_else(|| Unseen::NoTls("it showed no certificate that can be read".to_owned()))
}

fn shown(ssl: &SslRef) -> Option<Shown> {
    let own = ssl.peer_certificate()?;
    let verdict = verdict(ssl.verify_result());
    let (from, end) = (time(own.not_before())?, time(own.not_after())?);
    // Where nobody is trusted, it is by chance which authorities were found.
    let trusted = ssl.verified_chain().filter(|_| matches!(verdict, Ok(()) | Err(Distrust::Over)));
    let authorities = trusted.into_iter().flatten().skip(1);
    let sooner = authorities.filter_map(|authority| time(authority.not_after())).filter(|until| *until < end).min();
    let (until, ends) = sooner.map_or((end, Ends::Own), |until| (until, Ends::Authority));
    Some(Shown { verdict, names: names(&own), from, until, ends })
}

/// By OpenSSL's numbers (x509_vfy.h), which the crate has no names for.
fn verdict(result: X509VerifyResult) -> Result<(), Distrust> {
    match result.as_raw() {
        0 => Ok(()),
        // Who made it is not among ours, or has the name of one of ours and another key, or it vouches for itself.
        2 | 7 | 18..=21 => Err(Distrust::Unknown),
        9 => Err(Distrust::NotYet),
        10 => Err(Distrust::Over),
        62 | 64 => Err(Distrust::OtherName),
        _ => Err(Distrust::Other(result.error_string().to_owned())),
    }
}

fn time(time: &Asn1TimeRef) -> Option<Timestamp> {
    let since = Asn1Time::from_unix(0).ok()?.diff(time).ok()?;
    Timestamp::from_second(i64::from(since.days) * 86_400 + i64::from(since.secs)).ok()
}

/// Those that count: the common name counts only where there are no others (RFC 9525, 1.4).
fn names(own: &X509) -> Vec<String> {
    let alternative = own.subject_alt_names().into_iter().flatten().filter_map(|name| {
        let address = || match name.ipaddress()? {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(*a, *b, *c, *d).to_string()),
            octets => Some(std::net::Ipv6Addr::from(<[u8; 16]>::try_from(octets).ok()?).to_string()),
        };
        name.dnsname().map(str::to_owned).or_else(address)
    });
    let mut names: Vec<String> = alternative.take(NAMES).map(|name| name.chars().take(LONGEST_NAME).collect()).collect();
    if names.is_empty() {
        names.extend(common_name(own));
    }
    names
}

fn common_name(own: &X509Ref) -> Option<String> {
    let name = own.subject_name().entries_by_nid(Nid::COMMONNAME).next()?.data().to_string().ok()?;
    Some(name.chars().take(LONGEST_NAME).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let _silent = listener.accept().await.unwrap();
        assert!(matches!(look(stream, "broker.office", &Trust::Machine).await, Err(Unseen::Silent)));
    }

    #[test]
    fn times_are_read_from_long_ago_to_far_ahead() {
        for second in [0, 1_000_000_007, 4_102_444_800] {
            let time = time(&Asn1Time::from_unix(second).unwrap());
            assert_eq!(time, Timestamp::from_second(second).ok());
        }
    }
}
