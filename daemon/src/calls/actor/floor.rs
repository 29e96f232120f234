//! Who waits for which words: the caller's turns, and the recognition of each. Pure: what the ears tell goes in, and out come jobs to be
//! started and, once it is time to answer, the words of everything that was said since the last answer.
//!
//! A turn that is over keeps its own job. What the caller says before those words are there, or goes on saying when they come, is the
//! same sentence to them, split by a pause: it is answered as one, when it is over.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use switchhook_models::Cancel;

/// So many turns are answered even though the caller speaks on: whoever is loud without end, a radio, say, keeps nobody waiting.
const MOST_TOGETHER: usize = 3;
/// So many turns wait for their words. One more is not heard: the recogniser would not catch up with it anyway.
const MOST: usize = 8;

/// A recognition that is asked for. It is cancelled once nothing waits for it any more.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) number: u64,
    pub(super) cancel: Cancel,
}

/// A job whose words are waited for.
struct Running(Job);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.cancel.cancel();
    }
}

/// What is known of a turn's words.
enum Words<W> {
    Running(Running),
    Here(W),
    /// Nothing was there to be recognised.
    None,
}

/// Where the caller's turn is.
enum Stage<W> {
    Silent,
    Speaking,
    /// Recognised on speculation, by the job of this number: it may be over.
    Paused(u64, Words<W>),
}

/// A turn that is over.
struct Turn<W> {
    words: Words<W>,
    ended: Instant,
    silence: Duration,
}

/// Turns that are over, with their words in order.
pub(super) struct Said<W> {
    pub(super) words: Vec<W>,
    /// When the last of them was over.
    pub(super) ended: Instant,
    /// Silence before that.
    pub(super) silence: Duration,
}

/// One caller's turns.
pub(super) struct Floor<W> {
    jobs: u64,
    now: Stage<W>,
    over: VecDeque<Turn<W>>,
}

impl<W> Floor<W> {
    pub(super) fn new() -> Self {
        Self { jobs: 0, now: Stage::Silent, over: VecDeque::new() }
    }

    /// Whether the caller is in a turn, or one of theirs was not answered yet.
    pub(super) fn is_busy(&self) -> bool {
        self.in_turn() || !self.over.is_empty()
    }

    /// Whether the caller is in a turn.
    pub(super) fn in_turn(&self) -> bool {
        !matches!(self.now, Stage::Silent)
    }

    /// The caller began to speak, or went on.
    pub(super) fn speaks(&mut self) {
        self.now = Stage::Speaking;
    }

    /// The caller paused: their turn so far is to be recognised.
    pub(super) fn pauses(&mut self) -> Job {
        let (job, words) = self.job();
        self.now = Stage::Paused(job.number, words);
        job
    }

    /// The caller's turn is over, as it was when they paused.
    pub(super) fn ends(&mut self, ended: Instant, silence: Duration) {
        let words = match std::mem::replace(&mut self.now, Stage::Silent) {
            Stage::Paused(_, words) => words,
            Stage::Silent | Stage::Speaking => Words::None,
        };
        self.keep(Turn { words, ended, silence });
    }

    /// The caller's turn is over because it is cut off here: it is to be recognised.
    pub(super) fn cut(&mut self, ended: Instant) -> Job {
        let (job, words) = self.job();
        self.now = Stage::Silent;
        self.keep(Turn { words, ended, silence: Duration::ZERO });
        job
    }

    /// Words of job `number` have come.
    pub(super) fn words(&mut self, number: u64, words: W) {
        let speculation = match &mut self.now {
            Stage::Paused(_, words) => Some(words),
            Stage::Silent | Stage::Speaking => None,
        };
        let mut all = self.over.iter_mut().map(|turn| &mut turn.words).chain(speculation);
        if let Some(waiting) = all.find(|words| matches!(words, Words::Running(job) if job.0.number == number)) {
            *waiting = Words::Here(words);
        }
    }

