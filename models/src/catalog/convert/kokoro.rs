//! The Kokoro-82M voice: from its ONNX file in `f32` and its voices' tables to one GGUF, and hibari's English front end beside it.
//!
//! The exporter has folded the weight norm and named nearly all matrices after nothing; each is found by the node that uses it, whose name is
//! its layer's path in the trained model. In the GGUF a layer is called after the stage of [`crate::tts::kokoro`] that it belongs to.
//!
//! - Matrices and convolutions become Q8_0, `[outputs, taps inputs]`, tap by tap; where the inputs of a convolution are no multiple of 32, zeros
//!   fill them up. A transposed convolution whose kernel is twice its stride is a convolution over two frames that gives a stride of frames.
//! - What makes a style of each normalisation, and the phonemes' embeddings, become `f16`.
//! - Biases, normalisations, small convolutions, the last layer (which gives logarithms) and the voices stay `f32`.
//!
//! The bytes that are written depend on the sources alone.

mod kernel;

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};

use super::onnx::{Values, Weights};
use super::{Progress, hibari};
use crate::{Error, Result};
use kernel::{Kernel, padded};

/// The weights and the voices.
pub const MODEL: &str = "model.gguf";
/// What a voice's table is called in the GGUF, before its name.
pub const VOICE: &str = "voice.";
/// A voice's table: a style for each number of phonemes, from one on.
pub const STYLES: usize = 510;
/// Values of a style: the sound's, then the prosody's.
pub const STYLE: usize = 256;

/// The source's name of the weights.
const SOURCE: &str = "kokoro.onnx";
/// The form of matrices and convolutions.
const LARGE: GgmlDType = GgmlDType::Q8_0;

/// Convert `kokoro.onnx` and the voices `*.bin` in `sources`, and hibari's assets beside them.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] naming the source file that is not what it should be.
pub fn convert(sources: &Path, out: &Path, progress: Progress<'_>) -> Result<()> {
    convert_weights(sources, &out.join(MODEL), &|done| progress(0.8 * done))?;
    hibari::front_end(sources, out)?;
    hibari::legal(sources, out)?;
    progress(1.0);
    Ok(())
}

fn convert_weights(sources: &Path, to: &Path, progress: Progress<'_>) -> Result<()> {
    let onnx = Weights::read(&sources.join(SOURCE))?;
    progress(0.2);
    let mut writer = Collected { onnx, tensors: Vec::new() };
    writer.bert()?;
    writer.text()?;
    progress(0.3);
    writer.prosody()?;
    progress(0.5);
    writer.decoder()?;
    progress(0.7);
    writer.generator()?;
    writer.voices(sources)?;
    progress(0.9);
    write(to, &writer.tensors)?;
    progress(1.0);
    Ok(())
}

/// What is to be written, in order.
struct Collected {
    onnx: Weights,
    tensors: Vec<(String, QTensor)>,
}

