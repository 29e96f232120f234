//! What happens on the line, and what follows from it. Pure.

use crate::lines::{EndCause, LegCommand, LegEvent, LineCommand, TransferStage};

/// Where a call on the handset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Off the hook, and the robot has not answered yet.
    Ringing,
    /// Sound flows.
    Talking,
}

/// What can happen.
#[derive(Debug)]
pub(super) enum Happened {
    /// The call actor wants something.
    Asked(LegCommand),
    /// The call actor is gone.
    ActorGone,
    /// A person did something to the handset.
    Hook(LineCommand),
    /// The sound stopped, and why.
    SoundLost(String),
}

/// What follows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing.
    Stay,
    /// Let sound flow.
    Answer,
    /// Tell the call actor.
    Tell(LegEvent),
    /// The call is over.
    End(EndCause),
}

pub(super) fn step(phase: Phase, happened: Happened) -> Step {
    match (phase, happened) {
        (Phase::Ringing, Happened::Asked(LegCommand::Answer)) => Step::Answer,
        (Phase::Ringing, Happened::Asked(LegCommand::Reject(_)) | Happened::Hook(LineCommand::OnHook)) => Step::End(EndCause::Unanswered),
        (Phase::Talking, Happened::Hook(LineCommand::OnHook)) => Step::End(EndCause::Caller),
        (_, Happened::Asked(LegCommand::Hangup) | Happened::ActorGone) => Step::End(EndCause::Robot),
        (_, Happened::Asked(LegCommand::Transfer(_) | LegCommand::PutThrough(_))) => {
            Step::Tell(LegEvent::Transfer(TransferStage::Failed("a handset cannot pass a call on".into())))
        }
        (_, Happened::SoundLost(why)) => Step::End(EndCause::Fault(why)),
        // A handset that is off the hook cannot be lifted again, and there is no keypad at the other end of an earpiece.
        (Phase::Talking, Happened::Asked(LegCommand::Answer | LegCommand::Reject(_)))
        | (_, Happened::Asked(LegCommand::SendKey(_)) | Happened::Hook(LineCommand::OffHook)) => Step::Stay,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::Reject;

    #[test]
    fn a_handset_put_back_before_the_answer_was_never_answered() {
        assert_eq!(step(Phase::Ringing, Happened::Hook(LineCommand::OnHook)), Step::End(EndCause::Unanswered));
        assert_eq!(step(Phase::Ringing, Happened::Asked(LegCommand::Reject(Reject::Busy))), Step::End(EndCause::Unanswered));
        assert_eq!(step(Phase::Talking, Happened::Hook(LineCommand::OnHook)), Step::End(EndCause::Caller));
    }

    #[test]
    fn a_call_is_answered_once() {
        assert_eq!(step(Phase::Ringing, Happened::Asked(LegCommand::Answer)), Step::Answer);
        assert_eq!(step(Phase::Talking, Happened::Asked(LegCommand::Answer)), Step::Stay);
    }

    #[test]
    fn the_robot_ends_a_call_by_hanging_up_or_by_going_away() {
        for phase in [Phase::Ringing, Phase::Talking] {
            assert_eq!(step(phase, Happened::Asked(LegCommand::Hangup)), Step::End(EndCause::Robot));
            assert_eq!(step(phase, Happened::ActorGone), Step::End(EndCause::Robot));
        }
    }

    #[test]
    fn a_transfer_fails_and_the_caller_stays() {
        let followed = step(Phase::Talking, Happened::Asked(LegCommand::Transfer("sip:100@pbx".into())));
        assert!(matches!(followed, Step::Tell(LegEvent::Transfer(TransferStage::Failed(_)))));
    }

    #[test]
    fn lost_sound_ends_the_call_with_its_reason() {
        assert_eq!(step(Phase::Talking, Happened::SoundLost("unplugged".into())), Step::End(EndCause::Fault("unplugged".into())));
    }
}
