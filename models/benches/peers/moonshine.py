"""Moonshine as its publisher runs it: the 8-bit graphs in onnxruntime, greedy, with the caches that the graphs keep."""
import numpy as np
import onnxruntime
from tokenizers import Tokenizer

import weights

START, END = 1, 2
# The publisher's bound on the tokens of a second.
TOKENS = 6.5


class Moonshine:
    def __init__(self, model, threads):
        folder = weights.moonshine(model)
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads, options.intra_op_num_threads = 1, threads
        names = "encoder_model.onnx", "decoder_model_merged.onnx"
        self.encoder, self.decoder = (onnxruntime.InferenceSession(str(folder / name), options) for name in names)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.caches = {i.name: (0, *i.shape[1:2], 1, *i.shape[3:]) for i in self.decoder.get_inputs() if i.name.startswith("past")}

    def transcribe(self, samples):
        encoded = self.encoder.run(None, {"input_values": samples[None]})[0]
        past = {name: np.zeros(shape, np.float32) for name, shape in self.caches.items()}
        tokens = [START]
        for index in range(int(np.ceil(len(samples) / 16_000 * TOKENS))):
            feeds = {"input_ids": np.array([tokens[-1:]]), "encoder_hidden_states": encoded, "use_cache_branch": np.array([index > 0])}
            logits, *present = self.decoder.run(None, feeds | past)
            tokens.append(int(logits[0, -1].argmax()))
            if tokens[-1] == END:
                break
            past = {name: new if index == 0 or "decoder" in name else past[name] for name, new in zip(past, present)}
        return self.tokenizer.decode(tokens).strip()
