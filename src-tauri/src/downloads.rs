//! Where a report, or a file for another tablet, goes that a person keeps: the folder for downloads of the operating system.

use std::path::{Path, PathBuf};

use tauri::webview::DownloadEvent;
use tauri::{Manager, Url, Webview, Wry};

/// Names another folder: for tests and the demonstration.
const ANOTHER_FOLDER: &str = "VELDBOEK_DOWNLOADS";

/// Lets a file go that the page itself made, and nothing else; never over a file that is there.
pub(crate) fn keep(webview: Webview<Wry>, event: DownloadEvent<'_>) -> bool {
    let DownloadEvent::Requested { url, destination } = event else { return true };
    let Some(folder) = folder(&webview).filter(|_| is_made_here(&url)) else { return false };
    let name = destination.file_name().map_or_else(|| PathBuf::from("rapport.pdf"), PathBuf::from);
    *destination = free(&folder, &name);
    true
}

fn folder(webview: &Webview<Wry>) -> Option<PathBuf> {
    std::env::var_os(ANOTHER_FOLDER).map(PathBuf::from).or_else(|| webview.path().download_dir().ok())
}

fn is_made_here(address: &Url) -> bool {
    address.scheme() == "blob" && crate::raw::is_own_page(address)
}

/// The name itself, or with the first number that makes it free.
fn free(folder: &Path, name: &Path) -> PathBuf {
    let wanted = folder.join(name);
    let stem = name.file_stem().unwrap_or_default().to_string_lossy();
    let kind = name.extension().map(|kind| format!(".{}", kind.to_string_lossy())).unwrap_or_default();
    let numbered = (2u32..).map(|number| folder.join(format!("{stem} ({number}){kind}")));
    std::iter::once(wanted).chain(numbered).find(|path| !path.exists()).expect("some number is free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_never_goes_over_another_one() {
        let folder = std::env::temp_dir().join(format!("veldboek-downloads-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let name = Path::new("VB-2026-0042-K7.pdf");
        assert_eq!(free(&folder, name), folder.join(name));
        std::fs::write(folder.join(name), b"%PDF").unwrap();
        assert_eq!(free(&folder, name), folder.join("VB-2026-0042-K7 (2).pdf"));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn only_what_the_page_made_itself_becomes_a_file() {
        assert!(is_made_here(&Url::parse("blob:tauri://localhost/0f").unwrap()));
        assert!(!is_made_here(&Url::parse("tauri://localhost/x.pdf").unwrap()));
        assert!(!is_made_here(&Url::parse("https://example.org/x.pdf").unwrap()));
    }
}
