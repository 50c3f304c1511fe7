//! Mappings that come with the program.

use super::error::Error;
use super::mapping::Mapping;

/// A mapping that comes with the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Preset {
    /// Name by which it is asked for.
    pub name: &'static str,
    /// What it reads.
    pub title: &'static str,
    toml: &'static str,
}

/// All presets. To add one: a TOML file beside this one, a line here, a test file.
pub const PRESETS: &[Preset] = &[Preset {
    name: "omb-2024",
    title: "US federal AI use-case inventory 2024 (62 columns)",
    toml: include_str!("preset/omb-2024.toml"),
}];

impl Preset {
    /// The preset of this name.
    ///
    /// # Errors
    /// If there is none; the hint lists those there are.
    pub fn named(name: &str) -> Result<Self, Error> {
        PRESETS.iter().find(|preset| preset.name == name).copied().ok_or_else(|| {
            let names = PRESETS.iter().map(|preset| format!("`{}`", preset.name)).collect::<Vec<_>>().join(", ");
            Error::mapping(format!("there is no preset `{name}`"), format!("choose {names}, or write a mapping file"))
        })
    }

    /// Its mapping.
    ///
    /// # Errors
    /// Never for a preset of [`PRESETS`]; a test reads each.
    pub fn mapping(&self) -> Result<Mapping, Error> {
        Mapping::from_toml(self.toml)
    }

    /// Its mapping as written, with comments.
    #[must_use]
    pub const fn toml(&self) -> &'static str {
        self.toml
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_mapping() {
        for preset in PRESETS {
            let mapping = preset.mapping().unwrap();
            assert_eq!(Mapping::from_toml(&mapping.to_toml().unwrap()).unwrap(), mapping, "{}", preset.name);
        }
        assert!(Preset::named("none").unwrap_err().hint.contains("omb-2024"));
    }
}