impl Collected {
    /// The bidirectional encoder, whose layer is the same twelve times.
    fn bert(&mut self) -> Result<()> {
        let (weights, bert) = ("encoder.bert.", "/encoder/bert/encoder/");
        let layer = format!("{bert}albert_layer_groups.0/albert_layers.0/");
        let trained = "encoder.bert.encoder.albert_layer_groups.0.albert_layers.0.";
        self.small("bert.words", &format!("{weights}embeddings.word_embeddings.weight"))?;
        // All phonemes are of the first type.
        let mut positions = self.onnx.floats(&format!("{weights}embeddings.position_embeddings.weight"))?;
        let types = self.onnx.floats(&format!("{weights}embeddings.token_type_embeddings.weight"))?;
        let width = types.dims.get(1).copied().unwrap_or(0).max(1);
        positions.data.chunks_mut(width).for_each(|row| row.iter_mut().zip(&types.data).for_each(|(x, more)| *x += more));
        self.push("bert.positions", &positions.dims, positions.data, GgmlDType::F32)?;
        self.norm("bert.norm", &format!("{weights}embeddings.LayerNorm"))?;
        self.linear("bert.enter", &format!("{bert}embedding_hidden_mapping_in"), "encoder.bert.encoder.embedding_hidden_mapping_in")?;
        let parts =
            ["query", "key", "value"].map(|part| (format!("{layer}attention/{part}/MatMul"), format!("{trained}attention.{part}.bias")));
        let (mut matrix, mut bias) = (Vec::new(), Vec::new());
        let mut inputs = 0;
        for (node, name) in &parts {
            let part = self.onnx.floats(self.onnx.operand(node, 1)?)?.transposed();
            inputs = part.dims.get(1).copied().unwrap_or(0);
            matrix.extend(part.data);
            bias.extend(self.onnx.floats(name)?.data);
        }
        let outputs = bias.len();
        self.push("bert.attention.weight", &[outputs, inputs], matrix, LARGE)?;
        self.push("bert.attention.bias", &[outputs], bias, GgmlDType::F32)?;
        self.linear("bert.mix", &format!("{layer}attention/dense"), &format!("{trained}attention.dense"))?;
        self.norm("bert.attention.norm", &format!("{trained}attention.LayerNorm"))?;
        self.linear("bert.up", &format!("{layer}ffn"), &format!("{trained}ffn"))?;
        self.linear("bert.down", &format!("{layer}ffn_output"), &format!("{trained}ffn_output"))?;
        self.norm("bert.layer.norm", &format!("{trained}full_layer_layer_norm"))?;
        self.linear("bert.out", "/encoder/bert_encoder", "encoder.bert_encoder")
    }

    fn text(&mut self) -> Result<()> {
        let embedding = self.onnx.floats("encoder.text_encoder.embedding.weight")?;
        self.push("text.embedding", &embedding.dims, embedding.data, GgmlDType::F16)?;
        for i in 0..3 {
            self.conv(&format!("text.{i}"), &format!("/encoder/text_encoder/cnn.{i}/cnn.{i}.0"))?;
            for (ours, theirs) in [("weight", "gamma"), ("bias", "beta")] {
                self.small(&format!("text.{i}.norm.{ours}"), &format!("encoder.text_encoder.cnn.{i}.1.{theirs}"))?;
            }
        }
        self.lstm("text.lstm", "/encoder/text_encoder/lstm")
    }

    fn prosody(&mut self) -> Result<()> {
        for i in 0..3 {
            self.lstm(&format!("duration.{i}.lstm"), &format!("/encoder/predictor/text_encoder/lstms.{}", 2 * i))?;
            self.style(&format!("duration.{i}.style"), &format!("/encoder/predictor/text_encoder/lstms.{}", 2 * i + 1))?;
        }
        self.lstm("duration.lstm", "/encoder/predictor/lstm")?;
        let trained = "encoder.predictor.duration_proj.linear_layer";
        self.linear("duration.out", "/encoder/predictor/duration_proj/linear_layer", trained)?;
        self.lstm("contour.lstm", "/encoder/shared")?;
        for (ours, theirs) in [("pitch", "F0"), ("energy", "N")] {
            for i in 0..3 {
                self.block(&format!("{ours}.{i}"), &format!("/encoder/{theirs}.{i}"), i == 1, i == 1)?;
            }
            self.exact_conv(&format!("{ours}.out"), &format!("/encoder/{theirs}_proj"))?;
        }
        Ok(())
    }

    fn decoder(&mut self) -> Result<()> {
        let path = "/decoder/decoder/";
        self.exact_conv("decoder.pitch", &format!("{path}F0_conv"))?;
        self.exact_conv("decoder.energy", &format!("{path}N_conv"))?;
        self.conv("decoder.text", &format!("{path}asr_res/asr_res.0"))?;
        self.block("decoder.enter", &format!("{path}encode"), true, false)?;
        (0..4).try_for_each(|i| self.block(&format!("decoder.{i}"), &format!("{path}decode.{i}"), true, i == 3))
    }

