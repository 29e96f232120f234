//! An authority of the office's own, which vouches for brokers: for the names and the days that a test wants.

use std::net::IpAddr;

use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509Name, X509NameBuilder, X509NameRef};

const YEAR: i64 = 365;

pub struct Authority {
    certificate: X509,
    key: PKey<Private>,
}

/// What a broker needs to show that it is one.
pub struct Papers {
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
}

fn key() -> PKey<Private> {
    let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&curve).unwrap()).unwrap()
}

/// In so many days, or before so many.
fn day(days: i64) -> Asn1Time {
    Asn1Time::from_unix(jiff::Timestamp::now().as_second() + days * 86_400).unwrap()
}

fn named(name: &str) -> X509Name {
    let mut named = X509NameBuilder::new().unwrap();
    named.append_entry_by_nid(Nid::COMMONNAME, name).unwrap();
    named.build()
}

/// A certificate by that one in this name, for this key; it ends in so many days, or did before so many.
fn begun(by: &X509NameRef, name: &X509NameRef, key: &PKey<Private>, days: i64) -> X509Builder {
    let mut number = BigNum::new().unwrap();
    number.rand(64, MsbOption::MAYBE_ZERO, false).unwrap();
    let mut begun = X509::builder().unwrap();
    begun.set_version(2).unwrap();
    begun.set_serial_number(&Asn1Integer::from_bn(&number).unwrap()).unwrap();
    begun.set_subject_name(name).unwrap();
    begun.set_issuer_name(by).unwrap();
    begun.set_pubkey(key).unwrap();
    begun.set_not_before(&day(days.min(0) - YEAR)).unwrap();
    begun.set_not_after(&day(days)).unwrap();
    begun
}

impl Authority {
    /// The office's own; another one has the same name, as when it was made anew. It lasts for ten years.
    pub fn new() -> Self {
        Self::of("the office's own authority", 10 * YEAR)
    }

    /// Of this name. It ends in so many days.
    pub fn of(name: &str, days: i64) -> Self {
        let key = key();
        let name = named(name);
        let mut own = begun(&name, &name, &key, days);
        own.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
        own.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build().unwrap()).unwrap();
        own.sign(&key, MessageDigest::sha256()).unwrap();
        Self { certificate: own.build(), key }
    }

    /// What is written into the file that `mqtt.ca` names.
    pub fn pem(&self) -> Vec<u8> {
        self.certificate.to_pem().unwrap()
    }

    /// For this name or address, and so many days.
    pub fn vouches_for(&self, name: &str, days: i64) -> Papers {
        let key = key();
        let mut papers = begun(self.certificate.subject_name(), &named(name), &key, days);
        papers.append_extension(ExtendedKeyUsage::new().server_auth().build().unwrap()).unwrap();
        let mut names = SubjectAlternativeName::new();
        if name.parse::<IpAddr>().is_ok() {
            names.ip(name)
        } else {
            names.dns(name)
        };
        let names = names.build(&papers.x509v3_context(Some(&self.certificate), None)).unwrap();
        papers.append_extension(names).unwrap();
        papers.sign(&self.key, MessageDigest::sha256()).unwrap();
        Papers { certificate: papers.build().to_pem().unwrap(), key: key.private_key_to_pem_pkcs8().unwrap() }
    }
}
