//! Between the rates of the line (8 kHz), of recognition (16 kHz) and of the voice (24 kHz), band-limited.
