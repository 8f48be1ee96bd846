"""Who can be asked in words: a model behind an address that you give, or one in memory.

Anything that takes a prompt and gives an answer will do, `ask: Callable[[str], str]`; these are two such.
`Chat` is the only part of exploring that opens a connection: to the address it was given, when it is asked, and to
no other, for it follows no redirection. Nothing here knows what is asked.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..model import Model

Ask = Callable[[str], str]
"""A prompt in, an answer out."""

AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""Statuses after which it is worth trying again."""
LARGEST = 10_000_000
"""Bytes of an answer that are read."""
LONGEST_WAIT = 60.0
"""Seconds between two tries, whatever a server asks for."""


@dataclass
class Chat:
    """A model behind any address that speaks chat completions (vLLM, llama.cpp, Ollama, hosted ones).

    Every prompt is a talk of its own. What fails for a moment (a timeout, a refused connection, "too many requests")
    is tried again after 1, 2, 4, … seconds, or as long as the server asks, at most a minute.

    Args:
        url: the address, such as "http://localhost:8000/v1"; "/chat/completions" is added where it is missing.
        model: what the server calls it.
        key: sent as a bearer token, and never shown, in no error either.
        timeout: seconds for an answer.
        tries: how often at most.
        settings: sent along, such as {"max_tokens": 200}.
        wait: what is called with the seconds to wait.

    Raises:
        ValueError: an address that is neither http nor https, or holds a user or a query; a key no header can hold.

    Example:
        >>> import workbench as wb
        >>> wb.explore.Chat("http://localhost:8000/v1", "llama", key="secret")
        Chat(llama at http://localhost:8000/v1/chat/completions)
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    tries: int = 4
    settings: dict[str, Any] = field(default_factory=dict)
    wait: Callable[[float], None] = field(default=time.sleep, repr=False)

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError(f"{self.url!r} is no address to ask; give one that begins with http:// or https://")
        if "@" in self.url or "?" in self.url or "#" in self.url:
            raise ValueError("an address with a user, a query or a fragment may hold a secret, and is shown: give key=")
        if self.key is not None:
            self.key = self.key.strip()  # one that was read from a file ends in a line break
            if not self.key.isascii() or not self.key.isprintable():
                raise ValueError("the key holds what no header can; give the bare key")

    def __repr__(self) -> str:
        return f"Chat({self.model} at {self.address})"

    @property
    def name(self) -> str:
        """What labels are signed with."""
        return self.model

    @property
    def address(self) -> str:
        """Where prompts are sent."""
        url = self.url.rstrip("/")
        return url if url.endswith("/chat/completions") else f"{url}/chat/completions"

    def __call__(self, prompt: str) -> str:
        """Ask, and wait for the answer.

        Raises:
            ConnectionError: nobody answers, or only refusals, after all tries. PermissionError: the key is not taken.
            ValueError: the server does not take the question, or its answer holds no text.
        """
        for number in range(self.tries):
            status, body, after = self._send(prompt)
            if status == 200:
                return self._text(body)
            if status and status not in AGAIN:
                break
            if number < self.tries - 1:
                self.wait(min(LONGEST_WAIT, after if after is not None else 2.0**number))
        raise self._refusal(status, body)

    def _send(self, prompt: str) -> tuple[int, str, float | None]:
        """The status (0 where nobody answers), the body, and for how many seconds the server asks to wait."""
        import urllib.error
        import urllib.request

        class NoRedirection(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_: Any) -> None:
                return None

        asked = {"model": self.model, "messages": [{"role": "user", "content": prompt}], "temperature": 0}
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        data = json.dumps(asked | self.settings).encode()
        request = urllib.request.Request(self.address, data=data, headers=headers, method="POST")
        opener = urllib.request.build_opener(NoRedirection, urllib.request.ProxyHandler({}))  # to nobody else
        try:
            with opener.open(request, timeout=self.timeout) as answer:
                return answer.status, answer.read(LARGEST).decode("utf-8", "replace"), None
        except urllib.error.HTTPError as error:
            with error:
                body = error.read(LARGEST).decode("utf-8", "replace")
            return error.code, body, _seconds(error.headers.get("Retry-After"))
        except (OSError, ValueError) as error:  # refused, cut off, timed out, no such host, no such port
            return 0, str(getattr(error, "reason", error) or type(error).__name__), None
        except Exception as error:  # http.client has exceptions of its own for what is no HTTP
            return 0, f"{type(error).__name__}: {error}", None

    def _text(self, body: str) -> str:
        try:
            text = json.loads(body)["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError):
            text = None
        if not isinstance(text, str):
            raise ValueError(f"{self.address} answered without choices[0].message.content: {self._shown(body)}")
        return text

    def _refusal(self, status: int, body: str) -> Exception:
        if not status:
            return ConnectionError(
                f"{self.address} does not answer ({self._shown(body)}), {self.tries} tries; is the server running, "
                f"and is the address right?"
            )
        said = f"{self.address} answers {status}: {self._shown(body)}"
        if status in (401, 403):
            return PermissionError(f"{said}. Check key=")
        if 300 <= status < 400:
            return ConnectionError(f"{said}. It points elsewhere, and that is not followed: give the final address")
        if status in AGAIN:
            return ConnectionError(f"{said}. {self.tries} tries; try again later")
        return ValueError(f"{said}. Check the address and model={self.model!r}")

    def _shown(self, body: str) -> str:
        """The beginning of what a server said, without the key, should it repeat it."""
        if self.key:
            body = body.replace(self.key, "…")
        return " ".join(body.split())[:300] or "nothing"


def _seconds(said: str | None) -> float | None:
    try:
        return max(0.0, float(said)) if said else None
    except ValueError:  # a date
        return None


@dataclass(frozen=True)
class Local:
    """A model in memory: one of the workbench, or a pipeline that takes a prompt and generates.

    Args:
        model: a `wb.Model`; or anything that is called as a Hugging Face text-generation pipeline is.
        new_tokens: how many are generated at most.
        name: what labels are signed with; the model's own name by default.

    Example:
        >>> import workbench as wb
        >>> wb.explore.Local(wb.load(), new_tokens=2)("12+34=")
        '46'
    """

    model: Any
    new_tokens: int = 200
    name: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            own = getattr(self.model, "name", None) or getattr(getattr(self.model, "model", None), "name_or_path", None)
            object.__setattr__(self, "name", str(own or type(self.model).__name__))

    def __call__(self, prompt: str) -> str:
        """Ask, greedily.

        Raises:
            TypeError: what the pipeline gives is no text.
        """
        if isinstance(self.model, Model):
            tokens = self.model.generate(_as_talk(self.model, prompt), new_tokens=self.new_tokens)
            return "".join(str(token) for token in tokens)
        said = self.model(prompt, max_new_tokens=self.new_tokens, do_sample=False, return_full_text=False)
        said = said[0] if isinstance(said, list) and said else said
        said = said.get("generated_text") if isinstance(said, dict) else said
        if not isinstance(said, str):
            raise TypeError(f"{self.name} gave a {type(said).__name__}; a pipeline gives [{{'generated_text': …}}]")
        return said.removeprefix(prompt)


def _as_talk(model: Model, prompt: str) -> str:
    """The prompt as a talk, where the tokenizer knows how a talk looks."""
    tokenizer = model.tokenizer
    if not getattr(tokenizer, "chat_template", None):
        return prompt
    talk = [{"role": "user", "content": prompt}]
    text = tokenizer.apply_chat_template(talk, tokenize=False, add_generation_prompt=True)
    return text.removeprefix(tokenizer.bos_token or "")
