//! Silero VAD 6.2 at 16 kHz (<https://github.com/snakers4/silero-vad>, MIT): is there speech in this window of 32 ms?
//!
//! A window passes a short-time Fourier transform (4 frames of 256 samples, as a convolution), the
//! magnitude, four small convolutions, one LSTM cell that remembers the stream, and one output neuron. Everything is a few rows
//! against a small matrix, so it is computed by [`crate::kernels::dense`] on plain slices; nothing is allocated per window.
//!
//! The weights are read once and shared: [`Silero::stream`] gives another stream its own state over the same weights.

mod weights;

use std::sync::Arc;

use crate::Result;
use crate::catalog::Installed;
use crate::vad::{VoiceActivity, WINDOW};

pub use weights::Weights;

/// The name of the installed file.
pub const FILE: &str = "silero_vad_16k.safetensors";

/// Samples of the window before that the model sees again.
const CONTEXT: usize = 64;
/// Samples mirrored at the end, so that the last frame is whole.
const MIRRORED: usize = 64;
/// Samples that the Fourier transform sees.
const SEEN: usize = CONTEXT + WINDOW + MIRRORED;
/// Samples in a frame of the Fourier transform, and from one frame to the next.
const FRAME: usize = 256;
const HOP: usize = 128;
/// Frames in a window.
const FRAMES: usize = (SEEN - FRAME) / HOP + 1;
/// Frequencies of the spectrum.
const BINS: usize = FRAME / 2 + 1;
/// Channels after each convolution.
const CHANNELS: [usize; 4] = [128, 64, 64, 128];
/// Size of the LSTM's state.
const HIDDEN: usize = 128;

/// One stream of audio through Silero VAD.
#[derive(Debug)]
pub struct Silero {
    weights: Arc<Weights>,
    state: State,
    scratch: Box<Scratch>,
}

/// What a stream remembers from window to window.
#[derive(Debug)]
struct State {
    context: [f32; CONTEXT],
    /// The LSTM's input: what the convolutions found in this window, then the hidden state of the window before.
    cell_input: [f32; CHANNELS[3] + HIDDEN],
    cell: [f32; HIDDEN],
}

/// The values between the layers. Frames of zeros before and after stand for the convolutions' padding; they are never written.
#[derive(Debug)]
struct Scratch {
    samples: [f32; SEEN],
    transform: [f32; FRAMES * 2 * BINS],
    spectrum: [f32; (FRAMES + 2) * BINS],
    first: [f32; (FRAMES + 2) * CHANNELS[0]],
    second: [f32; 2 * CHANNELS[1]],
    third: [f32; CHANNELS[2]],
    gates: [f32; 4 * HIDDEN],
}

impl Silero {
    /// Read the installed weights.
    ///
    /// # Errors
    /// [`crate::Error::Io`] if the file cannot be read, [`crate::Error::Format`] if it is not Silero's 16 kHz model.
    pub fn open(installed: &Installed) -> Result<Self> {
        Ok(Self::new(Arc::new(Weights::read(&installed.file(FILE))?)))
    }

    /// A stream over weights that were read before.
    #[must_use]
    pub fn new(weights: Arc<Weights>) -> Self {
        Self { weights, state: State::fresh(), scratch: Box::new(Scratch::zeroed()) }
    }
}

impl VoiceActivity for Silero {
    /// Samples that are no number count as 0 and others are limited to `[-1, 1]`, so that no audio can spoil the stream's memory.
    fn push(&mut self, window: &[f32; WINDOW]) -> Result<f32> {
        self.scratch.take_samples(&mut self.state.context, window);
        self.scratch.convolve(&self.weights, &mut self.state.cell_input);
        self.state.advance(&self.weights, &mut self.scratch.gates);
        Ok(self.state.probability(&self.weights))
    }

    fn reset(&mut self) {
        self.state = State::fresh();
    }

    /// Costs some kilobytes.
    fn stream(&self) -> Box<dyn VoiceActivity> {
        Box::new(Self::new(Arc::clone(&self.weights)))
    }
}

impl State {
    fn fresh() -> Self {
        Self { context: [0.0; CONTEXT], cell_input: [0.0; CHANNELS[3] + HIDDEN], cell: [0.0; HIDDEN] }
    }

