//! What is made of an answer to a flow's question: values, several at once if they were told at once; corrections of what was told before; a question in the
//! middle; "I don't know".

use super::super::{Dialog, State};
use super::Asked;
use super::retold::is_just_is;
use crate::dialog::action::{Action, Step};
use crate::dialog::report::Tag;
use crate::dialog::scenario::{Intent, Op};
use crate::dialog::slots::{self, Bound, Context, Correction, Held, Kind, Objection, Part, Reading, Value, answers_by_sound};
use crate::dialog::understanding::{Meaning, Understood};
use crate::dialog::wording::Line;
use crate::dialog::words::{is_proposal, is_question};
use crate::dialog::yes_or_no::yes_or_no;

/// What an answer came to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Taken {
    /// This slot, or others, were told.
    Values,
    /// A part of what was asked.
    Part,
    /// A value that the slot does not allow.
    Outside(Bound),
    /// The caller does not know.
    DontKnow,
    /// Nothing.
    Nothing,
}

impl Dialog {
    /// The caller's answer to what a flow asked.
    pub(in crate::dialog::machine) fn answered(&mut self, asked: Asked, said: &str) -> Step {
        let is_yes_or_no =
            matches!(asked, Asked::Confirmation | Asked::WhatIsWrong | Asked::YesOrNo) || matches!(self.kind(asked), Some(Kind::YesNo));
        let by_sound = if is_yes_or_no { answers_by_sound::written(said, self.scenario.language) } else { None };
        let said = by_sound.as_deref().unwrap_or(said);
        let understood = self.understood_as_answer(said);
        if let Understood::Sure(Meaning::Intent(intent)) = understood
            && self.holds_everywhere(asked, intent, said)
            && !self.answers_plainly(asked, intent, said)
        {
            return self.intent(intent, said);
        }
        if asked == Asked::YesOrNo
            && let Understood::Sure(Meaning::Flow(place)) = understood
            && self.is_another_wish(place, said)
        {
            return self.begin_flow(place, said);
        }
        if asked == Asked::YesOrNo
            && let Understood::Sure(Meaning::Passage(place)) = understood
            && is_question(said)
            && !is_proposal(said)
        {
            // "Yes, but where is it?"
            let step = self.passage(place);
            return self.back_to(asked, step);
        }
        match asked {
            Asked::Slot(slot) => self.answered_slot(slot, said, understood),
            Asked::Confirmation => match yes_or_no(&self.scenario, said) {
                // "Sorry, make it three", or "no" heard as "right": what is told otherwise is no yes, and no question of the caller's.
                Some(true) | None if self.tells_otherwise(said) => self.corrected(said),
                Some(true) => self.settled("yes"),
                Some(false) => self.corrected(said),
                // "No" heard as "know": "Know the number is four one five."
                None if let Some(correction) = self.number_begun(said) => self.put_right(correction),
                None => self.something_else(asked, said, understood),
            },
            // Nothing is, after all; but 是 begins what is right instead.
            Asked::WhatIsWrong if yes_or_no(&self.scenario, said) == Some(true) && !is_just_is(said) => self.settled("yes"),
            Asked::WhatIsWrong => self.corrected(said),
            Asked::Which => self.answered_which(said, understood),
            Asked::YesOrNo => match yes_or_no(&self.scenario, said) {
                // "Peter Miller, shall I cancel it?" "No, my name is Peter Mills."
                Some(false) if let Some(correction) = self.correction(said) => self.put_right(correction),
                // "Can you say when you will pay?" "On Monday."
                Some(true) | None if let Some(slot) = self.told_instead_of_yes(said) => {
                    self.step_on();
                    self.answered_slot(slot, said, understood)
                }
                Some(yes) => self.decided_yes_or_no(yes),
                None => self.something_else(asked, said, understood),
            },
        }
    }

    /// The step at which the flow waited is done.
    pub(super) fn settled(&mut self, understood: &str) -> Step {
        self.step_on();
        self.go_on(Vec::new(), understood)
    }

    fn step_on(&mut self) {
        self.failures = 0;
        if let Some(run) = &mut self.run {
            run.turn_over();
            run.at += 1;
        }
    }

    fn answered_slot(&mut self, slot: usize, said: &str, understood: Understood) -> Step {
        if !matches!(self.kind(Asked::Slot(slot)), Some(Kind::Text | Kind::Address))
            && let Some(correction) = self.correction(said)
        {
            return self.put_right(correction);
        }
        let told = self.is_told(slot, said);
        if !told && self.is_declined(slot, said) {
            return self.goes_without(slot, "no");
        }
        if let Understood::Sure(Meaning::Passage(place)) = understood
            && (is_question(said) && !is_proposal(said) || !told)
        {
            let step = self.passage(place);
            return self.back_to(Asked::Slot(slot), step);
        }
        if let Some(step) = self.looks_for_a_name(slot, said, &understood) {
            return step;
        }
        let taken = if self.counts_something(slot, said) { Taken::Nothing } else { self.take_in(Some(slot), said) };
        self.went_on_with(slot, said, understood, taken)
    }

