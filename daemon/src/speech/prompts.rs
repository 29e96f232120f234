//! Sentences that were spoken before: sound by text. What is fixed in a scenario is rendered before the first call, so that it begins
//! within one frame.

use std::collections::HashMap;
use std::sync::Arc;

use super::engine::{Engine, EngineError};

/// All prompts together hold no more than this much sound: 16 MiB, 17 minutes.
const MOST_SAMPLES: usize = 8 << 20;

/// Sound by text. Clones share it.
#[derive(Clone, Default)]
pub struct Prompts(Arc<HashMap<String, Arc<[i16]>>>);

impl Prompts {
    /// Render each of `texts`, in order, until the room is used up.
    ///
    /// # Errors
    /// If the voice fails.
    pub async fn render(engine: &Engine, texts: impl IntoIterator<Item = String>) -> Result<Self, EngineError> {
        let mut prompts = HashMap::new();
        let mut room = MOST_SAMPLES;
        for text in texts {
            if prompts.contains_key(&text) {
                continue;
            }
            let sound = engine.render(&text).await?;
            let Some(left) = room.checked_sub(sound.len()) else { break };
            room = left;
            prompts.insert(text, Arc::from(sound));
        }
        Ok(Self(Arc::new(prompts)))
    }

    /// The sound of `text`, if it is there.
    #[must_use]
    pub fn get(&self, text: &str) -> Option<Arc<[i16]>> {
        self.0.get(text).cloned()
    }
}
