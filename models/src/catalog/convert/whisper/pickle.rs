//! As much of Python's pickle as a file of named tensors needs, read and never run.
//!
//! A pickle is a program for a stack machine that can call anything in Python. This reader knows dictionaries, tuples, whole numbers, texts
//! and two things to call: `OrderedDict`, which is an empty dictionary, and `_rebuild_tensor_v2`, which is a [`View`] of values that lie
//! elsewhere in the zip. Everything else it refuses. Source: CPython's `pickletools.py`, protocol 2; PyTorch's `serialization.py`.

use std::collections::HashMap;
use std::rc::Rc;

use super::Cursor;

/// Nothing in such a file is nested deeper: a tuple of a tensor's arguments, holding those of its sizes and of its storage.
const DEEPEST: u8 = 4;

/// A value of the file.
#[derive(Clone, Debug)]
pub(super) enum Value {
    None,
    Bool,
    Whole(i64),
    Text(Rc<str>),
    /// Its items, and how deep tuples lie in it.
    Tuple(Rc<[Value]>, u8),
    Dictionary(Vec<(Rc<str>, Value)>),
    /// A name in Python, `module.name`.
    Global(Rc<str>),
    Storage(Storage),
    Tensor(View),
    /// A dictionary that was kept for later, which is not needed and would have to be shared.
    Kept,
}

/// Values that lie in a member of the zip.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Storage {
    /// Their type, such as `HalfStorage`.
    pub(super) kind: Rc<str>,
    /// The member's name after `data/`.
    pub(super) key: Rc<str>,
}

/// A tensor: where its values lie in its storage, in values.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) storage: Storage,
    pub(super) offset: usize,
    pub(super) dims: Vec<usize>,
    pub(super) strides: Vec<usize>,
}

impl Value {
    fn depth(&self) -> u8 {
        if let Self::Tuple(_, depth) = self { *depth } else { 0 }
    }

    /// The entries of a dictionary.
    pub(super) fn entries(&self) -> Option<&[(Rc<str>, Value)]> {
        if let Self::Dictionary(entries) = self { Some(entries) } else { None }
    }

    /// The entry of a dictionary that has this name.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.entries()?.iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
    }

    /// A whole number that is not negative.
    pub(super) fn size(&self) -> Option<usize> {
        if let Self::Whole(number) = self { usize::try_from(*number).ok() } else { None }
    }

    fn sizes(&self) -> Option<Vec<usize>> {
        if let Self::Tuple(items, _) = self { items.iter().map(Self::size).collect() } else { None }
    }
}

/// Read a whole pickle. The error is for a reader.
pub(super) fn read(bytes: &[u8]) -> Result<Value, String> {
    let mut machine = Machine { cursor: Cursor(bytes), stack: Vec::new(), marks: Vec::new(), memo: HashMap::new() };
    while machine.step()? {}
    machine.pop()
}

struct Machine<'a> {
    cursor: Cursor<'a>,
    stack: Vec<Value>,
    /// Lengths of the stack.
    marks: Vec<usize>,
    memo: HashMap<u32, Value>,
}

