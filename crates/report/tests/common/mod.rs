//! An invented controle and invented photos, for tests and for the example.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "each test and the example use a part of it; a test fails by panicking"
)]

pub mod shots;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveDate};
use image::{ExtendedColorType, ImageEncoder as _, RgbImage};
use veldboek_domain::{
    Address, ChainHead, ChainId, DeviceId, Digest, ObservationKind, Point, PointSource, Signature, StreamId,
};
use veldboek_report::model::*;
use veldboek_report::{PhotoSource, PhotoSourceError};

/// Photos in memory.
#[derive(Clone, Default)]
pub struct Album(pub BTreeMap<Digest, Vec<u8>>);

impl Album {
    pub fn add(&mut self, bytes: Vec<u8>) -> Digest {
        let digest = Digest::of(&bytes);
        self.0.insert(digest, bytes);
        digest
    }
}

impl PhotoSource for Album {
    fn bytes(&self, sha256: &Digest) -> Result<Vec<u8>, PhotoSourceError> {
        self.0.get(sha256).cloned().ok_or(PhotoSourceError::Missing)
    }
}

pub fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("2026-11-19T{text}+01:00")).unwrap()
}

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A barn under a sky, as a drawing: each number gives another one.
pub fn drawing(number: u32, width: u32, height: u32) -> RgbImage {
    let horizon = height * 6 / 10;
    let (left, right) = (width / 6 + number * 17 % (width / 5), width * 5 / 6 - number * 11 % (width / 6));
    let ridge = horizon / 3;
    RgbImage::from_fn(width, height, |x, y| {
        let grain = (x.wrapping_mul(7919) ^ y.wrapping_mul(104_729) ^ number.wrapping_mul(31)) % 17;
        let shade = |value: u32| u8::try_from((value + grain).min(255)).unwrap();
        let roof = ridge + (horizon - ridge) / 3;
        let inside = (left..right).contains(&x);
        if inside && (roof..horizon + height / 12).contains(&y) {
            let plank = if (x / (width / 60).max(1)).is_multiple_of(2) { 0 } else { 12 };
            image::Rgb([shade(96 + plank), shade(112 + plank), shade(100 + plank)])
        } else if inside && (ridge..roof).contains(&y) {
            image::Rgb([shade(84), shade(66), shade(58)])
        } else if y < horizon {
            let light = 150 + 70 * y / height;
            image::Rgb([shade(light), shade(light + 6), shade(light + 12)])
        } else {
            image::Rgb([shade(112), shade(108), shade(96)])
        }
    })
}

pub fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, quality)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .unwrap();
    out
}

pub fn photo(number: u32, caption: &str, bytes: &[u8], width: u32, height: u32) -> Photo {
    Photo {
        number,
        caption: caption.to_owned(),
        taken_at: Some(at("14:03:22")),
        author: "M. Dekker".to_owned(),
        direction: "richting noord".to_owned(),
        place: String::new(),
        sha256: Digest::of(bytes),
        original_sha256: None,
        edits: String::new(),
        size_bytes: bytes.len() as u64,
        width,
        height,
        alt: format!("Foto {number} in woorden: {caption}"),
    }
}

pub fn finding(number: &str, title: &str, text: &str) -> Finding {
    Finding {
        number: number.to_owned(),
        title: title.to_owned(),
        norm: String::new(),
        kind: ObservationKind::Own,
        text: text.to_owned(),
        observed_at: Some(at("13:52:00")),
        place: String::new(),
        author: "M. Dekker".to_owned(),
        ordinary_explanation: String::new(),
        photos: Vec::new(),
    }
}

pub fn answer(question_id: &str, question: &str, answer: &str) -> AnswerLine {
    AnswerLine {
        question_id: question_id.to_owned(),
        question: question.to_owned(),
        answer: answer.to_owned(),
        note: String::new(),
        author: "M. Dekker".to_owned(),
        answered_at: Some(at("13:41:00")),
        counts: true,
    }
}