    /// What the answer to the question for a slot came to, and what follows.
    pub(super) fn went_on_with(&mut self, slot: usize, said: &str, understood: Understood, taken: Taken) -> Step {
        let name = self.scenario.slots.get(slot).map(|(name, _)| name.clone()).unwrap_or_default();
        match taken {
            Taken::Values => {
                self.failures = 0;
                if let Some(run) = &mut self.run {
                    run.turn_over();
                }
                self.go_on(Vec::new(), &name)
            }
            Taken::Part => {
                self.failures = 0;
                self.go_on(Vec::new(), &name)
            }
            Taken::Outside(bound) => {
                // A day that makes every time too early has to be told anew, too.
                if let Some(run) = &mut self.run {
                    run.part = None;
                }
                self.ask_again(Asked::Slot(slot), Some(self.out_of_bounds(bound)), "out-of-bounds")
            }
            Taken::DontKnow if self.may_go_without(slot) => self.goes_without(slot, "dont-know"),
            Taken::DontKnow => self.ask_again(Asked::Slot(slot), None, "dont-know"),
            Taken::Nothing if self.is_declined(slot, said) => self.goes_without(slot, "no"),
            Taken::Nothing => self.something_else(Asked::Slot(slot), said, understood),
        }
    }

    pub(super) fn goes_without(&mut self, slot: usize, understood: &str) -> Step {
        if let Some(run) = &mut self.run {
            run.without.insert(slot);
            run.turn_over();
        }
        self.failures = 0;
        self.go_on(Vec::new(), understood)
    }

    /// What was said answers nothing that was asked: a question in the middle, another wish, or nothing.
    pub(super) fn something_else(&mut self, asked: Asked, said: &str, understood: Understood) -> Step {
        match understood {
            Understood::Sure(Meaning::Passage(place)) => {
                let step = self.passage(place);
                self.back_to(asked, step)
            }
            Understood::Sure(Meaning::Flow(flow)) => self.begin_flow(flow, said),
            Understood::Sure(Meaning::Intent(intent @ (Intent::Message | Intent::Complaint))) => self.intent(intent, said),
            Understood::Perhaps(mut meanings) => {
                let goodbye = Meaning::Intent(Intent::Goodbye);
                meanings.retain(|likely| likely.meaning != goodbye || self.holds_everywhere(asked, Intent::Goodbye, said));
                if meanings.is_empty() { self.ask_again(asked, None, "nothing") } else { self.ask_the_model(said.to_owned(), meanings) }
            }
            Understood::Sure(Meaning::Intent(_)) | Understood::Nothing => self.ask_again(asked, None, "nothing"),
        }
    }

    /// The caller says that something is wrong: what they tell in the same breath is put right, and it is read back again.
    pub(super) fn corrected(&mut self, said: &str) -> Step {
        self.account.tag(Tag::Misheard);
        let objection = Objection::of(said, self.scenario.language.language());
        match objection {
            Some(Objection::To(part)) if let Some(correction) = self.part_objected_to(part) => return self.put_right(correction),
            Some(Objection::None) if self.state_asks() == Some(Asked::WhatIsWrong) => return self.settled("yes"),
            _ => {}
        }
        if let Some(correction) = self.correction(said) {
            return self.put_right(correction);
        }
        let taken = self.take_in(None, said);
        if matches!(taken, Taken::Values) {
            self.failures = 0;
            if let Some(run) = &mut self.run {
                run.turn_over();
            }
            self.rewind();
            return self.go_on(vec![Action::Say(self.scenario.line(Line::Again))], "correction");
        }
        if objection.is_none()
            && let Some((slot, value)) = self.retold(said)
        {
            return self.put_right(Correction::To { slot, value });
        }
        if self.state_asks() == Some(Asked::WhatIsWrong) {
            return self.ask_again(Asked::WhatIsWrong, None, "nothing");
        }
        if self.fails() {
            return self.person("not-confirmed");
        }
        self.state = State::Flow(Asked::WhatIsWrong);
        let ask = Action::Say(self.question(Asked::WhatIsWrong));
        Step::new("no", vec![ask, Action::Listen(self.patience_for(Asked::WhatIsWrong))])
    }

    /// What the words correct of what was told before.
    fn correction(&self, said: &str) -> Option<Correction> {
        let run = self.run.as_ref()?;
        // What was found and not told is no caller's to correct.
        let asked = self.collected();
        let value = |place: usize| run.values.get(&place).filter(|_| asked.contains(&place));
        let held: Vec<Held<'_>> =
            self.scenario.slots.iter().enumerate().map(|(place, (_, kind))| Held { kind, value: value(place) }).collect();
        slots::correct(&held, None, said, self.scenario.language, &self.context())
    }

