//! What the file says of itself: XMP, the information dictionary in step with it, the colour intent and the identity.

use chrono::{DateTime, FixedOffset};
use lopdf::{Document, Object, Stream, StringFormat, dictionary};
use veldboek_domain::Digest;

use super::{WriteFault, name, text};

/// sRGB (CC0; see `assets/README.md`).
const SRGB: &[u8] = include_bytes!("../../assets/sRGB-v2-magic.icc");
const PRODUCER: &str = "Veldboek";

/// Title, date and identity of a document.
#[derive(Clone, Debug)]
pub struct Info {
    /// The title that a reader shows.
    pub title: String,
    /// When it was made.
    pub made_at: DateTime<FixedOffset>,
    /// A digest of what is in it: equal content is an equal file.
    pub identity: Digest,
}

/// Adds what the file says of itself.
///
/// # Errors
/// When the document has no catalogue.
pub fn add(pdf: &mut Document, info: &Info) -> Result<(), WriteFault> {
    let profile = pdf.add_object(Stream::new(dictionary! { "N" => 3 }, SRGB.to_vec()));
    let xmp = Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, xmp(info).into_bytes());
    let xmp = pdf.add_object(xmp.with_compression(false));
    let made = Object::string_literal(pdf_date(info.made_at));
    let details = pdf.add_object(dictionary! {
        "Title" => text(&info.title),
        "Producer" => Object::string_literal(PRODUCER),
        "CreationDate" => made.clone(),
        "ModDate" => made,
    });
    let catalog = pdf.catalog_mut()?;
    catalog.set("Lang", Object::string_literal("nl-NL"));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    catalog.set("Metadata", xmp);
    let intent = dictionary! {
        "Type" => "OutputIntent",
        "S" => name("GTS_PDFA1"),
        "OutputConditionIdentifier" => Object::string_literal("sRGB"),
        "Info" => Object::string_literal("sRGB IEC61966-2.1"),
        "DestOutputProfile" => profile,
    };
    catalog.set("OutputIntents", vec![intent.into()]);
    let identity = Object::String(info.identity.0[..16].to_vec(), StringFormat::Hexadecimal);
    pdf.trailer.set("Info", details);
    pdf.trailer.set("ID", vec![identity.clone(), identity]);
    Ok(())
}

/// `D:20261120093000+01'00'`
fn pdf_date(at: DateTime<FixedOffset>) -> String {
    let offset = at.format("%:z").to_string().replace(':', "'");
    format!("{}{offset}'", at.format("D:%Y%m%d%H%M%S"))
}

/// The XMP packet, with the description of the PDF/UA schema that PDF/A asks for.
fn xmp(info: &Info) -> String {
    let title = escaped(&info.title);
    let date = info.made_at.format("%Y-%m-%dT%H:%M:%S%:z");
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>nl-NL</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{FEFF}'
    )
}

/// Text for XML, without the control signs that XML can't hold.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars().filter(|sign| !sign.is_control()) {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            sign => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dates_name_the_same_moment() {
        let info = Info {
            title: "A < B & C".to_owned(),
            made_at: DateTime::parse_from_rfc3339("2026-11-20T09:30:00+01:00").unwrap(),
            identity: Digest::of(b""),
        };
        assert_eq!(pdf_date(info.made_at), "D:20261120093000+01'00'");
        let xmp = xmp(&info);
        assert!(xmp.contains("<xmp:CreateDate>2026-11-20T09:30:00+01:00</xmp:CreateDate>"));
        assert!(xmp.contains(">A &lt; B &amp; C<"));
    }
}
