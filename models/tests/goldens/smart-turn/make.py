"""Makes the goldens of smart-turn from its publisher's package in onnxruntime (pip install onnx onnxruntime numpy).
usage: make.py FOLDER      FOLDER is the unpacked package pipecat-ai 1.14.0

The published graph rounds every value between two nodes to 8 bits with a scale measured beforehand. So there are two references: the graph as
published, and the *exact* one, made from it here: the same 8-bit weights, and values that are not rounded. Spectrograms are the package's own.

golden.json   of one turn: every so-many-th value of each stage of the exact graph, and how far the published graph is from it there, as a part
              of the stage's root mean square; and for each of the project's clips, whole and cut off at three fifths, the probability
              that both give
"""
import glob, importlib.util, json, os, sys, wave
import numpy as np, onnx, onnxruntime as ort

HERE = os.path.dirname(os.path.abspath(__file__))
SPEECH = os.path.join(HERE, "../../../../hil-tests/speech/en")
CLIP = "05-am_fenrir.wav"
STAGES = {"encoder": "layer_norm_8", "pooled": "sum_1"}
PACKAGE = os.path.join(sys.argv[1], "pipecat/audio/turn/smart_turn")


def exact(model):
    """Without the roundings between nodes; those of weights stay."""
    weights = {i.name for i in model.graph.initializer}
    rounded = {n.output[0]: n.input[0] for n in model.graph.node if n.op_type == "QuantizeLinear"}
    source = {n.output[0]: rounded[n.input[0]] for n in model.graph.node if n.op_type == "DequantizeLinear" and n.input[0] not in weights}
    kept = [n for n in model.graph.node if n.op_type != "QuantizeLinear" and n.output[0] not in source]
    for node in kept:
        for index, name in enumerate(node.input):
            node.input[index] = source.get(name, name)
    del model.graph.node[:]
    model.graph.node.extend(kept)
    return model


def session(change):
    model = change(onnx.load(f"{PACKAGE}/data/smart-turn-v3.2-cpu.onnx"))
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in STAGES.values())
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    return ort.InferenceSession(model.SerializeToString(), options)


def samples(path):
    with wave.open(path) as clip:
        return np.frombuffer(clip.readframes(clip.getnframes()), np.int16).astype(np.float32) / 32768


def spectrogram(turn):
    """As LocalSmartTurnAnalyzerV3._predict_endpoint prepares it."""
    turn = turn[-128_000:]
    return FEATURES.compute_whisper_log_mel_features(np.pad(turn, (128_000 - len(turn), 0)))


def run(graph, mel):
    probability, *stages = graph.run(["logits", *STAGES.values()], {"input_features": mel[None]})
    return float(probability[0, 0]), dict(zip(STAGES, (s[0] for s in stages)))


def sampled(values, published):
    step = max(1, values.size // 400) | 1
    off = float(np.sqrt(((published - values) ** 2).mean() / (values ** 2).mean()))
    kept = [round(float(v), 5) for v in values.ravel()[::step]]
    return {"shape": list(np.atleast_2d(values).shape), "step": step, "published_error": round(off, 4), "values": kept}


spec = importlib.util.spec_from_file_location("features", f"{PACKAGE}/_whisper_features.py")
FEATURES = importlib.util.module_from_spec(spec)
spec.loader.exec_module(FEATURES)
ours, theirs = session(exact), session(lambda model: model)
mel = spectrogram(samples(f"{SPEECH}/{CLIP}"))
(_, stages), (_, published) = run(ours, mel), run(theirs, mel)
golden = {"clip": CLIP, "spectrogram": sampled(mel.T.copy(), mel.T), "stages": {n: sampled(stages[n], published[n]) for n in STAGES}, "turns": []}
for path in sorted(glob.glob(f"{SPEECH}/*.wav")):
    whole = samples(path)
    for length in (len(whole), len(whole) * 3 // 5):
        mel = spectrogram(whole[:length])
        both = {"exact": round(run(ours, mel)[0], 5), "published": round(run(theirs, mel)[0], 5)}
        golden["turns"].append({"clip": os.path.basename(path), "samples": length, **both})
json.dump(golden, open(f"{HERE}/golden.json", "w"), separators=(",", ":"))
worst = max(abs(t["exact"] - t["published"]) for t in golden["turns"])
print({n: golden["stages"][n]["published_error"] for n in STAGES}, "probabilities differ by", worst)
for t in golden["turns"]:
    print(t)
