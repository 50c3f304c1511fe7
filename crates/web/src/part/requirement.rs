//! Requirements by the group they stand in: clauses 4 to 10, and A.2 to A.10.

/// Group and short title, in the order of the standard.
pub(crate) const GROUPS: [(&str, &str); 16] = [
    ("4", "Context"),
    ("5", "Leadership"),
    ("6", "Planning"),
    ("7", "Support"),
    ("8", "Operation"),
    ("9", "Evaluation"),
    ("10", "Improvement"),
    ("A.2", "Policies"),
    ("A.3", "Organisation"),
    ("A.4", "Resources"),
    ("A.5", "Impact assessment"),
    ("A.6", "Life cycle"),
    ("A.7", "Data"),
    ("A.8", "Information"),
    ("A.9", "Use"),
    ("A.10", "Third parties"),
];

/// The group of a requirement: `6` of `6.1.2`, `A.6` of `A.6.2.4`.
pub(crate) fn group_of(requirement: &str) -> &str {
    let parts = if requirement.starts_with("A.") { 2 } else { 1 };
    let end = requirement.match_indices('.').nth(parts - 1).map_or(requirement.len(), |(at, _)| at);
    &requirement[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_stands_in_the_group_of_its_clause() {
        for (requirement, group) in
            [("6.1.2", "6"), ("10.1", "10"), ("A.6.2.4", "A.6"), ("A.10.3", "A.10"), ("A.2", "A.2"), ("4", "4")]
        {
            assert_eq!(group_of(requirement), group, "{requirement}");
        }
    }
}
