//! Sharing a loop out over threads, and the way between tensors and slices.

#![allow(unsafe_code)]

use std::ops::Range;

use candle_core::{CpuStorage, Device, Result, Shape, Storage, Tensor, bail};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Run `f` on parts of `0..count`, on the threads of the rayon pool that this is called in. Parts are disjoint and cover the range.
///
/// There are more parts than threads, so that a thread which the system takes away for a while is not waited for. candle's own pool
/// waits at a barrier, spinning: a tenth faster on idle cores, and four times slower beside other work.
pub(super) fn parallel(count: usize, f: impl Fn(Range<usize>) + Sync) {
    const PARTS: usize = 2;
    let threads = rayon::current_num_threads();
    if threads == 1 || count <= 1 {
        return f(0..count);
    }
    let share = count.div_ceil(PARTS * threads);
    (0..count.div_ceil(share)).into_par_iter().for_each(|part| f(part * share..count.min((part + 1) * share)));
}

/// An output that several threads write, each its own part.
pub(super) struct Shared<'a, T> {
    start: *mut T,
    len: usize,
    borrow: std::marker::PhantomData<&'a mut [T]>,
}

// SAFETY: the pointer stands for the exclusive borrow `'a`; `part` makes its callers promise that parts do not overlap.
unsafe impl<T: Send> Sync for Shared<'_, T> {}

impl<'a, T> Shared<'a, T> {
    pub(super) fn new(slice: &'a mut [T]) -> Self {
        Self { start: slice.as_mut_ptr(), len: slice.len(), borrow: std::marker::PhantomData }
    }

    /// The part `range`, empty if the range does not lie within the slice.
    ///
    /// # Safety
    /// While the part is in use, no other part that overlaps it may be.
    #[allow(clippy::mut_from_ref)]
    pub(super) unsafe fn part(&self, range: Range<usize>) -> &mut [T] {
        if range.start > range.end || range.end > self.len {
            return &mut [];
        }
        // SAFETY: the range lies within the borrowed slice (checked above), and the caller keeps parts disjoint.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(range.start), range.len()) }
    }
}

/// Read a tensor's values in place.
///
/// # Errors
/// If the tensor is not `f32`, not contiguous, or not in main memory.
pub(super) fn with_values<R>(tensor: &Tensor, f: impl FnOnce(&[f32]) -> Result<R>) -> Result<R> {
    let (storage, layout) = tensor.storage_and_layout();
    let Storage::Cpu(CpuStorage::F32(values)) = &*storage else {
        bail!("this kernel takes f32 tensors on the CPU, not {:?} on {:?}", tensor.dtype(), tensor.device().location());
    };
    let Some((start, end)) = layout.contiguous_offsets() else {
        bail!("this kernel takes contiguous tensors, not {:?}", layout.stride());
    };
    f(&values[start..end])
}

/// A tensor made of what a kernel wrote.
pub(super) fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> Result<Tensor> {
    Tensor::from_vec(values, shape.into(), &Device::Cpu)
}
