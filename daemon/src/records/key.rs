//! The database's key.
//!
//! SQLCipher takes a raw key and the 16 bytes of salt that begin its file in the clear. Half of our salt is random, and the other
//! half is made from that and the secret: so whoever opens the file knows at once whether the key is the right one, and can tell a
//! wrong key from a damaged file. The check gives nothing away that the file's own authentication codes do not.

use std::fmt::Write;

use zeroize::Zeroizing;

use crate::config::{Secret, WeakSecret};

/// Bytes of salt at the beginning of a file.
pub(super) const SALT: usize = 16;
/// How many of them are random.
const RANDOM: usize = 8;

/// What opens one file.
pub(super) struct FileKey {
    key: Zeroizing<[u8; 32]>,
    salt: [u8; SALT],
}

impl FileKey {
    /// The key of a new file.
    pub(super) fn fresh(secret: &Secret) -> Result<Self, WeakSecret> {
        Self::salted(secret, rand::random())
    }

    /// The key of the file that begins with `salt`; `None` if that file was made with another secret.
    pub(super) fn of_file(secret: &Secret, salt: [u8; SALT]) -> Result<Option<Self>, WeakSecret> {
        let mut random = [0; RANDOM];
        random.copy_from_slice(&salt[..RANDOM]);
        let key = Self::salted(secret, random)?;
        Ok((key.salt == salt).then_some(key))
    }

    fn salted(secret: &Secret, random: [u8; RANDOM]) -> Result<Self, WeakSecret> {
        let check = secret.subkey("records check", &random)?;
        let mut salt = [0; SALT];
        salt[..RANDOM].copy_from_slice(&random);
        salt[RANDOM..].copy_from_slice(&check[..SALT - RANDOM]);
        Ok(Self { key: secret.subkey("records database", &[])?, salt })
    }

    /// The statement that hands the key to SQLCipher. It is wiped from memory after use.
    pub(super) fn pragma(&self) -> Zeroizing<String> {
        // Room for all of it from the start: a growing string would leave pieces of the key behind.
        let mut pragma = Zeroizing::new(String::with_capacity(128));
        pragma.push_str("PRAGMA key = \"x'");
        for byte in self.key.iter().chain(&self.salt) {
            // Writing to a string cannot fail.
            let _ = write!(pragma, "{byte:02x}");
        }
        pragma.push_str("'\"");
        pragma
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_s_salt_tells_its_own_key_from_another() {
        let ours = Secret::new("0123456789abcdef0123456789abcdef");
        let theirs = Secret::new("fedcba9876543210fedcba9876543210");
        let made = FileKey::fresh(&ours).unwrap();
        assert_eq!(*FileKey::of_file(&ours, made.salt).unwrap().unwrap().pragma(), *made.pragma());
        assert!(FileKey::of_file(&theirs, made.salt).unwrap().is_none());
    }

    #[test]
    fn the_pragma_is_written_without_growing() {
        let pragma = FileKey::fresh(&Secret::new("0123456789abcdef0123456789abcdef")).unwrap().pragma();
        assert_eq!(pragma.capacity(), 128);
        assert_eq!(pragma.len(), "PRAGMA key = \"x''\"".len() + 2 * (32 + SALT));
    }
}
