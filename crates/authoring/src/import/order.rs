//! Which rows wait for which: the order in which calculations are worked out, and circles.

use std::collections::HashMap;

use super::plan::cells;
use super::remark::{Outcome, Place, Remark};
use super::sheet::Sheet;
use super::survey::Entry;
use crate::xpath;

/// A named row with the names on which its value or its being there depends.
struct Waits {
    name: String,
    row: usize,
    place: Place,
    on: Vec<String>,
}

/// The rows in an order in which each stands behind those on which it depends.
///
/// # Errors
/// Every circle.
pub(crate) fn order(sheet: &Sheet, entries: &[Entry<'_>]) -> Result<Vec<usize>, Vec<Remark>> {
    let mut rows = Vec::new();
    gather(sheet, entries, &[], &mut rows);
    let index: HashMap<&str, usize> = rows.iter().enumerate().map(|(index, row)| (row.name.as_str(), index)).collect();
    let mut search =
        Search { rows: &rows, index, state: vec![State::New; rows.len()], order: Vec::new(), wrong: Vec::new() };
    for start in 0..rows.len() {
        search.visit(start, &mut Vec::new());
    }
    if search.wrong.is_empty() {
        Ok(search.order.iter().map(|index| rows[*index].row).collect())
    } else {
        Err(search.wrong)
    }
}

fn gather(sheet: &Sheet, entries: &[Entry<'_>], around: &[String], rows: &mut Vec<Waits>) {
    for entry in entries {
        let (row, name) = match entry {
            Entry::Row(item) => (item.row, &item.name),
            Entry::Group(group) => (group.item.row, &group.item.name),
        };
        let mut on = around.to_vec();
        let cells = cells(sheet, row, &["relevant", "calculation"]);
        for cell in &cells {
            // What can't be read is named where it is translated.
            let names = xpath::parse(&cell.text).map(|node| node.references().into_iter().map(str::to_owned).collect());
            on.extend(names.unwrap_or_else(|_| Vec::<String>::new()));
        }
        match entry {
            Entry::Group(group) => gather(sheet, &group.entries, &on, rows),
            Entry::Row(_) => {
                let place = cells.first().map_or_else(|| sheet.place(row, "name"), |cell| cell.place.clone());
                rows.push(Waits { name: name.clone(), row: row.number, place, on });
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

struct Search<'a> {
    rows: &'a [Waits],
    index: HashMap<&'a str, usize>,
    state: Vec<State>,
    order: Vec<usize>,
    wrong: Vec<Remark>,
}

impl Search<'_> {
    fn visit(&mut self, node: usize, path: &mut Vec<usize>) {
        match self.state[node] {
            State::Done => return,
            State::Open => {
                let start = path.iter().position(|other| *other == node).unwrap_or(0);
                return self.circle(&path[start..]);
            }
            State::New => {}
        }
        self.state[node] = State::Open;
        path.push(node);
        let rows = self.rows;
        for name in &rows[node].on {
            if let Some(next) = self.index.get(name.as_str()).copied() {
                self.visit(next, path);
            }
        }
        path.pop();
        self.state[node] = State::Done;
        self.order.push(node);
    }

    fn circle(&mut self, nodes: &[usize]) {
        let named = |node: &usize| format!("`{}` ({})", self.rows[*node].name, self.rows[*node].place);
        let message = match nodes {
            [only] => format!("{} hangt af van zichzelf.", named(only)),
            several => {
                let mut path: Vec<String> = several.iter().map(named).collect();
                path.push(format!("`{}`", self.rows[several[0]].name));
                format!("Deze rijen wachten op elkaar: {}.", path.join(" hangt af van "))
            }
        };
        let place = self.rows[nodes[0]].place.clone();
        let hint = "Haal uit een van de formules de verwijzing weg die de kring sluit.".to_owned();
        self.wrong.push(Remark { outcome: Outcome::LeftOut, place, message, hint });
    }
}
