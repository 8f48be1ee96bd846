"""Labels come from what is known, and a score finds a true label true, a false one false, and a guess at chance."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from random import Random

import pytest
import torch

import workbench as wb
from workbench.decompose.architectures import ReLU
from workbench.explore import labelling
from workbench.explore.labelling import balanced, detection, explain, fuzzing, read_answers, read_label

KEY = "sk-secret-0123"
WORTHY = 0.8


@pytest.fixture(scope="module")
def documents() -> list[wb.world.Document]:
    kinds = ("facts", "story", "list", "indirect_object")
    return list(islice(wb.world.documents("test", 4, kinds=kinds, tongues=("en",)), 500))


@pytest.fixture(scope="module")
def index(documents: list[wb.world.Document], tmp_path_factory: pytest.TempPathFactory) -> wb.explore.Index:
    model, sae = wb.load(), wb.decompose.load()
    return wb.explore.index(
        model,
        sae,
        [document.text for document in documents],
        to=tmp_path_factory.mktemp("labelled") / "index",
        labels=[wb.world.labels(model, document) for document in documents],
        neurons=[],
        choice=wb.explore.Choice(each=2, near=4, negative=10),
    )


@pytest.fixture(scope="module")
def known(index: wb.explore.Index) -> dict[int, str]:
    """Features that are a concept, one for each concept, by measurement."""
    found: dict[str, int] = {}
    for feature in index.alive.tolist():
        best = index._concepts(feature, 1)
        if best and best[0].f1.value >= WORTHY and "." in best[0].concept and int(index.counts[feature]) >= 30:
            found.setdefault(best[0].concept, feature)
    return dict(list({feature: concept for concept, feature in found.items()}.items())[:6])


@pytest.fixture(scope="module")
def planted(
    documents: list[wb.world.Document], tmp_path_factory: pytest.TempPathFactory
) -> tuple[wb.explore.Index, dict[int, str]]:
    """An index of a dictionary whose first features fire on every token of a concept and on no other."""
    model = wb.load()
    labels = [wb.world.labels(model, document) for document in documents]
    ids = [model.tokens(document.text).ids[0, 1:].tolist() for document in documents]
    carried: dict[str, Counter[int]] = {}
    for token, here in (
        (i, names) for row, text in zip(ids, labels, strict=True) for i, names in zip(row, text, strict=True)
    ):
        for name in here:
            carried.setdefault(name, Counter())[token] += 1
    seen = Counter(token for row in ids for token in row)
    pure = [
        n
        for n, tokens in carried.items()
        if "." in n and tokens.total() >= 30 and all(seen[t] == k for t, k in tokens.items())
    ]
    rows = model.hf.get_input_embeddings().weight.detach()[list(seen)]
    sae = ReLU(d_model=model.d_model, width=64, site="embed").requires_grad_(False)
    known: dict[int, str] = {}
    for name in pure:
        has = torch.tensor([token in carried[name] for token in seen])
        w = torch.linalg.solve(rows.T @ rows + 1e-3 * torch.eye(model.d_model), rows[has].sum(0))
        if has.all():
            continue
        lowest, highest = (rows[has] @ w).min(), (rows[~has] @ w).max()
        if lowest > highest and len(known) < 6:
            sae.W_enc[len(known)], sae.b_enc[len(known)] = w, -(lowest + highest) / 2
            known[len(known)] = name
    index = wb.explore.index(
        model, sae, [document.text for document in documents], to=tmp_path_factory.mktemp("planted") / "index",
        labels=labels, neurons=[], choice=wb.explore.Choice(each=2, near=4, negative=10),
    )  # fmt: skip
    return index, known


class Oracle:
    """Judges by the labels of the documents: it looks up a text, and what its characters carry."""

    name = "oracle"

    def __init__(self, documents: list[wb.world.Document]) -> None:
        self.documents = {document.text.replace("\n", " ⏎ "): document for document in documents}
        self.prompts: list[str] = []

    def __call__(self, prompt: str) -> str:
        self.prompts.append(prompt)
        (label,) = re.findall(r"respond to this:\n\n    (.*)\n", prompt)
        return json.dumps([int(self.holds(label, text)) for text in contexts(prompt)])

    def holds(self, label: str, text: str) -> bool:
        """Whether the text holds the concept; where tokens are marked, whether each of them does."""
        plain = text.replace("«", "").replace("»", "")
        whole, document = next((whole, one) for whole, one in self.documents.items() if plain in whole)
        carried = self.characters(label, document)[whole.index(plain) :][: len(plain)]
        if "«" not in text:
            return any(carried)
        parts, at = [], 0
        for place, part in enumerate(re.split("[«»]", text)):
            parts += [any(carried[at : at + len(part)])] if place % 2 else []
            at += len(part)
        return all(parts)

    def characters(self, label: str, document: wb.world.Document) -> list[bool]:
        """Of every character, line ends as they are shown, whether it carries the concept."""
        carried = [False] * len(document.text)
        for span in document.spans:
            if label in wb.world.grammar.implied(span.concept):
                carried[span.start : span.stop] = [True] * (span.stop - span.start)
        ends = [3 if character == "\n" else 1 for character in document.text]
        return [one for one, n in zip(carried, ends, strict=True) for _ in range(n)]


def contexts(prompt: str) -> list[str]:
    return re.findall(r"^\d+\. (.*)$", prompt, flags=re.MULTILINE)


# ---- labels from what is known -------------------------------------------------------------------


@pytest.mark.slow
def test_concepts_name_the_features_that_tell_them(index: wb.explore.Index, known: dict[int, str]) -> None:
    named = wb.explore.label_by_concepts(index, known, least=WORTHY)
    assert {feature: label.text for feature, label in named.items()} == known
    for feature, label in named.items():
        f1 = index[feature].concepts[0].f1
        assert (label.how, label.scores["f1"]) == ("concept", [f1.value, f1.low, f1.high, f1.n])
        assert index.labels(feature)[0].text == label.text
    assert wb.explore.label_by_concepts(index, known, least=1.01) == {}


@pytest.mark.slow
def test_tokens_name_features_with_the_share_that_they_carry(index: wb.explore.Index, known: dict[int, str]) -> None:
    feature = next(iter(known))
    label = wb.explore.label_by_tokens(index, [feature], most=2)[feature]
    tokens = index[feature].tokens[:2]
    assert label.text == " · ".join(one.piece.strip() for one in tokens)
    assert label.scores["share"][0] == pytest.approx(sum(one.share for one in tokens))
    assert label.scores["share"][3] == int(index.counts[feature])


# ---- scores --------------------------------------------------------------------------------------


def scored(index: wb.explore.Index, known: dict[int, str], oracle: Oracle) -> dict[int, wb.explore.Label]:
    """The features labelled with what is known of them, and judged by the oracle."""
    labels = iter(known.values())
    return wb.explore.label_by_model(index, known, lambda _: f"Label: {next(labels)}", judge=oracle, name="known")


def mean(labels: dict[int, wb.explore.Label], score: str) -> wb.estimates.Estimate:
    return wb.estimates.mean([label.scores[score][0] for label in labels.values()])


@pytest.mark.slow
def test_an_oracle_finds_true_labels_true_and_another_s_label_false(
    planted: tuple[wb.explore.Index, dict[int, str]], documents: list[wb.world.Document]
) -> None:
    index, known = planted
    assert len(known) >= 4
    said = scored(index, known, Oracle(documents))
    for kind in ("detection", "fuzzing"):
        assert mean(said, kind).value > 0.95, kind
        assert mean(said, f"{kind}, another's label").value < 0.65, kind
    for feature, label in said.items():
        assert label.how == "model known"
        assert label.text == known[feature]
        for value, low, high, n in label.scores.values():
            assert 0 <= low <= value <= high <= 1
            assert n >= 8
        assert index.labels(feature)[0].scores["detection"] == pytest.approx(label.scores["detection"])


@pytest.mark.slow
def test_a_label_that_is_true_of_the_strongest_firings_alone_is_found_out(
    index: wb.explore.Index, known: dict[int, str], documents: list[wb.world.Document]
) -> None:
    """These features tell their concept with an F1 of .8 and more above a threshold, and other things below it."""
    oracle = Oracle(documents)
    said = scored(index, known, oracle)
    held: dict[bool, list[bool]] = {True: [], False: []}
    for feature, concept in known.items():
        for one in (*index[feature].of("quantile"), *index[feature].of("interval")):
            held[one.value > index[feature].concepts[0].threshold].append(oracle.holds(concept, labelling._plain(one)))
    above, below = (sum(held[side]) / len(held[side]) for side in (True, False))
    assert above > 0.8
    assert below < 0.4
    assert mean(said, "detection").value < 0.8
    assert mean(said, "detection").low > mean(said, "detection, another's label").value


@pytest.mark.slow
def test_a_liar_and_one_who_always_says_yes_score_at_chance(index: wb.explore.Index, known: dict[int, str]) -> None:
    rng = Random(0)

    def liar(prompt: str) -> str:
        n = int(re.findall(r"list of (\d+) numbers", prompt)[0])
        return str([rng.randint(0, 1) for _ in range(n)])

    def agreeable(prompt: str) -> str:
        return (
            "["
            + ", ".join(
                re.findall(r"list of (\d+)", prompt)[:1] and ["1"] * int(re.findall(r"of (\d+) num", prompt)[0])
            )
            + "]"
        )

    for score in (detection, fuzzing):
        guesses = [score(index, feature, known[feature], liar) for feature in known for _ in range(4)]
        mean = wb.estimates.mean([one.value for one in guesses])
        assert mean.low < 0.5 < mean.high
        assert 0.4 < mean.value < 0.6
        assert {score(index, feature, "any", agreeable).value for feature in known} == {0.5}
        assert score(index, next(iter(known)), "any", lambda _: "I cannot say.").value == 0  # no answer is no merit


@pytest.mark.slow
def test_a_label_is_not_scored_on_what_it_was_made_from(
    index: wb.explore.Index, known: dict[int, str], documents: list[wb.world.Document]
) -> None:
    feature = next(iter(known))
    prompts: list[str] = []
    explain(index[feature], lambda prompt: prompts.append(prompt) or "Label: x")
    oracle = Oracle(documents)
    detection(index, feature, known[feature], oracle)
    shown = set(contexts(prompts[0]))
    asked = {text for prompt in oracle.prompts for text in contexts(prompt)}
    assert shown
    assert not {text.replace("«", "").replace("»", "") for text in shown} & asked


@pytest.mark.slow
def test_negatives_are_texts_on_which_the_feature_is_silent(
    index: wb.explore.Index, known: dict[int, str], documents: list[wb.world.Document]
) -> None:
    feature = next(iter(known))
    read = {}

    def truth(prompt: str) -> str:
        texts = contexts(prompt)
        for text in texts:
            with torch.no_grad():
                read[text] = float(index.activations(text.replace(" ⏎ ", "\n"), [feature])[1].max())
        return json.dumps([int(read[text] > 0) for text in texts])

    score = detection(index, feature, "", truth)
    assert score.value > 0.9  # read anew without what stood before, a few differ
    assert score.n == len(read)


@pytest.mark.slow
def test_marks_stand_around_the_tokens_that_fire(index: wb.explore.Index, known: dict[int, str]) -> None:
    feature = next(iter(known))
    prompts: list[str] = []
    label = explain(index[feature], lambda prompt: prompts.append(prompt) or "I think…\nLabel: the word itself.")
    assert label == "the word itself"
    first = index[feature].of("top")[0]
    assert f"«{first.pieces[first.at].strip()}»" in prompts[0]
    strengths = [int(one) for one in re.findall(r" (\d+)[,)]", "".join(re.findall(r"^   (\(.*\))$", prompts[0], re.M)))]
    assert max(strengths) == 10
    assert min(strengths) >= 1
    with pytest.raises(ValueError, match=r"the model gave no label; it said '\.\.\.'"):
        explain(index[feature], lambda _: "...")


@pytest.mark.parametrize(
    ("answer", "n", "read"),
    [
        ("[1, 0, 1]", 3, [True, False, True]),
        ("Text 1 holds it, text 2 does not.\n```json\n[1,0]\n```", 2, [True, False]),
        ("<think>[0, 0]</think>[1, 1]", 2, [True, True]),
        ("1. Yes - it has one\n2. no\n3: YES", 3, [True, False, True]),
        ("[true, false]", 2, [True, False]),
        ("yes", 1, [True]),
        ("yes no", 3, None),
        ("", 1, None),
        ("Perhaps.", 2, None),
        ("[1, 0, 1] or rather [0, 0, 1]", 3, [False, False, True]),
    ],
)
def test_answers_are_read_however_they_are_written(answer: str, n: int, read: list[bool] | None) -> None:
    assert read_answers(answer, n) == read


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("Label: bridges", "bridges"),
        ("They are all…\n\n**Label:** *bridges in California*.", "bridges in California"),
        ("label: first\nLabel: second", "second"),
        ("the names of days", "the names of days"),
        ('<think>Label: no</think>\n"2 + 2 = 4"', "2 + 2 = 4"),
        ("Label: <b>" + "x" * 500, "b>" + "x" * 198),
    ],
)
def test_a_label_is_found_in_what_a_model_says(answer: str, label: str) -> None:
    assert read_label(answer) == label


def test_a_balanced_accuracy_has_the_interval_of_both_shares() -> None:
    """Covered in at least 93 of 100 draws, as an interval of 95 % should be."""
    rng, covered = Random(0), 0
    for _ in range(400):
        yes, no = ([rng.random() < p for _ in range(20)] for p in (0.8, 0.6))
        one = balanced(yes, no)
        assert one.value == pytest.approx((sum(yes) / 20 + sum(no) / 20) / 2)
        covered += one.low <= 0.7 <= one.high
    assert covered / 400 > 0.93
    assert balanced([True] * 5, [True] * 5).high == 1


# ---- who is asked --------------------------------------------------------------------------------


class Server(ThreadingHTTPServer):
    """Answers in a row, as (status, body, headers); remembers what it was asked."""

    def __init__(self, answers: list[tuple[int, str, dict[str, str]]]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = answers, []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers.get("Authorization"), body))
        status, said, headers = self.server.answers[min(len(self.server.asked), len(self.server.answers)) - 1]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(said.encode())), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.encode())

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def serve() -> Iterator:
    servers = []

    def start(*answers: tuple[int, str] | tuple[int, str, dict[str, str]]) -> Server:
        server = Server([(*one, {})[:3] for one in answers])
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def said(text: str) -> str:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]})


def chat(server: Server, **settings: object) -> wb.explore.Chat:
    return wb.explore.Chat(server.url, "tiny", key=KEY, timeout=5, **{"wait": lambda _: None} | settings)


def test_a_chat_asks_once_at_the_address_it_was_given(serve: object) -> None:
    server = serve((200, said("a «bridge» ⏎ ü")))
    assert chat(server, settings={"max_tokens": 9})("What?") == "a «bridge» ⏎ ü"
    ((path, key, body),) = server.asked
    assert path == "/v1/chat/completions"
    assert key == f"Bearer {KEY}"
    assert body == {
        "model": "tiny", "messages": [{"role": "user", "content": "What?"}], "temperature": 0, "max_tokens": 9,
    }  # fmt: skip
    whole = wb.explore.Chat(server.url + "/chat/completions/", "tiny")
    assert whole.address == server.url + "/chat/completions"
    whole("again")
    assert server.asked[-1][:2] == ("/v1/chat/completions", None)


def test_what_fails_for_a_moment_is_asked_again_after_longer_and_longer_waits(serve: object) -> None:
    server = serve((503, "busy"), (429, "slow down", {"Retry-After": "7"}), (500, "oops"), (200, said("yes")))
    waits: list[float] = []
    assert chat(server, wait=waits.append)("?") == "yes"
    assert waits == [1.0, 7.0, 4.0]
    waits.clear()
    server.answers[:] = [(429, "no", {"Retry-After": "86400"})]
    with pytest.raises(ConnectionError, match=r"answers 429: no\. 2 tries; try again later"):
        chat(server, wait=waits.append, tries=2)("?")
    assert waits == [60.0]


@pytest.mark.parametrize(
    ("status", "body", "error", "message"),
    [
        (401, f"bad key {KEY}", PermissionError, r"answers 401: bad key …\. Check key="),
        (404, "no such model", ValueError, r"answers 404: no such model\. Check the address and model='tiny'"),
        (200, "<html>hello</html>", ValueError, r"answered without choices\[0\]\.message\.content: <html>hello"),
        (200, '{"choices": []}', ValueError, "answered without choices"),
        (200, said("x").replace('"x"', "null"), ValueError, "answered without choices"),
    ],
)
def test_what_will_not_get_better_is_said_at_once_in_words(
    serve: object, status: int, body: str, error: type[Exception], message: str
) -> None:
    server = serve((status, body))
    with pytest.raises(error, match=message) as raised:
        chat(server, wait=lambda _: pytest.fail("it waited"))("?")
    assert len(server.asked) == 1
    assert KEY not in str(raised.value)


def test_no_redirection_is_followed_and_the_key_goes_nowhere_else(serve: object) -> None:
    elsewhere = serve((200, said("gotcha")))
    server = serve((302, "", {"Location": elsewhere.url}))
    with pytest.raises(ConnectionError, match="points elsewhere, and that is not followed"):
        chat(server)("?")
    assert elsewhere.asked == []


def test_nobody_there_and_no_address_are_named(serve: object) -> None:
    server = serve((200, ""))
    gone = wb.explore.Chat("http://127.0.0.1:9/v1", "tiny", key=KEY, tries=2, timeout=2, wait=lambda _: None)
    with pytest.raises(ConnectionError, match=r"9/v1/chat/completions does not answer \(.*refused.*\), 2 tries"):
        gone("?")
    for address in ("file:///etc/passwd", "localhost:8000", ""):
        with pytest.raises(ValueError, match="is no address to ask; give one that begins with http"):
            wb.explore.Chat(address, "tiny")
    assert KEY not in repr(chat(server))


@pytest.mark.slow
def test_a_chat_labels_and_judges(serve: object, index: wb.explore.Index, known: dict[int, str]) -> None:
    server = serve((200, said("Label: a word")))
    label = wb.explore.label_by_model(index, list(known)[:1], chat(server), scored=False)
    assert [one.how for one in label.values()] == ["model tiny"]
    assert [one.scores for one in label.values()] == [{}]
    assert "respond" in server.asked[0][2]["messages"][0]["content"]


def test_models_in_memory_can_be_asked(tmp_path: Path) -> None:
    assert wb.explore.Local(wb.load(), new_tokens=2)("12+34=") == "46"

    def pipeline(prompt: str, **settings: object) -> list[dict[str, str]]:
        assert settings == {"max_new_tokens": 5, "do_sample": False, "return_full_text": False}
        return [{"generated_text": prompt + " yes"}]

    assert wb.explore.Local(pipeline, new_tokens=5, name="p")("Well?") == " yes"
    with pytest.raises(TypeError, match="p gave a int; a pipeline gives"):
        wb.explore.Local(lambda *_, **__: 3, name="p")("Well?")


def test_no_secret_is_shown_whatever_is_given() -> None:
    chat = wb.explore.Chat("http://127.0.0.1:9/v1", "m", key=f"{KEY}\n", tries=1, timeout=2)
    assert chat.key == KEY
    with pytest.raises(ConnectionError) as told:
        chat("hello")
    assert KEY not in str(told.value) + repr(chat)
    for url in ("http://user:hunter2@host/v1", "http://host/v1?api-key=zzz"):
        with pytest.raises(ValueError, match="may hold a secret") as told:
            wb.explore.Chat(url, "m")
        assert not {"hunter2", "zzz"} & {*str(told.value).split()}
        assert "hunter2" not in str(told.value)
    with pytest.raises(ValueError, match="give the bare key"):
        wb.explore.Chat("http://host/v1", "m", key="a\nb")


@pytest.mark.slow
def test_what_fails_half_way_loses_no_label(index: wb.explore.Index) -> None:
    features = index.alive.tolist()[:4]
    asked: list[str] = []

    def fails(prompt: str) -> str:
        asked.append(prompt)
        if len(asked) == 4:
            raise ConnectionError("gone")
        return f"Label: number {len(asked)}"

    with pytest.raises(ConnectionError):
        wb.explore.label_by_model(index, features, fails, name="frail")
    kept = [[label.text for label in index.labels(feature) if label.how == "model frail"] for feature in features]
    assert kept == [["number 1"], ["number 2"], ["number 3"], []]


def test_prose_is_no_answer() -> None:
    assert read_answers("Text 1 holds it, the others: no.", 2) is None
    assert read_answers("yes, no", 2) == [True, False]
