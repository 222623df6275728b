//! The desktop program. Everything is in the library, which tablets start by their own entry point.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    veldboek_window::run();
}
