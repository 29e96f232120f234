"""The published recognisers for our models: each has a name, and forms, which are functions from paths and a language to texts."""
from importlib.metadata import version

import weights


def of(model):
    """The engine for a model of our catalog: its name, and its forms by theirs."""
    return moonshine(model) if model.startswith("moonshine") else whisper()


def whisper():
    """faster-whisper over the weights of our Whisper base, with timestamps as it is by default, and without."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(weights.whisper()), device="cpu", compute_type="float32", cpu_threads=2)

    def texts(paths, language, without_timestamps):
        def text(path):
            segments, _ = model.transcribe(str(path), language=language, without_timestamps=without_timestamps, **weights.GREEDY)
            return "".join(segment.text for segment in segments).strip()

        return [text(path) for path in paths]

    forms = {"theirs": lambda *of: texts(*of, False), "without timestamps": lambda *of: texts(*of, True)}
    return f"faster-whisper {version('faster-whisper')}, CTranslate2 {version('ctranslate2')}, float32", forms


def moonshine(name):
    """The publisher's graphs."""
    from faster_whisper.audio import decode_audio
    from moonshine import Moonshine

    model = Moonshine(name, 2)
    forms = {"theirs": lambda paths, _: [model.transcribe(decode_audio(str(path), sampling_rate=16_000)) for path in paths]}
    return f"{name}, int8, onnxruntime {version('onnxruntime')}", forms
