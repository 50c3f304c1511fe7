//! The way from a record's fields to the signed root, as a drawing and as a table.

use maud::{Markup, html};
use vouch_ledger::tree::hash_node;
use vouch_ledger::{Block, Cell, Hash, Line, VerifierKey, base64, hex, leaf_hash};

use crate::format::{count, thousands};
use crate::part::table;

/// One value on the way.
pub(super) struct Step {
    /// what it is
    name: String,
    /// how it comes from the one before
    how: String,
    /// the value, whole
    value: String,
}

/// A level of the tree: the hash beside the way, the side it stands on, and what both give.
struct Level {
    beside: Hash,
    is_left: bool,
    gives: Hash,
}

/// Every value from the fields to the signature.
pub(super) fn steps(block: &Block, key: &VerifierKey) -> Vec<Step> {
    let step = |name: &str, how: String, value: String| Step { name: name.to_owned(), how, value };
    let leaf = leaf_hash(&block.entry);
    let checkpoint = block.proof.checkpoint.checkpoint();
    let mut steps = Vec::new();
    if let Ok(Line::Shown(shown)) = Line::parse(&block.line) {
        let hidden = shown.fields.iter().filter(|(_, cell)| !matches!(cell, Cell::Value(_))).count();
        let what = match hidden {
            0 => "each hashed with a salt of its own".to_owned(),
            hidden => format!("each hashed with a salt of its own; of {hidden} only the hash is left"),
        };
        steps.push(step(&count(shown.fields.len(), "field", "fields"), what, names(&shown)));
        steps.push(step("Commitment c", "HMAC-SHA-256 of the root over the fields, with the blinding b".to_owned(), hex(&shown.c)));
    }
    steps.push(step(
        "Envelope",
        "who, what, when, and c, as they stand in the log".to_owned(),
        String::from_utf8_lossy(&block.entry).into_owned(),
    ));
    steps.push(step(&format!("Leaf {}", block.proof.index), "SHA-256(0x00 ‖ envelope)".to_owned(), hex(&leaf)));
    for (at, level) in levels(block).iter().enumerate() {
        let side = if level.is_left { "left" } else { "right" };
        steps.push(step(
            &format!("Level {}", at + 1),
            format!("SHA-256(0x01 ‖ left ‖ right) with {} on the {side}", hex(&level.beside)),
            hex(&level.gives),
        ));
    }
    steps.push(step(
        "Root",
        format!("of the tree over {} leaves, as the checkpoint names it", checkpoint.size),
        base64(&checkpoint.root),
    ));
    steps.push(step("Checkpoint", format!("signed with Ed25519 by {}", checkpoint.origin), key.to_string()));
    steps
}

