//! A disk as far as a power cut shows it: what was not fsynced may be there, gone or torn.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::trace::Deed;
use crate::dice::Dice;

/// The smallest piece that a disk writes whole, in bytes.
const SECTOR: usize = 512;

/// A file's number on the disk: it keeps it under every name.
type Number = usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    File(Number),
    Folder,
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
    AtLeast(usize),
}

#[derive(Clone, Debug, Default)]
struct File {
    /// What is on the disk for certain.
    durable: Vec<u8>,
    /// What was written since, in order.
    since: Vec<Change>,
    /// Where the next write without an offset goes.
    stands: usize,
}

/// A change of names, durable once the folder of the name is.
#[derive(Clone, Debug)]
enum Naming {
    Is(PathBuf, Thing),
    Moves(PathBuf, PathBuf, Thing),
    Goes(PathBuf),
}

impl Naming {
    fn path(&self) -> &Path {
        match self {
            Self::Is(path, _) | Self::Moves(_, path, _) | Self::Goes(path) => path,
        }
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, Thing>) {
        match self {
            Self::Is(path, thing) => drop(names.insert(path.clone(), *thing)),
            Self::Moves(from, to, thing) => {
                names.remove(from);
                names.insert(to.clone(), *thing);
            }
            Self::Goes(path) => drop(names.remove(path)),
        }
    }
}

/// The disk while a process writes to it.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    root: PathBuf,
    files: Vec<File>,
    /// As the process sees them.
    names: BTreeMap<PathBuf, Thing>,
    durable: BTreeMap<PathBuf, Thing>,
    since: Vec<Naming>,
}

impl Disk {
    /// Begins with a copy of what lies in `root`, all of it on the disk for certain. The files in which SQLite's own processes
    /// share memory are none of it: they never reach a disk.
    pub(super) fn of(root: &Path, copy: &Path) -> Self {
        let mut disk = Self {
            root: root.to_owned(),
            files: Vec::new(),
            names: BTreeMap::new(),
            durable: BTreeMap::new(),
            since: Vec::new(),
        };
        disk.load(copy, root);
        disk.durable = disk.names.clone();
        disk
    }

    fn load(&mut self, copy: &Path, into: &Path) {
        for entry in fs::read_dir(copy).expect("the folder can be read").flatten() {
            let path = into.join(entry.file_name());
            if entry.path().is_dir() {
                self.names.insert(path.clone(), Thing::Folder);
                self.load(&entry.path(), &path);
            } else if !is_shared_memory(&path) {
                let durable = fs::read(entry.path()).expect("the file can be read");
                self.files.push(File { durable, ..File::default() });
                self.names.insert(path, Thing::File(self.files.len() - 1));
            }
        }
    }

    /// Does what the process did.
    pub(super) fn take(&mut self, deed: &Deed) {
        match deed {
            Deed::Open { path, .. } if is_shared_memory(path) => {}
            Deed::Open { path, creates, truncates } => {
                if *creates && !self.names.contains_key(path) {
                    self.files.push(File::default());
                    self.name(Naming::Is(path.clone(), Thing::File(self.files.len() - 1)));
                }
                if let Some(file) = self.file(path) {
                    file.stands = 0;
                    if *truncates {
                        file.since.push(Change::Length(0));
                    }
                }
            }
            Deed::Write { path, at, bytes } => {
                if let Some(file) = self.file(path) {
                    let at = at.map_or(file.stands, |at| usize::try_from(at).expect("a small file"));
                    file.stands = at + bytes.len();
                    file.since.push(Change::Write(at, bytes.clone()));
                }
            }
            Deed::Seek { path, at } => {
                if let Some(file) = self.file(path) {
                    file.stands = usize::try_from(*at).expect("a small file");
                }
            }
            Deed::Truncate { path, length } => {
                if let Some(file) = self.file(path) {
                    file.since.push(Change::Length(usize::try_from(*length).expect("a small file")));
                }
            }
            Deed::Allocate { path, length } => {
                if let Some(file) = self.file(path) {
                    file.since.push(Change::AtLeast(usize::try_from(*length).expect("a small file")));
                }
            }
            Deed::Sync { path } => self.sync(path),
            Deed::Rename { from, to } => {
                if let Some(thing) = self.names.get(from).copied() {
                    self.name(Naming::Moves(from.clone(), to.clone(), thing));
                }
            }
            Deed::Remove { path } => self.name(Naming::Goes(path.clone())),
            Deed::Folder { path } => self.name(Naming::Is(path.clone(), Thing::Folder)),
            Deed::Says(_) => {}
            // A disk that is built from less would show nothing.
            Deed::Unknown(call) => panic!("what does {call} do to a disk?"),
        }
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.since.push(naming);
    }

    fn file(&mut self, path: &Path) -> Option<&mut File> {
        match self.names.get(path) {
            Some(Thing::File(number)) => self.files.get_mut(*number),
            _ => None,
        }
    }

    fn sync(&mut self, path: &Path) {
        if path != self.root && self.names.get(path) != Some(&Thing::Folder) {
            if let Some(file) = self.file(path) {
                for change in std::mem::take(&mut file.since) {
                    apply(&mut file.durable, &change);
                }
            }
            return;
        }
        let (done, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.since).into_iter().partition(|naming| naming.path().parent() == Some(path));
        for naming in &done {
            naming.apply(&mut self.durable);
        }
        // A name that moved on is not given again by what came before.
        let moved = |path: &Path| done.iter().any(|one| matches!(one, Naming::Moves(from, ..) if from == path));
        self.since = rest.into_iter().filter(|naming| !moved(naming.path())).collect();
    }

