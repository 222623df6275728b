//! The writing help, as its authors use it.

mod broken;
mod command;
mod groups;
mod kinds;
mod outcome;
mod preview;
mod random;
mod real;
mod rest;
mod support;
mod wording;
