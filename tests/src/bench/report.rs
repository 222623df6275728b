//! A report with fifty photos of 600 KB.

use veldboek_app::api::{ReportCopy, ReportRequest};

use super::answer::Bench;
use super::{Row, in_turn};
use crate::photo::jpeg_of;

const PHOTOS: u32 = 50;
const SIZE: usize = 600_000;

/// Made by the app, photos decrypted from the vault, against copying the photos' bytes.
pub fn rendered() -> Row {
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
    #[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
    let ratio = size as f64 / (PHOTOS as usize * SIZE) as f64;
    let mut row = Row::times("a report with 50 photos of 600 KB", made, "copying their bytes", copied, "size 1.05 x");
    row.measured.push_str(&format!(", size {ratio:.3} x the photos"));
    row
}
