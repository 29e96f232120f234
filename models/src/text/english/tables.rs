//! The front end's data: sorted tables of strings in one file, searched where they lie.
//!
//! A lexicon of 180,000 words as a hash map of strings costs tens of megabytes and a tenth of a second on every start. Here the
//! file is read in one piece, its offsets are checked once, and a look-up is a binary search in it: nothing is built, and a table's
//! memory is its file's. The file is read and not mapped, so that one that is truncated under a running service harms nobody.
//!
//! Layout, all numbers little-endian `u32`: the eight bytes of [`MAGIC`]; the number of sections; per section its 16-byte name
//! (zero-padded), start and length; then the sections. A table section is the number of entries `n`, `n + 1` offsets of keys, `n + 1`
//! offsets of values, all keys, all values; keys are sorted by their bytes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::{Error, Result};

const MAGIC: &[u8; 8] = b"swtable1";
const NAME: usize = 16;
const ENTRY: usize = NAME + 8;

/// Read-only tables that share one block of memory.
#[derive(Clone)]
pub struct Tables {
    path: PathBuf,
    bytes: Arc<[u8]>,
    sections: BTreeMap<String, Range<usize>>,
}

impl Tables {
    /// Read and check the file at `path`.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Format`] if a section leaves the file.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        Self::from_bytes(path, bytes).ok_or_else(|| malformed(path, "not a file of tables, or cut short"))
    }

    fn from_bytes(path: &Path, bytes: Vec<u8>) -> Option<Self> {
        let mut at = MAGIC.len();
        if bytes.get(..at)? != MAGIC {
            return None;
        }
        let count = number(&bytes, at)?;
        at += 4;
        let mut sections = BTreeMap::new();
        for _ in 0..count {
            let name = bytes.get(at..at + NAME)?;
            let name = std::str::from_utf8(name).ok()?.trim_end_matches('\0').to_owned();
            let start = number(&bytes, at + NAME)?;
            let end = start.checked_add(number(&bytes, at + NAME + 4)?)?;
            if end > bytes.len() {
                return None;
            }
            sections.insert(name, start..end);
            at += ENTRY;
        }
        Some(Self { path: path.to_owned(), bytes: bytes.into(), sections })
    }

    /// The table of that name.
    ///
    /// # Errors
    /// [`Error::Format`] if it is missing or its offsets are not in order.
    pub fn table(&self, name: &str) -> Result<Table> {
        let range = self.sections.get(name).ok_or_else(|| self.malformed(&format!("table `{name}` is missing")))?;
        Table::new(self.bytes.clone(), range.clone()).ok_or_else(|| self.malformed(&format!("table `{name}` is out of order")))
    }

    /// The plain bytes of the section of that name.
    ///
    /// # Errors
    /// [`Error::Format`] if it is missing.
    pub fn section(&self, name: &str) -> Result<&[u8]> {
        let range = self.sections.get(name).ok_or_else(|| self.malformed(&format!("section `{name}` is missing")))?;
        Ok(&self.bytes[range.clone()])
    }

    /// The error that says what is wrong with this file.
    pub(super) fn malformed(&self, what: &str) -> Error {
        malformed(&self.path, what)
    }
}

/// One sorted table from byte strings to byte strings.
#[derive(Clone)]
pub struct Table {
    bytes: Arc<[u8]>,
    len: usize,
    offsets: usize,
    keys: usize,
    values: usize,
}

impl Table {
    fn new(bytes: Arc<[u8]>, range: Range<usize>) -> Option<Self> {
        let section = &bytes[range.clone()];
        let len = number(section, 0)?;
        let offsets = len.checked_add(1)?.checked_mul(4)?;
        let keys = offsets.checked_mul(2)?.checked_add(4)?;
        let key_bytes = rising(section.get(4..4 + offsets)?)?;
        let value_bytes = rising(section.get(4 + offsets..keys)?)?;
        let values = keys.checked_add(key_bytes)?;
        if values.checked_add(value_bytes)? != section.len() {
            return None;
        }
        Some(Self { len, offsets: range.start + 4, keys: range.start + keys, values: range.start + values, bytes })
    }

