"""The parts that install, start and end real systems, tried on small programs of this machine."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.systems import (
    InstallFailed,
    StartFailed,
    SystemMissing,
    cache,
    litellm,
    litellm_db,
    loopback,
    packages,
    running,
)
from tests.systems.cache import Recipe, install, is_installed
from tests.systems.keeper import Terms
from tests.systems.kept import ROOT, keep, surroundings
from tests.systems.loopback import Listener, address_of, exposed, free_port, listeners, read_table
from tests.systems.packages import found, run
from tests.systems.processes import born, descendants
from tests.systems.running import Launch, http_ok, launch

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
SERVER = """
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), SimpleHTTPRequestHandler).serve_forever()
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install into a folder of the test."""
    monkeypatch.setenv("COCKPIT_SYSTEMS_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def tiny(folder: Path, program: str = SERVER, *, ceiling: float = 20, stay: bool = False) -> Launch:
    """Return how a small web server is started."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", program, str(port)]
    return Launch("tiny", url, command, folder, lambda: http_ok(url), ceiling=ceiling, stay=stay)


def eventually(what: Callable[[], bool], seconds: float = 10) -> bool:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not what() and time.monotonic() < deadline:
        time.sleep(0.02)
    return what()


# ── installing ──────────────────────────────────────────────────────────────────────────────────────────────────


def writes(folder: Path) -> None:
    (folder / "whole").write_text("yes", "utf-8")


def breaks_off(folder: Path) -> None:
    (folder / "half").write_text("yes", "utf-8")
    raise InstallFailed("the network is gone")


def test_an_install_is_known_by_name_and_version(own_cache: Path) -> None:
    assert install(Recipe("thing", "1.2", 1, writes)) == own_cache / "thing-1.2"
    assert not is_installed(Recipe("thing", "1.3", 1, writes))


def test_a_broken_off_install_never_counts(own_cache: Path) -> None:
    with pytest.raises(InstallFailed):
        install(Recipe("thing", "1", 1, breaks_off))
    assert not is_installed(Recipe("thing", "1", 1, breaks_off))
    folder = install(Recipe("thing", "1", 1, writes))
    assert (folder / "whole").exists()
    assert not (folder / "half").exists()


def test_what_is_installed_is_not_installed_again() -> None:
    install(Recipe("thing", "1", 1, writes))
    assert install(Recipe("thing", "1", 1, breaks_off)).is_dir()


def test_many_at_once_install_once() -> None:
    made: list[Path] = []
    begin = threading.Barrier(4)

    def slow(folder: Path) -> None:
        made.append(folder)
        time.sleep(0.1)

    def one() -> None:
        begin.wait()
        install(Recipe("thing", "1", 1, slow))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_who_waits_too_long_is_told_for_what(tmp_path: Path) -> None:
    with (
        cache.locked(tmp_path / "a.lock"),
        pytest.raises(InstallFailed, match=r"a\.lock"),
        cache.locked(tmp_path / "a.lock", seconds=0),
    ):
        pass


def test_whoever_waits_is_told_how_long(capsys: pytest.CaptureFixture[str]) -> None:
    install(Recipe("thing", "1.2", 70, writes))
    assert "installing thing 1.2, about 70 s" in capsys.readouterr().err


def test_a_failing_package_manager_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(InstallFailed, match="no such package"):
        run([sys.executable, "-c", "print('no such package'); raise SystemExit(1)"], folder=tmp_path)


def test_a_download_that_fails_is_tried_again_and_what_failed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packages, "PAUSES_S", (0.0, 0.0))
    (tmp_path / "once.py").write_text(
        "import pathlib\nmark = pathlib.Path('tried')\nif not mark.exists():\n"
        "    mark.touch()\n    raise SystemExit('a bad gateway')\n"
    )
    packages.fetch([sys.executable, "once.py"], folder=tmp_path)
    assert "a bad gateway" in capsys.readouterr().err
    with pytest.raises(InstallFailed, match="a bad gateway"):
        packages.fetch([sys.executable, "-c", "raise SystemExit('a bad gateway')"], folder=tmp_path)


