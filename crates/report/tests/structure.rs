//! The structure tree, walked piece by piece: validators do not see everything.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Dictionary, Document, Object, ObjectId};

/// A report as lopdf sees it.
struct Tree {
    pdf: Document,
    pages: BTreeMap<ObjectId, u32>,
    /// Every element's dictionary, in reading order.
    elements: Vec<(ObjectId, Dictionary)>,
}

impl Tree {
    fn of_barn() -> Self {
        let (model, album) = common::barn();
        let rendered = veldboek_report::render(&model, &album).unwrap();
        let pdf = Document::load_mem(&rendered.pdf).unwrap();
        let pages = pdf.get_pages().into_iter().map(|(number, id)| (id, number)).collect();
        let root = pdf.catalog().unwrap().get(b"StructTreeRoot").unwrap().as_reference().unwrap();
        let mut tree = Self { pdf, pages, elements: Vec::new() };
        tree.walk(root);
        tree
    }

    fn walk(&mut self, id: ObjectId) {
        let element = self.pdf.get_dictionary(id).unwrap().clone();
        let kids = element.get(b"K").and_then(Object::as_array).cloned().unwrap_or_default();
        if element.has(b"S") {
            self.elements.push((id, element));
        }
        for kid in kids {
            if let Object::Reference(kid) = kid {
                self.walk(kid);
            }
        }
    }

    fn kind(element: &Dictionary) -> &str {
        std::str::from_utf8(element.get(b"S").unwrap().as_name().unwrap()).unwrap()
    }

    /// Page and number of the pieces of content that an element holds itself.
    fn content(&self, element: &Dictionary) -> Vec<(u32, i64)> {
        let kids = element.get(b"K").and_then(Object::as_array).cloned().unwrap_or_default();
        kids.iter()
            .filter_map(|kid| kid.as_dict().ok())
            .filter(|kid| kid.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"MCR"))
            .map(|kid| {
                let page = kid.get(b"Pg").unwrap().as_reference().unwrap();
                (self.pages[&page], kid.get(b"MCID").unwrap().as_i64().unwrap())
            })
            .collect()
    }

    /// Page and number of the pieces of content on the pages.
    fn drawn(&self) -> BTreeSet<(u32, i64)> {
        let mut drawn = BTreeSet::new();
        for (id, number) in &self.pages {
            let content = self.pdf.get_and_decode_page_content(*id).unwrap();
            let mut open = false;
            for operation in &content.operations {
                match operation.operator.as_str() {
                    "BDC" => {
                        assert!(!open, "marked content never nests");
                        open = true;
                        if let Ok(Object::Integer(mcid)) = operation.operands[1].as_dict().unwrap().get(b"MCID") {
                            assert!(drawn.insert((*number, *mcid)), "a number stands once on a page");
                        }
                    }
                    "EMC" => open = false,
                    "TJ" | "Tj" | "Do" | "f" | "S" | "re" => {
                        assert!(open, "page {number}: {} is neither content nor furniture", operation.operator);
                    }
                    _ => {}
                }
            }
            assert!(!open);
        }
        drawn
    }
}

#[test]
fn everything_that_is_drawn_has_one_place_in_the_tree() {
    let tree = Tree::of_barn();
    let mut owned = BTreeSet::new();
    for (_, element) in &tree.elements {
        for piece in tree.content(element) {
            assert!(owned.insert(piece), "{piece:?} has two owners");
        }
    }
    let drawn = tree.drawn();
    assert_eq!(drawn, owned);
    assert!(drawn.len() > 200);
}

