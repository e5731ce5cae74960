"""The types that item definitions give to values, made of FEEL's own types.

FEEL's types check and convert; what DMN adds are names, structures written as components, and constraints by unary
tests. A value that conforms stays the same object, so checking costs no copy.

# SOURCE: OMG DMN 1.5, clauses 7.3.2 and 10.3.2.9.4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from comptroller.domain.decisions.columns import Tests
from comptroller.domain.decisions.definitions import FEEL_LANGUAGE, Definitions, ItemDefinition, UnaryTests
from comptroller.domain.feel.evaluation import Evaluation
from comptroller.domain.feel.types import ANY, NAMED, ContextType, FunctionType, ListType, Type
from comptroller.domain.feel.values import Kind, Value
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

_Key: TypeAlias = tuple[str, str]
"""An item definition by its model's namespace and its name."""


@dataclass(frozen=True, slots=True)
class ConstrainedType:
    """A type whose values must also pass unary tests; null passes, a missing fact being for the rules to judge."""

    base: Type
    tests: Tests

    def conforms(self, value: Value) -> bool:
        """Say whether a value is of the base type and passes."""
        return self.base.conforms(value) and self.tests.matches(value, {}, Evaluation()) is True


@dataclass(frozen=True, slots=True, eq=False)
class NamedType:
    """A type by its name, in the place of the type itself where that is inside its own definition."""

    resolved: Mapping[_Key, Type | None]
    key: _Key

    def conforms(self, value: Value) -> bool:
        """Ask the type of that name, which is there by now."""
        named = self.resolved[self.key]
        return named is not None and named.conforms(value)


@dataclass(frozen=True, slots=True)
class UnknownType:
    """A type that nobody has defined: nothing conforms to it."""

    def conforms(self, value: Value) -> bool:  # noqa: ARG002 - the form of a type
        """Say no."""
        return False


UNKNOWN: Final = UnknownType()


def form_of(of: Type | None) -> object:
    """What two types have in common that are written alike, whatever models they were compiled in."""
    match of:
        case ConstrainedType():
            return form_of(of.base), getattr(of.tests, "text", "")
        case NamedType():
            return of.key
        case ListType():
            return "list", form_of(of.element)
        case ContextType():
            return "context", tuple((name, form_of(entry)) for name, entry in of.entries)
    return repr(of)


_SPELLINGS: Final = {
    "dateTime": Kind.DATE_AND_TIME,
    "dayTimeDuration": Kind.DAYS_DURATION,
    "yearMonthDuration": Kind.MONTHS_DURATION,
}
_BUILT_IN: Final[dict[str, Type]] = NAMED | {name: NAMED[kind] for name, kind in _SPELLINGS.items()}
"""The FEEL types under both of their spellings: `dateTime` in files, `date and time` in the language."""


class TestsCompiler(Protocol):
    """How the text of allowed values becomes tests; faults go where the compiler keeps them."""

    def __call__(self, tests: UnaryTests, path: str, /) -> Tests:
        """Compile the tests that stand at a path."""
        ...


