//! Verantwoording: the hashes of the photos and the heads of the chains, and how an outsider checks them.

use veldboek_domain::chain::head_statement;

use crate::model::ChainLine;
use crate::page::tables::Column;
use crate::page::{Tag, sheet};
use crate::text::{Style, Text};
use crate::words;

use super::{ENTRY_GAP, Part, Report, SMALL_LEADING};

const PHOTO_COLUMNS: [Column; 3] = [
    Column { title: "Foto", share: 0.14 },
    Column { title: "Bestand", share: 0.26 },
    Column { title: "SHA-256", share: 0.60 },
];

impl Report<'_> {
    /// What is needed to check the report against the records and the photos.
    pub(super) fn account(&mut self) {
        self.part(Part::Account, |report| {
            let model = report.model;
            report.flow.paragraph(
                "Met SHA-256 (FIPS 180-4) en Ed25519 (RFC 8032) kan iedereen nagaan of foto’s en vastleggingen \
                 ongewijzigd zijn. Daar is geen bijzonder programma voor nodig.",
            );
            report.flow.gap(4.0);
            let checklist = &model.head.checklist;
            report.flow.paragraph(format!("De gebruikte checklist, {} versie {}:", checklist.name, checklist.version));
            let hash = Text::of(words::grouped(&checklist.sha256), Style::CODE);
            report.flow.text(Tag::P, &hash, SMALL_LEADING);
            report.photo_hashes();
            report.chains();
        });
    }

    fn photo_hashes(&mut self) {
        let model = self.model;
        self.flow.gap(ENTRY_GAP + 4.0);
        self.flow.heading(Tag::H3, &Text::of("Foto’s", Style::H3), 18.0);
        if model.photos.is_empty() {
            self.flow.paragraph("Er horen geen foto’s bij dit rapport.");
            return;
        }
        self.flow.paragraph(
            "Bereken SHA-256 over het bestand van een foto. Is de uitkomst gelijk aan die in de tabel, dan is de foto \
             ongewijzigd. Een JPEG staat in dit rapport zoals hij is gemaakt; hij is niet verkleind of opnieuw ingepakt.",
        );
        self.flow.gap(6.0);
        let rows: Vec<Vec<Text>> = model
            .photos
            .iter()
            .map(|photo| {
                let file = format!("{} x {} pixels\n{}", photo.width, photo.height, words::size(photo.size_bytes));
                let mut hash = Text::of(words::grouped(&photo.sha256), Style::CODE);
                if let Some(original) = &photo.original_sha256 {
                    hash = hash
                        .and("\nBewerkt; het origineel is:\n", Style::SMALL)
                        .and(words::grouped(original), Style::CODE);
                }
                vec![
                    Text::of(format!("Foto {}", photo.number), Style::SMALL_STRONG),
                    Text::of(file, Style::SMALL),
                    hash,
                ]
            })
            .collect();
        self.flow.table(&PHOTO_COLUMNS, &rows);
    }

    fn chains(&mut self) {
        let model = self.model;
        self.flow.gap(ENTRY_GAP + 8.0);
        self.flow.heading(Tag::H3, &Text::of("Ketens", Style::H3), 18.0);
        if model.chain_heads.is_empty() {
            self.flow.paragraph("Er zijn geen ketens bij dit rapport opgegeven.");
            return;
        }
        let marker = head_statement(&model.chain_heads[0].chain, &model.chain_heads[0].head);
        let marker = marker.lines().next().unwrap_or_default().to_owned();
        self.flow.paragraph(format!(
            "Elke vastlegging noemt de SHA-256 van de vorige op hetzelfde apparaat. De laatste sluit dus alle eerdere in. \
             Het apparaat ondertekent de stand met Ed25519, over zes regels tekst: {marker}, stroom, apparaat, reeks, \
             nummer en SHA-256 zonder spaties, met een regeleinde (LF) ertussen.",
        ));
        for line in &model.chain_heads {
            self.chain(line);
        }
    }

    fn chain(&mut self, line: &ChainLine) {
        self.flow.gap(ENTRY_GAP);
        let first = self.flow.bands.len();
        self.within(Tag::Div, |report| {
            let mut entry = report.flow.begin_entry();
            let device = Text::of(line.device.as_str(), Style::MARGIN);
            report.flow.within(Tag::P, |flow| flow.margin(&mut entry, &device));
            let title = format!("{}, tot en met vastlegging {}", words::capital(&line.stream), line.head.seq);
            report.flow.text(Tag::P, &Text::of(title, Style::STRONG), sheet::LEADING);
            report.code("Stroom", &line.chain.stream.to_string());
            report.code("Apparaat", &line.chain.device.to_string());
            report.code("Reeks, nummer", &format!("{}, {}", line.chain.epoch, line.head.seq));
            report.hash("SHA-256 van de laatste vastlegging", &words::grouped(&line.head.record));
            let known = |digits: &str| {
                if digits.is_empty() { "niet bekend op dit apparaat".to_owned() } else { words::in_groups(digits) }
            };
            report.hash("Openbare sleutel van het apparaat", &known(&line.public_key));
            report.hash("Handtekening van het apparaat", &known(&line.signature));
            report.flow.keep_together(first);
            report.flow.end_entry(entry);
        });
    }

    /// A label with digits below it.
    fn hash(&mut self, label: &str, digits: &str) {
        let text = Text::of(format!("{label}\n"), Style::SMALL).and(digits, Style::CODE);
        self.flow.within(Tag::P, |flow| {
            for line in text.paragraphs() {
                flow.lines(&line, SMALL_LEADING);
            }
        });
    }

    /// A label with digits behind it.
    fn code(&mut self, label: &str, digits: &str) {
        let text = Text::of(format!("{label} "), Style::SMALL).and(digits, Style::CODE);
        self.flow.text(Tag::P, &text, SMALL_LEADING);
    }
}
