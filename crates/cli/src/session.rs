//! What every command shares: the data folder, who acts, the day asked for.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;
use vouch_app::{Acting, Error, Tables, Vouch};
use vouch_conform::check::Texts;
use vouch_conform::{Frameworks, View};
use vouch_record::{Id, Kinds};

use crate::embedded;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::system::data_folder;

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Common {
    /// Folder with the installation; in the user's data folder if not given
    #[arg(long, global = true, env = "VOUCH_DATA", hide_env_values = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// PostgreSQL database with the records, as postgres://USER@HOST:PORT/DATABASE; in the folder itself if not given
    #[arg(long, global = true, env = "VOUCH_DATABASE", hide_env_values = true, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// Who acts: an id such as PER-2, or an e-mail address; the person of `init` if not given
    #[arg(long = "as", global = true, env = "VOUCH_AS", hide_env_values = true, value_name = "PERSON")]
    pub(crate) acting: Option<String>,
}

/// An opened installation with its folder.
pub(crate) struct Session {
    pub(crate) vouch: Vouch,
    pub(crate) folder: Folder,
    acting: Option<String>,
}

impl Common {
    /// The folder meant.
    pub(crate) fn folder(&self, name: &str) -> Result<Folder, Failure> {
        match self.data.clone().or_else(|| data_folder(name)) {
            Some(path) => Ok(Folder::at(path, self.database.clone())),
            None => Err(Failure::invalid("there is no folder for data", "name one with `--data DIR`")),
        }
    }

    /// Opens the installation for reading.
    pub(crate) fn read(&self) -> Result<Session, Failure> {
        let folder = self.folder("vouch")?;
        let vouch = folder.open(folder.tables()?, false)?;
        let session = Session { vouch, folder, acting: self.acting.clone() };
        if session.acting.is_some() {
            // Whoever is named must be somebody, also where nothing is written.
            session.acting()?;
        }
        Ok(session)
    }

    /// Opens the installation for writing.
    pub(crate) fn write(&self) -> Result<Session, Failure> {
        let folder = self.folder("vouch")?;
        let vouch = folder.open(folder.tables()?, true)?;
        Ok(Session { vouch, folder, acting: self.acting.clone() })
    }
}

impl Session {
    /// The view as of a day, or of today.
    pub(crate) fn view(&self, as_of: Option<Date>) -> Result<View, Failure> {
        Ok(self.vouch.view(as_of)?)
    }

    /// Who acts: `--as`, else the person of `init`.
    pub(crate) fn acting(&self) -> Result<Acting, Failure> {
        let view = self.vouch.view(None)?;
        let unknown = |who: &str| {
            Failure(
                Error::refused(format!("`{who}` is not an active person here"))
                    .hint("see `vouch list person`; name one by id or e-mail address"),
            )
        };
        let Some(who) = &self.acting else {
            let first = view.all("person").next().map(|person| person.id());
            return first.map(Acting::local).ok_or_else(|| unknown("nobody"));
        };
        let by_id = who.parse::<Id>().ok().filter(|id| id.prefix() == "PER");
        let by_mail = || {
            view.all("person")
                .find(|person| person.text("email").is_some_and(|mail| mail.eq_ignore_ascii_case(who)))
                .map(|p| p.id())
        };
        match by_id.or_else(by_mail) {
            Some(id) if view.is_active(id) => Ok(Acting::local(id)),
            _ => Err(unknown(who)),
        }
    }
}

/// The tables that the binary embeds, with what an organisation dropped into its data folder.
pub(crate) fn tables(own_kinds: &[(String, Vec<u8>)], own_frameworks: &[(String, Vec<u8>)]) -> Result<Tables, Failure> {
    let defect = |what: String| {
        Failure(Error::new(vouch_app::ErrorKind::Unavailable, what).hint("correct the file, or take it out of the data folder"))
    };
    // Texts of the rules and frameworks are read beside the kinds: every command waits for all three.
    let (kinds, frameworks, texts) = std::thread::scope(|scope| {
        let others = scope.spawn(|| (Frameworks::load_with(embedded::FRAMEWORKS, &borrowed(own_frameworks)), Texts::built_in()));
        let kinds = Kinds::load(embedded::KINDS, &borrowed(own_kinds));
        let (frameworks, texts) = others.join().expect("reading a table does not panic");
        (kinds, frameworks, texts)
    });
    let kinds = kinds.map_err(|error| defect(error.to_string()))?;
    let frameworks = frameworks.map_err(|error| defect(error.to_string()))?;
    let texts = texts.map_err(|error| defect(error.to_string()))?;
    Ok(Tables { kinds: Arc::new(kinds), frameworks: Arc::new(frameworks), texts: Arc::new(texts) })
}

fn borrowed(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}