    /// The job that began at the pause in which the caller is, and all that was said until then and not answered, once that is known.
    pub(super) fn paused(&self) -> Option<(u64, Vec<&W>)> {
        let Stage::Paused(job, last) = &self.now else { return None };
        let mut known = Vec::new();
        for words in self.over.iter().map(|turn| &turn.words).chain([last]) {
            match words {
                Words::Here(words) => known.push(words),
                Words::None => {}
                Words::Running(_) => return None,
            }
        }
        Some((*job, known))
    }

    /// What was said since this was last asked, once all of it is known and it is time to answer.
    pub(super) fn said(&mut self) -> Option<Said<W>> {
        let last = self.over.back()?;
        let (ended, silence) = (last.ended, last.silence);
        let goes_on = self.in_turn() && self.over.len() < MOST_TOGETHER;
        if goes_on || self.over.iter().any(|turn| matches!(turn.words, Words::Running(_))) {
            return None;
        }
        let words = self.over.drain(..).filter_map(|turn| if let Words::Here(words) = turn.words { Some(words) } else { None }).collect();
        Some(Said { words, ended, silence })
    }

    /// Drop everything.
    pub(super) fn forget(&mut self) {
        self.now = Stage::Silent;
        self.over.clear();
    }

    fn keep(&mut self, turn: Turn<W>) {
        if self.over.len() < MOST {
            self.over.push_back(turn);
        }
    }

