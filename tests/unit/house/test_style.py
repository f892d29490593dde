"""House rules that no linter knows: sizes, names, the shape of rule files, time and chance below the doors, hosts."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
PACKAGE = PROJECT / "src" / "tradewright"
RULES = tuple(PACKAGE / room / "rules" for room in ("simulation", "risk", "engine"))

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "tools", "stuff"}

# The doors and what stands above them may look at the clock; the adapters bring in the real clock and the real ids.
DOORS = {"api", "agents", "venue", "face", "cli", "testing", "adapters", "examples"}
FORBIDDEN_CALLS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.localtime",
    "os.urandom", "uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4", "pd.Timestamp.now", "Timestamp.now",
}  # fmt: skip
SEEDED = {"Generator", "SeedSequence", "BitGenerator", "PCG64", "PCG64DXSM", "Philox", "Random"}
ARRAY_WORDS = re.compile(r"\b(ndarray|NDArray|ArrayLike|\w*Array|list|tuple|Sequence|memoryview|Bars)\b")


def modules(folder: Path = PACKAGE) -> list[Path]:
    """Every source file below a folder."""
    return sorted(folder.rglob("*.py"))


def below_the_doors() -> list[Path]:
    """Every source file of a room in which neither clock nor chance may be asked."""
    return [path for path in modules() if path.relative_to(PACKAGE).parts[0] not in DOORS]


def place(path: Path) -> str:
    """Where a file lies inside the package."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and nested ones included."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length_without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function from its first statement after the docstring to its last, and its signature."""
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    signature = function.body[0].lineno - function.lineno
    return (function.end_lineno or 0) - first.lineno + 1 + signature


def dotted(node: ast.expr) -> str:
    """A chain of attributes as it is written, or nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def asks_clock_or_chance(call: ast.Call) -> bool:
    """Whether a call reads the wall clock, draws from shared or unseeded chance, or makes an identifier."""
    name = dotted(call.func)
    if any(name == banned or name.endswith("." + banned) for banned in FORBIDDEN_CALLS):
        return True
    owner, _, last = name.rpartition(".")
    if last == "default_rng":
        return not call.args and not call.keywords
    return owner.rpartition(".")[2] == "random" and last not in SEEDED


def public(nodes: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Public functions and classes of a body, and the public methods of those classes."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


def is_overload_or_override(node: ast.AST) -> bool:
    """Whether a function is a typing overload, or keeps the promise of the method it overrides."""
    return any(dotted(d).rpartition(".")[2] in {"overload", "override"} for d in getattr(node, "decorator_list", []))


def written_files() -> list[Path]:
    """Every text file that is, or is about to be, part of the project."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = (PROJECT / line for line in listing.stdout.splitlines())
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Every place in the project where a pattern is written, this file left out."""
    return [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()[:100]}"
        for path in written_files()
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


# ---------------------------------------------------------------- sizes and names


def test_no_module_is_longer_than_a_newcomer_reads() -> None:
    lengths = {place(path): path.read_text(encoding="utf-8").count("\n") for path in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{place(path)}:{function.name}": length_without_docstring(function)
        for path in modules()
        for function in functions(path)
        if length_without_docstring(function) > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_module_is_named_for_want_of_an_idea() -> None:
    assert [
        place(path) for path in modules() if EMPTY_NAMES & set(path.with_suffix("").relative_to(PACKAGE).parts)
    ] == []


def test_every_package_says_what_it_is_for_and_what_it_offers() -> None:
    silent = []
    for path in modules():
        if path.name != "__init__.py":
            continue
        names = {dotted(target) for node in tree(path).body if isinstance(node, ast.Assign) for target in node.targets}
        names |= {dotted(node.target) for node in tree(path).body if isinstance(node, ast.AnnAssign)}
        if not ast.get_docstring(tree(path)) or "__all__" not in names:
            silent.append(place(path))
    assert silent == []


def test_everything_public_has_a_docstring() -> None:
    bare = [
        f"{place(path)}:{name}"
        for path in modules()
        for name, node in public(tree(path).body)
        if not ast.get_docstring(node) and not is_overload_or_override(node)  # type: ignore[arg-type]
    ]
    assert bare == []


# ---------------------------------------------------------------- time and chance


def test_time_chance_and_identifiers_are_passed_in_below_the_doors() -> None:
    asked = [
        f"{place(path)}:{call.lineno}: {dotted(call.func)}"
        for path in below_the_doors()
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and asks_clock_or_chance(call)
    ]
    assert asked == []


@pytest.mark.parametrize(
    "text",
    [
        "datetime.now()", "datetime.datetime.now(tz=UTC)", "time.time()", "time.time_ns()", "uuid4()", "uuid.uuid4()",
        "random.random()", "np.random.rand(3)", "np.random.default_rng()", "numpy.random.seed(1)",
    ],
)  # fmt: skip
def test_a_reading_of_clock_or_chance_is_recognised(text: str) -> None:
    assert asks_clock_or_chance(ast.parse(text, mode="eval").body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["np.random.default_rng(seed)", "rng.random()", "self.rng.normal()", "clock.now()", "time.perf_counter()"]
)
def test_what_is_passed_in_or_seeded_is_allowed(text: str) -> None:
    assert not asks_clock_or_chance(ast.parse(text, mode="eval").body)  # type: ignore[arg-type]


# ---------------------------------------------------------------- rule files, which run interpreted and compiled


def rule_files() -> list[Path]:
    """The files whose text is also compiled."""
    return [path for folder in RULES for path in modules(folder) if path.name != "__init__.py"]


def test_every_room_of_rules_has_rule_files() -> None:
    assert {path.parent for path in rule_files()} == set(RULES)


def test_rules_neither_raise_to_a_power_nor_sum() -> None:
    """`**` and `sum` may round differently when compiled; products and loops do not."""
    loose = [
        f"{place(path)}:{node.lineno}"
        for path in rule_files()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow))
        or (isinstance(node, ast.Call) and dotted(node.func) in {"sum", "pow", "math.pow", "math.fsum", "math.sumprod"})
    ]
    assert loose == []


