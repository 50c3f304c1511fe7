//! Member states of the European Union.

use vouch_record::kind::generated::ai_system::AiSystem;

use crate::view::Entry;

/// ISO 3166-1 alpha-2 codes of the member states (27 since 1 February 2020). `EL` is the code that the Union itself uses for Greece.
const MEMBERS: [&str; 28] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// A row of places lies in a member state, or names the Union itself. Codes may carry a region (`DE-BY`).
#[must_use]
pub fn in_union(entry: Entry<'_>) -> bool {
    AiSystem(entry.content()).places().filter_map(|row| row.country()).any(is_in_union)
}

fn is_in_union(code: &str) -> bool {
    let code = code.trim().to_ascii_uppercase();
    let country = code.split('-').next().unwrap_or_default();
    country == "EU" || MEMBERS.contains(&country)
}

#[cfg(test)]
mod tests {
    use super::is_in_union;

    #[test]
    fn member_states_and_their_regions_lie_in_the_union() {
        for inside in ["DE", "de", "DE-BY", "GR", "EL", "EU", " fr "] {
            assert!(is_in_union(inside), "{inside}");
        }
        for outside in ["GB", "US", "CH", "NO", "", "DEU"] {
            assert!(!is_in_union(outside), "{outside}");
        }
    }
}
