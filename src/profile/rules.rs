//! Rules for the gateway's answers, which a run brings along.

use evidence::words::{
    MOCK_EXPIRES, MOCK_EXPIRES_DO, MOCK_FOREIGN, MOCK_FOREIGN_DO, MOCK_OTHER_GENERATION,
    MOCK_OTHER_GENERATION_DO, MOCK_UNREAD, MOCK_UNREAD_DO, Phrase, Sentence,
};
use protocol::Generation;
use serde_json::Value;
use steps::RunRule;

use super::ProfileError;
use super::read::Reader;
use crate::bounded;
use crate::finding::{Finding, Place};
use crate::mock::{self, Rule};
use crate::suite::Planned;

/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// The rules of a run's profile, in the order of their file.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The file, as findings name it.
    file: String,
    rules: Vec<Rule>,
}

impl Rules {
    /// Each as the control API takes it, which is how a bundle tells it.
    pub fn told(&self) -> Vec<Value> {
        self.rules.iter().map(|rule| rule.body.clone()).collect()
    }

    /// What each scenario's gateway gets.
    pub fn of_run(&self) -> Vec<RunRule> {
        let rule = |rule: &Rule| RunRule { generation: rule.generation(), body: rule.body.clone() };
        self.rules.iter().map(rule).collect()
    }

    /// Refuses rules that end before a scenario does in which they are in force: a case that began
    /// under a rule would end without it, and what was seen would be neither.
    ///
    /// # Errors
    /// With a finding for each such rule.
    pub fn outlast(&self, runs: &[Planned]) -> Result<(), ProfileError> {
        let findings: Vec<Finding> = self
            .rules
            .iter()
            .filter_map(|rule| {
                let minutes = rule.minutes()?;
                let met = runs.iter().filter(|run| run.case.generation() == rule.generation());
                let longest = met.max_by_key(|run| run.foreseen())?;
                let foreseen = longest.foreseen() / MINUTE;
                let told = [&longest.key.to_string(), &foreseen.to_string(), &minutes.to_string()];
                (minutes < foreseen)
                    .then(|| self.finding(rule.line, MOCK_EXPIRES.with(told), &MOCK_EXPIRES_DO))
            })
            .collect();
        if findings.is_empty() { Ok(()) } else { Err(ProfileError(findings)) }
    }

    /// Refuses rules for a gateway that takes none.
    ///
    /// # Errors
    /// Where there are rules.
    pub fn taken_by(&self, url: &str, has_control: bool) -> Result<(), ProfileError> {
        match self.rules.first() {
            Some(rule) if !has_control => {
                let says = MOCK_FOREIGN.with([url]);
                Err(ProfileError(vec![self.finding(rule.line, says, &MOCK_FOREIGN_DO)]))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn finding(&self, line: Option<usize>, says: Phrase, advice: &Sentence) -> Finding {
        let place = Place { file: self.file.clone(), line, column: None };
        Finding { code: "M1", place, says, advice: advice.plain() }
    }
}

impl Reader<'_> {
    /// The rules of the file that the profile names.
    pub(super) fn rules(&mut self, name: &str, generation: Option<Generation>) -> Rules {
        let path = self.folder.join(name);
        let file = path.display().to_string();
        let bytes = match bounded::read(&path, mock::LARGEST) {
            Ok(bytes) => bytes,
            Err(why) => {
                let says = MOCK_UNREAD.with([&file, &why.to_string()]);
                self.add("P7", &["gateway", "rules"], says, &MOCK_UNREAD_DO);
                return Rules::default();
            }
        };
        match mock::read(&file, &bytes) {
            Err(findings) => {
                for finding in findings {
                    self.find(finding);
                }
                Rules::default()
            }
            Ok(rules) => {
                let rules = Rules { file, rules };
                let foreign = |rule: &&Rule| generation.is_some_and(|it| it != rule.generation());
                for rule in rules.rules.iter().filter(foreign) {
                    let told = [rule.call(), generation.map_or("", Generation::name)];
                    let says = MOCK_OTHER_GENERATION.with(told);
                    self.find(rules.finding(rule.line, says, &MOCK_OTHER_GENERATION_DO));
                }
                rules
            }
        }
    }
}
