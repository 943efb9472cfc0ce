"""What scanners and clients of a single offer find at a listener: what its cloud demands, and nothing else.

testssl.sh (Debian) finds the same in one to two minutes; nothing of it is above LOW but that a development CA revokes nothing:

    deploy/with-gateway sh -c 'testssl --add-ca "$SCIM_CA" -p -s -f -S -U -P "${SCIM_BASE_URL%/scim/v2}"'
"""

import re
import subprocess

import pytest
from sslyze import (CertificateInfoExtraArgument, ScanCommand, ScanCommandsExtraArguments, Scanner, ServerNetworkLocation,
                    ServerScanRequest)
from sslyze.mozilla_tls_profile.tls_config_checker import (
    SCAN_COMMANDS_NEEDED_BY_MOZILLA_CHECKER, MozillaTlsConfiguration, TlsConfigurationEnum,
    check_server_against_tls_configuration)

from kit import *

# sslyze reads every authority that browsers know, old ones too.
pytestmark = pytest.mark.filterwarnings("ignore:Parsed a serial number")

# security.md §4.1
SUITES_12 = {
    "commercial": {"AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"},
    "gcc-high": {"AES128-GCM-SHA256", "AES256-GCM-SHA384"}}
SUITES_13 = {
    "commercial": {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"},
    "gcc-high": {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"}}
GROUPS = {"commercial": {"X25519", "P-256", "P-384"}, "gcc-high": {"P-256", "P-384"}}
KEYS = {"ECDSA": "server", "RSA": "server-rsa"}
BOTH = {"acme": ACME, "agency": tenant("agency", "gcc-high")}


@pytest.fixture(scope="module", params=KEYS)
def key(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def gateway(key):
    """Both clouds, with a certificate of that kind of key."""
    tls = Path(os.environ["SCIM_CA"]).parent
    gateway = Gateway(tenants=BOTH, profiles=("commercial", "gcc-high"),
                      certificate=(tls / f"{KEYS[key]}.pem", tls / f"{KEYS[key]}.key"))
    yield gateway.start()
    gateway.remove()


@pytest.fixture(scope="module")
def scanned(gateway) -> dict:
    """What sslyze found, by profile."""
    trusting_ours = ScanCommandsExtraArguments(
        certificate_info=CertificateInfoExtraArgument(custom_ca_file=Path(os.environ["SCIM_CA"])))
    profiles = {str(port): profile for profile, port in gateway.ports.items()}
    scanner = Scanner()
    scanner.queue_scans([
        ServerScanRequest(
            server_location=ServerNetworkLocation("localhost", port, "127.0.0.1"),
            scan_commands=SCAN_COMMANDS_NEEDED_BY_MOZILLA_CHECKER | {ScanCommand.TLS_1_3_EARLY_DATA},
            scan_commands_extra_arguments=trusting_ours)
        for port in gateway.ports.values()])
    found = {profiles[str(result.server_location.port)]: result for result in scanner.get_results()}
    assert found.keys() == gateway.ports.keys()
    return found


def offered(gateway: Gateway, profile: str, *offer: str) -> str:
    """What openssl's client, offering just this, was told; its own level is the lowest, so that the server refuses."""
    result = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{gateway.ports[profile]}", "-servername", "localhost", "-brief", *offer],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
    return result.stderr


def agreed(gateway: Gateway, profile: str, *offer: str) -> bool:
    told = offered(gateway, profile, *offer)
    assert "CONNECTION ESTABLISHED" in told or "SSL alert number" in told, f"neither agreed nor refused: {told}"
    return "CONNECTION ESTABLISHED" in told


@pytest.mark.parametrize("profile", GROUPS)
def test_sslyze_finds_nothing_against_mozillas_intermediate_list(scanned, profile):
    check_server_against_tls_configuration(
        scanned[profile], MozillaTlsConfiguration.get(TlsConfigurationEnum.MOZILLA_INTERMEDIATE))
    assert not scanned[profile].scan_result.tls_1_3_early_data.result.supports_early_data
    assert not scanned[profile].scan_result.session_renegotiation.result.is_vulnerable_to_client_renegotiation_dos


@pytest.mark.parametrize("profile", GROUPS)
def test_sslyze_sees_the_groups_and_suites_of_the_table(scanned, profile, key):
    found = scanned[profile].scan_result

    def suites(attempt) -> set:
        return {suite.cipher_suite.openssl_name for suite in attempt.result.accepted_cipher_suites}

    names = {"secp256r1": "P-256", "secp384r1": "P-384"}
    groups = {names.get(curve.name, curve.name) for curve in found.elliptic_curves.result.supported_curves}
    assert groups == GROUPS[profile]
    assert suites(found.tls_1_3_cipher_suites) == SUITES_13[profile]
    # The old client with which it asks for suites of TLS 1.2 has no extended master secret, which gcc-high demands.
    seen = {f"ECDHE-{key}-{suite}" for suite in SUITES_12[profile]} if profile == "commercial" else set()
    assert suites(found.tls_1_2_cipher_suites) == seen


@pytest.mark.parametrize("profile", GROUPS)
def test_of_all_suites_of_tls_1_2_just_those_of_the_table_are_taken(gateway, profile, key):
    every = subprocess.run(["openssl", "ciphers", "-s", "-tls1_2", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
                           capture_output=True, text=True, check=True).stdout.strip().split(":")
    every = [suite for suite in every if not suite.startswith("TLS_")]

    def takes(suite: str) -> bool:
        context = ssl._create_unverified_context()
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"{suite}:@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", gateway.ports[profile]), timeout=SECONDS) as plain:
            try:
                with context.wrap_socket(plain, server_hostname="localhost") as connection:
                    return connection.cipher()[0] == suite
            except ssl.SSLError as error:
                assert "alert" in str(error).lower(), f"{suite}: refused without a word: {error}"
                return False

    assert len(every) > 80
    assert {suite for suite in every if takes(suite)} == {f"ECDHE-{key}-{suite}" for suite in SUITES_12[profile]}


@pytest.mark.parametrize("profile", GROUPS)
def test_of_all_suites_of_tls_1_3_just_those_of_the_table_are_taken(gateway, profile):
    every = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_CCM_SHA256",
             "TLS_AES_128_CCM_8_SHA256"]

    taken = {suite for suite in every if agreed(gateway, profile, "-tls1_3", "-ciphersuites", suite)}

    assert taken == SUITES_13[profile]


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
@pytest.mark.parametrize("profile", GROUPS)
def test_of_all_groups_just_those_of_the_table_are_taken(gateway, profile, version, key):
    # In TLS 1.2 a client must offer the curve of an ECDSA certificate as well (RFC 8422 §5.1), and P-256 is preferred then.
    beside, never = ({"P-256"}, {"P-384"}) if (version, key) == ("-tls1_2", "ECDSA") else (set(), set())
    every = ["X25519", "X448", "P-256", "P-384", "P-521"]

    def takes(group: str) -> bool:
        groups = [group, *beside - {group}]
        told = offered(gateway, profile, version, "-groups", ":".join(groups))
        names = {"prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
        used = re.search(r"Server Temp Key: (?:ECDH, )?(\w+)", told)
        return used is not None and names.get(used[1], used[1]) == group

    assert {group for group in every if takes(group)} == GROUPS[profile] - never


@pytest.mark.parametrize("offer, takes", [
    ("-tls1_3 -groups X25519", {"commercial"}),
    ("-tls1_2 -groups X25519:P-521 -cipher ECDHE-RSA-AES128-GCM-SHA256", {"commercial"}),
    ("-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256", {"commercial"}),
    ("-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305", {"commercial"}),
    ("-tls1_2 -cipher ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:AES256-SHA256:@SECLEVEL=0", set()),
    ("-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384", {"commercial", "gcc-high"}),
    ("-tls1_1 -cipher ALL:@SECLEVEL=0", set())])
def test_a_client_of_one_offer_is_taken_where_the_table_has_it(gateway, key, offer, takes):
    if "-cipher ECDHE-RSA-AES128-GCM-SHA256" in offer and key == "ECDSA":
        offer = offer.replace("RSA", "ECDSA").replace("P-521", "P-256")
        takes = {"commercial", "gcc-high"}   # P-256 is the curve of its certificate

    assert {profile for profile in GROUPS if agreed(gateway, profile, *offer.split())} == takes
