//! Rotary position embeddings on a part of each head: pairs of neighbouring values are turned by an angle that grows with the position.
//!
//! Source: J. Su et al., *RoFormer: enhanced transformer with rotary position embedding*, 2021; pairs lie side by side, as there.

#![allow(unsafe_code)]

use candle_core::{Result, Tensor, bail};

use super::share::{Shared, parallel, tensor, with_values};

/// By how much each pair is turned from one position to the next, in radians.
#[derive(Clone, Debug)]
pub struct Rotary {
    frequencies: Vec<f32>,
}

/// The turns of some consecutive positions.
#[derive(Clone, Debug)]
pub struct Angles {
    pairs: usize,
    /// Per position and pair: cosine and sine.
    turns: Vec<[f32; 2]>,
}

impl Rotary {
    /// With one frequency for each pair; what of a head lies beyond the pairs is not turned.
    ///
    /// # Errors
    /// If there is none, or one is not a finite number.
    pub fn new(frequencies: &Tensor) -> Result<Self> {
        let frequencies = frequencies.to_vec1::<f32>()?;
        if frequencies.is_empty() || frequencies.iter().any(|frequency| !frequency.is_finite()) {
            bail!("rotary frequencies {frequencies:?}");
        }
        Ok(Self { frequencies })
    }

    /// How many values of a head are turned.
    #[must_use]
    pub fn width(&self) -> usize {
        2 * self.frequencies.len()
    }

    /// The turns of `count` positions from `first` on.
    #[must_use]
    pub fn angles(&self, first: usize, count: usize) -> Angles {
        let positions = (first..first + count).map(|position| position as f32);
        let turn = |angle: f32| [angle.cos(), angle.sin()];
        let turns = positions.flat_map(|position| self.frequencies.iter().map(move |frequency| turn(position * frequency)));
        Angles { pairs: self.frequencies.len(), turns: turns.collect() }
    }
}

impl Angles {
    /// Turn the queries and keys in `qkv`, of shape `[positions, 3 width]` with queries, keys and values side by side, each of `heads` heads.
    ///
    /// # Errors
    /// If there are other positions, a head is narrower than what is turned, or the tensor is not `f32` on the CPU.
    pub fn turn(&self, qkv: &Tensor, heads: usize) -> Result<Tensor> {
        /// Fewer rows than this are not worth waking a thread for.
        const MANY: usize = 16;
        let (rows, columns) = qkv.dims2()?;
        let width = columns / 3;
        if heads == 0 || !columns.is_multiple_of(3) || !width.is_multiple_of(heads) || width / heads < 2 * self.pairs {
            bail!("{columns} columns are not three times {heads} heads of at least {}", 2 * self.pairs);
        }
        if self.turns.len() != rows * self.pairs {
            bail!("turns of {} positions for {rows}", self.turns.len() / self.pairs);
        }
        let mut out = with_values(qkv, |qkv| Ok(qkv.to_vec()))?;
        let shared = Shared::new(&mut out);
        let turn = |rows: std::ops::Range<usize>| {
            for row in rows {
                // SAFETY: each row is given to one thread.
                let out = unsafe { shared.part(row * columns..row * columns + 2 * width) };
                let turns = &self.turns[row * self.pairs..][..self.pairs];
                for head in out.chunks_exact_mut(width / heads) {
                    for (pair, [cos, sin]) in head.as_chunks_mut::<2>().0.iter_mut().zip(turns) {
                        let [x, y] = *pair;
                        *pair = [x * cos - y * sin, y * cos + x * sin];
                    }
                }
            }
        };
        if rows < MANY {
            turn(0..rows);
        } else {
            parallel(rows, turn);
        }
        tensor(out, (rows, columns))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::Device;

    use super::*;

    fn rotary() -> Rotary {
        Rotary::new(&Tensor::new(&[1.0_f32, 0.1], &Device::Cpu).unwrap()).unwrap()
    }

    fn waves(rows: usize, columns: usize) -> Tensor {
        Tensor::arange(0.0_f32, (rows * columns) as f32, &Device::Cpu).unwrap().sin().unwrap().reshape((rows, columns)).unwrap()
    }

    #[test]
    fn queries_and_keys_are_turned_and_all_else_stays() {
        // Two heads of five, of which four are turned.
        let (qkv, first) = (waves(20, 30), 3);
        let (before, after) = (qkv.to_vec2::<f32>().unwrap(), rotary().angles(first, 20).turn(&qkv, 2).unwrap().to_vec2::<f32>().unwrap());
        for (row, (before, after)) in before.iter().zip(&after).enumerate() {
            assert_eq!(before[20..], after[20..], "values");
            for head in 0..4 {
                let (x, y) = (&before[head * 5..][..5], &after[head * 5..][..5]);
                assert!((x[4] - y[4]).abs() < 1e-9, "beyond the pairs");
                for (pair, frequency) in [1.0_f32, 0.1].iter().enumerate() {
                    let (sin, cos) = ((first + row) as f32 * frequency).sin_cos();
                    let exact = [x[2 * pair] * cos - x[2 * pair + 1] * sin, x[2 * pair + 1] * cos + x[2 * pair] * sin];
                    assert!((exact[0] - y[2 * pair]).abs() < 1e-6 && (exact[1] - y[2 * pair + 1]).abs() < 1e-6);
                }
            }
        }
    }

    #[test]
    fn a_position_is_turned_the_same_alone_and_among_others() {
        let (qkv, rotary) = (waves(40, 30), rotary());
        let all = rotary.angles(0, 40).turn(&qkv, 2).unwrap();
        let one = rotary.angles(17, 1).turn(&qkv.narrow(0, 17, 1).unwrap(), 2).unwrap();
        assert_eq!(all.narrow(0, 17, 1).unwrap().to_vec2::<f32>().unwrap(), one.to_vec2::<f32>().unwrap());
    }

    #[test]
    fn other_positions_and_narrow_heads_are_refused() {
        assert!(rotary().angles(0, 3).turn(&waves(4, 30), 2).is_err());
        assert!(rotary().angles(0, 4).turn(&waves(4, 30), 5).is_err());
        assert!(Rotary::new(&Tensor::new(&[f32::NAN], &Device::Cpu).unwrap()).is_err());
    }
}
