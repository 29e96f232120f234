//! Matrix products in 8-bit integers: weights in GGUF's Q8_0 (blocks of 32 values with one scale), activations in the same form.
//!
//! candle's fast kernels want rows that are a multiple of 256 long, and on ARM an instruction that the Cortex-A72 lacks; SmolLM2's
//! rows are 576 long. Here [`OUTPUTS`] outputs lie side by side, four values of each at a time, which is the operand of one
//! dot-product instruction: AVX-512 VNNI, AVX2, or NEON with or without `sdot`, chosen when a matrix is packed.
//!
//! A row's result depends on that row alone, bit for bit: not on the rows beside it, nor on how many threads share the work.

#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
mod rows;
#[cfg(target_arch = "x86_64")]
mod x86;

use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};

pub use rows::Rows;

/// Values that share one scale.
pub const BLOCK: usize = 32;
/// Bytes of a block in GGUF: the scale as `f16`, then the values.
const BLOCK_BYTES: usize = 2 + BLOCK;
/// Outputs that lie side by side in a packed matrix.
pub const OUTPUTS: usize = 16;
/// Groups of four values in a block.
const GROUPS: usize = BLOCK / 4;
/// Rows that a kernel computes together, so that each weight that was loaded is used several times.
const TILE: usize = 8;

/// Four values of each of [`OUTPUTS`] outputs; one cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Group([[i8; 4]; OUTPUTS]);

/// What the products are computed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Instructions {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
    #[cfg(target_arch = "aarch64")]
    Neon,
    #[cfg(target_arch = "aarch64")]
    NeonDot,
}

impl Instructions {
    /// The best that this processor has.
    fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::is_x86_feature_detected as has;
            if has!("avx512f") && has!("avx512bw") && has!("avx512vnni") {
                return Self::Avx512Vnni;
            }
            if has!("avx2") && has!("fma") && has!("f16c") {
                return Self::Avx2;
            }
        }
        #[cfg(target_arch = "aarch64")]
        {
            return if std::arch::is_aarch64_feature_detected!("dotprod") { Self::NeonDot } else { Self::Neon };
        }
        #[allow(unreachable_code)]
        Self::Portable
    }

    /// What a stored weight is combined with by exclusive or: VNNI multiplies unsigned by signed, so it stores weights moved up by 128.
    fn mask(self) -> i8 {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Vnni => i8::MIN,
            _ => 0,
        }
    }
}

/// A weight matrix of `outputs` x `inputs`, packed for this processor.
#[derive(Debug)]
pub struct Matrix {
    instructions: Instructions,
    /// For each panel of [`OUTPUTS`] outputs, for each block of inputs: [`GROUPS`] groups.
    groups: Vec<Group>,
    /// For each panel and block, the outputs' scales as the bits of `f16`.
    scales: Vec<[u16; OUTPUTS]>,
    outputs: usize,
    blocks: usize,
}

impl Matrix {
    /// Pack matrices that share their inputs, one below the other, from GGUF's Q8_0 bytes (row after row of blocks).
    ///
    /// `None` unless `inputs` is a positive multiple of [`BLOCK`], each part is whole rows, the rows together are a multiple of
    /// [`OUTPUTS`], and every scale is a finite number.
    #[must_use]
    pub fn pack(parts: &[&[u8]], inputs: usize) -> Option<Self> {
        Self::pack_for(Instructions::best(), parts, inputs)
    }

