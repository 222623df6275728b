//! The writing help, as its authors use it.

mod broken;
mod command;
mod groups;
mod kinds;
mod preview;
mod real;
mod rest;
mod support;
