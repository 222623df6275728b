//! Writing a document from top to bottom: text, entries with a margin, and loose bands.

use crate::text::{Line, Style, Text, Typesetter};

use super::marks::{Anchor, Band, Ink, Mark, Owner, line_marks};
use super::sheet::{self, LEADING};
use super::tree::{NodeId, Tag, Tree};

/// A line in the outline (bookmarks) of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct OutlineLine {
    /// 0 for a part, 1 for what stands in it.
    pub level: usize,
    /// Its words.
    pub title: String,
    /// Where it leads.
    pub target: Anchor,
}

/// Something in the text column with words beside it in the margin. Begin it, write, and end it.
#[must_use = "an entry's margin is written when it ends"]
pub struct Entry {
    first_band: usize,
    /// The marks of each line; y counts from the line's baseline.
    lines: Vec<Vec<Mark>>,
}

/// A document that is being written.
pub struct Flow {
    /// Sets the text.
    pub typesetter: Typesetter,
    /// The logical structure so far.
    pub tree: Tree,
    /// The bands so far.
    pub bands: Vec<Band>,
    /// The outline so far.
    pub outline: Vec<OutlineLine>,
    open: Vec<NodeId>,
    gap: f32,
    new_page: bool,
    pending: Vec<Anchor>,
    anchors: usize,
}

impl Flow {
    /// An empty document.
    pub fn new() -> Self {
        Self {
            typesetter: Typesetter::new(),
            tree: Tree::new(),
            bands: Vec::new(),
            outline: Vec::new(),
            open: vec![Tree::ROOT],
            gap: 0.0,
            new_page: false,
            pending: Vec::new(),
            anchors: 0,
        }
    }

    /// Writes within an element of this kind.
    pub fn within<R>(&mut self, tag: Tag, write: impl FnOnce(&mut Self) -> R) -> R {
        self.within_described(tag, None, write)
    }

    /// Writes within an element that has a description in words.
    pub fn within_described<R>(&mut self, tag: Tag, alt: Option<String>, write: impl FnOnce(&mut Self) -> R) -> R {
        self.open(tag, alt);
        let out = write(self);
        self.close();
        out
    }

    /// Opens an element, for a caller that can't use [`Flow::within`].
    pub fn open(&mut self, tag: Tag, alt: Option<String>) {
        let node = self.tree.add(self.here(), tag, alt);
        self.open.push(node);
    }

    /// Closes the element that was opened last.
    pub fn close(&mut self) {
        self.open.pop();
    }

    /// Left end and width of the text column.
    pub fn column() -> (f32, f32) {
        (sheet::LEFT, sheet::COLUMN)
    }

    /// Leaves at least this much space before what comes next.
    pub fn gap(&mut self, points: f32) {
        self.gap = self.gap.max(points);
    }

    /// Begins a new page with what comes next.
    pub fn new_page(&mut self) {
        self.new_page = true;
    }

    /// A place that is still to be set; see [`Flow::here_is`].
    pub fn reserve(&mut self) -> Anchor {
        let anchor = Anchor(self.anchors);
        self.anchors += 1;
        anchor
    }

    /// The place is where the next band stands.
    pub fn here_is(&mut self, anchor: Anchor) {
        self.pending.push(anchor);
    }

    /// Puts a line in the outline that leads to this place.
    pub fn bookmark(&mut self, level: usize, title: impl Into<String>, target: Anchor) {
        self.outline.push(OutlineLine { level, title: title.into(), target });
    }

    /// An owner for something drawn in the element that is open.
    pub fn owner(&mut self) -> Owner {
        let node = self.here();
        Owner::Node(node, self.tree.mark(node))
    }

    /// Adds a band below the last one.
    pub fn push(&mut self, band: Band) {
        self.bands.push(Band {
            before: band.before.max(std::mem::take(&mut self.gap)),
            new_page: std::mem::take(&mut self.new_page),
            anchors: std::mem::take(&mut self.pending),
            ..band
        });
    }

    /// Keeps the last band on one page with what comes next.
    pub fn keep_with_next(&mut self) {
        if let Some(last) = self.bands.last_mut() {
            last.keep_with_next = true;
        }
    }

    /// Keeps all bands from this index on one page.
    pub fn keep_together(&mut self, from: usize) {
        let end = self.bands.len().saturating_sub(1);
        for band in self.bands.iter_mut().take(end).skip(from) {
            band.keep_with_next = true;
        }
    }

    /// Writes text, each of its paragraphs in an element of this kind. A paragraph never leaves a single line alone
    /// on a page.
    pub fn text(&mut self, tag: Tag, text: &Text, leading: f32) {
        for (index, paragraph) in text.paragraphs().iter().enumerate() {
            if index > 0 {
                self.gap(4.0);
            }
            self.within(tag, |flow| flow.lines(paragraph, leading));
        }
    }

