//! Sentences that were spoken before: sound by text. What is fixed in a scenario is rendered before the first call, so that it begins
//! within one frame; and it is rendered once, not at every start ([`super::cache`]).

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::cache::Cache;
use super::engine::{Engine, EngineError, Sound};

/// All prompts together hold no more than this much sound: 16 MiB, 17 minutes.
const MOST_SAMPLES: usize = 8 << 20;

/// Sound by text. Clones share it.
#[derive(Clone, Default)]
pub struct Prompts(Arc<HashMap<String, Arc<[i16]>>>);

/// How many of all sentences are ready, told to whoever waits for them: so many, of so many.
pub struct Tally<'a> {
    tell: &'a (dyn Fn(usize, usize) + Send + Sync),
    ready: AtomicUsize,
    all: usize,
}

impl<'a> Tally<'a> {
    /// There will be so many.
    pub fn of(all: usize, tell: &'a (dyn Fn(usize, usize) + Send + Sync)) -> Self {
        Self { tell, ready: AtomicUsize::new(0), all }
    }

    fn one_more(&self) {
        let ready = self.ready.fetch_add(1, Ordering::Relaxed) + 1;
        (self.tell)(ready.min(self.all), self.all);
    }
}

/// Renders what the voice always says, or finds it where it was kept.
pub struct Rendering<'a> {
    engine: &'a Engine,
    tally: &'a Tally<'a>,
    cache: Option<Arc<Cache>>,
    rendered: usize,
}

impl<'a> Rendering<'a> {
    /// In the engine's voice, kept in `folder`.
    pub async fn open(engine: &'a Engine, folder: &Path, tally: &'a Tally<'a>) -> Self {
        let (folder, voice) = (folder.to_owned(), engine.voice().to_string());
        let cache = blocking(move || Cache::open(&folder, voice)).await.flatten().map(Arc::new);
        Self { engine, tally, cache, rendered: 0 }
    }

    /// The sound of `text`.
    ///
    /// # Errors
    /// If the voice fails.
    pub async fn sound(&mut self, text: &str) -> Result<Sound, EngineError> {
        let sound = self.kept_or_rendered(text).await?;
        self.tally.one_more();
        Ok(sound)
    }

    async fn kept_or_rendered(&mut self, text: &str) -> Result<Sound, EngineError> {
        if let Some(kept) = self.with_cache(text, Cache::get).await.flatten() {
            return Ok(kept);
        }
        let sound = self.engine.render(text).await?;
        self.rendered += 1;
        let kept = sound.clone();
        self.with_cache(text, move |cache, text| cache.put(text, &kept)).await;
        Ok(sound)
    }

    /// Render each of `texts`, in order, until the room is used up.
    ///
    /// # Errors
    /// If the voice fails.
    pub async fn prompts(mut self, texts: impl IntoIterator<Item = String>) -> Result<Prompts, EngineError> {
        let mut prompts = HashMap::new();
        let mut room = MOST_SAMPLES;
        for text in texts {
            if prompts.contains_key(&text) {
                self.tally.one_more();
                continue;
            }
            let sound = self.sound(&text).await?;
            let Some(left) = room.checked_sub(sound.len()) else { break };
            room = left;
            prompts.insert(text, Arc::from(sound));
        }
        self.with_cache("", |cache, _| cache.trim()).await;
        log::info!(event = "prompts"; "{} prompts are ready; {} were spoken anew", prompts.len(), self.rendered);
        Ok(Prompts(Arc::new(prompts)))
    }

    async fn with_cache<T: Send + 'static>(&self, text: &str, work: impl FnOnce(&Cache, &str) -> T + Send + 'static) -> Option<T> {
        let (cache, text) = (self.cache.clone()?, text.to_owned());
        blocking(move || work(&cache, &text)).await
    }
}

/// A fault of the program in there costs the prompt's file alone.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

impl Prompts {
    /// The sound of `text`, if it is there.
    #[must_use]
    pub fn get(&self, text: &str) -> Option<Arc<[i16]>> {
        self.0.get(text).cloned()
    }
}
