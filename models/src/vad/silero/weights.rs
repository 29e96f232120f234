//! Silero's weights, from the publisher's safetensors file to the layers of the forward pass.

use std::path::{Path, PathBuf};

use safetensors::{Dtype, SafeTensors};

use super::{BINS, CHANNELS, FRAME, HIDDEN};
use crate::kernels::dense::Dense;
use crate::{Error, Result};

/// The layers of the model, shared by all streams.
#[derive(Debug)]
pub struct Weights {
    /// 256 samples to the real, then the imaginary parts of the spectrum.
    pub(super) transform: Dense,
    pub(super) first: Dense,
    pub(super) second: Dense,
    pub(super) third: Dense,
    pub(super) fourth: Dense,
    /// The LSTM's four gates, from the features and the hidden state end to end.
    pub(super) cell: Dense,
    pub(super) output: Vec<f32>,
    pub(super) output_bias: f32,
}

impl Weights {
    /// Read the publisher's file `silero_vad_16k.safetensors`.
    ///
    /// # Errors
    /// [`Error::Io`] if it cannot be read; [`Error::Format`] if a tensor is missing, has another shape, or holds a value that is no
    /// finite number.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        let tensors = SafeTensors::deserialize(&bytes)
            .map_err(|error| Error::Format { path: path.to_owned(), what: format!("not a safetensors file: {error}") })?;
        Self::assemble(&File { path: path.to_owned(), tensors })
    }

    fn assemble(file: &File<'_>) -> Result<Self> {
        let transform = file.values("stft_conv.weight", &[2 * BINS, 1, FRAME])?;
        let transform = Dense::new(2 * BINS, FRAME, |output, input| transform[output * FRAME + input], &[]);

        let from_features = file.values("lstm_cell.weight_ih", &[4 * HIDDEN, CHANNELS[3]])?;
        let from_hidden = file.values("lstm_cell.weight_hh", &[4 * HIDDEN, HIDDEN])?;
        let bias_features = file.values("lstm_cell.bias_ih", &[4 * HIDDEN])?;
        let bias_hidden = file.values("lstm_cell.bias_hh", &[4 * HIDDEN])?;
        let bias: Vec<f32> = bias_features.iter().zip(&bias_hidden).map(|(a, b)| a + b).collect();
        let weight = |output: usize, input: usize| match input.checked_sub(CHANNELS[3]) {
            None => from_features[output * CHANNELS[3] + input],
            Some(input) => from_hidden[output * HIDDEN + input],
        };
        let cell = Dense::new(4 * HIDDEN, CHANNELS[3] + HIDDEN, weight, &bias);

        let output_bias = file.values("final_conv.bias", &[1])?;
        Ok(Self {
            transform,
            first: file.convolution("conv1", CHANNELS[0], BINS, &[0, 1, 2])?,
            second: file.convolution("conv2", CHANNELS[1], CHANNELS[0], &[0, 1, 2])?,
            // Taps that only ever meet padding are left out.
            third: file.convolution("conv3", CHANNELS[2], CHANNELS[1], &[1, 2])?,
            fourth: file.convolution("conv4", CHANNELS[3], CHANNELS[2], &[1])?,
            cell,
            output: file.values("final_conv.weight", &[1, HIDDEN, 1])?,
            output_bias: output_bias[0],
        })
    }
}

/// The file being read, with its path for error messages.
struct File<'a> {
    path: PathBuf,
    tensors: SafeTensors<'a>,
}

impl File<'_> {
    /// The convolution `name` (width 3) as a dense layer over the frames under `taps`, laid end to end.
    fn convolution(&self, name: &str, outputs: usize, inputs: usize, taps: &[usize]) -> Result<Dense> {
        const WIDTH: usize = 3;
        let weights = self.values(&format!("{name}.weight"), &[outputs, inputs, WIDTH])?;
        let bias = self.values(&format!("{name}.bias"), &[outputs])?;
        let weight = |output: usize, input: usize| {
            let (tap, channel) = (taps[input / inputs], input % inputs);
            weights[(output * inputs + channel) * WIDTH + tap]
        };
        Ok(Dense::new(outputs, taps.len() * inputs, weight, &bias))
    }

    /// The values of tensor `name`, which must have `shape`.
    fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let tensor = self.tensors.tensor(name).map_err(|_| self.wrong(format!("tensor `{name}` is missing")))?;
        if tensor.dtype() != Dtype::F32 || tensor.shape() != shape {
            let (dtype, found) = (tensor.dtype(), tensor.shape());
            return Err(self.wrong(format!("tensor `{name}` is {dtype:?} {found:?}, but Silero at 16 kHz has F32 {shape:?}")));
        }
        let values: Vec<f32> = tensor.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        if values.iter().any(|value| !value.is_finite()) {
            return Err(self.wrong(format!("tensor `{name}` holds a value that is no finite number")));
        }
        Ok(values)
    }

    fn wrong(&self, what: String) -> Error {
        Error::Format { path: self.path.clone(), what }
    }
}
