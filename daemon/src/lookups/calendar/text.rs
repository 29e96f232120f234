//! iCalendar as text (RFC 5545): lines with their properties, and the components that they make. What is not understood is kept as it stands, to the byte:
//! whoever else writes the calendar finds everything again.

use std::ops::Range;

/// A calendar has no more lines than this.
const MOST_LINES: usize = 500_000;
/// A line is folded after so many bytes.
const FOLD: usize = 75;
/// Components lie no deeper in one another.
const DEEPEST: usize = 8;

/// A line, unfolded, with the text that it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// As it stands in the file, with its line ends.
    raw: String,
    /// `NAME;PARAMETERS:VALUE`.
    unfolded: String,
    /// Where the name ends, and where the value begins.
    name: usize,
    value: usize,
}

impl Line {
    fn of(raw: String) -> Self {
        let mut unfolded = String::with_capacity(raw.len());
        for (place, part) in raw.split_inclusive('\n').enumerate() {
            let part = part.trim_end_matches(['\r', '\n']);
            // The first character of a line that goes on is no part of it.
            unfolded.push_str(if place == 0 { part } else { part.get(1..).unwrap_or_default() });
        }
        let name = unfolded.find([';', ':']).unwrap_or(unfolded.len());
        // A colon inside quotation marks belongs to a parameter.
        let mut quoted = false;
        let colon = unfolded.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            *c == ':' && !quoted
        });
        let value = colon.map_or(unfolded.len(), |(at, _)| at + 1);
        Self { raw, name, value, unfolded }
    }

    /// A line of our own, folded.
    pub(super) fn new(property: &str, value: &str) -> Self {
        let mut raw = String::new();
        let mut length = 0;
        for c in format!("{property}:{value}").chars() {
            if length + c.len_utf8() > FOLD {
                raw.push_str("\r\n ");
                length = 1;
            }
            raw.push(c);
            length += c.len_utf8();
        }
        raw.push_str("\r\n");
        Self::of(raw)
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.unfolded.get(..self.name).is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    pub(super) fn value(&self) -> &str {
        self.unfolded.get(self.value..).unwrap_or_default()
    }

    /// A parameter's value, without its quotation marks.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let all = self.unfolded.get(self.name..self.value.saturating_sub(1))?;
        let found = all.split(';').filter_map(|one| one.split_once('=')).find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim_matches('"'))
    }
}

/// A text in a value: without its escapes.
pub(super) fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => {}
            },
            (c, false) => text.push(c),
        }
    }
    text
}

/// The other way round; nothing that a caller says ends a line.
pub(super) fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => value.extend(['\\', c]),
            '\n' => value.push_str("\\n"),
            c if c.is_control() => {}
            c => value.push(c),
        }
    }
    value
}

/// A calendar's lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    lines: Vec<Line>,
}

impl Document {
    /// An empty calendar.
    pub(super) fn empty() -> Self {
        let lines = [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", "-//Switchhook//Appointments//EN"), ("END", "VCALENDAR")];
        Self { lines: lines.map(|(name, value)| Line::new(name, value)).into() }
    }

    /// The lines of a text.
    ///
    /// # Errors
    /// Says what makes it no calendar.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut lines = Vec::new();
        let mut raw = String::new();
        for line in text.split_inclusive('\n') {
            if !raw.is_empty() && !line.starts_with([' ', '\t']) {
                lines.push(Line::of(std::mem::take(&mut raw)));
            }
            raw.push_str(line);
            if lines.len() > MOST_LINES {
                return Err(format!("has more than {MOST_LINES} lines; move what is past to another calendar"));
            }
        }
        if !raw.is_empty() {
            lines.push(Line::of(raw));
        }
        let document = Self { lines };
        let mut open: Vec<&str> = Vec::new();
        for (place, line) in document.lines.iter().enumerate() {
            if line.is("BEGIN") {
                open.push(line.value().trim());
            } else if line.is("END") && open.pop().is_none_or(|begun| !begun.eq_ignore_ascii_case(line.value().trim())) {
                return Err(format!("line {} ends what was not begun", place + 1));
            }
            if open.len() > DEEPEST {
                return Err(format!("line {} lies too deep in other components", place + 1));
            }
        }
        match open.last() {
            Some(begun) => Err(format!("`{begun}` has no end: the file was cut off")),
            None if document.lines.iter().any(|line| line.is("END") && line.value().trim().eq_ignore_ascii_case("VCALENDAR")) => {
                Ok(document)
            }
            None => Err("is no calendar: there is no BEGIN:VCALENDAR".into()),
        }
    }

    /// As it is written.
    pub(super) fn text(&self) -> String {
        self.lines.iter().map(|line| line.raw.as_str()).collect()
    }

    pub(super) fn lines(&self, of: Range<usize>) -> &[Line] {
        self.lines.get(of).unwrap_or_default()
    }