def test_a_missing_program_names_the_package() -> None:
    with pytest.raises(SystemMissing) as missing:
        found("no-such-program-anywhere", "no-such-package")
    assert "apt install no-such-package" in missing.value.hint


def test_the_cache_follows_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COCKPIT_SYSTEMS_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/elsewhere")
    assert cache.cache_root() == Path("/var/elsewhere/cockpit-systems")


# ── where they listen ───────────────────────────────────────────────────────────────────────────────────────────

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0 100 0 0 10 0
   1: 00000000:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1 0 100 0 0 10 0
   2: 00000000:1F92 0100007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 333 1 0 100 0 0 10 0
"""
TABLE6 = """\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr
   0: 00000000000000000000000000000000:1F93 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 444 1 0
   1: 00000000000000000000000001000000:1F94 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 555 1 0
   2: 0000000000000000FFFF00000100007F:1F95 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 666 1 0
"""


def words(raw: bytes) -> str:
    """Write an address as the kernel does."""
    return "".join(raw[at : at + 4][::-1].hex().upper() for at in range(0, len(raw), 4))


@given(st.ip_addresses())
def test_addresses_are_read_as_the_kernel_writes_them(address: IPv4Address | IPv6Address) -> None:
    assert address_of(words(address.packed)) == address


def test_only_listening_sockets_count() -> None:
    assert [(one.host, one.port) for one in read_table(TABLE)] == [("127.0.0.1", 8080), ("0.0.0.0", 8081)]


@pytest.mark.parametrize(
    ("host", "private"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("::ffff:7f00:1", True), ("0.0.0.0", False),
     ("::", False), ("192.168.1.4", False), ("fe80::1", False), ("::ffff:c0a8:104", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, private: bool) -> None:
    assert Listener(host, 1, "").private is private


def test_open_sockets_of_the_asked_processes_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for pid, inodes in (("7", ("111", "222", "444")), ("8", ("555", "666"))):
        (tmp_path / pid / "fd").mkdir(parents=True)
        for inode in inodes:
            (tmp_path / pid / "fd" / inode).symlink_to(f"socket:[{inode}]")
        (tmp_path / pid / "net").mkdir()
        (tmp_path / pid / "net" / "tcp").write_text(TABLE, "utf-8")
        (tmp_path / pid / "net" / "tcp6").write_text(TABLE6, "utf-8")
    monkeypatch.setattr(loopback, "PROC", tmp_path)
    assert [str(one) for one in exposed([7, 8])] == ["0.0.0.0:8081", "[::]:8083"]
    assert exposed([8]) == []
    assert [one.port for one in listeners([8])] == [8084, 8085]
    assert listeners([9]) == []


# ── starting and ending ─────────────────────────────────────────────────────────────────────────────────────────


@LINUX
def test_a_system_answers_and_is_gone_afterwards(tmp_path: Path) -> None:
    with launch(tiny(tmp_path)) as system:
        assert http_ok(system.url)
        assert [str(one) for one in listeners(system.pids)] == [system.url.removeprefix("http://")]
        assert system.memory > 1_000_000
        pids = system.pids
    assert len(pids) == 2
    assert not any(map(born, pids))
    assert system.pids == ()


def test_a_system_that_ends_by_itself_is_quoted(tmp_path: Path) -> None:
    how = tiny(tmp_path, "print('port taken'); raise SystemExit(3)")
    with pytest.raises(StartFailed, match=r"ended by itself[\s\S]*port taken") as failed:
        launch(how)
    assert str(tmp_path / "tiny.log") in failed.value.hint


def test_a_system_that_never_answers_is_given_up(tmp_path: Path) -> None:
    how = tiny(tmp_path, "import time; print('thinking', flush=True); time.sleep(60)", ceiling=1)
    with pytest.raises(StartFailed, match=r"did not answer within 1 s[\s\S]*thinking"):
        launch(how)


@LINUX
def test_a_system_open_to_others_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def open_to_all(pids: tuple[int, ...]) -> list[Listener]:
        seen.extend(pids)
        return [Listener("0.0.0.0", 8081, "1")]

    monkeypatch.setattr(running, "exposed", open_to_all)
    with pytest.raises(StartFailed, match=r"0\.0\.0\.0:8081"):
        launch(tiny(tmp_path))
    assert len(seen) == 2
    assert not any(map(born, seen))


STUBBORN = """
import os, signal, sys, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
print("deaf", flush=True)
time.sleep(600)
"""


@LINUX
def test_those_who_hide_and_will_not_hear_are_ended_too(tmp_path: Path) -> None:
    log = tmp_path / "log"
    kept = keep([sys.executable, "-c", STUBBORN], Terms(str(tmp_path), grace=0.2), log=log, env={})
    assert eventually(lambda: log.read_text("utf-8").count("deaf") == 2)
    pids = kept.pids
    assert len(pids) == 3
    kept.end()
    assert not any(map(born, pids))


ABORTED = """
import sys
from pathlib import Path
from tests.systems.running import launch
from tests.systems.test_parts import tiny
with launch(tiny(Path(sys.argv[1]))) as system:
    print(system.pids[1], flush=True)
    sys.stdin.read()
