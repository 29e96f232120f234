"""A published implementation that plays the operations of benches/speed: one line of standard input names an operation, one line of
JSON answers (benches/speed/worker.rs).

usage: worker.py asr|moonshine-base|moonshine-tiny|vad|turn|tts|kokoro|llm THREADS
"""
import json, os, sys, time, tomllib, wave
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np

import weights

BENCHES = Path(__file__).resolve().parent.parent
SPEECH = BENCHES.parent.parent / "hil-tests/speech/en"
CASES = tomllib.loads((BENCHES / "cases.toml").read_text())


def samples(path):
    with wave.open(str(path)) as clip:
        return np.frombuffer(clip.readframes(clip.getnframes()), np.int16).astype(np.float32) / 32768


def sound(turn):
    return np.concatenate([samples(SPEECH / clip) for clip in turn["clips"]])[: int(turn["seconds"] * 16_000)]


def asr(threads):
    """CTranslate2 in 8 bits over the same weights, as faster-whisper runs it: 30 s are computed for each turn. No timestamps, as ours."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(weights.whisper()), device="cpu", compute_type="int8", cpu_threads=threads)
    turns = {f"turn of {turn['seconds']:g} s": sound(turn) for turn in CASES["turns"]}

    def play(name):
        started = time.perf_counter()
        segments, _ = model.transcribe(turns[name], **weights.GREEDY, without_timestamps=True, language="en")
        text = "".join(segment.text for segment in segments)
        assert text, f"nothing was heard in the {name}"
        return {name: time.perf_counter() - started}

    return f"faster-whisper {version('faster-whisper')}, int8", play


def moonshine(model):
    """The publisher's graphs in onnxruntime."""
    def opened(threads):
        from moonshine import Moonshine

        recognizer = Moonshine(model, threads)
        turns = {f"turn of {turn['seconds']:g} s": sound(turn) for turn in CASES["turns"]}

        def play(name):
            started = time.perf_counter()
            text = recognizer.transcribe(turns[name])
            assert text, f"nothing was heard in the {name}"
            return {name: time.perf_counter() - started}

        return f"{model}, int8, onnxruntime {version('onnxruntime')}", play

    return opened


def vad(_):
    """The publisher's ONNX file, on one thread as the publisher sets it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    # Importing the package would need torch.
    model = Path(find_spec("silero_vad").origin).parent / "data/silero_vad_16k_op15.onnx"
    session = onnxruntime.InferenceSession(str(model), options)
    windows = sound(CASES["turns"][-1])
    windows = windows[: len(windows) // 512 * 512].reshape(-1, 1, 512)

    def play(name):
        state, context, rate = np.zeros((2, 1, 128), np.float32), np.zeros((1, 64), np.float32), np.array(16_000)
        started = time.perf_counter()
        for window in windows:
            seen = np.concatenate([context, window], 1)
            _, state = session.run(None, {"input": seen, "state": state, "sr": rate})
            context = seen[:, -64:]
        return {name: (time.perf_counter() - started) / len(windows)}

    return f"silero-vad {version('silero-vad')}, onnxruntime {version('onnxruntime')}", play


def turn(threads):
    """The publisher's graph and features; the publisher sets one thread, here it has as many as ours."""
    import onnxruntime

    # Importing the package would need all that it depends on.
    folder = Path(find_spec("pipecat").submodule_search_locations[0]) / "audio/turn/smart_turn"
    spec = spec_from_file_location("features", folder / "_whisper_features.py")
    features = module_from_spec(spec)
    spec.loader.exec_module(features)
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads, options.intra_op_num_threads = 1, threads
    session = onnxruntime.InferenceSession(str(folder / "data/smart-turn-v3.2-cpu.onnx"), options)
    turn = sound(CASES["turns"][-1])

    def play(name):
        started = time.perf_counter()
        session.run(None, {"input_features": features.compute_whisper_log_mel_features(turn[-128_000:])[None]})
        return {name: time.perf_counter() - started}

    return f"smart-turn v3.2, onnxruntime {version('onnxruntime')}", play


