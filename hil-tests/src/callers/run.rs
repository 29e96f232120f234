//! The command: which callers call which offices, by text or by voice.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::Args;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use switchhook::aloud::Voices;
use switchhook::config::usual_models;
use switchhook::dialog::rehearsal::Sayable;
use switchhook::dialog::{Circumstances, Scenario};
use switchhook::speech::{Listener, understanding};
use switchhook_models::audio::resample::resample;
use switchhook_models::catalog::Store;
use switchhook_models::text::mandarin;
use switchhook_models::text::score::Scorer;
use switchhook_models::{Language, Locale, open};

use super::by_voice::{ByVoice, Sound, Stage};
use super::caller::Caller;
use super::outcome::{Exchange, Found, Held};
use super::persona::Persona;
use super::phrases::{Common, Own};
use super::play::{ByText, Channel, play};
use super::results::{Results, kept};
use super::same::Same;
use super::sounds::Sounds;
use super::witness::Witness;
use crate::accuracy::{Circumstances as Under, Measured, RATE, recordings};

/// When they call, unless the scenario's callers say otherwise: a Thursday morning.
const NOW: DateTime = DateTime::constant(2026, 11, 26, 10, 0, 0, 0);
/// The rate of a telephone line, in hertz.
const LINE_RATE: u32 = 8_000;

/// Who calls, and where it is written.
#[derive(Args, Debug)]
pub struct Options {
    /// Call these scenarios alone, by the names of their folders.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    scenario: Vec<String>,
    /// In these languages alone.
    #[arg(long, value_delimiter = ',', value_name = "TAG")]
    language: Vec<Locale>,
    /// So many callers for each scenario and language.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    calls: u64,
    /// They speak, and are heard; without it, they write.
    #[arg(long)]
    voice: bool,
    /// They write, and are read; this is so without --voice.
    #[arg(long, conflicts_with = "voice")]
    text: bool,
    /// Other callers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder whose noise/ has recordings of rooms.
    #[arg(long, default_value = "../shared/audio", value_name = "DIR")]
    audio: PathBuf,
    /// Keep what callers say, aloud, in this folder: the next run need not make it again.
    #[arg(long, value_name = "DIR")]
    sounds: Option<PathBuf>,
    /// The folder of scenarios.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../daemon/scenarios"), value_name = "DIR")]
    scenarios: PathBuf,
    /// The page; its figures are kept beside it, in a file of the same name that ends in .json.
    #[arg(long, default_value = "docs/callers.md", value_name = "FILE")]
    page: PathBuf,
    /// Leave out what was measured at this commit already, so that a run that was broken off goes on.
    #[arg(long)]
    go_on: bool,
    /// Tell what was found as JSON, a line for each scenario and language.
    #[arg(long)]
    json: bool,
    /// Show the calls that failed, or were passed on, as they went.
    #[arg(long)]
    show: bool,
}

/// Hold the calls, keep the figures, and write the page. Blocking; by voice, some seconds for each call.
///
/// # Errors
/// If a scenario cannot be read, nobody wrote what its callers want, a model fails, or a file cannot be read or written.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let kept = kept(&options.page);
    let way = if options.voice { "voice" } else { "text" };
    let mut done = 0;
    for dir in folders(&options.scenarios, &options.scenario)? {
        for locale in Scenario::languages(&dir)? {
            if !options.language.is_empty() && !options.language.contains(&locale) {
                continue;
            }
            let name = format!("{way}/{}/{locale}", dir.file_name().unwrap_or_default().to_string_lossy());
            let under = Under::now();
            if options.go_on && Results::read(&kept)?.parts.get(&name).is_some_and(|part| part.under.revision == under.revision) {
                continue;
            }
            let Some(office) = Office::open(&dir, locale)? else {
                eprintln!("{name}: nobody wrote what callers want there ({}/callers/{locale}.yaml)", dir.display());
                continue;
            };
            let started = Instant::now();
            let found = if options.voice { office.by_voice(options)? } else { office.by_text(options.seed, options.calls)? };
            if options.json {
                println!("{}", serde_json::json!({"part": name, "found": &found}));
            } else {
                tell(&name, &found, options.show);
            }
            Results::add(&options.page, name, Measured::now(found, &under, started))?;
            done += 1;
        }
    }
    if done == 0 && !options.go_on {
        bail!("there is no such scenario and language in {}", options.scenarios.display());
    }
    Ok(())
}

fn folders(place: &Path, wanted: &[String]) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(place).with_context(|| format!("{} cannot be read", place.display()))?;
    let mut folders: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    folders.retain(|path| path.join("scenario.yaml").is_file());
    folders.retain(|path| wanted.is_empty() || wanted.iter().any(|wanted| path.file_name().is_some_and(|name| name == wanted.as_str())));
    folders.sort_unstable();
    Ok(folders)
}

/// A scenario in a language, and those who call it.
pub struct Office {
    scenario: Arc<Scenario>,
    common: Common,
    own: Own,
}

