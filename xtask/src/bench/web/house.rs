//! The release build serving a large organisation: the sample, an inventory of many rows imported into it, and the same inventory
//! imported again with other words until the log is long.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::manifest::Manifests;
use crate::project::Project;

/// Rows of the inventory: with what each brings along they make more than 50,000 records.
const ROWS: usize = 16_000;
/// Times it is imported: the log then has more than 100,000 revisions.
const ROUNDS: usize = 5;
/// The inventory that rows are made from.
const INVENTORY: &str = "crates/app/tests/data/dhs-2024.csv";
/// Its column whose words are others each time.
const PURPOSE: &str = "What is the intended purpose";

fn program(project: &Project) -> Result<PathBuf> {
    Ok(Manifests::read(project)?.target_folder().join("release/vouch"))
}

/// The data folder; it is kept, and built anew when it is taken away.
pub(super) fn folder(project: &Project) -> Result<PathBuf> {
    project.output("cargo", &["build", "--quiet", "--release", "--package", "vouch"])?;
    let place = Manifests::read(project)?.target_folder().join("bench-web");
    let (data, made) = (place.join("data"), place.join(format!("made-{ROWS}-{ROUNDS}")));
    if made.exists() {
        return Ok(data);
    }
    if place.exists() {
        std::fs::remove_dir_all(&place)?;
    }
    std::fs::create_dir_all(&place)?;
    let run = |arguments: &[&str]| -> Result<()> {
        let ended = Command::new(program(project)?).args(arguments).arg("--data").arg(&data).stdin(Stdio::null()).output()?;
        if !ended.status.success() {
            bail!("`vouch {}` ended with {}: {}", arguments.join(" "), ended.status, String::from_utf8_lossy(&ended.stderr).trim());
        }
        Ok(())
    };
    run(&["demo", "--seed", "1", "--no-serve"])?;
    for round in 0..ROUNDS {
        println!("   import {} of {ROUNDS}", round + 1);
        let table = place.join("inventory.csv");
        std::fs::write(&table, rows(project, round)?)?;
        let table = table.to_str().context("the target folder has a name in UTF-8")?;
        run(&["import", table, "--preset", "omb-2024", "--as", "PER-1"])?;
    }
    std::fs::write(made, "")?;
    Ok(data)
}

/// The inventory with its rows repeated under other names, in Windows-1252 as it came.
fn rows(project: &Project, round: usize) -> Result<Vec<u8>> {
    let real = std::fs::read(project.path(INVENTORY))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(real.as_slice());
    let records = reader.byte_records().collect::<Result<Vec<_>, _>>()?;
    let (head, body) = records.split_first().context("the inventory is empty")?;
    let purpose = head.iter().position(|name| name.starts_with(PURPOSE.as_bytes())).context("the inventory names no purpose")?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_byte_record(head)?;
    for (number, record) in body.iter().cycle().take(ROWS).enumerate() {
        let field = |(place, text): (usize, &[u8])| match place {
            0 => [text, format!(" {number}").as_bytes()].concat(),
            _ if place == purpose => [text, format!(" As told the {round}. time.").as_bytes()].concat(),
            _ => text.to_vec(),
        };
        writer.write_record(record.iter().enumerate().map(field))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A program that serves; it ends when this is dropped.
pub(super) struct House {
    program: Child,
    /// the link that signs in, once
    pub(super) link: String,
}

impl House {
    pub(super) fn open(project: &Project, folder: &Path) -> Result<Self> {
        let mut program = Command::new(program(project)?)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .context("the program does not start")?;
        let out = program.stdout.take().context("its output is not piped")?;
        let line = BufReader::new(out).lines().map_while(Result::ok).find(|line| line.trim().starts_with("http://"));
        let link = line.context("the program prints no link")?.trim().to_owned();
        Ok(Self { program, link })
    }

    /// An address of this house.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.link.split("/sign-in/").next().unwrap_or_default())
    }

    /// Follows the link; the cookie that it gives.
    pub(super) fn sign_in(&self) -> Result<String> {
        let answer = minreq::get(&self.link).with_follow_redirects(false).send()?;
        let cookie = answer.headers.get("set-cookie").context("the link signs nobody in")?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// Asks for a page; the bytes of its body on the wire.
    pub(super) fn get(&self, path: &str, cookie: &str) -> Result<usize> {
        let asked = minreq::get(self.at(path)).with_header("cookie", cookie).with_header("accept-encoding", "gzip");
        let answer = asked.with_timeout(120).send()?;
        if answer.status_code != 200 {
            bail!("`{path}` answers {}", answer.status_code);
        }
        Ok(answer.as_bytes().len())
    }

    /// MB of the program that lie in memory.
    pub(super) fn resident_mb(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.program.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the system does not tell the memory")?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes / 1024.0)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
