//! A caller: what the robot did goes in, what the caller does comes out. A fake, and a simple-minded one: they answer what they are asked, put right what is read
//! back wrong, and leave when they have what they came for or have had enough.

mod beside;
mod telling;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Zoned;
use switchhook::dialog::slots::Kind;
use switchhook::dialog::{About, Action, Asks, Direction, Scenario, Step};
use switchhook_models::Locale;

use super::facts::{Fact, Facts, Sort, pick};
use super::persona::{Persona, Quirk};
use super::phrases::{Common, Goal, Own, Replies, Wants, Ways};
use super::same::Same;
use super::world::on_file;

/// No caller says more than this.
const LONGEST: u32 = 30;
/// So often they put the same thing right.
const CORRECTIONS: u32 = 3;

/// What a caller does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Says this.
    Says(String),
    /// Says this while the robot still speaks.
    SaysOver(String),
    /// Says this while the robot speaks, and means that it shall go on.
    Murmurs(String),
    /// Presses these keys.
    Presses(String),
    /// Says nothing.
    Silent,
    /// Puts the phone down.
    HangsUp,
}

/// What they tell and keep count of.
pub struct Caller<'a> {
    pub persona: Persona,
    pub goal: &'a Goal,
    common: &'a Common,
    replies: &'a BTreeMap<String, Replies>,
    locale: Locale,
    direction: Direction,
    /// The number at their end of the line.
    pub number: String,
    /// What they tell, by slot.
    pub facts: BTreeMap<String, Fact>,
    /// Slots for which they need not tell anything.
    optional: BTreeSet<String>,
    /// A wrong value that they tell first, and for which slot.
    decoy: Option<(String, Fact)>,
    /// The slot whose value they have to put right.
    to_correct: Option<String>,
    /// For whom their message is, what it says, and where to call back.
    pub message: Message,
    /// What the robot asked first in a call that it placed.
    first_asked: Option<String>,
    /// What they ask in the middle.
    digression: Option<&'a Goal>,
    same: &'a Same,
    turns: u32,
    tries: u32,
    corrections: u32,
    /// Their message, as the robot read it back.
    read_back: String,
    /// What they answered last, and how often in a row.
    again: (String, u32),
    pub state: State,
}

/// A message that they leave.
#[derive(Clone, Debug)]
pub struct Message {
    pub recipient: String,
    pub text: String,
    pub phone: Option<Fact>,
}

/// What has happened so far, as the caller knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// They have what they came for.
    pub got: bool,
    /// They asked for a person in the last turn.
    pub asked_for_a_person: bool,
    /// A person was sought, and nobody was there: now they leave a message.
    pub nobody_there: bool,
    /// They dictated a message.
    pub dictated: bool,
    /// They wanted to leave before they had what they came for.
    pub leaves: bool,
    /// They have had enough.
    pub had_enough: bool,
}

