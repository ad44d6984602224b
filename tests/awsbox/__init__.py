"""The stand-in for AWS on one machine. Its libraries lie in build/awsbox, where `./x setup` puts them."""
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARIES = ROOT / "build" / "awsbox"

if (LIBRARIES / "moto").is_dir() and str(LIBRARIES) not in sys.path:
    sys.path.insert(0, str(LIBRARIES))
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")  # no test asks the machine it runs on

WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")  # a process that ends with the box, however that ends


def missing():
    """Why awsbox cannot run here; empty where it can."""
    try:
        import boto3  # noqa: F401
        import flask_cors  # noqa: F401
        import moto  # noqa: F401
    except ImportError as error:
        return f"{error.name} is not installed: ./x setup test (it needs PyPI)"
    return ""
