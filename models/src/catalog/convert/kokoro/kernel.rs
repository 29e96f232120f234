//! The weights of a convolution, from the order in which they are trained to rows that are multiplied.

/// Values that share a scale in Q8_0.
const BLOCK: usize = 32;

/// A convolution's weights as they are trained: `[outputs][inputs][taps]`.
pub(super) struct Kernel {
    pub outputs: usize,
    pub inputs: usize,
    pub taps: usize,
    pub data: Vec<f32>,
}

impl Kernel {
    /// `[outputs][taps][width]`, the first of `width` being the inputs.
    pub fn tap_by_tap(&self, width: usize) -> Vec<f32> {
        let Self { outputs, inputs, taps, data } = self;
        let mut out = vec![0.0; outputs * taps * width];
        for (index, row) in out.chunks_exact_mut(width).enumerate() {
            let (output, tap) = (index / taps, index % taps);
            for (input, value) in row.iter_mut().enumerate().take(*inputs) {
                *value = data[(output * inputs + input) * taps + tap];
            }
        }
        out
    }

    /// Of a transposed convolution, `[inputs][outputs][2 stride]`: frame `q` and the one before it give the `stride` frames from `q stride` on.
    /// Tap `r` of frame `q` and tap `r + stride` of frame `q - 1` meet in the frame `r` of them: `[stride][outputs][2][inputs]`.
    pub fn over_two_frames(&self) -> Vec<f32> {
        let Self { outputs: inputs, inputs: outputs, taps, data } = self;
        let stride = taps / 2;
        let at = |input: usize, output: usize, tap: usize| data[(input * outputs + output) * taps + tap];
        let mut weights = Vec::with_capacity(data.len());
        for r in 0..stride {
            for output in 0..*outputs {
                weights.extend((0..*inputs).map(|input| at(input, output, r + stride)));
                weights.extend((0..*inputs).map(|input| at(input, output, r)));
            }
        }
        weights
    }
}

/// So many channels, filled up to whole blocks.
pub(super) fn padded(channels: usize) -> usize {
    channels.next_multiple_of(BLOCK)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use candle_core::quantized::{GgmlDType, QTensor};
    use candle_core::{Device, Tensor};

    use super::*;
    use crate::kernels::tensor::conv::{Convolution, Walk};
    use crate::kernels::tensor::prepare::Prepare;

    fn kernel(outputs: usize, inputs: usize, taps: usize) -> Kernel {
        Kernel { outputs, inputs, taps, data: (0..outputs * inputs * taps).map(|i| (i as f32 * 0.7).sin()).collect() }
    }

    fn convolved(weights: Vec<f32>, outputs: usize, x: &Tensor, walk: Walk) -> Vec<f32> {
        let columns = weights.len() / outputs;
        let stored = QTensor::quantize(&Tensor::from_vec(weights, (outputs, columns), &Device::Cpu).unwrap(), GgmlDType::F32).unwrap();
        let y = Convolution::new(&stored, None, walk).unwrap().forward(x, &Prepare::plain(), None).unwrap();
        y.flatten_all().unwrap().to_vec1().unwrap()
    }

    fn frames(count: usize, width: usize) -> Tensor {
        Tensor::from_vec((0..count * width).map(|i| (i as f32 * 0.3).cos()).collect(), (count, width), &Device::Cpu).unwrap()
    }

    #[test]
    fn a_transposed_convolution_is_one_over_two_frames() {
        let (inputs, outputs, stride, count) = (4, 3, 6, 5);
        let kernel = kernel(inputs, outputs, 2 * stride);
        let x = frames(count, inputs);
        let walk = Walk { taps: 2, dilation: 1, stride: 1, before: 1, after: 1 };
        let ours = convolved(kernel.over_two_frames(), stride * outputs, &x, walk);
        let weight = Tensor::from_vec(kernel.data, (inputs, outputs, 2 * stride), &Device::Cpu).unwrap();
        let exact = x.t().unwrap().unsqueeze(0).unwrap().contiguous().unwrap().conv_transpose1d(&weight, 0, 0, stride, 1, 1).unwrap();
        let exact: Vec<f32> = exact.squeeze(0).unwrap().t().unwrap().flatten_all().unwrap().to_vec1().unwrap();
        assert_eq!(ours.len(), exact.len());
        assert!(ours.iter().zip(&exact).all(|(a, b)| (a - b).abs() < 1e-5));
    }

    #[test]
    fn channels_that_fill_up_a_block_change_nothing() {
        let kernel = kernel(5, 34, 3);
        let x = frames(9, 34);
        let filled = x.pad_with_zeros(1, 0, padded(34) - 34).unwrap();
        let walk = Walk::same(3, 1);
        let (ours, exact) = (convolved(kernel.tap_by_tap(64), 5, &filled, walk), convolved(kernel.tap_by_tap(34), 5, &x, walk));
        assert!(ours.iter().zip(&exact).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}