fn wave(offset: u16) -> Vec<Vec<(u16, u16)>> {
    let loops = (0..60u16)
        .map(|step| {
            let turn = f32::from(step) / 4.0;
            let x = 120.0 + f32::from(step) * 11.0 + 60.0 * turn.sin();
            let y = 210.0 + 120.0 * turn.cos() * (1.0 - f32::from(step) / 90.0) + f32::from(offset);
            (x as u16, y.clamp(10.0, 390.0) as u16)
        })
        .collect();
    vec![loops, vec![(150, 330), (820, 290)], vec![(860, 280)]]
}

fn chain(stream: &str, device: &str, number: u128, seq: u64) -> ChainLine {
    ChainLine {
        stream: stream.to_owned(),
        device: device.to_owned(),
        chain: ChainId {
            stream: StreamId(uuid::Uuid::from_u128(0x0190_7a3c_0000_7000_8000_0000_0000_0001)),
            device: DeviceId(uuid::Uuid::from_u128(0x0190_7a3c_0000_7000_8000_0000_0001_0000 + number)),
            epoch: 1,
        },
        head: ChainHead { seq, record: Digest::of(device.as_bytes()) },
        public_key: Digest::of(b"key").to_string(),
        signature: format!("{}{}", Digest::of(b"r"), Digest::of(b"s")),
    }
}

/// A report with nothing in it but what has no empty form.
pub fn empty() -> ReportModel {
    ReportModel {
        copy: ReportCopy::File,
        head: Head {
            report_number: "VB-2026-0042-K7".to_owned(),
            official_number: None,
            version: 1,
            version_reason: String::new(),
            status: ReportStatus::Concept,
            confidentiality: "Vertrouwelijk".to_owned(),
            title: "Integrale controle buitengebied".to_owned(),
            checklist: ChecklistRef {
                name: "Integrale controle buitengebied (VB-IC)".to_owned(),
                version: "0.1 (concept)".to_owned(),
                sha256: Digest::of(b"checklist"),
            },
            made_at: DateTime::parse_from_rfc3339("2026-11-20T09:30:00+01:00").unwrap(),
        },
        author: Officer { name: "M. Dekker".to_owned(), ..Officer::default() },
        participants: Vec::new(),
        place: Place { address: Address::default(), point: None },
        visit: Visit { date: day(2026, 11, 19), arrived_at: None, left_at: None },
        legal_basis: LegalBasis::default(),
        method: String::new(),
        findings: Vec::new(),
        assumptions: Vec::new(),
        statements: Vec::new(),
        measures: Vec::new(),
        response: Response::NotRecorded,
        closing: Closing::default(),
        sections: Vec::new(),
        photos: Vec::new(),
        appendices: Vec::new(),
        chain_heads: Vec::new(),
        open_differences: Vec::new(),
    }
}

/// A whole controle of a barn, with its photos.
pub fn barn() -> (ReportModel, Album) {
    static BARN: LazyLock<(ReportModel, Album)> = LazyLock::new(draw_barn);
    BARN.clone()
}