    /// Running text in the usual style.
    pub fn paragraph(&mut self, text: impl Into<String>) {
        self.text(Tag::P, &Text::of(text, Style::BODY), LEADING);
    }

    /// A heading: stays with what comes next.
    pub fn heading(&mut self, tag: Tag, text: &Text, leading: f32) {
        self.heading_numbered(tag, text, leading, None);
    }

    /// A heading whose number stands in the margin and is read first.
    pub fn heading_numbered(&mut self, tag: Tag, text: &Text, leading: f32, number: Option<(&mut Entry, &str)>) {
        let first = self.bands.len();
        self.within(tag, |flow| {
            if let Some((entry, number)) = number {
                flow.within(Tag::Lbl, |flow| flow.margin(entry, &Text::of(number, Style::NUMBER)));
            }
            flow.lines(text, leading);
        });
        for band in &mut self.bands[first..] {
            band.keep_with_next = true;
        }
    }

    /// Writes lines in the element that is open.
    pub fn lines(&mut self, text: &Text, leading: f32) {
        let (left, width) = Self::column();
        let lines = self.typesetter.lines(text, width);
        let baseline = self.baseline(text, leading);
        let count = lines.len();
        for (index, line) in lines.into_iter().enumerate() {
            // A name on its own line stays with its neighbours; running text begins where its script begins.
            let x = if line.rtl && count > 1 { left + width - line.width } else { left };
            let marks = line_marks(line, x, baseline, || self.owner());
            // The first two and the last two lines stay together.
            let keep_with_next = count > 1 && (index == 0 || index + 2 == count);
            self.push(Band { height: leading, baseline, keep_with_next, marks, ..Band::default() });
        }
    }

    /// Where text of this size stands in a line of this height.
    pub fn baseline(&self, text: &Text, leading: f32) -> f32 {
        let size = text.0.iter().map(|span| span.style.size).fold(0.0, f32::max);
        let face = crate::text::FaceId::Regular;
        let (ascent, descent) = self.typesetter.fonts().extent(face);
        (leading - (ascent + descent) * size) / 2.0 + ascent * size
    }

    /// Begins an entry with a margin.
    pub fn begin_entry(&mut self) -> Entry {
        Entry { first_band: self.bands.len(), lines: Vec::new() }
    }

    /// Writes in the margin of an entry, in the element that is open. Text that is too wide runs on.
    pub fn margin(&mut self, entry: &mut Entry, text: &Text) {
        for line in self.typesetter.lines(text, sheet::MARGIN_WIDTH) {
            let marks = self.margin_line(line);
            entry.lines.push(marks);
        }
    }

    /// Writes a link in the margin of an entry.
    pub fn margin_link(&mut self, entry: &mut Entry, text: &Text, target: Anchor, words: &str) {
        self.within(Tag::Link, |flow| {
            for line in flow.typesetter.lines(text, sheet::MARGIN_WIDTH) {
                let width = line.width;
                let mut marks = flow.margin_line(line);
                marks.push(Mark {
                    owner: flow.owner(),
                    x: sheet::MARGIN_RIGHT - width,
                    y: -10.5,
                    ink: Ink::Link { width, height: 14.0, target, words: words.to_owned() },
                });
                entry.lines.push(marks);
            }
        });
    }

    /// Ends an entry. Its beginning stays on one page as far as its margin reaches, and what follows begins below.
    pub fn end_entry(&mut self, entry: Entry) {
        if entry.lines.is_empty() {
            return;
        }
        if self.bands.len() == entry.first_band {
            self.push(Band { baseline: 11.0, ..Band::default() });
        }
        let bands = &mut self.bands[entry.first_band..];
        let needed = entry.lines.len() as f32 * LEADING;
        let count = bands.len();
        let mut reached = 0.0;
        for (index, band) in bands.iter_mut().enumerate() {
            reached += band.height + if index == 0 { 0.0 } else { band.before };
            if reached >= needed {
                break;
            }
            if index + 1 < count {
                band.keep_with_next = true;
            } else {
                band.height += needed - reached;
            }
        }
        let baseline = bands[0].baseline;
        let margin = entry.lines.into_iter().enumerate().flat_map(|(index, marks)| {
            marks.into_iter().map(move |mark| Mark { y: mark.y + baseline + index as f32 * LEADING, ..mark })
        });
        let column = std::mem::take(&mut bands[0].marks);
        bands[0].marks = margin.chain(column).collect();
    }

    fn margin_line(&mut self, line: Line) -> Vec<Mark> {
        let x = sheet::MARGIN_RIGHT - line.width;
        line_marks(line, x, 0.0, || self.owner())
    }

    fn here(&self) -> NodeId {
        *self.open.last().unwrap_or(&Tree::ROOT)
    }
}