    fn job(&mut self) -> (Job, Words<W>) {
        self.jobs += 1;
        let job = Job { number: self.jobs, cancel: Cancel::new() };
        (job.clone(), Words::Running(Running(job)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn heard(floor: &mut Floor<&'static str>) -> Option<Vec<&'static str>> {
        floor.said().map(|said| said.words)
    }

    /// The caller says something and is silent.
    fn says(floor: &mut Floor<&'static str>) -> Job {
        floor.speaks();
        let job = floor.pauses();
        floor.ends(Instant::now(), Duration::from_millis(500));
        job
    }

    #[test]
    fn a_turn_is_said_once_it_is_over_and_its_words_are_there_in_either_order() {
        let mut floor = Floor::new();
        let job = says(&mut floor);
        assert_eq!(heard(&mut floor), None);
        floor.words(job.number, "one");
        assert_eq!(heard(&mut floor), Some(vec!["one"]));
        assert!(!floor.is_busy());

        floor.speaks();
        let job = floor.pauses();
        floor.words(job.number, "two");
        assert_eq!(heard(&mut floor), None, "it may go on");
        floor.ends(Instant::now(), Duration::ZERO);
        assert_eq!(heard(&mut floor), Some(vec!["two"]));
    }

    #[test]
    fn a_pause_is_over_when_the_caller_goes_on() {
        let mut floor = Floor::<&str>::new();
        floor.speaks();
        let first = floor.pauses();
        assert_eq!(floor.paused(), None, "its words are not there yet");
        floor.words(first.number, "half");
        assert_eq!(floor.paused(), Some((first.number, vec![&"half"])));
        floor.speaks();
        assert_eq!(floor.paused(), None);
        let second = floor.pauses();
        floor.words(second.number, "whole");
        assert_eq!(floor.paused(), Some((second.number, vec![&"whole"])));
        floor.ends(Instant::now(), Duration::ZERO);
        assert_eq!(floor.paused(), None);
    }

    #[test]
    fn what_waits_for_an_answer_is_part_of_what_was_said_until_a_pause() {
        let mut floor = Floor::new();
        let first = says(&mut floor);
        floor.speaks();
        let second = floor.pauses();
        floor.words(second.number, "one two three four");
        assert_eq!(floor.paused(), None, "what was said before is not known yet");
        floor.words(first.number, "five five five");
        assert_eq!(floor.paused(), Some((second.number, vec![&"five five five", &"one two three four"])));
    }

    #[test]
    fn a_speculation_that_was_wrong_is_cancelled_and_its_words_are_nobody_s() {
        let mut floor = Floor::new();
        floor.speaks();
        let wrong = floor.pauses();
        floor.speaks();
        assert!(wrong.cancel.is_cancelled());
        let right = floor.pauses();
        floor.words(wrong.number, "half");
        floor.ends(Instant::now(), Duration::ZERO);
        assert_eq!(heard(&mut floor), None);
        assert!(!right.cancel.is_cancelled());
        floor.words(right.number, "whole");
        assert_eq!(heard(&mut floor), Some(vec!["whole"]));
    }

    #[test]
    fn what_is_said_before_the_words_are_there_belongs_to_the_same_turn() {
        let mut floor = Floor::new();
        let first = says(&mut floor);
        floor.speaks();
        let second = floor.pauses();
        assert!(!first.cancel.is_cancelled());
        floor.words(first.number, "where");
        floor.words(second.number, "is it");
        assert_eq!(heard(&mut floor), None, "a pause is no end");
        floor.ends(Instant::now(), Duration::ZERO);
        assert_eq!(heard(&mut floor), Some(vec!["where", "is it"]));
    }

    #[test]
    fn a_caller_who_is_loud_without_end_is_answered() {
        let mut floor = Floor::new();
        for _ in 0..MOST_TOGETHER {
            floor.speaks();
            let job = floor.cut(Instant::now());
            floor.words(job.number, "la");
        }
        floor.speaks();
        assert_eq!(heard(&mut floor).unwrap().len(), MOST_TOGETHER);
    }

    #[derive(Clone, Debug)]
    enum Happening {
        Speaks,
        Pauses,
        Ends,
        Cut,
        /// The job that has run for longest is done, or another one.
        Done(usize),
        Forget,
    }

    fn happenings() -> impl proptest::strategy::Strategy<Value = Vec<Happening>> {
        use Happening::{Cut, Done, Ends, Forget, Pauses, Speaks};
        use proptest::prelude::{Just, Strategy as _, prop_oneof};
        let one = prop_oneof![
            4 => Just(Speaks),
            4 => Just(Pauses),
            4 => Just(Ends),
            1 => Just(Cut),
            6 => (0usize..4).prop_map(Done),
            1 => Just(Forget),
        ];
        proptest::collection::vec(one, 0..200)
    }

    proptest::proptest! {
        /// Whatever happens, in whatever order: nothing waits for a job that does not run, nothing is said twice, everything that is over
        /// is said or forgotten, and the floor is free in the end.
        #[test]
        fn nobody_waits_for_ever(happenings in happenings()) {
            let mut floor: Floor<u64> = Floor::new();
            let mut running: Vec<Job> = Vec::new();
            let mut last = 0;
            for happening in happenings {
                match happening {
                    Happening::Speaks => floor.speaks(),
                    Happening::Pauses => running.push(floor.pauses()),
                    Happening::Ends => floor.ends(Instant::now(), Duration::ZERO),
                    Happening::Cut => running.push(floor.cut(Instant::now())),
                    Happening::Done(place) if place < running.len() => {
                        let job = running.remove(place);
                        floor.words(job.number, job.number);
                    }
                    Happening::Done(_) => {}
                    Happening::Forget => floor.forget(),
                }
                // A job that was cancelled ends without words, or with words that nobody wants.
                running.retain(|job| !job.cancel.is_cancelled());
                for turn in &floor.over {
                    if let Words::Running(job) = &turn.words {
                        proptest::prop_assert!(running.iter().any(|running| running.number == job.0.number));
                    }
                }
                proptest::prop_assert!(running.len() <= MOST + 1);
                for words in floor.said().map_or(vec![], |said| said.words) {
                    proptest::prop_assert!(words > last, "in order, and once");
                    last = words;
                }
            }
            floor.ends(Instant::now(), Duration::ZERO);
            for job in running {
                floor.words(job.number, job.number);
            }
            proptest::prop_assert!(floor.said().is_some());
            proptest::prop_assert!(!floor.is_busy());
        }
    }
}
