//! Whole journeys, each by mouse, by keyboard alone, and without a script where the journey can be made so.

/// Tells a journey by mouse, by keyboard and without a script, each in a house of its own.
macro_rules! every_way {
    ($story:ident, $house:expr, $journey:expr) => {
        mod $story {
            use super::*;
            use crate::hand::Way;
            use crate::story::travel;

            #[test]
            fn by_mouse() {
                travel(&$house, Way::Mouse, $journey);
            }

            #[test]
            fn by_keyboard() {
                travel(&$house, Way::Keyboard, $journey);
            }

            #[test]
            fn without_a_script() {
                travel(&$house, Way::WithoutScript, $journey);
            }
        }
    };
}

mod claim;
mod forgery;
mod impact;
mod import;
mod incident;
mod past;
mod policy;
mod register;
mod risk;

use serde_json::Value;

use crate::driver::{Browser, Look};
use crate::hand::{Hand, Way};
use crate::house::House;

/// Makes a journey in a house of its own.
fn travel(house: &House, way: Way, journey: impl FnOnce(&Hand<'_>, &House)) {
    let browser = Browser::start(Look { scripts: way != Way::WithoutScript, ..Look::DESK });
    browser.go(&house.link);
    let hand = Hand { browser: &browser, house, way };
    journey(&hand, house);
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "the pages complain: {}", complaints.join("\n"));
}

/// The first record of a list that fits.
fn first(list: &Value, fits: impl Fn(&Value) -> bool) -> &Value {
    let records = list["records"].as_array().expect("a list of records");
    records.iter().find(|record| fits(record)).expect("the sample has one")
}

/// A text of a record.
fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("`{name}` is no text in {value}"))
}

/// What a person is called.
fn name_of(hand: &Hand<'_>, person: &str) -> String {
    text(&hand.stored(&format!("/records/{person}"))["fields"], "name").to_owned()
}
