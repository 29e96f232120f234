"""Makes the goldens of the Mandarin front end from misaki (pip install 'misaki[zh]==0.9.4' pypinyin==0.55.0 jieba==0.42.1 cn2an==0.5.24 opencc-py==1.4.2).
usage: make.py      (writes beside itself; `lines.txt` is the input)

syllables.txt   every reading of pypinyin's phrases and of its characters from U+4E00 to U+9FFF, and misaki's phonemes for it
legacy.txt      line by line what misaki says for Kokoro v1.0 (tones of the dictionary), from the text in simplified characters
figures.txt     for some texts with figures what misaki has cn2an make of them
spoken.txt      line by line the tones that misaki's rules of speech for later voices (PaddleSpeech's) give each syllable, words apart:
                the digits 1 to 5
"""
import json, os, re
import cn2an
import jieba, jieba.posseg as posseg
import pypinyin
from pypinyin import Style, lazy_pinyin
from pypinyin.contrib.tone_convert import to_tone3
from misaki.zh import ZHG2P
from misaki.tone_sandhi import ToneSandhi

here = os.path.dirname(os.path.abspath(__file__))
data = os.path.dirname(pypinyin.__file__)
phrases = json.load(open(os.path.join(data, "phrases_dict.json"), encoding="utf-8"))
characters = json.load(open(os.path.join(data, "pinyin_dict.json"), encoding="utf-8"))


def write(name, lines):
    with open(os.path.join(here, name), "w", encoding="utf-8", newline="\n") as f:
        f.writelines(line + "\n" for line in lines)


readings = {r[0] for p in phrases.values() for r in p}
readings |= {r.split(",")[0] for number, r in characters.items() if 0x4E00 <= int(number) <= 0x9FFF}
toned = sorted(to_tone3(r, neutral_tone_with_five=True) for r in readings)
write("syllables.txt", (f"{r} {ZHG2P.py2ipa(r).replace(chr(815), '')}" for r in toned))

figures = ["今天是2026年11月25日", "完成85%", "3.14公斤", "第2名", "1/2", "10000", "3-5天", "24小时", "第101条", "一共5元", "气温-5度",
           "2个人", "200个人", "12345人", "1,500元", "14:30", "电话02-2555-1234", "1203室", "2026-11-25", "¥12.5"]
write("figures.txt", (f"{text}\t{cn2an.transform(text, 'an2cn')}" for text in figures))

lines = open(os.path.join(here, "lines.txt"), encoding="utf-8").read().split("\n")[:-1]
from opencc import OpenCC
simplify = OpenCC("tw2s").convert
simple = [simplify(line) for line in lines]
g2p = ZHG2P()
write("legacy.txt", (g2p(line)[0] for line in simple))

sandhi = ToneSandhi()


def spoken(run):
    """The tones of a run of characters, as misaki's front end of version 1.1 finds them, without its larger dictionary."""
    out = []
    for word, tag in sandhi.pre_merge_for_modify(posseg.lcut(run)):
        finals = lazy_pinyin(word, neutral_tone_with_five=True, style=Style.FINALS_TONE3)
        out.append("".join(f[-1] for f in sandhi.modified_tone(word, tag, finals)))
    return "".join(out)


write("spoken.txt", (" ".join(spoken(run) for run in re.findall("[\u4e00-\u9fff]+", line)) for line in simple))
