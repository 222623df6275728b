//! From bands to pages.

use std::collections::BTreeMap;

use super::marks::{Anchor, Band, Ink, Mark, Owner};
use super::sheet;

/// A page with everything that is drawn on it, in the order of reading.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// What is drawn.
    pub marks: Vec<Mark>,
}

/// Where a place came to stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The page, from 0.
    pub page: usize,
    /// From the top of the page.
    pub y: f32,
}

/// The pages of a document and where its places are.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// The pages.
    pub pages: Vec<Page>,
    /// The places.
    pub spots: BTreeMap<Anchor, Spot>,
}

/// Puts the bands on pages. Bands that are kept together move to the next page together; a group that is taller than
/// a page is cut between bands.
pub fn paginate(bands: &[Band]) -> Pages {
    let mut out = Pages::default();
    out.pages.push(Page::default());
    let mut y = sheet::FIRST_TOP;
    let mut at_top = true;
    let mut start = 0;
    while start < bands.len() {
        let end = start + bands[start..].iter().take_while(|band| band.keep_with_next).count() + 1;
        let group = &bands[start..end.min(bands.len())];
        let leading = if at_top { 0.0 } else { group[0].before };
        let whole = height_of(group);
        let turn = group[0].new_page || (y + leading + whole > sheet::BOTTOM && fits_a_page(bands, group));
        if turn && !at_top {
            y = turn_page(&mut out);
            at_top = true;
        }
        for band in group {
            if !at_top && y + band.before + band.height > sheet::BOTTOM + 0.01 {
                y = turn_page(&mut out);
                at_top = true;
            }
            if at_top && let Some(head) = band.table_head {
                y = place_head(&mut out, &bands[head], y);
            } else if !at_top {
                y += band.before;
            }
            place(&mut out, band, y);
            y += band.height;
            at_top = false;
        }
        start = end;
    }
    out
}

/// The height of a group whose first band loses the space above it.
fn height_of(group: &[Band]) -> f32 {
    group.iter().map(|band| band.height + band.before).sum::<f32>() - group[0].before
}

fn fits_a_page(bands: &[Band], group: &[Band]) -> bool {
    let head = group[0].table_head.map_or(0.0, |head| bands[head].height);
    sheet::TOP + head + height_of(group) <= sheet::BOTTOM
}

fn turn_page(out: &mut Pages) -> f32 {
    out.pages.push(Page::default());
    sheet::TOP
}

fn place(out: &mut Pages, band: &Band, y: f32) {
    let number = out.pages.len() - 1;
    for anchor in &band.anchors {
        out.spots.insert(*anchor, Spot { page: number, y });
    }
    out.pages[number].marks.extend(band.marks.iter().map(|mark| Mark { y: mark.y + y, ..mark.clone() }));
}

/// Repeats a table's head; it has been read out already.
fn place_head(out: &mut Pages, head: &Band, y: f32) -> f32 {
    let number = out.pages.len() - 1;
    out.pages[number].marks.extend(
        head.marks.iter().filter(|mark| !matches!(mark.ink, Ink::Link { .. })).map(|mark| Mark {
            owner: Owner::Artifact,
            y: mark.y + y,
            ..mark.clone()
        }),
    );
    y + head.height
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(height: f32, keep_with_next: bool) -> Band {
        Band { height, keep_with_next, anchors: Vec::new(), ..Band::default() }
    }

    fn pages_of(mut bands: Vec<Band>) -> Vec<usize> {
        for (index, band) in bands.iter_mut().enumerate() {
            band.anchors.push(Anchor(index));
        }
        let pages = paginate(&bands);
        (0..bands.len()).map(|index| pages.spots[&Anchor(index)].page).collect()
    }

    #[test]
    fn a_heading_moves_with_the_text_under_it() {
        assert_eq!(pages_of(vec![band(690.0, false), band(20.0, true), band(40.0, false)]), [0, 1, 1]);
    }

    #[test]
    fn a_photo_moves_with_its_caption() {
        assert_eq!(
            pages_of(vec![band(480.0, false), band(240.0, true), band(12.0, true), band(12.0, false)]),
            [0, 1, 1, 1]
        );
    }

    #[test]
    fn a_group_taller_than_a_page_is_cut_and_never_hangs() {
        let pages = pages_of(vec![band(300.0, true), band(300.0, true), band(300.0, true), band(300.0, false)]);
        assert_eq!(pages, [0, 0, 1, 1]);
    }

    #[test]
    fn a_band_taller_than_a_page_still_gets_one() {
        assert_eq!(pages_of(vec![band(100.0, false), band(2000.0, false), band(100.0, false)]), [0, 1, 2]);
    }

    #[test]
    fn a_table_continues_under_its_repeated_head() {
        let mut bands = vec![band(20.0, true)];
        bands.extend((0..40).map(|_| Band { table_head: Some(0), ..band(30.0, false) }));
        bands[0].marks.push(Mark {
            owner: Owner::Artifact,
            x: 0.0,
            y: 0.0,
            ink: Ink::Rule { width: 1.0, height: 1.0, colour: crate::text::Colour::TEXT },
        });
        let pages = paginate(&bands);
        assert_eq!(pages.pages.len(), 2);
        assert_eq!(pages.pages[1].marks.len(), 1);
    }

    #[test]
    fn no_bands_still_give_a_page() {
        assert_eq!(paginate(&[]).pages.len(), 1);
    }
}