impl Machine<'_> {
    /// One instruction; false after the last.
    fn step(&mut self) -> Result<bool, String> {
        let value = match self.cursor.u8()? {
            // PROTO
            0x80 => {
                let protocol = self.cursor.u8()?;
                if protocol != 2 {
                    return Err(format!("a pickle in protocol {protocol}, not 2"));
                }
                return Ok(true);
            }
            // BINPUT, LONG_BINPUT
            b'q' => {
                let place = self.cursor.u8()?.into();
                return self.keep(place);
            }
            b'r' => {
                let place = self.cursor.u32()?;
                return self.keep(place);
            }
            b'(' => {
                self.marks.push(self.stack.len());
                return Ok(true);
            }
            // SETITEM, SETITEMS
            b's' => return self.set(self.stack.len().saturating_sub(2)),
            b'u' => {
                let mark = self.mark()?;
                return self.set(mark);
            }
            b'.' => return Ok(false),
            // BINGET, LONG_BINGET
            b'h' => {
                let place = self.cursor.u8()?.into();
                self.kept(place)?
            }
            b'j' => {
                let place = self.cursor.u32()?;
                self.kept(place)?
            }
            b'}' => Value::Dictionary(Vec::new()),
            b')' => tuple(Vec::new())?,
            0x85 => self.tuple(1)?,
            0x86 => self.tuple(2)?,
            0x87 => self.tuple(3)?,
            b't' => {
                let mark = self.mark()?;
                tuple(self.stack.split_off(mark))?
            }
            b'N' => Value::None,
            0x88 | 0x89 => Value::Bool,
            // BININT1, BININT2, BININT
            b'K' => Value::Whole(self.cursor.u8()?.into()),
            b'M' => Value::Whole(self.cursor.u16()?.into()),
            b'J' => Value::Whole(i64::from(self.cursor.u32()?.cast_signed())),
            // BINUNICODE
            b'X' => {
                let length = self.cursor.u32()? as usize;
                Value::Text(text(self.cursor.take(length)?)?)
            }
            b'c' => {
                let module = self.line()?.to_owned();
                Value::Global(format!("{module}.{}", self.line()?).into())
            }
            // BINPERSID
            b'Q' => storage(&self.pop()?)?,
            b'R' => {
                let (arguments, called) = (self.pop()?, self.pop()?);
                call(&called, &arguments)?
            }
            other => return Err(format!("a pickle with the instruction {other:#04x}, which no file of tensors needs")),
        };
        self.stack.push(value);
        Ok(true)
    }

    fn pop(&mut self) -> Result<Value, String> {
        self.stack.pop().ok_or_else(|| "a pickle takes more than it has".to_owned())
    }

    fn mark(&mut self) -> Result<usize, String> {
        self.marks.pop().filter(|mark| *mark <= self.stack.len()).ok_or_else(|| "a pickle without a mark where one is needed".to_owned())
    }

    fn keep(&mut self, place: u32) -> Result<bool, String> {
        let value = match self.stack.last().ok_or("a pickle keeps what it does not have")? {
            Value::Dictionary(_) => Value::Kept,
            value => value.clone(),
        };
        self.memo.insert(place, value);
        Ok(true)
    }

    fn kept(&self, place: u32) -> Result<Value, String> {
        self.memo.get(&place).cloned().ok_or_else(|| format!("a pickle recalls {place}, which it did not keep"))
    }

    fn tuple(&mut self, count: usize) -> Result<Value, String> {
        let first = self.stack.len().checked_sub(count).ok_or("a pickle takes more than it has")?;
        tuple(self.stack.split_off(first))
    }

    /// Put what lies from `first` on, names and values by turns, into the dictionary below.
    fn set(&mut self, first: usize) -> Result<bool, String> {
        let mut items = self.stack.split_off(first.min(self.stack.len())).into_iter();
        let Some(Value::Dictionary(entries)) = self.stack.last_mut() else { return Err("a pickle fills what is no dictionary".to_owned()) };
        while let Some(key) = items.next() {
            let (Value::Text(key), Some(value)) = (key, items.next()) else {
                return Err("a dictionary whose names are no texts".to_owned());
            };
            // Two levels: what the file holds, and the tensors among it.
            if value.entries().is_some_and(|inner| inner.iter().any(|(_, value)| value.entries().is_some())) {
                return Err("dictionaries within dictionaries within dictionaries".to_owned());
            }
            entries.push((key, value));
        }
        Ok(true)
    }

    fn line(&mut self) -> Result<&str, String> {
        let length = self.cursor.0.iter().position(|byte| *byte == b'\n').ok_or("a pickle ends in a name")?;
        let line = self.cursor.take(length)?;
        self.cursor.take(1)?;
        std::str::from_utf8(line).map_err(|_| "a name is not UTF-8".to_owned())
    }
}

fn text(bytes: &[u8]) -> Result<Rc<str>, String> {
    std::str::from_utf8(bytes).map(Rc::from).map_err(|_| "a text is not UTF-8".to_owned())
}

fn tuple(items: Vec<Value>) -> Result<Value, String> {
    let depth = 1 + items.iter().map(Value::depth).max().unwrap_or(0);
    if depth > DEEPEST || items.iter().any(|item| item.entries().is_some_and(|entries| !entries.is_empty())) {
        return Err("a tuple with more in it than any tensor has".to_owned());
    }
    Ok(Value::Tuple(items.into(), depth))
}

