"""What a model offers to be called from outside: decision services and business knowledge models.

Both are functions by the standard (clauses 6.3.8 and 6.3.9), and are called with arguments by name. They differ in what
a missing argument means: a business knowledge model cannot be called without it; a decision service is a part of the
graph, and decides without an input as the whole model does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from comptroller.domain.decisions.admission import admitted
from comptroller.domain.decisions.plans import MakeFunction, Plan
from comptroller.domain.decisions.run import DecisionTrace, Run, brief
from comptroller.domain.feel import Evaluation, Function, Type, Value, coerce
from comptroller.domain.kernel.fault import Fault, Severity


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: its plan, and what is wrong with it."""

    plan: Plan
    faults: tuple[Fault, ...]

    @property
    def parameters(self) -> Mapping[str, Type | None]:
        """Its inputs and input decisions with their types."""
        return {node.key: node.wanted for _, node in self.plan.inputs}

    @property
    def outputs(self) -> tuple[str, ...]:
        """The decisions that it answers with."""
        return tuple(name for name, _ in self.plan.outputs)

    def answer(self, arguments: Mapping[str, Value], run: Run) -> Value:
        """Decide; what the service does not know is told and left aside."""
        if self.faults:
            run.evaluation.faults.extend(self.faults)
            return None
        for name in arguments:
            if name not in self.plan.input_names:
                run.evaluation.faults.append(_unknown(self.plan.path, name, self.plan.input_names, Severity.WARNING))
        return self.plan.answer(arguments, run)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: how it is bound to a run."""

    name: str
    path: str
    make: MakeFunction

    @property
    def parameters(self) -> Mapping[str, Type | None]:
        """Its parameters with their types."""
        return _types(self.make(Run(Evaluation())))

    def answer(self, arguments: Mapping[str, Value], run: Run) -> Value:
        """Call it, each argument held to its parameter's type; nothing is called when one of them does not fit."""
        function = self.make(run)
        taken: dict[str, Value] = {}
        sound = True
        for name, wanted in _types(function).items():
            place = f"{self.path}/parameter[{name}]"
            if name not in arguments:
                run.fault(
                    "DMN-ARGUMENT-01", place, f"the argument `{name}` is missing", help="give it; null is a value"
                )
                sound = False
                continue
            given = admitted(arguments[name], name)
            fits, converted = coerce(wanted, given)
            taken[name] = converted if fits else given
            if not fits:
                message = f"the argument `{brief(given)}` is not of the parameter's type"
                run.fault("DMN-ARGUMENT-03", place, message, help="give a value of the declared type")
                sound = False
        for name in arguments:
            if name not in taken and name not in function.parameters:
                run.evaluation.faults.append(_unknown(self.path, name, function.parameters, Severity.ERROR))
                sound = False
        value = function.call(*taken.values()) if sound else None
        tables, faults = len(run.tables), len(run.evaluation.faults)
        run.decisions.append(DecisionTrace(self.name, taken, value, 0, tables, 0, faults))
        return value


def _types(function: Function) -> dict[str, Type | None]:
    constraints = function.constraints or (None,) * len(function.parameters)
    return dict(zip(function.parameters, constraints, strict=True))


def _unknown(path: str, name: str, known: tuple[str, ...], severity: Severity) -> Fault:
    names = ", ".join(f"`{other}`" for other in known) or "none"
    return Fault("DMN-ARGUMENT-02", path, f"`{name}` is no parameter", severity, "dmn", f"its parameters are {names}")
