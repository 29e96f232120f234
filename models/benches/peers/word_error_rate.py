"""What ours and a published Whisper make of the same clips with the same weights: words wrong in English, characters in Mandarin.

usage: run word_error_rate [AUDIO]      AUDIO has TRANSCRIPTS.tsv and caller/TRANSCRIPTS.tsv [default: ../shared/audio, from the clone]

The lists' columns are file, lang, rate and reference. Ours is `switchhook-models transcribe` in a release build; theirs is
faster-whisper in 32-bit floats, greedy, tried once, with 30 s of context: once as it is by default, with timestamps, and once without,
as ours. All are told the language.
"""
import json, subprocess, sys
from importlib.metadata import version
from pathlib import Path

from faster_whisper import WhisperModel

import weights
from score import distance, units

CLONE = Path(__file__).resolve().parents[3]
LISTS = ["TRANSCRIPTS.tsv", "caller/TRANSCRIPTS.tsv"]


def clips(audio, language):
    """Path and reference of each clip."""
    out = []
    for list_ in LISTS:
        for line in (audio / list_).read_text().splitlines()[1:]:
            file, spoken, _, reference, *_ = line.split("\t")
            if spoken != language or reference.startswith("(no "):
                continue
            # "(same ...)" stands for the line above.
            reference = out[-1][1] if reference.startswith("(same") else reference
            out.append(((audio / list_).parent / file, reference))
    return out


def ours(paths, language):
    tool = ["cargo", "run", "--release", "--quiet", "-p", "switchhook-models", "--", "--json", "transcribe", "--language", language]
    run = subprocess.run([*tool, *map(str, paths)], cwd=CLONE, stdout=subprocess.PIPE, text=True)
    if run.returncode:
        sys.exit("word_error_rate: our side failed; the reason stands above")
    return [json.loads(line)["text"] for line in run.stdout.splitlines()]


def theirs(model, paths, language, without_timestamps):
    def text(path):
        segments, _ = model.transcribe(str(path), language=language, without_timestamps=without_timestamps, **weights.GREEDY)
        return "".join(segment.text for segment in segments).strip()

    return [text(path) for path in paths]


def compare(model, audio, language, what):
    found = clips(audio, language)
    paths = [path for path, _ in found]
    sides = {
        "ours": ours(paths, language),
        "theirs": theirs(model, paths, language, False),
        "without timestamps": theirs(model, paths, language, True),
    }
    total, wrong = 0, dict.fromkeys(sides, 0)
    print(f"\n{what}, and how many are wrong, on clips that are not heard alike:")
    for number, (path, reference) in enumerate(found):
        said = units(reference, language)
        total += len(said)
        heard = {side: units(texts[number], language) for side, texts in sides.items()}
        errors = {side: distance(said, text) for side, text in heard.items()}
        for side in sides:
            wrong[side] += errors[side]
        if len({tuple(text) for text in heard.values()}) > 1:
            print(f"  {path.relative_to(audio)}\n    {'said':22}{reference}")
            for side, texts in sides.items():
                print(f"    {side:18}{errors[side]:2}  {texts[number]}")
    percent = {side: round(100 * errors / total, 2) for side, errors in wrong.items()}
    print(f"  of {total} {what} on {len(found)} clips wrong: " + ", ".join(f"{side} {percent[side]} % ({wrong[side]})" for side in sides))
    return {"clips": len(found), what: total, "wrong": wrong, "percent": percent}


def main():
    audio = Path(sys.argv[1] if len(sys.argv) > 1 else CLONE / "../shared/audio").resolve()
    if missing := [list_ for list_ in LISTS if not (audio / list_).is_file()]:
        sys.exit(f"word_error_rate: {audio} has no {missing[0]}; name the folder of clips: run word_error_rate AUDIO")
    print(f"theirs: faster-whisper {version('faster-whisper')}, CTranslate2 {version('ctranslate2')}, float32")
    model = WhisperModel(str(weights.whisper()), device="cpu", compute_type="float32", cpu_threads=2)
    result = {"en": compare(model, audio, "en", "words"), "zh": compare(model, audio, "zh", "characters")}
    print(f"\n{json.dumps(result)}")


main()