#[test]
fn the_way_back_from_content_to_its_element_is_right() {
    let tree = Tree::of_barn();
    let owners: BTreeMap<(u32, i64), ObjectId> = tree
        .elements
        .iter()
        .flat_map(|(id, element)| tree.content(element).into_iter().map(|piece| (piece, *id)))
        .collect();
    let root = tree.pdf.catalog().unwrap().get_deref(b"StructTreeRoot", &tree.pdf).unwrap().as_dict().unwrap();
    let parents = root.get_deref(b"ParentTree", &tree.pdf).unwrap().as_dict().unwrap();
    let parents = parents.get(b"Nums").unwrap().as_array().unwrap();
    let keys: Vec<i64> = parents.iter().step_by(2).map(|key| key.as_i64().unwrap()).collect();
    assert!(keys.is_sorted());
    for (id, number) in &tree.pages {
        let key = tree.pdf.get_dictionary(*id).unwrap().get(b"StructParents").unwrap().as_i64().unwrap();
        let at = keys.iter().position(|other| *other == key).unwrap();
        let list = tree.pdf.dereference(&parents[at * 2 + 1]).unwrap().1.as_array().unwrap();
        for (mcid, owner) in list.iter().enumerate() {
            assert_eq!(owners[&(*number, mcid as i64)], owner.as_reference().unwrap());
        }
    }
}

#[test]
fn every_figure_is_described_and_has_its_box() {
    let tree = Tree::of_barn();
    let figures: Vec<&Dictionary> =
        tree.elements.iter().map(|(_, element)| element).filter(|element| Tree::kind(element) == "Figure").collect();
    assert_eq!(figures.len(), 7, "six photos and a signature");
    for figure in figures {
        assert!(figure.get(b"Alt").unwrap().as_str().unwrap().len() > 10);
        let attributes = figure.get(b"A").unwrap().as_dict().unwrap();
        assert_eq!(attributes.get(b"BBox").unwrap().as_array().unwrap().len(), 4);
    }
}

#[test]
fn every_link_has_words_and_a_place_to_go() {
    let tree = Tree::of_barn();
    let mut links = 0;
    for id in tree.pages.keys() {
        let page = tree.pdf.get_dictionary(*id).unwrap();
        for link in page.get(b"Annots").and_then(Object::as_array).cloned().unwrap_or_default() {
            let link = tree.pdf.dereference(&link).unwrap().1.as_dict().unwrap();
            assert!(link.get(b"Contents").unwrap().as_str().unwrap().len() > 4);
            let target = link.get(b"Dest").unwrap().as_array().unwrap()[0].as_reference().unwrap();
            assert!(tree.pages.contains_key(&target));
            links += 1;
        }
    }
    let tagged = tree.elements.iter().filter(|(_, element)| Tree::kind(element) == "Link").count();
    assert_eq!(links, tagged);
    assert!(links >= 14, "the list of contents and the photos in the margin: {links}");
}

#[test]
fn headings_never_skip_a_level() {
    let tree = Tree::of_barn();
    let levels: Vec<u32> =
        tree.elements.iter().filter_map(|(_, element)| Tree::kind(element).strip_prefix('H')?.parse().ok()).collect();
    assert_eq!(levels[0], 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
}

#[test]
fn the_outline_leads_to_every_part() {
    let tree = Tree::of_barn();
    let outline = tree.pdf.catalog().unwrap().get_deref(b"Outlines", &tree.pdf).unwrap().as_dict().unwrap();
    let mut titles = Vec::new();
    let mut next = outline.get(b"First").and_then(Object::as_reference).ok();
    while let Some(id) = next {
        let item = tree.pdf.get_dictionary(id).unwrap();
        let units: Vec<u16> = item.get(b"Title").unwrap().as_str().unwrap()[2..]
            .chunks(2)
            .map(|unit| u16::from_be_bytes([unit[0], unit[1]]))
            .collect();
        titles.push(String::from_utf16(&units).unwrap());
        next = item.get(b"Next").and_then(Object::as_reference).ok();
    }
    assert_eq!(titles.len(), 12, "{titles:?}");
    assert_eq!(titles[0], "Kern");
    assert_eq!(titles[11], "Verantwoording");
}
