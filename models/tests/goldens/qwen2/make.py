"""Make tokens.json and logits.json: what llama.cpp says of the installed Qwen2.5-0.5B in Q8_0.

    pip install llama-cpp-python==0.3.36 numpy
    python make.py FOLDER/qwen2.5-0.5b-instruct/model.q8_0.gguf
"""

import json
import sys
from pathlib import Path

import numpy as np
from llama_cpp import Llama

HERE = Path(__file__).parent
TEXTS = [
    "",
    "system",
    "Hello, world! I'll be there at 12:30, won't I?",
    "  two spaces\n\n\tand a tab   ",
    "我想預約星期四下午三點半,可以嗎?謝謝!",
    "请帮我转接人工客服。电话是13800138000。",
    "naïve café 🙂 €1,204.50 x=y_1;",
    "<|im_start|>system\nYou are kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
    "<tool_call>not one</tool_call>",
]
CHATS = [
    ("You are the telephone assistant of a dentist. Answer in one short sentence.", "Are you open on Saturday morning?"),
    ("你是牙醫診所的電話助理。請用一句話回答。", "請問你們星期六早上有開嗎?"),
]
GREEDY = 12


def prompt(system, user):
    return f"<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{user}<|im_end|>\n<|im_start|>assistant\n"


def main(path):
    model = Llama(path, n_ctx=512, logits_all=True, verbose=False)
    cut = lambda text: model.tokenize(text.encode(), add_bos=False, special=True)
    tokens = [{"text": text, "tokens": cut(text) if text else []} for text in TEXTS]
    (HERE / "tokens.json").write_text(json.dumps(tokens, ensure_ascii=False, indent=0) + "\n")
    golden = []
    for chat in CHATS:
        seen, greedy, margins = cut(prompt(*chat)), [], []
        model.reset()
        model.eval(seen)
        first = np.array(model.scores[model.n_tokens - 1], dtype=np.float64)
        logits = first
        for _ in range(GREEDY):
            best, next_best = np.argsort(logits)[::-1][:2]
            greedy.append(int(best))
            margins.append(round(float(logits[best] - logits[next_best]), 5))
            model.eval([int(best)])
            logits = np.array(model.scores[model.n_tokens - 1], dtype=np.float64)
        top = np.argsort(first)[::-1][:32]
        golden.append({
            "prompt": prompt(*chat),
            "log_sum": round(float(np.log(np.exp(first - first.max()).sum()) + first.max()), 5),
            "logits": [[int(token), round(float(first[token]), 5)] for token in top],
            "greedy": greedy,
            "margins": margins,
        })
        print(model.detokenize(greedy).decode(), "deviation", first.std())
    (HERE / "logits.json").write_text(json.dumps(golden, ensure_ascii=False, indent=0) + "\n")


main(sys.argv[1])
