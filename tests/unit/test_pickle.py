"""Models and errors leave for other places whole: pickles, copies, processes, other versions."""

from __future__ import annotations

import copy
import datetime as dt
import enum
import importlib
import multiprocessing
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
import pytest

import powens
from powens import UNSET, models
from powens._model import Day, Envelope, Flag, Model, OpenEnum, Since
from powens._unset import Unset
from powens._wire import error_of
from powens.exceptions import PowensError, PowensErrorCode, PowensHTTPError
from powens.models import User, UsersList

Anatomy = Callable[[object], object]

PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)


def with_protocol(protocol: int) -> Callable[[Any], Any]:
    return lambda value: pickle.loads(pickle.dumps(value, protocol))


JOURNEYS: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle {protocol}": with_protocol(protocol) for protocol in PROTOCOLS},
}

INDIA = dt.timezone(dt.timedelta(hours=5, minutes=30), "IST")
MOMENTS = [
    dt.datetime(2024, 10, 27, 2, 30, 0, 123456),  # noqa: DTZ001 - the API sends such
    dt.datetime(2024, 2, 29, 12, 34, 56, tzinfo=dt.UTC),
    dt.datetime(2024, 2, 29, 12, 34, 56, tzinfo=INDIA),
]
PLAIN: list[object] = [None, "text", 7, [Decimal("1.50"), {"a": (None, True)}], {"a": [1, {}]}]
EXAMPLES: dict[Any, list[object]] = {
    bool: [True, False],
    Flag: [True, False],
    int: [0, -7, 2**70],
    str: ["text", "", "\N{SNOWMAN}\x00\U0001f600"],
    Decimal: list(
        map(Decimal, ["0", "0E-10", "-0.00", "1.00", "1E+5", "12345678901234567890123456789.12345"])
    ),
    dt.date: [dt.date(2024, 2, 29)],
    Day: [dt.date(2024, 2, 29)],
    dt.datetime: MOMENTS,
    Since: [*MOMENTS, True, False],
    Unset: [UNSET],
    NoneType: [None],
    object: PLAIN,
}


@cache
def examples(type_: Any, depth: int = 0) -> Sequence[object]:
    """Values that a field of this type may hold, each of another sort."""
    if isinstance(type_, TypeVar):
        return examples(User, depth)
    match get_origin(type_) or type_:
        case origin if origin in EXAMPLES:
            return EXAMPLES[origin]
        case origin if origin in {Union, UnionType}:
            return [value for member in get_args(type_) for value in examples(member, depth)]
        case origin if origin in {tuple, Sequence}:
            items = examples(get_args(type_)[0], depth)
            return [tuple(items), ()]
        case origin if origin is Mapping:
            values = examples(get_args(type_)[1], depth)
            return [{f"key {n}": value for n, value in enumerate(values)}, {}]
        case origin if origin is Envelope:
            return variants(UsersList, depth + 1)
        case origin if issubclass(origin, enum.Enum):
            first, *_, last = (*origin, *origin)
            return [first, last, "never heard of"]
        case origin:
            return variants(origin, depth + 1)


@cache
def variants(model: type, depth: int = 0) -> Sequence[object]:
    """Instances of a model that among them hold every example of every field."""
    hints = get_type_hints(model)
    fields = {
        field.alias: examples(hints[field.name], depth)
        for field in attrs.fields(model)
        if field.default is attrs.NOTHING or depth < 2
    }
    most = max(map(len, fields.values()), default=1) if depth < 2 else 1
    return [
        model(**{alias: values[n % len(values)] for alias, values in fields.items()})
        for n in range(most)
    ]


def every_model() -> list[type]:
    classes = [getattr(models, name) for name in models.__all__]
    return [cls for cls in classes if isinstance(cls, type) and attrs.has(cls)]


def family(cls: type) -> Iterator[type]:
    yield cls
    for child in cls.__subclasses__():
        if child.__module__.startswith("powens"):
            yield from family(child)