fn draw_barn() -> (ReportModel, Album) {
    let mut album = Album::default();
    let mut photos = Vec::new();
    let shots = [
        ("Voorste helft van de kapschuur met hefbrug", "vanaf de schuurdeur, richting oost", 960, 720),
        ("Bestelbus en gereedschapswagens", "richting zuid", 960, 720),
        ("Zuidgevel kapschuur", "richting noord", 960, 672),
        ("Meterkast met gebroken zegel", "recht van voren", 720, 960),
        ("Erf met vaten naast de mestkelder", "richting west", 960, 540),
        ("Overzicht van het erf bij aankomst", "vanaf de oprit, richting noord", 960, 720),
    ];
    for (index, (caption, direction, width, height)) in shots.into_iter().enumerate() {
        let number = index as u32 + 1;
        let bytes = jpeg(&drawing(number, width, height), 85);
        let mut photo = photo(number, caption, &bytes, width, height);
        photo.direction = direction.to_owned();
        album.add(bytes);
        photos.push(photo);
    }
    photos[2].caption = "Zuidgevel kapschuur. 1 ventilatiepijpen, 2 slang".to_owned();
    photos[2].edits = "Eén gezicht en één kenteken onherkenbaar gemaakt".to_owned();
    photos[2].original_sha256 = Some(Digest::of(b"origineel"));
    photos[2].alt =
        "Zuidgevel van een schuur met twee ventilatiepijpen op het dak en een slang uit een raam".to_owned();

    let mut model = empty();
    model.head.official_number = Some("ZAAK-2026-0000004711".to_owned());
    model.author = Officer {
        name: "M. Dekker".to_owned(),
        function: "toezichthouder bouw".to_owned(),
        organisation: "gemeente Alkmaar".to_owned(),
        pass_number: "40917".to_owned(),
        expertise: "bouwkundig inspecteur sinds 2014, opleiding Herkennen drugslocaties (2025)".to_owned(),
        basis: String::new(),
    };
    model.participants = vec![
        Officer {
            name: "Ș. Munteanu".to_owned(),
            function: "inspecteur milieu".to_owned(),
            organisation: "omgevingsdienst".to_owned(),
            pass_number: "2285".to_owned(),
            expertise: String::new(),
            basis: "artikel 18.6 Omgevingswet, aanwijzingsbesluit 2024".to_owned(),
        },
        Officer {
            name: "pas 771".to_owned(),
            function: "medewerker fraude".to_owned(),
            organisation: "netbeheerder".to_owned(),
            pass_number: String::new(),
            expertise: String::new(),
            basis: "Energiewet; kijkt alleen naar de aansluiting".to_owned(),
        },
    ];
    model.place = Place {
        address: Address {
            line: "Kraaienhofsweg 12".to_owned(),
            postcode: "1483XX".to_owned(),
            town: "De Rijp".to_owned(),
            municipality: "Alkmaar".to_owned(),
            bag_id: Some("0361200000099999".to_owned()),
            part: "gebouw 2, kapschuur".to_owned(),
        },
        point: Some(Point { lat: 52.5581, lon: 4.8364, accuracy_m: Some(6.0), source: PointSource::Device }),
    };
    model.visit = Visit { date: day(2026, 11, 19), arrived_at: Some(at("13:34:00")), left_at: Some(at("15:12:00")) };
    model.legal_basis = LegalBasis {
        law: "Artikel 5:15 Awb".to_owned(),
        designation: "aanwijzingsbesluit toezichthouders 2025".to_owned(),
        purpose: "toezicht op het gebruik van de gebouwen volgens het omgevingsplan".to_owned(),
        identified_at: Some(at("13:36:00")),
        home: Some(HomeEntry::NotEntered),
        caution: Some(CautionNotice { given_to: "de gebruiker van de schuur".to_owned(), at: at("14:10:00") }),
    };
    model.method = "Erf, stal en kapschuur bekeken vanaf vloerniveau, bij daglicht, droog weer. Niets geopend of \
                    verplaatst. De zolder van de kapschuur is niet bekeken.\nGesproken in het Nederlands en, met een \
                    tolk aan de telefoon, in het Roemeens."
        .to_owned();
    model.findings = findings();
    model.assumptions = vec![Assumption {
        number: "V1".to_owned(),
        title: "Elektriciteit buiten de meter om".to_owned(),
        text: "De combinatie van een gebroken zegel en een warme kabel kan erop wijzen dat stroom buiten de meter om \
               wordt gebruikt. De netbeheerder onderzoekt de aansluiting."
            .to_owned(),
        observed_at: Some(at("14:31:00")),
        author: "M. Dekker".to_owned(),
        ordinary_explanation: "De gebruiker zegt dat een installateur in september aan de kast heeft gewerkt."
            .to_owned(),
        rests_on: vec!["B2".to_owned(), "B3".to_owned()],
        photos: Vec::new(),
    }];
    model.statements = vec![
        Statement {
            role: "gebruiker van de schuur".to_owned(),
            caution: StatementCaution::Given { at: Some(at("14:10:00")) },
            verbatim: true,
            text:
                "Ik huur de voorste helft sinds de zomer van de eigenaar. Ik sleutel aan auto’s van vrienden. Achterin \
                   kom ik nooit, daar heb ik geen sleutel van."
                    .to_owned(),
            taken_at: Some(at("14:12:00")),
            author: "Ș. Munteanu".to_owned(),
            photos: Vec::new(),
        },
        Statement {
            role: "eigenaar van het erf".to_owned(),
            caution: StatementCaution::NotGiven,
            verbatim: false,
            text: "De eigenaar vertelde uit zichzelf dat de schuur vroeger voor landbouwmachines werd gebruikt."
                .to_owned(),
            taken_at: Some(at("13:40:00")),
            author: "M. Dekker".to_owned(),
            photos: Vec::new(),
        },
    ];
    model.measures = vec![
        Measure {
            number: "M1".to_owned(),
            label: "Vooraankondiging".to_owned(),
            basis: "art. 4:8 Awb".to_owned(),
            text: "Het gebruik als werkplaats beëindigen, of een omgevingsvergunning aanvragen.".to_owned(),
            deadline: Some(day(2027, 1, 15)),
            decided_by: "college van burgemeester en wethouders van Alkmaar".to_owned(),
            concerns: vec!["B1".to_owned()],
        },
        Measure {
            number: "M2".to_owned(),
            label: "Doorverwijzing naar partner".to_owned(),
            basis: String::new(),
            text: "De netbeheerder controleert de aansluiting en de zegels.".to_owned(),
            deadline: Some(day(2026, 11, 27)),
            decided_by: "netbeheerder".to_owned(),
            concerns: vec!["B2".to_owned(), "B3".to_owned()],
        },
    ];
    model.response = Response::Given {
        role: "gebruiker van de schuur".to_owned(),
        text: "Ik wist niet dat hier een vergunning voor nodig is. Ik wil meewerken en zoek een andere plek."
            .to_owned(),
        at: Some(at("15:05:00")),
    };
    model.closing = Closing {
        place: "De Rijp".to_owned(),
        date: Some(day(2026, 11, 20)),
        oath: None,
        signatures: vec![
            SignedLine {
                signature: Signature {
                    name: "M. Dekker".to_owned(),
                    capacity: "opsteller".to_owned(),
                    strokes: wave(0),
                },
                signed_at: at("15:10:00"),
            },
            SignedLine {
                signature: Signature {
                    name: "Ș. Munteanu".to_owned(),
                    capacity: "inspecteur milieu".to_owned(),
                    strokes: Vec::new(),
                },
                signed_at: at("15:11:00"),
            },
        ],
    };
    model.sections = sections();
    model.appendices = vec![
        Appendix {
            title: "Uitgereikte brief Veilig Buitengebied".to_owned(),
            description: "Voorlichting over verhuur van schuren, in het Nederlands en het Roemeens.".to_owned(),
            sha256: Some(Digest::of(b"brief")),
        },
        Appendix { title: "Overdrachtsbewijs netbeheerder".to_owned(), description: String::new(), sha256: None },
    ];
    model.chain_heads =
        vec![chain("gedeelde stroom", "tablet K7", 7, 212), chain("gedeelde stroom", "tablet Q3", 3, 88)];
    model.open_differences = vec![OpenDifference {
        label: "D4".to_owned(),
        subject: "Zijn de zegels van de meterkast heel?".to_owned(),
        values: vec![
            DifferingValue { text: "Nee".to_owned(), author: "M. Dekker".to_owned(), at: Some(at("14:26:00")) },
            DifferingValue { text: "Onbekend".to_owned(), author: "Ș. Munteanu".to_owned(), at: Some(at("14:29:00")) },
        ],
    }];
    model.photos = photos;
    (model, album)
}

