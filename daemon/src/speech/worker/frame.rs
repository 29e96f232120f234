//! Messages on the socket: four bytes of length, then the message (postcard). Nothing longer than [`LONGEST`] is written, read, or made room for.

use std::io::{self, ErrorKind};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt};

/// No message is longer: four seconds of sound take 256 kB, the largest grammar twice that.
pub(super) const LONGEST: usize = 1 << 20;

/// The message as it is written.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] if it is too long.
pub(super) fn frame(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let frame = postcard::to_extend(message, vec![0; 4]).map_err(|error| io::Error::new(ErrorKind::InvalidInput, error))?;
    let length = frame.len().saturating_sub(4);
    let written = u32::try_from(length).ok().filter(|_| length <= LONGEST);
    let written = written.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, format!("a message of {length} bytes")))?;
    let mut frame = frame;
    if let Some(head) = frame.first_chunk_mut() {
        *head = written.to_le_bytes();
    }
    Ok(frame)
}

/// The message in these bytes, all of which it takes.
///
/// # Errors
/// [`ErrorKind::InvalidData`] if they are no such message.
pub(super) fn message<M: DeserializeOwned>(bytes: &[u8]) -> io::Result<M> {
    match postcard::take_from_bytes(bytes) {
        Ok((message, [])) => Ok(message),
        Ok((_, rest)) => Err(io::Error::new(ErrorKind::InvalidData, format!("{} bytes behind a message", rest.len()))),
        Err(error) => Err(io::Error::new(ErrorKind::InvalidData, error)),
    }
}

/// The next message; `None` if the other side is gone. Not to be given up halfway: what was read of a message would be lost.
///
/// # Errors
/// Those of the socket, and what is no message.
pub(super) async fn next<M: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<M>> {
    let mut length = [0; 4];
    if let Err(error) = from.read_exact(&mut length).await {
        return if error.kind() == ErrorKind::UnexpectedEof { Ok(None) } else { Err(error) };
    }
    let mut bytes = vec![0; expected(length)?];
    from.read_exact(&mut bytes).await?;
    message(&bytes).map(Some)
}

/// The first message, before there is a runtime.
///
/// # Errors
/// As [`next`], and if nobody is there.
pub(super) fn first<M: DeserializeOwned>(mut from: impl io::Read) -> io::Result<M> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let mut bytes = vec![0; expected(length)?];
    from.read_exact(&mut bytes)?;
    message(&bytes)
}

fn expected(length: [u8; 4]) -> io::Result<usize> {
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > LONGEST {
        return Err(io::Error::new(ErrorKind::InvalidData, format!("a message of {length} bytes")));
    }
    Ok(length)
}