impl<'a> Caller<'a> {
    /// The caller of this persona, at this moment.
    pub fn new(
        mut persona: Persona,
        scenario: &Scenario,
        common: &'a Common,
        own: &'a Own,
        now: &Zoned,
        same: &'a Same,
    ) -> anyhow::Result<Self> {
        let goal = own.goals.get(persona.goal).or(own.goals.first());
        let Some(goal) = goal else { anyhow::bail!("nobody wants anything") };
        let made = Facts { locale: scenario.language, now, common, own };
        let random = &mut persona.random;
        let (mut facts, mut others) = (BTreeMap::new(), BTreeMap::new());
        if scenario.direction == Direction::Outbound || matches!(goal.wants, Wants::Flow { .. } | Wants::Through(_)) {
            for (name, kind) in scenario.collected() {
                facts.insert(name.to_owned(), made.make(name, kind, random)?);
                others.insert(name.to_owned(), made.make(name, kind, random)?);
            }
        }
        for place in on_file(goal, scenario)? {
            let Some((name, kind)) = scenario.slots.get(place) else { continue };
            // Words that nobody wrote are what files are kept by.
            let known = own.facts.contains_key(name) || !matches!(kind, Kind::Text | Kind::Address | Kind::Pattern(_));
            if known && !facts.contains_key(name) {
                facts.insert(name.clone(), made.make(name, kind, random)?);
            }
        }
        let texts = if matches!(goal.wants, Wants::Complaint) { &common.complaints } else { &common.messages };
        let (recipient, text) = (pick(&common.recipients, random), pick(texts, random));
        let country = switchhook::dialog::slots::Country::of(scenario.language);
        let number = made.phone(country, random).keys.unwrap_or_default().trim_end_matches('#').to_owned();
        let phone = made.phone(country, random);
        let phone = if pick(&["y".into(), "y".into(), "y".into(), "n".into()], random) == "y" { Some(phone) } else { None };
        let names: Vec<String> = others
            .iter()
            .filter(|(name, other)| {
                // What may be left out is not read back.
                !scenario.is_optional(name)
                    && matches!(other.sort, Sort::When | Sort::Choice)
                    && facts.get(*name).is_some_and(|fact| fact.written != other.written)
            })
            .map(|(name, _)| name.clone())
            .collect();
        let wrong = pick(&names, random);
        let decoy = if persona.has(Quirk::Corrects) { others.remove(&wrong).map(|fact| (wrong, fact)) } else { None };
        let questions: Vec<&Goal> =
            own.goals.iter().filter(|other| matches!(other.wants, Wants::Answer(_)) && other.name != goal.name).collect();
        let digression = questions.get(usize::try_from(persona.moment).unwrap_or_default() % questions.len().max(1)).copied();
        Ok(Self {
            persona,
            goal,
            common,
            replies: &own.replies,
            locale: scenario.language,
            direction: scenario.direction,
            number,
            optional: facts.keys().filter(|name| scenario.is_optional(name)).cloned().collect(),
            facts,
            decoy,
            to_correct: None,
            message: Message { recipient, text, phone },
            first_asked: None,
            digression,
            same,
            turns: 0,
            tries: 0,
            corrections: 0,
            read_back: String::new(),
            again: (String::new(), 0),
            state: State::default(),
        })
    }

    /// What they do after the robot did this, and asks that.
    pub fn next(&mut self, asks: &Asks, step: &Step) -> Move {
        self.turns += 1;
        self.state.asked_for_a_person = false;
        if self.persona.has(Quirk::NeverSpeaks) {
            return Move::Silent;
        }
        if self.turns > LONGEST || self.state.had_enough {
            self.state.had_enough = true;
            return Move::HangsUp;
        }
        if self.turns > 1 && !step.said().is_empty() && self.persona.shows(Quirk::Backchannels) {
            return Move::Murmurs(pick(&self.common.backchannel, &mut self.persona.random));
        }
        let says = self.quirk(asks).unwrap_or_else(|| self.answer(asks, step));
        match says {
            // Who has something to say at last says it over the rest of what the robot says.
            Move::Says(text) if self.turns > 1 && self.persona.shows(Quirk::Interrupts) => Move::SaysOver(text),
            other => other,
        }
    }

    /// What the robot did comes to their knowledge.
    pub fn notices(&mut self, step: &Step) {
        let wanted = |source: &str| step.source.as_deref() == Some(source);
        self.state.got |= match &self.goal.wants {
            Wants::Answer(source) => wanted(source),
            Wants::Flow { name, .. } => step.actions.iter().any(|action| matches!(action, Action::Reached { flow, .. } if flow == name)),
            Wants::Message | Wants::Complaint => step.actions.iter().any(|action| matches!(action, Action::Keep(_))),
            Wants::OptOut => step.actions.iter().any(|action| matches!(action, Action::Keep(note) if note.about == About::OptOut)),
            Wants::Person | Wants::Through(_) | Wants::Peace => false,
        };
        self.state.got |= self.state.nobody_there && step.actions.iter().any(|action| matches!(action, Action::Keep(_)));
    }

    fn pick(&mut self, ways: &[String]) -> String {
        pick(ways, &mut self.persona.random)
    }

    fn wants_a_person(&mut self) -> Move {
        self.state.asked_for_a_person = true;
        let common = self.common;
        Move::Says(self.pick(&common.person))
    }

    /// They have tried often enough.
    fn enough(&mut self) -> Move {
        self.state.had_enough = true;
        if self.persona.asks_for_a_person { self.wants_a_person() } else { Move::HangsUp }
    }

