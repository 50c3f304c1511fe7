//! Whole journeys, each by mouse, by keyboard alone, and without a script where the journey can be made so.

mod claim;
mod forgery;
mod past;

use crate::driver::{Browser, Look};
use crate::hand::{Hand, Way};
use crate::house::House;

/// Makes a journey in a house of its own.
fn travel(house: &House, way: Way, journey: impl FnOnce(&Hand<'_>, &House)) {
    let browser = Browser::start(Look { scripts: way != Way::WithoutScript, ..Look::DESK });
    browser.go(&house.link);
    let hand = Hand { browser: &browser, way };
    journey(&hand, house);
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "the pages complain: {}", complaints.join("\n"));
}
