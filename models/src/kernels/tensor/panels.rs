//! Q8_0 weights, laid out for the product: *panels* of [`PANEL`] outputs, in which four consecutive inputs of all sixteen outputs lie side by
//! side, the shape of one 512-bit `vpdpbusd` or of four `sdot`. A panel stays in the first-level cache while all rows of activations pass by
//! it.

#![allow(unsafe_code)]

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Result, bail};

use super::Isa;
use super::rounded::{BLOCK, Row};

/// Outputs that are computed side by side.
pub(super) const PANEL: usize = 16;
/// The most rows of activations that one pass over a panel serves.
pub(super) const ROWS: usize = 8;
/// The bytes of one Q8_0 block in a GGUF file: an `f16` scale and the integers.
const STORED_BLOCK: usize = 2 + BLOCK;

/// What one pass over a panel leaves: [`PANEL`] sums for each of its rows.
pub(super) type Sums = [[f32; PANEL]; ROWS];

/// A weight matrix, laid out for this processor.
pub(super) struct Panels {
    isa: Isa,
    outputs: usize,
    inputs: usize,
    /// `[panel][block][output in panel]`, or without blocks if [`Panels::even`].
    scales: Vec<f32>,
    /// Every output has one scale for all its blocks: so it is where the publisher quantized a whole matrix or its rows.
    even: bool,
    /// `[panel][block][four inputs][output in panel][input in four]`; on AVX-512 offset by 128, since `vpdpbusd` wants one side unsigned.
    weights: Vec<i8>,
}

impl Panels {
    /// Lay out `weight`, Q8_0 of shape `[outputs, inputs]`.
    ///
    /// # Errors
    /// If the weight is not Q8_0, or `inputs` is not a multiple of 32.
    pub(super) fn new(isa: Isa, weight: &QTensor) -> Result<Self> {
        let isa = if Isa::available().contains(&isa) { isa } else { Isa::Portable };
        let (outputs, inputs) = weight.shape().dims2()?;
        if weight.dtype() != GgmlDType::Q8_0 || !inputs.is_multiple_of(BLOCK) {
            bail!("a Q8_0 weight with inputs in multiples of {BLOCK} is needed, not {:?} {outputs}x{inputs}", weight.dtype());
        }
        let blocks = inputs / BLOCK;
        let (mut scales, weights) = lay_out(isa, &weight.data()?, outputs, blocks)?;
        let even = blocks > 0
            && scales.chunks_exact(blocks.max(1) * PANEL).all(|panel| panel.chunks_exact(PANEL).all(|block| block == &panel[..PANEL]));
        if even {
            scales = scales.chunks_exact(blocks.max(1) * PANEL).flat_map(|panel| &panel[..PANEL]).copied().collect();
        }
        Ok(Self { isa, outputs, inputs, scales, even, weights })
    }

    pub(super) fn isa(&self) -> Isa {
        self.isa
    }

    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }

    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }

    #[cfg(test)]
    pub(super) fn is_even(&self) -> bool {
        self.even
    }

    /// The weights of one output as `f32`. There must be such an output.
    pub(super) fn output(&self, output: usize) -> Vec<f32> {
        let (panel, lane) = (output / PANEL, output % PANEL);
        let blocks = self.inputs / BLOCK;
        let offset = if offsets_weights(self.isa) { i8::MIN } else { 0 };
        (0..self.inputs)
            .map(|input| {
                let block = panel * blocks + input / BLOCK;
                let weight = self.weights[block * BLOCK * PANEL + place(input % BLOCK, lane)] ^ offset;
                f32::from(weight) * self.scales[if self.even { panel } else { block } * PANEL + lane]
            })
            .collect()
    }

    /// The sums of the first `count` of `rows` with one panel. Rows past `count` must be as long as the others.
    pub(super) fn multiply(&self, panel: usize, rows: &[Row<'_>; ROWS], count: usize, sums: &mut Sums) {
        let blocks = self.inputs / BLOCK;
        let count_of_scales = if self.even { PANEL } else { blocks * PANEL };
        let scales = Scales { values: &self.scales[panel * count_of_scales..][..count_of_scales], even: self.even };
        let weights = &self.weights[panel * blocks * BLOCK * PANEL..][..blocks * BLOCK * PANEL];
        match self.isa {
            // SAFETY: panels are laid out only for an instruction set that this processor has.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512Vnni => unsafe { super::x86_64::multiply_avx512(scales, weights, rows, count, sums) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => unsafe { super::x86_64::multiply_avx2(scales, weights, rows, count, sums) },
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            Isa::NeonDot => unsafe { super::aarch64::multiply_dot(scales, weights, rows, count, sums) },
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => unsafe { super::aarch64::multiply_neon(scales, weights, rows, count, sums) },
            Isa::Portable => multiply_portable(scales, weights, rows, count, sums),
        }
    }
}

