"""Makes the goldens of the Kokoro voice from its ONNX file (pip install onnx onnxruntime).
usage: make.py SOURCES     SOURCES has kokoro.onnx and the voices *.bin, as `fetch --keep-downloads` leaves them; writes beside itself

stages.json   for a few lines of phonemes: ids, durations, pitch, and every so-many-th value of the graph's stages (real and imaginary
              parts of the excitation), as onnxruntime computes them in f32 from weights that were rounded to Q8_0 and f16 as our
              converter rounds them
bands.json    the sound of the graph with its own f32 weights, as decibels per frame and band, and the durations and the pitch that it has

The graph is changed where it is rounding that decides: a bin of the excitation's spectrum whose magnitude is below 1e-5 is what rounding
left (the export has no noise), and its phase is 0; a bin that is real and negative has a phase of half a turn forwards, as in training,
not backwards.
"""
import json, os, sys
import numpy as np, onnx, onnxruntime as ort
from onnx import helper, numpy_helper as nh

sources, here = sys.argv[1], os.path.dirname(os.path.abspath(__file__))
LINES = [("af_heart", "ɡˈʊd mˈɔɹnɪŋ, hˌW kæn ˌI hˈɛlp ju?"), ("zf_xiaobei", "ni↗nxau↓, ʨʰi↓ŋwə↘n ni↗n jau↘ ꭧau↓ ʂwei↗?")]
# misaki's alphabet, of which the lines above use a part.
IDS = dict(zip(";:,.!?—… ", [1, 2, 3, 4, 5, 6, 9, 10, 16])) | dict(zip("ʣʥʦʨᵝꭧAIOQSTWYᵊ", [18, 19, 20, 21, 22, 23, 24, 25, 31, 33, 35, 36, 39, 41, 42]))
IDS |= {c: 43 + i for i, c in enumerate("abcdef")} | {c: 50 + i for i, c in enumerate("hijklmnopqrstuvwxyz")}
IDS |= dict(zip("ɑɐɒæɔɕðʤəɛɜɡɪŋɹʂʃʈʧʊʌɤʒʰˈˌː↓→↗↘", [69, 70, 71, 72, 76, 77, 81, 82, 83, 86, 87, 92, 102, 112, 123, 130, 131, 132, 133, 135, 138, 140, 147, 162, 156, 157, 158, 169, 171, 172, 173]))
STAGES = {"bert": "/encoder/bert_encoder/Add_output_0", "encoded": "/encoder/predictor/text_encoder/Concat_4_output_0",
          "text": "/encoder/text_encoder/Transpose_2_output_0", "energy": "/encoder/Squeeze_1_output_0",
          "decoded": "/decoder/decoder/decode.3/Div_4_output_0", "spectra": "/decoder/decoder/generator/conv_post/Conv_output_0",
          "excitation": "/decoder/decoder/generator/Concat_3_output_0"}
DURATIONS, PITCH = "/encoder/Cast_output_0", "/encoder/Squeeze_output_0"


def rounded(rows):
    """Rows of values through Q8_0."""
    width = rows.shape[-1]
    blocks = np.pad(rows, [(0, 0), (0, -width % 32)]).reshape(-1, 32).astype(np.float32)
    scale = (np.abs(blocks).max(1, keepdims=True) / np.float32(127)).astype(np.float32)
    steps = np.where(scale > 0, blocks / np.where(scale > 0, scale, 1), 0)
    steps = np.sign(steps) * np.floor(np.abs(steps) + 0.5)
    back = steps * scale.astype(np.float16).astype(np.float32)
    return back.reshape(rows.shape[0], -1)[:, :width].astype(np.float32)


def round_weights(graph):
    values = {t.name: t for t in graph.initializer}

    def change(name, f):
        values[name].CopyFrom(nh.from_array(np.ascontiguousarray(f(nh.to_array(values[name]))), name))

    def conv(w):  # [outputs, inputs, taps]
        rows = w.transpose(0, 2, 1)
        return rounded(rows.reshape(-1, w.shape[1])).reshape(rows.shape).transpose(0, 2, 1)

    def up(w):  # [inputs, outputs, taps]
        return conv(w.transpose(1, 0, 2)).transpose(1, 0, 2)

    exact = ("F0_proj", "N_proj", "F0_conv", "N_conv", "noise_convs", "conv_post", "l_linear")
    done = set()
    for node in graph.node:
        weights = [i for i in node.input[1:] if i in values and i not in done]
        if not weights or any(part in node.name for part in exact):
            continue
        if node.op_type == "Conv":
            change(weights[0], conv)
        elif node.op_type == "ConvTranspose" and "/ups." in node.name:
            change(weights[0], up)
        elif node.op_type == "MatMul" and weights[0].startswith("onnx::"):
            change(weights[0], lambda w: rounded(w.T).T)
        elif node.op_type == "LSTM":
            for name in node.input[1:3]:
                change(name, lambda w: rounded(w.reshape(-1, w.shape[2])).reshape(w.shape))
        elif node.op_type == "Gemm":
            change(weights[0], lambda w: w.astype(np.float16).astype(np.float32))
        else:
            continue
        done.update(weights)
    change("encoder.text_encoder.embedding.weight", lambda w: w.astype(np.float16).astype(np.float32))


