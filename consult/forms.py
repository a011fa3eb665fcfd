"""Forms: what was typed, checked against a model, with its errors beside its values. No HTML."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, Field, ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message, Receive

from consult.config import Settings
from consult.errors import N_, DomainError, Invalid, TooLarge, Unsupported
from consult.web import platform_of

M = TypeVar("M", bound=BaseModel)
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]  # of a row: what both databases take
FORM_BYTES = 3_000_000  # of a request without its file; 100,000 Cyrillic letters take 600,000

TOO_MUCH = N_("This is more than can be taken at once. Nothing of it was kept.")

# What pydantic found, in words for the person who typed; anything else says "not understood".
SENTENCES = {
    "missing": N_("Please fill this in."),
    "string_too_short": N_("Please fill this in."),
    "string_too_long": N_("This is too long: at most {max_length} characters."),
    "literal_error": N_("Please choose one of the options."),
    "is_instance_of": N_("Please choose a file."),
    "enum": N_("Please choose one of the options."),
    "date_from_datetime_parsing": N_("Please enter a date, for example 2026-12-31."),
    "datetime_parsing": N_("Please enter a date and a time."),
    "datetime_from_date_parsing": N_("Please enter a date and a time."),
    "int_parsing": N_("Please enter a number."),
    "int_type": N_("Please enter a number."),
    "extra_forbidden": N_("There is no such field."),
    "value_error": "{error}",
}


class FieldError:
    """One thing wrong with one field: a translatable template and its values."""

    def __init__(self, field: str, message: str, params: dict[str, Any] | None = None) -> None:
        self.field = field
        self.message = message
        self.params = params or {}


class Form(Generic[M]):
    """What was typed (`raw`), the checked `value` once valid, and the errors to show.

    `labels` name the fields of errors where the form has several of a kind, such as files.
    """

    def __init__(self, raw: dict[str, Any] | None = None) -> None:
        self.raw: dict[str, Any] = raw or {}
        self.errors: list[FieldError] = []
        self.labels: dict[str, str] = {}
        self._value: M | None = None
        self._refusal = 422

    def __getitem__(self, field: str) -> Any:
        return self.raw.get(field, "")

    def error_of(self, field: str) -> FieldError | None:
        return next((error for error in self.errors if error.field == field), None)

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def status(self) -> int:
        """What to answer with: 200 for a fresh form, 422 for one with errors."""
        return self._refusal if self.errors else 200

    @property
    def value(self) -> M:
        if self._value is None:
            raise LookupError("the form was not checked, or has errors")
        return self._value

    def check(self, model: type[M]) -> "Form[M]":
        """Check what was typed against a model."""
        try:
            self._value = model.model_validate(self.raw)
        except ValidationError as failure:
            for error in failure.errors():
                sentence = SENTENCES.get(error["type"], N_("This was not understood."))
                field = str(error["loc"][0]) if error["loc"] else ""
                params = {**error.get("ctx", {})}
                reason = params.get("error")
                if isinstance(reason, DomainError):
                    sentence, params = reason.message, reason.params
                self.errors.append(FieldError(field, sentence, params))
        return self

    @contextmanager
    def attempt(self, session: Session, *, keep: int = 422) -> Iterator[None]:
        """Do something that a rule may refuse: the refusal becomes an error of the form.

        `keep` is another status to treat so (403, where long texts must not be lost).

        Nothing that was half done stays: the work runs in a savepoint.
        """
        try:
            with session.begin_nested():
                yield
        except DomainError as refusal:
            if refusal.status not in {409, 413, 415, 422, keep}:
                raise
            self._refusal = keep if refusal.status == keep else 422
            self.errors.append(FieldError(refusal.field or "", refusal.message, refusal.params))


class ReadJson:
    """Dependency: the fields of the JSON object that a program sent.

    Files in it may take `room` megabytes together (as base64: a third more). Raises Unsupported,
    TooLarge, Invalid.
    """

    def __init__(self, room: Callable[[Settings], int] = lambda _settings: 0) -> None:
        self.room = room

    async def __call__(self, request: Request) -> dict[str, Any]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
        if kind != "application/json":
            raise Unsupported("Please send JSON, as application/json.")
        most = FORM_BYTES + self.room(platform_of(request).settings) * 4_000_000 // 3
        await _refuse_too_much(request, most)
        body = await Request(request.scope, _counted(request.receive, most)).body()
        try:
            sent = json.loads(body)
        except (ValueError, RecursionError):
            raise Invalid("This is not JSON.") from None
        if not isinstance(sent, dict):
            raise Invalid("Please send a JSON object: {{…}}.")
        return {_clean_text(name): _whole_text(name, value) for name, value in sent.items()}


def _whole_text(name: str, value: Any) -> Any:
    """A text cleaned as one of a form; but whoever wrote half a letter is told, for what they are
    given a receipt of must be what they sent."""
    if not isinstance(value, str):
        return value
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Invalid("This was not understood.", field=_clean_text(name))
    return _clean_text(value)


class ReadForm:
    """Dependency that reads a form, of which files may take `room` megabytes together.

    More than that is refused before it fills memory or disk; how many files there may be, and how
    large each, is a rule of whoever takes them, so that the rest of the form can be kept.
    """

    def __init__(self, files: int, room: Callable[[Settings], int]) -> None:
        self.files = files
        self.room = room

    async def __call__(self, request: Request) -> AsyncIterator[dict[str, Any]]:
        if hasattr(request.state, "posted"):  # read before, to see whom it is counted against
            yield request.state.posted
            return
        most = _most_bytes(request, self.room(platform_of(request).settings))
        await _refuse_too_much(request, most)
        counted = Request(request.scope, _counted(request.receive, most))
        form: FormData = await counted.form(max_files=self.files, max_fields=1000)
        values: dict[str, Any] = {}
        for name in form:
            several = [_clean(value) for value in form.getlist(name)]
            values[name] = several if name.endswith("[]") else several[-1]
        request.state.posted = values
        try:
            yield values
        finally:
            await form.close()  # uploaded files


def _clean(value: str | UploadFile) -> str | UploadFile:
    """What was typed, without what no database keeps: NUL and halves of letters (surrogates)."""
    if isinstance(value, UploadFile):
        value.filename = _clean_text(value.filename or "")
        return value
    return _clean_text(value)


def _clean_text(value: str) -> str:
    return value.replace("\0", "").encode("utf-8", "replace").decode().strip()


def _most_bytes(request: Request, room: int) -> int:
    """How large a form may be: only one that is sent in parts can hold a file."""
    holds_file = request.headers.get("content-type", "").startswith("multipart/")
    return FORM_BYTES + (room * 1_000_000 if holds_file else 0)


async def _refuse_too_much(request: Request, most: int) -> None:
    """Raise TooLarge for a request that says it is larger than any form of ours may be.

    It is read to its end first: a browser that is still sending does not show the answer.
    """
    said = request.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said) > most:
        async for _ in request.stream():
            pass
        raise TooLarge(TOO_MUCH)


def _counted(receive: Receive, most: int) -> Receive:
    """Cuts off a request that did not say how large it is: no browser sends such a form."""
    taken = 0

    async def receive_counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLarge(TOO_MUCH)
        return message

    return receive_counted


Sent = Annotated[dict[str, Any], Depends(ReadJson())]
Posted = Annotated[dict[str, Any], Depends(ReadForm(2, lambda settings: settings.max_upload_mb))]
Upload = UploadFile
