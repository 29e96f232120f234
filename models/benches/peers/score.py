"""Words and characters wrong, the same way whoever wrote them down."""
import re, unicodedata

from opencc import OpenCC

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}
ABBREVIATIONS = {"mr": "mister", "mrs": "missus", "dr": "doctor", "ok": "okay"}
simplified = OpenCC("t2s").convert


def units(text, language):
    """What is counted: words of English, characters of Mandarin."""
    text = unicodedata.normalize("NFKC", text).lower()
    return mandarin(text) if language == "zh" else english(text)


def english(text):
    """Without case and punctuation; numbers of up to two digits as words, longer ones digit by digit, as telephone numbers are read."""
    words = []
    for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.replace("’", "'")):
        number = re.fullmatch(r"(\d+)(st|nd|rd|th)?", word)
        if number:
            words += ordinal(spelled(number[1])) if number[2] else spelled(number[1])
        else:
            words.append(ABBREVIATIONS.get(word, word))
    return words


def spelled(digits):
    if len(digits) > 2 or len(digits) == 2 and digits[0] == "0":
        return [ONES[int(digit)] for digit in digits]
    number = int(digits)
    if number < 20:
        return [ONES[number]]
    return [TENS[number // 10]] + ([ONES[number % 10]] if number % 10 else [])


def ordinal(words):
    last = words[-1]
    last = ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return words[:-1] + [last]


def mandarin(text):
    """Without punctuation, in simplified characters; numbers as in English."""
    text = re.sub(r"\d+", lambda number: counted(number[0]), simplified(text))
    return [character for character in text if character.isalnum()]


def counted(digits):
    signs = "零一二三四五六七八九"
    if len(digits) != 2 or digits[0] == "0":
        return "".join(signs[int(digit)] for digit in digits)
    tens, ones = map(int, digits)
    return (signs[tens] if tens > 1 else "") + "十" + (signs[ones] if ones else "")


def distance(said, heard):
    """Levenshtein's distance."""
    row = list(range(len(heard) + 1))
    for i, unit in enumerate(said, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(diagonal + (unit != other), row[j] + 1, row[j - 1] + 1)
    return row[-1]
