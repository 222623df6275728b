//! Programs that look at a PDF from outside. A test that needs one fails when it is not there, and says what to run.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "each test uses a part of it; a test fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use veldboek_report::{PhotoSource, Rendered, ReportModel, render};

/// A rendered report in a folder of its own.
pub struct Pdf {
    folder: tempfile::TempDir,
    pub rendered: Rendered,
}

impl Pdf {
    pub fn of(model: &ReportModel, photos: &dyn PhotoSource) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rendered = render(model, photos).unwrap();
        std::fs::write(folder.path().join("rapport.pdf"), &rendered.pdf).unwrap();
        Self { folder, rendered }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("rapport.pdf")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The text as poppler reads it from top to bottom.
    pub fn text(&self) -> String {
        let pdf = self.path();
        self.stdout("pdftotext", &["-layout".as_ref(), pdf.as_os_str(), "-".as_ref()])
    }

    /// The structure tree with its text, in reading order.
    pub fn structure(&self) -> String {
        let pdf = self.path();
        self.stdout("pdfinfo", &["-struct-text".as_ref(), pdf.as_os_str()])
    }

    /// A page as pixels, at 50 dots per inch.
    pub fn page(&self, number: usize) -> image::RgbImage {
        let name = self.folder().join(format!("page{number}"));
        let number = number.to_string();
        self.stdout(
            "pdftoppm",
            &[
                "-r".as_ref(),
                "50".as_ref(),
                "-png".as_ref(),
                "-singlefile".as_ref(),
                "-f".as_ref(),
                number.as_ref(),
                self.path().as_os_str(),
                name.as_os_str(),
            ],
        );
        image::open(name.with_extension("png")).unwrap().into_rgb8()
    }

    pub fn stdout(&self, program: &str, arguments: &[&std::ffi::OsStr]) -> String {
        let output = run(Command::new(program).args(arguments), program);
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

fn run(command: &mut Command, program: &str) -> Output {
    command.output().unwrap_or_else(|error| {
        panic!("{program} is needed for this test ({error}). Run: apt-get install -y poppler-utils qpdf")
    })
}

/// What veraPDF says of these files: PASS or FAIL lines for PDF/A-2a and PDF/UA-1, with the failed clauses.
pub fn verapdf(files: &[PathBuf]) -> String {
    let folder = std::env::var_os("VERAPDF_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/verapdf"), PathBuf::from);
    let class_path = std::fs::read_to_string(folder.join("classpath")).unwrap_or_else(|error| {
        panic!(
            "veraPDF is needed for this test ({}: {error}). Run: crates/report/tests/verapdf/setup.sh, or set VERAPDF_DIR \
             to the folder that it made",
            folder.display()
        )
    });
    let output = run(
        Command::new("java")
            .args(["--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", &class_path, "Vera"])
            .args(files),
        "java",
    );
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
