//! The database server that tests start for themselves.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::project::Project;

/// Where Debian and others put the server's programs.
const PLACES: [&str; 6] = [
    "/usr/lib/postgresql/18/bin",
    "/usr/lib/postgresql/17/bin",
    "/usr/lib/postgresql/16/bin",
    "/usr/lib/postgresql/15/bin",
    "/usr/local/bin",
    "/usr/bin",
];

/// Sees that the programs of PostgreSQL 15 or later are there; installs Debian's package where that is allowed.
pub(crate) fn ready(project: &Project) -> Result<()> {
    if installed() {
        return Ok(());
    }
    println!("- PostgreSQL is not installed; trying the package `postgresql`");
    let install = project.command("apt-get", &["install", "--yes", "--no-install-recommends", "postgresql"]);
    let how = "install PostgreSQL 15 or later (Debian: `apt-get install postgresql`); tests start servers of their own from it";
    let mut install = install;
    let status = install.status().context(how)?;
    if !status.success() || !installed() {
        bail!("{how}");
    }
    Ok(())
}

fn installed() -> bool {
    PLACES.iter().any(|place| Path::new(place).join("initdb").is_file())
}
