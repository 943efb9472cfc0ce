"""OCSP responses beside the certificate: stapled while they hold, told when they are wrong, and nothing is fetched."""

import re
import subprocess

from kit import *
from test_certificates import put, status


class Stapled:
    """A certificate of the CA with its chain, and what the CA says about it."""

    def __init__(self, folder: Path):
        tls = Path(os.environ["SCIM_CA"]).parent
        self.folder, self.ca, self.ca_key, self.key = folder, tls / "ca.pem", tls / "ca.key", tls / "server.key"
        self.leaf, self.chain, self.response = tls / "server.pem", folder / "chain.pem", folder / "tls.ocsp"
        self.chain.write_text(self.leaf.read_text() + self.ca.read_text())

    def answer(self, leaf=None, state: str = "V\t491231000000Z\t") -> Path:
        """A fresh response of the CA, not in its place yet."""
        leaf, answer = leaf or self.leaf, self.folder / "answer.der"
        serial = subprocess.run(["openssl", "x509", "-in", leaf, "-noout", "-serial"], capture_output=True, text=True,
                                check=True).stdout.strip().removeprefix("serial=")
        (self.folder / "index").write_text(f"{state}\t{serial}\tunknown\t/CN=localhost\n")
        openssl("ocsp", "-index", self.folder / "index", "-CA", self.ca, "-rsigner", self.ca, "-rkey", self.ca_key,
                "-issuer", self.ca, "-cert", leaf, "-ndays", "1", "-no_nonce", "-noverify", "-respout", answer)
        return answer

    def gateway(self, make_gateway) -> Gateway:
        return make_gateway(certificate=(self.chain, self.key), listener=f"    ocsp_response: '{self.response}'\n")


def shown(gateway: Gateway, *options: str) -> str:
    """What openssl's client was told about the certificate."""
    return subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{gateway.ports['commercial']}", "-servername", "localhost",
         "-status", "-CAfile", os.environ["SCIM_CA"], *options],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS).stdout


def test_a_response_is_stapled_in_both_versions(make_gateway, tmp_path):
    stapled = Stapled(tmp_path)
    put(stapled.answer(), stapled.response)
    gateway = stapled.gateway(make_gateway).start()

    for version in ("-tls1_2", "-tls1_3"):
        told = shown(gateway, version)
        assert "OCSP Response Status: successful" in told and "Cert Status: good" in told, told
        assert "Verify return code: 0 (ok)" in told
    assert status(gateway)["findings"] == []


def test_a_wrong_response_is_told_and_the_certificate_served_without_it_until_it_is_mended(make_gateway, tmp_path):
    stapled = Stapled(tmp_path)
    put(stapled.answer(Path(os.environ["SCIM_CA"]).parent / "server-rsa.pem"), stapled.response)
    gateway = stapled.gateway(make_gateway).start()

    told = eventually(lambda: gateway.events("ocsp.refused"), "the problem in the log")[0]
    assert re.search(r"gateway\.yaml:\d+: warning: .*tls\.ocsp: OCSP response is about another certificate\n  fix: ",
                     told["error.message"]), told
    assert told["level"] == "warning"
    assert "about another certificate" in status(gateway)["findings"][0]
    assert "no response sent" in shown(gateway) and gateway.client().status() == 200

    put(stapled.answer(), stapled.response)
    eventually(lambda: "OCSP Response Status: successful" in shown(gateway), "the mended response", seconds=3)
    eventually(lambda: gateway.events("ocsp.stapled"), "the mending in the log")
    assert status(gateway)["findings"] == []


def test_a_revoked_certificate_is_told_by_a_reload_at_once(make_gateway, tmp_path):
    stapled = Stapled(tmp_path)
    put(stapled.answer(), stapled.response)
    gateway = stapled.gateway(make_gateway).start()
    put(stapled.answer(state="R\t491231000000Z\t201231000000Z"), stapled.response)

    result = gateway.cli("reload", "--wait")

    assert "the certificate is revoked" in result.stdout + result.stderr, f"got {result}"
    assert "no response sent" in shown(gateway)


def test_a_file_that_is_not_there_does_not_keep_the_gateway_from_serving(make_gateway, tmp_path):
    gateway = Stapled(tmp_path).gateway(make_gateway).start()

    assert "no response sent" in shown(gateway) and gateway.client().status() == 200
    assert "does not exist" in status(gateway)["findings"][0]
