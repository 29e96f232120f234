"""What the published engines make of clips, for programs.

usage: run transcribe MODEL LANGUAGE < PATHS
    MODEL is whisper-base, moonshine-base or moonshine-tiny; PATHS has a WAV file of 16 kHz on each line

Each line of output is an object with `engine` and `text`: engine by engine, the texts in the order of the paths.
"""
import json, sys

import engines


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    model, language = sys.argv[1:]
    paths = sys.stdin.read().splitlines()
    name, forms = engines.of(model)
    for form, texts in forms.items():
        engine = name if form == "theirs" else f"{name}, {form}"
        for text in texts(paths, language):
            print(json.dumps({"engine": engine, "text": text}), flush=True)


main()
