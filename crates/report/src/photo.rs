//! Reading a photo's header: what it is, how large, and which way up. Pixels are not looked at.

use std::io::Cursor;

use image::ImageDecoder as _;
use veldboek_domain::Digest;
use zune_core::colorspace::ColorSpace;

/// Gives the bytes of a photo by its SHA-256.
pub trait PhotoSource {
    /// The exact bytes.
    ///
    /// # Errors
    /// When they are not there or can't be read. The report is made all the same; it says in the photo's place that
    /// the photo is missing.
    fn bytes(&self, sha256: &Digest) -> Result<Vec<u8>, PhotoSourceError>;
}

/// Why a source gives no bytes.
#[derive(Debug, thiserror::Error)]
pub enum PhotoSourceError {
    /// The source does not have this photo.
    #[error("the photo is not there")]
    Missing,
    /// The source has it and can't read it.
    #[error("the photo can't be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a photo is not in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoFault {
    /// The source does not have it.
    Missing,
    /// The source has it and can't read it.
    Unreadable,
    /// The bytes are not those that the record names.
    OtherBytes,
    /// Not a JPEG or PNG, or one with a broken head.
    NotAnImage,
}

/// How a photo's pixels are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// A JPEG in shades of grey.
    JpegGrey,
    /// A JPEG in colour.
    JpegColour,
    /// A JPEG in printing colours, with the inverted values that every camera and program writes.
    JpegCmyk,
    /// A PNG.
    Png,
}

/// Which way up a photo is: the turns and mirrors of EXIF's Orientation (1 to 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orientation(u8);

impl Orientation {
    /// As stored.
    pub const UPRIGHT: Self = Self(1);

    /// From EXIF's value; anything unknown is as stored.
    pub fn from_exif(value: u32) -> Self {
        u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).map_or(Self::UPRIGHT, Self)
    }

    /// Whether width and height change places.
    pub fn turns_sides(self) -> bool {
        self.0 >= 5
    }

    /// The matrix that puts PDF's unit square in a box of this size with its lower left corner at the origin.
    pub fn matrix(self, width: f32, height: f32) -> [f32; 6] {
        let (w, h) = (width, height);
        match self.0 {
            2 => [-w, 0.0, 0.0, h, w, 0.0],
            3 => [-w, 0.0, 0.0, -h, w, h],
            4 => [w, 0.0, 0.0, -h, 0.0, h],
            5 => [0.0, -h, -w, 0.0, w, h],
            6 => [0.0, -h, w, 0.0, 0.0, h],
            7 => [0.0, h, w, 0.0, 0.0, 0.0],
            8 => [0.0, h, -w, 0.0, w, 0.0],
            _ => [w, 0.0, 0.0, h, 0.0, 0.0],
        }
    }
}

/// What is known of a photo before it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width as stored, in pixels.
    pub width: u32,
    /// Height as stored, in pixels.
    pub height: u32,
    /// How it is stored.
    pub encoding: Encoding,
    /// Which way up.
    pub orientation: Orientation,
    /// How many bytes it has.
    pub bytes: usize,
}

impl Picture {
    /// Reads the head of a JPEG or PNG.
    ///
    /// # Errors
    /// [`PhotoFault::NotAnImage`].
    pub fn read(bytes: &[u8]) -> Result<Self, PhotoFault> {
        match image::guess_format(bytes) {
            Ok(image::ImageFormat::Jpeg) => Self::read_jpeg(bytes),
            Ok(image::ImageFormat::Png) => Self::read_png(bytes),
            _ => Err(PhotoFault::NotAnImage),
        }
    }

    /// Asks the source and checks that the bytes are those that the record names.
    ///
    /// # Errors
    /// Every [`PhotoFault`].
    pub fn fetch(photos: &dyn PhotoSource, sha256: &Digest) -> Result<(Self, Vec<u8>), PhotoFault> {
        let bytes = photos.bytes(sha256).map_err(|error| match error {
            PhotoSourceError::Missing => PhotoFault::Missing,
            PhotoSourceError::Unreadable(_) => PhotoFault::Unreadable,
        })?;
        if Digest::of(&bytes) != *sha256 {
            return Err(PhotoFault::OtherBytes);
        }
        Ok((Self::read(&bytes)?, bytes))
    }

