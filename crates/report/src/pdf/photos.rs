//! Photos in the file: a placeholder first, the bytes as they are at the end, one photo at a time.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{self, Write};

use lopdf::{Document, Object, Stream, dictionary};
use printpdf::{ExternalStream, ExternalXObject, PdfDocument, XObject};
use veldboek_domain::Digest;

use crate::photo::{Encoding, PhotoFault, PhotoSource, Picture};

use super::draw::photo_resource;
use super::{Finished, WriteFault, name};

/// Printing colours by way of screen colours: R = (1-C)(1-K), and so on. The file names sRGB as its colour space, in
/// which bare printing colours are forbidden (ISO 19005-2, 6.2.4.3), and the photo's bytes may not change.
const CMYK_TO_RGB: &str = "{1 exch sub 4 1 roll \
     1 exch sub 3 index mul 3 1 roll \
     1 exch sub 3 index mul 3 1 roll \
     1 exch sub 3 index mul 3 1 roll \
     4 3 roll pop}";

/// Room for everything but the photos, in bytes: fonts, text and structure.
const BESIDE_PHOTOS: usize = 1024 * 1024;

/// Keeps a place for every photo that can be read.
pub fn reserve(document: &mut PdfDocument, pictures: &[Result<Picture, PhotoFault>]) {
    for index in pictures.iter().enumerate().filter(|(_, picture)| picture.is_ok()).map(|(index, _)| index) {
        let stream = ExternalStream { dict: BTreeMap::new(), content: Vec::new(), compress: false };
        let placeholder = ExternalXObject { stream, width: None, height: None, dpi: None };
        document.resources.xobjects.map.insert(photo_resource(index), XObject::External(placeholder));
    }
}

/// Puts the photos in their places. A JPEG's bytes are stood in for: they come when the file is written ([`Filling`]).
///
/// # Errors
/// [`WriteFault::Photo`] when a photo can't be read any more.
pub fn place(pdf: &mut Document, finished: &Finished<'_>, source: &dyn PhotoSource) -> Result<(), WriteFault> {
    let places = places(pdf)?;
    for (index, picture) in finished.pictures.iter().enumerate() {
        let Ok(picture) = picture else { continue };
        let Some(Object::Reference(id)) = places.get(photo_resource(index).0.as_bytes()).ok().cloned() else {
            continue;
        };
        let sha256 = &finished.hashes[index];
        let stream = match picture.encoding {
            Encoding::JpegGrey => jpeg(picture, sha256, name("DeviceGray")),
            Encoding::JpegColour => jpeg(picture, sha256, name("DeviceRGB")),
            Encoding::JpegCmyk => {
                let space = cmyk(pdf);
                let mut stream = jpeg(picture, sha256, space);
                let inverted = [1, 0, 1, 0, 1, 0, 1, 0];
                stream.dict.set("Decode", inverted.map(Object::Integer).to_vec());
                stream
            }
            Encoding::Png => {
                let refused = |fault| WriteFault::Photo { index, fault };
                let bytes = fetch(source, sha256, picture).map_err(refused)?;
                png(pdf, &bytes).map_err(refused)?
            }
        };
        pdf.objects.insert(id, stream.into());
    }
    Ok(())
}

/// The bytes of a photo, as it was seen before.
fn fetch(source: &dyn PhotoSource, sha256: &Digest, expected: &Picture) -> Result<Vec<u8>, PhotoFault> {
    let (picture, bytes) = Picture::fetch(source, sha256)?;
    if picture == *expected { Ok(bytes) } else { Err(PhotoFault::OtherBytes) }
}

/// What stands for a photo until the file is written: its SHA-256 and then nothing, as long as the photo. Memory that
/// nobody writes to is not taken from the machine, so that a report of fifty photos does not hold them all.
fn stand_in(sha256: &Digest, bytes: usize) -> Vec<u8> {
    let mut content = vec![0; bytes];
    let mark = bytes.min(sha256.0.len());
    content[..mark].copy_from_slice(&sha256.0[..mark]);
    content
}

/// Writes a file in which each photo's bytes come in the place of what stands for them, one photo at a time.
pub struct Filling<'a> {
    file: Vec<u8>,
    source: &'a dyn PhotoSource,
    /// The JPEGs, by the SHA-256 with which their stand-ins begin.
    waiting: HashMap<Digest, (usize, Picture)>,
    filled: HashSet<Digest>,
    fault: Option<WriteFault>,
}

impl<'a> Filling<'a> {
    /// Fills what [`place`] left open.
    pub fn new(finished: &Finished<'_>, source: &'a dyn PhotoSource) -> Self {
        let jpeg = |(index, picture): (usize, &Result<Picture, PhotoFault>)| {
            let picture = picture.ok().filter(|picture| picture.encoding != Encoding::Png)?;
            Some((finished.hashes[index], (index, picture)))
        };
        let waiting: HashMap<_, _> = finished.pictures.iter().enumerate().filter_map(jpeg).collect();
        let photos: usize = waiting.values().map(|(_, picture)| picture.bytes).sum();
        let file = Vec::with_capacity(photos + BESIDE_PHOTOS);
        Self { file, source, waiting, filled: HashSet::new(), fault: None }
    }