    /// One step of the LSTM cell (Hochreiter and Schmidhuber 1997, gates in the order input, forget, candidate, output).
    fn advance(&mut self, weights: &Weights, gates: &mut [f32; 4 * HIDDEN]) {
        weights.cell.apply([&self.cell_input], gates);
        let (input, rest) = gates.split_at(HIDDEN);
        let (forget, rest) = rest.split_at(HIDDEN);
        let (candidate, output) = rest.split_at(HIDDEN);
        let hidden = &mut self.cell_input[CHANNELS[3]..];
        for unit in 0..HIDDEN {
            self.cell[unit] = sigmoid(forget[unit]) * self.cell[unit] + sigmoid(input[unit]) * candidate[unit].tanh();
            hidden[unit] = sigmoid(output[unit]) * self.cell[unit].tanh();
        }
    }

    fn probability(&self, weights: &Weights) -> f32 {
        let hidden = &self.cell_input[CHANNELS[3]..];
        let sum: f32 = hidden.iter().zip(&weights.output).map(|(unit, weight)| unit.max(0.0) * weight).sum();
        sigmoid(sum + weights.output_bias)
    }
}

impl Scratch {
    fn zeroed() -> Self {
        Self {
            samples: [0.0; SEEN],
            transform: [0.0; FRAMES * 2 * BINS],
            spectrum: [0.0; (FRAMES + 2) * BINS],
            first: [0.0; (FRAMES + 2) * CHANNELS[0]],
            second: [0.0; 2 * CHANNELS[1]],
            third: [0.0; CHANNELS[2]],
            gates: [0.0; 4 * HIDDEN],
        }
    }

    /// Lay out the context, the window and its mirrored end, and keep the window's end as the next context.
    fn take_samples(&mut self, context: &mut [f32; CONTEXT], window: &[f32; WINDOW]) {
        let (before, rest) = self.samples.split_at_mut(CONTEXT);
        let (now, mirrored) = rest.split_at_mut(WINDOW);
        before.copy_from_slice(context);
        for (sample, given) in now.iter_mut().zip(window) {
            *sample = if given.is_finite() { given.clamp(-1.0, 1.0) } else { 0.0 };
        }
        for (sample, source) in mirrored.iter_mut().zip(now.iter().rev().skip(1)) {
            *sample = *source;
        }
        context.copy_from_slice(&now[WINDOW - CONTEXT..]);
    }

    /// From samples to the features of this window.
    fn convolve(&mut self, weights: &Weights, cell_input: &mut [f32]) {
        let samples = &self.samples;
        weights.transform.apply::<FRAMES>(std::array::from_fn(|frame| &samples[frame * HOP..][..FRAME]), &mut self.transform);
        for (frame, magnitudes) in self.transform.chunks_exact(2 * BINS).zip(self.spectrum[BINS..].chunks_exact_mut(BINS)) {
            let (real, imaginary) = frame.split_at(BINS);
            for ((magnitude, re), im) in magnitudes.iter_mut().zip(real).zip(imaginary) {
                *magnitude = (re * re + im * im).sqrt();
            }
        }

        // A convolution over 3 frames is a dense layer over 3 neighbouring frames laid end to end.
        let spectrum = &self.spectrum;
        let first = &mut self.first[CHANNELS[0]..(FRAMES + 1) * CHANNELS[0]];
        weights.first.apply::<FRAMES>(std::array::from_fn(|frame| &spectrum[frame * BINS..][..3 * BINS]), first);
        rectify(first);

        let first = &self.first;
        let stride = 2 * CHANNELS[0];
        weights.second.apply::<2>(std::array::from_fn(|frame| &first[frame * stride..][..3 * CHANNELS[0]]), &mut self.second);
        rectify(&mut self.second);

        // Two frames are left: the third convolution sees them behind one frame of padding, the fourth its single frame between two.
        weights.third.apply([&self.second], &mut self.third);
        rectify(&mut self.third);
        let features = &mut cell_input[..CHANNELS[3]];
        weights.fourth.apply([&self.third], features);
        rectify(features);
    }
}

fn rectify(values: &mut [f32]) {
    for value in values {
        *value = value.max(0.0);
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
