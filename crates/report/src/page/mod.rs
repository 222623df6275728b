//! Pages: the sheet, what is drawn, the logical structure, and how bands become pages.
//!
//! What is not here: what a controlerapport says (see `parts`), and the PDF itself (see `pdf`).

pub mod flow;
pub mod furniture;
pub mod marks;
pub mod paginate;
pub mod sheet;
pub mod tables;
pub mod tree;

pub use flow::{Entry, Flow};
pub use marks::{Anchor, Band, Ink, Mark, Owner};
pub use paginate::{Page, Pages, Spot};
pub use tree::{Kid, MarkId, Node, NodeId, Tag, Tree};