fn names(shown: &vouch_ledger::Shown<'_>) -> String {
    shown.fields.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// The hashes from the leaf up, as RFC 9162 §2.1.3.2 goes.
fn levels(block: &Block) -> Vec<Level> {
    let (mut place, mut last) = (block.proof.index, block.proof.checkpoint.checkpoint().size.saturating_sub(1));
    let mut hash = leaf_hash(&block.entry);
    let mut levels = Vec::with_capacity(block.proof.hashes.len());
    for beside in &block.proof.hashes {
        let is_left = place % 2 == 1 || place == last;
        hash = if is_left { hash_node(beside, &hash) } else { hash_node(&hash, beside) };
        levels.push(Level { beside: *beside, is_left, gives: hash });
        if is_left {
            // The last node of a level that is not full has no sibling: it goes up as it is.
            while place % 2 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        }
        place >>= 1;
        last >>= 1;
    }
    levels
}

const WIDTH: usize = 400;
const ROW: usize = 40;

/// The drawing: the way straight down, what is taken in from the side.
pub(super) fn chart(block: &Block, steps: &[Step]) -> Markup {
    let levels = levels(block);
    let checkpoint = block.proof.checkpoint.checkpoint();
    let before = steps.iter().position(|step| step.name.starts_with("Leaf")).unwrap_or(0);
    let (tree, end) = (before * ROW, (before + 1 + levels.len()) * ROW);
    let sentence = format!(
        "The record is leaf {} of {}; {} hashes beside the way lead to the root that the checkpoint signs",
        block.proof.index,
        checkpoint.size,
        levels.len()
    );
    html! {
        svg.chart.proof-path viewBox=(format!("0 0 {WIDTH} {}", end + 2 * ROW)) role="img" aria-label=(sentence) {
            line.stroke-proven x1="200" x2="200" y1="12" y2=(end + ROW + 12) {}
            @for (at, step) in steps.iter().take(before).enumerate() { (wide(at * ROW, &step.name, "fill-surface")) }
            (node(tree, &steps[before].name, &leaf_hash(&block.entry)))
            @for (at, level) in levels.iter().enumerate() { (sibling(tree + at * ROW, level)) (node(tree + (at + 1) * ROW, "", &level.gives)) }
            (wide(end, &format!("Root over {} leaves", thousands(usize::try_from(checkpoint.size).unwrap_or(usize::MAX))), "fill-tint"))
            (wide(end + ROW, "Checkpoint, signed", "fill-tint"))
        }
    }
}

fn wide(top: usize, name: &str, fill: &str) -> Markup {
    html! {
        rect class=(format!("{fill} stroked")) x="100" y=(top + 1) width="200" height="24" rx="5" {}
        text.strong x="200" y=(top + 17) text-anchor="middle" { (name) }
    }
}

fn node(top: usize, name: &str, hash: &Hash) -> Markup {
    html! {
        rect.fill-tint.stroked x="146" y=(top + 1) width="108" height="24" rx="5" {}
        text.mono x="200" y=(top + 17) text-anchor="middle" { (short(hash)) }
        @if !name.is_empty() { text x="264" y=(top + 17) { (name) } }
    }
}

/// A hash from beside the way, on its side.
fn sibling(top: usize, level: &Level) -> Markup {
    let (x, from, to) = if level.is_left { (8, 108, 200) } else { (292, 292, 200) };
    let middle = top + 33;
    html! {
        line.stroke-line x1=(from) x2=(to) y1=(middle) y2=(middle) {}
        rect.fill-surface.stroked x=(x) y=(middle - 11) width="100" height="22" rx="5" {}
        text.mono x=(x + 50) y=(middle + 4) text-anchor="middle" { (short(&level.beside)) }
    }
}

fn short(hash: &Hash) -> String {
    let hex = hex(hash);
    format!("{}…{}", &hex[..6], &hex[60..])
}

/// Every value whole, for whoever wants to compute it again.
pub(super) fn table(steps: &[Step]) -> Markup {
    table::scroll(
        "Every value of the proof",
        html! {
            table.table.inner {
                caption.vh { "Values from the fields to the checkpoint" }
                thead { tr { th scope="col" { "Step" } th scope="col" { "How it follows" } th scope="col" { "Value" } } }
                tbody { @for step in steps { tr { th scope="row" { (step.name) } td { (step.how) } td { code.break { (step.value) } } } } }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use vouch_ledger::tree::{hash_leaf, inclusion_proof_of_leaves, root_of};
    use vouch_ledger::{Checkpoint, SignerKey, TlogProof};

    use super::*;

    #[test]
    fn the_levels_lead_to_the_root_for_every_leaf_of_every_size() {
        let key = SignerKey::from_seed("log.example.test", &[3; 32]).expect("the name is good");
        for size in 1..40_u8 {
            let entries: Vec<Vec<u8>> = (0..size).map(|at| vec![at; 3]).collect();
            let leaves: Vec<Hash> = entries.iter().map(|entry| hash_leaf(entry)).collect();
            let root = root_of(&leaves);
            for (at, entry) in entries.iter().enumerate() {
                let checkpoint =
                    Checkpoint { origin: "log.example.test".to_owned(), size: size.into(), root }.sign(&key).expect("it signs");
                let hashes = inclusion_proof_of_leaves(&leaves, at).expect("the leaf is there");
                let proof = TlogProof { extra: None, index: at as u64, hashes, checkpoint };
                let block = Block { line: Vec::new(), entry: entry.clone(), proof };
                let reached = levels(&block).last().map_or(leaves[at], |level| level.gives);
                assert_eq!(reached, root, "leaf {at} of {size}");
            }
        }
    }
}
