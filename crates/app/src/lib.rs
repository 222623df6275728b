//! What the field app can do, without a window: use cases over store, sync and report.

pub mod api;
