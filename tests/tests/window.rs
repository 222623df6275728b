//! One journey in the real window: what was done is there after the battery died, reaches a real backend, and becomes a
//! report. Pictures of it lie in `target/pictures` for people to look at.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use veldboek_app::api::*;
use veldboek_app::system::SystemClock;
use veldboek_app::{App, AppConfig};
use veldboek_domain::{Clock, Digest};
use veldboek_tests::backend::Backend;
use veldboek_tests::device::{SECRET, enrol};
use veldboek_tests::photo::jpeg;
use veldboek_tests::until;
use veldboek_tests::webdriver::{Driver, Window, application};

/// WebDriver's word for the Enter key.
const ENTER: &str = "\u{E007}";
/// A thumbnail is not only asked for but drawn: its bytes came under the app's own address.
const PHOTO_IS_SHOWN: &str =
    "[...document.images].some((photo) => photo.src.includes('size=thumb') && photo.naturalWidth > 0)";
/// One of the options of the first question, A1.
const ANSWER: &str = "Melding";

#[test]
fn a_controle_in_the_real_window_survives_a_kill_and_becomes_a_report() {
    let application = application();
    let folder = TempDir::new().expect("a temporary folder can be made");
    let [data, downloads] = ["data", "downloads"].map(|name| folder.path().join(name));
    for made in [&data, &downloads] {
        fs::create_dir_all(made).expect("a folder can be made");
    }
    let mut backend = Backend::start(Arc::new(SystemClock) as Arc<dyn Clock>);
    enrol_device(&data, &backend);
    let photo = folder.path().join("foto.jpg");
    fs::write(&photo, jpeg(4)).expect("a photo can be written");

    backend.stop();
    let driver = Driver::start(&data, &downloads);
    let window = driver.open(&application);
    unlock(&window);
    begin(&window);
    let radio = window.find(&format!("//label[normalize-space(.)='{ANSWER}']"));
    window.click(&radio);
    window.find("//*[@id='vraag-A1']//*[contains(normalize-space(.), 'Bewaard')]");
    window.picture(&pictures("antwoord.png"));
    go_to_photos(&window);
    take_photo(&window, &photo);
    window.holds(PHOTO_IS_SHOWN);
    window.picture(&pictures("foto.png"));
    window.kill(&application);

    backend.start_again();
    let window = driver.open(&application);
    unlock(&window);
    window.shows("Ontvangen door NHVeilig");
    begin(&window);
    let chosen = format!("document.querySelector('#vraag-A1 label:has(:checked)')?.textContent.includes('{ANSWER}')");
    window.holds(&chosen);
    go_to_photos(&window);
    window.holds(PHOTO_IS_SHOWN);
    window.shows("Ontvangen");
    window.picture(&pictures("na-de-herstart.png"));

    let report = window.find("//a[contains(@href, '/rapport')]");
    window.click(&report);
    window.shows("Pagina 1 van");
    window.picture(&pictures("rapport.png"));
    window.press("Bewaar als PDF");
    let pdf = until("the report lies among the downloads", Duration::from_secs(20), || finished_pdf(&downloads));
    window.close();

    let page =
        std::process::Command::new("pdftotext").args(["-layout".as_ref(), pdf.as_os_str(), "-".as_ref()]).output();
    let page = page.expect("poppler is installed: cargo xtask test does it").stdout;
    let page = String::from_utf8_lossy(&page);
    assert!(page.contains("Controlerapport") && page.contains(ANSWER), "the report holds the answer:\n{page}");
    let bytes = fs::read(&pdf).expect("the report can be read");
    let original = jpeg(4);
    assert!(bytes.windows(original.len()).any(|window| window == original), "and the photo's bytes as they were taken");
    the_backend_has_it(&backend, &original);
}

fn enrol_device(data: &Path, backend: &Backend) {
    let app = App::new(AppConfig::in_folder(data.to_owned())).expect("the app's own checklists can be read");
    enrol(&app, &backend.url(), backend.code(0), "ALK-07").expect("the code is good");
    app.sync_now(Nothing {}).expect("the backend is there");
}

fn unlock(window: &Window<'_>) {
    let secret = window.find("//input[@type='password']");
    window.enter(&secret, &format!("{SECRET}{ENTER}"));
}

fn begin(window: &Window<'_>) {
    let first = window.find("//a[normalize-space(.)='Begin de controle' or normalize-space(.)='Ga verder']");
    window.click(&first);
    window.shows("Voorbereiding");
}

fn go_to_photos(window: &Window<'_>) {
    let photos = window.find("//a[contains(@href, '/fotos')]");
    window.click(&photos);
    window.shows("Het origineel verandert nooit");
}

/// Takes a photo: the window's own dialog for files can't be driven, so the file is given to the page's input, as soon as
/// the page has asked for one: it does after the record that a photo is coming is kept.
fn take_photo(window: &Window<'_>, photo: &Path) {
    window.script("HTMLInputElement.prototype.click = () => { document.body.dataset.asked = 'yes' }");
    let button = window.find("(//button[normalize-space(.)='Maak een foto'])[last()]");
    window.click(&button);
    window.holds("document.body.dataset.asked");
    let input = window.find("//input[@type='file']");
    window.enter(&input, photo.to_str().expect("a temporary folder has a name in UTF-8"));
}

/// A report that is written to its end.
fn finished_pdf(downloads: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(downloads).ok()?.flatten().map(|file| file.path());
    let mut reports = files.filter(|path| path.extension().is_some_and(|kind| kind == "pdf"));
    reports.find(|path| fs::read(path).is_ok_and(|bytes| bytes.trim_ascii_end().ends_with(b"%%EOF")))
}

/// Another tablet gets the very same photo from the backend.
fn the_backend_has_it(backend: &Backend, original: &[u8]) {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let app = App::new(AppConfig::in_folder(folder.path().to_owned())).expect("the app's own checklists can be read");
    enrol(&app, &backend.url(), backend.code(1), "ODN-02").expect("the code is good");
    app.sync_now(Nothing {}).expect("the backend is there");
    let rows = app.today(Nothing {}).expect("it is open").rows;
    let row = rows.iter().find(|row| row.photos == 1).expect("one controle has the photo");
    let view = app.open_inspection(OpenInspection { inspection: row.inspection }).expect("it is on this tablet");
    let (_, bytes) = app.photo_bytes(view.photos[0].item, PhotoSize::Original).expect("the photo arrived");
    assert_eq!(Digest::of(&bytes), Digest::of(original));
}

fn pictures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures").join(name)
}
