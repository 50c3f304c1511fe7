//! What a handler is given: the request, read whole and within bounds, and the organisation as of the day asked for.

use std::cell::OnceCell;
use std::sync::Arc;

use jiff::civil::Date;
use vouch_app::{Acting, Error, Result};
use vouch_conform::Entry;
use vouch_record::Id;

use crate::lent::Lent;
use crate::session::Session;
use crate::site::{Answers, Site};

/// A file that was handed in with a form.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// name of the form's field
    pub(crate) field: String,
    /// name the file had
    pub(crate) name: String,
    /// its bytes
    pub(crate) bytes: Vec<u8>,
}

/// A request, read whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// path without the query
    pub(crate) path: String,
    /// variable parts of the path by name
    pub(crate) params: Vec<(String, String)>,
    /// the query, in order, decoded
    pub(crate) query: Vec<(String, String)>,
    /// fields of a form, in order, decoded
    pub(crate) form: Vec<(String, String)>,
    /// files of a form
    pub(crate) files: Vec<Upload>,
    /// whether the client asks for JSON
    pub(crate) wants_json: bool,
    /// `light`, `dark`, or nothing for what the system says
    pub(crate) theme: Option<&'static str>,
}

/// A request with the organisation as of its day.
pub(crate) struct Context<'s> {
    pub(crate) site: &'s Arc<Site>,
    pub(crate) request: Request,
    pub(crate) session: Session,
    pub(crate) view: Lent,
    /// the past day asked for; nothing for today
    pub(crate) as_of: Option<Date>,
    answers: OnceCell<Arc<Answers>>,
}

impl<'s> Context<'s> {
    /// Reads the day from the query and looks at the organisation as of it.
    ///
    /// # Errors
    /// Invalid for what is no day, or a day after today.
    pub(crate) fn new(site: &'s Arc<Site>, request: Request, session: Session) -> Result<Self> {
        let asked = request.value("as-of").filter(|text| !text.is_empty());
        let day = asked.map(|text| {
            text.parse::<Date>()
                .map_err(|error| Error::invalid(format!("`{text}` is no day")).hint("write it as 2026-08-31").because(error))
        });
        let as_of = day.transpose()?.filter(|day| *day != site.vouch.today());
        let view = site.views.lend(&site.vouch, &*site.clock, as_of)?;
        Ok(Self { site, request, session, view, as_of, answers: OnceCell::new() })
    }

    /// A variable part of the path.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.request.params.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The id that a part of the path names.
    ///
    /// # Errors
    /// Not found for what is no id.
    pub(crate) fn id(&self, name: &str) -> Result<Id> {
        let text = self.param(name);
        text.parse().map_err(|_| Error::not_found(format!("there is no record `{text}`")).hint("see the list of its kind"))
    }

    /// The record of a kind that a part of the path names.
    ///
    /// # Errors
    /// Not found for an unknown record, or one of another kind.
    pub(crate) fn record(&self, name: &str, kind: &str) -> Result<Entry<'_>> {
        let id = self.id(name)?;
        let entry = self.view.find(id).filter(|entry| entry.kind().name == kind);
        entry.ok_or_else(|| Error::not_found(format!("there is no record `{id}` here")).hint("see the list of its kind"))
    }

    /// First value of a name in the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.request.value(name).filter(|text| !text.is_empty())
    }

    /// First value of a name in the form.
    pub(crate) fn form(&self, name: &str) -> Option<&str> {
        self.request.form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Readiness, statement and gaps of the day, computed when first asked for.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn answers(&self) -> Result<&Answers> {
        if self.answers.get().is_none() {
            let found = self.site.answers(&self.view)?;
            let _ = self.answers.set(found);
        }
        self.answers.get().map(AsRef::as_ref).ok_or_else(|| Error::new(vouch_app::ErrorKind::Unavailable, "no answer was computed"))
    }

    /// Who acts.
    pub(crate) fn acting(&self) -> Acting {
        Acting::local(self.session.acting)
    }

    /// The address of a place in this view: the day asked for goes with it.
    pub(crate) fn link(&self, place: &str) -> String {
        let Some(day) = self.as_of else { return place.to_owned() };
        let (place, fragment) = place.split_once('#').map_or((place, None), |(place, fragment)| (place, Some(fragment)));
        let mark = if place.contains('?') { '&' } else { '?' };
        let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
        format!("{place}{mark}as-of={day}{fragment}")
    }

    /// This page's address with some parts of its query set anew (nothing takes a part away); page numbers start again.
    pub(crate) fn with_query(&self, parts: &[(&str, Option<&str>)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let kept = self
            .request
            .query
            .iter()
            .filter(|(name, value)| name != "page" && !value.is_empty() && parts.iter().all(|(other, _)| other != name));
        kept.for_each(|(name, value)| {
            query.append_pair(name, value);
        });
        for (name, value) in parts {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { self.request.path.clone() } else { format!("{}?{query}", self.request.path) }
    }
}

impl Request {
    fn value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