    fn answer(&mut self, asks: &Asks, step: &Step) -> Move {
        let common = self.common;
        if let Asks::YesOrNo { question: asked, .. } | Asks::Slot { name: asked, .. } = asks
            && self.says_something_else(asked)
        {
            return self.wish();
        }
        let says = match asks {
            Asks::Anything | Asks::AnythingElse if self.state.got => self.pick(&common.goodbye),
            Asks::Anything | Asks::AnythingElse => return self.wish(),
            Asks::Recipient => {
                let recipient = self.message.recipient.clone();
                self.pick(&common.recipient).replace("{value}", &recipient)
            }
            Asks::Message => self.dictates(),
            Asks::Callback => return self.callback(&step.said()),
            Asks::MessageRight => return self.message_right(&step.said()),
            Asks::Slot { name, part } => return self.tells(name, part.as_ref(), &step.said()),
            Asks::Confirmation(told) | Asks::WhatIsWrong(told) => return self.compares(told),
            Asks::YesOrNo { told, .. } if self.wrong_in(told).is_some() => return self.compares(told),
            Asks::YesOrNo { question, .. } => return self.yes_or_no(question),
            // The first that is offered will do, whatever they wanted before.
            Asks::Which { by, .. } => {
                self.facts.remove(by);
                return Move::Presses("1".into());
            }
            Asks::Rating => return Move::Presses("4".into()),
            Asks::Person => self.pick(&common.yes),
            Asks::Nothing => return Move::Silent,
        };
        self.unless_said_too_often(says)
    }

    /// Whether they say what they want instead of answering this question, by the name of its message or slot.
    fn says_something_else(&mut self, asked: &str) -> bool {
        if self.direction != Direction::Outbound || self.state.got || self.goal.says.is_empty() {
            return false;
        }
        let first = self.first_asked.get_or_insert_with(|| asked.to_owned());
        self.goal.at.as_ref().unwrap_or(first) == asked
    }

    fn yes_or_no(&mut self, question: &str) -> Move {
        let yes = self.goal.answers.get(question).copied().unwrap_or(true);
        if self.persona.has(Quirk::Keys) {
            return Move::Presses(if yes { "1" } else { "2" }.into());
        }
        let common = if yes { &self.common.yes } else { &self.common.no };
        let own = self.replies.get(question).map(|replies| if yes { &replies.yes } else { &replies.no });
        let ways: Ways = own.into_iter().chain([common]).flatten().cloned().collect();
        let says = self.pick(&ways);
        self.unless_said_too_often(says)
    }

    /// Who has to say the same thing again and again has enough of it.
    fn unless_said_too_often(&mut self, says: String) -> Move {
        if self.again.0 == says {
            self.again.1 += 1;
        } else {
            self.again = (says.clone(), 0);
        }
        if self.again.1 > self.persona.patience { self.enough() } else { Move::Says(says) }
    }

    fn wish(&mut self) -> Move {
        self.tries += 1;
        if self.tries > self.persona.patience {
            return self.enough();
        }
        self.state.asked_for_a_person |= matches!(self.goal.wants, Wants::Person);
        self.state.leaves |= matches!(self.goal.wants, Wants::Peace);
        let (goal, common) = (self.goal, self.common);
        if self.tries == 1 && self.persona.shows(Quirk::TellsAtOnce) && !goal.at_once.is_empty() {
            let template = self.pick(&goal.at_once);
            return Move::Says(self.filled(&template));
        }
        let wish = goal.says.get(usize::try_from(self.persona.moment + self.tries).unwrap_or_default() % goal.says.len().max(1));
        let wish = wish.cloned().unwrap_or_default();
        if self.tries > 1 || self.persona.moment.is_multiple_of(2) {
            return Move::Says(wish);
        }
        let between = if self.locale == Locale::En { " " } else { "" };
        let hello = self.pick(&common.hello);
        Move::Says(format!("{hello}{between}{wish}"))
    }

    /// A sentence with what they tell in it.
    fn filled(&mut self, template: &str) -> String {
        let mut said = template.replace("{recipient}", &self.message.recipient);
        for (name, fact) in &self.facts {
            if let Some(way) = fact.says.first() {
                said = said.replace(&format!("{{{name}}}"), way);
            }
        }
        said
    }

    /// They were not passed on: they ask again.
    pub fn asks_again_for_a_person(&mut self) {
        if !self.persona.has(Quirk::WantsPerson) {
            self.persona.quirks.push(Quirk::WantsPerson);
        }
    }

    /// Where to call them back, as digits, if they have a number.
    pub fn callback_digits(&self) -> Option<String> {
        let keys = self.message.phone.as_ref()?.keys.clone()?;
        Some(keys.trim_end_matches('#').to_owned())
    }
}
