"""Parts by name: decorators, entry points of packages, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from tradewright.domain.errors import ConfigError, StrategyError
from tradewright.domain.plugins import KEPT_MODULES, Registry, place_of

GROUP = "example.colours"


class Red:
    pass


class Blue:
    pass


@pytest.fixture
def colours():
    return Registry[type]("colour", GROUP)


@pytest.fixture
def install(monkeypatch):
    """Make entry points appear as those of installed packages."""
    points = []
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points if group == GROUP else [])

    def give(name, value):
        points.append(EntryPoint(name, value, GROUP))

    return give


def here(name):
    return f"{__name__}:{name}"


def test_a_decorated_part_is_given_back_by_its_name(colours):
    assert colours.register("red")(Red) is Red
    assert colours.get("red") is Red
    assert colours.names() == ("red",)
    assert "red" in colours
    assert colours.name_of(Red) == "red"
    assert colours.name_of(Blue) is None


def test_a_part_written_anew_takes_the_place_of_its_predecessor(colours):
    def cell():
        class Green:
            pass

        return Green

    colours.add("green", cell())
    newer = cell()
    colours.add("green", newer)
    assert colours.get("green") is newer


def test_a_file_loaded_again_replaces_its_own_part(colours, tmp_path):
    import importlib.util

    def loaded(module):
        (tmp_path / "mine.py").write_text("class Green:\n    pass\n")
        spec = importlib.util.spec_from_file_location(module, tmp_path / "mine.py")
        made = importlib.util.module_from_spec(spec)
        sys.modules[module] = made
        spec.loader.exec_module(made)
        return made.Green

    older, newer = loaded("mine_as_it_was"), loaded("mine_as_it_is")
    colours.add("green", older)
    colours.add("green", newer)
    assert colours.get("green") is newer
    del sys.modules["mine_as_it_was"], sys.modules["mine_as_it_is"]


def test_a_part_of_a_kept_text_leaves_its_name_to_others(colours):
    then = type("Red", (), {"__module__": f"{KEPT_MODULES}0123"})
    newer = type("Red", (), {"__module__": f"{KEPT_MODULES}4567"})
    colours.add("red", then)
    colours.add("red", newer)
    assert colours.get("red") is then
    colours.add("red", Red)
    colours.add("red", then)
    assert colours.get("red") is Red


def test_a_second_part_of_the_name_is_refused_naming_both(colours):
    colours.add("red", Red)
    with pytest.raises(ConfigError, match=r"'red' is already the colour .*:Red, so .*:Blue cannot take the name"):
        colours.add("red", Blue)
    assert colours.get("red") is Red


@pytest.mark.parametrize("name", ["", "a:b", "a b", "1st", "a/b"])
def test_a_name_that_options_could_not_carry_is_refused(colours, name):
    with pytest.raises(ConfigError, match="cannot be the name of a colour"):
        colours.add(name, Red)


def test_an_unknown_name_is_refused_with_the_nearest(colours):
    colours.add("crimson", Red)
    with pytest.raises(ConfigError, match=r"^There is no colour 'crimsom'\. Did you mean 'crimson'\?$"):
        colours.get("crimsom")
    with pytest.raises(ConfigError, match=r"^There is no colour 'xyz'\.$"):
        colours.get("xyz")


def test_where_no_name_is_near_the_hint_says_what_to_do():
    shades = Registry[type]("shade", GROUP, hint="Name one.", error=StrategyError)
    with pytest.raises(StrategyError, match=r"^There is no shade 'xyz'\. Name one\.$"):
        shades.get("xyz")


def test_what_does_not_fit_is_refused_with_the_reason():
    short = Registry[str]("word", GROUP, flaw=lambda value: None if len(value) < 5 else "it is too long")
    short.add("brief", "brev")
    with pytest.raises(ConfigError, match="cannot be the word 'long': it is too long"):
        short.add("long", "extended")


# Installed packages.


def test_an_installed_package_gives_a_part_by_entry_point(colours, install):
    install("red", here("Red"))
    assert colours.names() == ("red",)
    assert colours.get("red") is Red


def test_a_part_of_a_package_knows_its_name_before_anyone_asked_for_it(colours, install):
    install("broken", "tests.no_such_module:Red")
    install("red", here("Red"))
    install("other", "elsewhere:Blue")
    assert colours.name_of(Red) == "red"
    assert colours.name_of(Blue) is None


def test_a_package_installed_after_the_first_look_is_found(colours, install):
    assert colours.names() == ()
    install("red", here("Red"))
    assert colours.get("red") is Red


def test_a_package_seen_twice_is_one(colours, install):
    install("red", here("Red"))
    install("red", here("Red"))
    assert colours.get("red") is Red


def test_two_packages_with_one_name_are_refused_naming_both(colours, install):
    install("red", here("Red"))
    install("red", here("Blue"))
    for _ in range(2):
        with pytest.raises(ConfigError, match=r"The colour 'red' is both .*:Red and .*:Blue of a package"):
            colours.get("red")


def test_a_package_may_not_take_the_name_of_what_is_here(colours, install):
    colours.add("red", Red)
    install("red", here("Blue"))
    with pytest.raises(ConfigError, match=r"'red' is both .*:Red and .*:Blue of a package"):
        colours.get("red")


def test_where_parts_are_listed_what_is_here_stays_and_the_package_is_named(colours, install):
    colours.add("red", Red)
    install("red", here("Blue"))
    assert colours.values() == {"red": Red}
    assert len(colours.faults()) == 1


def test_a_name_that_two_packages_give_is_listed_for_neither(colours, install):
    install("red", here("Red"))
    install("red", here("Blue"))
    assert colours.values() == {}


def test_a_part_that_is_decorated_and_an_entry_point_is_one(colours, install):
    colours.add("red", Red)
    install("red", here("Red"))
    assert colours.get("red") is Red


def test_a_broken_package_is_named_and_leaves_the_others_alone(colours, install):
    install("red", here("Red"))
    install("broken", "no_such_package:Red")
    sentence = r"The colour 'broken' of an installed package \(no_such_package:Red\) cannot be loaded: No module named"
    assert colours.values() == {"red": Red}
    assert len(colours.faults()) == 1
    with pytest.raises(ConfigError, match=sentence):
        colours.get("broken")


def test_a_package_that_ends_the_process_or_fails_is_asked_once(colours, install, tmp_path, monkeypatch):
    (tmp_path / "leaving.py").write_text("import sys\nsys.leavings = getattr(sys, 'leavings', 0) + 1\nsys.exit(3)\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "leavings", 0, raising=False)
    install("leaving", "leaving:Red")
    for _ in range(2):
        with pytest.raises(ConfigError, match=r"'leaving' of an installed package \(leaving:Red\) cannot be loaded: 3"):
            colours.get("leaving")
    assert sys.leavings == 1


def test_names_of_packages_are_told_from_those_given_here(colours, install):
    colours.add("blue", Blue)
    install("red", here("Red"))
    assert colours.packaged() == ("red",)
    assert colours.names() == ("blue", "red")


def test_what_a_package_gives_must_fit(install):
    install("red", here("Red"))
    words = Registry[str]("word", GROUP, flaw=lambda value: None if isinstance(value, str) else "it is no text")
    with pytest.raises(ConfigError, match=r":Red cannot be the word 'red': it is no text"):
        words.get("red")


def test_the_distribution_is_named_where_it_is_known(tmp_path, monkeypatch):
    record = tmp_path / "my_colours-1.2.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: my-colours\nVersion: 1.2\n")
    (record / "entry_points.txt").write_text("[example.shades]\nbroken = no_such_package:Red\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match=r"\(my-colours 1\.2, no_such_package:Red\) cannot be loaded"):
        Registry[type]("shade", "example.shades").get("broken")


def test_nothing_is_looked_up_at_import():
    code = "import sys, tradewright.domain.plugins; print('importlib.metadata' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_a_place_is_module_and_name():
    assert place_of(Red) == f"{Red.__module__}:Red"
