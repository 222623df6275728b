//! Writes the TypeScript types of the commands anew.

use std::fs;

use veldboek_tests::contract::{contract, file};

fn main() {
    let file = file();
    fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the folder can be made");
    fs::write(&file, contract()).expect("the file can be written");
}
