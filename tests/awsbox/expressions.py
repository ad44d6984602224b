"""Metric math as GetMetricData has it, as far as a release needs it: + - * / comparisons, FILL, IF and a few more.

A value is a number or a series {instant: number}. Where two series meet, only instants of both count: a
series without data makes the result empty, and that is not zero.
"""
import ast
import math
import operator

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
             ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le,
             ast.Eq: operator.eq, ast.NotEq: operator.ne}
FOLDS = {"SUM": sum, "MAX": max, "MIN": min, "AVG": lambda values: sum(values) / len(values)}


class Wrong(ValueError):
    """An expression that is refused as a whole."""


def _join(function, *values):
    series = [each for each in values if isinstance(each, dict)]
    if not series:
        return function(*values)
    made = {}
    for instant in sorted(set.intersection(*(set(each) for each in series))):
        try:
            made[instant] = float(function(*(each[instant] if isinstance(each, dict) else each
                                             for each in values)))
        except ZeroDivisionError:
            continue  # there is no such data point
    return made


class Math:
    """Evaluates one expression over `series` by id; `grid` are the instants of the query's window."""

    def __init__(self, series, grid):
        self.series, self.grid = series, grid

    def value(self, text):
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError:
            raise Wrong(f"Error in expression '{text}'") from None
        return self._of(tree)

    def _of(self, node):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return node.value
        if isinstance(node, ast.Name):
            if node.id not in self.series:
                raise Wrong(f"Unknown identifier: {node.id}")
            return self.series[node.id]
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return _join(OPERATORS[type(node.op)], self._of(node.left), self._of(node.right))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return _join(operator.neg, self._of(node.operand))
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OPERATORS:
            return _join(OPERATORS[type(node.ops[0])], self._of(node.left), self._of(node.comparators[0]))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node.func.id, node.args)
        raise Wrong("awsbox does not know this expression")

    def _call(self, name, arguments):
        if name == "FILL":
            return self._fill(self._of(arguments[0]), arguments[1])
        if name == "IF":
            values = [self._of(each) for each in arguments]
            return _join(lambda so, then, otherwise: then if so else otherwise, *values)
        if name in FOLDS:
            if isinstance(arguments[0], ast.List):
                return self._fold(FOLDS[name], [self._of(each) for each in arguments[0].elts])
            series = self._of(arguments[0])
            values = list(series.values()) if isinstance(series, dict) else [series]
            return {instant: float(FOLDS[name](values)) for instant in self.grid} if values else {}
        plain = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}.get(name)
        if plain is None:
            raise Wrong(f"Unknown function: {name}")
        return _join(plain, self._of(arguments[0]))

    @staticmethod
    def _fold(fold, many):
        """SUM([m1, m2]) counts, at each instant, those that have data."""
        made = {}
        for instant in sorted({each for series in many if isinstance(series, dict) for each in series}):
            values = [series[instant] for series in many if isinstance(series, dict) and instant in series]
            made[instant] = float(fold(values))
        return made

    def _fill(self, series, how):
        if isinstance(how, ast.Name) and how.id == "REPEAT":
            made, last = {}, None
            for instant in self.grid:
                last = series.get(instant, last)
                if last is not None:
                    made[instant] = last
            return made
        number = self._of(how)
        return {instant: series.get(instant, float(number)) for instant in self.grid}
