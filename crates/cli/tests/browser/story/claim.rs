//! From the first link to the worst finding, its record, and a proof that is checked without trusting the server.

use crate::hand::{Hand, Way};
use crate::house::House;

fn journey(hand: &Hand<'_>, _: &House) {
    hand.sees("Would be a finding today");
    hand.press_at(".finding-line a.ref");
    hand.sees("Would be a finding today");
    hand.sees("Why not deeper");
    hand.press_at("main details li a[href*='/'], main .finding a[href*='/records/'], main details a[href]");
    hand.press("Check proof");
    hand.sees("From this record to the signed checkpoint");
    if hand.way == Way::WithoutScript {
        hand.sees("Download the proof and use the command below");
        return;
    }
    hand.press("Verify in this browser");
    hand.sees("VERIFIED");
}

every_way!(the_worst_finding_is_traced_to_a_proof, House::sample(), journey);
