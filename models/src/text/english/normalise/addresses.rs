//! Addresses in the United States: house numbers, streets, units, states and ZIP codes.
//!
//! The published front end knows some of the abbreviations, and reads the figures as numbers ("one thousand, two hundred and four Main Saint");
//! these rules are an addition of ours. A house number is read in pairs, as people say it, a ZIP code digit by digit. A number is taken for
//! a house's only if capitalised words and a kind of street follow it.

use super::super::chars::is_word;
use super::super::numbers::{cardinal, digit};
use super::cursor::{Cursor, Said};

/// Kinds of street, as the Postal Service abbreviates them (Publication 28, appendix C1), and in full.
const STREETS: [(&str, &str); 20] = [
    ("St", "Street"),
    ("Ave", "Avenue"),
    ("Blvd", "Boulevard"),
    ("Rd", "Road"),
    ("Ln", "Lane"),
    ("Dr", "Drive"),
    ("Ct", "Court"),
    ("Pl", "Place"),
    ("Sq", "Square"),
    ("Ter", "Terrace"),
    ("Pkwy", "Parkway"),
    ("Hwy", "Highway"),
    ("Expy", "Expressway"),
    ("Cir", "Circle"),
    ("Trl", "Trail"),
    ("Aly", "Alley"),
    ("Plz", "Plaza"),
    ("Xing", "Crossing"),
    ("Hts", "Heights"),
    ("Way", "Way"),
];
const DIRECTIONS: [(&str, &str); 8] = [
    ("NE", "Northeast"),
    ("NW", "Northwest"),
    ("SE", "Southeast"),
    ("SW", "Southwest"),
    ("N", "North"),
    ("S", "South"),
    ("E", "East"),
    ("W", "West"),
];
/// Parts of a building, each with a number or a letter behind it (appendix C2).
const UNITS: [(&str, &str); 6] =
    [("Apt", "Apartment"), ("Ste", "Suite"), ("Rm", "Room"), ("Bldg", "Building"), ("Unit", "Unit"), ("Fl", "Floor")];
/// States, the district and Puerto Rico (appendix B).
const STATES: &str = "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,\
    DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,\
    ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,\
    NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,\
    PA Pennsylvania,PR Puerto Rico,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,\
    WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming";
/// What is a word in capitals at least as often as a state, unless a ZIP code follows.
const WORDS: [&str; 10] = ["HI", "ID", "IN", "LA", "MA", "ME", "OH", "OK", "OR", "PA"];
/// The most words of a street's name, and digits of a house's number.
const NAME: usize = 4;
const HOUSE: usize = 5;
/// Digits of a ZIP code, and of what may follow after a dash.
const ZIP: usize = 5;
const PLUS: usize = 4;

fn joined(c: char) -> bool {
    is_word(c) || matches!(c, '.' | ',' | '-' | '/' | ':' | '$' | '£' | '€' | '#')
}

/// "1204 N. Main St.": "twelve oh four North Main Street".
pub(super) fn street(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(joined) {
        return None;
    }
    let mut end = at;
    let mut said = vec![in_pairs(&end.digits(1, HOUSE)?)];
    if let Some(letter) = end.one(|c| c.is_ascii_uppercase()) {
        said.push(letter.to_string());
    }
    if !end.eat(' ') {
        return None;
    }
    if let Some(direction) = listed(&mut end, &DIRECTIONS).filter(|_| end.eat(' ')) {
        said.push(direction.to_owned());
    }
    for words in 0..=NAME {
        let mut ahead = end;
        // A street has a name, and a kind.
        if words > 0
            && let Some(kind) = listed(&mut ahead, &STREETS)
        {
            said.push(kind.to_owned());
            return Some((with_end(said.join(" "), &mut ahead), ahead));
        }
        let name = word(&mut end)?;
        said.push(name);
        if !end.eat(' ') {
            return None;
        }
    }
    None
}