def errors() -> list[PowensError]:
    """One of every error, with whatever it can hold."""
    body = {"code": "wrongpass", "amounts": [Decimal("1.50"), None], "nested": {"a": []}}
    made: list[PowensError] = []
    for cls in family(PowensError):
        if issubclass(cls, PowensHTTPError):
            error: PowensError = cls(
                status_code=418,
                error_code=PowensErrorCode.WRONGPASS,
                request_id="req-17",
                response_body=body,
                request_url="https://example.biapi.pro/2.0/users",
                headers={"retry-after": "1.5"},
                retry_after=1.5,
            )
        else:
            error = cls("what happened", 7, [1])
        error.add_note("seen by the caller")
        made.append(error)
    return made


def is_hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("model", every_model(), ids=lambda model: model.__name__)
def test_every_model_arrives_as_it_left(model: type, anatomy: Anatomy) -> None:
    for instance in variants(model):
        for journey in JOURNEYS.values():
            arrived = journey(instance)
            assert arrived is not instance
            assert anatomy(arrived) == anatomy(instance)
            assert arrived == instance
            assert repr(arrived) == repr(instance)
            assert is_hashable(arrived) is is_hashable(instance)
            if is_hashable(instance):
                assert hash(arrived) == hash(instance)


def test_a_deep_copy_of_a_model_shares_nothing_that_can_change() -> None:
    account = models.BankAccount(id=1, information={"rows": [1]})
    duplicate, shallow = copy.deepcopy(account), copy.copy(account)
    information: Any = account.information
    information["rows"].append(2)
    assert duplicate.information == {"rows": [1]}
    assert shallow.information is information


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS)
def test_what_is_shared_within_a_pickle_stays_shared(journey: Callable[[Any], Any]) -> None:
    user = User(id=1)
    first, second = journey([user, user])
    assert first is second


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS)
def test_unset_stays_itself(journey: Callable[[Any], Any]) -> None:
    assert journey(UNSET) is UNSET
    assert journey(models.ConnectorUpdateRequest()).hidden is UNSET


def test_another_process_needs_nothing_but_pickle(anatomy: Anatomy) -> None:
    objects = [*(row for model in every_model() for row in variants(model)), *errors()]
    program = (
        "import pickle, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "objects = [pickle.loads(each) for each in pickle.load(sys.stdin.buffer)]\n"
        "pickle.dump(objects, sys.stdout.buffer)"
    )
    place = Path(powens.__file__).parents[1]
    result = subprocess.run(
        [sys.executable, "-I", "-c", program, str(place)],
        input=pickle.dumps([pickle.dumps(each) for each in objects]),
        capture_output=True,
        check=True,
        timeout=60,
    )
    returned = pickle.loads(result.stdout)
    assert returned == objects
    assert list(map(anatomy, returned)) == list(map(anatomy, objects))


# Other versions of a model and of a list of codes


class Kind(OpenEnum):
    OLD = "old"


class LaterKind(OpenEnum):
    __qualname__ = "Kind"

    OLD = "old"
    NEW = "new"


@attrs.frozen(kw_only=True)
class Receipt(Model):
    id: int
    amount: Decimal | None = None
    gone: str | None = None
    kind: Kind | str | None = None


@attrs.frozen(kw_only=True)
class LaterReceipt(Model):
    __qualname__ = "Receipt"

    id: int
    amount: Decimal | None = None
    kind: LaterKind | str | None = None
    rows: Sequence[int] = attrs.Factory(tuple)
    _note: str | None = "none yet"


@attrs.frozen(kw_only=True)
class DemandingReceipt(Model):
    __qualname__ = "Receipt"

    id: int
    token: str