def tts(threads):
    """The publisher's package; it yields a sentence at once, so its first sound is its whole sound."""
    from hibari import Hibari

    voice = Hibari(threads=threads)
    texts = {sentence["name"]: sentence["text"] for sentence in CASES["sentences"]}

    def play(name):
        started, first = time.perf_counter(), None
        for _ in voice.stream(texts[name]):
            first = first or time.perf_counter() - started
        return {f"{name} sentence, first sound": first, f"{name} sentence, whole": time.perf_counter() - started}

    return f"hibari-tts {version('hibari-tts')}, onnxruntime {version('onnxruntime')}", play


def kokoro(threads):
    """The ONNX file that ours is made from, in 32 bits, on the phonemes of hibari's front end; a sentence is one call."""
    import onnxruntime
    from hibari.g2p import G2P

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    folder = weights.kokoro()
    session = onnxruntime.InferenceSession(str(folder / "kokoro.onnx"), options)
    styles = np.fromfile(folder / "af_heart.bin", np.float32).reshape(510, 256)
    ids = json.loads((Path(find_spec("hibari").origin).parent / "assets/vocab.json").read_text())
    front_end = G2P()
    texts = {sentence["name"]: sentence["text"] for sentence in CASES["sentences"]}

    def play(name):
        started = time.perf_counter()
        line = [ids[phoneme] for phoneme in front_end(texts[name]) if phoneme in ids]
        fed = {"input_ids": np.array([[0, *line, 0]], np.int64), "style": styles[len(line) - 1][None], "speed": np.ones(1, np.float32)}
        session.run(None, fed)
        whole = time.perf_counter() - started
        return {f"{name} sentence, first sound": whole, f"{name} sentence, whole": whole}

    return f"Kokoro-82M in f32, onnxruntime {version('onnxruntime')}", play


def llm(threads):
    """llama.cpp on our own file. Its package is built where it is installed, which takes some minutes, so `run` leaves it out."""
    from llama_cpp import Llama

    file = Path(os.environ["SWITCHHOOK_MODELS_DIR"], "smollm2-135m-instruct/model.q8_0.gguf")
    model = Llama(str(file), n_ctx=2048, n_threads=threads, n_threads_batch=threads, verbose=False)
    read, write = CASES["tokens"]["prompt"], CASES["tokens"]["generated"]
    prompts = 0

    def play(_):
        nonlocal prompts
        prompts += 1
        prompt = [1_000 + 7_919 * prompts * index % 40_000 for index in range(1, read + 1)]
        model.reset()
        started = time.perf_counter()
        model.eval(prompt)
        middle = time.perf_counter()
        for token in range(2_000, 2_000 + write):
            model.eval([token])
        return {f"read {read} tokens": middle - started, f"write {write} tokens": time.perf_counter() - middle}

    return f"llama.cpp in llama-cpp-python {version('llama-cpp-python')}", play


def peak_mb():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6


def main():
    # Whatever a library prints goes to standard error.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    started = time.perf_counter()
    try:
        tasks = {"asr": asr, "vad": vad, "turn": turn, "tts": tts, "kokoro": kokoro, "llm": llm} | {m: moonshine(m) for m in ("moonshine-base", "moonshine-tiny")}
        name, play = tasks[sys.argv[1]](int(sys.argv[2]))
    except ModuleNotFoundError as fault:
        if fault.name != "llama_cpp":
            raise
        sys.exit(f"peers: to measure llama.cpp too: {sys.prefix}/bin/pip install llama-cpp-python==0.3.36 (builds for some minutes)")
    print(json.dumps({"name": name, "open_seconds": time.perf_counter() - started}), file=answers)
    for line in sys.stdin:
        print(json.dumps({"seconds": play(line.strip()), "peak_mb": peak_mb()}), file=answers)


main()
