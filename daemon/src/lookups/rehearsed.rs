//! Look-ups of a rehearsal: in the files of the scenario's `tests/data/`, or else in those of the scenario itself, which all stay as they are; and answered as
//! a test says. An office of its own has its files before them, and there the robot writes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tempfile::TempDir;

use super::{Folders, LookUpError, failed, in_files};
use crate::lookups::query::{Found, Query};

/// What a scenario's tests look into, rather than into what an office begins with.
const DATA: &str = "tests/data";

/// What a rehearsal looks up.
pub(crate) struct Rehearsed {
    scenario: PathBuf,
    answers: BTreeMap<String, Found>,
    office: Files,
}

/// What the office keeps up to date, and the robot writes.
enum Files {
    /// What the conversation writes; nothing until then.
    Written(Option<TempDir>),
    /// What lies here.
    In(PathBuf),
}

impl Rehearsed {
    /// In the files of this scenario, unless the answer is here.
    pub(crate) fn of(scenario: &Path, answers: BTreeMap<String, Found>) -> Self {
        Self { scenario: scenario.to_owned(), answers, office: Files::Written(None) }
    }

    /// The same, in an office whose files lie here.
    pub(crate) fn in_office(self, files: &Path) -> Self {
        Self { office: Files::In(files.to_owned()), ..self }
    }

    /// Look it up. Blocking, without a limit: a rehearsal must not depend on how busy the machine is.
    pub(crate) fn find(&mut self, query: &Query) -> Found {
        if let Some(answer) = self.answers.get(&query.of.name) {
            return answer.clone();
        }
        self.looked_up(query).unwrap_or_else(|error| failed(&query.of.name, &error))
    }

    fn looked_up(&mut self, query: &Query) -> Result<Found, LookUpError> {
        let deadline = Instant::now() + std::time::Duration::from_secs(3_600);
        let data = match &mut self.office {
            Files::In(folder) => folder.clone(),
            Files::Written(Some(dir)) => dir.path().to_owned(),
            Files::Written(dir) => dir.insert(tempfile::tempdir().map_err(LookUpError::file(&self.scenario))?).path().to_owned(),
        };
        in_files(&Folders { data, others: vec![self.scenario.join(DATA), self.scenario.clone()] }, query, deadline)
    }
}
