"""Makes the goldens of the Whispers that are converted from other forms than CTranslate2's, with a published implementation in float32 on the
same weights (pip install mlx[cpu] mlx-whisper onnx onnxruntime numpy scipy numba tiktoken more-itertools).
usage: make.py FOLDER [MODEL...]      FOLDER has a folder for each model, with the sources that its catalog entry names

The implementation is MLX's port of the published code. Small is published in 8 bits: its weights as floats are the reference, and how far
the published graphs in onnxruntime are from that stands beside it.

MODEL.json   of one clip on 30 s of context: values of the spectrogram, of the encoder's result and of the first logits; the text's tokens,
             written greedily; and the words with their times in seconds, by mlx_whisper/timing.py
"""
import json, os, pickle, struct, sys, wave, zipfile, io, re
import numpy as np
import mlx.core as mx
from mlx_whisper import timing
from mlx_whisper.audio import log_mel_spectrogram, pad_or_trim
from mlx_whisper.tokenizer import get_tokenizer
from mlx_whisper.whisper import ModelDimensions, Whisper

HERE = os.path.dirname(os.path.abspath(__file__))
SPEECH = os.path.join(HERE, "../../../../hil-tests/speech")
# Heads whose attention follows the audio, as openai-whisper 20250625 publishes them.
HEADS = {
    "whisper-tiny": [[2, 2], [3, 0], [3, 2], [3, 3], [3, 4], [3, 5]],
    "whisper-tiny.en": [[1, 0], [2, 0], [2, 5], [3, 0], [3, 1], [3, 2], [3, 3], [3, 4]],
    "whisper-small": [[5, 3], [5, 9], [8, 0], [8, 4], [8, 7], [8, 8], [9, 0], [9, 7], [9, 9], [10, 5]],
}
CLIPS = {"whisper-tiny": "en/05-am_fenrir.wav", "whisper-tiny.en": "en/05-am_fenrir.wav", "whisper-small": "en/05-am_fenrir.wav"}


def from_pt(folder):
    archive = zipfile.ZipFile(f"{folder}/model.pt")
    root = [n for n in archive.namelist() if n.endswith("data.pkl")][0][: -len("data.pkl")]
    kinds = {"HalfStorage": np.float16, "FloatStorage": np.float32}

    def rebuild(storage, offset, size, stride, *_):
        return np.lib.stride_tricks.as_strided(storage[offset:], size, [step * storage.itemsize for step in stride])

    class Reader(pickle.Unpickler):
        def find_class(self, module, name):
            return name if name in kinds else {"_rebuild_tensor_v2": rebuild, "OrderedDict": dict}[name]

        def persistent_load(self, name):
            return np.frombuffer(archive.read(f"{root}data/{name[2]}"), kinds[name[1]])

    loaded = Reader(io.BytesIO(archive.read(root + "data.pkl"))).load()
    return loaded["dims"], loaded["model_state_dict"]


def from_ggml(folder):
    data, at = open(f"{folder}/model.ggml", "rb").read(), 0

    def take(form):
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values

    take("I")
    names = ["vocab", "audio_ctx", "audio_state", "audio_head", "audio_layer", "text_ctx", "text_state", "text_head", "text_layer", "mels"]
    dims = {"n_" + name: size for name, size in zip(names, take("11i"))}
    bands, bins = take("2i")
    at += 4 * bands * bins
    for _ in range(take("i")[0]):
        length = take("I")[0]
        at += length
    tensors = {}
    while at < len(data):
        rank, length, kind = take("3i")
        shape = take(f"{rank}i")[::-1]
        name = data[at : at + length].decode()
        at += length
        kind = np.dtype([np.float32, np.float16][kind])
        tensors[name] = np.frombuffer(data, kind, int(np.prod(shape)), at).reshape(shape)
        at += tensors[name].nbytes
        if name.endswith(".bias"):
            tensors[name] = tensors[name].reshape(-1)
    return dims, tensors


def from_onnx(folder):
    import onnx
    from onnx import numpy_helper

    config = json.load(open(f"{folder}/config.json"))
    renamed = [("encoder_attn_layer_norm", "cross_attn_ln"), ("self_attn_layer_norm", "attn_ln"), ("final_layer_norm", "mlp_ln"),
               ("encoder_attn", "cross_attn"), ("self_attn", "attn"), ("q_proj", "query"), ("k_proj", "key"), ("v_proj", "value"),
               ("out_proj", "out"), ("fc1", "mlp.0"), ("fc2", "mlp.2"), ("layers.", "blocks."), ("embed_tokens", "token_embedding"),
               ("embed_positions.weight", "positional_embedding")]
    tensors = {}
    for side, file in (("encoder", "encoder_model"), ("decoder", "decoder_model_merged")):
        nodes, weights = [], {}

        def walk(graph):
            weights.update({t.name: numpy_helper.to_array(t) for t in graph.initializer})
            for node in graph.node:
                nodes.append(node)
                for attribute in node.attribute:
                    if attribute.HasField("g"):
                        walk(attribute.g)

        walk(onnx.load(f"{folder}/{file}.onnx").graph)

        def floats(name):
            stem = name.removesuffix("_quantized")
            return (weights[name].astype(np.float32) - weights[stem + "_zero_point"].astype(np.float32)) * weights[stem + "_scale"]

        found = {}
        for node in nodes:
            match = re.match(r"^/(?:model/decoder/)?(layers\.\d+)/(.*)/MatMul_quant$", node.name)
            if match and node.op_type == "MatMulInteger":
                found[f"{match[1]}.{match[2].replace('/', '.')}.weight"] = floats(node.input[1]).T
        for name in weights:
            plain = re.sub(r"_merged_\d+", "", name).removeprefix("model.decoder.")
            if re.match(r"^(layers\.|layer_norm|embed_positions|conv[12]\.bias)", plain) and plain.endswith(("weight", "bias")):
                found[plain] = weights[name]
            elif re.match(r"^(conv[12]|embed_tokens)\.weight_quantized$", plain):
                found[plain.removesuffix("_quantized")] = floats(name)
        for name, values in found.items():
            name = re.sub(r"^layer_norm", "ln_post" if side == "encoder" else "ln", name)
            for theirs, ours in renamed:
                name = name.replace(theirs, ours)
            tensors[f"{side}.{name}"] = values.astype(np.float32)
    dims = {"n_vocab": config["vocab_size"], "n_audio_ctx": 1500, "n_text_ctx": 448, "n_mels": config["num_mel_bins"]}
    for part, side in (("audio", "encoder"), ("text", "decoder")):
        dims |= {f"n_{part}_state": config["d_model"], f"n_{part}_head": config[f"{side}_attention_heads"], f"n_{part}_layer": config[f"{side}_layers"]}
    return dims, tensors


