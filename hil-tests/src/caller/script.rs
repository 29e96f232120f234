//! What the caller does when. Times are in samples of 8 kHz since the answer.

use std::str::FromStr;

use crate::ear::{Activity, Sounding};
use crate::rtp::{RATE, event_of};

/// A person who is put on hold by the caller waits this long.
const HELD: usize = 3 * RATE as usize;

/// What a caller is up to.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// How long each thing takes to say.
    pub utterances: Vec<usize>,
    /// From the second utterance on: begin so long after the robot began to speak, instead of waiting for its end.
    pub interrupt: Option<usize>,
    /// Keys to press.
    pub keys: Vec<KeyAt>,
    /// When to put the robot on hold for a while.
    pub hold: Option<usize>,
    /// A robot that does not answer for so long will not answer any more.
    pub patience: usize,
    /// Once everything is said and answered, and quiet reigned for so long: put the phone down. Never, if `None`.
    pub leave_after: Option<usize>,
    /// Put the phone down with the last word, without waiting for an answer.
    pub hangs_up_speaking: bool,
    /// However it goes, put the phone down then.
    pub longest: usize,
}

impl Default for Plan {
    /// A polite caller who waits for each answer, and leaves when all is said.
    fn default() -> Self {
        const SECOND: usize = RATE as usize;
        Self {
            utterances: Vec::new(),
            interrupt: None,
            keys: Vec::new(),
            hold: None,
            patience: 15 * SECOND,
            leave_after: Some(4 * SECOND),
            hangs_up_speaking: false,
            longest: 180 * SECOND,
        }
    }
}

/// A key, and when it is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyAt {
    /// `0`-`9`, `*`, `#`, `A`-`D`.
    pub key: char,
    /// When.
    pub when: When,
}

/// When a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// So long after the answer.
    At(usize),
    /// Once so many utterances were answered; 0 is the greeting.
    AfterTurn(usize),
    /// Once everything was said and answered.
    AfterLast,
}

/// What the caller does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Begin to say the utterance of that index.
    Say(usize),
    /// Press a key.
    Press(char),
    /// Put the robot on hold.
    Hold,
    /// Come back.
    Resume,
    /// Put the phone down.
    HangUp(End),
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The robot hung up.
    Robot,
    /// The caller did.
    Caller,
    /// The robot passed the call on.
    Transferred,
    /// It lasted too long.
    Timeout,
    /// It was never taken.
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Waiting for the robot to answer what ended at `since`, and to finish.
    Listening {
        since: usize,
    },
    Speaking {
        until: usize,
    },
    /// Everything is said, and answered at `since`.
    Done {
        since: usize,
    },
}

/// The caller's head.
#[derive(Clone, Debug)]
pub struct Script {
    plan: Plan,
    stage: Stage,
    /// The next thing to say.
    next: usize,
    held_at: Option<usize>,
    resumed: bool,
}

