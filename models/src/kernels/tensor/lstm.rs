//! A long short-term memory (S. Hochreiter and J. Schmidhuber 1997) that reads a sequence in both directions.
//!
//! What depends on the inputs alone is one matrix product over all steps; only the product with the state goes step by step. The two
//! directions run side by side.

#![allow(unsafe_code)]

use candle_core::quantized::QTensor;
use candle_core::{Result, Tensor, bail};

use super::Isa;
use super::panels::{PANEL, Panels, ROWS};
use super::q8::Linear;
use super::rounded::Rounded;
use super::share::{tensor, with_values};
use crate::kernels::waves::{exp, tanh};
use crate::kernels::wide::wide;

/// Both directions, in Q8_0.
pub struct Lstm {
    /// Input to the gates of the forward direction, then to those of the backward one.
    input: Linear,
    recurrent: [Panels; 2],
    width: usize,
}

impl Lstm {
    /// From the weights of the inputs, `[8 width, inputs]` (gates of the forward direction, then of the backward one), their bias (the
    /// state's bias added), and for each direction the weights of the state, `[4 width, width]`. The gates are in ONNX's order: input,
    /// output, forget, cell.
    ///
    /// # Errors
    /// If the shapes do not match or a weight is not Q8_0.
    pub fn new(input: &QTensor, bias: &Tensor, recurrent: [&QTensor; 2]) -> Result<Self> {
        let input = Linear::new(input, Some(bias))?;
        let width = input.outputs() / 8;
        let [forward, backward] = recurrent;
        let recurrent = [Panels::new(Isa::best(), forward)?, Panels::new(Isa::best(), backward)?];
        if width == 0 || recurrent.iter().any(|r| r.outputs() != 4 * width || r.inputs() != width) || input.outputs() != 8 * width {
            bail!("a memory of {} gates whose state does not fit", input.outputs());
        }
        Ok(Self { input, recurrent, width })
    }

    /// `x` of shape `[steps, inputs]` to `[steps, 2 width]`: the states of the forward direction beside those of the backward one.
    ///
    /// # Errors
    /// If `x` has another shape or is not `f32` on the CPU.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let width = self.width;
        let gates = self.input.forward(x)?;
        let steps = gates.dim(0)?;
        let (forward, backward) = with_values(&gates, |gates| {
            let direction = |index: usize| {
                let gates: Vec<&[f32]> = gates.chunks_exact(8 * width).map(|row| &row[index * 4 * width..][..4 * width]).collect();
                self.states(&self.recurrent[index], &gates, index == 1)
            };
            Ok(rayon::join(|| direction(0), || direction(1)))
        })?;
        let rows = forward.chunks_exact(width).zip(backward.chunks_exact(width));
        tensor(rows.flat_map(|(forward, backward)| forward.iter().chain(backward).copied()).collect(), (steps, 2 * width))
    }

    /// The states of one direction, in the order of time.
    fn states(&self, recurrent: &Panels, gates: &[&[f32]], backwards: bool) -> Vec<f32> {
        let width = self.width;
        let mut states = vec![0.0; gates.len() * width];
        let (mut state, mut cell, mut sums) = (vec![0.0; width], vec![0.0; width], vec![0.0; 4 * width]);
        let mut rounded = Rounded::zeros(1, width);
        for step in 0..gates.len() {
            let step = if backwards { gates.len() - 1 - step } else { step };
            // SAFETY: nobody else has these rows.
            unsafe { rounded.rows_mut(recurrent.isa()).write(0, &state) };
            let row = rounded.rows(0, 1);
            for (panel, sums) in sums.chunks_mut(PANEL).enumerate() {
                let mut tile = [[0.0; PANEL]; ROWS];
                recurrent.multiply(panel, &[row; ROWS], 1, &mut tile);
                sums.copy_from_slice(&tile[0][..sums.len()]);
            }
            advance(gates[step], &sums, &mut cell, &mut state);
            states[step * width..(step + 1) * width].copy_from_slice(&state);
        }
        states
    }
}

