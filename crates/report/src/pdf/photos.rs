//! Photos in the file: a placeholder first, the bytes as they are at the end, one photo at a time.

use std::collections::BTreeMap;

use lopdf::{Document, Object, Stream, dictionary};
use printpdf::{ExternalStream, ExternalXObject, PdfDocument, XObject};

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

/// Keeps a place for every photo that can be read.
pub fn reserve(document: &mut PdfDocument, pictures: &[Result<Picture, PhotoFault>]) {
    for index in pictures.iter().enumerate().filter(|(_, picture)| picture.is_ok()).map(|(index, _)| index) {
        let stream = ExternalStream { dict: BTreeMap::new(), content: Vec::new(), compress: false };
        let placeholder = ExternalXObject { stream, width: None, height: None, dpi: None };
        document.resources.xobjects.map.insert(photo_resource(index), XObject::External(placeholder));
    }
}

/// Puts the photos in their places.
///
/// # Errors
/// [`WriteFault::Photo`] when a photo can't be read any more.
pub fn fill(pdf: &mut Document, finished: &Finished<'_>, source: &dyn PhotoSource) -> Result<(), WriteFault> {
    let places = places(pdf)?;
    for (index, expected) in finished.pictures.iter().enumerate() {
        let Ok(expected) = expected else { continue };
        let Some(Object::Reference(id)) = places.get(photo_resource(index).0.as_bytes()).ok().cloned() else {
            continue;
        };
        let refused = |fault| WriteFault::Photo { index, fault };
        let (picture, bytes) = Picture::fetch(source, &finished.hashes[index]).map_err(refused)?;
        if picture != *expected {
            return Err(refused(PhotoFault::OtherBytes));
        }
        let stream = match picture.encoding {
            Encoding::JpegGrey => jpeg(&picture, bytes, name("DeviceGray")),
            Encoding::JpegColour => jpeg(&picture, bytes, name("DeviceRGB")),
            Encoding::JpegCmyk => {
                let space = cmyk(pdf);
                let mut stream = jpeg(&picture, bytes, space);
                let inverted = [1, 0, 1, 0, 1, 0, 1, 0];
                stream.dict.set("Decode", inverted.map(Object::Integer).to_vec());
                stream
            }
            Encoding::Png => png(pdf, &bytes).map_err(refused)?,
        };
        pdf.objects.insert(id, stream.into());
    }
    Ok(())
}

/// The dictionary from names to photos; all pages share it.
fn places(pdf: &Document) -> Result<lopdf::Dictionary, WriteFault> {
    let page = *pdf.get_pages().values().next().ok_or(WriteFault::Shape("a document has pages"))?;
    let resources = pdf.get_dictionary(page)?.get_deref(b"Resources", pdf)?.as_dict()?;
    Ok(resources.get_deref(b"XObject", pdf)?.as_dict()?.clone())
}

fn jpeg(picture: &Picture, bytes: Vec<u8>, colour_space: Object) -> Stream {
    let dictionary = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(picture.width),
        "Height" => i64::from(picture.height),
        "BitsPerComponent" => 8,
        "ColorSpace" => colour_space,
        "Filter" => "DCTDecode",
    };
    Stream::new(dictionary, bytes).with_compression(false)
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