FORMS = {"whisper-tiny": from_ggml, "whisper-tiny.en": from_pt, "whisper-small": from_onnx}


def load(folder, model):
    dims, tensors = FORMS[model](folder)
    whisper = Whisper(ModelDimensions(**{k: dims[k] for k in ModelDimensions.__annotations__}), mx.float32)
    weights = []
    for name, values in tensors.items():
        if name == "encoder.positional_embedding":
            whisper.encoder._positional_embedding = mx.array(np.asarray(values, np.float32).reshape(1500, -1))
        elif not name.endswith("mask"):
            values = np.asarray(values, np.float32)
            values = values.transpose(0, 2, 1) if re.search(r"conv[12]\.weight", name) else values
            weights.append((name.replace("mlp.0", "mlp1").replace("mlp.2", "mlp2"), mx.array(np.ascontiguousarray(values))))
    whisper.alignment_heads = mx.array(HEADS[model])
    whisper.load_weights([*weights, ("alignment_heads", whisper.alignment_heads)])
    return whisper


def published(folder, mel, prompt):
    """What the graphs in 8 bits give."""
    import onnxruntime as ort

    encoder, decoder = (ort.InferenceSession(f"{folder}/{name}.onnx") for name in ("encoder_model", "decoder_model_merged"))
    encoded = encoder.run(None, {"input_features": mel.T[None]})[0]
    feeds = {"input_ids": np.array([prompt]), "encoder_hidden_states": encoded, "use_cache_branch": np.array([False])}
    for put in decoder.get_inputs():
        if put.name.startswith("past"):
            feeds[put.name] = np.zeros((1, 12, 0, 64), np.float32)
    return encoded[0], decoder.run(["logits"], feeds)[0][0, -1]


def relative_error(others, exact):
    return float(f"{np.sqrt(((others - exact) ** 2).sum() / ((exact - exact.mean()) ** 2).sum()):.3g}")


def main():
    root, *models = sys.argv[1:]
    for model in models or FORMS:
        folder, clip = f"{root}/{model}", CLIPS[model]
        whisper = load(folder, model)
        with wave.open(f"{SPEECH}/{clip}") as sound:
            samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16).astype(np.float32) / 32768
        mel = log_mel_spectrogram(pad_or_trim(mx.array(samples)))
        encoded = whisper.encoder(mel[None])
        tokenizer = get_tokenizer(whisper.is_multilingual, num_languages=99, language="en", task="transcribe")
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        unsaid = [*tokenizer.non_speech_tokens, *range(tokenizer.eot + 1, whisper.dims.n_vocab)]
        text, first, cache, read = [], None, None, prompt
        while len(text) < 200:
            logits, cache, _ = whisper.decoder(mx.array([read]), encoded, kv_cache=cache)
            logits = np.array(logits[0, -1])
            first = logits if first is None else first
            allowed = logits.copy()
            allowed[unsaid] = -np.inf
            if not text:
                allowed[[tokenizer.encode(" ")[0], tokenizer.eot]] = -np.inf
            token = int(allowed.argmax())
            if token == tokenizer.eot:
                break
            text.append(token)
            read = [token]
        frames = -(-len(samples) // 160)
        words = timing.find_alignment(whisper, tokenizer, text, mel, frames)
        mel, encoded = np.array(mel), np.array(encoded[0])
        values = lambda x, rows: [[i * 37 % rows, i * 101 % x.shape[1], round(float(x[i * 37 % rows, i * 101 % x.shape[1]]), 5)] for i in range(60)]
        places = sorted({*range(0, len(first), 509), *map(int, first.argsort()[-20:])})
        golden = {
            "clip": clip,
            "source": "mlx-whisper 0.4.3, float32, on the sources that the catalog names; 30 s of context",
            "mel": values(mel, frames), "encoder": values(encoded, frames // 2), "logits": [[i, round(float(first[i]), 4)] for i in places],
            "text": tokenizer.decode(text),
            "words": [[w.word, round(float(w.start), 2), round(float(w.end), 2), round(float(w.probability), 4)] for w in words],
        }
        if model == "whisper-small":
            rounded, logits = published(folder, mel, prompt)
            at = lambda x: np.array([x[row, column] for row, column, _ in golden["encoder"]])
            shifted = logits[places] - (logits[places] - first[places]).mean()
            golden["published_error"] = {"encoder": relative_error(at(rounded), at(encoded)), "logits": relative_error(shifted, first[places])}
        with open(f"{HERE}/{model}.json", "w", newline="\n") as file:
            json.dump(golden, file, ensure_ascii=False, separators=(",", ":"))
            file.write("\n")
        print(model, golden["text"], golden.get("published_error"), golden["words"])


main()
