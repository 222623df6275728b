//! What a process did to its files and what it said, as `strace -f -y -xx` writes it down.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// One thing that it did, in the order in which the calls ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Opened a file to write.
    Open { path: PathBuf, creates: bool, truncates: bool },
    /// Wrote bytes: at an offset, or where it stood.
    Write { path: PathBuf, at: Option<u64>, bytes: Vec<u8> },
    /// Went to a place in a file.
    Seek { path: PathBuf, at: u64 },
    /// Let a file or a folder reach the disk.
    Sync { path: PathBuf },
    /// Cut a file off, or filled it up.
    Truncate { path: PathBuf, length: u64 },
    /// Took room for a file, which is this long from then on when it was shorter.
    Allocate { path: PathBuf, length: u64 },
    /// Gave a file another name.
    Rename { from: PathBuf, to: PathBuf },
    /// Took a name away.
    Remove { path: PathBuf },
    /// Made a folder.
    Folder { path: PathBuf },
    /// Said something on its standard output.
    Says(String),
    /// Did something to a file that is not understood here.
    Unknown(String),
}

/// The calls that are written down.
pub(super) const CALLS: &str = "trace=openat,open,creat,lseek,pwrite64,write,writev,pwritev,fsync,fdatasync,sync_file_range,ftruncate,fallocate,\
                                rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,copy_file_range,sendfile";

/// Reads everything that concerns a folder.
pub(super) fn read(text: &str, folder: &Path) -> Vec<Deed> {
    let mut begun: HashMap<&str, String> = HashMap::new();
    let mut deeds = Vec::new();
    for line in text.lines() {
        let Some((process, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if let Some(beginning) = call.strip_suffix(" <unfinished ...>") {
            begun.insert(process, beginning.to_owned());
        } else if call.starts_with("<... ") {
            let rest = call.split_once(" resumed>").map_or("", |(_, rest)| rest);
            let whole = begun.remove(process).unwrap_or_default() + rest;
            deeds.extend(deed(&whole, folder));
        } else {
            deeds.extend(deed(call, folder));
        }
    }
    deeds
}

fn deed(call: &str, folder: &Path) -> Option<Deed> {
    let (name, rest) = call.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    if result.starts_with('-') || result.starts_with('?') {
        return None;
    }
    let Words { texts, paths } = Words::of(arguments);
    let in_folder = |path: &PathBuf| path.starts_with(folder);
    let of_descriptor = || paths.first().cloned().filter(in_folder);
    let named = |number: usize| {
        let path = PathBuf::from(String::from_utf8_lossy(texts.get(number)?).into_owned());
        let base = paths.get(number.min(paths.len().saturating_sub(1)));
        let path = if path.is_absolute() { path } else { base?.join(path) };
        Some(path).filter(in_folder)
    };
    match name {
        "openat" | "open" | "creat" => {
            let path = Words::of(result).paths.first().cloned().filter(in_folder)?;
            let (creates, truncates) = (arguments.contains("O_CREAT"), arguments.contains("O_TRUNC"));
            (creates || truncates).then_some(Deed::Open { path, creates, truncates })
        }
        "write" if arguments.starts_with("1<") || arguments.starts_with("1,") => {
            Some(Deed::Says(String::from_utf8_lossy(texts.first()?).into_owned()))
        }
        "write" | "pwrite64" => {
            let path = of_descriptor()?;
            let written: usize = result.trim().parse().expect("a write says how many bytes it wrote");
            let mut bytes = texts.into_iter().next()?;
            assert!(bytes.len() >= written, "the trace holds all {written} bytes that were written");
            bytes.truncate(written);
            let at = (name == "pwrite64").then(|| last_number(arguments));
            Some(Deed::Write { path, at, bytes })
        }
        "lseek" => Some(Deed::Seek { path: of_descriptor()?, at: result.trim().parse().ok()? }),
        "fsync" | "fdatasync" => Some(Deed::Sync { path: of_descriptor()? }),
        "ftruncate" => Some(Deed::Truncate { path: of_descriptor()?, length: last_number(arguments) }),
        // Blocks behind a file's end change nothing of what it holds.
        "fallocate" if arguments.contains(", FALLOC_FL_KEEP_SIZE, 0, ") => None,
        // Only from the beginning, and without flags: anything else is not known here.
        "fallocate" if arguments.contains(", 0, 0, ") => {
            Some(Deed::Allocate { path: of_descriptor()?, length: last_number(arguments) })
        }
        "rename" | "renameat" | "renameat2" => Some(Deed::Rename { from: named(0)?, to: named(1)? }),
        "unlink" | "unlinkat" | "rmdir" => Some(Deed::Remove { path: named(0)? }),
        "mkdir" | "mkdirat" => Some(Deed::Folder { path: named(0)? }),
        _ => {
            let concerns = paths.iter().any(in_folder) || named(0).is_some();
            concerns.then(|| Deed::Unknown(name.to_owned()))
        }
    }
}

/// The last argument of a call.
fn last_number(arguments: &str) -> u64 {
    let last = arguments.trim_end().trim_end_matches(')').rsplit(',').next().unwrap_or_default();
    last.trim().parse().expect("the last argument is a number")
}

/// The texts and the descriptors' paths of a call, all of them in hexadecimal digits.
struct Words {
    texts: Vec<Vec<u8>>,
    paths: Vec<PathBuf>,
}

impl Words {
    fn of(arguments: &str) -> Self {
        let mut words = Self { texts: Vec::new(), paths: Vec::new() };
        let mut rest = arguments;
        while let Some(at) = rest.find(['"', '<']) {
            let ends = if rest.as_bytes()[at] == b'"' { '"' } else { '>' };
            let inside = &rest[at + 1..];
            let Some(end) = inside.find(ends) else { break };
            let bytes = unescaped(&inside[..end]);
            if ends == '"' {
                words.texts.push(bytes);
            } else {
                words.paths.push(PathBuf::from(String::from_utf8_lossy(&bytes).into_owned()));
            }
            rest = &inside[end + 1..];
        }
        words
    }
}

/// `\x61\x62` as bytes.
fn unescaped(text: &str) -> Vec<u8> {
    let digits: String = text.split("\\x").collect();
    hex::decode(digits).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hexed(text: &str) -> String {
        text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
    }

    #[test]
    fn a_call_that_was_interrupted_is_read_as_one() {
        let folder = Path::new("/d");
        let file = hexed("/d/a");
        let text = format!(
            "1 pwrite64(3<{file}>, \"{}\", 2, 4096 <unfinished ...>\n2 fsync(4<{}>) = 0\n1 <... pwrite64 resumed>) = 2\n",
            hexed("hi"),
            hexed("/d")
        );
        let written = Deed::Write { path: "/d/a".into(), at: Some(4096), bytes: b"hi".to_vec() };
        assert_eq!(read(&text, folder), [Deed::Sync { path: "/d".into() }, written]);
    }

    #[test]
    fn names_are_read_with_their_folders_and_failures_are_passed_over() {
        let folder = Path::new("/d");
        let text = format!(
            "1 renameat(AT_FDCWD<{}>, \"{}\", AT_FDCWD<{}>, \"{}\") = 0\n1 unlink(\"{}\") = -1 ENOENT\n1 mkdir(\"{}\", 0777) = 0",
            hexed("/x"),
            hexed("/d/a"),
            hexed("/x"),
            hexed("/d/b"),
            hexed("/d/c"),
            hexed("/elsewhere"),
        );
        assert_eq!(read(&text, folder), [Deed::Rename { from: "/d/a".into(), to: "/d/b".into() }]);
    }
}
