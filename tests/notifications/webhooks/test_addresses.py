"""Facts go to the public internet and nowhere else, whatever a name says and whenever it changes its mind."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.notifications.webhooks.addresses import Forbidden, Rule
from services.notifications.webhooks.connecting import connect
from services.notifications.webhooks.exchange import Broken, Exchange
from services.notifications.webhooks.sending import Line, Request, tls
from tests.notifications.webhooks.receiver import receiver

PUBLIC = Rule(frozenset({443, 8443}))
HERE = Rule(frozenset({443}), loopback=True)

INSIDE = (
    "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b::a00:1",
    "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378::1", "2001:20::1", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%lo",
    "fec0::1", "ff02::1", "2a00:1450:4009:80b:0:5efe:7f00:1",
)  # fmt: skip
OUTSIDE = (
    "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "172.15.0.1", "192.0.1.1", "198.20.0.1",
    "223.255.255.255", "2001:4860:4860::8888", "2606:4700:4700::1111", "2a00:1450:4009:80b::200e",
)  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_no_address_of_the_public_internet_is_refused(address: str) -> None:
    with pytest.raises(Forbidden):
        PUBLIC.check([address])


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_one_is_allowed(address: str) -> None:
    PUBLIC.check([address])


def test_one_address_inside_is_enough_to_refuse_the_name() -> None:
    with pytest.raises(Forbidden):
        PUBLIC.check(["8.8.8.8", "10.0.0.1"])
    with pytest.raises(Forbidden):
        PUBLIC.check([])


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "ftp://hooks.example.org/",
        "https://hooks.example.org:22/",
        "https://hooks.example.org:5432/",
        "https://user:word@hooks.example.org/",
        "https://hooks.example.org/#part",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://localhost/",
        "https://nats/",
        "https://db.internal/",
        "https://printer.local/",
        "https:///nowhere",
        "https://hooks.example.org/\r\nX: y",
        "https://hooks.example.org\\@10.0.0.1/",
        "https://hööks.example.org/",
        "https://[half/",
        "nothing",
        "https://hooks.example.org/" + "x" * 2000,
    ],
)
def test_a_url_that_may_never_be_sent_to_is_refused_when_it_is_named(url: str) -> None:
    with pytest.raises(Forbidden):
        PUBLIC.check_url(url)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.org/in?x=1", "https://hooks.example.org:8443/", "https://1.1.1.1/"]
)
def test_a_public_url_is_taken(url: str) -> None:
    PUBLIC.check_url(url)


def test_this_machine_is_allowed_in_development_only_when_it_was_said_so() -> None:
    HERE.check_url("http://127.0.0.1:9999/x")
    HERE.check_url("http://localhost:9999/x")
    for url in ("http://127.0.0.1:9999/x", "http://localhost:9999/x"):
        with pytest.raises(Forbidden):
            PUBLIC.check_url(url)
    with pytest.raises(Forbidden):
        HERE.check_url("http://10.0.0.1/")
    with pytest.raises(Forbidden):
        HERE.check(["10.0.0.1"])


async def test_a_resolver_that_changes_its_mind_leads_nowhere_else() -> None:
    """DNS rebinding: what was checked is what is dialled, and the name is looked up once."""
    async with receiver() as inside:
        port = int(inside.url.rsplit(":", 1)[1].split("/")[0])
        answers = [["203.0.114.1"], ["127.0.0.1"]]
        asked: list[str] = []

        async def changing(host: str, port: int) -> list[str]:
            asked.append(host)
            return answers[min(len(asked) - 1, 1)]

        dialled: list[str] = []

        async def dialling(address: str, port: int, tls: object, host: str) -> Exchange:
            dialled.append(address)
            raise ConnectionRefusedError

        for refused in (Broken, Forbidden):
            with pytest.raises(refused):
                await connect(PUBLIC, "rebinds.example.org", port, None, resolve=changing, dial=dialling)
            assert dialled == ["203.0.114.1"]
        assert len(asked) == 2
        assert inside.got == []


async def sent(rule: Rule, url: str, resolve: object) -> str | None:
    line = Line(rule, tls(), resolve)  # type: ignore[arg-type]
    try:
        answer = await line.send(Request(url, UUID(int=1), 1, b"{}", ("whsec_AAAA",)))
    finally:
        await line.close()
    assert answer.status is None
    return answer.error


async def test_what_is_refused_is_said_and_never_raised() -> None:
    async def inside(host: str, port: int) -> list[str]:
        return ["8.8.8.8", "169.254.169.254"]

    async def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    url = "https://hooks.example.org/"
    assert "not of the public internet" in str(await sent(PUBLIC, url, inside))
    assert await sent(PUBLIC, url, unknown) == "the name is not known"
    assert "refused: only https" in str(await sent(PUBLIC, "http://hooks.example.org/", inside))


async def test_no_proxy_of_the_environment_comes_between(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiver() as proxy, receiver() as meant:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        line = Line(HERE, tls())
        answer = await line.send(Request(meant.url, UUID(int=1), 1, b"{}", ("whsec_AAAA",)))
        await line.close()
        assert answer.status == 200
        assert proxy.got == []


async def test_the_receiver_sees_the_name_and_not_the_address() -> None:
    async with receiver() as meant:
        port = meant.url.rsplit(":", 1)[1].split("/")[0]

        async def here(host: str, port: int) -> list[str]:
            return ["127.0.0.1"]

        line = Line(HERE, tls(), here)
        await line.send(Request(f"http://localhost:{port}/x", UUID(int=1), 1, b"{}", ("whsec_AAAA",)))
        await line.close()
        assert meant.got[0].headers["host"] == f"localhost:{port}"


def certificate(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server that has this name, and for whoever trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(
            who, who, key.public_key(), 7, now - timedelta(days=1), now + timedelta(days=1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(Encoding.PEM)
    (folder / "both.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + pem
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


async def test_the_certificate_has_to_be_the_names_although_an_address_is_dialled(tmp_path: Path) -> None:
    async def here(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    server, trusting = certificate("hooks.example.org", tmp_path)
    async with receiver(trust=server) as meant:
        port = int(meant.url.rsplit(":", 1)[1].split("/")[0])
        rule = Rule(frozenset({port}), loopback=True)
        answers = []
        for name, trust in (
            ("hooks.example.org", trusting),
            ("other.example.org", trusting),
            ("hooks.example.org", tls()),
        ):
            line = Line(rule, trust, here)
            url = f"https://{name}:{port}/x"
            answers.append(await line.send(Request(url, UUID(int=1), 1, b"{}", ("whsec_AAAA",))))
            await line.close()
    assert [one.status for one in answers] == [200, None, None]
    assert all("certificate is not good" in str(one.error) for one in answers[1:])
    assert len(meant.got) == 1
