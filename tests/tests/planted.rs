//! Planted bugs.

#[test]
fn nothing_yet() {}
