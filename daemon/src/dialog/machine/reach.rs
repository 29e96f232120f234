//! Whom a caller can be passed to now: a person, the next of a queue, or nobody until a time that is told. Whoever can not be there is not tried; the rung
//! below is always a message, and a promise by when the caller is called back.

use super::{Dialog, State};
use crate::dialog::action::{About, Action, Patience, Step};
use crate::dialog::message::Form;
use crate::dialog::office::{Doors, Reach};
use crate::dialog::scenario::{GREETING_BUSY, GREETING_CLOSED, Intent, MOMENTS};
use crate::dialog::slots::{Kind, Value};
use crate::dialog::understanding::{Meaning, Understood};
use crate::dialog::wording::Line;
use jiff::Zoned;

impl Dialog {
    /// How callers are greeted now.
    pub(super) fn greeting(&self) -> String {
        let office = &self.scenario.office;
        let moments = self.moments();
        let values: Vec<(&str, &str)> = moments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let special = if !office.doors(&self.call.now).are_open() {
            self.scenario.wording.own(GREETING_CLOSED, &values)
        } else if office.is_busy(self.call.calls) {
            self.scenario.wording.own(GREETING_BUSY, &values)
        } else {
            None
        };
        special.unwrap_or_else(|| self.scenario.line(Line::Greeting))
    }

    /// The robot seeks a person for want of anything better: whoever looks after what the caller wants, else the scenario's person. What it could not
    /// do, it does not do again after the message.
    pub(super) fn person(&mut self, understood: &str) -> Step {
        let who = self.whoever_looks_after_it();
        if matches!(self.scenario.office.reach(&who, &self.call.now), Reach::Later(_)) {
            self.leave_flow();
        }
        self.person_called(&who, understood)
    }

    /// The caller wants a person, in these words, which may say whom. A flow goes on afterwards if nobody is there.
    pub(super) fn person_in(&mut self, said: &str) -> Step {
        let who = self.scenario.office.named_in(said).map_or_else(|| self.whoever_looks_after_it(), str::to_owned);
        self.person_called(&who, Intent::Person.as_str())
    }

    fn whoever_looks_after_it(&self) -> String {
        let flow = self.run.as_ref().and_then(|run| self.flow_name(run.flow()));
        let queue = flow.and_then(|flow| self.scenario.office.queue_for(flow));
        queue.unwrap_or(&self.scenario.person).to_owned()
    }

    /// Pass the call to somebody: a queue, a member of staff, or anybody else whom the configuration names. Whose hours are over is not tried.
    pub(super) fn person_called(&mut self, who: &str, understood: &str) -> Step {
        match self.scenario.office.reach(who, &self.call.now) {
            Reach::Now(targets) => self.try_these(who, targets, understood),
            Reach::Later(when) => self.not_there(who, when.as_ref(), understood),
        }
    }

    /// Help is needed at once: everybody is tried whose matter it may be, whatever their hours.
    pub(super) fn emergency(&mut self) -> Step {
        let office = &self.scenario.office;
        let who = office.queue_for(Intent::Emergency.as_str()).unwrap_or(&self.scenario.person).to_owned();
        self.account.is_an_emergency();
        let targets = self.scenario.office.everybody(&who);
        let mut step = self.try_these(&who, targets, Intent::Emergency.as_str());
        step.actions.retain(|action| !matches!(action, Action::Say(_)));
        step.actions.insert(0, Action::Say(self.scenario.line(Line::Emergency)));
        step
    }

    /// What the caller says while somebody is being called: only that they do not want to wait any more changes anything.
    pub(super) fn heard_while_waiting(&mut self, said: &str) -> Step {
        match self.understood(said) {
            Understood::Sure(Meaning::Intent(intent @ (Intent::Message | Intent::Goodbye))) => self.intent(intent, said),
            _ => Step::new("while-transferring", vec![]),
        }
    }

    /// While somebody is being called, the caller would rather leave a message: it is for whom they wanted.
    pub(super) fn rather_a_message(&mut self, said: &str) -> Step {
        let who = self.sought.take().unwrap_or_else(|| self.scenario.person.clone());
        self.seeking.clear();
        self.state = State::Open;
        let mut form = Form::begun_by(said, self.language());
        form.address_to(self.scenario.office.called(&who).map_or_else(|| self.scenario.line(Line::TheOffice), str::to_owned));
        form.promise(self.scenario.office.promise(&who, &self.call.now));
        let message = self.begin_message(form, Intent::Message.as_str());
        self.called_off(message)
    }

    /// Whoever is being called is not wanted any more, and this is done instead.
    pub(super) fn called_off(&mut self, mut step: Step) -> Step {
        self.seeking.clear();
        step.actions.insert(0, Action::CallOff);
        step
    }

    /// The admin has the call passed to this person: what the caller says meanwhile is heard as while any other is called.
    pub fn is_handed_to(&mut self, person: &str) {
        self.state = State::HandingOver;
        self.sought = Some(person.to_owned());
        self.seeking.clear();
    }

    fn try_these(&mut self, who: &str, targets: Vec<String>, understood: &str) -> Step {
        self.state = State::HandingOver;
        self.leave_flow();
        self.sought = Some(who.to_owned());
        self.seeking = targets.into();
        let line = self.scenario.transfer_line_to(&self.scenario.called(who));
        let first = self.seeking.pop_front().unwrap_or_else(|| who.to_owned());
        Step::new(understood, vec![Action::Say(line), Action::Transfer(first)])
    }

