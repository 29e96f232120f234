//! What can go badly in a call.

/// Something that went badly, by what was said and done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// The caller was given the word, and nobody said anything for as long as the robot waits.
    DeadAir,
    /// The same thing was asked again.
    RepeatedQuestion,
    /// The caller said that they are annoyed.
    Frustrated,
    /// The caller put right what the robot had heard.
    Misheard,
    /// The caller waited for the robot, or for a person, for a long time.
    LongWait,
}

impl Tag {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::DeadAir, Self::RepeatedQuestion, Self::Frustrated, Self::Misheard, Self::LongWait];

    /// The word in records and figures.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeadAir => "dead-air",
            Self::RepeatedQuestion => "repeated-question",
            Self::Frustrated => "frustrated",
            Self::Misheard => "misheard",
            Self::LongWait => "long-wait",
        }
    }

    /// The tag of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tag| tag.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_by_its_word() {
        for tag in Tag::ALL {
            assert_eq!(Tag::parse(tag.as_str()), Some(tag));
        }
        assert_eq!(Tag::parse("happy"), None);
    }
}
