"""Makes the goldens of all-MiniLM-L6-v2 from its published weights in 32 bits (pip install numpy scipy safetensors tokenizers).
usage: make.py FOLDER [GRAPH]     FOLDER holds the published model.safetensors and tokenizer.json; GRAPH is an export of the same model to ONNX, if at hand

The encoder is written out from its paper (J. Devlin et al. 2019) and the sentence-transformers that trained it (mean over all tokens, then length 1), in
numpy, without our code. With GRAPH (pip install onnxruntime), each sentence is computed by somebody else's export as well, and the least cosine is printed.

golden.json   sentences with their tokens, and every so-many-th value of two stages (the embeddings, the last layer's first token) and of the vector
"""
import json, os, sys
import numpy as np
from scipy.special import erf
from safetensors.numpy import load_file
from tokenizers import Tokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
HEADS, LONGEST, EPSILON = 12, 256, 1e-12
SENTENCES = [
    "When are you open?",
    "What time do you open tomorrow?",
    "Till what hour could I drop by tonight?",
    "Do you take credit cards?",
    "Will you take my Visa?",
    "My hovercraft is full of eels.",
    "",
    "Café Zoë, 12 Station Road; it's 9:30!",
    "請問你們幾點開門?",
    "unbelievableness antidisestablishmentarianism",
    " ".join(["The bus stops at the door of our office, opposite the library."] * 30),
]


class Encoder:
    def __init__(self, folder):
        self.w = {n.removeprefix("bert."): t.astype(np.float32) for n, t in load_file(os.path.join(folder, "model.safetensors")).items()}
        self.tokens = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
        self.tokens.no_padding()
        self.tokens.enable_truncation(LONGEST)

    def linear(self, x, name):
        return x @ self.w[f"{name}.weight"].T + self.w[f"{name}.bias"]

    def norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * self.w[f"{name}.weight"] + self.w[f"{name}.bias"]

    def stages(self, text):
        ids = self.tokens.encode(text).ids
        e = "embeddings"
        x = self.w[f"{e}.word_embeddings.weight"][ids] + self.w[f"{e}.position_embeddings.weight"][: len(ids)] + self.w[f"{e}.token_type_embeddings.weight"][0]
        x = embedded = self.norm(x, f"{e}.LayerNorm")
        layers = 1 + max(int(n.split(".")[2]) for n in self.w if n.startswith("encoder.layer."))
        for layer in range(layers):
            at = f"encoder.layer.{layer}"
            q, k, v = (self.linear(x, f"{at}.attention.self.{n}").reshape(len(ids), HEADS, -1).swapaxes(0, 1) for n in ("query", "key", "value"))
            scores = q @ k.swapaxes(1, 2) / np.sqrt(q.shape[-1])
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            mixed = (scores / scores.sum(-1, keepdims=True) @ v).swapaxes(0, 1).reshape(len(ids), -1)
            x = self.norm(self.linear(mixed, f"{at}.attention.output.dense") + x, f"{at}.attention.output.LayerNorm")
            inner = self.linear(x, f"{at}.intermediate.dense")
            inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
            x = self.norm(self.linear(inner, f"{at}.output.dense") + x, f"{at}.output.LayerNorm")
        mean = x.mean(0)
        return ids, embedded, x, mean / np.linalg.norm(mean)

    def vector(self, text):
        return self.stages(text)[3]


def exported(path, ids):
    import onnxruntime as ort
    global GRAPH
    if "GRAPH" not in globals():
        GRAPH = ort.InferenceSession(path)
    ids = np.array([ids], np.int64)
    names = {i.name for i in GRAPH.get_inputs()}
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    out = GRAPH.run(None, {n: v for n, v in inputs.items() if n in names})[0]
    mean = out[0].mean(0) if out.ndim == 3 else out[0]
    return mean / np.linalg.norm(mean)


if __name__ == "__main__":
    encoder = Encoder(sys.argv[1])
    kept = lambda values: [round(float(v), 5) for v in values]
    golden, least = [], 1.0
    for text in SENTENCES:
        ids, embedded, last, vector = encoder.stages(text)
        golden.append({"text": text, "tokens": ids, "embedded": kept(embedded.ravel()[:: embedded.size // 48 | 1]),
                       "last": kept(last[0, ::7]), "vector": kept(vector)})
        if len(sys.argv) > 2:
            least = min(least, float(vector @ exported(sys.argv[2], ids)))
    json.dump(golden, open(f"{HERE}/golden.json", "w"), ensure_ascii=False, separators=(",", ":"))
    print("least cosine with the other export:", least if len(sys.argv) > 2 else "not compared")
