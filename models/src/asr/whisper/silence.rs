//! The silence after a turn, remembered instead of computed.
//!
//! Whisper was trained on 30 s, most of it often silence, and leans on that silence: given a short turn without it, it doubles sentences,
//! forgets where to stop, and hears less well in noise. Computing it costs as much for "yes" as for half a minute of speech. But silence always
//! looks alike. So the encoder is run once, at installation, over 30 s of nothing ([`remember`]); what its layers would attend to there
//! is kept; and a turn is computed on its own length, with the remembered silence beyond its end. Every tenth position stands for ten
//! ([`Crowd`]), since neighbours in silence are all but the same.
//!
//! It is an approximation: the silence of the memory has not heard the turn that comes before it. What it is worth is in
//! `docs/performance.md`, and why it was chosen in `docs/decisions/0006-remembered-silence.md`.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};

use super::ARCHITECTURE;
use super::decoder::Decoder;
use super::encoder::Encoder;
use crate::asr::weights::Weights;
use crate::audio::mel::BANDS;
use crate::kernels::tensor::attention::Crowd;
use crate::{Error, Result};

/// The file that [`remember`] writes.
pub const FILE: &str = "silence.gguf";
/// Positions of 20 ms that one of them stands for. With 50, Mandarin suffers.
const EACH: usize = 10;
/// What silence is in a spectrogram whose loudest place is 1.4, as it is for a caller of usual loudness: that place less 2, which are 80 dB. The
/// memory serves all turns; making it for each turn's own loudness was no better.
const LEVEL: f32 = -0.6;

/// What both halves of a model attend to beyond the end of a turn. Rows are every tenth position, the first being that of the turn's
/// first 20 ms.
pub(crate) struct Silence {
    /// Per layer of the encoder: `[rows, 2 width]`.
    encoder: Vec<Tensor>,
    /// Per layer of the decoder: the same.
    decoder: Vec<Tensor>,
}

impl Silence {
    pub(super) fn open(path: &Path, encoder: &Encoder, decoder: &Decoder) -> Result<Self> {
        let mut file = Weights::open(path, ARCHITECTURE)?;
        let mut layers = Vec::new();
        while file.has(&format!("encoder.{}.silence", layers.len())) {
            layers.push(file.tensor(&format!("encoder.{}.silence", layers.len()))?);
        }
        let encoded = file.tensor("encoder.silence")?;
        let (rows, width) = encoded.dims2()?;
        let fits = layers.len() == encoder.layers() && width == encoder.width() && rows == encoder.positions().div_ceil(EACH);
        if !fits || layers.iter().any(|layer| layer.dims() != [rows, 2 * width]) {
            return Err(file.fault(format!("the silence of another model: {} layers of {rows} rows of {width}", layers.len())));
        }
        Ok(Self { encoder: layers, decoder: decoder.keys_values(&encoded)? })
    }

    /// What a layer of the encoder attends to after a turn of `positions`; nothing if the turn fills the 30 s.
    pub(super) fn in_encoder(&self, layer: usize, positions: usize) -> Result<Option<Crowd>> {
        after(self.encoder.get(layer), positions)
    }

    /// The same for a layer of the decoder.
    pub(super) fn in_decoder(&self, layer: usize, positions: usize) -> Result<Option<Crowd>> {
        after(self.decoder.get(layer), positions)
    }
}

fn after(layer: Option<&Tensor>, positions: usize) -> Result<Option<Crowd>> {
    let (Some(rows), first) = (layer, positions.div_ceil(EACH)) else { return Ok(None) };
    let count = rows.dim(0)?.saturating_sub(first);
    if count == 0 {
        return Ok(None);
    }
    Ok(Some(Crowd { rows: rows.narrow(0, first, count)?, each: EACH }))
}

/// Run the encoder of the model in `model` over 30 s of silence, and write what a turn needs of it to `out`.
///
/// # Errors
/// [`Error::Format`] if the model is not a Whisper of ours; [`Error::Io`].
pub fn remember(model: &Path, out: &Path) -> Result<()> {
    let encoder = Encoder::load(&mut Weights::open(model, ARCHITECTURE)?)?;
    let nothing = Tensor::full(LEVEL, (2 * encoder.positions(), BANDS), &Device::Cpu)?;
    let (layers, encoded) = encoder.observed(&nothing)?;
    let rows: Vec<u32> = (0..encoder.positions() as u32).step_by(EACH).collect();
    let rows = Tensor::new(rows, &Device::Cpu)?;
    let kept = |whole: &Tensor| -> Result<QTensor> { Ok(QTensor::quantize(&whole.index_select(&rows, 0)?, GgmlDType::F16)?) };
    let mut tensors = vec![("encoder.silence".to_owned(), kept(&encoded)?)];
    for (index, layer) in layers.iter().enumerate() {
        tensors.push((format!("encoder.{index}.silence"), kept(layer)?));
    }
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let architecture = Value::String(ARCHITECTURE.to_owned());
    let mut file = BufWriter::new(File::create(out).map_err(Error::io(out))?);
    gguf_file::write(&mut file, &[("general.architecture", &architecture)], &tensors)?;
    let file = file.into_inner().map_err(|fault| Error::Io { path: out.to_owned(), source: fault.into_error() })?;
    file.sync_all().map_err(Error::io(out))
}
