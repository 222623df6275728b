//! The crate's tests from outside, in one binary.

mod broken;
mod evaluation;
mod examples;
mod properties;
mod schema;
mod shipped;
mod support;
