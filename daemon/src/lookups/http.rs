//! A service on the office's own network, if the device allows it by name: what is known is posted as one JSON object, what is found comes back as JSON. A 404
//! or 204 is nothing found.
//!
//! A name is looked up once, and only a private address of it is connected to: whoever answers for the office's names cannot send callers' words elsewhere.
//! Nothing is redirected, and nothing is encrypted, since it does not leave the office; put a proxy on the device for a service that needs TLS.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, CONNECTION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};

use super::LookUpError;
use super::table::answer;
use crate::lookups::query::{Found, Query, Url};

/// No answer is longer.
const LONGEST_ANSWER: usize = 64 << 10;
const JSON: &str = "application/json";

/// Ask it. Everything ends when this is dropped.
pub(super) async fn ask(url: &Url, hosts: &[String], query: &Query) -> Result<Found, LookUpError> {
    let wrong = |what: String| LookUpError::Service(url.host.clone(), what);
    if !hosts.iter().any(|host| host.eq_ignore_ascii_case(&url.host)) {
        return Err(wrong("it is not allowed; add its name to `hosts` of [lookups] in switchhook.toml".into()));
    }
    let addresses: Vec<SocketAddr> = lookup_host((url.host.as_str(), url.port)).await.map_err(|error| wrong(error.to_string()))?.collect();
    let Some(address) = addresses.iter().find(|address| is_private(address.ip())) else {
        return Err(wrong("its name has no private address; only services on the office's own network are asked".into()));
    };
    let stream = TcpStream::connect(address).await.map_err(|error| wrong(error.to_string()))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| wrong(error.to_string()))?;
    let question = serde_json::to_vec(&query.inputs).map_err(|error| wrong(error.to_string()))?;
    let host = if url.port == 80 { url.host.clone() } else { format!("{}:{}", url.host, url.port) };
    let request = Request::builder()
        .method(Method::POST)
        .uri(&url.path)
        .header(HOST, host)
        .header(CONTENT_TYPE, JSON)
        .header(ACCEPT, JSON)
        .header(CONNECTION, "close")
        .header(USER_AGENT, concat!("switchhook/", env!("CARGO_PKG_VERSION")))
        .body(Full::new(Bytes::from(question)))
        .map_err(|error| wrong(error.to_string()))?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(|error| wrong(error.to_string()))?;
        match response.status() {
            StatusCode::NO_CONTENT | StatusCode::NOT_FOUND => Ok(Found::Nothing),
            status if status.is_success() => {
                let body = Limited::new(response.into_body(), LONGEST_ANSWER).collect().await;
                answer(&body.map_err(|error| wrong(format!("its answer cannot be read: {error}")))?.to_bytes())
            }
            status => Err(wrong(format!("it answers {status}"))),
        }
    };
    // The connection does the work; the answer may be there before it is closed.
    tokio::pin!(exchange);
    tokio::select! {
        found = &mut exchange => found,
        closed = connection => match closed {
            Ok(()) => exchange.await,
            Err(error) => Err(wrong(error.to_string())),
        },
    }
}

/// Whether an address is one of an office's own network, or of this device (RFC 1918, RFC 4193).
fn is_private(address: IpAddr) -> bool {
    let v4 = |address: Ipv4Addr| address.is_private() || address.is_loopback();
    let v6 = |address: Ipv6Addr| address.is_loopback() || address.is_unique_local();
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or_else(|| v6(address), v4),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_an_office_s_own_addresses_are_private() {
        for (address, private) in [
            ("192.168.1.20", true),
            ("10.0.0.1", true),
            ("172.16.5.4", true),
            ("127.0.0.1", true),
            ("::1", true),
            ("fd12:3456::1", true),
            ("::ffff:10.0.0.1", true),
            ("8.8.8.8", false),
            ("172.32.0.1", false),
            ("169.254.169.254", false),
            ("2001:db8::1", false),
            ("::ffff:8.8.8.8", false),
            ("fe80::1", false),
            ("0.0.0.0", false),
        ] {
            assert_eq!(is_private(address.parse().unwrap()), private, "{address}");
        }
    }
}