    /// The value under `key`, if there is one.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<&[u8]> {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low.midpoint(high);
            match self.span(middle, self.offsets, self.keys).cmp(key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(self.span(middle, self.offsets + (self.len + 1) * 4, self.values)),
            }
        }
        None
    }

    /// The value under `key` as text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        std::str::from_utf8(self.get(key.as_bytes())?).ok()
    }

    /// Whether there is a value under `key`.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.get(key.as_bytes()).is_some()
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn span(&self, index: usize, offsets: usize, base: usize) -> &[u8] {
        let at = offsets + index * 4;
        let start = number(&self.bytes, at).unwrap_or_default();
        let end = number(&self.bytes, at + 4).unwrap_or_default();
        self.bytes.get(base + start..base + end).unwrap_or_default()
    }
}

/// Puts sections together; what comes out depends on the entries alone, not on the order in which they came.
#[derive(Default)]
pub struct TablesBuilder {
    sections: BTreeMap<String, Vec<u8>>,
}

impl TablesBuilder {
    /// Add a table.
    #[must_use]
    pub fn table(mut self, name: &str, entries: &BTreeMap<Vec<u8>, Vec<u8>>) -> Self {
        let mut section = to_u32(entries.len()).to_vec();
        section.extend(offsets(entries.keys()));
        section.extend(offsets(entries.values()));
        section.extend(entries.keys().flatten());
        section.extend(entries.values().flatten());
        self.sections.insert(name.to_owned(), section);
        self
    }

    /// Add plain bytes.
    #[must_use]
    pub fn section(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.sections.insert(name.to_owned(), bytes);
        self
    }

    /// The whole file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let mut file = MAGIC.to_vec();
        file.extend(to_u32(self.sections.len()));
        let mut at = file.len() + self.sections.len() * ENTRY;
        for (name, section) in &self.sections {
            let mut padded = [0; NAME];
            let taken = name.len().min(NAME);
            padded[..taken].copy_from_slice(&name.as_bytes()[..taken]);
            file.extend(padded);
            file.extend(to_u32(at));
            file.extend(to_u32(section.len()));
            at += section.len();
        }
        file.extend(self.sections.into_values().flatten());
        file
    }
}

fn offsets<'a>(items: impl Iterator<Item = &'a Vec<u8>>) -> Vec<u8> {
    let mut end = 0;
    let mut out = to_u32(0).to_vec();
    for item in items {
        end += item.len();
        out.extend(to_u32(end));
    }
    out
}

fn to_u32(n: usize) -> [u8; 4] {
    u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes()
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*four)).ok()
}

/// The last of a run of offsets that start at 0 and never fall.
fn rising(offsets: &[u8]) -> Option<usize> {
    let mut last = 0;
    for (index, four) in offsets.as_chunks::<4>().0.iter().enumerate() {
        let offset = usize::try_from(u32::from_le_bytes(*four)).ok()?;
        if offset < last || (index == 0 && offset != 0) {
            return None;
        }
        last = offset;
    }
    Some(last)
}

fn malformed(path: &Path, what: &str) -> Error {
    Error::Format { path: path.to_owned(), what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn file(entries: &BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<u8> {
        TablesBuilder::default().section("plain", b"text".to_vec()).table("words", entries).finish()
    }

    fn open(bytes: Vec<u8>) -> Option<Table> {
        Tables::from_bytes(Path::new("t"), bytes)?.table("words").ok()
    }

    proptest! {
        #[test]
        fn every_entry_is_found_and_nothing_else(
            entries in proptest::collection::btree_map("[a-d]{0,4}".prop_map(String::into_bytes), any::<Vec<u8>>(), 0..40),
            other in "[a-e]{0,5}",
        ) {
            let table = open(file(&entries)).unwrap();
            prop_assert_eq!(table.len(), entries.len());
            for (key, value) in &entries {
                prop_assert_eq!(table.get(key), Some(value.as_slice()));
            }
            prop_assert_eq!(table.has(&other), entries.contains_key(other.as_bytes()));
        }

        #[test]
        fn a_damaged_file_is_refused_or_read_but_never_panics(at in 0_usize..200, to in any::<u8>(), cut in 0_usize..200) {
            let entries = BTreeMap::from([(b"ab".to_vec(), b"12".to_vec()), (b"cd".to_vec(), b"3".to_vec())]);
            let mut bytes = file(&entries);
            if let Some(byte) = bytes.get_mut(at) {
                *byte = to;
            }
            bytes.truncate(cut);
            if let Some(table) = open(bytes) {
                let _ = (table.text("ab"), table.text("zz"));
            }
        }
    }

    #[test]
    fn a_file_cut_short_is_refused() {
        let mut bytes = file(&BTreeMap::from([(b"ab".to_vec(), b"12".to_vec())]));
        bytes.pop();
        assert!(open(bytes).is_none());
    }
}
