//! What waits for the broker: bounded, oldest dropped first, and counted.

use std::collections::VecDeque;

use crate::calls::CallId;

/// A call's figures, which must arrive once there is a broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub call: CallId,
    pub payload: Vec<u8>,
    /// How often it was on its way when the connection broke.
    pub losses: u8,
}

/// A message that was lost this often may be what breaks the connection (a broker that refuses it, a size limit): it is given up.
const MOST_LOSSES: u8 = 8;

/// A queue of at most `capacity` messages.
#[derive(Debug)]
pub(super) struct Spool {
    waiting: VecDeque<Message>,
    capacity: usize,
    dropped: u64,
}

impl Spool {
    pub(super) fn new(capacity: usize) -> Self {
        Self { waiting: VecDeque::new(), capacity, dropped: 0 }
    }

    /// Add the newest.
    pub(super) fn push(&mut self, message: Message) {
        self.waiting.push_back(message);
        self.fit();
    }

    /// Take the oldest.
    pub(super) fn pop(&mut self) -> Option<Message> {
        self.waiting.pop_front()
    }

    /// Put one back that could not be handed on at all.
    pub(super) fn undo(&mut self, message: Message) {
        self.waiting.push_front(message);
        self.fit();
    }

    /// Put those back, oldest first, that were on their way when the connection broke.
    pub(super) fn lost(&mut self, messages: impl DoubleEndedIterator<Item = Message>) {
        for mut message in messages.rev() {
            message.losses += 1;
            if message.losses >= MOST_LOSSES {
                self.dropped += 1;
            } else {
                self.waiting.push_front(message);
            }
        }
        self.fit();
    }

    /// One that was taken will not arrive.
    pub(super) fn give_up(&mut self) {
        self.dropped += 1;
    }

    /// Forget all that wait; how many there were. They count as dropped.
    pub(super) fn clear(&mut self) -> usize {
        let forgotten = self.waiting.len();
        self.waiting.clear();
        self.dropped += forgotten as u64;
        forgotten
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// How many were dropped since the start.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }

    fn fit(&mut self) {
        while self.waiting.len() > self.capacity {
            self.waiting.pop_front();
            self.dropped += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn message(n: u32) -> Message {
        Message { call: CallId::new(), payload: n.to_le_bytes().to_vec(), losses: 0 }
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Push,
        Pop,
        Lose,
    }

    proptest! {
        #[test]
        fn nothing_is_reordered_and_everything_is_accounted_for(
            steps in prop::collection::vec(prop::sample::select(vec![Step::Push, Step::Pop, Step::Lose]), 0..200),
            capacity in 1_usize..20,
        ) {
            let mut spool = Spool::new(capacity);
            let (mut pushed, mut delivered) = (0_u32, 0_u64);
            let mut under_way: Vec<Message> = Vec::new();
            for step in steps {
                match step {
                    Step::Push => { spool.push(message(pushed)); pushed += 1; }
                    Step::Pop => if let Some(message) = spool.pop() { under_way.push(message); },
                    Step::Lose => {
                        // The broker took the first half, and the rest was under way when the connection broke.
                        let rest = under_way.split_off(under_way.len() / 2);
                        delivered += under_way.len() as u64;
                        under_way.clear();
                        spool.lost(rest.into_iter());
                    }
                }
                prop_assert!(spool.len() <= capacity);
                prop_assert_eq!(u64::from(pushed), delivered + under_way.len() as u64 + spool.len() as u64 + spool.dropped());
            }
            let mut left = Vec::new();
            while let Some(message) = spool.pop() { left.push(u32::from_le_bytes(message.payload.try_into().unwrap())); }
            prop_assert!(left.is_sorted(), "{:?}", left);
        }
    }

    #[test]
    fn a_message_that_breaks_every_connection_is_given_up() {
        let mut spool = Spool::new(10);
        spool.push(message(1));
        for _ in 0..MOST_LOSSES {
            let under_way = spool.pop();
            spool.lost(under_way.into_iter());
        }
        assert_eq!((spool.len(), spool.dropped()), (0, 1));
    }
}