impl Script {
    /// A caller who was just answered.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        Self { plan, stage: Stage::Listening { since: 0 }, next: 0, held_at: None, resumed: false }
    }

    /// It is `now`; what shall be done?
    pub fn step(&mut self, now: usize, robot: &Activity) -> Vec<Act> {
        if now >= self.plan.longest {
            return vec![Act::HangUp(End::Timeout)];
        }
        let mut acts = self.speak(now, robot);
        acts.extend(self.keys(now));
        acts.extend(self.hold(now));
        acts
    }

    fn speak(&mut self, now: usize, robot: &Activity) -> Vec<Act> {
        match self.stage {
            Stage::Speaking { until } if now >= until && self.plan.hangs_up_speaking && self.next == self.plan.utterances.len() => {
                return vec![Act::HangUp(End::Caller)];
            }
            Stage::Speaking { until } if now >= until => self.stage = Stage::Listening { since: until },
            Stage::Listening { since } if self.has_the_word(now, since, robot.now()) => return self.go_on(now),
            Stage::Done { since } => {
                let quiet_since = match robot.now() {
                    Sounding::Quiet { since: quiet } => quiet.max(since),
                    Sounding::Speaking { .. } => now,
                };
                let leaves = self.plan.leave_after.is_some_and(|pause| now - quiet_since.min(now) >= pause);
                return if leaves { vec![Act::HangUp(End::Caller)] } else { Vec::new() };
            }
            Stage::Speaking { .. } | Stage::Listening { .. } => {}
        }
        Vec::new()
    }

    /// Whether the caller may speak: the robot has answered and finished, is to be interrupted, or does not answer at all.
    fn has_the_word(&self, now: usize, since: usize, robot: Sounding) -> bool {
        match robot {
            Sounding::Quiet { since: end } if end > since => true,
            Sounding::Quiet { .. } => now >= since + self.plan.patience,
            // Nobody is interrupted before the greeting is over.
            Sounding::Speaking { since: start } if self.next > 0 && start >= since => {
                self.plan.interrupt.is_some_and(|pause| now >= start + pause && self.next < self.plan.utterances.len())
            }
            Sounding::Speaking { .. } => false,
        }
    }

    fn go_on(&mut self, now: usize) -> Vec<Act> {
        let Some(length) = self.plan.utterances.get(self.next) else {
            self.stage = Stage::Done { since: now };
            return Vec::new();
        };
        self.stage = Stage::Speaking { until: now + length };
        self.next += 1;
        vec![Act::Say(self.next - 1)]
    }

    fn keys(&mut self, now: usize) -> Vec<Act> {
        let done = matches!(self.stage, Stage::Done { .. });
        let answered = if done { self.next } else { self.next.saturating_sub(1) };
        let greeted = self.next > 0 || done;
        let due = |when: When| match when {
            When::At(at) => now >= at,
            When::AfterTurn(turns) => greeted && answered >= turns,
            When::AfterLast => done,
        };
        let pressed: Vec<_> = self.plan.keys.extract_if(.., |key| due(key.when)).collect();
        if let (Stage::Done { since }, false) = (&mut self.stage, pressed.is_empty()) {
            *since = now;
        }
        pressed.into_iter().map(|key| Act::Press(key.key)).collect()
    }

    fn hold(&mut self, now: usize) -> Option<Act> {
        match self.held_at {
            None if self.plan.hold.is_some_and(|at| now >= at) => {
                self.held_at = Some(now);
                Some(Act::Hold)
            }
            Some(at) if !self.resumed && now >= at + HELD => {
                self.resumed = true;
                Some(Act::Resume)
            }
            _ => None,
        }
    }
}