/// The scales of one panel.
#[derive(Clone, Copy)]
pub(super) struct Scales<'a> {
    /// [`PANEL`] of each block, or [`PANEL`] for all blocks.
    pub(super) values: &'a [f32],
    pub(super) even: bool,
}

impl Scales<'_> {
    /// From one block's scales to the next.
    pub(super) fn step(self) -> usize {
        if self.even { 0 } else { PANEL }
    }

    /// Of how many blocks there are scales.
    #[cfg_attr(
        not(any(target_arch = "x86_64", target_arch = "aarch64")),
        expect(dead_code, reason = "only kernels that read memory by themselves have to ask")
    )]
    pub(super) fn blocks(self) -> usize {
        match (self.even, self.values.len() / PANEL) {
            (true, 1..) => usize::MAX,
            (_, blocks) => blocks,
        }
    }
}

/// Whether this form of the kernel keeps its weights offset by 128.
fn offsets_weights(isa: Isa) -> bool {
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512Vnni => true,
        _ => false,
    }
}

/// Where in a block of a panel a weight lies.
fn place(input: usize, lane: usize) -> usize {
    (input / 4) * PANEL * 4 + lane * 4 + input % 4
}

/// From GGUF's rows of blocks to panels.
fn lay_out(isa: Isa, stored: &[u8], outputs: usize, blocks: usize) -> Result<(Vec<f32>, Vec<i8>)> {
    if stored.len() != outputs * blocks * STORED_BLOCK {
        bail!("{} bytes for a Q8_0 weight of {outputs} x {blocks} blocks", stored.len());
    }
    let panels = outputs.div_ceil(PANEL);
    let offset = if offsets_weights(isa) { i8::MIN } else { 0 };
    let mut scales = vec![0.0; panels * blocks * PANEL];
    let mut weights = vec![offset; panels * blocks * BLOCK * PANEL];
    for (index, block) in stored.chunks_exact(STORED_BLOCK).enumerate() {
        let (output, block_in_row) = (index / blocks, index % blocks);
        let (panel, lane) = (output / PANEL, output % PANEL);
        let to = panel * blocks + block_in_row;
        scales[to * PANEL + lane] = half::f16::from_le_bytes([block[0], block[1]]).to_f32();
        let panel_block = &mut weights[to * BLOCK * PANEL..][..BLOCK * PANEL];
        for (four, values) in block[2..].chunks_exact(4).enumerate() {
            let at = place(four * 4, lane);
            for (to, from) in panel_block[at..at + 4].iter_mut().zip(values) {
                *to = from.cast_signed() ^ offset;
            }
        }
    }
    Ok((scales, weights))
}

fn multiply_portable(scales: Scales<'_>, weights: &[i8], rows: &[Row<'_>; ROWS], count: usize, sums: &mut Sums) {
    for (row, sums) in rows.iter().zip(sums).take(count) {
        *sums = [0.0; PANEL];
        for (block, weights) in weights.chunks_exact(BLOCK * PANEL).enumerate() {
            let scales = &scales.values[block * scales.step()..][..PANEL];
            let mut dots = [0_i32; PANEL];
            let inputs = row.values[block * BLOCK..][..BLOCK].chunks_exact(4);
            for (inputs, weights) in inputs.zip(weights.chunks_exact(PANEL * 4)) {
                for (dot, weights) in dots.iter_mut().zip(weights.chunks_exact(4)) {
                    *dot += inputs.iter().zip(weights).map(|(x, w)| i32::from(*x) * i32::from(*w)).sum::<i32>();
                }
            }
            for ((sum, dot), scale) in sums.iter_mut().zip(dots).zip(scales) {
                *sum += dot as f32 * (scale * row.scales[block]);
            }
        }
    }
}