class TypeTable:
    """The types of a model and its imports, each resolved once, by namespace and name."""

    def __init__(self, models: Sequence[Definitions], compile_tests: TestsCompiler) -> None:
        self.faults: list[Fault] = []
        self._compile_tests = compile_tests
        self._definitions: dict[_Key, ItemDefinition] = {}
        self._imports = {model.namespace: model.imports for model in models}
        self._resolved: dict[_Key, Type | None] = {}
        self._under_way = 0  # definitions that are being resolved, one for another
        self._depth = 0  # of structures around what is being resolved
        self._depths: dict[_Key, int] = {}
        self._named_in: dict[str, dict[str, Type]] = {}
        for model in models:
            for definition in model.item_definitions:
                if (model.namespace, definition.name) in self._definitions:
                    self._fault("DMN-TYPE-03", definition.name, "the type is defined twice", "rename one of them")
                self._definitions.setdefault((model.namespace, definition.name), definition)
        for model in models:
            for definition in model.item_definitions:
                self._named(model.namespace, definition.name)

    def resolve(self, namespace: str, type_ref: str, path: str, faults: list[Fault]) -> Type | None:
        """Find the type that a reference names; None (nothing to check) when it names none.

        INVARIANT: 2. to an unknown type, which is a fault, no value conforms.
        """
        if not type_ref or type_ref == "Any":
            return None
        found = self._named(namespace, type_ref)
        if found is not None:
            return found
        known = ", ".join(sorted(_BUILT_IN))
        faults.append(
            Fault(
                "DMN-TYPE-01",
                path,
                f"the type `{type_ref}` is unknown",
                by="dmn",
                help=f"define it as an item definition, or use one of FEEL: {known}",
            )
        )
        return UNKNOWN

    def allowed_values(self, namespace: str, type_ref: str, component: str = "") -> UnaryTests | None:
        """The allowed values of a named type, or of one of its components, as written.

        A type that is another one by a new name, or a collection of it, has that one's values.
        """
        seen: set[_Key] = set()
        key = self._find(namespace, type_ref)
        while key is not None and key not in seen:
            seen.add(key)
            definition = self._definitions[key]
            part = next((part for part in definition.components if part.name == component), None)
            if part is not None:
                definition, component = part, ""
            if not component and definition.allowed is not None:
                return definition.allowed
            key = self._find(key[0], definition.type_ref)
        return None

    def in_scope(self, namespace: str) -> Mapping[str, Type]:
        """Every type that the expressions of a model can name, those of its imports under the imports' names."""
        if namespace not in self._named_in:
            found = self._named_in[namespace] = {}
            pending, seen = [(namespace, "")], set()
            while pending:
                other, prefix = place = pending.pop(0)
                if place in seen:
                    continue
                seen.add(place)
                for owner, name in self._definitions:
                    built = self._named(owner, name) if owner == other else None
                    if built is not None:
                        found.setdefault(prefix + name, built)
                pending += [
                    (item.namespace, f"{item.name}." if item.name else prefix)
                    for item in self._imports.get(other, ())
                    if not (prefix and item.name)  # what an import imports under a name is its own affair
                ]
        return self._named_in[namespace]

    def _named(self, namespace: str, name: str) -> Type | None:
        key = self._find(namespace, name)
        if key is None:
            return _BUILT_IN.get(name)
        if key in self._resolved:
            return self._resolved[key] or self._within_itself(key)
        if self._under_way == limits.FEEL_DEPTH_MAX:
            message = f"types are defined by each other more than {limits.FEEL_DEPTH_MAX} deep"
            self._fault("DMN-TYPE-05", key[1], message, "define them by fewer steps")
            return UNKNOWN
        self._resolved[key] = None  # being resolved: meeting it again is a cycle
        self._depths[key] = self._depth
        self._under_way += 1
        built = self._build(key[0], self._definitions[key], f"itemDefinition[{key[1]}]")
        self._under_way -= 1
        self._resolved[key] = built
        return built

    def _within_itself(self, key: _Key) -> Type:
        """A structure may hold others of its kind, as a unit its units; a type that is nothing but itself is none."""
        if self._depth > self._depths[key]:
            return NamedType(self._resolved, key)
        self._fault("DMN-TYPE-02", key[1], "the type is defined by itself", "break the cycle of types")
        return UNKNOWN

    def _find(self, namespace: str, name: str) -> _Key | None:
        """The item definition that a model means by a name: its own, or an import's by the import's name and a dot.

        Those of an import without a name are a model's own.
        """
        pending, seen = [(namespace, name)], set()
        while pending:
            key = pending.pop(0)
            if key in seen:
                continue
            seen.add(key)
            if key in self._definitions:
                return key
            for item in self._imports.get(key[0], ()):
                prefix = f"{item.name}." if item.name else ""
                if key[1].startswith(prefix):
                    pending.append((item.namespace, key[1].removeprefix(prefix)))
        return None

    def _build(self, namespace: str, definition: ItemDefinition, path: str) -> Type:
        built: Type
        if definition.components:
            self._depth += 1
            built = ContextType(
                tuple(
                    (component.name, self._build(namespace, component, f"{path}/itemComponent[{component.name}]"))
                    for component in definition.components
                )
            )
            self._depth -= 1
        elif definition.function is not None:
            function = definition.function
            built = FunctionType(
                tuple(self._own(namespace, parameter.type_ref, path) for parameter in function.parameters),
                self._own(namespace, function.output_type_ref, path),
            )
        else:
            built = self._own(namespace, definition.type_ref, path)
        if definition.allowed is not None:
            built = self._constrained(built, definition.allowed, f"{path}/allowedValues")
        if definition.is_collection:
            built = ListType(built)
        if definition.constraint is not None:
            built = self._constrained(built, definition.constraint, f"{path}/typeConstraint")
        return built

    def _constrained(self, base: Type, tests: UnaryTests, path: str) -> Type:
        if tests.language == FEEL_LANGUAGE:
            return ConstrainedType(base, self._compile_tests(tests, path))
        message = f"the expression language `{tests.language}` is not evaluated"
        self.faults.append(Fault("DMN-LANGUAGE-01", path, message, by="dmn", help="write the values in FEEL"))
        return UNKNOWN

    def _own(self, namespace: str, type_ref: str, path: str) -> Type:
        return self.resolve(namespace, type_ref, path, self.faults) or ANY

    def _fault(self, code: str, name: str, message: str, help: str) -> None:  # noqa: A002 - Fault's own field
        self.faults.append(Fault(code, f"itemDefinition[{name}]", message, by="dmn", help=help))


def result_type(declared: Type | None) -> Type | None:
    """What a function's result is held to: a function type speaks of its result, another type is the result's."""
    return declared.result if isinstance(declared, FunctionType) else declared
