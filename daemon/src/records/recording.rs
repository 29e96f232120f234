//! The sound of a call, kept on the disk, with the caller's consent only: [`Recordings::start`] takes the proof of it, which nothing
//! but a yes to a fully played question yields.
//!
//! A recording is a 16-bit WAV of two channels, the caller on the left and the robot on the right, and is never in the clear on the
//! disk: each second is sealed with ChaCha20-Poly1305 before it is written, in the STREAM construction (Hoang, Reyhanitabar, Rogaway,
//! Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015), which notices seconds that are missing,
//! exchanged or cut off. Every file has its own key, made from the records' key, its own salt and its call's name. That cipher needs no
//! hardware of its own to be fast on the smallest board, and is one small crate.
//!
//! One second at most is in memory, and a thread per recording does the writing. The file is called `.part` until it is whole; a
//! `.part` that a crash left behind, or whose recording was dropped, is removed.
//!
//! Layout: 8 bytes `SWHKREC1`, 32 bytes of salt, then per second 32,000 bytes of samples and a tag of 16; the last may be shorter.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use tokio::sync::{mpsc, oneshot};
use zeroize::{Zeroize, Zeroizing};

use super::CallId;
use crate::config::{Secret, WeakSecret};
use crate::media::{FRAME_SAMPLES, Frame, SAMPLE_RATE};
use crate::policy::consent::RecordingConsent;

/// How every recording begins: the format and its version.
const MAGIC: &[u8; 8] = b"SWHKREC1";
const SALT: usize = 32;
const TAG: usize = 16;
/// Two channels of 16 bits.
const BYTES_PER_SAMPLE: usize = 4;
/// What is sealed at once: a second.
const CHUNK: usize = SAMPLE_RATE as usize * BYTES_PER_SAMPLE;
/// Seconds that may wait for the disk. A disk that is further behind ends the recording.
const WAITING: usize = 4;
const ENDING: &str = "wav.sealed";

/// Why a call could not be recorded, or a recording not be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The key is too short.
    #[error("recordings cannot be encrypted: {0}")]
    WeakKey(#[from] WeakSecret),
    /// The disk refuses.
    #[error("{path}: {source}; the folder must belong to the service's user and have room")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The disk is too slow, or refused earlier; `Recording::finish` tells which.
    #[error("the disk did not keep up with the call; what was recorded of it is discarded")]
    Behind,
    /// The file is not what was written, or was written with another key or for another call.
    #[error("{path} is damaged, or was written with another key or for another call; restore it from a backup")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
}

/// The folder of recordings.
#[derive(Clone)]
pub struct Recordings {
    dir: PathBuf,
    secret: Secret,
}

impl Recordings {
    /// The recordings in `dir`, which is made if it is not there, sealed with keys made from `secret`, the records' key. What a crash
    /// left unfinished is removed. Blocking: it is called while starting.
    ///
    /// # Errors
    /// If the folder cannot be used or the key is too short.
    pub fn open(dir: &Path, secret: &Secret) -> Result<Self, RecordingError> {
        secret.subkey("recording", &[])?;
        let failed = |source| RecordingError::Disk { path: dir.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed)?;
        for entry in fs::read_dir(dir).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension() == Some(OsStr::new("part")) {
                fs::remove_file(&path).map_err(failed)?;
                log::warn!(event = "recording-removed"; "an unfinished recording was removed: the service was not stopped in order");
            }
        }
        Ok(Self { dir: dir.to_owned(), secret: secret.clone() })
    }

    /// Record the call that was consented to, from now on. Put its evidence on record first. Never blocks.
    ///
    /// # Errors
    /// If no thread can be started. What the disk refuses shows later.
    pub fn start(&self, consent: RecordingConsent) -> Result<Recording, RecordingError> {
        let path = self.path(consent.call());
        let seal = Seal::fresh(&self.secret, consent.call())?;
        let (seconds, waiting) = mpsc::channel(WAITING);
        let (done, outcome) = oneshot::channel();
        let place = path.clone();
        std::thread::Builder::new()
            .name("recording".into())
            .spawn(move || {
                // Whoever recorded may be gone.
                let _ = done.send(write_down(&place, seal, waiting));
            })
            .map_err(|source| RecordingError::Disk { path, source })?;
        Ok(Recording { second: Zeroizing::new(Vec::with_capacity(CHUNK + TAG)), seconds, outcome, _consent: consent })
    }

    /// Where the recording of a call is, if it was recorded.
    #[must_use]
    pub fn path(&self, call: CallId) -> PathBuf {
        self.dir.join(format!("{}.{ENDING}", call.simple()))
    }

    /// Write the recording of `call` to `out` as a plain WAV, and return how long it is. What was written before an error is not to be
    /// used. Blocking.
    ///
    /// # Errors
    /// If it cannot be read or written, or is not what was recorded.
    pub fn unseal(&self, call: CallId, out: &mut impl Write) -> Result<Duration, RecordingError> {
        let path = self.path(call);
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => RecordingError::Damaged { path: path.clone() },
            _ => RecordingError::Disk { path: path.clone(), source },
        };
        let mut file = File::open(&path).map_err(failed)?;
        let sealed = file.metadata().map_err(failed)?.len();
        let mut head = [0; MAGIC.len() + SALT];
        file.read_exact(&mut head).map_err(failed)?;
        let (magic, salt) = head.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(RecordingError::Damaged { path });
        }
        let key = file_key(&self.secret, salt, call)?;
        unseal(&mut file, sealed - head.len() as u64, ChaCha20Poly1305::new(&(*key).into()), out).map_err(failed)
    }
}

