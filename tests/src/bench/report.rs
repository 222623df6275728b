//! A report with fifty photos of 600 KB.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use veldboek_app::api::{ReportCopy, ReportRequest, Unlock};
use veldboek_app::system::SystemClock;
use veldboek_domain::Clock;

use super::answer::Bench;
use super::{Row, in_turn};
use crate::device::{SECRET, open};
use crate::photo::jpeg_of;

const PHOTOS: u32 = 50;
const SIZE: usize = 600_000;
/// The word that makes this program render one report, so that its memory can be read.
pub const IN_A_PROCESS_OF_ITS_OWN: &str = "render-alone";

/// Made by the app, photos decrypted from the vault, against copying the photos' bytes; and the memory that it took.
pub fn rendered() -> Vec<Row> {
    let bench = Bench::new();
    let photos: Vec<Vec<u8>> = (0..PHOTOS).map(|number| jpeg_of(number, SIZE)).collect();
    for photo in &photos {
        bench.device.photograph(bench.inspection, None, photo.clone());
    }
    let request = ReportRequest { inspection: bench.inspection, copy: ReportCopy::File };
    let mut size = 0;
    let (made, copied) = in_turn(
        5,
        || size = bench.device.app().report_bytes(request).expect("it is made").len(),
        || drop(std::hint::black_box(photos.concat())),
    );
    let photos = PHOTOS as usize * SIZE;
    let size = ratio(size, photos);
    let mut row = Row::times("a report with 50 photos of 600 KB", made, "copying their bytes", copied, "size 1.05 x");
    row.measured.push_str(&format!(", size {size:.3} x the photos"));
    let peak = peak(&bench);
    let memory = Row {
        figure: "the memory that it takes at its peak".to_owned(),
        measured: format!("{:.1} MB", ratio(peak, 1_000_000)),
        reference: format!("the photos' bytes {:.1} MB", ratio(photos, 1_000_000)),
        ratio: Some(ratio(peak, photos)),
        budget: "2 x",
    };
    vec![row, memory]
}

/// What a process that does nothing else needs more at its peak than before it began.
fn peak(bench: &Bench) -> usize {
    let program = std::env::current_exe().expect("a program knows where it lies");
    let inspection = bench.inspection.to_string();
    let mut command = Command::new(program);
    let output = command.arg(IN_A_PROCESS_OF_ITS_OWN).arg(bench.device.folder()).arg(inspection).output();
    let said = output.expect("the program starts again").stdout;
    String::from_utf8_lossy(&said).trim().parse().expect("it says a number of bytes")
}

/// Renders one report and prints by how many bytes this process grew meanwhile, at most.
///
/// # Panics
/// When the folder is not that of a device with this controle.
pub fn render_alone(folder: &Path, inspection: &str) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let app = open(folder, &clock);
    app.unlock(Unlock { secret: SECRET.to_owned() }).expect("the secret is right");
    let inspection = inspection.parse().expect("it is a controle's id");
    fs::write("/proc/self/clear_refs", "5").expect("the peak is counted from here");
    let before = memory("VmRSS:");
    let report = app.report_bytes(ReportRequest { inspection, copy: ReportCopy::File }).expect("it is made");
    println!("{}", memory("VmHWM:").saturating_sub(before));
    drop(report);
}

fn memory(line: &str) -> usize {
    super::memory_of("self", line)
}

#[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
fn ratio(one: usize, other: usize) -> f64 {
    one as f64 / other as f64
}
