//! Veldboek stories: what they share.
