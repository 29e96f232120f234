//! WAV files, the way speech tools write them: 16-bit PCM, mono. Other sample forms are read where they are common.
