"""What ours and the published implementation make of the same clips with the same weights: words wrong in English, characters in Mandarin.

usage: run word_error_rate [--model MODEL] [AUDIO]
    MODEL is whisper-base, moonshine-base or moonshine-tiny [default: whisper-base]
    AUDIO has TRANSCRIPTS.tsv and caller/TRANSCRIPTS.tsv [default: ../shared/audio, from the clone]

The lists' columns are file, lang, rate and reference. Ours is `switchhook-models transcribe` in a release build. A Whisper's other side is
faster-whisper in 32-bit floats, greedy, tried once, with 30 s of context: once as it is by default, with timestamps, and once without,
as ours. A Moonshine's is the publisher's 8-bit graphs in onnxruntime. All are told the language.
"""
import argparse, json, subprocess, sys
from pathlib import Path

import engines
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


def ours(model, paths, language):
    tool = ["cargo", "run", "--release", "--quiet", "-p", "switchhook-models", "--", "--json", "transcribe"]
    tool += ["--model", model, "--language", language]
    run = subprocess.run([*tool, *map(str, paths)], cwd=CLONE, stdout=subprocess.PIPE, text=True)
    if run.returncode:
        sys.exit("word_error_rate: our side failed; the reason stands above")
    return [json.loads(line)["text"] for line in run.stdout.splitlines()]


def compare(model, forms, audio, language, what):
    found = clips(audio, language)
    paths = [path for path, _ in found]
    sides = {"ours": ours(model, paths, language)} | {side: texts(paths, language) for side, texts in forms.items()}
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
    parser = argparse.ArgumentParser(prog="run word_error_rate")
    parser.add_argument("--model", choices=["whisper-base", "moonshine-base", "moonshine-tiny"], default="whisper-base")
    parser.add_argument("audio", nargs="?", type=Path, default=CLONE / "../shared/audio", metavar="AUDIO")
    arguments = parser.parse_args()
    audio = arguments.audio.resolve()
    if missing := [list_ for list_ in LISTS if not (audio / list_).is_file()]:
        sys.exit(f"word_error_rate: {audio} has no {missing[0]}; name the folder of clips: run word_error_rate AUDIO")
    english_only = arguments.model.startswith("moonshine")
    name, forms = engines.of(arguments.model)
    print(f"theirs: {name}")
    result = {"en": compare(arguments.model, forms, audio, "en", "words")}
    if not english_only:
        result["zh"] = compare(arguments.model, forms, audio, "zh", "characters")
    print(f"\n{json.dumps(result)}")


main()