@pytest.fixture
def in_version(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Function that puts other classes in the place of `Receipt` and `Kind`."""

    def replace(**classes: type) -> None:
        for name, cls in classes.items():
            monkeypatch.setattr(sys.modules[__name__], name, cls)

    return replace


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_later_version_reads_what_an_earlier_one_wrote(
    protocol: int, in_version: Callable[..., None]
) -> None:
    old = Receipt(id=1, amount=Decimal("1.50"), gone="text", kind=Kind.OLD)
    written = pickle.dumps(old, protocol)
    in_version(Receipt=LaterReceipt, Kind=LaterKind)
    read = pickle.loads(written)
    assert read == LaterReceipt(id=1, amount=Decimal("1.50"), kind=LaterKind.OLD)
    assert (str(read.amount), read.kind, read.rows) == ("1.50", LaterKind.OLD, ())
    assert hash(read) == hash(copy.copy(read))


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_earlier_version_reads_what_a_later_one_wrote(
    protocol: int, in_version: Callable[..., None]
) -> None:
    earlier_receipt, earlier_kind = Receipt, Kind
    in_version(Receipt=LaterReceipt, Kind=LaterKind)
    new = LaterReceipt(id=1, kind=LaterKind.NEW, rows=(1,), note="text")
    written = pickle.dumps(new, protocol)
    in_version(Receipt=earlier_receipt, Kind=earlier_kind)
    read = pickle.loads(written)
    assert read == earlier_receipt(id=1, kind="new")
    assert type(read.kind) is str


def test_what_a_new_field_requires_is_not_made_up(in_version: Callable[..., None]) -> None:
    written = pickle.dumps(Receipt(id=1))
    in_version(Receipt=DemandingReceipt)
    with pytest.raises(TypeError, match="token"):
        pickle.loads(written)


def test_a_pickle_is_no_way_around_the_check_of_amounts() -> None:
    receipt = Receipt(id=1)
    object.__setattr__(receipt, "amount", Decimal("NaN"))
    written = pickle.dumps(receipt)
    with pytest.raises(ValueError, match="not an amount"):
        pickle.loads(written)


def test_a_code_of_another_version_is_a_plain_string(monkeypatch: pytest.MonkeyPatch) -> None:
    written = [pickle.dumps(PowensErrorCode.WRONGPASS, protocol) for protocol in PROTOCOLS]
    monkeypatch.setattr("powens.exceptions._CODES", {})
    read = [pickle.loads(each) for each in written]
    assert read == ["wrongpass"] * len(written)
    assert {type(code) for code in read} == {str}


# Errors between processes


@pytest.fixture
def workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module that a process which shares nothing with this one can import."""
    (tmp_path / "powens_workers.py").write_text(
        "def throw(error):\n"
        "    raise error\n"
        "\n"
        "def echo(incoming, outgoing):\n"
        "    for each in iter(incoming.get, None):\n"
        "        outgoing.put(each)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module("powens_workers")


def whole(error: PowensError) -> object:
    return type(error), str(error), error.args, vars(error)


def test_errors_come_out_of_a_process_pool_whole(workers: ModuleType) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        for error in errors():
            arrived = pool.submit(workers.throw, error).exception(timeout=60)
            assert isinstance(arrived, PowensError)
            assert whole(arrived) == whole(error)
            assert arrived == error
            assert "in throw" in str(arrived.__cause__)


def test_errors_and_models_go_through_queues_whole(workers: ModuleType, anatomy: Anatomy) -> None:
    sent = [*errors(), *variants(models.Transaction), *variants(models.Page)]
    spawn = multiprocessing.get_context("spawn")
    there, back = spawn.Queue(), spawn.Queue()
    process = spawn.Process(target=workers.echo, args=(there, back))
    process.start()
    try:
        for each in (*sent, None):
            there.put(each)
        arrived = [back.get(timeout=60) for _ in sent]
        process.join(60)
        assert process.exitcode == 0
    finally:
        process.kill()
        process.join()
        process.close()
        for queue in (there, back):
            queue.close()
            queue.join_thread()
    assert arrived == sent
    assert list(map(anatomy, arrived)) == list(map(anatomy, sent))


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 409, 418, 429, 500, 503])
@pytest.mark.parametrize("content", [b'{"code":"wrongpass","message":"m"}', b"<html>", b"", b"[]"])
def test_no_secret_of_the_request_travels_with_an_error(status: int, content: bytes) -> None:
    error = error_of(
        status=status,
        headers={"retry-after": "1", "content-type": "application/json"},
        content=content,
        method="POST",
        url="https://example.biapi.pro/2.0/users?access_token=c4n4ry&code=c4n4ry",
    )
    error.__context__ = ValueError("c4n4ry of a request")
    error.__cause__ = ValueError("c4n4ry of a request")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        written = pickle.dumps(error, protocol)
        assert b"c4n4ry" not in written
        assert pickle.loads(written) == error
    assert vars(error)["request_url"] == "https://example.biapi.pro/2.0/users"