wide! {
    /// One step: `gates` from the inputs and `more` from the state, input, output, forget, cell, each as wide as the state.
    fn advance(gates: &[f32], more: &[f32], cell: &mut [f32], state: &mut [f32]) {
        let width = state.len();
        let cell = &mut cell[..width];
        let part = |n: usize| (&gates[n * width..(n + 1) * width], &more[n * width..(n + 1) * width]);
        let ((input, more_input), (output, more_output), (forget, more_forget), (new, more_new)) = (part(0), part(1), part(2), part(3));
        for i in 0..width {
            let open = |x: f32| 1.0 / (1.0 + exp(-x));
            cell[i] = open(forget[i] + more_forget[i]) * cell[i] + open(input[i] + more_input[i]) * tanh(new[i] + more_new[i]);
            state[i] = open(output[i] + more_output[i]) * tanh(cell[i]);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::Device;
    use candle_core::quantized::GgmlDType;

    use super::*;

    fn waves(rows: usize, columns: usize, pace: f32) -> Vec<Vec<f32>> {
        (0..rows).map(|r| (0..columns).map(|c| ((r * columns + c) as f32 * pace).sin() * 0.5).collect()).collect()
    }

    fn stored(rows: &[Vec<f32>]) -> (QTensor, Vec<Vec<f32>>) {
        let weight = Tensor::new(rows.to_vec(), &Device::Cpu).unwrap();
        let stored = QTensor::quantize(&weight, GgmlDType::Q8_0).unwrap();
        let values = stored.dequantize(&Device::Cpu).unwrap().to_vec2().unwrap();
        (stored, values)
    }

    #[test]
    fn it_is_its_equations_in_both_directions() {
        let (inputs, width, steps) = (64, 32, 9);
        let (input, w) = stored(&waves(8 * width, inputs, 0.7));
        let (forward, r0) = stored(&waves(4 * width, width, 0.9));
        let (backward, r1) = stored(&waves(4 * width, width, 1.3));
        let bias: Vec<f32> = (0..8 * width).map(|i| (i as f32).cos() * 0.1).collect();
        let x = waves(steps, inputs, 0.21);
        let lstm = Lstm::new(&input, &Tensor::new(bias.as_slice(), &Device::Cpu).unwrap(), [&forward, &backward]).unwrap();
        let ours: Vec<Vec<f32>> = lstm.forward(&Tensor::new(x.clone(), &Device::Cpu).unwrap()).unwrap().to_vec2().unwrap();

        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        let open = |x: f64| 1.0 / (1.0 + (-x).exp());
        for (direction, r) in [r0, r1].iter().enumerate() {
            let (mut state, mut cell) = (vec![0.0_f32; width], vec![0.0_f64; width]);
            for step in 0..steps {
                let step = if direction == 1 { steps - 1 - step } else { step };
                let gate = |n: usize, i: usize| {
                    let row = direction * 4 * width + n * width + i;
                    dot(&w[row], &x[step]) + f64::from(bias[row]) + dot(&r[n * width + i], &state)
                };
                let next: Vec<f64> = (0..width).map(|i| open(gate(2, i)) * cell[i] + open(gate(0, i)) * gate(3, i).tanh()).collect();
                let outputs: Vec<f64> = (0..width).map(|i| open(gate(1, i))).collect();
                cell = next;
                state = outputs.iter().zip(&cell).map(|(output, cell)| (output * cell.tanh()) as f32).collect();
                for (i, exact) in state.iter().enumerate() {
                    let found = ours[step][direction * width + i];
                    // Rounding inputs and state to 8 bits leaves about this much.
                    assert!((found - exact).abs() < 0.02, "step {step}: {found} is not {exact}");
                }
            }
        }
    }

    #[test]
    fn a_state_that_does_not_fit_is_refused() {
        let (input, _) = stored(&waves(256, 64, 0.7));
        let (wrong, _) = stored(&waves(128, 64, 0.9));
        let bias = Tensor::zeros(256, candle_core::DType::F32, &Device::Cpu).unwrap();
        assert!(Lstm::new(&input, &bias, [&wrong, &wrong]).is_err());
    }
}
