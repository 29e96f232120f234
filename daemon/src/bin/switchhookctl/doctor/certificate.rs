//! The certificate that the broker shows: whether the robot trusts it, and until when.
//!
//! It is looked at from here, since the robot tells of a broker only that it is away. What the robot itself may read is another matter: it runs as a user of its
//! own, and an admin's look as root would find sound what the robot cannot open.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use switchhook::config::{Mqtt, Trust};
use switchhook::telemetry::TlsError;
use switchhook::telemetry::certificate::{self, Distrust, Ends, Shown, Unseen};
use tokio::net::TcpStream;

use super::{Finding, Verdict};
use crate::words::{Words, say};

/// Whoever renews certificates by hand needs so much time.
const SOON: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Everybody can read it.
const EVERYBODY: u32 = 0o004;

pub(super) async fn look(stream: TcpStream, mqtt: &Mqtt, trust: &Trust, words: &Words) -> Vec<Finding> {
    let broker = format!("{}:{}", mqtt.host, mqtt.port);
    let certificate = match certificate::look(stream, &mqtt.host, trust).await {
        Ok(shown) => judged(&broker, &shown, trust, Timestamp::now(), words),
        Err(error) => unseen(&broker, &error, words),
    };
    authority(trust, words).into_iter().chain([certificate]).collect()
}

/// The office's own authority, if the robot may not be able to read it.
fn authority(trust: &Trust, words: &Words) -> Option<Finding> {
    let Trust::Authority(path) = trust else { return None };
    // What is not there is told by whoever wants to read it.
    let closed = path.metadata().ok()?.permissions().mode() & EVERYBODY == 0;
    closed.then(|| {
        Finding::doubtful(
            "certificate",
            say!(in words, "doctor-certificate-closed", path = path.as_path()),
            format!("chmod 644 {}", path.display()),
        )
    })
}

fn unseen(broker: &str, error: &Unseen, words: &Words) -> Finding {
    match error {
        Unseen::NobodyToTrust(TlsError::Unreadable { path, source }) if source.kind() == ErrorKind::PermissionDenied => hidden(path, words),
        Unseen::NobodyToTrust(error) => {
            Finding::of_sentence("certificate", Verdict::Wrong, &error.to_string(), &say!(in words, "doctor-broker-remedy"))
        }
        Unseen::NoTls(reason) => Finding::wrong(
            "certificate",
            say!(in words, "doctor-certificate-no-tls", broker = broker, reason = reason),
            say!(in words, "doctor-certificate-no-tls-remedy"),
        ),
        Unseen::Silent => Finding::wrong(
            "certificate",
            say!(in words, "doctor-broker-silent", broker = broker),
            say!(in words, "doctor-certificate-no-tls-remedy"),
        ),
    }
}

fn hidden(path: &Path, words: &Words) -> Finding {
    Finding::unknown("certificate", say!(in words, "doctor-secret-hidden", path = path), say!(in words, "doctor-as-root"))
}

fn judged(broker: &str, shown: &Shown, trust: &Trust, now: Timestamp, words: &Words) -> Finding {
    let renew = match shown.ends {
        Ends::Own => say!(in words, "doctor-certificate-ends-remedy"),
        Ends::Authority => say!(in words, "doctor-certificate-authority-ends-remedy"),
    };
    let until = day(shown.until);
    match &shown.verdict {
        Ok(()) if shown.until.duration_since(now) < SOON => {
            let days = u64::try_from(shown.until.duration_since(now).as_hours() / 24).unwrap_or_default();
            Finding::doubtful("certificate", say!(in words, "doctor-certificate-ends", broker = broker, until = until, days = days), renew)
        }
        Ok(()) => Finding::good("certificate", say!(in words, "doctor-certificate-trusted", broker = broker, until = until)),
        Err(Distrust::Over) => {
            Finding::wrong("certificate", say!(in words, "doctor-certificate-over", broker = broker, until = until), renew)
        }
        Err(Distrust::NotYet) => {
            let seen = say!(in words, "doctor-certificate-not-yet", broker = broker, from = day(shown.from), today = day(now));
            Finding::wrong("certificate", seen, say!(in words, "doctor-certificate-not-yet-remedy"))
        }
        Err(Distrust::OtherName) => {
            let seen = say!(in words, "doctor-certificate-other-name", broker = broker, names = shown.names.join(&say!(in words, "comma")));
            Finding::wrong("certificate", seen, say!(in words, "doctor-certificate-other-name-remedy"))
        }
        Err(Distrust::Unknown) => {
            let remedy = match trust {
                Trust::Machine => say!(in words, "doctor-certificate-untrusted-remedy"),
                Trust::Authority(path) => say!(in words, "doctor-certificate-untrusted-by-ours-remedy", path = path.as_path()),
            };
            Finding::wrong("certificate", say!(in words, "doctor-certificate-untrusted", broker = broker), remedy)
        }
        Err(Distrust::Other(reason)) => {
            let seen = say!(in words, "doctor-certificate-refused", broker = broker, reason = reason);
            Finding::wrong("certificate", seen, say!(in words, "doctor-certificate-ends-remedy"))
        }
    }
}

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use jiff::ToSpan as _;

    use super::*;
    use crate::words::spoken;

    /// It ends at noon after so many days; and so it was found.
    fn found(days: i64, ends: Ends, verdict: Result<(), Distrust>) -> Finding {
        let now: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let until = now + (days * 24 + 12).hours();
        let shown = Shown { verdict, names: vec!["other.office".into()], from: now - 24.hours(), until, ends };
        judged("broker.office:8883", &shown, &Trust::Machine, now, spoken())
    }

    #[test]
    fn a_certificate_that_ends_within_fourteen_days_is_doubtful() {
        let verdict = |days| found(days, Ends::Own, Ok(())).verdict;
        assert_eq!([verdict(14), verdict(13), verdict(0)], [Verdict::Good, Verdict::Doubtful, Verdict::Doubtful]);
        assert!(found(400, Ends::Own, Ok(())).seen.contains("2028-02-05"));
        assert!(found(13, Ends::Own, Ok(())).seen.contains("13 days"));
    }

    #[test]
    fn who_is_to_renew_what_depends_on_what_ends() {
        let remedy = |ends| found(3, ends, Ok(())).remedy.unwrap();
        assert_ne!(remedy(Ends::Own), remedy(Ends::Authority));
        assert_eq!(found(-3, Ends::Authority, Err(Distrust::Over)).remedy.unwrap(), remedy(Ends::Authority));
    }

    #[test]
    fn each_reason_for_distrust_is_wrong_and_has_a_remedy_of_its_own() {
        let reasons = [Distrust::Unknown, Distrust::OtherName, Distrust::Over, Distrust::NotYet];
        let found: Vec<Finding> = reasons.into_iter().map(|reason| found(3, Ends::Own, Err(reason))).collect();
        assert!(found.iter().all(|finding| finding.verdict == Verdict::Wrong), "{found:?}");
        let remedies: std::collections::BTreeSet<_> = found.iter().map(|finding| finding.remedy.clone().unwrap()).collect();
        assert_eq!(remedies.len(), found.len());
        assert!(found[1].seen.contains("other.office"), "{:?}", found[1]);
    }
}
