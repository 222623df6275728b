//! Declares to Tauri which commands exist: the app's one list, and the photo and file that come as raw bytes. Nothing else
//! can be called from the window.

use tauri_build::{AppManifest, Attributes};

include!("../crates/app/src/api/commands.rs");

macro_rules! names {
    ($($name:ident: $request:ty => $response:ty),* $(,)?) => {
        &[$(stringify!($name),)* "photo_add", "hand_in"]
    };
}

const COMMANDS: &[&str] = commands!(names);

fn main() {
    println!("cargo::rerun-if-changed=../crates/app/src/api/commands.rs");
    // The page is part of the program: a new one means a new build.
    println!("cargo::rerun-if-changed=../ui/dist");
    tauri_build::try_build(Attributes::new().app_manifest(AppManifest::new().commands(COMMANDS)))
        .expect("the window's configuration and capabilities are valid");
}