/// What stands behind the kind of street: a direction, and the period that ends the text.
fn with_end(mut said: String, end: &mut Cursor<'_>) -> String {
    let mut ahead = *end;
    if ahead.eat(' ')
        && let Some(direction) = listed(&mut ahead, &DIRECTIONS)
    {
        said = format!("{said} {direction}");
        *end = ahead;
    }
    if end.is_end() && end.previous() == Some('.') {
        said.push('.');
    }
    said
}

/// "Apt. 3B": "Apartment three B".
pub(super) fn unit(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(|c| is_word(c) || c == '.') {
        return None;
    }
    let mut end = at;
    let kind = listed(&mut end, &UNITS)?;
    if !end.eat(' ') {
        return None;
    }
    end.eat('#');
    let number = end.digits(1, HOUSE).map(|digits| in_pairs(&digits));
    let letter = end.one(|c| c.is_ascii_uppercase()).map(String::from);
    if !end.not_before(|c| is_word(c) || c == '-') || followed_by_figures(end) {
        return None;
    }
    let said: Vec<String> = number.into_iter().chain(letter).collect();
    (!said.is_empty()).then(|| (format!("{kind} {}", said.join(" ")), end))
}

/// "CA 94105": "California 9 4 1 0 5"; ", CA" alone too, behind a name and before a mark or the end.
pub(super) fn state(at: Cursor<'_>) -> Said<'_> {
    if !at.not_after(|c| is_word(c) || c == '.') {
        return None;
    }
    let (short, name, end) = STATES.split(',').map(str::trim).find_map(|state| {
        let (short, name) = state.split_once(' ')?;
        let mut end = at;
        (end.eat_all(short) && end.not_before(is_word)).then_some((short, name, end))
    })?;
    let mut ahead = end;
    if ahead.eat(' ')
        && let Some(code) = zip(&mut ahead)
    {
        return Some((format!("{name} {code}"), ahead));
    }
    let behind_a_name = at.previous() == Some(' ') && at.before_previous() == Some(',');
    let stands = end.is_end() || end.next().is_some_and(|c| matches!(c, ',' | ';' | '.' | '?' | '!'));
    (behind_a_name && stands && !WORDS.contains(&short)).then(|| (name.to_owned(), end))
}

/// Five digits, and four more after a dash, one by one.
fn zip(end: &mut Cursor<'_>) -> Option<String> {
    let mut ahead = *end;
    let spelled = |digits: String| digits.chars().map(String::from).collect::<Vec<_>>().join(" ");
    let mut said = spelled(ahead.digits(ZIP, ZIP)?);
    let mut plus = ahead;
    if plus.eat('-')
        && let Some(more) = plus.digits(PLUS, PLUS)
    {
        said = format!("{said}, {}", spelled(more));
        ahead = plus;
    }
    if !ahead.not_before(|c| is_word(c) || c == '-') || followed_by_figures(ahead) {
        return None;
    }
    *end = ahead;
    Some(said)
}

/// Whether a fraction or a group of figures follows.
fn followed_by_figures(end: Cursor<'_>) -> bool {
    let mut ahead = end;
    ahead.one(|c| matches!(c, '.' | ',' | ':')).is_some() && !ahead.not_before(|c| c.is_ascii_digit())
}

/// One of a list, in short with a period or without, or in full; gives it in full.
fn listed(end: &mut Cursor<'_>, list: &[(&str, &'static str)]) -> Option<&'static str> {
    list.iter().find_map(|(short, full)| {
        [*full, *short].into_iter().find_map(|written| {
            let mut ahead = *end;
            if !ahead.eat_all(written) || !ahead.not_before(is_word) {
                return None;
            }
            if written != *full {
                ahead.eat('.');
            }
            *end = ahead;
            Some(*full)
        })
    })
}

/// A word of a street's name: capitalised, or an ordinal in figures.
fn word(end: &mut Cursor<'_>) -> Option<String> {
    let start = *end;
    if end.one(char::is_uppercase).is_some() {
        while end.one(|c| c.is_alphabetic() || c == '\'' || c == '-').is_some() {}
        // A saint, in front of his name.
        let saint = start.until(*end) == "St" && (end.eat('.') || end.next() == Some(' '));
        return Some(if saint { "Saint".to_owned() } else { start.until(*end) });
    }
    end.digits(1, 3)?;
    end.eat_any(&["st", "nd", "rd", "th"])?;
    Some(start.until(*end))
}

