//! `vouch demo`

use std::fs;
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;
use vouch_app::demo::{Course, Defect, Ended, SeededEntropy, Story, StoryClock};
use vouch_app::{Clock, Error, Vouch};
use vouch_conform::readiness::{Finding, Readiness};

use crate::failure::{Failure, Outcome};
use crate::folder::{Beginning, Folder};
use crate::output::{FAINT, STRONG, line, styled};
use crate::serving;
use crate::session::Common;
use crate::system::SystemClock;

/// Name of the file that says what a folder's sample ended with.
const MARK: &str = "demo.json";
/// What makes a folder an installation, and what a sample leaves there; nothing else is removed when it is replaced.
const OURS: [&str; 7] = ["vouch.db", "vouch.db-wal", "vouch.db-shm", "files", "policy", MARK, "signing.key"];
/// Findings shown at the end.
const FIRST: usize = 5;

/// Build a fictional agency from a real public inventory, and say what an auditor would find there
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Number from which people, dates and operations follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Last day of the sample; today if not given
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    until: Option<Date>,
    /// The same organisation without a defect
    #[arg(long, conflicts_with_all = ["defect", "defects"])]
    clean: bool,
    /// Clean, with exactly this defect
    #[arg(long, value_name = "NAME", value_parser = defect, conflicts_with = "defects")]
    defect: Option<&'static Defect>,
    /// List the defects and everything that is found because of each, and build nothing
    #[arg(long)]
    defects: bool,
    /// Do not serve pages at the end
    #[arg(long, conflicts_with = "listen")]
    no_serve: bool,
    /// Where to serve pages: host and port of this machine; 127.0.0.1:8042 if not given
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

/// The defect of a name.
fn defect(name: &str) -> Result<&'static Defect, String> {
    Defect::named(name).ok_or_else(|| format!("there is no defect `{name}`; `vouch demo --defects` lists them"))
}

/// What a sample ended with; a folder whose log says otherwise was touched.
#[derive(serde::Serialize, serde::Deserialize)]
struct Mark {
    seed: u64,
    until: String,
    /// nothing while it is being built
    size: Option<u64>,
    root: Option<String>,
}

impl Demo {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        if self.defects {
            Defect::all().for_each(|defect| line(format!("{} {}", defect.name, defect.fires.join(" "))));
            return Ok(Outcome::Done);
        }
        let story = self.story()?;
        let folder = common.folder("vouch-demo")?;
        // What cannot be listened at is said before anything is built.
        let listener = if self.no_serve { None } else { Some(serving::listen(self.listen.as_deref())?) };
        make_room(&folder)?;
        let (vouch, ended) = build(&folder, &story)?;
        let readiness = vouch.readiness(Some(story.until))?;
        tell(&folder, &story, &ended, &readiness);
        let Some(listener) = listener else { return Ok(Outcome::Done) };
        // The story ran on its own clock; from here on time is that of the machine.
        drop(vouch);
        line("");
        serving::serve(&folder, folder.open(folder.tables()?, true)?, listener)
    }

    fn story(&self) -> Result<Story, Failure> {
        let today = Story::today(SystemClock.now())?;
        let until = self.until.unwrap_or(today);
        if until > today {
            return Err(Failure::invalid(format!("`{until}` lies after today, {today}"), "let the sample end today or earlier"));
        }
        if until < Story::EARLIEST {
            let message = format!(
                "`{until}` is too early: the inventory was published on 2024-12-16 and the story takes {} days",
                Story::DAYS
            );
            return Err(Failure::invalid(message, format!("choose a day from {} on", Story::EARLIEST)));
        }
        Ok(Story { seed: self.seed, until, course: self.course() })
    }

    const fn course(&self) -> Course {
        match self.defect {
            Some(defect) => Course::Defect(defect.name),
            None if self.clean => Course::Clean,
            None => Course::Lived,
        }
    }
}

/// Takes an untouched sample away; refuses any other organisation.
fn make_room(folder: &Folder) -> Result<(), Failure> {
    if !folder.is_begun() {
        return Ok(());
    }
    let place = folder.path().display();
    let hint = "use another folder with `--data DIR`, or remove this one yourself";
    if folder.is_elsewhere() {
        return Err(Failure(
            Error::refused(format!("the sample of `{place}` is in a database, where it is not replaced"))
                .hint("use another folder and another database"),
        ));
    }
    let origin = folder.origin()?;
    if !origin.starts_with(Story::ORIGINS) {
        return Err(Failure(Error::refused(format!("`{place}` holds an organisation that is no sample")).hint(hint)));
    }
    let text = fs::read(folder.path().join(MARK)).ok();
    let mark: Option<Mark> = text.and_then(|text| serde_json::from_slice(&text).ok());
    let Some(mark) = mark else {
        return Err(Failure(
            Error::refused(format!("nothing says whether somebody wrote into the sample in `{place}`")).hint(hint),
        ));
    };
    // Opened for writing, so that nobody else works in it while it goes.
    let vouch = folder.open(folder.tables()?, true)?;
    if let (Some(size), Some(root)) = (mark.size, &mark.root) {
        let (now, head) = head(&vouch)?;
        if now != size || &head != root {
            return Err(Failure(
                Error::refused(format!("somebody wrote into the sample in `{place}` after it was built")).hint(hint),
            ));
        }
    }
    drop(vouch);
    remove(folder)
}

