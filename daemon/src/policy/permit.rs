//! Whom the robot may call: a telephone rings at somebody because of us, and a machine speaks when they answer.
//!
//! A line's dialler takes a [`PermitToDial`], for one call, and only here is one made. There are two [`Ground`]s. The office's own people may be called at any
//! time: they work there, and gave the office their number for this. Numbers that the admin lists (`[calls] may_call`) are the office's own, or those of people
//! who have agreed to be called by the robot; they are called by day alone. Nobody else is, and help in an emergency never. Calling strangers needs their consent on
//! record, by purpose and version, and a look at the lists of those who do not want it (GDPR, article 6; ePrivacy, article 13; 47 CFR 64.1200): that is a
//! ground of its own, which is not built ([decision 0030](../../../docs/decisions/0030-a-permit-for-each-call-that-we-place.md)).
//!
//! ```compile_fail
//! // Nobody else can make one: the fields are private.
//! let _ = switchhook::policy::PermitToDial { address: String::new(), ground: switchhook::policy::Ground::OwnNumber };
//! ```

use std::collections::BTreeMap;
use std::fmt;

use jiff::Zoned;
use jiff::civil::{Time, time};

use crate::config::{NoTelephone, Person, Telephone};

/// Numbers are called from this time of the office's day on,
const FROM: Time = time(8, 0, 0, 0);
/// and before this one.
const UNTIL: Time = time(21, 0, 0, 0);

/// Why somebody may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// They are one of the office's own people (`[people]`).
    Colleague,
    /// The admin lists their number as the office's own, or as that of somebody who has agreed to it (`[calls] may_call`).
    OwnNumber,
}

impl Ground {
    /// The word in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Colleague => "colleague",
            Self::OwnNumber => "own-number",
        }
    }

    /// The ground of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Colleague, Self::OwnNumber].into_iter().find(|ground| ground.as_str() == word)
    }
}

/// Leave to call one telephone, once. It cannot be copied, and whoever dials gives it away.
#[derive(PartialEq, Eq)]
pub struct PermitToDial {
    address: String,
    ground: Ground,
}

impl PermitToDial {
    /// For one of the office's own people, to whom a caller is handed; `None` for who has no address, and gets messages alone.
    #[must_use]
    pub fn colleague(person: &Person) -> Option<Self> {
        person.address.clone().map(|address| Self { address, ground: Ground::Colleague })
    }

    fn on(telephone: &Telephone, ground: Ground) -> Self {
        Self { address: telephone.address().to_owned(), ground }
    }

    /// Where they are reached: `sip:...`; or `tel:...`, which the line's gateway knows the way to.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Why they may be called.
    #[must_use]
    pub fn ground(&self) -> Ground {
        self.ground
    }
}

impl fmt::Debug for PermitToDial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address may be somebody's number, and `{:?}` is how things end up in logs.
        f.debug_struct("PermitToDial").field("ground", &self.ground).finish_non_exhaustive()
    }
}

/// Why somebody may not be called. Says what to do, and no number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPermitted {
    /// What was written names nobody.
    #[error("{0}; or the name of somebody in [people]")]
    NoTelephone(NoTelephone),
    /// They have no address.
    #[error("`{0}` has no telephone in the configuration; give [people.{0}] an `address`")]
    NoAddress(String),
    /// They are nobody whom the configuration lists.
    #[error(
        "the robot may call the office's own people ({0}), and the numbers that `may_call` in [calls] lists; add the number there if it is the office's own or \
         its owner has agreed to be called by a robot, then `switchhookctl config reload`"
    )]
    NotListed(String),
    /// It is too early or too late.
    #[error("numbers in `may_call` are called from 8:00 to 21:00 of the office's time; people in [people] at any time")]
    AtNight,
}

/// Whom the office lets its robot call.
#[derive(Clone, Debug)]
pub struct MayCall {
    people: BTreeMap<String, Person>,
    numbers: Vec<Telephone>,
}

impl MayCall {
    /// These people of its own, and these numbers.
    #[must_use]
    pub fn of(people: &BTreeMap<String, Person>, numbers: &[Telephone]) -> Self {
        Self { people: people.clone(), numbers: numbers.to_vec() }
    }