impl FromStr for KeyAt {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("{text:?}: write KEY@SECONDS, KEY@after-turn or KEY@after-turn-N, such as 0@1.5");
        let (key, when) = text.split_once('@').ok_or_else(bad)?;
        let key = key.parse().ok().filter(|&key| event_of(key).is_some()).ok_or_else(bad)?;
        let when = match when.strip_prefix("after-turn") {
            Some("") => When::AfterLast,
            Some(turn) => When::AfterTurn(turn.strip_prefix('-').and_then(|turn| turn.parse().ok()).ok_or_else(bad)?),
            None => {
                let seconds = when.parse::<f64>().ok().filter(|s| s.is_finite() && *s >= 0.0).ok_or_else(bad)?;
                When::At((seconds * f64::from(RATE)) as usize)
            }
        };
        Ok(Self { key, when })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::single_range_in_vec_init, reason = "tests; a list of stretches may hold one")]
    use super::*;
    use crate::rtp::FRAME;

    const SECOND: usize = RATE as usize;

    fn plan(utterances: &[usize]) -> Plan {
        Plan { utterances: utterances.to_vec(), leave_after: Some(3 * SECOND), longest: 60 * SECOND, ..Plan::default() }
    }

    /// What a caller does, and when, while the robot speaks in these stretches of tenths of a second.
    fn acts(plan: &Plan, robot_speaks: &[std::ops::Range<usize>]) -> Vec<(usize, Act)> {
        let mut heard = vec![0; plan.longest + FRAME];
        for stretch in robot_speaks {
            for (n, sample) in heard.iter_mut().enumerate().take(stretch.end * SECOND / 10).skip(stretch.start * SECOND / 10) {
                *sample = if n % 16 < 8 { 3_000 } else { -3_000 };
            }
        }
        let mut robot = Activity::new(700 * 8);
        let mut script = Script::new(plan.clone());
        let mut acts = Vec::new();
        for now in (0..=plan.longest).step_by(FRAME) {
            robot.follow(&heard, now);
            acts.extend(script.step(now, &robot).into_iter().map(|act| (now * 10 / SECOND, act)));
            if matches!(acts.last(), Some((_, Act::HangUp(_)))) {
                break;
            }
        }
        acts
    }

    #[test]
    fn a_polite_caller_speaks_when_the_robot_has_finished_and_leaves_when_all_is_said() {
        let acts = acts(&plan(&[SECOND, SECOND]), &[5..40, 63..80, 100..120]);
        // The greeting ends at 4.0 s, the first answer at 8.0 s, the second at 12.0 s.
        assert_eq!(acts, [(47, Act::Say(0)), (87, Act::Say(1)), (150 + 7, Act::HangUp(End::Caller))].map(|(t, a)| (t, a)));
    }

    #[test]
    fn an_impatient_caller_interrupts_the_answer_but_not_the_greeting() {
        let impatient = Plan { interrupt: Some(SECOND), ..plan(&[SECOND, SECOND]) };
        let acts = acts(&impatient, &[0..40, 60..75, 95..110]);
        assert_eq!(acts[..2], [(47, Act::Say(0)), (70, Act::Say(1))]);
    }

    #[test]
    fn a_caller_who_gets_no_answer_goes_on_and_one_who_waits_for_ever_gives_up() {
        let patient = Plan { patience: 5 * SECOND, leave_after: None, ..plan(&[SECOND]) };
        let acts = acts(&patient, &[]);
        assert_eq!(acts, [(50, Act::Say(0)), (600, Act::HangUp(End::Timeout))]);
    }

    #[test]
    fn keys_are_pressed_once_and_at_their_time() {
        let keys = ["5@0.5", "1@after-turn-0", "2@after-turn-1", "#@after-turn"].map(|key| key.parse().unwrap()).to_vec();
        let acts = acts(&Plan { keys, ..plan(&[SECOND, SECOND]) }, &[5..40, 63..80, 100..120]);
        let presses: Vec<_> = acts.into_iter().filter(|(_, act)| matches!(act, Act::Press(_))).collect();
        assert_eq!(presses, [(5, '5'), (47, '1'), (87, '2'), (127, '#')].map(|(t, key)| (t, Act::Press(key))));
    }

    #[test]
    fn a_caller_in_a_hurry_puts_the_phone_down_with_the_last_word() {
        let hurried = Plan { hangs_up_speaking: true, ..plan(&[SECOND]) };
        assert_eq!(acts(&hurried, &[5..40]), [(47, Act::Say(0)), (57, Act::HangUp(End::Caller))]);
    }

    #[test]
    fn a_held_robot_is_taken_back() {
        let acts = acts(&Plan { hold: Some(SECOND), ..plan(&[]) }, &[0..80]);
        assert_eq!(acts[..2], [(10, Act::Hold), (40, Act::Resume)]);
    }

    #[test]
    fn a_key_that_no_telephone_has_is_refused() {
        for text in ["", "x@1", "0", "0@soon", "0@after-turn-x", "0@-1", "00@1", "0@nan"] {
            assert!(text.parse::<KeyAt>().is_err(), "{text:?}");
        }
    }
}