/// A call being recorded. Dropped before [`Recording::finish`], it leaves nothing behind.
#[must_use]
pub struct Recording {
    /// What was not yet given to the disk.
    second: Zeroizing<Vec<u8>>,
    seconds: mpsc::Sender<Message>,
    outcome: oneshot::Receiver<Result<PathBuf, RecordingError>>,
    _consent: RecordingConsent,
}

enum Message {
    Second(Zeroizing<Vec<u8>>),
    Last(Zeroizing<Vec<u8>>),
}

impl Recording {
    /// The next 20 ms: what the caller said and what the robot said. Never blocks.
    ///
    /// # Errors
    /// If the disk is behind or refuses: the recording has a hole, and there is no use in going on.
    pub fn write(&mut self, caller: &Frame, robot: &Frame) -> Result<(), RecordingError> {
        if self.second.len() + FRAME_SAMPLES * BYTES_PER_SAMPLE > CHUNK {
            let full = std::mem::replace(&mut self.second, Zeroizing::new(Vec::with_capacity(CHUNK + TAG)));
            self.seconds.try_send(Message::Second(full)).map_err(|_| RecordingError::Behind)?;
        }
        for (left, right) in caller.0.iter().zip(&robot.0) {
            self.second.extend_from_slice(&left.to_le_bytes());
            self.second.extend_from_slice(&right.to_le_bytes());
        }
        Ok(())
    }

    /// The call is over, or the caller asked to stop: make the file whole. Returns where it is, once it is on the disk.
    ///
    /// # Errors
    /// If the disk refuses; nothing is left behind then.
    pub async fn finish(self) -> Result<PathBuf, RecordingError> {
        let Self { second, seconds, outcome, _consent } = self;
        // A thread that has ended says why in its outcome.
        let _ = seconds.send(Message::Last(second)).await;
        outcome.await.unwrap_or(Err(RecordingError::Behind))
    }
}

/// What begins a file, and the cipher of that file.
struct Seal {
    salt: [u8; SALT],
    cipher: ChaCha20Poly1305,
}

impl Seal {
    fn fresh(secret: &Secret, call: CallId) -> Result<Self, WeakSecret> {
        let salt: [u8; SALT] = rand::random();
        let key = file_key(secret, &salt, call)?;
        Ok(Self { salt, cipher: ChaCha20Poly1305::new(&(*key).into()) })
    }
}

fn file_key(secret: &Secret, salt: &[u8], call: CallId) -> Result<Zeroizing<[u8; 32]>, WeakSecret> {
    secret.subkey("recording", &[salt, call.simple().as_bytes()].concat())
}

/// The thread: write every second down, and rename the file when the last one was.
fn write_down(path: &Path, seal: Seal, mut waiting: mpsc::Receiver<Message>) -> Result<PathBuf, RecordingError> {
    let part = path.with_added_extension("part");
    let written = write_part(&part, path, seal, &mut waiting);
    if !matches!(written, Ok(true)) {
        // If it is not there, so much the better; if it cannot be removed, the next start tries again.
        let _ = fs::remove_file(&part);
    }
    match written {
        Ok(true) => Ok(path.to_owned()),
        Ok(false) => Err(RecordingError::Behind),
        Err(source) => {
            log::error!(event = "recording-lost"; "a recording was given up: {}: {source}", part.display());
            Err(RecordingError::Disk { path: part, source })
        }
    }
}

