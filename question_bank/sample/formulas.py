"""Exact arithmetic on formulas written as text: + - * / and the square root of a square."""

import ast
from collections.abc import Mapping
from fractions import Fraction
from math import isqrt

MOST_DECIMALS = 4
LARGEST = 10**7


class NoPlainValue(ValueError):
    """The formula has no value that could be printed as a short decimal."""


def evaluate(expression: str, values: Mapping[str, Fraction]) -> Fraction:
    """Reckon a formula exactly; raises NoPlainValue for a root or quotient that is not plain."""
    return _value(ast.parse(expression, mode="eval").body, values)


def _value(node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant(value=int(number)):
            return Fraction(number)
        case ast.Name(id=name):
            return values[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _combined(op, _value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id="sqrt"), args=[inner]):
            return _root(_value(inner, values))
        case _:
            raise NoPlainValue(ast.unparse(node))


def _combined(op: ast.operator, left: Fraction, right: Fraction) -> Fraction:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div() if right != 0:
            return left / right
        case _:
            raise NoPlainValue(type(op).__name__)


def _root(value: Fraction) -> Fraction:
    if value < 0:
        raise NoPlainValue(str(value))
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    if root * root != value:
        raise NoPlainValue(str(value))
    return root


def plain(value: Fraction) -> str:
    """Write a positive value as a short decimal; raises NoPlainValue if it has none."""
    scaled = value * 10**MOST_DECIMALS
    if value <= 0 or value > LARGEST or scaled.denominator != 1:
        raise NoPlainValue(str(value))
    whole, rest = divmod(scaled.numerator, 10**MOST_DECIMALS)
    digits = f"{rest:0{MOST_DECIMALS}d}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)
