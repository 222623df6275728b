//! Veldboek tasks.
fn main() {}
