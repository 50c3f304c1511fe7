//! Requirements, templates and the rules of certification as data.
//!
//! Three files are read at once, strictly, since rules rest on them: `iso42001`, `templates_outline`, `certification`, and every file
//! that an organisation dropped in. The others are kept as bytes and read as a plain [`Framework`] when somebody asks for one.

mod crosswalk;
mod generic;
mod item;
mod load;
mod template;
#[cfg(test)]
mod tests;

pub use crosswalk::{Crossing, Crosswalk, Strength};
pub use generic::{Framework, Node};
pub use item::{Cadence, Item, ItemKind, Need};
pub use load::FrameworkError;
pub use template::{Template, TemplateNeed};

use std::collections::HashMap;
use std::sync::OnceLock;

/// Key of the framework whose items the rules speak about.
pub const ISO42001: &str = "iso42001";

/// What is known of frameworks.
#[derive(Debug, Default)]
pub struct Frameworks {
    items: Vec<Item>,
    places: HashMap<String, usize>,
    templates: Vec<Template>,
    workflow: Vec<String>,
    files: Vec<File>,
    crosswalk: OnceLock<Result<HashMap<String, Crosswalk>, FrameworkError>>,
}

#[derive(Debug)]
struct File {
    key: String,
    bytes: Vec<u8>,
    read: OnceLock<Result<Option<Framework>, FrameworkError>>,
}

impl File {
    fn framework(&self) -> Result<Option<&Framework>, FrameworkError> {
        self.read.get_or_init(|| generic::read(&self.key, &self.bytes)).as_ref().map(Option::as_ref).map_err(Clone::clone)
    }
}

impl Frameworks {
    /// Reads the files of `frameworks/`, pairs of name (its stem is the key) and bytes.
    ///
    /// # Errors
    /// The first defect of the files that the rules rest on, with file, line and reason; also when one of them is missing.
    pub fn load(files: &[(&str, &[u8])]) -> Result<Self, FrameworkError> {
        load::load(files, &[])
    }

    /// The same with files that an organisation dropped into its data folder, each of which must be a framework without a defect.
    ///
    /// # Errors
    /// As [`Frameworks::load`]; also for a file of the organisation that is no framework or bears the name of another.
    pub fn load_with(files: &[(&str, &[u8])], own: &[(&str, &[u8])]) -> Result<Self, FrameworkError> {
        load::load(files, own)
    }

    /// The auditable items of ISO/IEC 42001 in the standard's order.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The auditable item of this id, for example `A.5.2`.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.places.get(id).map(|&at| &self.items[at])
    }

    /// Place of an item in the standard's order; one beyond the last for an id that is no item.
    #[must_use]
    pub fn place(&self, id: &str) -> usize {
        self.places.get(id).copied().unwrap_or(self.items.len())
    }

    /// All templates of documents and forms.
    #[must_use]
    pub fn templates(&self) -> &[Template] {
        &self.templates
    }

    /// The template of this id, for example `T-AUP`.
    #[must_use]
    pub fn template(&self, id: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == id)
    }

    /// The templates marked as mandatory (`terms.yaml`, mandatory template).
    pub fn mandatory_templates(&self) -> impl Iterator<Item = &Template> {
        self.templates.iter().filter(|template| template.need == TemplateNeed::Mandatory)
    }

    /// The steps from a nonconformity to its closure, in order.
    #[must_use]
    pub fn nonconformity_workflow(&self) -> &[String] {
        &self.workflow
    }

    /// Keys of all files, in the order handed in.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.key.as_str())
    }

    /// The bytes of a file, for what only one reader needs of it.
    #[must_use]
    pub fn bytes(&self, key: &str) -> Option<&[u8]> {
        self.files.iter().find(|file| file.key == key).map(|file| file.bytes.as_slice())
    }

    /// A framework by key, read when first asked for; nothing if there is no such file, or it holds no requirements.
    ///
    /// # Errors
    /// The first defect of the file, with line and reason.
    pub fn framework(&self, key: &str) -> Result<Option<&Framework>, FrameworkError> {
        self.files.iter().find(|file| file.key == key).map_or(Ok(None), File::framework)
    }

    /// The frameworks other than ISO/IEC 42001 that hold requirements, in the order handed in.
    ///
    /// # Errors
    /// The first defect of a file, with line and reason.
    pub fn others(&self) -> Result<Vec<&Framework>, FrameworkError> {
        let read = self.files.iter().filter(|file| file.key != ISO42001).map(File::framework);
        Ok(read.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().filter(|framework| framework.is_reached()).collect())
    }

    /// The rows of the crosswalk toward a framework; none for one that no row names.
    ///
    /// # Errors
    /// The first defect of the crosswalk or of a framework it names.
    pub fn crosswalk(&self, key: &str) -> Result<&Crosswalk, FrameworkError> {
        static NONE: Crosswalk = Crosswalk { rows: Vec::new(), still_to_do: Vec::new(), certifiable: None };
        let read = self.crosswalk.get_or_init(|| crosswalk::read(&self.files, &self.places)).as_ref().map_err(Clone::clone)?;
        Ok(read.get(key).unwrap_or(&NONE))
    }

    /// Whether a framework has a node of this id: what a link to a requirement must name.
    #[must_use]
    pub fn knows(&self, key: &str, id: &str) -> bool {
        if key == ISO42001 && self.places.contains_key(id) {
            return true;
        }
        self.framework(key).ok().flatten().is_some_and(|framework| framework.node(id).is_some())
    }
}
