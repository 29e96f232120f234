//! The caller at a handset: the same head, with a sound card for ear and mouth.
//!
//! The card's own recording is the clock: what was heard so far tells what time it is, so that a slow machine makes the person slow too.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use tempfile::TempDir;
use tokio::time::sleep;

use super::{Act, End, Plan, Script, Utterance};
use crate::ear::Activity;
use crate::rtp::RATE;
use crate::soundcard::{SoundCard, Tool};

/// How often the recording is looked at.
const GLANCE: Duration = Duration::from_millis(20);
/// Speech of the robot is over after so much quiet.
const QUIET: usize = RATE as usize * 7 / 10;
/// What stands before the samples in a WAV file of the recording program.
const WAV_HEADER: usize = 44;

/// What was heard at the handset, and how it ended.
#[derive(Debug)]
pub struct Talk {
    /// Everything that came out of the earpiece, 8 kHz.
    pub heard: Vec<i16>,
    /// Who ended it.
    pub end: End,
}

/// Somebody who holds the handset to their ear.
pub struct AtHandset<'a> {
    card: &'a SoundCard,
    folder: TempDir,
    listening: Tool,
}

impl<'a> AtHandset<'a> {
    /// Hold the handset to the ear: from now on everything is heard.
    ///
    /// # Errors
    /// If the card cannot be listened to.
    pub fn take(card: &'a SoundCard) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let listening = card.listen(&folder.path().join("heard.wav"))?;
        Ok(Self { card, folder, listening })
    }

    /// Talk until all is said and answered, or until `over` tells that the robot has ended the call.
    ///
    /// # Errors
    /// If the card fails.
    pub async fn talk(self, utterances: &[Utterance], plan: Plan, mut over: impl AsyncFnMut() -> bool) -> anyhow::Result<Talk> {
        let lengths = utterances.iter().map(|utterance| utterance.samples.len()).collect();
        let mut script = Script::new(Plan { utterances: lengths, ..plan });
        let mut robot = Activity::new(QUIET);
        let recording = self.folder.path().join("heard.wav");
        let mut saying = Vec::new();
        let end = 'talk: loop {
            let heard = samples(&recording);
            robot.follow(&heard, heard.len());
            for act in script.step(heard.len(), &robot) {
                match act {
                    Act::Say(index) => saying.push(self.say(utterances.get(index).context("the script says what there is not")?)?),
                    Act::HangUp(end) => break 'talk end,
                    // A handset has no keys, and nobody to hold the line.
                    Act::Press(_) | Act::Hold | Act::Resume => {}
                }
            }
            if over().await {
                break End::Robot;
            }
            sleep(GLANCE).await;
        };
        self.listening.stop()?;
        Ok(Talk { heard: samples(&recording), end })
    }

    fn say(&self, utterance: &Utterance) -> anyhow::Result<Tool> {
        let path = self.folder.path().join(&utterance.name);
        utterance.write(&path)?;
        self.card.say(&path)
    }
}

/// What was recorded so far; the file is still being written.
fn samples(recording: &Path) -> Vec<i16> {
    let bytes = fs::read(recording).unwrap_or_default();
    bytes.get(WAV_HEADER..).unwrap_or_default().chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect()
}
