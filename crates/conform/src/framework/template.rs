//! Outlines of documents and forms.

/// The outline of a document or form.
#[derive(Clone, Debug)]
pub struct Template {
    /// id, for example `T-AUP`
    pub id: String,
    /// title of the document
    pub title: String,
    /// sort of document: policy, procedure, form …
    pub sort: String,
    /// whether it must be there
    pub need: TemplateNeed,
    /// headings of its sections, in order
    pub headings: Vec<String>,
    /// items of ISO/IEC 42001 it serves
    pub satisfies: Vec<String>,
    /// role key of who writes it
    pub owner: String,
    /// role key of who approves it
    pub approver: String,
    /// what it is for
    pub purpose: String,
}

/// Whether a document of a template must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TemplateNeed {
    /// the standard asks for this information to be documented
    Mandatory,
    /// auditors nearly always ask for it
    Expected,
    /// practice
    Helpful,
}
