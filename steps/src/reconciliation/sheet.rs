//! A report as the runner takes it apart to alter it: lines and cells, nothing more.

use protocol::ams::reconciliation::FileName;
use protocol::{Amount, Currency};

/// A file in cells.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub(super) name: FileName,
    header: String,
    pub(super) rows: Vec<Vec<String>>,
}

impl Sheet {
    /// Takes a file apart that a gateway wrote.
    pub(super) fn of(name: &FileName, text: &str) -> Self {
        let mut lines = text.lines().filter(|line| *line != "<END>");
        let header = lines.next().unwrap_or_default().to_owned();
        let rows = lines.map(|line| line.split(',').map(str::to_owned).collect()).collect();
        Self { name: name.clone(), header, rows }
    }

    /// Puts it together again.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.header);
        for row in &self.rows {
            text += &row.join(",");
            text.push('\n');
        }
        text + "<END>\n"
    }

    /// A cell by row and column.
    pub(super) fn cell(&self, row: usize, column: &str) -> &str {
        let cell = self.rows.get(row).and_then(|row| row.get(self.place(column)?));
        cell.map_or("", String::as_str)
    }

    /// Writes a cell.
    pub(super) fn write(&mut self, row: usize, column: &str, value: &str) {
        let place = self.place(column);
        let cell = self.rows.get_mut(row).and_then(|row| row.get_mut(place?));
        if let Some(cell) = cell {
            value.clone_into(cell);
        }
    }

    /// The amount in two columns of a row.
    pub(super) fn amount(&self, row: usize, value: &str, currency: &str) -> Option<Amount> {
        let currency = Currency::parse(self.cell(row, currency)).ok()?;
        Amount::from_major(currency, self.cell(row, value)).ok()
    }

    fn place(&self, column: &str) -> Option<usize> {
        self.name.kind().columns().iter().position(|known| *known == column)
    }
}