    /// The places of the events, each without its BEGIN and END.
    pub(super) fn events(&self) -> Vec<Range<usize>> {
        let mut events = Vec::new();
        let mut begun = None;
        let is = |line: &Line, name: &str| line.is(name) && line.value().trim().eq_ignore_ascii_case("VEVENT");
        for (place, line) in self.lines.iter().enumerate() {
            if is(line, "BEGIN") {
                begun = Some(place + 1);
            } else if is(line, "END")
                && let Some(begun) = begun.take()
            {
                events.push(begun..place);
            }
        }
        events
    }

    /// A line of an event by its name; not one of an alarm inside it.
    pub(super) fn property<'a>(&'a self, event: &Range<usize>, name: &'a str) -> impl Iterator<Item = (usize, &'a Line)> + 'a {
        let start = event.start;
        let mut inside = 0_usize;
        self.lines(event.clone()).iter().enumerate().filter_map(move |(place, line)| {
            if line.is("BEGIN") {
                inside += 1;
            } else if line.is("END") {
                inside = inside.saturating_sub(1);
            }
            (inside == 0 && line.is(name)).then_some((start + place, line))
        })
    }

    /// Set a property of an event: where it stands, or at the event's end.
    pub(super) fn set(&mut self, event: &mut Range<usize>, new: Line, name: &str) {
        let at = self.property(event, name).map(|(at, _)| at).next();
        match at.and_then(|at| self.lines.get_mut(at)) {
            Some(line) => *line = new,
            None => {
                self.lines.insert(event.start, new);
                event.end += 1;
            }
        }
    }

    /// Add an event, behind all that is there.
    pub(super) fn add_event(&mut self, properties: Vec<Line>) {
        let end = |line: &Line| line.is("END") && line.value().trim().eq_ignore_ascii_case("VCALENDAR");
        let at = self.lines.iter().rposition(end).unwrap_or(self.lines.len());
        let event = std::iter::once(Line::new("BEGIN", "VEVENT")).chain(properties).chain([Line::new("END", "VEVENT")]);
        self.lines.splice(at..at, event);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const OTHERS: &str = "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Ours\r\nBEGIN:VEVENT\r\nUID:1\r\nATTENDEE;CN=\"Chen: Maria\";ROLE=CHAIR:mailto:a@b\r\n\
        DESCRIPTION:One\\, two\r\n  and three\r\nBEGIN:VALARM\r\nDESCRIPTION:Ring\r\nEND:VALARM\r\nX-ODD;Y=1:z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn what_others_wrote_is_kept_to_the_byte() {
        let mut document = Document::parse(OTHERS).unwrap();
        assert_eq!(document.text(), OTHERS);
        document.add_event(vec![Line::new("UID", "2")]);
        let (before, after) = OTHERS.split_once("END:VCALENDAR").unwrap();
        assert_eq!(document.text(), format!("{before}BEGIN:VEVENT\r\nUID:2\r\nEND:VEVENT\r\nEND:VCALENDAR{after}"));
    }

    #[test]
    fn a_property_is_its_event_s_own_and_unfolded() {
        let document = Document::parse(OTHERS).unwrap();
        let event = document.events().remove(0);
        let described: Vec<&str> = document.property(&event, "description").map(|(_, line)| line.value()).collect();
        assert_eq!(described, ["One\\, two and three"]);
        let (_, attendee) = document.property(&event, "ATTENDEE").next().unwrap();
        assert_eq!(
            (attendee.value(), attendee.parameter("cn"), attendee.parameter("ROLE")),
            ("mailto:a@b", Some("Chen: Maria"), Some("CHAIR"))
        );
    }

    #[test]
    fn a_long_line_is_folded_between_characters() {
        let line = Line::new("SUMMARY", &"洗牙".repeat(40));
        assert!(line.raw.lines().all(|line| line.len() <= FOLD + 1), "{}", line.raw);
        assert_eq!(line.value(), "洗牙".repeat(40));
    }

    #[test]
    fn what_was_cut_off_is_no_calendar() {
        for text in ["", "hello", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", "BEGIN:VCALENDAR\nEND:VEVENT\n"] {
            assert!(Document::parse(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_calendar_is_written_as_it_was_read(text in "(BEGIN:VCALENDAR\r?\n)?([A-Z;:=\"\\\\ \t\r\n,a洗-]{0,20}\n){0,20}(END:VCALENDAR\r?\n)?") {
            if let Ok(document) = Document::parse(&text) {
                proptest::prop_assert_eq!(document.text(), text);
                for event in document.events() {
                    let _ = document.property(&event, "UID").count();
                }
            }
        }

        #[test]
        fn what_a_caller_says_stays_in_its_line(said in "\\PC{0,200}|[\r\n:;,A-Z]{0,40}") {
            let line = Line::new("SUMMARY", &escaped(&said));
            let plain: String = said.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
            proptest::prop_assert_eq!(unescaped(line.value()), plain);
            proptest::prop_assert!(line.is("SUMMARY"));
            let mut document = Document::empty();
            document.add_event(vec![line]);
            proptest::prop_assert_eq!(Document::parse(&document.text()).unwrap().events().len(), 1);
        }
    }
}