    fn pack_for(instructions: Instructions, parts: &[&[u8]], inputs: usize) -> Option<Self> {
        let blocks = inputs / BLOCK;
        let row_bytes = blocks * BLOCK_BYTES;
        if blocks == 0 || !inputs.is_multiple_of(BLOCK) || parts.iter().any(|part| !part.len().is_multiple_of(row_bytes)) {
            return None;
        }
        let rows: Vec<&[u8]> = parts.iter().flat_map(|part| part.chunks_exact(row_bytes)).collect();
        let (panels, rest) = rows.as_chunks::<OUTPUTS>();
        if !rest.is_empty() {
            return None;
        }
        let mut groups = Vec::with_capacity(panels.len() * blocks * GROUPS);
        let mut scales = Vec::with_capacity(panels.len() * blocks);
        let mask = instructions.mask();
        for panel in panels {
            for block in 0..blocks {
                let bytes = panel.map(|row| &row[block * BLOCK_BYTES..][..BLOCK_BYTES]);
                scales.push(bytes.map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]])));
                for group in 0..GROUPS {
                    groups.push(Group(bytes.map(|bytes| std::array::from_fn(|k| symmetric(bytes[2 + group * 4 + k]) ^ mask))));
                }
            }
        }
        let finite = |bits: &u16| bits & 0x7c00 != 0x7c00;
        scales.as_flattened().iter().all(finite).then_some(Self { instructions, groups, scales, outputs: rows.len(), blocks })
    }

    /// Number of outputs.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.blocks * BLOCK
    }

    /// Write the weights of output `index` to `row`; this is how an embedding is looked up.
    ///
    /// # Panics
    /// If there is no such output, or `row` is not as long as the inputs.
    pub fn row(&self, index: usize, row: &mut [f32]) {
        assert_eq!(row.len(), self.inputs(), "the row has another length than the matrix");
        let (panel, lane) = (index / OUTPUTS, index % OUTPUTS);
        let mask = self.instructions.mask();
        for (block, values) in row.chunks_exact_mut(BLOCK).enumerate() {
            let at = panel * self.blocks + block;
            let scale = f16_to_f32(self.scales[at][lane]);
            for (group, values) in self.groups[at * GROUPS..][..GROUPS].iter().zip(values.chunks_exact_mut(4)) {
                for (value, quant) in values.iter_mut().zip(group.0[lane]) {
                    *value = scale * f32::from(quant ^ mask);
                }
            }
        }
    }

    /// Multiply every row of `rows`; the result of row `r` is `out[r * outputs..][..outputs]`.
    ///
    /// One row is shared between the threads of the rayon pool that this is called in; several are computed by the caller, who is
    /// expected to have shared them out.
    ///
    /// # Panics
    /// If the rows are not as long as the inputs, or `out` is not rows x outputs long.
    pub fn multiply(&self, rows: &Rows, out: &mut [f32]) {
        assert_eq!(rows.blocks(), self.blocks, "the rows have another length than the matrix");
        assert_eq!(out.len(), rows.count() * self.outputs, "the output has another size than the product");
        let panels = self.outputs / OUTPUTS;
        let share = panels.div_ceil(rayon::current_num_threads());
        // Below this, waking a thread costs more than it saves.
        const WORTH_SHARING: usize = 64 * 1024;
        if rows.count() == 1 && self.groups.len() * size_of::<Group>() > WORTH_SHARING {
            let shares = out.par_chunks_mut(share * OUTPUTS).with_max_len(1).enumerate();
            shares.for_each(|(index, out)| self.panels(index * share, rows, out));
        } else {
            self.panels(0, rows, out);
        }
    }

    /// The panels from `first` on, as many as `out` has room for.
    fn panels(&self, first: usize, rows: &Rows, out: &mut [f32]) {
        let width = out.len() / rows.count().max(1);
        for index in 0..width / OUTPUTS {
            let at = (first + index) * self.blocks;
            let panel = Panel { groups: &self.groups[at * GROUPS..][..self.blocks * GROUPS], scales: &self.scales[at..][..self.blocks] };
            let mut row = 0;
            while row < rows.count() {
                let sums = &mut |row: usize, sums: [f32; OUTPUTS]| out[row * width + index * OUTPUTS..][..OUTPUTS].copy_from_slice(&sums);
                row += match rows.count() - row {
                    TILE.. => self.tile::<TILE>(&panel, rows, row, sums),
                    4.. => self.tile::<4>(&panel, rows, row, sums),
                    2.. => self.tile::<2>(&panel, rows, row, sums),
                    _ => self.tile::<1>(&panel, rows, row, sums),
                };
            }
        }
    }

    /// One panel against `COUNT` rows from `first` on; hands each row's sums on and returns `COUNT`.
    #[inline]
    fn tile<const COUNT: usize>(
        &self,
        panel: &Panel<'_>,
        rows: &Rows,
        first: usize,
        sums: &mut impl FnMut(usize, [f32; OUTPUTS]),
    ) -> usize {
        let rows = rows.tile::<COUNT>(first);
        let found = match self.instructions {
            Instructions::Portable => portable::tile(panel, &rows),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2 => x86::tile_avx2(panel, &rows),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512Vnni => x86::tile_avx512(panel, &rows),
            #[cfg(target_arch = "aarch64")]
            Instructions::Neon => neon::tile::<COUNT, false>(panel, &rows),
            #[cfg(target_arch = "aarch64")]
            Instructions::NeonDot => neon::tile::<COUNT, true>(panel, &rows),
        };
        for (index, found) in found.into_iter().enumerate() {
            sums(first + index, found);
        }
        COUNT
    }
}

/// [`OUTPUTS`] outputs of a matrix.
struct Panel<'a> {
    /// [`GROUPS`] per block.
    groups: &'a [Group],
    /// One per block.
    scales: &'a [[u16; OUTPUTS]],
}

/// A stored weight. No quantizer writes -128; it is read as -127, because it has no positive counterpart in 8 bits.
fn symmetric(byte: u8) -> i8 {
    (byte as i8).max(-127)
}

/// A finite half-precision number. Exact, and vectorised by the compiler: the exponent is moved into place and its bias mended by a
/// multiplication, which also takes care of subnormal numbers.
#[inline(always)]
fn f16_to_f32(bits: u16) -> f32 {
    let magnitude = f32::from_bits((u32::from(bits) & 0x7fff) << 13) * f32::from_bits(0x7780_0000);
    f32::from_bits(magnitude.to_bits() | (u32::from(bits) & 0x8000) << 16)
}

#[cfg(test)]
mod tests;
