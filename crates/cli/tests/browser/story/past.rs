//! Everything as of three months ago: other figures, a banner on every page, and nothing that can be changed.

use crate::hand::Hand;
use crate::house::House;

fn journey(hand: &Hand<'_>, house: &House) {
    hand.sees("Would be a finding today");
    let today = hand.browser.text();
    hand.browser.go(&house.at("/?as-of=2026-08-21"));
    hand.sees("As of 21 Aug 2026");
    assert_ne!(hand.browser.text(), today, "the past is another page");
    for entry in ["AI systems", "Risks", "Statement of Applicability", "Evidence"] {
        hand.open(entry);
        hand.sees("As of 21 Aug 2026");
        assert!(hand.browser.address().contains("as-of=2026-08-21"), "{} forgets the day", hand.browser.address());
    }
    hand.browser.go(&house.at("/records/SYS-2/edit?as-of=2026-08-21"));
    hand.sees("as of");
    assert!(!hand.browser.text().contains("Save"), "a form of the past offers to save");
    hand.browser.go(&house.at("/?as-of=2026-08-21"));
    hand.press("Back to today");
    hand.sees("As of today");
}

every_way!(the_past_is_looked_at, House::sample(), journey);
