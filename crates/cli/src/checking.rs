//! The check of everything that is stored, with a file beside the records for what it sets aside.

use std::fs::{self, File};

use vouch_app::{Check, Vouch};

use crate::failure::Failure;
use crate::folder::Folder;

/// Checks an installation. Where no file can be made, what is set aside is kept in memory.
pub(crate) fn fsck(vouch: &Vouch, folder: &Folder) -> Result<Check, Failure> {
    let path = folder.path().join("fsck.aside");
    let aside = File::options().read(true).write(true).create(true).truncate(true).open(&path);
    let check = vouch.fsck(&folder.first_key()?, aside.ok());
    // What a crash leaves is overwritten by the next check.
    let _ = fs::remove_file(&path);
    Ok(check?)
}
