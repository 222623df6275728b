//! Where a byte of a file stands, for problems.

use std::ops::Range;

use veldboek_checklist::Problem;

use crate::files::SourceFile;

/// Collects the problems of one file.
pub(super) struct Found<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Found<'a> {
    pub(super) fn new(file: &'a SourceFile) -> Self {
        Self { file, problems: Vec::new() }
    }

    /// Adds a problem at the start of a span; line and column from 1, the column in characters.
    pub(super) fn add(&mut self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        let mut end = span.start.min(self.file.text.len());
        while !self.file.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.file.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        self.problems.push(Problem {
            file: self.file.name(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
            hint: hint.into(),
        });
    }

    /// Adds what is wrong with the TOML itself; whether anything is.
    pub(super) fn toml(&mut self, errors: &[toml::de::Error]) -> bool {
        for error in errors {
            self.add(
                error.span().unwrap_or_default(),
                format!("Dit is geen geldige TOML: {}.", error.message()),
                "Kijk naar aanhalingstekens, haakjes, dubbele sleutels en komma's op deze regel en die erboven.",
            );
        }
        !errors.is_empty()
    }
}
