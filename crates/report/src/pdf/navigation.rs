//! Finding one's way: destinations and the outline (ISO 32000-1, 12.3).

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use crate::page::flow::OutlineLine;
use crate::page::{Anchor, Spot, sheet};

use super::structure::Places;
use super::{WriteFault, name, text};

/// Space left above a place when a reader jumps to it, in points.
const AIR: f32 = 12.0;

/// A place as a destination. A place that was never set leads to the first page.
pub fn destination(target: Anchor, places: &Places<'_>) -> Vec<Object> {
    let spot = places.spots.get(&target).copied().unwrap_or(Spot { page: 0, y: 0.0 });
    let top = (sheet::HEIGHT - spot.y + AIR).min(sheet::HEIGHT);
    vec![places.pages[spot.page].into(), name("XYZ"), Object::Null, Object::Real(top), Object::Null]
}

/// Adds the outline: parts, and under each what stands in it.
///
/// # Errors
/// When the document has no catalogue.
pub fn add_outline(pdf: &mut Document, lines: &[OutlineLine], places: &Places<'_>) -> Result<(), WriteFault> {
    if lines.is_empty() {
        return Ok(());
    }
    let root = pdf.new_object_id();
    let ids: Vec<ObjectId> = lines.iter().map(|_| pdf.new_object_id()).collect();
    let parents: Vec<Option<usize>> = (0..lines.len())
        .map(|index| (0..index).rev().find(|&before| lines[before].level < lines[index].level))
        .collect();
    let children =
        |parent: Option<usize>| -> Vec<usize> { (0..lines.len()).filter(|&index| parents[index] == parent).collect() };
    for (index, line) in lines.iter().enumerate() {
        let mut item = dictionary! {
            "Title" => text(&line.title),
            "Parent" => parents[index].map_or(root, |parent| ids[parent]),
            "Dest" => destination(line.target, places),
        };
        let siblings = children(parents[index]);
        let at = siblings.iter().position(|&sibling| sibling == index).unwrap_or(0);
        if at > 0 {
            item.set("Prev", ids[siblings[at - 1]]);
        }
        if let Some(&next) = siblings.get(at + 1) {
            item.set("Next", ids[next]);
        }
        // A negative count: closed, so that the parts are seen at a glance.
        set_range(&mut item, &children(Some(index)), &ids, -1);
        pdf.objects.insert(ids[index], item.into());
    }
    let mut outline = dictionary! { "Type" => "Outlines" };
    set_range(&mut outline, &children(None), &ids, 1);
    pdf.objects.insert(root, outline.into());
    let catalog = pdf.catalog_mut()?;
    catalog.set("Outlines", root);
    catalog.set("PageMode", name("UseOutlines"));
    Ok(())
}

fn set_range(item: &mut Dictionary, children: &[usize], ids: &[ObjectId], sign: i64) {
    if let (Some(&first), Some(&last)) = (children.first(), children.last()) {
        item.set("First", ids[first]);
        item.set("Last", ids[last]);
        item.set("Count", sign * children.len() as i64);
    }
}