/// `("storage", type, key, device, count)`.
fn storage(value: &Value) -> Result<Value, String> {
    if let Value::Tuple(items, _) = value
        && let [Value::Text(what), Value::Global(kind), Value::Text(key), ..] = &**items
        && &**what == "storage"
        && let Some(kind) = kind.strip_prefix("torch.")
    {
        return Ok(Value::Storage(Storage { kind: kind.into(), key: Rc::clone(key) }));
    }
    Err("a pickle names values that are no storage".to_owned())
}

fn call(called: &Value, arguments: &Value) -> Result<Value, String> {
    let Value::Global(name) = called else { return Err("a pickle calls what is no name".to_owned()) };
    match (&**name, arguments) {
        ("collections.OrderedDict", Value::Tuple(items, _)) if items.is_empty() => Ok(Value::Dictionary(Vec::new())),
        ("torch._utils._rebuild_tensor_v2", Value::Tuple(items, _)) => {
            let [Value::Storage(storage), offset, dims, strides, ..] = &**items else {
                return Err("a tensor with other arguments than a tensor's".to_owned());
            };
            match (offset.size(), dims.sizes(), strides.sizes()) {
                (Some(offset), Some(dims), Some(strides)) if dims.len() == strides.len() => {
                    Ok(Value::Tensor(View { storage: storage.clone(), offset, dims, strides }))
                }
                _ => Err("a tensor whose sizes are no sizes".to_owned()),
            }
        }
        (other, _) => Err(format!("a pickle that would call `{other}`, which no file of tensors needs")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    /// `{'dims': {'n': 300}, 'state': OrderedDict(w=tensor)}`, as Python 3 with protocol 2 writes it.
    const FILE: &[u8] = b"\x80\x02}q\x00(X\x04\x00\x00\x00dimsq\x01}q\x02X\x01\x00\x00\x00nq\x03M,\x01sX\x05\x00\x00\x00stateq\x04\
        ccollections\nOrderedDict\nq\x05)Rq\x06X\x01\x00\x00\x00wq\x07ctorch._utils\n_rebuild_tensor_v2\nq\x08((X\x07\x00\x00\x00storageq\x09\
        ctorch\nHalfStorage\nq\x0aX\x01\x00\x00\x007q\x0bX\x03\x00\x00\x00cpuq\x0cK\x06tq\x0dQK\x00K\x03K\x02\x86q\x0eK\x01K\x03\x86q\x0f\
        \x89h\x05)Rq\x10tq\x11Rq\x12su.";

    #[test]
    fn tensors_and_sizes_are_read() {
        let file = read(FILE).unwrap();
        assert_eq!(file.get("dims").unwrap().get("n").unwrap().size(), Some(300));
        let tensor = file.get("state").and_then(|state| state.get("w"));
        let view = tensor.and_then(|value| if let Value::Tensor(view) = value { Some(view) } else { None }).unwrap();
        assert_eq!(view.storage, Storage { kind: "HalfStorage".into(), key: "7".into() });
        assert_eq!((view.offset, view.dims.as_slice(), view.strides.as_slice()), (0, &[3, 2][..], &[1, 3][..]));
    }

    #[test]
    fn what_would_call_anything_else_is_refused() {
        for program in [
            &b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R."[..],
            b"\x80\x02cposix\nsystem\n)R.",
            b"\x80\x02(X\x01\x00\x00\x00ai__main__\nf\n.",
        ] {
            assert!(read(program).is_err());
        }
    }

    #[test]
    fn neither_a_bomb_nor_a_tower_is_built() {
        let mut bomb = b"\x80\x02)q\x00".to_vec();
        bomb.extend(b"h\x00h\x00\x86q\x00".repeat(100));
        assert!(read(&bomb).is_err());
        assert!(read(&[b"\x80\x02".as_slice(), &b"}X\x01\x00\x00\x00a".repeat(50_000), &b"s".repeat(50_000), b"."].concat()).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40), at in 0_usize..300) {
            let mut file = FILE.to_vec();
            let at = at.min(file.len());
            let end = (at + bytes.len()).min(file.len());
            file.splice(at..end, bytes);
            let _ = read(&file);
        }
    }
}
