//! From marks to printpdf's operations, each within marked content.

use std::collections::BTreeMap;

use printpdf::{
    Codepoint, Color, CurTransMat, DictItem, Line, LineCapStyle, LineJoinStyle, LinePoint, Op, PaintMode,
    PdfFontHandle, PdfPage, Point, Pt, Rect, Rgb, TextItem, TextMatrix, XObjectId, XObjectTransform,
};

use crate::page::{Anchor, Ink, Mark, MarkId, NodeId, Owner, Page, Pages, sheet};
use crate::text::{Colour, FaceId, GlyphRun};

use super::fonts::{self, Embedded};

/// A rectangle in PDF's coordinates: left, bottom, right, top.
pub type Corners = [f32; 4];

/// Where what was drawn came to stand.
#[derive(Default)]
pub struct Placed {
    /// For each piece of content its page and number there (MCID).
    pub content: BTreeMap<MarkId, (usize, i64)>,
    /// For each page the elements to which its pieces of content belong, by number.
    pub owners: Vec<Vec<NodeId>>,
    /// The links of each page.
    pub links: Vec<Vec<PlacedLink>>,
    /// The box of each photo or drawing.
    pub boxes: BTreeMap<NodeId, Corners>,
}

/// A link on a page.
pub struct PlacedLink {
    /// Its mark.
    pub mark: MarkId,
    /// Its element.
    pub node: NodeId,
    /// Its area.
    pub area: Corners,
    /// Where it leads.
    pub target: Anchor,
    /// What it leads to, in words.
    pub words: String,
}

/// Drawn pages.
pub struct Drawn {
    /// The pages for printpdf.
    pub pages: Vec<PdfPage>,
    /// Where everything came to stand.
    pub placed: Placed,
}

/// The name under which the pages use a photo.
pub fn photo_resource(index: usize) -> XObjectId {
    XObjectId(format!("Im{index}"))
}

/// Draws all pages.
pub fn draw(pages: &Pages, faces: &BTreeMap<FaceId, Embedded>) -> Drawn {
    let mut placed = Placed::default();
    let pages = pages
        .pages
        .iter()
        .enumerate()
        .map(|(number, page)| {
            placed.owners.push(Vec::new());
            placed.links.push(Vec::new());
            let ops = Pen { ops: Vec::new(), open: None, number, placed: &mut placed, faces }.page(page);
            PdfPage::new(Pt(sheet::WIDTH).into(), Pt(sheet::HEIGHT).into(), ops)
        })
        .collect();
    Drawn { pages, placed }
}

/// What the open marked content is for.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Node(NodeId, i64),
    Artifact,
}

struct Pen<'a> {
    ops: Vec<Op>,
    open: Option<Open>,
    number: usize,
    placed: &'a mut Placed,
    faces: &'a BTreeMap<FaceId, Embedded>,
}

