//! The fleet manager's broker: where it is, what is told there, and how it is known for what it is.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// The fleet manager's broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mqtt {
    /// Its host name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who vouches for it, where the connection is encrypted (TLS); nobody where it is plain.
    pub trust: Option<Trust>,
    /// What every topic begins with: `switchhook` by default.
    pub prefix: String,
    /// The account, if the broker asks for one.
    pub user: Option<String>,
    /// The credential that holds its password.
    pub credential: Option<String>,
    /// How often health is told.
    pub interval: Duration,
}

/// Who vouches that a broker is the one that its name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The authorities that this machine trusts.
    Machine,
    /// Those in this file (PEM), and nobody else: the office's own.
    Authority(PathBuf),
}

impl Mqtt {
    /// What is to be told of a password that whoever is on the network can read. No mistake: a network may be the office's alone.
    #[must_use]
    pub fn open_password(&self) -> Option<String> {
        let told = || {
            format!(
                "mqtt.credential: the password goes to {} as it is, and whoever is on the network between can read it; add `tls = true` to [mqtt] if \
                 the broker has a certificate",
                self.host
            )
        };
        (self.credential.is_some() && self.trust.is_none() && !self.is_here()).then(told)
    }

    /// Whether no network is between.
    fn is_here(&self) -> bool {
        let address = self.host.parse::<IpAddr>();
        address.map_or_else(|_| self.host.eq_ignore_ascii_case("localhost"), |address| address.to_canonical().is_loopback())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::path::Path;

    use super::*;
    use crate::config::parse;

    const OFFICE: &str = "[device]\nname = \"t\"\n[office]\nname = \"ours\"\n";

    fn broker(keys: &str) -> Mqtt {
        parse(&format!("{OFFICE}[mqtt]\n{keys}\n"), Path::new("/etc/switchhook/switchhook.toml")).unwrap().mqtt.unwrap()
    }

    #[test]
    fn a_broker_with_tls_has_the_machine_s_authorities_or_the_office_s_own_and_a_port_of_its_own() {
        let plain = broker("host = \"b\"");
        assert_eq!((plain.port, plain.trust), (1883, None));
        let machine = broker("host = \"b\"\ntls = true");
        assert_eq!((machine.port, machine.trust), (8883, Some(Trust::Machine)));
        let own = broker("host = \"b\"\ntls = true\nca = \"broker-ca.pem\"\nport = 1884");
        assert_eq!((own.port, own.trust), (1884, Some(Trust::Authority("/etc/switchhook/broker-ca.pem".into()))));
    }

    #[test]
    fn an_authority_without_tls_is_refused_with_what_to_write() {
        let told = |keys: &str| {
            let text = format!("{OFFICE}[mqtt]\nhost = \"b\"\n{keys}\n");
            parse(&text, Path::new("/etc/switchhook/switchhook.toml")).unwrap_err().to_string()
        };
        for keys in ["ca = \"/ca.pem\"", "ca = \"/ca.pem\"\ntls = false"] {
            let said = told(keys);
            assert!(said.contains("switchhook.toml:7: mqtt.ca = \"/ca.pem\"") && said.contains("`tls = true`"), "{said}");
        }
        assert!(told("tls = true\nca = \"\"").contains("switchhook.toml:8: mqtt.ca = \"\""));
    }

    #[test]
    fn a_password_that_a_network_can_read_is_told_and_no_other() {
        let password = "credential = \"mqtt-password\"";
        for host in ["broker.office", "192.0.2.1", "fd00::1", "localhost.office"] {
            let told = broker(&format!("host = \"{host}\"\n{password}")).open_password().unwrap();
            assert!(told.contains(host) && told.contains("`tls = true`"), "{told}");
            assert_eq!(broker(&format!("host = \"{host}\"\n{password}\ntls = true")).open_password(), None);
            assert_eq!(broker(&format!("host = \"{host}\"\nuser = \"robot\"")).open_password(), None, "there is no password");
        }
        for host in ["localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(broker(&format!("host = \"{host}\"\n{password}")).open_password(), None, "{host} is no network");
        }
    }
}