def base(path: Path, level: int) -> tuple[str, ...]:
    """The package that a relative import of a file starts from; nothing for an absolute one."""
    return ("tradewright", *path.relative_to(PACKAGE).parts[:-level]) if level else ()


def imports_at_run_time(path: Path) -> Iterator[str]:
    """The modules that a file imports when it runs: what stands under `if TYPE_CHECKING` is left out."""
    guarded = {
        inner
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If) and dotted(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree(path)):
        if node in guarded:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield ".".join(filter(None, [*base(path, node.level), node.module]))


def test_rules_import_only_mathematics_constants_and_each_other() -> None:
    allowed = re.compile(r"__future__|typing|math|tradewright\.(simulation|risk)\.(rules\..*|.*constants)")
    foreign = [
        f"{place(path)}: {name}"
        for path in rule_files()
        for name in imports_at_run_time(path)
        if not allowed.fullmatch(name)
    ]
    assert foreign == []


def test_no_rule_calls_itself_even_through_others() -> None:
    """Machine code of functions that do is lost on the way through the cache."""
    calls = {
        function.name: {dotted(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
        for path in rule_files()
        for function in functions(path)
    }
    # Taking away again and again what calls nothing that is left leaves only circles.
    while leaves := {name for name, called in calls.items() if not called & calls.keys()}:
        calls = {name: called for name, called in calls.items() if name not in leaves}
    assert sorted(calls) == []


def test_rules_take_records_and_scalars_never_arrays() -> None:
    arrays = [
        f"{place(path)}:{function.name}({argument.arg})"
        for path in rule_files()
        for function in functions(path)
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        if argument.annotation and ARRAY_WORDS.search(ast.unparse(argument.annotation))
    ]
    assert arrays == []


# ---------------------------------------------------------------- tests


def test_no_test_sleeps() -> None:
    sleeping = [
        f"{path.relative_to(PROJECT)}:{call.lineno}"
        for path in modules(PROJECT / "tests")
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and dotted(call.func) in {"sleep", "time.sleep"}
    ]
    assert sleeping == []


# ---------------------------------------------------------------- the project speaks of itself alone


def test_no_file_names_a_place_on_one_machine() -> None:
    machine = re.compile(r"(?<![\w.~$}/])/(?:work|tmp|root|home|Users)/\w")
    assert lines_with(machine) == []


def test_no_file_names_the_host_of_a_package_index() -> None:
    hosts = "|".join(["py" + r"pi\.org", "python" + "hosted", "registry" + r"\.npmjs", "index" + "-url" + r"[= ]\S*//"])
    assert lines_with(re.compile(hosts)) == []
