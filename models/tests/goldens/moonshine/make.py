"""Makes the goldens of Moonshine from its publisher's graphs in onnxruntime (pip install onnx onnxruntime numpy).
usage: make.py FOLDER [MODEL...]      FOLDER has {base,tiny}/quantized/{encoder_model,decoder_model_merged}.onnx, as the publisher's package

The published graphs round every matrix product's inputs to 8 bits, with one scale for all of them. So there are two references: the graph as
published, and the *exact* one, made from it here: the same 8-bit weights as floats, and products of floats.

MODEL.json   of one clip: every so-many-th value of each stage of the exact graph; how far the published graph is from it there, as a part of
             the stage's root mean square; and for each of the project's clips the tokens of both
"""
import glob, json, os, sys, wave
import numpy as np, onnx, onnxruntime as ort
from onnx import numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
SPEECH = os.path.join(HERE, "../../../../hil-tests/speech/en")
CLIP = "05-am_fenrir.wav"
START, END = 1, 2
LAYERS = {"base": 8, "tiny": 6}
HEAD = {"base": 52, "tiny": 36}


def exact(model):
    """Every MatMulInteger, with the rounding before it and the scaling after it, as a product of floats."""
    weights = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}

    def through(graph):
        rounded = {o: n.input[0] for n in graph.node if n.op_type == "DynamicQuantizeLinear" for o in n.output}
        products = {n.output[0]: n for n in graph.node if n.op_type == "MatMulInteger"}
        casts = {n.output[0]: products[n.input[0]] for n in graph.node if n.op_type == "Cast" and n.input[0] in products}
        kept = []
        for node in graph.node:
            for attribute in node.attribute:
                if attribute.HasField("g"):
                    through(attribute.g)
            product = casts.get(node.input[0]) if node.op_type == "Mul" else None
            if product is not None:
                name = product.input[1]
                if name + "_exact" not in weights:
                    stem = name.removesuffix("_quantized")
                    zero, scale = weights[product.input[3]].astype(np.float32), weights[stem + "_scale"]
                    weights[name + "_exact"] = (weights[name].astype(np.float32) - zero) * scale
                    model.graph.initializer.append(numpy_helper.from_array(weights[name + "_exact"], name + "_exact"))
                kept.append(onnx.helper.make_node("MatMul", [rounded[product.input[0]], name + "_exact"], list(node.output)))
            elif not (node.op_type in ("MatMulInteger", "DynamicQuantizeLinear") or node.output[0] in casts
                      or node.name.endswith("MatMul_quant_scales_mul")):
                kept.append(node)
        del graph.node[:]
        graph.node.extend(kept)

    through(model.graph)
    return model


class Recognizer:
    def __init__(self, folder, model, change):
        self.layers, self.head = LAYERS[model], HEAD[model]
        encoder = change(onnx.load(f"{folder}/{model}/quantized/encoder_model.onnx"))
        self.stages = {"stem": "/Transpose_output_0"} | {f"layer {i}": f"/layers.{i}/Add_1_output_0" for i in range(self.layers)}
        for name in self.stages.values():
            encoder.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
        decoder = change(onnx.load(f"{folder}/{model}/quantized/decoder_model_merged.onnx"))
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self.encoder, self.decoder = (ort.InferenceSession(m.SerializeToString(), options) for m in (encoder, decoder))

    def hear(self, samples):
        """The encoder's stages, the first logits, and the tokens of the text."""
        names = ["last_hidden_state", *self.stages.values()]
        encoded, *stages = self.encoder.run(names, {"input_values": samples[None]})
        stages = dict(zip(self.stages, (s[0] for s in stages))) | {"encoder": encoded[0]}
        empty = np.zeros((0, 8, 1, self.head), np.float32)
        past = {f"past_key_values.{i}.{a}.{b}": empty for i in range(self.layers) for a in ("decoder", "encoder") for b in ("key", "value")}
        tokens, last = [], START
        while len(tokens) < 192:
            cached = len(tokens) > 0
            feeds = {"input_ids": np.array([[last]]), "encoder_hidden_states": encoded, "use_cache_branch": np.array([cached])}
            logits, *present = self.decoder.run(None, feeds | past)
            stages.setdefault("first logits", logits[0])
            last = int(logits[0, -1].argmax())
            if last == END:
                break
            tokens.append(last)
            past = {k: v if not cached or "decoder" in k else past[k] for k, v in zip(past, present)}
        return stages, tokens


def sampled(x, published):
    flat = np.ascontiguousarray(x, np.float32).reshape(-1)
    step = max(1, flat.size // 150) | 1
    error = float(np.sqrt(((published - x) ** 2).mean() / (x ** 2).mean()))
    return {"shape": list(x.shape), "step": step, "published_error": float(f"{error:.3g}"), "values": [float(f"{v:.6g}") for v in flat[::step]]}


def samples(path):
    with wave.open(path) as clip:
        return np.frombuffer(clip.readframes(clip.getnframes()), np.int16).astype(np.float32) / 32768


def main():
    folder, *models = sys.argv[1:]
    for model in models or LAYERS:
        exactly, published = Recognizer(folder, model, exact), Recognizer(folder, model, lambda m: m)
        texts = []
        for path in sorted(glob.glob(f"{SPEECH}/*.wav")):
            (stages, tokens), (rounded, others) = exactly.hear(samples(path)), published.hear(samples(path))
            texts.append({"clip": os.path.basename(path), "exact": tokens, "published": others})
            if texts[-1]["clip"] == CLIP:
                golden = {"clip": CLIP, "stages": {name: sampled(stages[name], rounded[name]) for name in stages}}
        with open(f"{HERE}/{model}.json", "w", newline="\n") as file:
            json.dump(golden | {"texts": texts}, file, separators=(",", ":"))
            file.write("\n")


main()