    fn generator(&mut self) -> Result<()> {
        let path = "/decoder/decoder/generator/";
        let linear = self.onnx.floats(self.onnx.operand(&format!("{path}m_source/l_linear/MatMul"), 1)?)?;
        self.push("source.weight", &[linear.data.len()], linear.data, GgmlDType::F32)?;
        self.small("source.bias", "decoder.decoder.generator.m_source.l_linear.bias")?;
        for i in 0..2 {
            self.exact_conv(&format!("generator.{i}.source"), &format!("{path}noise_convs.{i}"))?;
            self.waves(&format!("generator.{i}.source.waves"), &format!("{path}noise_res.{i}"))?;
            self.upsampling(&format!("generator.{i}.up"), &format!("{path}ups.{i}"))?;
            for j in 0..3 {
                self.waves(&format!("generator.{i}.{j}"), &format!("{path}resblocks.{}", 3 * i + j))?;
            }
        }
        self.exact_conv("generator.out", &format!("{path}conv_post"))
    }

    /// A residual block of the prosody or the decoder.
    fn block(&mut self, name: &str, path: &str, shortcut: bool, doubles: bool) -> Result<()> {
        for i in 1..=2 {
            self.style(&format!("{name}.norm{i}"), &format!("{path}/norm{i}"))?;
            self.conv(&format!("{name}.conv{i}"), &format!("{path}/conv{i}"))?;
        }
        if shortcut {
            self.conv(&format!("{name}.shortcut"), &format!("{path}/conv1x1"))?;
        }
        if doubles {
            let node = format!("{path}/pool/ConvTranspose");
            let kernel = self.onnx.floats(self.onnx.operand(&node, 1)?)?;
            let mut bias = self.onnx.floats(self.onnx.operand(&node, 2)?)?.data;
            let channels = bias.len();
            bias.resize(padded(channels), 0.0);
            // `[channels][taps]` to `[taps][channels]`.
            let taps = kernel.data.len() / channels.max(1);
            let row = |tap: usize| (0..bias.len()).map(move |c| (tap, c));
            let taken = |(tap, c): (usize, usize)| if c < channels { kernel.data[c * taps + tap] } else { 0.0 };
            let values = (0..taps).flat_map(row).map(taken).collect();
            self.push(&format!("{name}.double.weight"), &[taps, bias.len()], values, GgmlDType::F32)?;
            self.push(&format!("{name}.double.bias"), &[bias.len()], bias, GgmlDType::F32)?;
        }
        Ok(())
    }

    /// A residual block of the generator.
    fn waves(&mut self, name: &str, path: &str) -> Result<()> {
        let trained = path.trim_start_matches('/').replace('/', ".");
        for (half, convs) in [(1, "convs1"), (2, "convs2")] {
            for i in 0..3 {
                self.style(&format!("{name}.{i}.norm{half}"), &format!("{path}/adain{half}.{i}"))?;
                self.conv(&format!("{name}.{i}.conv{half}"), &format!("{path}/{convs}.{i}"))?;
                let alpha = self.onnx.floats(&format!("{trained}.alpha{half}.{i}"))?;
                self.push(&format!("{name}.{i}.alpha{half}"), &[alpha.data.len()], alpha.data, GgmlDType::F32)?;
            }
        }
        Ok(())
    }

    /// What makes the scales and shifts of a normalisation of a style: `[2 channels, style]`.
    fn style(&mut self, name: &str, path: &str) -> Result<()> {
        let node = format!("{path}/fc/Gemm");
        let (weight, bias) = (self.onnx.floats(self.onnx.operand(&node, 1)?)?, self.onnx.floats(self.onnx.operand(&node, 2)?)?);
        let (channels, columns) = (bias.data.len() / 2, weight.dims.get(1).copied().unwrap_or(0));
        let pad = |half: &[f32], width: usize| {
            let mut half = half.to_vec();
            half.resize(padded(channels) * width, 0.0);
            half
        };
        let both = |values: &[f32], width: usize| {
            let (scales, shifts) = values.split_at(channels * width);
            [pad(scales, width), pad(shifts, width)].concat()
        };
        self.push(&format!("{name}.weight"), &[2 * padded(channels), columns], both(&weight.data, columns), GgmlDType::F16)?;
        self.push(&format!("{name}.bias"), &[2 * padded(channels)], both(&bias.data, 1), GgmlDType::F32)
    }