    /// Width and height as it is shown.
    pub fn shown(&self) -> (u32, u32) {
        if self.orientation.turns_sides() { (self.height, self.width) } else { (self.width, self.height) }
    }

    fn read_jpeg(bytes: &[u8]) -> Result<Self, PhotoFault> {
        let mut decoder = zune_jpeg::JpegDecoder::new(zune_core::bytestream::ZCursor::new(bytes));
        decoder.decode_headers().map_err(|_| PhotoFault::NotAnImage)?;
        let (info, colours) = decoder.info().zip(decoder.input_colorspace()).ok_or(PhotoFault::NotAnImage)?;
        let encoding = match colours {
            ColorSpace::Luma => Encoding::JpegGrey,
            ColorSpace::YCbCr | ColorSpace::RGB => Encoding::JpegColour,
            ColorSpace::CMYK | ColorSpace::YCCK => Encoding::JpegCmyk,
            _ => return Err(PhotoFault::NotAnImage),
        };
        Ok(Self {
            width: info.width.into(),
            height: info.height.into(),
            encoding,
            orientation: decoder.exif().map_or(Orientation::UPRIGHT, |raw| orientation_in(raw)),
            bytes: bytes.len(),
        })
    }

    fn read_png(bytes: &[u8]) -> Result<Self, PhotoFault> {
        let mut decoder =
            image::codecs::png::PngDecoder::new(Cursor::new(bytes)).map_err(|_| PhotoFault::NotAnImage)?;
        let (width, height) = decoder.dimensions();
        let exif = decoder.exif_metadata().ok().flatten();
        let orientation = exif.map_or(Orientation::UPRIGHT, |raw| orientation_in(&raw));
        Ok(Self { width, height, encoding: Encoding::Png, orientation, bytes: bytes.len() })
    }
}

fn orientation_in(exif: &[u8]) -> Orientation {
    exif::Reader::new()
        .read_raw(exif.to_vec())
        .ok()
        .and_then(|exif| exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?.value.get_uint(0))
        .map_or(Orientation::UPRIGHT, Orientation::from_exif)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a corner of the stored photo comes to stand: PDF's unit square has its origin at the lower left.
    fn corner(orientation: u32, u: f32, v: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = Orientation::from_exif(orientation).matrix(4.0, 3.0);
        (a * u + c * v + e, b * u + d * v + f)
    }

    #[test]
    fn the_stored_top_left_corner_goes_where_exif_says() {
        let (left, right, top, bottom) = (0.0, 4.0, 3.0, 0.0);
        let expected = [
            (1, (left, top)),
            (2, (right, top)),
            (3, (right, bottom)),
            (4, (left, bottom)),
            (5, (left, top)),
            (6, (right, top)),
            (7, (right, bottom)),
            (8, (left, bottom)),
        ];
        for (orientation, place) in expected {
            assert_eq!(corner(orientation, 0.0, 1.0), place, "orientation {orientation}");
        }
    }

    #[test]
    fn the_stored_top_right_corner_tells_turns_from_mirrors() {
        let (left, right, top, bottom) = (0.0, 4.0, 3.0, 0.0);
        let expected = [
            (1, (right, top)),
            (2, (left, top)),
            (3, (left, bottom)),
            (4, (right, bottom)),
            (5, (left, bottom)),
            (6, (right, bottom)),
            (7, (right, top)),
            (8, (left, top)),
        ];
        for (orientation, place) in expected {
            assert_eq!(corner(orientation, 1.0, 1.0), place, "orientation {orientation}");
        }
    }

    #[test]
    fn what_is_not_an_image_is_refused() {
        assert_eq!(Picture::read(b"%PDF-1.7"), Err(PhotoFault::NotAnImage));
        assert_eq!(Picture::read(b"\xFF\xD8\xFF"), Err(PhotoFault::NotAnImage));
        assert_eq!(Picture::read(b""), Err(PhotoFault::NotAnImage));
    }

    #[test]
    fn an_unknown_orientation_is_as_stored() {
        assert_eq!(Orientation::from_exif(0), Orientation::UPRIGHT);
        assert_eq!(Orientation::from_exif(99), Orientation::UPRIGHT);
    }
}
