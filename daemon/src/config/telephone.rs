//! A telephone that somebody names to be called: a number as it is dialled, or a SIP address. It is never the emergency services'.

use std::fmt;
use std::net::Ipv6Addr;

/// Nobody's number is longer (ITU-T E.164), and one digit is no telephone.
const DIGITS: std::ops::RangeInclusive<usize> = 2..=15;

/// Numbers at which people in danger are helped, here or elsewhere: police, fire, ambulance, coast guard, and those who listen to whoever despairs. They are never
/// called, in whichever country the office is. 100 to 109, which are such numbers in some countries, are the first telephones of most switchboards, and may be.
const EMERGENCY: [&str; 29] = [
    "000", "110", "111", "112", "113", "114", "115", "117", "118", "119", "120", "122", "123", "133", "140", "144", "15", "17", "18",
    "190", "191", "192", "193", "911", "988", "995", "997", "998", "999",
];

/// Where somebody is reached.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Telephone(String);

/// Why what was written is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTelephone {
    /// Neither a number nor an address.
    #[error(
        "write a number as it is dialled on the line, such as \"+49 30 1234567\" or \"101\", or a SIP address, such as \"sip:101@pbx.office\""
    )]
    Unreadable,
    /// The emergency services'.
    #[error("this is a number for emergencies, which the robot never calls")]
    Emergency,
}

impl Telephone {
    /// Read one.
    ///
    /// # Errors
    /// Says what can be written.
    pub fn parse(text: &str) -> Result<Self, NoTelephone> {
        let text = text.trim();
        if is_sip_address(text) {
            let user = text.trim_start_matches("sip:").split_once('@').map_or("", |(user, _)| user);
            let dialled = user.split(';').next().unwrap_or_default();
            return if is_emergency(dialled) { Err(NoTelephone::Emergency) } else { Ok(Self(text.to_owned())) };
        }
        let plain: String = text.chars().filter(|c| !" -()./\u{a0}".contains(*c)).collect();
        let digits = plain.strip_prefix('+').unwrap_or(&plain);
        if !DIGITS.contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NoTelephone::Unreadable);
        }
        if is_emergency(&plain) {
            return Err(NoTelephone::Emergency);
        }
        Ok(Self(format!("tel:{plain}")))
    }

    /// `sip:...`; or `tel:...`, which the line's gateway knows the way to.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.0
    }

    /// As it is written.
    #[must_use]
    pub fn written(&self) -> &str {
        self.0.strip_prefix("tel:").unwrap_or(&self.0)
    }
}

impl fmt::Debug for Telephone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It may be somebody's number, and `{:?}` is how things end up in logs.
        f.write_str("Telephone(..)")
    }
}

/// Whether this is dialled for help; the 0 or 9 that many switchboards want before a number outside changes nothing.
fn is_emergency(dialled: &str) -> bool {
    EMERGENCY.contains(&dialled) || dialled.strip_prefix(['0', '9']).is_some_and(|outside| EMERGENCY.contains(&outside))
}

/// `sip:[user@]host[:port][;parameters]`, with nothing in it that could end the header it is written into.
pub(super) fn is_sip_address(text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> Result<String, NoTelephone> {
        Telephone::parse(text).map(|telephone| telephone.address().to_owned())
    }

    #[test]
    fn a_number_is_read_as_people_write_it_and_an_address_as_it_is() {
        assert_eq!(address("+49 (30) 123-45.67"), Ok("tel:+49301234567".into()));
        assert_eq!(address(" 101 23 "), Ok("tel:10123".into()));
        assert_eq!(address("sip:anna@pbx.office:5070"), Ok("sip:anna@pbx.office:5070".into()));
        for nothing in ["", "+", "7", "anna", "*21*5551234#", "+4930123456789012", "sip:", "sip:@pbx", "tel:+4930", "+49 30 12x4"] {
            assert_eq!(address(nothing), Err(NoTelephone::Unreadable), "{nothing}");
        }
    }

    #[test]
    fn help_in_an_emergency_is_never_a_telephone_however_it_is_dialled() {
        for help in ["112", "1-1-0", "911", "9911", "0112", "999", "119", "sip:112@gateway", "sip:0110@10.0.0.1;transport=tcp"] {
            assert_eq!(address(help), Err(NoTelephone::Emergency), "{help}");
        }
        for other in ["1120", "5112", "+49112233", "sip:anna112@pbx", "sip:pbx"] {
            assert!(address(other).is_ok(), "{other}");
        }
    }

    #[test]
    fn a_number_is_not_shown() {
        assert_eq!(format!("{:?}", Telephone::parse("+49301234567")), "Ok(Telephone(..))");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again_as_the_same_or_not_at_all(text in "\\PC{0,40}|[+0-9 ()./-]{0,20}|sip:[a-z0-9@.:;]{0,20}") {
            if let Ok(telephone) = Telephone::parse(&text) {
                prop_assert_eq!(Telephone::parse(telephone.written()), Ok(telephone));
            }
        }
    }
}