def without_chance(graph):
    path = "/decoder/decoder/generator/"
    graph.initializer.extend(nh.from_array(np.float32(v), k) for k, v in (("nothing", 1e-5), ("backwards", -3.141592), ("turn", 2 * np.pi)))
    index = next(i for i, n in enumerate(graph.node) if n.name == path + "Concat_3")
    concat = graph.node[index]
    magnitude, phase = concat.input
    concat.input[1] = "phase"
    for node in reversed([
        helper.make_node("Less", [phase, "backwards"], ["is back"]),
        helper.make_node("Cast", ["is back"], ["is back f"], to=1),
        helper.make_node("Mul", ["is back f", "turn"], ["more"]),
        helper.make_node("Add", [phase, "more"], ["forwards"]),
        helper.make_node("GreaterOrEqual", [magnitude, "nothing"], ["has phase"]),
        helper.make_node("Cast", ["has phase"], ["has phase f"], to=1),
        helper.make_node("Mul", ["forwards", "has phase f"], ["phase"]),
    ]):
        graph.node.insert(index, node)


def session(rounding):
    model = onnx.load(os.path.join(sources, "kokoro.onnx"))
    without_chance(model.graph)
    if rounding:
        round_weights(model.graph)
    for name in [*STAGES.values(), DURATIONS, PITCH]:
        model.graph.output.append(helper.make_empty_tensor_value_info(name))
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    made = ort.InferenceSession(model.SerializeToString(), options)
    names = [o.name for o in made.get_outputs()]

    def run(speaker, line):
        ids = [IDS[c] for c in line]
        styles = np.fromfile(os.path.join(sources, speaker + ".bin"), np.float32).reshape(510, 256)
        fed = {"input_ids": np.array([[0, *ids, 0]], np.int64), "style": styles[len(ids) - 1][None], "speed": np.ones(1, np.float32)}
        return ids, dict(zip(names, made.run(None, fed)))

    return run


def sampled(x):
    flat = np.ascontiguousarray(x, np.float32).reshape(-1)
    step = max(1, flat.size // 150) | 1
    return {"shape": list(x.shape), "step": step, "values": [float(f"{v:.6g}") for v in flat[::step]]}


def bands(wave, count=24, hop=300, size=1200):
    frames = np.lib.stride_tricks.sliding_window_view(wave, size)[::hop * 2] * np.hanning(size)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    edges = np.unique(np.geomspace(4, size // 2, count + 1).astype(int))
    return np.stack([10 * np.log10(power[:, a:b].mean(1) + 1e-6) for a, b in zip(edges, edges[1:])], 1)


def short(values):
    return [float(f"{v:.6g}") for v in values.reshape(-1)]


stages, spectra = [], []
run = session(rounding=True)
for speaker, line in LINES:
    ids, out = run(speaker, line)
    columns = ("text", "decoded", "spectra", "excitation")
    rows = {k: out[v][0].T if k in columns else out[v].reshape(-1, 1) if k == "energy" else out[v].reshape(-1, out[v].shape[-1]) for k, v in STAGES.items()}
    magnitude, phase = np.split(rows["excitation"], 2, axis=1)
    rows["excitation"] = np.concatenate([magnitude * np.cos(phase), magnitude * np.sin(phase)], axis=1)
    # Until its first sample that is heard, the graph divides by the window's squares, and then never again: 1.5 is what they add up to.
    rows["wave"] = out["waveform"].reshape(-1, 1)[10:] / 1.5
    stages.append({"speaker": speaker, "phonemes": line, "ids": ids, "durations": out[DURATIONS].reshape(-1).tolist(),
                   "pitch": short(out[PITCH]), "stages": {k: sampled(v) for k, v in rows.items()}})
json.dump(stages, open(os.path.join(here, "stages.json"), "w"), ensure_ascii=False, separators=(",", ":"))
del run

run = session(rounding=False)
for speaker, line in LINES:
    ids, out = run(speaker, line)
    wave = out["waveform"].reshape(-1)[10:] / 1.5
    spectra.append({"speaker": speaker, "ids": ids, "durations": out[DURATIONS].reshape(-1).tolist(), "pitch": short(out[PITCH]),
                    "bands": np.round(bands(wave), 1).tolist()})
json.dump(spectra, open(os.path.join(here, "bands.json"), "w"), separators=(",", ":"))
