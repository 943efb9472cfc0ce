"""What the gateway is compared with: nginx that gives a file over TLS, and scim2-server below gunicorn."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from failure import NotMeasured
from processes import end, free_port

sys.path.append(str(Path(__file__).resolve().parents[3] / "deploy"))
from http_cost import NGINX, SUITE, children, eventually_answers  # noqa: E402  the same nginx as that part's

# What gunicorn serves: resources in memory, one token. Its own index serves userName.
PEER = """
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.utils import load_default_provider
application = BearerTokenApplication(InMemoryStorage(), load_default_provider(), bearer_tokens=["{token}"])
"""
PEER_TOKEN = "secret"


class Nginx:
    """nginx with one worker and a file of the size of an answer."""

    def __init__(self, tools, answer: bytes):
        # Its worker is another user: below a folder that all may enter.
        self.folder = Path(tempfile.mkdtemp(prefix="bench-nginx."))
        self.folder.chmod(0o755)
        (self.folder / "get.json").write_bytes(answer)
        self.port = free_port()
        self.url, self.tools = f"https://127.0.0.1:{self.port}/get.json", tools
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder, port=self.port, tls=tools.tls, suite=SUITE))

    def __enter__(self) -> Nginx:
        self.process = subprocess.Popen(["nginx", "-e", f"{self.folder}/error.log", "-c", f"{self.folder}/nginx.conf"])
        os.environ["SCIM_CA"] = f"{self.tools.tls}/ca.pem"
        eventually_answers(self.url)
        self.pid, self.worker = self.process.pid, children(self.process.pid)[0]
        return self

    def __exit__(self, *_):
        end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


class Peer:
    """scim2-server of PyPI below gunicorn: one worker process with eight threads, as its data is in that process's memory."""

    def __init__(self, tools):
        self.tools, self.folder, self.port = tools, tools.folder / "peer", free_port()
        self.base = f"http://127.0.0.1:{self.port}/v2"

    def __enter__(self) -> Peer:
        gunicorn = self.tools.peer / "bin" / "gunicorn"
        if not gunicorn.exists():
            raise NotMeasured(f"scim2-server is not installed in {self.tools.peer}; deploy/bench does it, if PyPI answers")
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "peer.py").write_text(PEER.format(token=PEER_TOKEN))
        with (self.folder / "gunicorn.log").open("w") as log:
            self.process = subprocess.Popen(
                [str(gunicorn), "--workers=1", "--threads=8", "--keep-alive=60", f"--bind=127.0.0.1:{self.port}", "peer:application"],
                cwd=self.folder, stdout=log, stderr=log)
        self.pid, until = self.process.pid, time.monotonic() + 20
        while not self.answers():
            if time.monotonic() > until:
                end(self.process)
                raise NotMeasured(f"scim2-server does not answer; see {self.folder}/gunicorn.log")
            time.sleep(0.1)
        return self

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(self.base + "/ServiceProviderConfig", timeout=5).read()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def __exit__(self, *_):
        end(self.process)
