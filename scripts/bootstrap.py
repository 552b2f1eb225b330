"""From a fresh checkout to a working .venv, with nothing but Python's standard library.

    python3 scripts/bootstrap.py [--dev] [--run COMMAND ...]

Names everything this machine lacks at once, each with the command that cures it. A second run finds
its stamp and is done in a moment. It is written so that an old Python can still read it and say
that it is too old.
"""

import ctypes.util
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time

OLDEST = (3, 11)
KNOWN = ("3.13", "3.12", "3.11")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "lodestock-stamp")
NEEDED_MEGABYTES = {"base": 900, "dev": 1800}
WHEEL_MACHINES = ("x86_64", "aarch64", "arm64")


def say(text):
    print("setup: " + text, flush=True)


def main(arguments):
    dev = "--dev" in arguments
    command = arguments[arguments.index("--run") + 1 :] if "--run" in arguments else []
    switch_to_newer_python()
    kind = "dev" if dev else "base"
    if read_stamp(kind) != fingerprint(kind):
        missing = what_is_missing(kind)
        if missing:
            report(missing)
            return 2
        install(kind)
    return run(command) if command else 0


def switch_to_newer_python():
    """Go on under a newer Python if this one is too old and another is on PATH."""
    if sys.version_info >= OLDEST:
        return
    for version in KNOWN:
        found = shutil.which("python" + version)
        if found:
            os.execv(found, [found, os.path.abspath(__file__)] + sys.argv[1:])


# What the machine lacks -----------------------------------------------------------------------


def what_is_missing(kind):
    """Return (what, cure) for everything that stands in the way; empty when nothing does."""
    checks = (python_version, venv_module, lambda: disk(kind), checkout_writable, home, server)
    return [found for found in (check() for check in checks) if found]


def python_version():
    if sys.version_info >= OLDEST:
        return None
    return (
        "Python {}.{} is too old; 3.11 or newer is needed".format(*sys.version_info[:2]),
        package("python3.11 python3.11-venv") + ", then: make PYTHON=python3.11 <the same target>",
    )


def venv_module():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = "{}.{}".format(*sys.version_info[:2])
        return ("Python's venv module is missing", package("python{}-venv".format(version)))
    return None


def disk(kind):
    free = shutil.disk_usage(ROOT).free // 2**20
    if free >= NEEDED_MEGABYTES[kind]:
        return None
    return (
        "{} MB are free where this checkout lies; {} are needed".format(
            free, NEEDED_MEGABYTES[kind]
        ),
        "free some space, or clone into a larger disk",
    )


def checkout_writable():
    if os.access(ROOT, os.W_OK):
        return None
    return ("This checkout cannot be written", "git clone it into a folder of your own")


def home():
    """The data folder, or its nearest existing parent, must be writable."""
    wanted = os.environ.get("LODESTOCK_HOME") or os.path.join(
        os.path.expanduser("~"), ".local", "share", "lodestock"
    )
    place = os.path.abspath(wanted)
    while not os.path.exists(place) and os.path.dirname(place) != place:
        place = os.path.dirname(place)
    if os.access(place, os.W_OK):
        return None
    return (
        "The data folder {} cannot be written".format(wanted),
        "export LODESTOCK_HOME=/a/folder/you/may/write",
    )


def server():
    """An embedded PostgreSQL must exist for this machine, or a server must be given."""
    if (
        os.environ.get("DATABASE_URL")
        or shutil.which("initdb")
        or os.path.isdir("/usr/lib/postgresql")
    ):
        return None
    musl = sys.platform == "linux" and not platform.libc_ver()[0] and ctypes.util.find_library("c")
    if sys.platform != "win32" and platform.machine() in WHEEL_MACHINES and not musl:
        return None
    return (
        "No embedded PostgreSQL exists for {} {}".format(platform.system(), platform.machine()),
        "export DATABASE_URL=postgresql://user:password@host:5432/database (version 15 or newer)",
    )


def package(names):
    """Return the command that installs system packages here."""
    for tool, command in (("apt-get", "apt-get install -y"), ("dnf", "dnf install -y")):
        if shutil.which(tool):
            prefix = "" if getattr(os, "getuid", lambda: 1)() == 0 else "sudo "
            return prefix + command + " " + names
    return "install " + names


