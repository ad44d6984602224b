"""`python3 -m tests.awsbox --dir D [--port N] [--set NAME=JSON]…`: AWS on this machine until SIGTERM or SIGINT.

Prints the endpoint and what a shell needs to use it; D/ready.json says the same for programs.
"""
import argparse
import json
import signal
import sys
import threading

from . import missing


def main():
    parser = argparse.ArgumentParser(prog="python3 -m tests.awsbox", description=__doc__.split("\n")[0])
    parser.add_argument("--dir", required=True, help="a folder for instances, edges and logs")
    parser.add_argument("--port", type=int, default=0, help="of the endpoint on 127.0.0.1; 0: any")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=JSON",
                        help="a setting, as second_s=0.05 or propagation_s=[0,60]; see settings.py")
    parser.add_argument("--attached", action="store_true", help="end when standard input ends, too")
    said = parser.parse_args()
    if missing():
        print(f"awsbox: {missing()}", file=sys.stderr)
        return 1
    settings = {}
    for pair in said.set:
        name, _, value = pair.partition("=")
        settings[name] = json.loads(value)
    from .box import ACCESS_KEY, SECRET_KEY, Box
    try:
        box = Box(said.dir, said.port, **settings)
    except ValueError as error:
        print(f"awsbox: {error}", file=sys.stderr)
        return 2
    print(f"export AWS_ENDPOINT_URL={box.endpoint} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 "
          f"AWS_ACCESS_KEY_ID={ACCESS_KEY} AWS_SECRET_ACCESS_KEY={SECRET_KEY}", flush=True)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    if said.attached:
        threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    over.wait()
    box.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
