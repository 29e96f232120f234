"""Makes the goldens of the hibari voice from its publisher's package (pip install hibari-tts==0.2.1 onnx onnxruntime).
usage: make.py      (writes beside itself; `lines.txt` is the input)

phonemes.txt    line by line what the package's front end says for lines.txt
stages.json     for a few texts: phoneme ids, durations, and every so-many-th value of the graph's stages, as onnxruntime
                computes them from the published 8-bit graph
vocoder.json    the sound without noise of parameters that a formula gives, every so-many-th sample
bands.json      the sound with noise, as decibels per frame and band
"""
import json, os
import numpy as np, onnx, onnxruntime as ort
import hibari
from hibari import Hibari, dsp
from hibari.g2p import G2P

here = os.path.dirname(os.path.abspath(__file__))
model = os.path.join(os.path.dirname(hibari.__file__), "assets", "hibari.onnx")
STAGES = {"decoder_text": "/norm/LayerNormalization_output_0", "prosody_text": "/norm_1/LayerNormalization_output_0",
          "energy": "/Mul_62_output_0", "entered": "/dec_in/Conv_output_0", "decoded": "/dec.7/Add_1_output_0"}
DURATIONS = "/Cast_32_output_0"
TEXTS = ["Good morning, thank you for calling.",
         "I'm sorry, nobody is available right now. May I take a message?",
         "Your appointment is on Tuesday, March 3rd, at 9:30, with Dr. Siobhan Nguyen; it costs $12.50, and parking is behind the building."]

g2p = G2P()
with open(os.path.join(here, "lines.txt"), encoding="utf-8", newline="\n") as f:
    lines = f.read().split("\n")[:-1]
with open(os.path.join(here, "phonemes.txt"), "w", encoding="utf-8", newline="\n") as f:
    f.writelines(g2p(line) + "\n" for line in lines)

graph = onnx.load(model)
for name in [*STAGES.values(), DURATIONS]:
    graph.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
options = ort.SessionOptions()
options.intra_op_num_threads = 1
session = ort.InferenceSession(graph.SerializeToString(), options)
outputs = [o.name for o in session.get_outputs()]
voice = Hibari()


class Silence:
    def standard_normal(self, shape, dtype):
        return np.zeros(shape, dtype)


def sampled(x):
    flat = np.ascontiguousarray(x, np.float32).reshape(-1)
    step = max(1, flat.size // 150) | 1
    return {"shape": list(x.shape), "step": step, "values": [float(f"{v:.6g}") for v in flat[::step]]}


def bands(wave, count=24, hop=300, size=1200):
    frames = np.lib.stride_tricks.sliding_window_view(wave, size)[::hop * 2] * np.hanning(size)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    edges = np.unique(np.geomspace(4, size // 2, count + 1).astype(int))
    return np.stack([10 * np.log10(power[:, a:b].mean(1) + 1e-6) for a, b in zip(edges, edges[1:])], 1)


pieces, spectra = [], []
for text in TEXTS:
    for phonemes in voice.phonemize(text):
        ids = voice.ids(phonemes)
        out = dict(zip(outputs, session.run(None, {"ids": np.array([ids], np.int64), "speed": np.ones(1, np.float32)})))
        rows = {"decoder_text": out[STAGES["decoder_text"]][0], "prosody_text": out[STAGES["prosody_text"]][0],
                "pitch": out["f0"][0], "energy": out[STAGES["energy"]][0],
                "entered": out[STAGES["entered"]][0].T, "decoded": out[STAGES["decoded"]][0].T,
                "parameters": np.concatenate([out[k][0] for k in ("lh", "theta", "ln", "lr", "phi")]).T}
        parts = [out[k][0] for k in ("lh", "theta", "ln", "lr", "phi", "f0")]
        noisy = dsp.synth(*(p.copy() for p in parts), np.random.default_rng(0))
        pieces.append({"text": text, "phonemes": phonemes, "ids": ids, "durations": out[DURATIONS].tolist(),
                       "stages": {k: sampled(v) for k, v in rows.items()}, "samples": len(noisy)})
        spectra.append({"ids": ids, "bands": np.round(bands(noisy)).astype(int).tolist()})
json.dump(pieces, open(os.path.join(here, "stages.json"), "w"), ensure_ascii=False, separators=(",", ":"))
json.dump(spectra, open(os.path.join(here, "bands.json"), "w"), separators=(",", ":"))

frames = 24
bin_, frame = np.meshgrid(np.arange(601), np.arange(frames), indexing="ij")
lh = -4 + 2 * np.sin(0.02 * bin_ + 0.3 * frame)
theta = np.sin(0.05 * bin_ - 0.2 * frame)
lr = -6 + np.cos(0.03 * bin_ + 0.1 * frame)
phi = 3 * np.sin(0.7 * bin_ + 1.1 * frame)
f0 = np.where(np.arange(frames) % 12 < 9, 150 + 60 * np.sin(0.4 * np.arange(frames)), -5)
wave = dsp.synth(*(x.astype(np.float32) for x in (lh, theta, lr * 0, lr, phi, f0)), Silence())
json.dump({"frames": frames, "step": 7, "values": [float(f"{v:.5g}") for v in wave[::7]]},
          open(os.path.join(here, "vocoder.json"), "w"), separators=(",", ":"))