/// Whether the recording was finished.
fn write_part(part: &Path, path: &Path, seal: Seal, waiting: &mut mpsc::Receiver<Message>) -> io::Result<bool> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(part)?;
    file.write_all(MAGIC)?;
    file.write_all(&seal.salt)?;
    // The key is used for this file only, so that the rest of the nonce may be anything.
    let mut sealer = EncryptorBE32::from_aead(seal.cipher, &Default::default());
    while let Some(message) = waiting.blocking_recv() {
        match message {
            Message::Second(mut samples) => {
                sealer.encrypt_next_in_place(&[], &mut *samples).map_err(io::Error::other)?;
                file.write_all(&samples)?;
            }
            Message::Last(mut samples) => {
                sealer.encrypt_last_in_place(&[], &mut *samples).map_err(io::Error::other)?;
                file.write_all(&samples)?;
                file.sync_all()?;
                fs::rename(part, path)?;
                if let Some(dir) = path.parent() {
                    File::open(dir)?.sync_all()?;
                }
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn unseal(file: &mut File, sealed: u64, cipher: ChaCha20Poly1305, out: &mut impl Write) -> io::Result<Duration> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let chunk = (CHUNK + TAG) as u64;
    let chunks = sealed.div_ceil(chunk);
    let bytes = sealed.checked_sub(chunks * TAG as u64).filter(|bytes| chunks > 0 && bytes % BYTES_PER_SAMPLE as u64 == 0);
    let bytes = bytes.ok_or_else(damaged)?;
    out.write_all(&wav_header(u32::try_from(bytes).map_err(|_| damaged())?))?;

    let mut opener = DecryptorBE32::from_aead(cipher, &Default::default());
    let mut samples = Zeroizing::new(Vec::with_capacity(CHUNK + TAG));
    for _ in 1..chunks {
        read_chunk(file, chunk, &mut samples)?;
        opener.decrypt_next_in_place(&[], &mut *samples).map_err(|_| damaged())?;
        out.write_all(&samples)?;
    }
    read_chunk(file, sealed - (chunks - 1) * chunk, &mut samples)?;
    opener.decrypt_last_in_place(&[], &mut *samples).map_err(|_| damaged())?;
    out.write_all(&samples)?;
    Ok(Duration::from_secs_f64(bytes as f64 / CHUNK as f64))
}

fn read_chunk(file: &mut File, length: u64, samples: &mut Vec<u8>) -> io::Result<()> {
    samples.zeroize();
    if file.take(length).read_to_end(samples)? as u64 == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// The 44 bytes that begin a 16-bit PCM WAV of two channels with so many bytes of samples ("Multimedia Programming Interface and Data
/// Specifications 1.0", 1991).
fn wav_header(bytes: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(44);
    header.extend_from_slice(b"RIFF");
    header.extend_from_slice(&bytes.saturating_add(36).to_le_bytes());
    header.extend_from_slice(b"WAVEfmt ");
    header.extend_from_slice(&16_u32.to_le_bytes());
    for half in [1_u16, 2] {
        header.extend_from_slice(&half.to_le_bytes());
    }
    for word in [SAMPLE_RATE, SAMPLE_RATE * BYTES_PER_SAMPLE as u32] {
        header.extend_from_slice(&word.to_le_bytes());
    }
    for half in [BYTES_PER_SAMPLE as u16, 16] {
        header.extend_from_slice(&half.to_le_bytes());
    }
    header.extend_from_slice(b"data");
    header.extend_from_slice(&bytes.to_le_bytes());
    header
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::Timestamp;
    use tempfile::TempDir;

    use super::*;
    use crate::media::Playout;
    use crate::policy::consent::{Answer, ConsentQuestion};

    fn secret() -> Secret {
        Secret::new("a key of the tests, which is 44 characters..")
    }

    fn consent(call: CallId) -> RecordingConsent {
        let (mouth, _clock) = Playout::new();
        let question = ConsentQuestion::asked(call, "May I?", mouth.end());
        question.played(&mouth).unwrap().answered(Answer::Yes, "yes", Timestamp::now()).unwrap()
    }

    fn frames(n: i16) -> impl Iterator<Item = (Frame, Frame)> {
        (0..n).map(|i| (Frame([i; FRAME_SAMPLES]), Frame([-i; FRAME_SAMPLES])))
    }

    async fn recorded(recordings: &Recordings, call: CallId, n: i16) -> PathBuf {
        let mut recording = recordings.start(consent(call)).unwrap();
        for (caller, robot) in frames(n) {
            // A test is faster than real time, and the disk may be behind it.
            while recording.seconds.capacity() == 0 {
                tokio::task::yield_now().await;
            }
            recording.write(&caller, &robot).unwrap();
        }
        recording.finish().await.unwrap()
    }

    fn plain(n: i16) -> Vec<u8> {
        let sample = |(caller, robot): (Frame, Frame)| [caller.0[0].to_le_bytes(), robot.0[0].to_le_bytes()].concat().repeat(FRAME_SAMPLES);
        frames(n).flat_map(sample).collect()
    }

    #[tokio::test]
    async fn a_recording_comes_back_as_a_wav_with_the_caller_on_the_left() {
        let folder = TempDir::new().unwrap();
        let recordings = Recordings::open(folder.path(), &secret()).unwrap();
        for n in [0, 1, 50, 51, 275] {
            let call = CallId::new();
            recorded(&recordings, call, n).await;
            let mut wav = Vec::new();
            let length = recordings.unseal(call, &mut wav).unwrap();
            assert_eq!(length, crate::media::FRAME * u32::try_from(n).unwrap());
            assert_eq!(&wav[..4], b"RIFF");
            assert_eq!(wav[40..44], u32::try_from(wav.len() - 44).unwrap().to_le_bytes());
            assert!(wav[44..] == plain(n), "{n} frames");
        }
    }

    #[tokio::test]
    async fn no_sound_stands_on_the_disk_in_the_clear() {
        let folder = TempDir::new().unwrap();
        let recordings = Recordings::open(folder.path(), &secret()).unwrap();
        let path = recorded(&recordings, CallId::new(), 120).await;
        let bytes = fs::read(path).unwrap();
        let sound = plain(120);
        assert!(bytes.len() > sound.len());
        for piece in sound.chunks(64).step_by(97) {
            assert!(!bytes.windows(64).any(|window| window == piece));
        }
    }

    #[tokio::test]
    async fn it_is_called_part_until_it_is_whole_and_is_gone_if_it_never_is() {
        let folder = TempDir::new().unwrap();
        let recordings = Recordings::open(folder.path(), &secret()).unwrap();
        let call = CallId::new();
        let mut recording = recordings.start(consent(call)).unwrap();
        for (caller, robot) in frames(51) {
            recording.write(&caller, &robot).unwrap();
        }
        let Recording { seconds, outcome, .. } = recording;
        assert!(!recordings.path(call).exists());
        drop(seconds);
        assert!(outcome.await.unwrap().is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn what_a_crash_left_unfinished_is_removed_at_the_next_start() {
        let folder = TempDir::new().unwrap();
        let recordings = Recordings::open(folder.path(), &secret()).unwrap();
        let whole = recorded(&recordings, CallId::new(), 1).await;
        let part = recordings.path(CallId::new()).with_added_extension("part");
        fs::write(&part, b"SWHKREC1").unwrap();
        Recordings::open(folder.path(), &secret()).unwrap();
        assert!(!part.exists());
        assert!(whole.exists());
    }

    #[tokio::test]
    async fn a_recording_that_was_cut_changed_or_exchanged_is_refused() {
        let folder = TempDir::new().unwrap();
        let recordings = Recordings::open(folder.path(), &secret()).unwrap();
        let (call, other) = (CallId::new(), CallId::new());
        let path = recorded(&recordings, call, 120).await;
        let whole = fs::read(&path).unwrap();
        let head = MAGIC.len() + SALT;
        let second = CHUNK + TAG;
        let mut changed = whole.clone();
        changed[head + second + 5] ^= 1;
        let exchanged =
            [&whole[..head], &whole[head + second..head + 2 * second], &whole[head..head + second], &whole[head + 2 * second..]].concat();
        let cut = whole[..head + 2 * second].to_vec();
        for bytes in [changed, exchanged, cut, whole[..20].to_vec(), whole[..head].to_vec(), Vec::new()] {
            fs::write(&path, bytes).unwrap();
            assert!(matches!(recordings.unseal(call, &mut io::sink()), Err(RecordingError::Damaged { .. })));
        }
        fs::write(recordings.path(other), &whole).unwrap();
        assert!(matches!(recordings.unseal(other, &mut io::sink()), Err(RecordingError::Damaged { .. })));
    }

    #[tokio::test]
    async fn a_disk_that_refuses_is_named() {
        let folder = TempDir::new().unwrap();
        let dir = folder.path().join("recordings");
        let recordings = Recordings::open(&dir, &secret()).unwrap();
        fs::remove_dir(&dir).unwrap();
        let error = recordings.start(consent(CallId::new())).unwrap().finish().await.unwrap_err();
        assert!(matches!(error, RecordingError::Disk { .. }), "{error}");
    }
}