/// Removes what a sample consists of, and nothing that somebody else put beside it.
fn remove(folder: &Folder) -> Result<(), Failure> {
    for name in OURS {
        let path = folder.path().join(name);
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        match removed {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::file(&path, "remove", error)),
        }
    }
    Ok(())
}

/// Lives through the story in an empty folder.
fn build(folder: &Folder, story: &Story) -> Result<(Vouch, Ended), Failure> {
    let clock = Arc::new(StoryClock::default());
    let entropy = Arc::new(SeededEntropy::new(story.seed));
    let beginning = Beginning { origin: Some(story.origin()), clock: clock.clone(), entropy };
    folder.begin_log(&beginning)?;
    mark(folder, story, None)?;
    let vouch = folder.open_with(folder.tables()?, true, &beginning)?;
    crate::folder::check_empty(&vouch)?;
    let ended = story.live(&vouch, &clock)?;
    mark(folder, story, Some(head(&vouch)?))?;
    Ok((vouch, ended))
}

/// Size and root of the log.
fn head(vouch: &Vouch) -> Result<(u64, String), Failure> {
    let signed = vouch.checkpoint()?;
    let checkpoint = signed.checkpoint();
    Ok((checkpoint.size, vouch_ledger::base64(&checkpoint.root)))
}

fn mark(folder: &Folder, story: &Story, end: Option<(u64, String)>) -> Result<(), Failure> {
    let (size, root) = end.map_or((None, None), |(size, root)| (Some(size), Some(root)));
    let path = folder.path().join(MARK);
    let text = serde_json::to_vec_pretty(&Mark { seed: story.seed, until: story.until.to_string(), size, root });
    let text = text
        .map_err(|error| Failure(Error::new(vouch_app::ErrorKind::Corrupt, "the mark of the sample is no JSON").because(error)))?;
    fs::write(&path, text).map_err(|error| Failure::file(&path, "write", error))
}

/// What this is, how ready it is, what an auditor would raise first, and how to prove one of it.
fn tell(folder: &Folder, story: &Story, ended: &Ended, readiness: &Readiness) {
    line(styled(STRONG, "A sample organisation"));
    line("Its inventory of AI systems is public: that of the US Department of Homeland Security for 2024, 183 rows.");
    line(
        "Its people, dates and operations are generated: nobody in it exists, and nothing of it says anything about the department.",
    );
    match story.course {
        Course::Lived => {}
        Course::Clean => {
            line("In this course nothing is left out: all that is asked for happens in time and by the right persons.")
        }
        Course::Defect(name) => {
            let tells = Defect::named(name).map_or("", |defect| defect.tells);
            line(format!("In this course one thing goes wrong ({name}): {tells}"));
        }
    }
    line(format!(
        "Seed {}, last day {}: {} people, {} registered systems, {} leaves.",
        story.seed, story.until, ended.people, ended.systems, ended.leaves
    ));
    line(styled(
        FAINT,
        "The keys of its records follow from the seed, so an erasure in it is for show. Its signing key is of this machine.",
    ));
    line("");
    super::readiness::summary(readiness);
    line("");
    line(styled(STRONG, "What an auditor would raise first"));
    let first = readiness.raised_first(FIRST);
    first.iter().for_each(|finding| super::findings::print(finding));
    let (program, data) = (quoted(&crate::system::program()), quoted(&folder.path().display().to_string()));
    line("");
    if let Some(record) = first.iter().find_map(|finding| subject(finding)) {
        line(styled(STRONG, format!("Prove that {record} stands in the log as it is shown")));
        line(format!("  {program} --data {data} ledger prove {record} --out {record}.proof"));
        line(format!("  {program} verify {record}.proof --policy {}", quoted(&folder.policy_path().display().to_string())));
    }
    line(styled(STRONG, "Look further"));
    if let Some(finding) = first.first() {
        line(format!("  {program} --data {data} explain {} --as-of {}", finding.requirement, story.until));
    }
    line(format!("  {program} --data {data} readiness --as-of {}", story.until));
}

/// The record a finding is about.
fn subject(finding: &Finding) -> Option<String> {
    finding.record.map(|record| record.to_string())
}

/// A word for a shell: quoted where it holds more than letters, digits and the marks of paths.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_spaces_or_quotes_is_quoted_for_a_shell() {
        for (word, expected) in [("/tmp/a-b.c", "/tmp/a-b.c"), ("my data", "'my data'"), ("it's", "'it'\\''s'"), ("", "''")] {
            assert_eq!(quoted(word), expected);
        }
    }
}