impl Office {
    /// `None` if nobody wrote what its callers want.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn open(dir: &Path, locale: Locale) -> anyhow::Result<Option<Self>> {
        let Some(own) = Own::read(dir, locale)? else { return Ok(None) };
        let scenario = Arc::new(Scenario::load(dir, locale)?);
        Ok(Some(Self { scenario, common: Common::read(locale)?, own }))
    }

    /// Calls by text.
    ///
    /// # Errors
    /// If what callers tell cannot be made.
    pub fn by_text(&self, seed: u64, calls: u64) -> anyhow::Result<Found> {
        let begun = processor_time();
        let sayable = Sayable::of(&self.scenario);
        let mut found = Found { seed, ..Found::default() };
        for number in 0..calls {
            let held = self.call(seed, number, &self.scenario, &sayable, &Same::Written, &mut ByText)?;
            found.add(held);
        }
        found.processor = processor_time() - begun;
        Ok(found)
    }

    fn by_voice(&self, options: &Options) -> anyhow::Result<Found> {
        let begun = processor_time();
        let (store, locale) = (Store::default_place(), self.scenario.language);
        let models = usual_models(locale).map_err(anyhow::Error::msg)?;
        let (scenario, meaning) = understanding(Scenario::clone(&self.scenario), &store, &models)?;
        let scenario = Arc::new(scenario);
        let listener = Listener::open(&store, &models, &Default::default(), meaning, locale)?;
        let reader = if locale.language() == Language::Zh { Some(Box::new(open::pronunciation(&store, mandarin::NAME)?)) } else { None };
        let same = Same::Heard(reader);
        let noises = recordings(&options.audio.join("noise"))?;
        let noises: Vec<Arc<[i16]>> = noises.into_iter().map(|(_, noise)| at_line_rate(&noise)).collect::<anyhow::Result<_>>()?;
        let scorer = Scorer::new()?;
        let sounds = Sounds::new(Voices::new(&store), options.sounds.clone())?;
        let mut stage = Stage { listener, sounds, scorer: &scorer, locale, today: NOW.date() };
        let sayable = Sayable::of(&scenario);
        let mut found = Found { seed: options.seed, ..Found::default() };
        for number in 0..options.calls {
            let sound = Sound::of(options.seed, number, locale.language(), &noises);
            let mut channel = ByVoice::answered(&mut stage, sound, number)?;
            let held = self.call(options.seed, number, &scenario, &sayable, &same, &mut channel)?;
            if !held.outcome.is_right() {
                eprintln!("call {number} ({}): {:?} {}", held.goal, held.outcome, held.why);
            }
            found.add(held);
            if (number + 1) % 10 == 0 {
                let a_call = (processor_time() - begun) / (number + 1) as f64;
                eprintln!(
                    "{} in {locale}: {} of {} calls, {:.1} % right, {a_call:.1} s of processor time each",
                    scenario.name,
                    number + 1,
                    options.calls,
                    found.right()
                );
            }
        }
        found.processor = processor_time() - begun;
        Ok(found)
    }

    fn call(
        &self,
        seed: u64,
        number: u64,
        scenario: &Arc<Scenario>,
        sayable: &Sayable,
        same: &Same,
        channel: &mut impl Channel,
    ) -> anyhow::Result<Held> {
        let weights: Vec<u32> = self.own.goals.iter().map(|goal| goal.weight).collect();
        let persona = Persona::of(seed, number, &weights);
        let goal = self.own.goals.get(persona.goal);
        let now = goal.and_then(|goal| goal.now).or(self.own.now).unwrap_or(NOW).to_zoned(TimeZone::UTC)?;
        let calls = goal.and_then(|goal| goal.calls).or(self.own.calls).unwrap_or(1);
        let caller = Caller::new(persona, scenario, &self.common, &self.own, &now, same)?;
        let witness = Witness::new(scenario, sayable, &now);
        play(number, caller, scenario, &Circumstances::at(now).one_of(calls), witness, same, channel)
    }
}

fn at_line_rate(noise: &[f32]) -> anyhow::Result<Arc<[i16]>> {
    // `as` saturates.
    Ok(resample(noise, RATE, LINE_RATE)?.iter().map(|sample| (sample * 32_767.0) as i16).collect())
}

fn tell(name: &str, found: &Found, show: bool) {
    let Found { calls, reached, handed_over, passed_on, left, failed, causes, .. } = found;
    println!(
        "{name}: {calls} calls, {:.1} % right: {reached} reached, {handed_over} handed over, {passed_on} passed on, {left} left, {failed} failed; {causes:?}",
        found.right()
    );
    if !show {
        return;
    }
    for held in &found.shown {
        println!(
            "\n{name}, call {} ({}, {:?}{}): {:?} {}",
            held.number,
            held.goal,
            held.quirks,
            held.speaker.as_deref().map(|speaker| format!(", {speaker}")).unwrap_or_default(),
            held.outcome,
            held.why
        );
        for Exchange { caller, heard, understood, robot } in &held.exchanges {
            let heard =
                if heard.is_empty() || heard.concat() == *caller { String::new() } else { format!(" [heard: {}]", heard.join(" | ")) };
            println!("  caller: {caller}{heard}\n  robot ({understood}): {robot}");
        }
    }
}

/// What this process has used of its processors, in seconds: `utime` and `stime` of proc(5), a hundred ticks a second.
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: u64 = behind_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    ticks as f64 / 100.0
}
