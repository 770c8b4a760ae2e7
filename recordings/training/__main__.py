"""`python -m recordings.training`: make the small model step by step, or judge any Vosk model."""

import argparse
import logging
from collections.abc import Callable
from pathlib import Path

from recordings.recogniser import Recogniser
from recordings.training import judged
from recordings.training.evaluation import evaluate, report


def _make(arguments: argparse.Namespace) -> None:
    """All steps; those whose result is there already are left out."""
    from recordings.training.acoustic import AcousticModel, train
    from recordings.training.examples import Examples, make_examples

    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    speech, network = work / "speech.npz", work / "acoustic.pt"
    if not network.exists():
        if not speech.exists():
            make_examples(arguments.utterances).save(speech)
        snapshot, begun = work / "unfinished.pt", arguments.begin_with
        train(Examples.load(speech), arguments.epochs, snapshot, begun).save(network)
    from recordings.training.model import GraphPlan, write_model

    write_model(AcousticModel.load(network), arguments.model, GraphPlan())


def _regraph(arguments: argparse.Namespace) -> None:
    from recordings.training.model import GraphPlan, write_with_acoustics_of

    write_with_acoustics_of(arguments.network_of, arguments.model, GraphPlan())


def _reviews() -> list[str]:
    from recordings.training import sentences

    return sentences.trial_reviews()[:150]


_SENTENCES: dict[str, Callable[[], list[str]]] = {
    "unprepared": judged.unprepared,
    "trial": judged.trial,
    "digits": judged.digit_strings,
    "reviews": _reviews,
}


def _evaluate(arguments: argparse.Namespace) -> None:
    print(report(evaluate(Recogniser(arguments.model), _SENTENCES[arguments.sentences]())))


def main() -> None:
    """Parse the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m recordings.training", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="also log misheard sentences")
    commands = parser.add_subparsers(required=True)
    make = commands.add_parser("make", help="synthesise speech, train, write the model")
    make.add_argument("model", type=Path, help="folder to write; emptied first")
    make.add_argument(
        "--work", type=Path, default=Path("build/training"), help="folder for what lies between"
    )
    make.add_argument("--utterances", type=int, default=13_000)
    make.add_argument("--epochs", type=int, default=7)
    make.add_argument(
        "--begin-with", type=Path, metavar="MODEL", help="go on from the network of a model made before"
    )
    make.set_defaults(run=_make)
    regraph = commands.add_parser("graph", help="write a new graph beside the network of a model made before")
    regraph.add_argument("network_of", type=Path, help="folder of that model")
    regraph.add_argument("model", type=Path, help="folder to write; emptied first")
    regraph.set_defaults(run=_regraph)
    judge = commands.add_parser("evaluate", help="character error rates of a model")
    judge.add_argument("model", type=Path)
    judge.add_argument("--sentences", choices=_SENTENCES, default="unprepared")
    judge.set_defaults(run=_evaluate)
    arguments = parser.parse_args()
    logging.basicConfig(
        level=logging.DEBUG if arguments.verbose else logging.INFO, format="%(asctime)s %(message)s"
    )
    logging.getLogger("jieba").setLevel(logging.WARNING)
    arguments.run(arguments)


if __name__ == "__main__":
    main()