    /// A permit to call `whom` at this time of the office's day: one of its people by name, a number, or an address.
    ///
    /// # Errors
    /// Says why not, and what to do.
    pub fn permit(&self, whom: &str, now: &Zoned) -> Result<PermitToDial, NotPermitted> {
        if let Some(person) = self.people.get(whom) {
            let address = person.address.as_deref().ok_or_else(|| NotPermitted::NoAddress(whom.to_owned()))?;
            return Ok(PermitToDial::on(&Telephone::parse(address).map_err(NotPermitted::NoTelephone)?, Ground::Colleague));
        }
        let telephone = Telephone::parse(whom).map_err(NotPermitted::NoTelephone)?;
        if self.people.values().any(|person| person.address.as_deref() == Some(telephone.address())) {
            return Ok(PermitToDial::on(&telephone, Ground::Colleague));
        }
        if !self.numbers.contains(&telephone) {
            let names: Vec<&str> =
                self.people.iter().filter(|(_, person)| person.address.is_some()).map(|(name, _)| name.as_str()).collect();
            return Err(NotPermitted::NotListed(if names.is_empty() { "none yet".to_owned() } else { names.join(", ") }));
        }
        if !(FROM..UNTIL).contains(&now.time()) {
            return Err(NotPermitted::AtNight);
        }
        Ok(PermitToDial::on(&telephone, Ground::OwnNumber))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn person(address: Option<&str>) -> Person {
        Person { spoken: "Anna".into(), also: vec![], address: address.map(str::to_owned), announce: true }
    }

    fn office() -> MayCall {
        let people = [("anna", Some("sip:100@pbx")), ("sos", Some("sip:112@pbx")), ("letters", None)];
        let people = people.map(|(name, address)| (name.to_owned(), person(address))).into();
        MayCall { people, numbers: vec![Telephone::parse("+49 30 1234567").unwrap()] }
    }

    fn at(hour: i8, minute: i8) -> Zoned {
        jiff::civil::date(2026, 11, 27).at(hour, minute, 0, 0).in_tz("Europe/Berlin").unwrap()
    }

    #[test]
    fn only_who_has_an_address_can_be_called_and_it_is_not_shown() {
        assert_eq!(PermitToDial::colleague(&person(None)), None);
        let anna = PermitToDial::colleague(&person(Some("sip:100@pbx"))).unwrap();
        assert_eq!((anna.address(), format!("{anna:?}").contains("100")), ("sip:100@pbx", false));
    }

    #[test]
    fn the_office_s_own_people_are_called_by_name_or_address_at_any_time() {
        for whom in ["anna", "sip:100@pbx"] {
            let permit = office().permit(whom, &at(3, 0)).unwrap();
            assert_eq!((permit.address(), permit.ground()), ("sip:100@pbx", Ground::Colleague));
        }
        assert!(matches!(office().permit("letters", &at(12, 0)), Err(NotPermitted::NoAddress(_))));
    }

    #[test]
    fn a_listed_number_is_called_by_day_however_it_is_written() {
        for (hour, minute, may) in [(7, 59, false), (8, 0, true), (20, 59, true), (21, 0, false), (2, 0, false)] {
            let permit = office().permit("+4930-123 4567", &at(hour, minute));
            assert_eq!(permit.as_ref().err(), (!may).then_some(&NotPermitted::AtNight), "{hour}:{minute}");
            assert!(permit.is_ok_and(|permit| permit.ground() == Ground::OwnNumber) == may);
        }
    }

    #[test]
    fn help_in_an_emergency_is_not_called_even_if_somebody_is_called_so() {
        for whom in ["112", "sos", "sip:112@pbx", "0112"] {
            assert_eq!(office().permit(whom, &at(12, 0)), Err(NotPermitted::NoTelephone(NoTelephone::Emergency)), "{whom}");
        }
    }

    #[test]
    fn a_stranger_is_told_of_how_a_number_is_listed_and_the_number_is_not_repeated() {
        let said = office().permit("+49 30 7654321", &at(12, 0)).unwrap_err().to_string();
        assert!(said.contains("may_call") && said.contains("anna, sos") && !said.contains("7654321"), "{said}");
    }

    proptest! {
        #[test]
        fn whoever_is_not_listed_is_never_called(whom in "\\PC{0,30}|[+0-9 -]{1,16}|sip:[0-9]{3}@pbx", hour in 0_i8..24) {
            if let Ok(permit) = office().permit(&whom, &at(hour, 30)) {
                prop_assert!(["sip:100@pbx", "tel:+49301234567"].contains(&permit.address()));
            }
        }
    }

    #[test]
    fn a_ground_is_read_as_it_is_written() {
        for ground in [Ground::Colleague, Ground::OwnNumber] {
            assert_eq!(Ground::parse(ground.as_str()), Some(ground));
        }
        assert_eq!(Ground::parse("consent"), None);
    }
}
