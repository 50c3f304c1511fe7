//! Tables and mappings of an import. As tests these replay what is kept in `__fuzz__`; see `cargo xtask fuzz`.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::sync::LazyLock;

use vouch_app::import::mapping::Mapping;
use vouch_app::import::table::{Bounds, Options, Table};
use vouch_app::import::{guessed, mend};
use vouch_testkit::kinds;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// So small that memory shows whether they are kept.
const BOUNDS: Bounds = Bounds {
    rows: 1_000,
    columns: 100,
    cell_bytes: 4 << 10,
    row_bytes: 16 << 10,
    part_bytes: 1 << 20,
    workbook_bytes: 4 << 20,
    sheet_bytes: 4 << 20,
};

fn read(bytes: &[u8]) {
    let options = Options { bounds: BOUNDS, ..Options::default() };
    let Ok(mut table) = Table::open(Cursor::new(bytes), &options) else { return };
    let mut last = 0;
    while let Ok(Some(row)) = table.next_row() {
        assert!(row.number > last && row.cells.len() <= BOUNDS.columns, "rows come in order and within their bounds");
        last = row.number;
    }
}

#[test]
fn tables() {
    bolero::check!(name = "tables").with_iterations(0).for_each(read);
}

/// Parts of a workbook.
const PARTS: [&str; 7] = [
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet0.xml",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
];

/// A workbook of parts that stand one after the other: each begins with its place among the names and its length. Bytes of an archive
/// that were changed would seldom pass its checksums.
fn workbook(mut parts: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    while let [number, high, low, left @ ..] = parts {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(left.len());
        // A name that is there already is refused.
        if zip.start_file(PARTS[usize::from(*number) % PARTS.len()], SimpleFileOptions::default()).is_ok() {
            zip.write_all(&left[..length]).expect("memory takes it");
        }
        parts = &left[length..];
    }
    zip.finish().expect("memory takes it").into_inner()
}

#[test]
fn workbooks() {
    bolero::check!(name = "workbooks").with_iterations(0).for_each(|bytes: &[u8]| read(&workbook(bytes)));
}

#[test]
fn archives() {
    bolero::check!(name = "archives").with_iterations(0).for_each(read);
}

#[test]
fn mended_tables() {
    static MAPPING: LazyLock<Mapping> = LazyLock::new(|| {
        guessed(&kinds(), "a.csv", Cursor::new(b"name,purpose,owner\nAlpha,counts,Ada\n")).expect("a table with a name")
    });
    bolero::check!(name = "mended_tables").with_iterations(0).for_each(|bytes: &[u8]| {
        let cells = BTreeMap::from([((2, 0), "\"mended\",\r\n".to_owned())]);
        drop(mend::mended(Cursor::new(bytes), &MAPPING, &cells));
        drop(guessed(&kinds(), "a.csv", Cursor::new(bytes)));
    });
}

#[test]
fn mappings() {
    bolero::check!(name = "mappings").with_iterations(0).for_each(|bytes: &[u8]| {
        let Ok(mapping) = Mapping::from_toml(&String::from_utf8_lossy(bytes)) else { return };
        let written = mapping.to_toml().expect("what was read can be written");
        drop(Mapping::from_toml(&written).expect("what was written can be read"));
    });
}
