//! The sheet: A4 with the margin line at 43 mm and a text column of 132 mm. All lengths are points from the top left.

const fn mm(value: f32) -> f32 {
    value * 72.0 / 25.4
}

/// Width of A4.
pub const WIDTH: f32 = mm(210.0);
/// Height of A4.
pub const HEIGHT: f32 = mm(297.0);
/// The margin line.
pub const MARGIN_LINE: f32 = mm(43.0);
/// Thickness of the margin line.
pub const MARGIN_LINE_WIDTH: f32 = 0.95;
/// Where the text in the margin ends.
pub const MARGIN_RIGHT: f32 = MARGIN_LINE - 15.0;
/// How wide the text in the margin may be.
pub const MARGIN_WIDTH: f32 = MARGIN_RIGHT - mm(10.0);
/// Where the text column begins.
pub const LEFT: f32 = MARGIN_LINE + mm(6.35);
/// Width of the text column.
pub const COLUMN: f32 = mm(132.0);
/// Where the head and the foot of a page end on the right.
pub const RIGHT: f32 = mm(193.0);
/// Top of the text on the first page.
pub const FIRST_TOP: f32 = 45.0;
/// Top of the text on the other pages, under the running head.
pub const TOP: f32 = 66.0;
/// Bottom of the text.
pub const BOTTOM: f32 = HEIGHT - 66.0;
/// Baseline of the running head.
pub const HEAD_BASELINE: f32 = 36.0;
/// Baseline of the foot.
pub const FOOT_BASELINE: f32 = HEIGHT - 30.0;
/// Distance between the lines of running text.
pub const LEADING: f32 = 15.0;
/// The largest box of a photo; it is never cropped, so one of the sides is usually smaller.
pub const PHOTO: (f32, f32) = (COLUMN, mm(80.0));