    /// Nobody took the call: the next of the queue is tried, else a message is taken.
    pub(super) fn nobody_there(&mut self) -> Step {
        if let Some(next) = self.seeking.pop_front() {
            let line = self.scenario.wording.with(Line::TryNext, &[("person", &self.scenario.called(&next))]);
            return Step::new("nobody-there", vec![Action::Say(line), Action::Transfer(next)]);
        }
        let who = self.sought.take().unwrap_or_else(|| self.scenario.person.clone());
        self.message_instead(&who, self.scenario.line(Line::NobodyThere), "nobody-there")
    }

    /// Who was asked for can not be there now: the caller hears when they can.
    fn not_there(&mut self, who: &str, when: Option<&Zoned>, understood: &str) -> Step {
        let (person, wording) = (self.scenario.called(who), &self.scenario.wording);
        let line = match when {
            Some(when) => wording.with(Line::NotThere, &[("person", &person), ("next-open", &self.moment(when))]),
            None => wording.with(Line::NotThereAtAll, &[("person", &person)]),
        };
        self.message_instead(who, line, understood)
    }

    /// A message is taken instead of passing the call on; what was dictated already is kept.
    fn message_instead(&mut self, who: &str, line: String, understood: &str) -> Step {
        self.failures = 0;
        self.account.nobody_there();
        let promised = self.scenario.office.promise(who, &self.call.now);
        let call_back = promised.as_ref().map(|when| self.scenario.wording.with(Line::CallBack, &[("promised", &self.deadline(when))]));
        let recipient = self.scenario.office.called(who).map_or_else(|| self.scenario.line(Line::TheOffice), str::to_owned);
        let (mut step, said) = if self.draft.has_text() {
            self.draft.promise(promised);
            (self.keep_draft(false, understood), vec![line])
        } else {
            self.interrupt();
            let mut form = std::mem::take(&mut self.draft);
            form.address_to(recipient);
            form.promise(promised);
            self.draft = form;
            (self.ask_next(understood), std::iter::once(line).chain(call_back).collect())
        };
        step.actions.splice(0..0, said.into_iter().map(Action::Say));
        step
    }

    /// A complaint, for whoever looks after complaints.
    pub(super) fn complaint(&mut self) -> Step {
        self.account.complains();
        let office = &self.scenario.office;
        let queue = office.queue_for(Intent::Complaint.as_str()).and_then(|queue| office.called(queue));
        let recipient = queue.map_or_else(|| self.scenario.line(Line::ComplaintsDesk), str::to_owned);
        self.begin_message(Form::addressed_to(&recipient).about(About::Complaint), Intent::Complaint.as_str())
    }

    /// A moment by which something is done, as it is said to callers: "by eleven o'clock", "by tomorrow at eleven".
    pub(super) fn deadline(&self, when: &Zoned) -> String {
        if when.date() != self.call.now.date() {
            return self.moment(when);
        }
        Value::Time(when.time()).spoken(&Kind::Text, self.scenario.language, &self.context())
    }

    /// A moment, as it is said to callers.
    fn moment(&self, when: &Zoned) -> String {
        Value::DateTime(when.datetime()).spoken(&Kind::Text, self.scenario.language, &self.context())
    }

    /// What messages may say of the office's hours, by name; nothing if it states none.
    pub(super) fn moments(&self) -> Vec<(&'static str, String)> {
        let (office, now) = (&self.scenario.office, &self.call.now);
        if !office.has_hours() {
            return Vec::new();
        }
        let (opens, closes) = match office.doors(now) {
            Doors::Closed { until } => {
                let closes = until.as_ref().and_then(|opens| office.doors(opens).until());
                (until, closes)
            }
            Doors::Open { until } => {
                let opens = until.as_ref().and_then(|closes| office.doors(closes).until());
                (opens, until)
            }
        };
        let said = |when: Option<Zoned>| when.map(|when| self.moment(&when)).unwrap_or_default();
        let holiday = office.holiday(now).unwrap_or_default().to_owned();
        let promised = office.promise(&self.scenario.person, now).map(|when| self.deadline(&when)).unwrap_or_default();
        let all = [said(opens), said(closes), promised, holiday];
        MOMENTS.into_iter().zip(all).collect()
    }

    /// Everybody and every moment of the office's that this caller may be told of, as it is said.
    #[must_use]
    pub fn may_name(&self) -> Vec<String> {
        let (office, now) = (&self.scenario.office, &self.call.now);
        let whom: Vec<&str> = office.everybody_known().chain(office.targets()).chain([self.scenario.person.as_str()]).collect();
        let later = |who: &&str| if let Reach::Later(when) = office.reach(who, now) { when } else { None };
        let moments = whom.iter().filter_map(|who| office.promise(who, now)).chain(whom.iter().filter_map(later));
        let said = moments.flat_map(|when| [self.deadline(&when), self.moment(&when)]);
        let names = whom.iter().map(|who| self.scenario.called(who));
        said.chain(self.moments().into_iter().map(|(_, said)| said)).chain(names).filter(|said| !said.is_empty()).collect()
    }

    /// Listen to anything, after these words.
    pub(super) fn open_after(&mut self, understood: &str, said: String) -> Step {
        self.state = State::Open;
        Step::new(understood, vec![Action::Say(said), Action::Listen(Patience::SHORT)])
    }
}

#[cfg(test)]
mod tests;
