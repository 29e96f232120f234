//! How callers tell what they have to tell, and put right what the robot took for it.

use switchhook::dialog::slots::{Lacks, Part, Value};

use super::super::facts::{Fact, Sort};
use super::super::persona::Quirk;
use super::{CORRECTIONS, Caller, Move};

impl Caller<'_> {
    pub(super) fn dictates(&mut self) -> String {
        let common = self.common;
        self.state.dictated = true;
        match &self.message.phone {
            Some(phone) if self.persona.moment.is_multiple_of(2) => {
                let (text, number) = (self.message.text.clone(), phone.says.first().cloned().unwrap_or_default());
                self.pick(&common.with_phone).replace("{message}", &text).replace("{phone}", &number)
            }
            _ => self.message.text.clone(),
        }
    }

    pub(super) fn callback(&mut self, said: &str) -> Move {
        let common = self.common;
        match self.message.phone.clone() {
            None => {
                let says = self.pick(&common.no_phone);
                self.unless_said_too_often(says)
            }
            Some(Fact { keys: Some(keys), .. }) if self.persona.has(Quirk::Keys) || self.common.tells_of_keys(said) => Move::Presses(keys),
            Some(phone) => {
                let number = phone.says.first().cloned().unwrap_or_default();
                let says = self.pick(&common.phone).replace("{value}", &number);
                self.unless_said_too_often(says)
            }
        }
    }

    /// Whether what was read back is what they said.
    pub(super) fn message_right(&mut self, said: &str) -> Move {
        let common = self.common;
        // Whoever is only asked again for a yes remembers what was read back.
        let number = self.message.phone.as_ref().and_then(|phone| phone.says.first());
        if self.same.is_in(&self.message.text, said)
            || number.is_some_and(|number| said.contains(number.as_str()))
            || self.read_back.is_empty()
        {
            self.read_back = said.to_owned();
        }
        let read_back = self.read_back.clone();
        let phone = self.message.phone.clone();
        let number_is_right = phone.as_ref().and_then(|phone| phone.says.first()).is_none_or(|number| read_back.contains(number.as_str()));
        let text_is_right = self.same.is_in(&self.message.text, &read_back);
        if number_is_right && text_is_right {
            return Move::Says(self.pick(&common.yes));
        }
        self.corrections += 1;
        if self.corrections > CORRECTIONS {
            return self.enough();
        }
        match phone.filter(|_| text_is_right).and_then(|phone| phone.says.first().cloned()) {
            Some(number) => Move::Says(self.pick(&common.wrong.phone).replace("{value}", &number)),
            None => {
                self.read_back.clear();
                Move::Says(self.pick(&common.wrong.message))
            }
        }
    }

    pub(super) fn tells(&mut self, name: &str, part: Option<&Part>, said: &str) -> Move {
        let common = self.common;
        if let Some(wrong) = self.to_correct.take_if(|wrong| wrong != name)
            && let Some(fact) = self.facts.get(&wrong).cloned()
        {
            return self.puts_right(&fact);
        }
        if self.goal.withholds.iter().any(|slot| slot == name) {
            let ways = self.replies.get(name).map_or(&common.dont_know, |replies| &replies.no);
            let says = self.pick(ways);
            return self.unless_said_too_often(says);
        }
        let Some(fact) = self.facts.get(name).cloned() else {
            // Nothing that they came for needs this.
            return Move::Says(self.pick(&common.dont_know));
        };
        let first = part.is_none() && self.again.0 != name;
        if let Some((_, decoy)) = self.decoy.take_if(|(slot, _)| slot == name && first) {
            self.to_correct = Some(name.to_owned());
            let way = decoy.says.first().cloned().unwrap_or_default();
            return Move::Says(self.pick(fact.sort.ways(common)).replace("{value}", &way));
        }
        if self.again.0 == name {
            self.again.1 += 1;
        } else {
            self.again = (name.to_owned(), 0);
        }
        if self.again.1 > self.persona.patience {
            return self.enough();
        }
        // Who was not understood and hears of keys presses them.
        let presses = self.persona.has(Quirk::Keys) || self.again.1 >= 1 && self.common.tells_of_keys(said);
        if let (Some(keys), true) = (&fact.keys, presses) {
            return Move::Presses(keys.clone());
        }
        let value = match (part, &fact.halves) {
            (Some(Part::When(when)), Some((day, time))) => match when.lacks() {
                Some(Lacks::Day) => day.clone(),
                Some(Lacks::Time | Lacks::Half) | None => time.clone(),
            },
            (None, Some((day, _))) if self.again.1 == 0 && self.persona.shows(Quirk::TellsInParts) => day.clone(),
            _ => fact.says.get(usize::try_from(self.again.1).unwrap_or_default() % fact.says.len().max(1)).cloned().unwrap_or_default(),
        };
        if fact.sort == Sort::YesNo {
            return Move::Says(value);
        }
        Move::Says(self.pick(fact.sort.ways(common)).replace("{value}", &value))
    }

    fn puts_right(&mut self, fact: &Fact) -> Move {
        let common = self.common;
        let way = fact.says.get(usize::try_from(self.corrections).unwrap_or_default() % fact.says.len().max(1));
        let way = way.cloned().unwrap_or_default();
        Move::Says(self.pick(fact.sort.wrong(common)).replace("{value}", &way))
    }

    /// The first thing that they told otherwise.
    pub(super) fn wrong_in(&self, told: &[(String, Value)]) -> Option<Fact> {
        told.iter().find_map(|(name, value)| {
            let fact = self.facts.get(name)?;
            (!self.same.is(fact, &value.written())).then(|| fact.clone())
        })
    }

    /// Compare what is read back with what they wanted.
    pub(super) fn compares(&mut self, told: &[(String, Value)]) -> Move {
        let common = self.common;
        self.to_correct = None;
        match self.wrong_in(told) {
            None => Move::Says(self.pick(&common.yes)),
            Some(_) if self.corrections >= CORRECTIONS => self.enough(),
            Some(fact) => {
                let says = self.puts_right(&fact);
                self.corrections += 1;
                says
            }
        }
    }
}
