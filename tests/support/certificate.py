"""Certificates that a test makes for itself."""
import subprocess


def make_certificate(folder, name, host="localhost"):
    """A new key and a certificate for `host`, as NAME.key and NAME.pem; gives its serial number."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={host}",
                    "-addext", f"subjectAltName=DNS:{host}", "-keyout", folder / f"{name}.key",
                    "-out", folder / f"{name}.pem"], check=True, capture_output=True)
    shown = subprocess.run(["openssl", "x509", "-in", folder / f"{name}.pem", "-noout", "-serial"],
                           check=True, capture_output=True, text=True)
    return shown.stdout.strip().removeprefix("serial=")
