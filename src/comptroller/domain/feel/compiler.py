"""Compiles a FEEL tree, once, to a Python function.

The target is Python's own syntax tree, never Python text: what an author wrote reaches the program only as constants,
so no expression can say anything in Python. Comparisons with a number or a text are laid out inline, everything else
calls the functions of `runtime`; a variable of the expression is a local variable of the function, and what has to be
evaluated later, or often, is a lambda inside it.
"""

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from types import NoneType
from typing import Final

from comptroller.domain.feel import code, tree
from comptroller.domain.feel.folding import Folding
from comptroller.domain.feel.invocation import call_of
from comptroller.domain.feel.runtime import NAMESPACE
from comptroller.domain.feel.scopes import Scopes
from comptroller.domain.feel.values import Builtin, Range, Scalar, Value

_COMPARISONS: Final[Mapping[str, tuple[type[ast.cmpop], str]]] = {
    "=": (ast.Eq, "equal"),
    "!=": (ast.NotEq, "unequal"),
    "<": (ast.Lt, "less"),
    "<=": (ast.LtE, "less_or_equal"),
    ">": (ast.Gt, "greater"),
    ">=": (ast.GtE, "greater_or_equal"),
}
_IDENTITIES: Final[Mapping[str, type[ast.cmpop]]] = {"=": ast.Is, "!=": ast.IsNot}
_ARITHMETIC: Final = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "**": "power"}
_NODES_PER_STEP: Final = 16
"""Nodes of an expression that are evaluated for the price of one iteration."""

_INLINE: Final[Mapping[type, str]] = {Decimal: "Decimal", str: "str", bool: "bool"}


def compile_node(
    node: tree.Node, builtins: Mapping[str, Builtin], names: Iterable[str]
) -> tuple[Callable[..., Value], frozenset[str]]:
    """Compile an expression to `f(run, scope)`, or tests to `f(run, scope, value)`; and tell the names it looks up."""
    survey = tree.Survey(node)
    compiler = _Compiler(builtins, frozenset(names), survey)
    unary = isinstance(node, tree.Tests)
    body = compiler.paid(node, compiler.cell(node) if isinstance(node, tree.Tests) else compiler.node(node))
    function = code.function(["run", "scope", *(["given"] if unary else [])], body)
    program = code.located(ast.Expression(function))
    namespace: dict[str, object] = {**NAMESPACE, **compiler.constants, "__builtins__": {}}
    compiled: Callable[..., Value] = eval(  # noqa: S307  # a tree that we built, in a namespace without builtins
        compile(program, "<feel>", "eval"), namespace
    )
    return compiled, frozenset(compiler.scopes.looked_up)


