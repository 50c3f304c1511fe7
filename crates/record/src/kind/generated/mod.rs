//! Typed views, one per kind; written by `cargo xtask generate`.
