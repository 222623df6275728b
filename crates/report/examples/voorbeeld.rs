//! Writes a sample report with invented people to the path given: `cargo run -p veldboek-report --example voorbeeld -- rapport.pdf`

use std::error::Error;

#[path = "../tests/common/mod.rs"]
mod common;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("geef het pad van het rapport, bijvoorbeeld rapport.pdf")?;
    let (model, album) = common::barn();
    let rendered = veldboek_report::render(&model, &album)?;
    std::fs::write(&path, &rendered.pdf)?;
    println!("{path}: {} pagina's, {} bytes", rendered.pages, rendered.pdf.len());
    for problem in rendered.problems {
        println!("{problem}");
    }
    Ok(())
}
