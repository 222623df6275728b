//! Photos that look like a barn yard more or less, as JPEG files of a wanted size.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// A JPEG photo; each number gives another one.
///
/// # Panics
/// Never: an image in memory can be encoded.
pub fn jpeg(number: u32) -> Vec<u8> {
    let (width, height) = (1280, 960);
    let horizon = height * 3 / 5;
    let shift = number.wrapping_mul(97) % 400;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let grain = (x.wrapping_mul(7919) ^ y.wrapping_mul(104_729) ^ number.wrapping_mul(31)) % 13;
        let shade = |value: u32| u8::try_from((value + grain).min(255)).unwrap_or(u8::MAX);
        let barn = (200 + shift..800 + shift).contains(&x) && (horizon - 280..horizon + 60).contains(&y);
        let door = (460 + shift..560 + shift).contains(&x) && y > horizon - 120;
        match (barn, y < horizon) {
            (true, _) if door => Rgb([shade(48), shade(44), shade(40)]),
            (true, _) => Rgb([shade(98), shade(108 + x / 24 % 2 * 10), shade(96)]),
            (false, true) => Rgb([shade(150 + y / 8), shade(160 + y / 8), shade(172 + y / 8)]),
            (false, false) => Rgb([shade(118), shade(114), shade(98)]),
        }
    });
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 85))
        .expect("an image in memory can be encoded");
    bytes.into_inner()
}

/// A JPEG photo of exactly this many bytes: comments of the format fill it up, as a camera's own notes do.
///
/// # Panics
/// When the photo itself is larger.
pub fn jpeg_of(number: u32, size: usize) -> Vec<u8> {
    const COMMENT: [u8; 2] = [0xFF, 0xFE];
    const LARGEST: usize = 65_000;
    let photo = jpeg(number);
    let (start, rest) = photo.split_at(2);
    let mut bytes = start.to_vec();
    let mut missing = size.checked_sub(photo.len()).expect("the photo fits in the wanted size");
    assert!(missing == 0 || missing > 4, "a comment takes at least 5 bytes");
    while missing > 0 {
        let mut take = missing.min(LARGEST);
        if (1..=4).contains(&(missing - take)) {
            take -= 5;
        }
        bytes.extend_from_slice(&COMMENT);
        bytes.extend_from_slice(&u16::try_from(take - 2).expect("a comment is small").to_be_bytes());
        bytes.extend((0..take - 4).map(|at| u8::try_from((at * 31 + number as usize * 7) % 251).unwrap_or(0)));
        missing -= take;
    }
    bytes.extend_from_slice(rest);
    bytes
}

/// The same photo with a number in a comment of the format: other bytes, made at once.
pub fn numbered(photo: &[u8], number: u64) -> Vec<u8> {
    let (start, rest) = photo.split_at(2);
    [start, &[0xFF, 0xFE, 0, 10], &number.to_be_bytes(), rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_has_the_wanted_size_and_can_be_read() {
        for size in [300_000, 4 * 1024 * 1024, 4 * 1024 * 1024 + 65_003] {
            let bytes = jpeg_of(3, size);
            assert_eq!(bytes.len(), size);
            let picture = image::load_from_memory(&bytes).unwrap();
            assert_eq!((picture.width(), picture.height()), (1280, 960));
        }
    }
}
