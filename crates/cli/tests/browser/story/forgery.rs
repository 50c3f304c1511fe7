//! A proof that somebody changed is not taken for one in the browser.

use serde_json::{Value, json};

use super::travel;
use crate::hand::{Hand, Way};
use crate::house::House;

/// The proof of the page, as the server hands it out.
const READ: &str = "const asked = new XMLHttpRequest(); asked.open('GET', document.querySelector('[data-proof]').dataset.proof, false); \
                    asked.send(); arguments[0](asked.responseText);";
/// Puts a text in the place of a file that was chosen, and takes the last verdict away.
const GIVE: &str = "const handed = new DataTransfer(); handed.items.add(new File([arguments[0]], 'handed.proof')); \
                    document.getElementById('proof-file').files = handed.files; \
                    document.querySelector('[data-verdict]').replaceChildren(); arguments[1](null);";

fn verdict(hand: &Hand<'_>, proof: &str, expected: &str) {
    hand.browser.run(GIVE, &json!([proof]));
    hand.press("Verify in this browser");
    hand.sees(expected);
}

/// The same text with one letter or digit of a line changed.
fn changed(proof: &str, line: usize) -> String {
    let lines = proof.split_inclusive('\n').enumerate().map(|(at, text)| {
        let middle = text.len() / 2;
        let place = (middle..text.len()).find(|at| text.as_bytes()[*at].is_ascii_alphanumeric());
        match place {
            Some(place) if at == line => {
                let other = if &text[place..=place] == "A" { "B" } else { "A" };
                format!("{}{other}{}", &text[..place], &text[place + 1..])
            }
            _ => text.to_owned(),
        }
    });
    lines.collect()
}

#[test]
fn a_proof_that_was_changed_in_any_line_is_bad() {
    let house = House::new();
    travel(&house, Way::Mouse, |hand, house| {
        hand.browser.go(&house.at("/records/PER-1?tab=proof"));
        hand.press("Verify in this browser");
        hand.sees("VERIFIED");
        let Value::String(proof) = hand.browser.run(READ, &json!([])) else { panic!("the page hands out its proof") };
        verdict(hand, &proof, "VERIFIED");
        for line in 0..proof.lines().count() {
            let forged = changed(&proof, line);
            if forged != proof {
                verdict(hand, &forged, "It does not verify");
            }
        }
        verdict(hand, proof.trim_end(), "It does not verify");
        hand.fill("Verifier key", "another.log+00000000+AAAA");
        verdict(hand, &proof, "It does not verify");
    });
}
