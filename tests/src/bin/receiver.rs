//! A backend without a socket that takes records and photos, and says on its standard output what it gave its word for, one
//! line of JSON each. It says first where its folder is, and waits for a line.

use std::io::{BufRead, Write};

use veldboek_tests::storm::{Yard, receive};

/// How many photos it takes.
const PHOTOS: u32 = 4;

fn main() {
    let yard = Yard::new();
    let mut output = std::io::stdout().lock();
    receive(&yard, PHOTOS, |line| {
        writeln!(output, "{line}").and_then(|()| output.flush()).expect("somebody listens");
        if line.get("ready").is_some() {
            let mut go = String::new();
            std::io::stdin().lock().read_line(&mut go).expect("somebody says when");
        }
    });
}
