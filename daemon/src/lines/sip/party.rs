//! Who calls, as far as the headers tell (RFC 3261, section 20.10; RFC 3325; RFC 3966), cleaned of whatever a hostile caller may write.

use crate::lines::Party;

/// Longer numbers and names are cut.
const LONGEST_NUMBER: usize = 64;
const LONGEST_NAME: usize = 80;

/// The caller, from the network's assertion if there is one, else from what the caller says. Nobody if privacy was asked for.
#[must_use]
pub fn caller(from: &str, asserted: Option<&str>, privacy: Option<&str>) -> Party {
    let withheld = privacy.is_some_and(|value| value.split([';', ',']).any(|word| ["id", "user", "full"].contains(&word.trim())));
    if withheld { Party::default() } else { asserted.map(party).filter(|p| p.number.is_some()).unwrap_or_else(|| party(from)) }
}

/// The user part of a SIP address, cleaned.
#[must_use]
pub fn user(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.trim().split_once(':')?;
    let user = match scheme.to_ascii_lowercase().as_str() {
        "sip" | "sips" => rest.split_once('@')?.0,
        "tel" => rest,
        _ => return None,
    };
    let user = user.split([';', ':', '?']).next()?;
    let clean: String = unescaped(user).filter(|c| c.is_ascii_alphanumeric() || "+*#-._~".contains(*c)).take(LONGEST_NUMBER).collect();
    let nobody = clean.is_empty() || ["anonymous", "unavailable", "unknown", "restricted"].contains(&clean.to_ascii_lowercase().as_str());
    (!nobody).then_some(clean)
}

fn party(header: &str) -> Party {
    let (name, uri) = split(header);
    let number = user(uri);
    let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let name = name.trim();
    let nobody = name.is_empty() || name.eq_ignore_ascii_case("anonymous");
    Party { name: (!nobody).then(|| name.to_owned()), number }
}

/// The display name and the address of `"Name" <sip:...>;tag=...`, `Name <sip:...>` or `sip:...;tag=...`.
fn split(header: &str) -> (String, &str) {
    let header = header.trim();
    let (name, rest) = match header.strip_prefix('"') {
        Some(quoted) => unquoted(quoted),
        None => match header.find('<') {
            Some(at) => (header[..at].to_owned(), &header[at..]),
            None => (String::new(), header),
        },
    };
    let uri = match rest.split_once('<') {
        Some((_, inner)) => inner.split('>').next().unwrap_or_default(),
        None => rest,
    };
    (name, uri)
}

/// The text up to the closing quote, and what follows it.
fn unquoted(quoted: &str) -> (String, &str) {
    let (mut name, mut chars) = (String::new(), quoted.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (name, &quoted[at + 1..]),
            '\\' => name.extend(chars.next().map(|(_, escaped)| escaped)),
            c => name.push(c),
        }
    }
    (name, "")
}

/// `%2B` is `+`.
fn unescaped(text: &str) -> impl Iterator<Item = char> {
    let mut bytes = text.bytes();
    std::iter::from_fn(move || {
        let byte = bytes.next()?;
        if byte != b'%' {
            return Some(char::from(byte));
        }
        let mut digit = || bytes.next().and_then(|b| char::from(b).to_digit(16));
        let code = digit().zip(digit()).map_or(0, |(high, low)| high * 16 + low);
        char::from_u32(code)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn who(from: &str) -> (Option<String>, Option<String>) {
        let party = caller(from, None, None);
        (party.number, party.name)
    }

    #[test]
    fn name_and_number_are_found_in_every_form_of_the_header() {
        let known = (Some("+15550100".to_owned()), Some("Ann \"Lee\"".to_owned()));
        assert_eq!(who(r#""Ann \"Lee\"" <sip:+15550100@gw.example;user=phone>;tag=1"#), known);
        assert_eq!(who("Ann <sip:%2B15550100@gw.example>;tag=1"), (Some("+15550100".into()), Some("Ann".into())));
        assert_eq!(who("sip:100@gw.example;tag=1"), (Some("100".into()), None));
        assert_eq!(who("<tel:+1-555-0100;phone-context=x>"), (Some("+1-555-0100".into()), None));
    }

    #[test]
    fn a_withheld_number_stays_withheld() {
        assert_eq!(who("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1"), (None, None));
        assert_eq!(caller("<sip:100@gw>", Some("<sip:100@gw>"), Some("id;critical")), Party::default());
    }

    #[test]
    fn what_the_network_asserts_counts_more_than_what_the_caller_says() {
        assert_eq!(caller("<sip:911@gw>", Some("<sip:100@gw>"), None).number.as_deref(), Some("100"));
        assert_eq!(caller("<sip:200@gw>", Some("<sip:gw>"), None).number.as_deref(), Some("200"));
    }

    proptest! {
        #[test]
        fn whatever_a_caller_writes_comes_out_short_and_clean(from in "\\PC{0,300}", asserted in "\"?[\\x00-\\x7f]{0,200}<?sip:[\\x00-\\x7f]{0,200}@x") {
            let party = caller(&from, Some(&asserted), None);
            for text in party.number.iter().chain(&party.name) {
                prop_assert!(text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control), "{:?}", text);
            }
        }
    }
}
