//! What the decoder remembers of the last few jobs: their tokens, with the keys and values.
//!
//! Jobs of one kind begin alike, with the same instructions, and jobs of different kinds do not: whether a sentence is over, what it means, which name it holds.
//! With one memory for all, each kind would have to read its instructions again after every other.

use super::Config;
use super::cache::{Angles, Cache, LayerCache};

/// Jobs that are remembered: as many as there are kinds. Each costs memory only as far as it has seen tokens.
const JOBS: usize = 3;
/// Jobs that share so many tokens are of one kind. What a chat's template puts before every system message is shorter.
const ALIKE: usize = 6;

/// The last jobs, and what a position means to all of them.
#[derive(Debug)]
pub(super) struct Memory {
    angles: Angles,
    /// The one at work is the first, then the one before it, and so on.
    jobs: [Job; JOBS],
}

/// What one job has seen.
#[derive(Debug)]
struct Job {
    cache: Cache,
    /// The tokens whose keys and values are in the cache.
    seen: Vec<u32>,
}

impl Job {
    /// How many tokens it has in common with these, from the first.
    fn shares(&self, tokens: &[u32]) -> usize {
        self.seen.iter().zip(tokens).take_while(|(a, b)| a == b).count()
    }
}

impl Memory {
    pub(super) fn new(config: &Config) -> Self {
        let jobs = std::array::from_fn(|_| Job { cache: Cache::new(config), seen: Vec::new() });
        Self { angles: Angles::new(config), jobs }
    }

    /// The tokens that the job at work has seen.
    pub(super) fn seen(&self) -> &[u32] {
        &self.jobs[0].seen
    }

    /// Go on with the job that has most in common with `tokens`, as far as it has, or instead of the one that was not needed for longest.
    pub(super) fn recall(&mut self, tokens: &[u32]) {
        let shared = self.jobs.each_ref().map(|job| job.shares(tokens));
        let alike = |index: &usize| shared[*index] >= ALIKE || shared[*index] == self.jobs[*index].seen.len();
        let index = (0..JOBS).filter(alike).max_by_key(|index| shared[*index]).unwrap_or(JOBS - 1);
        self.jobs[..=index].rotate_right(1);
        self.forget(shared[index]);
    }

    /// Forget what the job at work has seen behind its first `count` tokens.
    pub(super) fn forget(&mut self, count: usize) {
        self.jobs[0].seen.truncate(count);
    }

    /// The keys and values of these are in the cache of the job at work.
    pub(super) fn saw(&mut self, tokens: &[u32]) {
        self.jobs[0].seen.extend(tokens);
    }

    /// One layer's part of the cache of the job at work.
    pub(super) fn layer(&mut self, index: usize) -> LayerCache<'_> {
        self.jobs[0].cache.layer(index, &self.angles)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Family;
    use super::*;

    const READS: [u32; 8] = [1, 10, 11, 12, 13, 14, 15, 16];
    const WEIGHS: [u32; 8] = [1, 20, 21, 22, 23, 24, 25, 26];
    const QUOTES: [u32; 8] = [1, 30, 31, 32, 33, 34, 35, 36];

    fn memory() -> Memory {
        Memory::new(&Config {
            family: Family::Llama,
            layers: 1,
            width: 2,
            feed_forward: 2,
            heads: 1,
            kv_heads: 1,
            head_width: 2,
            vocabulary: 100,
            context: 16,
            rope_base: 10_000.0,
            epsilon: 1e-5,
        })
    }

    /// How many of these tokens need not be computed again.
    fn sees(memory: &mut Memory, tokens: &[u32]) -> usize {
        memory.recall(tokens);
        let known = memory.seen().len();
        memory.saw(&tokens[known..]);
        known
    }

    #[test]
    fn a_job_of_each_kind_is_remembered_while_the_others_are_at_work() {
        let mut memory = memory();
        for tokens in [READS, WEIGHS, QUOTES] {
            assert_eq!(sees(&mut memory, &tokens), 0, "{tokens:?} are new, whatever its first token is");
        }
        for tokens in [WEIGHS, READS, QUOTES, READS] {
            assert_eq!(sees(&mut memory, &tokens), 8, "{tokens:?}");
        }
    }

    #[test]
    fn a_job_that_begins_like_another_goes_on_from_there() {
        let mut memory = memory();
        sees(&mut memory, &READS);
        sees(&mut memory, &WEIGHS);
        let another = [&READS[..6], &[50, 51]].concat();
        assert_eq!(sees(&mut memory, &another), 6);
        assert_eq!(memory.seen(), another, "what it does not share is forgotten");
        assert_eq!(sees(&mut memory, &WEIGHS), 8, "and the other job is as it was");
    }

    #[test]
    fn a_short_job_goes_on_as_well() {
        let mut memory = memory();
        sees(&mut memory, &READS[..2]);
        assert_eq!(sees(&mut memory, &READS), 2);
    }

    #[test]
    fn the_job_that_was_not_needed_for_longest_is_forgotten_first() {
        let mut memory = memory();
        for tokens in [READS, WEIGHS, QUOTES, READS] {
            sees(&mut memory, &tokens);
        }
        assert_eq!(sees(&mut memory, &[1, 40, 41, 42, 43, 44, 45, 46]), 1, "its first token is there already");
        assert_eq!(sees(&mut memory, &READS), 8);
        assert_eq!(sees(&mut memory, &QUOTES), 8);
        assert_eq!(sees(&mut memory, &WEIGHS), 1, "they are read again");
    }

    #[test]
    fn each_job_has_its_own_keys_and_values() {
        let mut memory = memory();
        sees(&mut memory, &READS);
        memory.layer(0).put(0, &[1.0, 2.0], &[3.0, 4.0]);
        sees(&mut memory, &WEIGHS);
        memory.layer(0).put(0, &[5.0, 6.0], &[7.0, 8.0]);
        sees(&mut memory, &READS);
        assert_eq!(memory.layer(0).past(0, 1).keys, [1.0, 2.0]);
        assert_eq!(memory.layer(0).past(0, 1).values, [3.0, 4.0]);
    }
}
