//! The sidebar: entries in the order of the management system, each with the requirement it serves.

/// An entry.
pub(crate) struct Entry {
    /// its path
    pub(crate) path: &'static str,
    /// its name
    pub(crate) name: &'static str,
    /// the requirement it serves; empty where it serves all
    pub(crate) serves: &'static str,
    /// letter that leads there after `g`
    pub(crate) key: char,
}

const fn entry(path: &'static str, name: &'static str, serves: &'static str, key: char) -> Entry {
    Entry { path, name, serves, key }
}

/// A group of entries under a heading.
pub(crate) struct Group {
    /// the heading; empty for the first
    pub(crate) name: &'static str,
    pub(crate) entries: &'static [Entry],
}

/// The sidebar, top to bottom.
pub(crate) const GROUPS: &[Group] = &[
    Group {
        name: "",
        entries: &[entry("/", "Overview", "", 'o'), entry("/my-work", "My work", "", 'm'), entry("/gaps", "Gap analysis", "", 'g')],
    },
    Group {
        name: "Plan",
        entries: &[
            entry("/context", "Context & scope", "4", 'c'),
            entry("/policy", "Leadership & policy", "5", 'l'),
            entry("/systems", "AI systems", "4.3", 's'),
            entry("/risks", "Risks", "6.1.2", 'r'),
            entry("/impact", "Impact assessments", "6.1.4", 'i'),
            entry("/soa", "Statement of Applicability", "6.1.3", 'a'),
            entry("/roadmap", "Roadmap", "6.2", 'd'),
        ],
    },
    Group {
        name: "Do",
        entries: &[
            entry("/documents", "Documents", "7.5", 'w'),
            entry("/people", "People & competence", "7.2", 'p'),
            entry("/data", "Data & models", "A.7", 't'),
            entry("/suppliers", "Suppliers & customers", "A.10", 'u'),
            entry("/changes", "Changes", "8.1", 'h'),
            entry("/incidents", "Incidents & concerns", "A.8.4", 'n'),
        ],
    },
    Group {
        name: "Check",
        entries: &[
            entry("/evidence", "Evidence", "", 'e'),
            entry("/measures", "Objectives & measures", "9.1", 'j'),
            entry("/audits", "Internal audit", "9.2", 'v'),
            entry("/reviews", "Management review", "9.3", 'z'),
        ],
    },
    Group { name: "Act", entries: &[entry("/nonconformities", "Nonconformities", "10.2", 'f')] },
    Group {
        name: "Certify",
        entries: &[entry("/certification", "Certification", "", 'y'), entry("/rooms", "Audit room", "", 'b')],
    },
];

/// The heading an entry stands under.
pub(crate) fn group_of(path: &str) -> Option<&'static str> {
    let group = GROUPS.iter().find(|group| group.entries.iter().any(|entry| entry.path == path))?;
    (!group.name.is_empty()).then_some(group.name)
}

/// The entry of a path.
pub(crate) fn find(path: &str) -> Option<&'static Entry> {
    GROUPS.iter().flat_map(|group| group.entries).find(|entry| entry.path == path)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn entries() -> impl Iterator<Item = &'static Entry> {
        GROUPS.iter().flat_map(|group| group.entries)
    }

    #[test]
    fn there_are_at_most_25_entries_and_each_has_a_letter_of_its_own() {
        assert!(entries().count() <= 25);
        let letters: BTreeSet<char> = entries().map(|entry| entry.key).collect();
        assert_eq!(letters.len(), entries().count());
    }

    #[test]
    fn every_entry_leads_to_a_page() {
        for entry in entries() {
            assert!(crate::route::ROUTES.iter().any(|route| route.path == entry.path && route.get.is_some()), "{}", entry.path);
        }
    }
}
