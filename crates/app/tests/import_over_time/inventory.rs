//! The published inventories as tables that a test may change and write in other forms.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use vouch_app::import::preset::Preset;
use vouch_app::import::{Mode, Order, Report, Source};
use vouch_app::{Acting, Error};
use vouch_testkit::TestApp;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Headers and rows of a file.
#[derive(Clone)]
pub(crate) struct Inventory {
    pub(crate) rows: Vec<Vec<String>>,
}

impl Inventory {
    /// A published file.
    pub(crate) fn read(name: &str) -> Self {
        let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap();
        // Windows-1252 has the bytes of Latin 1 for everything these tests compare, but for a few signs.
        let text = encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        Self { rows }
    }

    /// Only the first rows.
    pub(crate) fn first(mut self, rows: usize) -> Self {
        self.rows.truncate(rows + 1);
        self
    }

    /// The cell of a row (from 1, below the headers) in the column whose header begins so.
    pub(crate) fn cell(&mut self, row: usize, header: &str) -> &mut String {
        let column =
            self.rows[0].iter().position(|name| name.starts_with(header)).unwrap_or_else(|| panic!("no column `{header}`"));
        &mut self.rows[row][column]
    }

    pub(crate) fn csv(&self, delimiter: u8) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
        self.rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.into_inner().unwrap()
    }

    pub(crate) fn utf_16(&self) -> Vec<u8> {
        let text = String::from_utf8(self.csv(b'\t')).unwrap();
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }

    pub(crate) fn xlsx(&self) -> Vec<u8> {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;");
        let cell = |text: &String| format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(text));
        let row = |cells: &Vec<String>| format!("<row>{}</row>", cells.iter().map(cell).collect::<String>());
        let rows: String = self.rows.iter().map(row).collect();
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let documents = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
        let parts = [
            (
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>".to_owned(),
            ),
            ("_rels/.rels", format!("<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{documents}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")),
            (
                "xl/workbook.xml",
                format!("<workbook xmlns=\"{main}\" xmlns:r=\"{documents}\"><sheets><sheet name=\"Inventory\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
            ),
            ("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{documents}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>")),
            ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")),
        ];
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

/// Imports bytes through the preset as PER-1; the report and whether anything was written.
pub(crate) fn import(app: &TestApp, bytes: Vec<u8>, mode: Mode) -> (Report, bool) {
    try_import(app, bytes, mode).unwrap_or_else(|error| panic!("{error} {:?}", error.hint))
}

pub(crate) fn try_import(app: &TestApp, bytes: Vec<u8>, mode: Mode) -> Result<(Report, bool), Error> {
    let source = Source::of("inventory.csv", &mut bytes.as_slice()).unwrap();
    let mapping = Preset::named("omb-2024").unwrap().mapping().unwrap();
    let order = Order { file: Cursor::new(bytes), mapping, source, mode, progress: Box::new(|_| Ok(())) };
    app.vouch.import(Acting::local("PER-1".parse().unwrap()), order)
}