    fn lstm(&mut self, name: &str, path: &str) -> Result<()> {
        let node = format!("{path}/LSTM");
        let [input, state, bias] = [1, 2, 3].map(|index| self.onnx.operand(&node, index).and_then(|name| self.onnx.floats(name)));
        let (input, state, bias) = (input?, state?, bias?);
        let (&[2, gates, inputs], &[2, _, width]) = (input.dims.as_slice(), state.dims.as_slice()) else {
            return Err(self.fault(format!("`{node}` does not read in two directions")));
        };
        self.push(&format!("{name}.input.weight"), &[2 * gates, inputs], input.data, LARGE)?;
        // A direction's bias is the inputs', then the state's.
        let sums = bias.data.chunks(2 * gates.max(1)).flat_map(|both| {
            let (of_input, of_state) = both.split_at(gates.min(both.len()));
            of_input.iter().zip(of_state).map(|(a, b)| a + b).collect::<Vec<_>>()
        });
        self.push(&format!("{name}.input.bias"), &[2 * gates], sums.collect(), GgmlDType::F32)?;
        let [forward, backward] = [0, 1].map(|index| state.data.iter().copied().skip(index * gates * width).take(gates * width).collect());
        self.push(&format!("{name}.forward.weight"), &[gates, width], forward, LARGE)?;
        self.push(&format!("{name}.backward.weight"), &[gates, width], backward, LARGE)
    }

    fn kernel(&self, node: &str) -> Result<Kernel> {
        let Values { dims, data } = self.onnx.floats(self.onnx.operand(node, 1)?)?;
        match dims.as_slice() {
            &[outputs, inputs, taps] => Ok(Kernel { outputs, inputs, taps, data }),
            other => Err(self.fault(format!("`{node}` has weights of shape {other:?}"))),
        }
    }

    /// A convolution in the large form, its inputs filled up to whole blocks.
    fn conv(&mut self, name: &str, path: &str) -> Result<()> {
        let node = format!("{path}/Conv");
        let kernel = self.kernel(&node)?;
        let inputs = padded(kernel.inputs);
        self.push(&format!("{name}.weight"), &[kernel.outputs, kernel.taps * inputs], kernel.tap_by_tap(inputs), LARGE)?;
        self.conv_bias(name, &node)
    }

    /// A convolution in `f32`.
    fn exact_conv(&mut self, name: &str, path: &str) -> Result<()> {
        let node = format!("{path}/Conv");
        let kernel = self.kernel(&node)?;
        let columns = kernel.taps * kernel.inputs;
        self.push(&format!("{name}.weight"), &[kernel.outputs, columns], kernel.tap_by_tap(kernel.inputs), GgmlDType::F32)?;
        self.conv_bias(name, &node)
    }

    fn conv_bias(&mut self, name: &str, node: &str) -> Result<()> {
        // A shortcut has none.
        let Ok(bias) = self.onnx.operand(node, 2) else { return Ok(()) };
        let bias = bias.to_owned();
        self.small(&format!("{name}.bias"), &bias)
    }

    /// A transposed convolution with a kernel of twice its stride.
    fn upsampling(&mut self, name: &str, path: &str) -> Result<()> {
        let node = format!("{path}/ConvTranspose");
        let kernel = self.kernel(&node)?;
        // Here the inputs come first.
        let (inputs, outputs, stride) = (kernel.outputs, kernel.inputs, kernel.taps / 2);
        self.push(&format!("{name}.weight"), &[stride * outputs, 2 * inputs], kernel.over_two_frames(), LARGE)?;
        let bias = self.onnx.floats(self.onnx.operand(&node, 2)?)?.data.repeat(stride);
        self.push(&format!("{name}.bias"), &[bias.len()], bias, GgmlDType::F32)
    }

