//! Which version of a checklist is the newest.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::checklist::Checklist;

/// The newest version of the checklist with this id: what a new controle takes.
pub fn newest<'a>(checklists: &'a [Arc<Checklist>], id: &str) -> Option<&'a Arc<Checklist>> {
    checklists.iter().filter(|checklist| checklist.id() == id).max_by(|a, b| compare_versions(a.version(), b.version()))
}

/// The newest version of every checklist, in the order in which their ids first come: what people choose from.
pub fn current(checklists: &[Arc<Checklist>]) -> Vec<Arc<Checklist>> {
    let mut ids: Vec<&str> = Vec::new();
    for checklist in checklists {
        if !ids.contains(&checklist.id()) {
            ids.push(checklist.id());
        }
    }
    ids.into_iter().filter_map(|id| newest(checklists, id).cloned()).collect()
}

/// Orders versions such as `0.9` and `0.10` by their numbers; what is no number, by its letters.
pub fn compare_versions(a: &str, b: &str) -> Ordering {
    let mut ours = a.split('.');
    let mut theirs = b.split('.');
    loop {
        let order = match (ours.next(), theirs.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                _ => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checklist(id: &str, version: &str) -> Arc<Checklist> {
        let text = format!(
            "id = \"{id}\"\nversie = \"{version}\"\nstatus = \"concept\"\nfamilie = \"vb\"\ntitel = \"T\"\ngeldig_vanaf = 2026-01-01\n[[onderdeel]]\nid = \"A\"\ntitel = \"A\"\n"
        );
        Arc::new(Checklist::read("klein.toml", &text).unwrap())
    }

    #[test]
    fn the_tenth_version_is_newer_than_the_ninth_wherever_it_stands() {
        let all = [checklist("a", "0.10"), checklist("b", "1"), checklist("a", "0.9")];
        assert_eq!(newest(&all, "a").unwrap().version(), "0.10");
        assert!(newest(&all, "c").is_none());
        let names: Vec<_> = current(&all).iter().map(|one| format!("{} {}", one.id(), one.version())).collect();
        assert_eq!(names, ["a 0.10", "b 1"]);
    }

    #[test]
    fn a_longer_version_is_newer_than_its_beginning() {
        assert_eq!(compare_versions("1.0", "1.0.1"), Ordering::Less);
        assert_eq!(compare_versions("1.0-b", "1.0-a"), Ordering::Greater);
        assert_eq!(compare_versions("2", "2"), Ordering::Equal);
    }
}
