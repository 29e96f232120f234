//! Whom the device takes for its broker: whoever shows a certificate for the broker's name that an authority vouches for, by TLS 1.2 or later (RFC 8996).
//!
//! The machine's own OpenSSL does it, which the system keeps safe, with the authorities of the machine or with the office's own. The office's file is read for
//! each connection, so that a new one counts from the next on.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use openssl::error::ErrorStack;
use openssl::ssl::{SslConnector, SslMethod, SslVerifyMode, SslVersion};
use openssl::x509::X509;
use openssl::x509::store::X509StoreBuilder;
use rumqttc::tokio_native_tls::native_tls::{self, Certificate, Protocol, TlsConnector};

use crate::config::Trust;

/// No file of authorities is larger; the whole set of Debian's has 0.2 MB.
const LARGEST: u64 = 1024 * 1024;

/// Why nobody can be trusted. What is wrong stands before the semicolon, what to do behind it.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// There is no such file, or it may not be read.
    #[error("{} cannot be read: {source}; `mqtt.ca` names the file of the authority that vouches for the broker, in PEM", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It holds something else, or far more.
    #[error("{} holds no certificate in PEM; `mqtt.ca` names the file of the authority that vouches for the broker", path.display())]
    NoCertificate {
        /// Which.
        path: PathBuf,
    },
    /// The machine's OpenSSL cannot do it.
    #[error("TLS cannot be had: {0}")]
    Unavailable(String),
}

impl From<native_tls::Error> for TlsError {
    fn from(error: native_tls::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<ErrorStack> for TlsError {
    fn from(error: ErrorStack) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// Whether there is somebody to be trusted. Blocking: it reads one small file.
///
/// # Errors
/// If the office's authorities cannot be read.
pub fn can_trust(trust: &Trust) -> Result<(), TlsError> {
    authorities(trust).map(|_| ())
}

/// What lets a broker in that is trusted, and no other. Blocking.
///
/// # Errors
/// If the office's authorities cannot be read.
pub(super) fn guard(trust: &Trust) -> Result<TlsConnector, TlsError> {
    let mut guard = TlsConnector::builder();
    guard.min_protocol_version(Some(Protocol::Tlsv12));
    if let Some(authorities) = authorities(trust)? {
        guard.disable_built_in_roots(true);
        for authority in authorities {
            guard.add_root_certificate(Certificate::from_der(&authority.to_der()?)?);
        }
    }
    Ok(guard.build()?)
}

/// What lets in whoever shows a certificate, and tells whether it would be trusted: to look at it, and to say nothing. Blocking.
///
/// # Errors
/// If the office's authorities cannot be read.
pub(super) fn onlooker(trust: &Trust) -> Result<SslConnector, TlsError> {
    let mut onlooker = SslConnector::builder(SslMethod::tls_client())?;
    onlooker.set_min_proto_version(Some(SslVersion::TLS1_2))?;
    onlooker.set_verify(SslVerifyMode::NONE);
    if let Some(authorities) = authorities(trust)? {
        let mut store = X509StoreBuilder::new()?;
        for authority in authorities {
            store.add_cert(authority)?;
        }
        onlooker.set_cert_store(store.build());
    }
    Ok(onlooker.build())
}

/// Those of the office; none if the machine's are meant.
fn authorities(trust: &Trust) -> Result<Option<Vec<X509>>, TlsError> {
    let path = match trust {
        Trust::Machine => return Ok(None),
        Trust::Authority(path) => path,
    };
    let text = text(path).map_err(|source| TlsError::Unreadable { path: path.clone(), source })?;
    match X509::stack_from_pem(&text) {
        Ok(found) if !found.is_empty() => Ok(Some(found)),
        _ => Err(TlsError::NoCertificate { path: path.clone() }),
    }
}

/// What a file holds: nothing, if it is larger than such files are.
fn text(path: &Path) -> io::Result<Vec<u8>> {
    // Whoever opens a pipe waits for its other end.
    if !path.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    let mut text = Vec::new();
    let read = File::open(path)?.take(LARGEST + 1).read_to_end(&mut text)?;
    if read as u64 > LARGEST {
        text.clear();
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn told(path: &Path) -> String {
        let trust = Trust::Authority(path.to_owned());
        let told = can_trust(&trust).unwrap_err().to_string();
        assert_eq!(guard(&trust).unwrap_err().to_string(), told);
        assert_eq!(onlooker(&trust).err().unwrap().to_string(), told);
        told
    }

    #[test]
    fn a_file_that_is_not_there_or_holds_no_certificate_is_told_by_its_name_with_what_it_is_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        for (path, why) in [(path.as_path(), "No such file"), (folder.path(), "it is no file")] {
            let told = told(path);
            assert!(told.starts_with(&format!("{} cannot be read: {why}", path.display())) && told.contains("`mqtt.ca`"), "{told}");
        }
        for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            std::fs::write(&path, text).unwrap();
            assert!(told(&path).contains("ca.pem holds no certificate"), "{}", told(&path));
        }
    }

    #[test]
    fn a_file_that_is_far_too_large_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let size = |size| {
            File::create(&path).unwrap().set_len(size).unwrap();
            text(&path).unwrap().len() as u64
        };
        assert_eq!((size(LARGEST), size(LARGEST + 1), size(LARGEST * 1000)), (LARGEST, 0, 0));
    }

    #[test]
    fn the_machine_s_own_authorities_need_no_file() {
        assert!(can_trust(&Trust::Machine).is_ok() && guard(&Trust::Machine).is_ok() && onlooker(&Trust::Machine).is_ok());
    }
}
