//! The structure tree, the tree from content to its element, and the links (ISO 32000-1, 14.7 and 12.5.6.5).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use crate::page::{Anchor, Kid, MarkId, Node, NodeId, Spot, Tag, Tree};

use super::draw::{Placed, PlacedLink};
use super::{WriteFault, name, navigation, text};

/// Where pages and places are in the file.
pub struct Places<'a> {
    /// The pages' objects.
    pub pages: Vec<ObjectId>,
    /// The places.
    pub spots: &'a BTreeMap<Anchor, Spot>,
}

/// Adds the tree and everything that hangs on it.
///
/// # Errors
/// When the document has no catalogue or lacks a page.
pub fn add(pdf: &mut Document, tree: &Tree, placed: &Placed, places: &Places<'_>) -> Result<(), WriteFault> {
    let root = pdf.new_object_id();
    let elements: Vec<ObjectId> = tree.nodes().iter().map(|_| pdf.new_object_id()).collect();
    let mut owners: Vec<Object> = Vec::new();
    let mut next_key = places.pages.len() as i64;

    for (page, nodes) in placed.owners.iter().enumerate() {
        let list: Vec<Object> = nodes.iter().map(|node| Object::Reference(elements[node.0])).collect();
        let list = pdf.add_object(Object::Array(list));
        owners.extend([Object::Integer(page as i64), Object::Reference(list)]);
    }
    let mut annotations: BTreeMap<MarkId, (usize, ObjectId)> = BTreeMap::new();
    for (page, links) in placed.links.iter().enumerate() {
        let mut list = Vec::new();
        for link in links {
            let annotation = pdf.add_object(annotation(link, next_key, places));
            owners.extend([Object::Integer(next_key), Object::Reference(elements[link.node.0])]);
            next_key += 1;
            annotations.insert(link.mark, (page, annotation));
            list.push(Object::Reference(annotation));
        }
        let dictionary = pdf.get_dictionary_mut(places.pages[page])?;
        dictionary.set("StructParents", page as i64);
        dictionary.set("Tabs", name("S"));
        if list.is_empty() {
            dictionary.remove(b"Annots");
        } else {
            dictionary.set("Annots", list);
        }
    }

    let parents = parents(tree);
    for (index, node) in tree.nodes().iter().enumerate() {
        let parent = parents[index].map_or(root, |parent| elements[parent.0]);
        let kids = kids(node, placed, &annotations, &elements, places);
        let element = element(node, NodeId(index), parent, kids, placed);
        pdf.objects.insert(elements[index], element.into());
    }
    let parent_tree = pdf.add_object(dictionary! { "Nums" => owners });
    let tree_root = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => vec![Object::Reference(elements[Tree::ROOT.0])],
        "ParentTree" => parent_tree,
        "ParentTreeNextKey" => next_key,
    };
    pdf.objects.insert(root, tree_root.into());
    let catalog = pdf.catalog_mut()?;
    catalog.set("StructTreeRoot", root);
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    Ok(())
}

fn annotation(link: &PlacedLink, key: i64, places: &Places<'_>) -> Dictionary {
    dictionary! {
        "Type" => "Annot",
        "Subtype" => "Link",
        "Rect" => link.area.iter().map(|value| Object::Real(*value)).collect::<Vec<_>>(),
        "Border" => vec![Object::Integer(0), Object::Integer(0), Object::Integer(0)],
        "F" => 4,
        "Contents" => text(&link.words),
        "StructParent" => key,
        "Dest" => navigation::destination(link.target, places),
    }
}

fn parents(tree: &Tree) -> Vec<Option<NodeId>> {
    let mut parents = vec![None; tree.nodes().len()];
    for (index, node) in tree.nodes().iter().enumerate() {
        for kid in &node.kids {
            if let Kid::Node(child) = kid {
                parents[child.0] = Some(NodeId(index));
            }
        }
    }
    parents
}

fn element(node: &Node, id: NodeId, parent: ObjectId, kids: Vec<Object>, placed: &Placed) -> Dictionary {
    let mut element = dictionary! { "Type" => "StructElem", "S" => name(node.tag.name()), "P" => parent, "K" => kids };
    if let Some(alt) = &node.alt {
        element.set("Alt", text(alt));
    }
    match node.tag {
        Tag::Th => element.set("A", dictionary! { "O" => "Table", "Scope" => "Column" }),
        Tag::Figure => {
            if let Some(corners) = placed.boxes.get(&id) {
                let corners: Vec<Object> = corners.iter().map(|value| Object::Real(*value)).collect();
                element.set("A", dictionary! { "O" => "Layout", "Placement" => "Block", "BBox" => corners });
            }
        }
        _ => {}
    }
    element
}

/// What an element holds: other elements, pieces of content with their page, links.
fn kids(
    node: &Node,
    placed: &Placed,
    annotations: &BTreeMap<MarkId, (usize, ObjectId)>,
    elements: &[ObjectId],
    places: &Places<'_>,
) -> Vec<Object> {
    let mut kids = Vec::new();
    let mut last = None;
    for kid in &node.kids {
        match kid {
            Kid::Node(child) => kids.push(Object::Reference(elements[child.0])),
            Kid::Mark(mark) => {
                if let Some(&(page, mcid)) = placed.content.get(mark) {
                    // Marks that follow each other share a piece of content.
                    if last.replace((page, mcid)) != Some((page, mcid)) {
                        let page = places.pages[page];
                        kids.push(dictionary! { "Type" => "MCR", "Pg" => page, "MCID" => mcid }.into());
                    }
                } else if let Some(&(page, annotation)) = annotations.get(mark) {
                    let page = places.pages[page];
                    kids.push(dictionary! { "Type" => "OBJR", "Pg" => page, "Obj" => annotation }.into());
                }
            }
        }
    }
    kids
}
