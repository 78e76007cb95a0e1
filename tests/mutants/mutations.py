"""The faults: each changes one expression or statement of a module."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Mult: ast.Add,
}
_MESSAGES = {"N_", "_", "T_", "translate"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """A fault: lines and columns as in `ast`, and the text that replaces what is there.

    Attributes:
        function: The first line of the function that it is in, decorators included; 0 for none.
        outermost: The first line of the function around all those whose body it is in; 0 for none.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    function: int
    outermost: int

    def apply(self, source: bytes) -> bytes:
        """Return the module with the fault."""
        lines = source.splitlines(keepends=True)
        start = sum(map(len, lines[: self.line - 1])) + self.column
        end = sum(map(len, lines[: self.end_line - 1])) + self.end_column
        return source[:start] + self.text.encode() + source[end:]


def mutations(source: bytes) -> Iterator[Mutation]:
    """Yield every fault of a module that can be tried.

    Not changed: annotations, documentation, the wording of messages, and `strict` of `zip`, which
    only asserts what holds anyway.
    """
    yield from _Finder().found_in(ast.parse(source))


class _Finder(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[Mutation] = []
        self.function = 0
        self.outermost = 0

    def found_in(self, tree: ast.AST) -> list[Mutation]:
        self.visit(tree)
        return self.found

    def replace(self, node: ast.expr | ast.stmt, new: ast.AST | str) -> None:
        text = new if isinstance(new, str) else f"({ast.unparse(new)})"
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        places = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        self.found.append(Mutation(*places, text, self.function, self.outermost))

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer = self.function, self.outermost
        self.function = min([node, *node.decorator_list], key=_line).lineno
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(default)
        self.outermost = self.outermost or self.function
        self.statements(node.body)
        self.function, self.outermost = outer

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - of ast

    def visit_Module(self, node: ast.Module) -> None:
        self.statements(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.statements(node.body)

    def statements(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                self.visit(statement)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self.replace(node, "pass")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not _is_none(node.value):
            self.replace(node.value, "None")
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self.replace(node, "break")

    def visit_Break(self, node: ast.Break) -> None:
        self.replace(node, "continue")

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) == "TYPE_CHECKING":
            return
        self.replace(node.test, "True")
        self.replace(node.test, "False")
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.replace(node, node.body)
        self.replace(node, node.orelse)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for at, operator in enumerate(node.ops):
            other = _COMPARISONS[type(operator)]()
            operators = [*node.ops[:at], other, *node.ops[at + 1 :]]
            self.replace(node, ast.Compare(node.left, operators, node.comparators))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        for at in range(len(node.values)):
            left = [*node.values[:at], *node.values[at + 1 :]]
            self.replace(node, ast.BoolOp(node.op, left) if len(left) > 1 else left[0])
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not | ast.USub):
            self.replace(node, node.operand)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in _OPERATORS:
            self.replace(node, ast.BinOp(node.left, _OPERATORS[type(node.op)](), node.right))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        match node.value:
            case bool():
                self.replace(node, str(not node.value))
            case int():
                self.replace(node, str(node.value + 1))
            case str() if node.value:
                self.replace(node, '"XX"')

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg != "strict":
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if not (isinstance(node.func, ast.Name) and node.func.id in _MESSAGES):
            self.generic_visit(node)


def _line(node: ast.expr | ast.stmt) -> int:
    return node.lineno


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