    /// A matrix that is multiplied by, and the trained bias that is added.
    fn linear(&mut self, name: &str, path: &str, trained: &str) -> Result<()> {
        let weight = self.onnx.floats(self.onnx.operand(&format!("{path}/MatMul"), 1)?)?.transposed();
        self.push(&format!("{name}.weight"), &weight.dims, weight.data, LARGE)?;
        self.small(&format!("{name}.bias"), &format!("{trained}.bias"))
    }

    fn norm(&mut self, name: &str, trained: &str) -> Result<()> {
        ["weight", "bias"].iter().try_for_each(|part| self.small(&format!("{name}.{part}"), &format!("{trained}.{part}")))
    }

    fn small(&mut self, name: &str, trained: &str) -> Result<()> {
        let Values { dims, data } = self.onnx.floats(trained)?;
        self.push(name, &dims, data, GgmlDType::F32)
    }

    fn voices(&mut self, sources: &Path) -> Result<()> {
        let voices = voices(sources)?;
        voices.into_iter().try_for_each(|(name, values)| self.push(&format!("{VOICE}{name}"), &[STYLES, STYLE], values, GgmlDType::F32))
    }

    fn push(&mut self, name: &str, dims: &[usize], data: Vec<f32>, kind: GgmlDType) -> Result<()> {
        if data.iter().any(|value| !value.is_finite()) || dims.iter().product::<usize>() != data.len() || data.is_empty() {
            return Err(self.fault(format!("`{name}` is not {dims:?} finite numbers")));
        }
        let tensor = Tensor::from_vec(data, dims, &Device::Cpu)?;
        self.tensors.push((name.to_owned(), QTensor::quantize(&tensor, kind)?));
        Ok(())
    }

    fn fault(&self, what: String) -> Error {
        Error::Format { path: SOURCE.into(), what }
    }
}

/// The voices in a folder, by name.
fn voices(sources: &Path) -> Result<Vec<(String, Vec<f32>)>> {
    let listed = std::fs::read_dir(sources).map_err(Error::io(sources))?.flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = listed.filter(|path| path.extension().is_some_and(|e| e == "bin")).collect();
    paths.sort();
    if paths.is_empty() {
        return Err(Error::Format { path: sources.to_owned(), what: "no voice (`*.bin`) is there".to_owned() });
    }
    let read = |path: PathBuf| {
        let size = std::fs::metadata(&path).map_err(Error::io(&path))?.len();
        if size != (STYLES * STYLE * 4) as u64 {
            return Err(Error::Format { path, what: format!("{size} bytes are not a voice's {STYLES} x {STYLE} values") });
        }
        let bytes = std::fs::read(&path).map_err(Error::io(&path))?;
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        Ok((name, bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()))
    };
    paths.into_iter().map(read).collect()
}

fn write(path: &Path, tensors: &[(String, QTensor)]) -> Result<()> {
    let architecture = Value::String("kokoro".to_owned());
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let mut file = BufWriter::new(File::create(path).map_err(Error::io(path))?);
    gguf_file::write(&mut file, &[("general.architecture", &architecture)], &tensors)?;
    let file = file.into_inner().map_err(|fault| Error::Io { path: path.to_owned(), source: fault.into_error() })?;
    file.sync_all().map_err(Error::io(path))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_voice_of_another_size_is_refused_and_so_is_a_folder_without_one() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(voices(dir.path()), Err(Error::Format { .. })));
        std::fs::write(dir.path().join("b.bin"), vec![0; STYLES * STYLE * 4]).unwrap();
        std::fs::write(dir.path().join("a.bin"), vec![0; STYLES * STYLE * 4]).unwrap();
        let names: Vec<_> = voices(dir.path()).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "b"]);
        std::fs::write(dir.path().join("b.bin"), [0; 16]).unwrap();
        assert!(matches!(voices(dir.path()), Err(Error::Format { .. })));
    }
}
