//! What stands in a controlerapport, typed and without any knowledge of pages, fonts or PDF.
//!
//! The fields are those that the case law asks of a controlerapport: place, time, date, working method, what was
//! observed, signature, dating, by whom and with which expertise (ABRvS 3 May 2017, ECLI:NL:RVS:2017:1179). The
//! caller fills the model from an inspection's state and leaves out what the reader of this copy may not see; the
//! report prints everything that it gets.

mod observed;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use veldboek_domain::{Address, ChainHead, ChainId, Digest, Point, Signature};

pub use observed::{Assumption, Finding, Measure, Response, Statement, StatementCaution};

/// A whole controlerapport.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportModel {
    /// For whom this copy is made.
    pub copy: ReportCopy,
    /// Number, version, status and title.
    pub head: Head,
    /// Who writes the report.
    pub author: Officer,
    /// Who took part besides the author, each on an own basis.
    pub participants: Vec<Officer>,
    /// Where the controle was.
    pub place: Place,
    /// When the controle was.
    pub visit: Visit,
    /// On which law it rests and how people went in.
    pub legal_basis: LegalBasis,
    /// Working method: route, what was and was not inspected, tools, weather and light, languages. Lines are
    /// separated by line feeds.
    pub method: String,
    /// What was observed, in order.
    pub findings: Vec<Finding>,
    /// What the author infers; never among the findings (ECLI:NL:RBAMS:2012:BW2542).
    pub assumptions: Vec<Assumption>,
    /// What people said.
    pub statements: Vec<Statement>,
    /// What the author proposes.
    pub measures: Vec<Measure>,
    /// What the visited party answered.
    pub response: Response,
    /// Place and date of signing, the oath and the signatures.
    pub closing: Closing,
    /// The answers of the checklist, a section for each of its parts.
    pub sections: Vec<AnswerSection>,
    /// Every photo of the report, by number. Each is printed once: at the first finding, assumption or statement
    /// that refers to it, and otherwise in the part with photos.
    pub photos: Vec<Photo>,
    /// What belongs to the report and is not in it.
    pub appendices: Vec<Appendix>,
    /// The heads of the chains in which the records stand.
    pub chain_heads: Vec<ChainLine>,
    /// Questions on which people differ and nobody has chosen yet. Only a concept can have them.
    pub open_differences: Vec<OpenDifference>,
}

/// For whom a copy is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportCopy {
    /// The copy for the file (dossier).
    File,
    /// The copy that is left behind with the visited party, without what is closed to them.
    LeaveBehind,
}

/// Whether a report can still change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportStatus {
    /// Concept: being written.
    Concept,
    /// Definitief: closed and signed; a correction is a new version.
    Final,
}

/// The top of the report (kop).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The working number made on the device, such as `VB-2026-0042-K7`.
    pub report_number: String,
    /// The case number of the organisation (ZGW `zaak.identificatie`), once there is one.
    pub official_number: Option<String>,
    /// 1 for the first; a correction after closing makes the next.
    pub version: u32,
    /// Why there is a newer version; empty for the first.
    pub version_reason: String,
    /// Concept or final.
    pub status: ReportStatus,
    /// How confidential it is, in words, such as `Vertrouwelijk`.
    pub confidentiality: String,
    /// What kind of controle, such as `Integrale controle buitengebied`.
    pub title: String,
    /// The checklist that was used.
    pub checklist: ChecklistRef,
    /// When this version was made: the document's date.
    pub made_at: DateTime<FixedOffset>,
}

/// Which checklist, exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChecklistRef {
    /// Its name.
    pub name: String,
    /// Its version, such as `0.1 (concept)`.
    pub version: String,
    /// SHA-256 over the checklist's file.
    pub sha256: Digest,
}

/// An author or participant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Officer {
    /// The name, or the pass number of somebody who is not named.
    pub name: String,
    /// Function, such as `toezichthouder bouw`.
    pub function: String,
    /// The organisation for which they act.
    pub organisation: String,
    /// Pass number; empty when unknown or already used as name.
    pub pass_number: String,
    /// Training and experience that make the observations expert ones; empty when not recorded.
    pub expertise: String,
    /// The own ground of entry and law that is supervised; empty for the author when [`LegalBasis`] says it.
    pub basis: String,
}

/// Where the controle was (waar).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The address, with its BAG id and part.
    pub address: Address,
    /// A position, when there is one.
    pub point: Option<Point>,
}

/// When the controle was (wanneer). Times carry the UTC offset of the place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// The day.
    pub date: NaiveDate,
    /// Arrival.
    pub arrived_at: Option<DateTime<FixedOffset>>,
    /// Departure.
    pub left_at: Option<DateTime<FixedOffset>>,
}