impl Pen<'_> {
    fn page(mut self, page: &Page) -> Vec<Op> {
        for mark in &page.marks {
            if let Ink::Link { width, height, target, words } = &mark.ink {
                if let Owner::Node(node, id) = mark.owner {
                    let area = corners(mark, *width, *height);
                    let link = PlacedLink { mark: id, node, area, target: *target, words: words.clone() };
                    self.placed.links[self.number].push(link);
                }
                continue;
            }
            self.enter(mark);
            self.ink(mark);
        }
        self.leave();
        self.ops
    }

    /// Opens marked content for a mark; marks of one element that follow each other share it.
    fn enter(&mut self, mark: &Mark) {
        match mark.owner {
            Owner::Artifact if self.open == Some(Open::Artifact) => {}
            Owner::Artifact => {
                self.leave();
                let map = BTreeMap::from([("Type".to_owned(), DictItem::Name(b"Layout".to_vec()))]);
                self.begin("Artifact", map);
                self.open = Some(Open::Artifact);
            }
            Owner::Node(node, id) => {
                if let Some(Open::Node(open, mcid)) = self.open
                    && open == node
                {
                    self.placed.content.insert(id, (self.number, mcid));
                    return;
                }
                self.leave();
                let owners = &mut self.placed.owners[self.number];
                let mcid = owners.len() as i64;
                owners.push(node);
                self.placed.content.insert(id, (self.number, mcid));
                self.begin("Span", BTreeMap::from([("MCID".to_owned(), DictItem::Int(mcid))]));
                self.open = Some(Open::Node(node, mcid));
            }
        }
    }

    fn begin(&mut self, tag: &str, map: BTreeMap<String, DictItem>) {
        let properties = DictItem::Dict { map };
        self.ops.push(Op::BeginMarkedContentWithProperties { tag: tag.to_owned(), properties });
    }

    fn leave(&mut self) {
        if self.open.take().is_some() {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn ink(&mut self, mark: &Mark) {
        let (x, y) = (mark.x, sheet::HEIGHT - mark.y);
        match &mark.ink {
            Ink::Text(run) => self.text(run, x, y),
            Ink::Rule { width, height, colour } => {
                self.ops.push(Op::SetFillColor { col: color(*colour) });
                self.rectangle(mark, *width, *height, PaintMode::Fill);
            }
            Ink::Frame { width, height, colour } => {
                self.ops.push(Op::SetOutlineColor { col: color(*colour) });
                self.ops.push(Op::SetOutlineThickness { pt: Pt(0.75) });
                self.rectangle(mark, *width, *height, PaintMode::Stroke);
            }
            Ink::Photo { index, width, height, orientation } => {
                self.photo(mark, *index, corners(mark, *width, *height), orientation.matrix(*width, *height));
            }
            Ink::Strokes { strokes, width, height, colour } => {
                if let Owner::Node(node, _) = mark.owner {
                    self.placed.boxes.insert(node, corners(mark, *width, *height));
                }
                self.strokes(strokes, x, y, *colour);
            }
            Ink::Link { .. } | Ink::PageNumber { .. } => {}
        }
    }

    /// Shows a run; a glyph that is moved off the line is placed on its own.
    fn text(&mut self, run: &GlyphRun, x: f32, y: f32) {
        let Some(face) = self.faces.get(&run.face) else { return };
        let size = run.style.size;
        self.ops.push(Op::SetFillColor { col: color(run.style.colour) });
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetFont { font: PdfFontHandle::External(fonts::resource(run.face)), size: Pt(size) });
        let mut pen = 0.0;
        let mut at = 0.0;
        let mut line: Vec<Codepoint> = Vec::new();
        for glyph in &run.glyphs {
            let Some(embedded) = face.glyphs.get(&glyph.id) else { continue };
            let moved = glyph.dx != 0.0 || glyph.dy != 0.0;
            if moved {
                self.show(std::mem::take(&mut line), x + at * size, y);
                let alone = vec![Codepoint::with_cid(embedded.id, 0.0, embedded.text.clone())];
                self.show(alone, x + (pen + glyph.dx) * size, y + glyph.dy * size);
                at = pen + glyph.advance;
            } else {
                let correction = (embedded.width - glyph.advance * 1000.0).round();
                line.push(Codepoint::with_cid(embedded.id, correction, embedded.text.clone()));
            }
            pen += glyph.advance;
        }
        self.show(line, x + at * size, y);
        self.ops.push(Op::EndTextSection);
    }

    fn show(&mut self, glyphs: Vec<Codepoint>, x: f32, y: f32) {
        if !glyphs.is_empty() {
            self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw([1.0, 0.0, 0.0, 1.0, x, y]) });
            self.ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(glyphs)] });
        }
    }

    fn rectangle(&mut self, mark: &Mark, width: f32, height: f32, mode: PaintMode) {
        let [left, bottom, _, _] = corners(mark, width, height);
        let rectangle = Rect {
            x: Pt(left),
            y: Pt(bottom),
            width: Pt(width),
            height: Pt(height),
            mode: Some(mode),
            winding_order: None,
        };
        self.ops.push(Op::DrawRectangle { rectangle });
    }

    fn photo(&mut self, mark: &Mark, index: usize, area: Corners, mut matrix: [f32; 6]) {
        if let Owner::Node(node, _) = mark.owner {
            self.placed.boxes.insert(node, area);
        }
        matrix[4] += area[0];
        matrix[5] += area[1];
        let matrix = CurTransMat::Raw(matrix);
        self.ops.push(Op::SaveGraphicsState);
        self.ops.push(Op::SetTransformationMatrix { matrix });
        self.ops.push(Op::UseXobject {
            id: photo_resource(index),
            transform: XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() },
        });
        self.ops.push(Op::RestoreGraphicsState);
    }

    fn strokes(&mut self, strokes: &[Vec<(f32, f32)>], x: f32, y: f32, colour: Colour) {
        self.ops.push(Op::SetOutlineColor { col: color(colour) });
        self.ops.push(Op::SetOutlineThickness { pt: Pt(1.2) });
        self.ops.push(Op::SetLineCapStyle { cap: LineCapStyle::Round });
        self.ops.push(Op::SetLineJoinStyle { join: LineJoinStyle::Round });
        for stroke in strokes {
            let mut points: Vec<LinePoint> = stroke
                .iter()
                .map(|(dx, dy)| LinePoint { p: Point { x: Pt(x + dx), y: Pt(y - dy) }, bezier: false })
                .collect();
            // A dot is a line to itself; the round ends make it visible.
            if points.len() == 1 {
                points.push(points[0].clone());
            }
            self.ops.push(Op::DrawLine { line: Line { points, is_closed: false } });
        }
    }
}

fn corners(mark: &Mark, width: f32, height: f32) -> Corners {
    let top = sheet::HEIGHT - mark.y;
    [mark.x, top - height, mark.x + width, top]
}

fn color(Colour(red, green, blue): Colour) -> Color {
    let part = |value: u8| f32::from(value) / 255.0;
    Color::Rgb(Rgb::new(part(red), part(green), part(blue), None))
}