    /// What of a file is on the disk for certain, under whatever name.
    pub(super) fn certain(&self, path: &Path) -> &[u8] {
        match self.names.get(path) {
            Some(Thing::File(number)) => &self.files[*number].durable,
            _ => &[],
        }
    }

    /// The power is cut: writes what the disk may hold then into a folder.
    pub(super) fn cut(&self, dice: &mut Dice, into: &Path) {
        let mut names = self.durable.clone();
        let reached = match dice.below(3) {
            0 => 0,
            1 => self.since.len(),
            _ => dice.below(self.since.len() + 1),
        };
        self.since[..reached].iter().for_each(|naming| naming.apply(&mut names));
        fs::create_dir_all(into).expect("a folder can be made");
        for (path, thing) in &names {
            let target = into.join(path.strip_prefix(&self.root).expect("everything lies below the root"));
            // Names of which the folder's own name did not reach the disk are lost with it.
            if !target.parent().is_some_and(Path::is_dir) {
                continue;
            }
            match thing {
                Thing::Folder => fs::create_dir_all(&target).expect("a folder can be made"),
                Thing::File(number) => {
                    fs::write(&target, self.files[*number].after_a_cut(dice)).expect("a file can be written");
                }
            }
        }
    }
}

impl File {
    /// Its bytes with some of what was written since: all, nothing, the first of it, or any, torn at sectors.
    fn after_a_cut(&self, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        let how = dice.below(4);
        let first = dice.below(self.since.len() + 1);
        for (number, change) in self.since.iter().enumerate() {
            match (how, change) {
                (0, _) => apply(&mut bytes, change),
                (2, _) if number < first => apply(&mut bytes, change),
                (3, Change::Write(at, written)) => {
                    for (sector, piece) in sectors(*at, written) {
                        if dice.chance(50) {
                            apply(&mut bytes, &Change::Write(sector, piece.to_vec()));
                        }
                    }
                }
                (3, _) if dice.chance(50) => apply(&mut bytes, change),
                _ => {}
            }
        }
        bytes
    }
}

/// A write in pieces that end where sectors do.
fn sectors(at: usize, bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let first = (SECTOR - at % SECTOR).min(bytes.len());
    let (head, rest) = bytes.split_at(first);
    let places = std::iter::once(at).chain((at + first..).step_by(SECTOR));
    places.zip(std::iter::once(head).chain(rest.chunks(SECTOR)))
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write(at, written) => {
            let end = at + written.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*at..end].copy_from_slice(written);
        }
        Change::Length(length) => bytes.resize(*length, 0),
        Change::AtLeast(length) => bytes.resize(bytes.len().max(*length), 0),
    }
}

fn is_shared_memory(path: &Path) -> bool {
    path.to_string_lossy().ends_with("-shm")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn open(path: &str) -> Deed {
        Deed::Open { path: path.into(), creates: true, truncates: true }
    }

    fn write(path: &str, text: &str) -> Deed {
        Deed::Write { path: path.into(), at: None, bytes: text.into() }
    }

    /// What a disk may hold of a file after these deeds, over many cuts.
    fn may_hold(deeds: &[Deed], name: &str) -> Vec<Option<String>> {
        let empty = TempDir::new().unwrap();
        let mut disk = Disk::of(Path::new("/d"), empty.path());
        deeds.iter().for_each(|deed| disk.take(deed));
        let mut found: Vec<Option<String>> = (0..60)
            .map(|seed| {
                let folder = TempDir::new().unwrap();
                disk.cut(&mut Dice(seed), folder.path());
                fs::read_to_string(folder.path().join(name)).ok()
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn what_was_not_fsynced_may_be_gone_under_a_name_that_is_there() {
        let synced = Deed::Sync { path: "/d/a".into() };
        let folder = Deed::Sync { path: "/d".into() };
        let renamed = Deed::Rename { from: "/d/a".into(), to: "/d/b".into() };
        let there = |text: &str| Some(text.to_owned());
        let careless = [open("/d/a"), write("/d/a", "hi"), renamed.clone(), folder.clone()];
        assert_eq!(may_hold(&careless, "b"), [there(""), there("hi")]);
        let careful = [open("/d/a"), write("/d/a", "hi"), synced, renamed.clone(), folder];
        assert_eq!(may_hold(&careful, "b"), [there("hi")]);
        assert_eq!(may_hold(&careful[..4], "b"), [None, there("hi")], "a name may be gone until its folder is fsynced");
    }

    #[test]
    fn a_long_write_may_be_torn_at_sectors() {
        let text = format!("{}{}", "a".repeat(SECTOR), "b".repeat(SECTOR));
        let deeds = [open("/d/a"), Deed::Sync { path: "/d".into() }, write("/d/a", &text)];
        let zeros = "\0".repeat(SECTOR);
        let torn = Some(format!("{zeros}{}", "b".repeat(SECTOR)));
        assert!(may_hold(&deeds, "a").contains(&torn));
    }
}