class _Compiler:
    """The compilation of one tree: its constants, its fresh variables and the scopes open at the place reached."""

    def __init__(self, builtins: Mapping[str, Builtin], names: frozenset[str], survey: tree.Survey) -> None:
        self.constants: dict[str, object] = {}
        self.scopes = Scopes(self._variable)
        self._builtins = builtins
        self._names = names
        self._survey = survey
        self._fresh = 0
        self._fold = Folding(self._builtin).fold

    def node(self, node: tree.Node) -> ast.expr:  # noqa: C901, PLR0911, PLR0912  # one line for each form of the language
        """Compile one node."""
        match node := self._fold(node):
            case tree.Literal():
                return self._value(node.value)
            case tree.Name():
                return self._name(node)
            case tree.Member():
                return self._member(node)
            case tree.Filter():
                return self._filter(node)
            case tree.Call():
                return self._invocation(node)
            case tree.Binary():
                return self._binary(node.at, node.operator, self.node(node.left), node.right)
            case tree.Negation():
                return code.run_call("negate", node.at, self.node(node.operand))
            case tree.Junction():
                return self._junction(node.at, self.node, node.operands, decider=node.decider)
            case tree.Between():
                operands = (node.value, node.low, node.high)
                return code.run_call("between", node.at, *(self.node(operand) for operand in operands))
            case tree.In():
                return self._in(node)
            case tree.InstanceOf():
                return code.call("instance_of", code.load("run"), self.node(node.value), self._constant(node.type))
            case tree.If():
                return self._if(node)
            case tree.For() | tree.Quantified():
                return self._iteration(node)
            case tree.ListLiteral():
                return ast.List([self.node(item) for item in node.items], ast.Load())
            case tree.ContextLiteral():
                return self._context(node)
            case tree.RangeLiteral():
                return self._range(node)
            case tree.FunctionLiteral():
                return self._function(node)
            case tree.Tests() | tree.UnaryComparison() | tree.Iteration():
                raise TypeError(f"`{type(node).__name__}` is no expression")

    # Constants and variables

    def _constant(self, value: object) -> ast.expr:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return code.load(name)

    def _value(self, value: Value) -> ast.expr:
        # a string stands in the namespace, not in the program: Python warns where a literal is compared by identity
        return ast.Constant(value) if value is None or isinstance(value, bool) else self._constant(value)

    def _known(self, node: tree.Node | None) -> Scalar:
        """Give the value of what is known when compiling; None for anything else."""
        return None if node is None else tree.literal_of(self._fold(node))

    def _variable(self) -> str:
        self._fresh += 1
        return f"v{self._fresh}"

    def _bind(self, variable: str, value: ast.expr) -> ast.expr:
        return ast.NamedExpr(ast.Name(variable, ast.Store()), value)

    def _name(self, node: tree.Name) -> ast.expr:
        return self.scopes.meaning(node.name, lambda: self._outer(node))

    def _outer(self, node: tree.Name) -> ast.expr:
        if node.name in self._builtins and node.name not in self._names:
            return self._constant(self._builtins[node.name])
        return self.scopes.given(node.at, node.name)

    # Operators

    def _binary(self, at: int, operator: str, left: ast.expr, right_node: tree.Node) -> ast.expr:
        right_node = self._fold(right_node)
        right = self.node(right_node)
        if operator in _ARITHMETIC:
            return code.run_call(_ARITHMETIC[operator], at, left, right)
        comparison, function = _COMPARISONS[operator]
        first, second = self._variable(), self._variable()
        literal = type(right_node.value) if isinstance(right_node, tree.Literal) else object
        if literal is NoneType and operator in _IDENTITIES:
            return ast.Compare(left, [_IDENTITIES[operator]()], [right])
        known = None if literal is bool and operator not in _IDENTITIES else _INLINE.get(literal)
        if known is not None:
            guard = code.identical(code.class_of(self._bind(first, left)), code.load(known))
            operand = right
        else:
            # both operands are evaluated, then: same class, and one that Python compares as FEEL does
            guard = ast.Compare(
                code.class_of(self._bind(first, left)),
                [ast.Is(), ast.In()],
                [code.class_of(self._bind(second, right)), code.load("INLINE")],
            )
            operand = code.load(second)
        quick = ast.Compare(code.load(first), [comparison()], [operand])
        return ast.IfExp(guard, quick, code.run_call(function, at, code.load(first), operand))

    def _if(self, node: tree.If) -> ast.expr:
        condition = self.node(node.condition)
        if not tree.is_condition(node.condition):
            condition = code.identical(condition, ast.Constant(value=True))
        with self.scopes.branch():
            consequence = self.node(node.consequence)
        with self.scopes.branch():
            alternative = self.node(node.alternative)
        return ast.IfExp(condition, consequence, alternative)

    def _junction(
        self, at: int, compiled: Callable[[tree.Node], ast.expr], nodes: Sequence[tree.Node], *, decider: bool
    ) -> ast.expr:
        operands = [compiled(nodes[0])]
        with self.scopes.branch():  # the first may decide
            operands += [compiled(node) for node in nodes[1:]]
        variables = [self._variable() for _ in operands]
        loads = [code.load(variable) for variable in variables]
        agreed = code.identical(loads[0], *loads[1:], ast.Constant(value=not decider))
        undecided = code.run_call("undecided", at, ast.Constant(decider), *loads)
        result: ast.expr = ast.IfExp(agreed, ast.Constant(value=not decider), undecided)
        decided = [
            code.identical(self._bind(variable, operand), ast.Constant(decider))
            for variable, operand in zip(variables, operands, strict=True)
        ]
        return ast.IfExp(ast.BoolOp(ast.Or(), decided), ast.Constant(decider), result)

    # Tests

    def cell(self, node: tree.Tests) -> ast.expr:
        """Compile the tests of a cell against the variable `given`."""
        self.scopes.open({"?": "given"})
        return self._tests(node, "given", cell=True)

    def _in(self, node: tree.In) -> ast.expr:
        variable = self._variable()
        bound = self._bind(variable, self.node(node.value))
        self.scopes.open({"?": variable})
        tests = self._tests(node.tests, variable, cell=False)
        self.scopes.close()
        return ast.Subscript(ast.Tuple([bound, tests], ast.Load()), ast.Constant(1), ast.Load())

    def _tests(self, node: tree.Tests, given: str, *, cell: bool) -> ast.expr:
        if not node.tests:
            return ast.Constant(value=True)
        literals = [test.value for test in node.tests if isinstance(test, tree.Literal)]
        classes = {type(value) for value in literals}
        if 1 < len(literals) == len(node.tests) and len(classes) == 1 and classes <= _INLINE.keys():
            result = self._one_of(node.at, given, literals)
        else:
            test = partial(self._test, given=given, cell=cell)
            several = len(node.tests) > 1
            result = self._junction(node.at, test, node.tests, decider=True) if several else test(node.tests[0])
        return code.call("negation", result) if node.negated else result

    def _one_of(self, at: int, given: str, literals: list[Scalar]) -> ast.expr:
        inline = ast.Compare(code.load(given), [ast.In()], [self._constant(frozenset(literals))])
        guard = code.identical(code.class_of(code.load(given)), code.load(_INLINE[type(literals[0])]))
        return ast.IfExp(
            guard, inline, code.run_call("equal_to_one", at, code.load(given), *map(self._value, literals))
        )

    def _test(self, test: tree.Node, given: str, *, cell: bool) -> ast.expr:
        if isinstance(test, tree.UnaryComparison):
            return self._binary(test.at, test.operator, code.load(given), test.endpoint)
        if isinstance(test, tree.Literal):
            return self._binary(test.at, "=", code.load(given), test)
        if isinstance(test, tree.RangeLiteral):
            return self._within(test, given)
        mode = "condition" if cell and tree.is_condition(test) else "of_others" if cell else ""
        if self._survey.mentions(test, "?"):
            mode = "of_given"
        return code.run_call("satisfies", test.at, code.load(given), self.node(test), ast.Constant(mode))

    def _within(self, test: tree.RangeLiteral, given: str) -> ast.expr:
        ends = [self._known(end) for end in (test.start, test.end)]
        general = code.run_call("lies_in", test.at, code.load(given), self._range(test))
        if not all(isinstance(end, Decimal) for end in ends):
            return general
        comparisons: list[ast.cmpop] = [
            ast.LtE() if test.start_included else ast.Lt(),
            ast.LtE() if test.end_included else ast.Lt(),
        ]
        inline = ast.Compare(self._value(ends[0]), comparisons, [code.load(given), self._value(ends[1])])
        return ast.IfExp(code.identical(code.class_of(code.load(given)), code.load("Decimal")), inline, general)

    # Lists, contexts, ranges

    def _member(self, node: tree.Member) -> ast.expr:
        base = self._variable()
        bound = self._bind(base, self.node(node.base))
        holds = ast.BoolOp(
            ast.And(),
            [
                code.identical(code.class_of(bound), code.load("dict")),
                ast.Compare(ast.Constant(node.name), [ast.In()], [code.load(base)]),
            ],
        )
        entry = ast.Subscript(code.load(base), ast.Constant(node.name), ast.Load())
        return ast.IfExp(holds, entry, code.run_call("member", node.at, code.load(base), ast.Constant(node.name)))

    def _filter(self, node: tree.Filter) -> ast.expr:
        base = self.node(node.base)
        item = self._variable()
        self.scopes.open_item(item)
        if isinstance(self._known(node.condition), Decimal):
            self.scopes.close()
            return code.run_call("nth", node.at, base, self.node(node.condition))
        with self.scopes.branch():
            body = self.scopes.linking(self.paid(node.condition, self.node(node.condition)))
        condition = code.function([item], body)
        self.scopes.close()
        return code.run_call("select", node.at, base, condition)

    def _context(self, node: tree.ContextLiteral) -> ast.expr:
        entries: list[ast.expr] = []
        scope: dict[str, str] = {}
        self.scopes.open(scope)
        for key, entry in zip(node.keys, node.entries, strict=True):
            variable = self._variable()
            if isinstance(entry, tree.FunctionLiteral):  # a function may call itself
                scope[key] = variable
            value = self.node(entry)
            scope[key] = variable
            entries.append(self._bind(variable, value))
        self.scopes.close()
        return ast.Dict([ast.Constant(key) for key in node.keys], entries)

    def _range(self, node: tree.RangeLiteral) -> ast.expr:
        ends = [self._known(end) for end in (node.start, node.end)]
        if all(isinstance(value, Decimal) for value in ends) and ends[0] <= ends[1]:  # type: ignore[operator]  # as said
            return self._constant(Range(ends[0], ends[1], node.start_included, node.end_included))
        function = "make_open_range" if node.start is None or node.end is None else "make_range"
        written = [ast.Constant(None) if bound is None else self.node(bound) for bound in (node.start, node.end)]
        shape = Range(None, None, node.start_included, node.end_included)
        return code.run_call(function, node.at, *written, self._constant(shape))

    # What is evaluated later, or often

    def paid(self, node: tree.Node, compiled: ast.expr) -> ast.expr:
        """Let a long expression pay for its length each time: a loop, or a model's function, may call it often."""
        price = self._survey.size(node) // _NODES_PER_STEP
        if not price:
            return compiled
        pay = ast.Call(ast.Attribute(code.load("run"), "charge", ast.Load()), [ast.Constant(price)], [])
        return ast.Subscript(ast.Tuple([pay, compiled], ast.Load()), ast.Constant(1), ast.Load())

    def _repeated(self, variables: list[str], body: tree.Node) -> ast.expr:
        """Compile what may be evaluated often within one evaluation."""
        with self.scopes.branch():
            return code.function(variables, self.paid(body, self.node(body)))

    def _iteration(self, node: tree.For | tree.Quantified) -> ast.expr:
        sources: list[ast.expr] = []
        variables: list[str] = []
        for iteration in node.iterations:
            ends = [iteration.source] if iteration.end is None else [iteration.source, iteration.end]
            with self.scopes.branch():
                bounds = [self.node(end) for end in ends]
            source = code.call("every_item" if iteration.end is None else "steps", code.load("run"), *bounds)
            sources.append(code.function(list(variables), self.paid(iteration, source)))
            variables.append(self._variable())
            self.scopes.open({iteration.name: variables[-1]})
        if isinstance(node, tree.For):
            result = self._for(node, sources, variables)
        else:
            condition = self._repeated(variables, node.condition)
            decider = ast.Constant(node.decider)
            result = code.run_call("quantify", node.at, decider, ast.Tuple(sources, ast.Load()), condition)
        self.scopes.close(len(node.iterations))
        return result

    def _for(self, node: tree.For, sources: list[ast.expr], variables: list[str]) -> ast.expr:
        partial = self._survey.mentions(node.body, "partial")
        so_far = [self._variable()] if partial else []
        self.scopes.open(dict.fromkeys(["partial"], so_far[0]) if partial else {})
        body = self._repeated([*variables, *so_far], node.body)
        self.scopes.close()
        if partial and tree.only_looks_into(node.body, "partial"):
            return code.run_call("accumulate", node.at, ast.Tuple(sources, ast.Load()), body)
        return code.run_call("iterate", node.at, ast.Tuple(sources, ast.Load()), body, ast.Constant(partial))

    def _function(self, node: tree.FunctionLiteral) -> ast.expr:
        variables = {name: self._variable() for name in node.parameters}
        self.scopes.open(variables)
        body = self._repeated(list(variables.values()), node.body)
        self.scopes.close()
        constraints = node.types if any(node.types) else ()
        return code.call("Function", self._constant(node.parameters), body, self._constant(constraints))

    def _invocation(self, node: tree.Call) -> ast.expr:
        builtin = self._builtin(node.callee)
        if builtin is not None and not node.names:
            return self._builtin_call(node, builtin)
        callee = self.node(node.callee)
        arguments = [self.node(argument) for argument in node.arguments]
        if node.names:
            return code.run_call("invoke_named", node.at, callee, self._constant(node.names), *arguments)
        return code.run_call("invoke", node.at, callee, *arguments)

    def _builtin(self, callee: tree.Node) -> Builtin | None:
        """Give the built-in function that a call means, when nothing in scope can have its name."""
        if not isinstance(callee, tree.Name) or callee.name in self._names:
            return None
        if self.scopes.may_bind(callee.name):
            return None
        return self._builtins.get(callee.name)

    def _builtin_call(self, node: tree.Call, builtin: Builtin) -> ast.expr:
        arguments = [self.node(argument) for argument in node.arguments]
        call = call_of(builtin, len(arguments))
        if call is None:
            return code.run_call("invoke", node.at, self._constant(builtin), *arguments)
        return code.run_call("invoke_as", node.at, self._constant(call), *arguments)
