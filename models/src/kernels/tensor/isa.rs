//! Which instructions this processor has.

use std::sync::OnceLock;

/// An instruction set that a kernel has a form for, from the plainest up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Isa {
    /// What every processor of the target has.
    Portable,
    /// AVX2 and FMA: x86 since 2013.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 F, BW, VL and VNNI: x86 servers since 2019.
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
    /// NEON without dot products: Cortex-A53, A57, A72.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// NEON with `sdot`: Cortex-A55, A76 and later.
    #[cfg(target_arch = "aarch64")]
    NeonDot,
}

impl Isa {
    /// The best one here. Looked up once.
    #[must_use]
    pub fn best() -> Self {
        static BEST: OnceLock<Isa> = OnceLock::new();
        *BEST.get_or_init(|| Self::available().last().copied().unwrap_or(Self::Portable))
    }

    /// All that this processor has, from the plainest up.
    #[must_use]
    pub fn available() -> Vec<Self> {
        #[allow(unused_mut)]
        let mut all = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                all.push(Self::Avx2);
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vnni")
                {
                    all.push(Self::Avx512Vnni);
                }
            }
        }
        #[cfg(target_arch = "aarch64")]
        {
            all.push(Self::Neon);
            if std::arch::is_aarch64_feature_detected!("dotprod") {
                all.push(Self::NeonDot);
            }
        }
        all
    }
}
