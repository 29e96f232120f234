//! From what publishers ship to what the runtime reads. One file or folder per architecture; each is a pure function from a folder of checked
//! sources to a folder of finished files.
//!
//! A converter yields the same bytes from the same sources on every machine, so that the catalog can pin its result; what it computes
//! with the model itself differs in the last bits between processors, and is pinned by the manifest alone. Whoever changes
//! what one writes raises its revision in [`Conversion`], and installations in the older form are made anew by the next `fetch`.

mod copy;
mod gguf;
pub mod hibari;
pub mod kokoro;
pub mod mandarin;
pub mod minilm;
pub mod moonshine;
pub mod onnx;
mod q8;
pub mod qwen2;
mod requantized;
pub mod silero;
pub mod smart_turn;
pub mod smollm2;
mod tokenizer;
pub mod whisper;

use std::path::Path;

use crate::Result;

/// Told how far a conversion is, as a fraction in `[0, 1]`.
pub type Progress<'a> = &'a dyn Fn(f32);

/// The form of every converter: read the catalog entry's unpacked sources in `sources`, write the finished files into `out` (which
/// exists and is empty).
pub type Converter = fn(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()>;

/// A converter as the catalog names it.
#[derive(Clone, Copy, Debug)]
pub struct Conversion {
    name: &'static str,
    revision: u32,
    run: Converter,
}

/// Every converter there is.
const ALL: &[Conversion] = &[
    Conversion { name: "copy", revision: 1, run: copy::convert },
    Conversion { name: "hibari", revision: 1, run: hibari::convert },
    Conversion { name: "moonshine", revision: 1, run: moonshine::convert },
    Conversion { name: "mandarin", revision: 1, run: mandarin::convert },
    Conversion { name: "minilm", revision: 1, run: minilm::convert },
    Conversion { name: "kokoro", revision: 1, run: kokoro::convert },
    Conversion { name: "qwen2", revision: 1, run: qwen2::convert },
    Conversion { name: "silero", revision: 1, run: silero::convert },
    Conversion { name: "smart-turn", revision: 1, run: smart_turn::convert },
    Conversion { name: "smollm2", revision: 1, run: smollm2::convert },
    Conversion { name: "whisper", revision: 2, run: whisper::from_ct2 },
    Conversion { name: "whisper-ggml", revision: 1, run: whisper::from_ggml },
    Conversion { name: "whisper-onnx", revision: 1, run: whisper::from_onnx },
    Conversion { name: "whisper-pt", revision: 1, run: whisper::from_pt },
];

impl Conversion {
    /// The converter that a catalog entry names.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().find(|conversion| conversion.name == name).copied()
    }

    /// Its name in the catalog.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Raised whenever the converter writes anything else than before.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Convert.
    ///
    /// # Errors
    /// What the converter finds wrong with the sources, or with the disk.
    pub fn run(&self, sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
        (self.run)(sources, out, progress)
    }
}