fn findings() -> Vec<Finding> {
    let mut use_of_barn = finding(
        "B1",
        "Gebruik past niet bij de functie",
        "De voorste helft van de kapschuur, ongeveer 120 m², is in gebruik als werkplaats. Ik zag een hefbrug, twee \
         gereedschapswagens en een bestelbus zonder landbouwmateriaal.",
    );
    use_of_barn.norm = "artikel 5.1 Omgevingswet".to_owned();
    use_of_barn.photos = vec![1, 2];
    let mut ventilation = finding(
        "B2",
        "Extra ventilatie en een slang uit het raam",
        "Op het dak staan twee ventilatiepijpen die niet op de bouwtekening staan. Uit een met folie dichtgeplakt raam \
         loopt een zwarte slang.",
    );
    ventilation.observed_at = Some(at("14:03:00"));
    ventilation.place = "gezien vanaf het erf".to_owned();
    ventilation.ordinary_explanation = "Volgens de gebruiker hoort de slang bij een tijdelijke graandroger.".to_owned();
    ventilation.photos = vec![3];
    let mut meter = finding(
        "B3",
        "Zegel van de meterkast is gebroken",
        "Het zegel van de hoofdaansluiting is gebroken. De kabel boven de kast voelde warm aan; gemeten 41 °C met een \
         infraroodmeter, omgeving 9 °C.",
    );
    meter.observed_at = Some(at("14:26:00"));
    meter.norm = "aansluit- en transportvoorwaarden netbeheerder".to_owned();
    meter.photos = vec![4];
    let mut drums = finding(
        "B4",
        "Vaten naast de mestkelder",
        "Naast de mestkelder staan zes blauwe vaten van 200 liter zonder etiket. Twee vaten zijn leeg. Er was geen geur \
         en geen verkleuring van de bodem te zien.",
    );
    drums.observed_at = Some(at("14:41:00"));
    drums.author = "Ș. Munteanu".to_owned();
    drums.photos = vec![5, 3];
    vec![use_of_barn, ventilation, meter, drums]
}

