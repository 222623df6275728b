//! The crate's tests from outside, in one binary.

mod broken;
mod comparison;
mod counts;
mod evaluation;
mod examples;
mod law;
mod parts;
mod persons;
mod properties;
mod schema;
mod shipped;
mod shipped_agro;
mod shipped_btp;
mod shipped_partners;
mod shipped_vb;
mod support;
