//! Keys made from a secret: one for each purpose, so that no two things are ever encrypted under the same one.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Secret;

/// No secret that keys are made from is shorter. A random one of 32 characters, even in hexadecimal, holds 128 bits: nobody guesses
/// it, so it needs no slow derivation.
const SHORTEST: usize = 32;

/// A secret is too short to make keys from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key is shorter than 32 characters and could be guessed: make one with `openssl rand -base64 32`")]
pub struct WeakSecret;

impl Secret {
    /// The key for one `purpose`, and for one `context` in it, such as one file (HKDF with SHA-256, RFC 5869). Nobody who learns it
    /// learns the secret or another purpose's key.
    ///
    /// # Errors
    /// If the secret is shorter than 32 characters.
    pub fn subkey(&self, purpose: &'static str, context: &[u8]) -> Result<Zeroizing<[u8; 32]>, WeakSecret> {
        if self.reveal().len() < SHORTEST {
            return Err(WeakSecret);
        }
        let mut key = Zeroizing::new([0; 32]);
        // The zero byte ends the purpose, so that no purpose with its context reads like another.
        Hkdf::<Sha256>::new(Some(b"switchhook"), self.reveal().as_bytes())
            .expand_multi_info(&[purpose.as_bytes(), &[0], context], key.as_mut())
            .map_err(|_| WeakSecret)?;
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_purpose_and_context_has_its_own_key() {
        let secret = Secret::new("0123456789abcdef0123456789abcdef");
        let keys =
            [secret.subkey("a", b"x"), secret.subkey("a", b"y"), secret.subkey("b", b"x"), secret.subkey("ax", b"")].map(Result::unwrap);
        for (i, key) in keys.iter().enumerate() {
            assert!(!keys[..i].contains(key));
        }
        assert_eq!(secret.subkey("a", b"x").unwrap(), keys[0]);
    }

    #[test]
    fn a_short_secret_makes_no_key() {
        assert_eq!(Secret::new("0123456789abcdef0123456789abcde").subkey("a", b"").unwrap_err(), WeakSecret);
    }
}