def report(missing):
    print("This machine lacks {} thing(s):".format(len(missing)), file=sys.stderr)
    for what, cure in missing:
        print("  - {}.\n      Cure: {}".format(what, cure), file=sys.stderr)


# The environment ------------------------------------------------------------------------------


def lock_file(kind):
    return os.path.join(ROOT, "requirements", kind + ".txt")


def fingerprint(kind):
    """Say what the environment is made of: this Python, this place, these locked packages."""
    digest = hashlib.sha256("{} {}".format(sys.version, ROOT).encode())
    with open(lock_file(kind), "rb") as file:
        digest.update(file.read())
    with open(os.path.abspath(__file__), "rb") as file:
        digest.update(file.read())
    return digest.hexdigest()


def read_stamp(kind):
    try:
        with open(STAMP) as file:
            stamps = dict(line.split() for line in file)
    except (OSError, ValueError):
        return None
    if kind == "base" and stamps.get("dev") == fingerprint("dev"):
        return fingerprint("base")  # the larger environment holds the smaller one
    return stamps.get(kind)


def venv_python():
    return os.path.join(VENV, "Scripts" if os.name == "nt" else "bin", "python")


def install(kind):
    began = time.time()
    if os.path.exists(VENV) and not healthy():
        say("a half-made .venv is removed and built again")
        shutil.rmtree(VENV)
    if not os.path.exists(VENV):
        make_environment()
    if os.path.exists(STAMP):
        os.unlink(STAMP)
    say("installing locked packages (requirements/{}.txt)".format(kind))
    install_lock(kind)
    install_ourselves()
    with open(STAMP, "w") as file:
        file.write("{} {}\n".format(kind, fingerprint(kind)))
    say("ready after {:.0f} s".format(time.time() - began))


def make_environment():
    say("making .venv")
    subprocess.check_call([sys.executable, "-m", "venv", VENV])


def healthy():
    """Whether .venv has a working Python of our version with pip in it."""
    question = "import sys, pip; print(sys.version)"
    try:
        said = subprocess.check_output([venv_python(), "-c", question], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    return said.decode().strip() == sys.version.strip()


def install_lock(kind):
    """Use uv where it is at home and pip has no settings of its own that uv would not read."""
    arguments = ["install", "--no-deps", "--require-hashes", "-r", lock_file(kind)]
    uv = shutil.which("uv")
    if uv and not pip_has_settings():
        command = [uv, "pip", arguments[0], "--quiet", "--python", venv_python()] + arguments[1:]
        if subprocess.call(command) == 0:
            return
        say("uv could not install them; trying pip")
    pip = [venv_python(), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    status = subprocess.call(pip + arguments)
    if status:
        report(
            [
                (
                    "pip could not install the locked packages",
                    "see its words above; is a package index reachable? (PIP_INDEX_URL, pip.conf)",
                )
            ]
        )
        sys.exit(status)


def pip_has_settings():
    if any(name.startswith("PIP_") for name in os.environ):
        return True
    said = subprocess.run(
        [venv_python(), "-m", "pip", "config", "list"], stdout=subprocess.PIPE, check=False
    )
    return bool(said.stdout.strip())


def install_ourselves():
    """Point .venv at src/ and make the `lodestock` command; needs no build and no network."""
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.check_output([venv_python(), "-c", question]).decode().strip()
    with open(os.path.join(site, "lodestock-checkout.pth"), "w", encoding="utf-8") as file:
        file.write(os.path.join(ROOT, "src") + "\n")
    script = os.path.join(os.path.dirname(venv_python()), "lodestock")
    with open(script, "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\n"exec" "$(dirname "$0")/python" "-m" "lodestock" "$@"\n')
    os.chmod(script, 0o755)


def run(command):
    """Become the command, with .venv first on PATH."""
    bin_folder = os.path.dirname(venv_python())
    os.environ["PATH"] = bin_folder + os.pathsep + os.environ.get("PATH", os.defpath)
    os.environ["VIRTUAL_ENV"] = VENV
    os.chdir(ROOT)
    sys.stdout.flush()
    program = shutil.which(command[0]) or command[0]
    os.execv(program, [program] + command[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