fn sections() -> Vec<AnswerSection> {
    let mut seals = answer("D4", "Zijn de zegels van de meterkast heel?", "Nee");
    seals.note = "Zegel hoofdaansluiting gebroken, zie B3.".to_owned();
    seals.answered_at = Some(at("14:26:00"));
    let mut warm = answer("D5", "Zijn er kabels of kasten warm?", "Ja, kabel boven de kast: 41 °C");
    warm.author = "Ș. Munteanu".to_owned();
    warm.answered_at = Some(at("14:29:00"));
    let mut permit = answer("B6", "Is er een vergunning voor kamergewijze verhuur?", "Nee");
    permit.counts = false;
    let unanswered =
        AnswerLine { answered_at: None, author: String::new(), ..answer("C3", "Zijn alle ruimten te bereiken?", "") };
    vec![
        AnswerSection {
            code: "A".to_owned(),
            title: "Aankomst".to_owned(),
            answers: vec![
                answer("A1", "Wie is aanwezig?", "Gebruiker van de schuur; eigenaar van het erf"),
                answer("A2", "Is er toestemming gevraagd om een woning te betreden?", "Niet van toepassing"),
                answer("A3", "Zijn er dieren of andere gevaren op het erf?", "Hond, aangelijnd"),
            ],
        },
        AnswerSection {
            code: "B".to_owned(),
            title: "Gebruik van de gebouwen".to_owned(),
            answers: vec![
                answer("B1", "Waarvoor wordt het gebouw gebruikt?", "Werkplaats; opslag"),
                answer("B2", "Past dat bij de functie in het omgevingsplan?", "Nee"),
                answer("B5", "Slaapt er iemand in het gebouw?", "Nee"),
                permit,
            ],
        },
        AnswerSection {
            code: "C".to_owned(),
            title: "Brandveiligheid".to_owned(),
            answers: vec![
                answer("C1", "Zijn de vluchtwegen vrij?", "Ja"),
                answer(
                    "C2",
                    "Is er gevaarlijke opslag, zoals gasflessen of brandstof?",
                    "Twee gasflessen bij de hefbrug",
                ),
                unanswered,
            ],
        },
        AnswerSection { code: "D".to_owned(), title: "Elektra en energie".to_owned(), answers: vec![seals, warm] },
    ]
}
