"""F28: a one-stop system whose certificate is not good is refused, whatever the reason."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dossier_client.models import Found, Unavailable
from dossier_client.settings import Timings, UpstreamSettings
from tests.contract.upstreams import CODE, DOSSIER, RawUpstream, as_json, client_of, sends

DAY = timedelta(days=1)


class Authority:
    """A certificate authority that lives as long as one test."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = (
            self._about(self._name, self._key, DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, host: str, until: timedelta) -> ssl.SSLContext:
        """What a server for *host* presents; *until* counts from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._about(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key, until)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        file = self._folder / "server.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _about(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, until: timedelta) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 10 * DAY)
            .not_valid_after(now + until)
        )


def settings_of(url: str, ca_file: str) -> UpstreamSettings:
    return UpstreamSettings(name="one", base_url=url, heads=("H05",), ca_file=ca_file)


@pytest.mark.parametrize(
    ("host", "until", "trusted", "good"),
    [
        pytest.param("localhost", DAY, True, True, id="good"),
        pytest.param("localhost", -DAY, True, False, id="expired"),
        pytest.param("other.example", DAY, True, False, id="for another host"),
        pytest.param("localhost", DAY, False, False, id="of another authority"),
    ],
)
async def test_certificate(tmp_path: Path, host: str, until: timedelta, *, trusted: bool, good: bool) -> None:
    authority, stranger = Authority(tmp_path, "authority"), Authority(tmp_path, "stranger")
    reply, certificate = sends(as_json(DOSSIER)), authority.server(host, until)
    ca_file = str((authority if trusted else stranger).file)
    async with (
        RawUpstream(reply, certificate) as upstream,
        client_of(settings_of(upstream.url, ca_file), timings=Timings()) as client,
    ):
        answer = await client.find(CODE)
        assert isinstance(answer, Found) if good else answer == Unavailable("one")
        assert bool(upstream.requests) is good
        assert client.health()["one"].counts["tls" if not good else "calls"] == 1


async def test_without_a_ca_file_the_machine_decides(tmp_path: Path) -> None:
    certificate = Authority(tmp_path, "authority").server("localhost", DAY)
    async with (
        RawUpstream(sends(as_json(DOSSIER)), certificate) as upstream,
        client_of(settings_of(upstream.url, "")) as client,
    ):
        assert await client.find(CODE) == Unavailable("one")
        assert upstream.requests == []


class Mute(asyncio.Protocol):
    """Accepts and says nothing: a handshake never ends."""


async def test_a_handshake_that_hangs() -> None:
    server = await asyncio.get_running_loop().create_server(Mute, "127.0.0.1", 0)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    timings = Timings(look_up_s=30, connect_s=0.1)
    async with client_of(settings_of(url, ""), timings=timings) as client:
        assert await client.find(CODE) == Unavailable("one")
        assert client.health()["one"].counts["connect"] == 1
    server.close()


async def test_a_ca_file_that_cannot_be_read_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        async with client_of(settings_of("https://localhost", str(tmp_path / "missing.pem"))):
            pass
