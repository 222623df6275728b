//! Veldboek.
