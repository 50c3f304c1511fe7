//! An inventory of another organisation comes in from a file: one row is bad, it is mended in the browser, and all is written at once.

use std::path::{Path, PathBuf};

use crate::hand::Hand;
use crate::house::House;

/// Systems in the inventory.
const SYSTEMS: u64 = 79;

/// The inventory of the US Department of Energy without the name of its first system, in a folder of its own.
fn inventory(folder: &Path) -> PathBuf {
    let whole = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../app/tests/data/doe-2024.csv")).expect("the file is there");
    let (mut is_quoted, mut rows) = (false, 0);
    let mut first = None;
    for (at, byte) in whole.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => {
                rows += 1;
                first = first.or(Some(at + 1));
            }
            b',' if !is_quoted && rows == 1 => {
                let begin = first.expect("the heading came first");
                let path = folder.join("doe-2024.csv");
                std::fs::write(&path, [&whole[..begin], &whole[at..]].concat()).expect("the folder takes a file");
                return path;
            }
            _ => {}
        }
    }
    panic!("the inventory has no row");
}

fn journey(hand: &Hand<'_>, _: &House) {
    let folder = tempfile::TempDir::new().expect("a folder");
    hand.open("AI systems");
    hand.press("Import");
    hand.sees("Nothing is written before you have seen the verdict");
    hand.tick("US federal AI use-case inventory");
    hand.hand_in("Inventory", &inventory(folder.path()));
    hand.press("Read file");
    hand.sees("1 row must be mended first");
    hand.sees("Use Case Name");
    assert_eq!(hand.stored("/kinds/ai-system")["total"], 0, "nothing is written before it is said");
    hand.press("Mend row 2");
    hand.sees("1 cell to correct");
    hand.fill("Use Case Name", "Sorter of letters");
    hand.press("Mend row and check again");
    hand.sees("1 row mended here");
    hand.press(&format!("Import {SYSTEMS} rows"));
    hand.sees("in one transaction");
    hand.press("See AI systems");
    hand.sees("Sorter of letters");
    hand.sees(&format!("of {SYSTEMS} systems"));
    let stored = hand.stored("/kinds/ai-system?rows=200");
    assert_eq!(stored["total"], SYSTEMS);
    let names = stored["records"].as_array().expect("a list").iter().filter_map(|record| record["fields"]["name"].as_str());
    assert_eq!(names.filter(|name| *name == "Sorter of letters").count(), 1);
}

every_way!(an_inventory_with_a_bad_row_is_mended_and_imported, House::new(), journey);
