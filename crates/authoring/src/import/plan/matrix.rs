//! Tables of choices.

use std::sync::Arc;

use super::{Around, Matrix, Planner, What};
use crate::import::kind::{Asked, RowKind};
use crate::import::names::Names;
use crate::import::sheet::Row;
use crate::import::survey::{Entry, Group, Item, is_yes};
use crate::import::translate::{Kind, Known, Symbol};

impl Planner<'_> {
    /// A group of choices on one list that the form shows as a table.
    pub(super) fn matrix(&self, group: &Group<'_>) -> Option<Matrix> {
        let sheet = self.sheet;
        let looks = |row: &Row| sheet.cell(row, "appearance").map(|cell| cell.text.to_lowercase()).unwrap_or_default();
        let table = looks(group.item.row).split_whitespace().any(|word| word == "table-list");
        let mut rows: Vec<(&Item<'_>, &str)> = Vec::new();
        for entry in &group.entries {
            match entry {
                Entry::Row(item) => match &item.kind {
                    RowKind::Question(Asked::One { list, other: false }) => rows.push((item, list)),
                    _ => return None,
                },
                Entry::Group(_) => return None,
            }
        }
        let header = rows.first().filter(|(item, _)| looks(item.row) == "label").map(|(item, _)| item.row.number);
        if header.is_some() {
            rows.remove(0);
        }
        let plain = |item: &Item<'_>| {
            ["relevant", "constraint", "calculation", "choice_filter", "readonly"]
                .iter()
                .all(|key| sheet.cell(item.row, key).is_none())
        };
        let (first, list) = rows.first()?;
        let same = rows.iter().all(|(item, other)| other == list && plain(item) && !item.name.is_empty());
        let shown = table || header.is_some() && rows.iter().all(|(item, _)| looks(item.row) == "list-nolabel");
        let required = |item: &Item<'_>| sheet.cell(item.row, "required").map(|cell| cell.text);
        let asked = required(first);
        let alike = rows.iter().all(|(item, _)| required(item) == asked) && asked.as_deref().is_none_or(is_yes);
        let found = self.lists.get(list)?;
        if group.repeat || !same || !shown || !alike || found.options.len() < 2 {
            return None;
        }
        let mut codes = Names::default();
        let options = found.options.iter().map(|option| (option.code.clone(), option.label.clone())).collect();
        let rows = rows.iter().map(|(item, _)| (item.row.number, codes.give_code(&item.name))).collect();
        Some(Matrix { options, rows, header, required: asked.is_some() })
    }

    pub(super) fn table(&mut self, group: &Group<'_>, matrix: Matrix, around: &Around) {
        let id = self.name(&group.item, "tabel");
        let list = group.entries.iter().find_map(|entry| match entry {
            Entry::Row(Item { kind: RowKind::Question(Asked::One { list, .. }), .. }) => Some(list.clone()),
            _ => None,
        });
        let list = list.unwrap_or_default();
        let codes = self.lists.get(&list).map(|list| Arc::clone(&list.codes)).unwrap_or_default();
        if !self.plan.lists.contains(&list) {
            self.plan.lists.push(list);
        }
        let conditional = around.conditional || self.sheet.cell(group.item.row, "relevant").is_some();
        for entry in &group.entries {
            let Entry::Row(item) = entry else { continue };
            let code = matrix.rows.iter().find(|(row, _)| *row == item.row.number).map(|(_, code)| code);
            let symbol = match code {
                Some(code) => Symbol::Value(Known {
                    cel: format!("{id}[\"{code}\"]"),
                    kind: Kind::One(Arc::clone(&codes)),
                    group: around.group.clone(),
                    computed: false,
                    parent: group.item.row.number,
                    conditional,
                }),
                None => Symbol::Section,
            };
            self.declare(&item.name, symbol);
        }
        self.declare(&group.item.name, Symbol::Section);
        let place = self.sheet.place(group.item.row, "appearance");
        self.remarks.adjusted(place, format!("De tabel is nu een vraag van de soort matrix: `{id}`."), "");
        self.keep(group.item.row, id, What::Matrix(matrix), around);
    }
}
