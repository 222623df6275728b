//! Photos of the awkward kinds.

use image::{Rgb, RgbImage};

/// Quarters: red, green, blue and yellow, from the top left.
pub fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([220, 20, 20]),
        (false, true) => Rgb([20, 180, 20]),
        (true, false) => Rgb([20, 20, 220]),
        (false, false) => Rgb([220, 210, 20]),
    })
}

/// A JPEG with one more segment behind its start.
fn with_segment(jpeg: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap();
    let mut out = jpeg[..2].to_vec();
    out.extend([0xFF, marker]);
    out.extend(length.to_be_bytes());
    out.extend(payload);
    out.extend(&jpeg[2..]);
    out
}

/// The JPEG with EXIF that says which way up it is.
pub fn with_orientation(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01".to_vec();
    exif.extend([0x01, 0x12, 0x00, 0x03, 0, 0, 0, 1]);
    exif.extend(orientation.to_be_bytes());
    exif.extend([0, 0, 0, 0, 0, 0]);
    with_segment(jpeg, 0xE1, &exif)
}

/// The same picture under another hash.
pub fn with_comment(jpeg: &[u8], comment: &str) -> Vec<u8> {
    with_segment(jpeg, 0xFE, comment.as_bytes())
}

/// A JPEG of noise, as hard to pack as a photo of grass.
pub fn noise(width: u32, height: u32, quality: u8) -> Vec<u8> {
    let mut state = 0x2545_F491_u32;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let part = |shift: u32, base: u32| u8::try_from((base + (state >> shift & 0x3F)) % 256).unwrap();
        Rgb([part(0, x / 8), part(8, y / 8), part(16, 90)])
    });
    super::jpeg(&picture, quality)
}
