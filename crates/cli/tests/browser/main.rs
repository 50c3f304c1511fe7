//! Whole journeys through the pages in a real browser, and what holds for every page. `cargo xtask browser` prepares and runs them.

mod accessibility;
mod driver;
mod hand;
mod house;
mod story;