/// On which law the controle rests and how people went in (grondslag; titel 5.2 Awb, Awbi).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LegalBasis {
    /// The law or ordinance, such as `Artikel 5:15 Awb`.
    pub law: String,
    /// The decision that made the author a supervisor (aanwijzingsbesluit).
    pub designation: String,
    /// The purpose as it was told.
    pub purpose: String,
    /// When the author showed the pass (art. 5:12 Awb).
    pub identified_at: Option<DateTime<FixedOffset>>,
    /// Whether a home was entered; none when nothing was recorded about it.
    pub home: Option<HomeEntry>,
    /// The cautie (art. 5:10a Awb), when given.
    pub caution: Option<CautionNotice>,
}

/// Whether and how a home was entered (Algemene wet op het binnentreden).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum HomeEntry {
    /// No home was entered.
    NotEntered,
    /// Entered with the consent of the resident, asked beforehand.
    Consent {
        /// Who consented, as a role.
        given_by: String,
        /// In which words and language; empty when not recorded.
        words: String,
        /// When.
        at: Option<DateTime<FixedOffset>>,
    },
    /// Entered on a warrant (machtiging).
    Warrant {
        /// Who gave it, such as `de burgemeester van Alkmaar`.
        given_by: String,
        /// The law and purpose that it names.
        purpose: String,
        /// Day of issue; it is void after the third day following (art. 6 Awbi).
        issued_on: NaiveDate,
    },
}

/// The notice that nobody has to answer (cautie).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CautionNotice {
    /// To whom, as a role.
    pub given_to: String,
    /// When.
    pub at: DateTime<FixedOffset>,
}

/// The end of the report (slot).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    /// Where it was drawn up.
    pub place: String,
    /// The day on which it was drawn up.
    pub date: Option<NaiveDate>,
    /// The whole sentence of the oath or promise of office (ambtseed, ambtsbelofte), for a BOA only.
    pub oath: Option<String>,
    /// Who signed.
    pub signatures: Vec<SignedLine>,
}

/// A signature with its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedLine {
    /// Name, capacity and strokes. Without strokes somebody signed with the account only.
    pub signature: Signature,
    /// When.
    pub signed_at: DateTime<FixedOffset>,
}

/// The answers of one part of the checklist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerSection {
    /// The part's code, such as `D`.
    pub code: String,
    /// The part's title.
    pub title: String,
    /// The answers in the checklist's order.
    pub answers: Vec<AnswerLine>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerLine {
    /// The question's id, such as `D3`.
    pub question_id: String,
    /// The question as it was asked.
    pub question: String,
    /// The answer in words; empty when there is none.
    pub answer: String,
    /// The explanation beside it; empty when there is none.
    pub note: String,
    /// Who answered; empty when nobody did.
    pub author: String,
    /// When.
    pub answered_at: Option<DateTime<FixedOffset>>,
    /// Whether it counts: false when another answer put the question out of use.
    pub counts: bool,
}

/// A photo in the report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Photo {
    /// 1, 2, ...: printed as `foto 1`.
    pub number: u32,
    /// What is seen.
    pub caption: String,
    /// When it was taken.
    pub taken_at: Option<DateTime<FixedOffset>>,
    /// Who took it.
    pub author: String,
    /// Direction or standpoint, such as `richting noord`; empty when not recorded.
    pub direction: String,
    /// Which part of the place; empty when not recorded.
    pub place: String,
    /// SHA-256 over the bytes of the image that is printed.
    pub sha256: Digest,
    /// SHA-256 over the original, when the printed image is an edited copy of it.
    pub original_sha256: Option<Digest>,
    /// What was edited, in a sentence, such as `Eén gezicht onherkenbaar gemaakt.`; empty for an original.
    pub edits: String,
    /// Size of the printed image in bytes.
    pub size_bytes: u64,
    /// Width in pixels as stored.
    pub width: u32,
    /// Height in pixels as stored.
    pub height: u32,
    /// The photo in words, for who can't see it. The caption is used when it is empty.
    pub alt: String,
}

/// Something that belongs to the report and is kept apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Appendix {
    /// What it is, such as `Verslag van binnentreden`.
    pub title: String,
    /// More about it; empty when there is nothing to say.
    pub description: String,
    /// SHA-256 over its bytes, when it is a file.
    pub sha256: Option<Digest>,
}

/// The head of one device's chain in one stream, with what an outsider needs to check it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainLine {
    /// Which stream, in words.
    pub stream: String,
    /// Which device, in words.
    pub device: String,
    /// The chain.
    pub chain: ChainId,
    /// How far it goes.
    pub head: ChainHead,
    /// The device's Ed25519 public key in hexadecimal digits; empty when the caller does not know it.
    pub public_key: String,
    /// The device's signature over this head in hexadecimal digits, as in
    /// [`SignedHead`](veldboek_domain::SignedHead); empty when the head is not signed yet.
    pub signature: String,
}

/// A question on which people differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenDifference {
    /// What it is about, such as `D3` or `Adres`.
    pub label: String,
    /// The question or field in words.
    pub subject: String,
    /// The values that stand beside each other.
    pub values: Vec<DifferingValue>,
}

/// One of the values on which people differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DifferingValue {
    /// The value in words.
    pub text: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub at: Option<DateTime<FixedOffset>>,
}