"""


@LINUX
def test_nothing_outlives_an_aborted_run(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ABORTED, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as run_of_tests:
        assert run_of_tests.stdout
        server = int(run_of_tests.stdout.readline())
        assert born(server)
        run_of_tests.send_signal(signal.SIGKILL)
        assert eventually(lambda: not born(server))


@LINUX
def test_a_program_dies_with_its_keeper(tmp_path: Path) -> None:
    system = launch(tiny(tmp_path))
    keeper, server = system.pids
    assert descendants(keeper) == (server,)
    subprocess.run(["kill", "-9", str(keeper)], check=True)
    assert eventually(lambda: not born(server))
    system.stop()


def test_a_system_learns_nothing_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody")
    monkeypatch.setenv("DATABASE_URL", "postgresql://production")
    given_to_it = surroundings(tmp_path, {"PORT": "1"})
    assert "sk-of-somebody" not in given_to_it.values()
    assert "DATABASE_URL" not in given_to_it
    assert (given_to_it["HOME"], given_to_it["PORT"]) == (str(tmp_path), "1")


def test_tokens_stay_out_of_what_is_printed(tmp_path: Path) -> None:
    with launch(tiny(tmp_path), {"admin": "secret-token"}) as system:
        assert "secret-token" not in repr(system)


# ── LiteLLM's parts ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_default_routes_lead_to_the_provider() -> None:
    config = json.loads(litellm.default_config("http://127.0.0.1:9"))
    routes = {one["model_name"]: one["litellm_params"]["api_base"] for one in config["model_list"]}
    assert routes["support"] == routes["support-v2"] == "http://127.0.0.1:9/v2/v1"
    assert routes["support-v1"] == "http://127.0.0.1:9/v1/v1"
    assert "sk-" not in config["general_settings"]["master_key"]


def test_the_adapter_learns_the_types_of_names(tmp_path: Path) -> None:
    source = tmp_path / "index.js"
    lines = ["    case ArrayColumnType.TEXT_ARRAY:", "    case ScalarColumnType.TEXT:", "var customParsers = {", "}"]
    source.write_text("\n".join(lines), "utf-8")
    litellm_db.teach_adapter(source)
    taught = source.read_text("utf-8").splitlines()
    assert taught[taught.index(lines[0]) - 1].strip() == "case 1003:"
    assert taught[taught.index(lines[1]) - 1].strip() == "case 19:"
    assert "1003:" in taught[taught.index(lines[2]) + 1]


def test_without_an_engine_the_next_step_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCKPIT_LITELLM_DB_FIXTURE", str(tmp_path))
    with pytest.raises(SystemMissing) as missing:
        litellm_db.stand_in()
    assert "COCKPIT_LITELLM_DB_FIXTURE" in missing.value.hint


def test_another_adapter_is_not_taken_for_the_known_one(tmp_path: Path) -> None:
    source = tmp_path / "index.js"
    source.write_text("// rewritten", "utf-8")
    with pytest.raises(InstallFailed, match=r"index\.js"):
        litellm_db.teach_adapter(source)
