"""Models are shared by threads, also while their lanes are being made and their rules told for the first time."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

from tests.unit.domain.decisions.models import decision, input_data, sound_model, table

from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.model import Model
from comptroller.domain.feel import Value

THREADS = 4
NAMES = ("level", "role", "worked out")


def model() -> Model:
    bands = [[f"[{band * 10}..{band * 10 + 10})", str(band)] for band in range(200)]
    roles = [[f"<= {band * 25}", f'"role {band}"'] for band in range(1, 9)]
    return sound_model(
        input_data("amount", "number"),
        input_data("kind", "string"),
        decision("level", table(["amount"], [""], bands, types=["number"]), inputs=["amount"], type_ref="number"),
        decision("role", table(["level"], ["role"], roles, HitPolicy.COLLECT), decisions=["level"]),
        decision("worked out", "amount * 2 + level", inputs=["amount"], decisions=["level"]),
    )


def told(asked: Model, name: str, amount: int) -> tuple[object, ...]:
    inputs: dict[str, Value] = {"amount": Decimal(amount), "kind": f"kind {amount}"}
    outcome = asked.decide(name, inputs)
    explained = [step.to_json() for step in outcome.explanation]
    return outcome.value, explained, outcome.rule_ids, outcome.record(), outcome.failing_cells("level", "r3")


def test_threads_that_share_a_model_get_what_one_alone_gets() -> None:
    questions = [(name, amount) for amount in range(0, 2100, 90) for name in NAMES]
    alone = model()
    expected = [told(alone, *question) for question in questions]
    for _ in range(2):
        shared, start = model(), Barrier(THREADS)

        def ask(first: int, shared: Model = shared, start: Barrier = start) -> list[tuple[object, ...]]:
            start.wait()
            return [told(shared, *questions[(first + number) % len(questions)]) for number in range(len(questions))]

        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(ask, range(0, len(questions), len(questions) // THREADS)))[:THREADS]
        for place, given in enumerate(answers):
            first = place * (len(questions) // THREADS)
            assert given == expected[first:] + expected[:first]
