//! The logical structure: what is a heading, a paragraph, a list, a figure (ISO 32000-1, 14.8).

/// The kind of an element, by its standard structure type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// The whole document.
    Document,
    /// A part with a heading.
    Sect,
    /// The title.
    H1,
    /// A part's heading.
    H2,
    /// A finding's heading.
    H3,
    /// A paragraph.
    P,
    /// A group without a meaning of its own.
    Div,
    /// A list.
    L,
    /// An item of a list.
    Li,
    /// The label of an item.
    Lbl,
    /// The body of an item.
    LBody,
    /// The list of contents.
    Toc,
    /// An entry in the list of contents.
    Toci,
    /// The reference in such an entry.
    Reference,
    /// A link.
    Link,
    /// A figure.
    Figure,
    /// The words under a figure.
    Caption,
    /// Somebody's literal words.
    BlockQuote,
    /// A table.
    Table,
    /// A row.
    Tr,
    /// A head cell, of a column.
    Th,
    /// A cell.
    Td,
}

impl Tag {
    /// The name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Sect => "Sect",
            Self::H1 => "H1",
            Self::H2 => "H2",
            Self::H3 => "H3",
            Self::P => "P",
            Self::Div => "Div",
            Self::L => "L",
            Self::Li => "LI",
            Self::Lbl => "Lbl",
            Self::LBody => "LBody",
            Self::Toc => "TOC",
            Self::Toci => "TOCI",
            Self::Reference => "Reference",
            Self::Link => "Link",
            Self::Figure => "Figure",
            Self::Caption => "Caption",
            Self::BlockQuote => "BlockQuote",
            Self::Table => "Table",
            Self::Tr => "TR",
            Self::Th => "TH",
            Self::Td => "TD",
        }
    }
}

/// An element of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub usize);

/// A mark on a page; see [`super::marks::Mark`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarkId(pub usize);

/// What an element holds, in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kid {
    /// Another element.
    Node(NodeId),
    /// Something that is drawn or, for a link, can be followed.
    Mark(MarkId),
}

/// An element.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its kind.
    pub tag: Tag,
    /// The element in words, for a figure.
    pub alt: Option<String>,
    /// What it holds.
    pub kids: Vec<Kid>,
}

/// The tree. The first element is the document.
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    marks: usize,
}

impl Tree {
    /// The document's own element.
    pub const ROOT: NodeId = NodeId(0);

    /// A tree with only a document.
    pub fn new() -> Self {
        Self { nodes: vec![Node { tag: Tag::Document, alt: None, kids: Vec::new() }], marks: 0 }
    }

    /// All elements; the place is the id.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Adds an element behind what its parent already holds.
    pub fn add(&mut self, parent: NodeId, tag: Tag, alt: Option<String>) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node { tag, alt, kids: Vec::new() });
        self.nodes[parent.0].kids.push(Kid::Node(id));
        id
    }

    /// A new mark that belongs to this element.
    pub fn mark(&mut self, owner: NodeId) -> MarkId {
        let id = MarkId(self.marks);
        self.marks += 1;
        self.nodes[owner.0].kids.push(Kid::Mark(id));
        id
    }
}