    pub(super) fn put_right(&mut self, correction: Correction) -> Step {
        self.account.tag(Tag::Misheard);
        self.failures = 0;
        let again = Action::Say(self.scenario.line(Line::Again));
        match correction {
            Correction::To { slot, value } => {
                if let Some(run) = &mut self.run {
                    run.values.insert(slot, value);
                    run.turn_over();
                }
                self.rewind();
                self.go_on(vec![again], "correction")
            }
            Correction::Part { slot, part } => self.ask_anew(slot, Some(part), vec![again]),
            Correction::Outside { slot, bound, .. } => {
                let why = Action::Say(self.out_of_bounds(bound));
                self.ask_anew(slot, None, vec![why])
            }
            Correction::Wrong { slot } => self.ask_anew(slot, None, vec![again]),
        }
    }

    /// Go back to where the slot is collected: its value is wrong.
    pub(super) fn ask_anew(&mut self, slot: usize, part: Option<Part>, actions: Vec<Action>) -> Step {
        let collects = |op: &Op| matches!(op, Op::Collect { slot: place, .. } if *place == slot);
        let flow = self.run.as_ref().and_then(|run| self.scenario.flows.get(run.flow));
        let back = flow.and_then(|flow| flow.ops.iter().position(collects));
        if let Some(run) = &mut self.run {
            run.values.remove(&slot);
            run.rows.clear();
            run.turn_over();
            run.part = part;
            run.at = back.unwrap_or(run.at);
        }
        self.go_on(actions, "correction")
    }

    pub(super) fn filled(&mut self, slot: usize, value: Value, understood: &str) -> Step {
        self.failures = 0;
        if let Some(run) = &mut self.run {
            run.values.insert(slot, value);
            run.turn_over();
        }
        self.go_on(Vec::new(), understood)
    }

    pub(super) fn decided_yes_or_no(&mut self, yes: bool) -> Step {
        if let (false, Some(Op::Ask { no, .. }), Some(run)) = (yes, self.op(), &mut self.run) {
            // One less: what is settled goes on behind the step.
            run.at = no.saturating_sub(1);
        }
        self.settled(if yes { "yes" } else { "no" })
    }

    fn state_asks(&self) -> Option<Asked> {
        if let State::Flow(asked) = self.state { Some(asked) } else { None }
    }

    /// Take what was said into the slots of the flow: that which was asked for, and whatever else was told.
    pub(super) fn take_in(&mut self, asked: Option<usize>, said: &str) -> Taken {
        let mut places = self.collected();
        // A rating is only what answers its question.
        places.extend(asked.filter(|asked| !places.contains(asked)));
        let Some(run) = &self.run else { return Taken::Nothing };
        let kinds: Vec<&Kind> = places.iter().filter_map(|&place| self.scenario.slots.get(place)).map(|(_, kind)| kind).collect();
        let mut context = Context { likely: self.scenario.office.likely(), ..Context::at(&self.call.now) };
        context.so_far = run.part.as_ref();
        let at = asked.and_then(|asked| places.iter().position(|&place| place == asked));
        let readings = slots::read_all(&kinds, at, said, self.scenario.language, &context);
        let mut taken = Taken::Nothing;
        let Some(run) = &mut self.run else { return Taken::Nothing };
        for (at_list, reading) in readings {
            let Some(&place) = places.get(at_list) else { continue };
            let was_asked = Some(place) == asked;
            match reading {
                // What is known already answers nothing.
                Reading::Found { value, .. } if !was_asked && run.values.get(&place) == Some(&value) => {}
                Reading::Found { value, .. } => {
                    run.values.insert(place, value);
                    taken = Taken::Values;
                }
                // Nor does what was told of it before.
                Reading::Part(part, _) if was_asked && run.part.as_ref() == Some(&part) => {}
                Reading::Part(part, _) if was_asked => {
                    run.part = Some(part);
                    if !matches!(taken, Taken::Values) {
                        taken = Taken::Part;
                    }
                }
                Reading::Outside { bound, .. } if was_asked && !matches!(taken, Taken::Values) => taken = Taken::Outside(bound),
                Reading::DontKnow if was_asked && !matches!(taken, Taken::Values) => taken = Taken::DontKnow,
                Reading::Part(..) | Reading::Outside { .. } | Reading::DontKnow | Reading::None => {}
            }
        }
        taken
    }

    /// The slots that the flow collects, each once.
    pub(super) fn collected(&self) -> Vec<usize> {
        let ops = self.run.as_ref().and_then(|run| self.scenario.flows.get(run.flow)).map(|flow| flow.ops.as_slice()).unwrap_or_default();
        let mut places: Vec<usize> =
            ops.iter().filter_map(|op| if let Op::Collect { slot, .. } = op { Some(*slot) } else { None }).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    pub(super) fn out_of_bounds(&self, bound: Bound) -> String {
        self.scenario.line(match bound {
            Bound::TooSmall => Line::TooSmall,
            Bound::TooLarge => Line::TooLarge,
            Bound::TooEarly => Line::TooEarly,
            Bound::TooLate => Line::TooLate,
            Bound::OtherCurrency => Line::OtherCurrency,
            Bound::TooLong => Line::TooLong,
        })
    }
}
