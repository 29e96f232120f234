//! A caller: what the robot did goes in, what the caller does comes out. A fake, and a simple-minded one: they answer what they are asked, put right what is read
//! back wrong, and leave when they have what they came for or have had enough.

mod telling;

use std::collections::BTreeMap;

use jiff::Zoned;
use switchhook::dialog::{Action, Asks, Scenario, Step};
use switchhook_models::Locale;

use super::facts::{Fact, Facts, Sort, pick};
use super::persona::{Persona, Quirk};
use super::phrases::{Common, Goal, Own, Wants};
use super::same::Same;

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
    locale: Locale,
    /// What they tell, by slot.
    pub facts: BTreeMap<String, Fact>,
    /// A wrong value that they tell first, and for which slot.
    decoy: Option<(String, Fact)>,
    /// The slot whose value they have to put right.
    to_correct: Option<String>,
    /// For whom their message is, what it says, and where to call back.
    pub message: Message,
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
    /// They were passed on, and nobody took the call: now they leave a message.
    pub nobody_there: bool,
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
        if matches!(goal.wants, Wants::Flow { .. }) {
            for (name, kind) in scenario.collected() {
                facts.insert(name.to_owned(), made.make(name, kind, random)?);
                others.insert(name.to_owned(), made.make(name, kind, random)?);
            }
        }
        let texts = if matches!(goal.wants, Wants::Complaint) { &common.complaints } else { &common.messages };
        let (recipient, text) = (pick(&common.recipients, random), pick(texts, random));
        let phone = made.phone(switchhook::dialog::slots::Country::of(scenario.language), random);
        let phone = if pick(&["y".into(), "y".into(), "y".into(), "n".into()], random) == "y" { Some(phone) } else { None };
        let names: Vec<String> = others
            .iter()
            .filter(|(name, other)| {
                matches!(other.sort, Sort::When | Sort::Choice) && facts.get(*name).is_some_and(|fact| fact.written != other.written)
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
            locale: scenario.language,
            facts,
            decoy,
            to_correct: None,
            message: Message { recipient, text, phone },
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
        self.notices(step);
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

    fn notices(&mut self, step: &Step) {
        let wanted = |source: &str| step.source.as_deref() == Some(source);
        self.state.got |= match &self.goal.wants {
            Wants::Answer(source) => wanted(source),
            Wants::Flow { name, .. } => step.actions.iter().any(|action| matches!(action, Action::Reached { flow, .. } if flow == name)),
            Wants::Message | Wants::Complaint => step.actions.iter().any(|action| matches!(action, Action::Keep(_))),
            Wants::Person => false,
        };
        self.state.got |= self.state.nobody_there && step.actions.iter().any(|action| matches!(action, Action::Keep(_)));
    }

    fn pick(&mut self, ways: &[String]) -> String {
        pick(ways, &mut self.persona.random)
    }

    /// Something beside an answer, if this is the moment for it.
    fn quirk(&mut self, asks: &Asks) -> Option<Move> {
        if self.turns < self.persona.moment || self.state.got {
            return None;
        }
        let common = self.common;
        let dictates = matches!(asks, Asks::Message | Asks::Recipient);
        let in_flow = matches!(asks, Asks::Slot { name, .. } if !matches!(self.facts.get(name).map(|fact| fact.sort), Some(Sort::Name | Sort::Words) | None));
        if self.persona.shows(Quirk::WantsPerson) {
            return Some(self.wants_a_person());
        }
        if !dictates && !matches!(asks, Asks::Slot { .. } | Asks::Callback) && self.persona.shows(Quirk::PressesZero) {
            self.state.asked_for_a_person = true;
            return Some(Move::Presses("0".into()));
        }
        if !dictates && self.persona.shows(Quirk::LeavesEarly) {
            self.state.leaves = true;
            return Some(Move::Says(self.pick(&common.leave)));
        }
        if !dictates && self.persona.shows(Quirk::AsksAgain) {
            return Some(Move::Says(self.pick(&common.again)));
        }
        if !dictates && self.persona.shows(Quirk::AsksRobot) {
            return Some(Move::Says(self.pick(&common.robot)));
        }
        if self.persona.shows(Quirk::Silent) {
            return Some(Move::Silent);
        }
        if in_flow && self.persona.shows(Quirk::Unsure) {
            return Some(Move::Says(self.pick(&common.dont_know)));
        }
        if in_flow && self.persona.shows(Quirk::OffTopic) {
            return Some(Move::Says(self.pick(&common.off_topic)));
        }
        let question = self.digression.filter(|_| in_flow)?;
        self.persona.shows(Quirk::Digresses).then(|| Move::Says(self.pick(&question.says)))
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
        let says = match asks {
            Asks::Anything | Asks::AnythingElse if self.state.got => self.pick(&common.goodbye),
            Asks::Anything | Asks::AnythingElse => return self.wish(),
            Asks::Recipient => {
                let recipient = self.message.recipient.clone();
                self.pick(&common.recipient).replace("{value}", &recipient)
            }
            Asks::Message => self.dictates(),
            Asks::Callback => return self.callback(),
            Asks::MessageRight => return self.message_right(&step.said()),
            Asks::Slot { name, part } => return self.tells(name, part.as_ref()),
            Asks::Confirmation(told) | Asks::WhatIsWrong(told) => return self.compares(told),
            Asks::YesOrNo { told, .. } if self.wrong_in(told).is_some() => return self.compares(told),
            Asks::YesOrNo { question, .. } => {
                let yes = self.goal.answers.get(question).copied().unwrap_or(true);
                self.pick(if yes { &common.yes } else { &common.no })
            }
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
        if matches!(self.goal.wants, Wants::Person) {
            self.state.asked_for_a_person = true;
        }
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
