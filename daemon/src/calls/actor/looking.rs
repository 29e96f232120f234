//! What a flow asks for is looked up beside the call, and told to the dialog when it is there.

use super::Actor;
use super::done::Done;
use crate::dialog::Input;
use crate::lookups::query::{Found, Query};

impl Actor {
    pub(super) fn look_up(&mut self, query: Query) {
        self.thinking = true;
        let (lookups, done) = (self.house.lookups.clone(), self.tell_done.clone());
        tokio::spawn(async move {
            let number = query.number;
            let found = lookups.find(query).await;
            // If the call is over, nobody waits for this.
            let _ = done.send(Done::Found(number, found)).await;
        });
    }

    /// Something was looked up. A caller who is with a person already, or whom the robot takes its leave of, has no use for it.
    pub(super) fn looked_up(&mut self, number: u64, found: Found) {
        if !self.listens() || !self.dialog.waits_for(number) {
            return;
        }
        if self.exchange.is_told() {
            // Something was said meanwhile, and that was an answer of its own.
            self.begin_by_key();
        }
        self.decide(Input::Found(number, found));
    }
}