/// "1204": "twelve oh four"; "300": "three hundred"; "12045": one by one.
fn in_pairs(digits: &str) -> String {
    let value = digits.parse::<u128>().unwrap_or_default();
    let (high, low) = (value / 100, value % 100);
    if digits.starts_with('0') || high > 99 {
        return digits.chars().map(|c| if c == '0' { "oh" } else { digit(c) }).collect::<Vec<_>>().join(" ");
    }
    if high == 0 || (high.is_multiple_of(10) && low < 10) {
        return cardinal(value);
    }
    match low {
        0 => format!("{} hundred", cardinal(high)),
        1..=9 => format!("{} oh {}", cardinal(high), cardinal(low)),
        _ => format!("{} {}", cardinal(high), cardinal(low)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::normalised;
    use super::*;

    #[test]
    fn addresses_are_said_as_people_say_them() {
        for (written, said) in [
            ("1204 Main St.", "twelve oh four Main Street."),
            ("We are at 1204 N. Main St., Apt. 3B.", "We are at twelve oh four North Main Street, Apartment three B."),
            ("300 Park Ave", "three hundred Park Avenue"),
            ("42 Oak Rd", "forty-two Oak Road"),
            ("250 5th Ave, Suite 400", "two fifty 5th Avenue, Suite four hundred"),
            ("1600 Pennsylvania Ave. NW", "sixteen hundred Pennsylvania Avenue Northwest"),
            ("12B Elm Dr. is near", "twelve B Elm Drive is near"),
            ("900 St. Charles Ave.", "nine hundred Saint Charles Avenue."),
            ("2000 Martin Luther King Blvd", "two thousand Martin Luther King Boulevard"),
            ("7 Times Square", "seven Times Square"),
            ("12045 Sunset Blvd", "one two oh four five Sunset Boulevard"),
            ("Ste. 210, Rm. 12", "Suite two ten, Room twelve"),
            ("Bldg. C", "Building C"),
        ] {
            assert_eq!(normalised(written), said, "{written}");
        }
    }

    #[test]
    fn states_and_zip_codes_are_said_digit_by_digit() {
        for (written, said) in [
            ("San Francisco, CA 94105", "San Francisco, California 9 4 1 0 5"),
            ("Portland, OR 97201-0342.", "Portland, Oregon 9 7 2 0 1, 0 3 4 2."),
            ("Our office is in Austin, TX.", "Our office is in Austin, Texas."),
            ("Albany, NY, and Boston", "Albany, New York, and Boston"),
        ] {
            assert_eq!(normalised(written), said, "{written}");
        }
    }

    #[test]
    fn what_is_no_address_is_left_alone() {
        for text in [
            "In 1204 the city fell",
            "Call 12045 now",
            "5 people live here",
            "Hello, OK.",
            "I live IN 94105 rooms",
            "1204 Main",
            "1204 main st",
            "3 New York Yankees fans",
            "$1204 Main",
        ] {
            for rule in [street, unit] {
                assert_eq!(super::super::cursor::replaced(text, rule), text);
            }
        }
        assert_eq!(super::super::cursor::replaced("Hello, OK.", state), "Hello, OK.");
        assert_eq!(super::super::cursor::replaced("CA 941051", state), "CA 941051");
        assert_eq!(super::super::cursor::replaced("Suite 4.5", unit), "Suite 4.5");
    }

    proptest! {
        #[test]
        fn no_text_stops_the_rules(text in "[0-9]{0,6}[ ,.#-]{0,2}[A-Z]?[a-zé ]{0,8}(St|Ave|Apt|CA|N|Ste)?[. ]{0,2}[0-9]{0,6}") {
            for rule in [street, unit, state] {
                super::super::cursor::replaced(&text, rule);
            }
        }
    }
}