    /// The file, given how writing went.
    ///
    /// # Errors
    /// [`WriteFault::Photo`] when a photo could not be read any more, or why writing failed.
    pub fn end(self, written: io::Result<()>) -> Result<Vec<u8>, WriteFault> {
        match (self.fault, written) {
            (Some(fault), _) => Err(fault),
            (None, Err(error)) => Err(WriteFault::Pdf(error.into())),
            (None, Ok(())) if self.filled.len() < self.waiting.len() => {
                Err(WriteFault::Shape("a photo's content is written at once"))
            }
            (None, Ok(())) => Ok(self.file),
        }
    }

    /// The photo for which this stands.
    fn meant(&self, content: &[u8]) -> Option<(Digest, usize, Picture)> {
        let sha256 = Digest(content.first_chunk().copied()?);
        let (index, picture) = self.waiting.get(&sha256)?;
        (picture.bytes == content.len()).then_some((sha256, *index, *picture))
    }
}

impl Write for Filling<'_> {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        let Some((sha256, index, picture)) = self.meant(content) else { return self.file.write(content) };
        match fetch(self.source, &sha256, &picture) {
            Ok(bytes) => self.file.extend_from_slice(&bytes),
            Err(fault) => {
                self.fault = Some(WriteFault::Photo { index, fault });
                return Err(io::Error::other("a photo can't be read any more"));
            }
        }
        self.filled.insert(sha256);
        Ok(content.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The dictionary from names to photos; all pages share it.
fn places(pdf: &Document) -> Result<lopdf::Dictionary, WriteFault> {
    let page = *pdf.get_pages().values().next().ok_or(WriteFault::Shape("a document has pages"))?;
    let resources = pdf.get_dictionary(page)?.get_deref(b"Resources", pdf)?.as_dict()?;
    Ok(resources.get_deref(b"XObject", pdf)?.as_dict()?.clone())
}

fn jpeg(picture: &Picture, sha256: &Digest, colour_space: Object) -> Stream {
    let dictionary = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(picture.width),
        "Height" => i64::from(picture.height),
        "BitsPerComponent" => 8,
        "ColorSpace" => colour_space,
        "Filter" => "DCTDecode",
    };
    Stream::new(dictionary, stand_in(sha256, picture.bytes)).with_compression(false)
}

fn cmyk(pdf: &mut Document) -> Object {
    let unit = |channels: usize| -> Vec<Object> { [0, 1].repeat(channels).into_iter().map(Object::Integer).collect() };
    let function = dictionary! { "FunctionType" => 4, "Domain" => unit(4), "Range" => unit(3) };
    let function = pdf.add_object(Stream::new(function, CMYK_TO_RGB.as_bytes().to_vec()));
    let channels = ["Cyan", "Magenta", "Yellow", "Black"].map(name).to_vec();
    vec![name("DeviceN"), channels.into(), name("DeviceRGB"), function.into()].into()
}

/// A PNG's pixels without loss. What is transparent becomes a mask.
fn png(pdf: &mut Document, bytes: &[u8]) -> Result<Stream, PhotoFault> {
    let decoded =
        image::load_from_memory_with_format(bytes, image::ImageFormat::Png).map_err(|_| PhotoFault::NotAnImage)?;
    let (width, height) = (decoded.width(), decoded.height());
    let has_alpha = decoded.color().has_alpha();
    let (bits, channels, samples) = samples(decoded);
    let sample = bits / 8;
    let pixel = channels * sample;
    let colours = if has_alpha { channels - 1 } else { channels };
    let plane = |from: usize, to: usize| -> Vec<u8> {
        samples.chunks_exact(pixel).flat_map(|pixel| &pixel[from * sample..to * sample]).copied().collect()
    };
    let stream = |space: &str, plane: Vec<u8>| {
        let dictionary = dictionary! {
            "Type" => "XObject",
            "Subtype" => "Image",
            "Width" => i64::from(width),
            "Height" => i64::from(height),
            "BitsPerComponent" => bits as i64,
            "ColorSpace" => name(space),
        };
        let mut stream = Stream::new(dictionary, plane);
        stream.compress().map_err(|_| PhotoFault::NotAnImage)?;
        Ok(stream)
    };
    let mut picture = stream(if colours == 1 { "DeviceGray" } else { "DeviceRGB" }, plane(0, colours))?;
    if has_alpha {
        let mask = stream("DeviceGray", plane(colours, channels))?;
        picture.dict.set("SMask", pdf.add_object(mask));
    }
    Ok(picture)
}

/// Bits per sample, samples per pixel, and the samples with the high byte first.
fn samples(decoded: image::DynamicImage) -> (usize, usize, Vec<u8>) {
    use image::DynamicImage::{ImageLuma8, ImageLumaA8, ImageRgb8, ImageRgba8};
    let channels = usize::from(decoded.color().channel_count());
    match decoded {
        ImageLuma8(pixels) => (8, channels, pixels.into_raw()),
        ImageLumaA8(pixels) => (8, channels, pixels.into_raw()),
        ImageRgb8(pixels) => (8, channels, pixels.into_raw()),
        ImageRgba8(pixels) => (8, channels, pixels.into_raw()),
        deep => {
            let (channels, samples) = match (deep.color().has_color(), deep.color().has_alpha()) {
                (false, false) => (1, deep.into_luma16().into_raw()),
                (false, true) => (2, deep.into_luma_alpha16().into_raw()),
                (true, false) => (3, deep.into_rgb16().into_raw()),
                (true, true) => (4, deep.into_rgba16().into_raw()),
            };
            (16, channels, samples.into_iter().flat_map(u16::to_be_bytes).collect())
        }
    }
}
