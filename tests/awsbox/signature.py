"""Who signed a request, and whether rightly: Signature Version 4, written from its documentation.

It shares no line with the client under test nor with botocore, so that a mistake of one of the three shows.
"""
import datetime
import hashlib
import hmac
import re
import urllib.parse

FORM = re.compile(r"^AWS4-HMAC-SHA256\s+Credential=([^,\s]+)\s*,\s*SignedHeaders=([^,\s]+)\s*,"
                  r"\s*Signature=([0-9a-f]{64})$")
SKEW_S = 300
EMPTY = hashlib.sha256(b"").hexdigest()


class Refused(Exception):
    """A request that is not accepted: status, code and message as AWS says them."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def scope_of(headers, query):
    """(access key, date, region, service) as claimed; None of an unsigned request."""
    claimed = ""
    found = FORM.match(headers.get("authorization", ""))
    if found:
        claimed = found.group(1)
    elif "X-Amz-Credential=" in query:
        claimed = dict(urllib.parse.parse_qsl(query)).get("X-Amz-Credential", "")
    parts = claimed.split("/")
    return tuple(parts[:4]) if len(parts) == 5 and parts[4] == "aws4_request" else None


def _hash(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _query(query, without=()):
    pairs = []
    for piece in query.split("&") if query else []:
        key, _, value = piece.partition("=")
        # What arrives may be spelled otherwise; the canonical form has one spelling.
        key, value = (urllib.parse.quote(urllib.parse.unquote(part), safe="-_.~")
                      for part in (key, value))
        if key not in without:
            pairs.append((key, value))
    return "&".join(f"{key}={value}" for key, value in sorted(pairs))


def _path(path, service):
    if service == "s3":
        return urllib.parse.quote(urllib.parse.unquote(path), safe="/-_.~") or "/"
    kept = []
    for piece in path.split("/"):
        if piece == "..":
            kept = kept[:-1]
        elif piece not in (".", ""):
            kept.append(piece)
    whole = "/" + "/".join(kept) + ("/" if kept and path.endswith("/") else "")
    return urllib.parse.quote(whole, safe="/-_.~")


def _expected(request, secret, scope, signed, stamp, digest, without=()):
    _, date, region, service = scope
    lines = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in signed)
    canonical = "\n".join([request.method, _path(request.raw_path, service),
                           _query(request.raw_query, without), lines, ";".join(signed), digest])
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, f"{date}/{region}/{service}/aws4_request",
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = _hash(_hash(_hash(_hash(b"AWS4" + secret.encode(), date), region), service),
                "aws4_request")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), canonical


def _check_time(stamp, now, service, valid_s=SKEW_S):
    try:
        signed_at = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(
            tzinfo=datetime.timezone.utc).timestamp()
    except ValueError:
        raise Refused(403, "IncompleteSignature", f"'{stamp}' is no date") from None
    if -SKEW_S <= now - signed_at <= valid_s:
        return
    told = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    if service == "s3":
        raise Refused(403, "RequestTimeTooSkewed",
                      "The difference between the request time and the current time is too large.")
    if service == "ec2":
        raise Refused(400, "RequestExpired", f"Request has expired: {stamp} at {told}")
    code = "InvalidSignatureException" if service in ("ssm",) else "SignatureDoesNotMatch"
    word = "expired" if signed_at < now else "not yet current"
    raise Refused(403, code, f"Signature {word}: {stamp} is not within 5 min. of {told}")


def check(request, keys, now):
    """Refuses what is not signed by one of `keys`; gives the scope.

    `keys(access_key)` gives (secret, session token or None, expired?) or None.
    """
    scope = scope_of(request.headers, request.raw_query)
    if scope is None:
        raise Refused(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
    access_key, _, _, service = scope
    known = keys(access_key)
    if known is None:
        code = {"s3": "InvalidAccessKeyId", "ec2": "AuthFailure",
                "ssm": "UnrecognizedClientException"}.get(service, "InvalidClientTokenId")
        raise Refused(403, code, "The security token included in the request is invalid.")
    secret, token, expired = known
    if expired:
        code = {"ssm": "ExpiredTokenException", "ec2": "RequestExpired"}.get(service, "ExpiredToken")
        raise Refused(400 if service in ("s3", "ec2", "ssm") else 403, code,
                      "The security token included in the request is expired")
    if "authorization" not in request.headers:
        return _check_presigned(request, scope, secret, now)
    _, signed, given = FORM.match(request.headers["authorization"]).groups()
    stamp = request.headers.get("x-amz-date", "")
    _check_time(stamp, now, service)
    if (token or None) != (request.headers.get("x-amz-security-token") or None):
        raise Refused(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
    digest = _body_digest(request, service)
    expected, canonical = _expected(request, secret, scope, signed.split(";"), stamp, digest)
    if "host" not in signed.split(";") or not hmac.compare_digest(expected, given):
        code = {"ssm": "InvalidSignatureException", "ec2": "AuthFailure"}.get(
            service, "SignatureDoesNotMatch")
        raise Refused(403, code, "The request signature we calculated does not match the signature "
                      f"you provided. The canonical string was '{canonical}'")
    return scope


def _body_digest(request, service):
    claimed = request.headers.get("x-amz-content-sha256")
    if service == "s3" and claimed is None:
        raise Refused(400, "InvalidRequest", "Missing required header for this request: "
                      "x-amz-content-sha256")
    if claimed and (claimed == "UNSIGNED-PAYLOAD" or claimed.startswith("STREAMING-")):
        return claimed
    real = hashlib.sha256(request.body).hexdigest()
    if claimed and claimed != real:
        raise Refused(400, "XAmzContentSHA256Mismatch",
                      "The provided 'x-amz-content-sha256' header does not match what was computed.")
    return real


def _check_presigned(request, scope, secret, now):
    asked = dict(urllib.parse.parse_qsl(request.raw_query, keep_blank_values=True))
    _check_time(asked.get("X-Amz-Date", ""), now, scope[3], float(asked.get("X-Amz-Expires", 0)))
    expected, _ = _expected(request, secret, scope, asked.get("X-Amz-SignedHeaders", "").split(";"),
                            asked["X-Amz-Date"], "UNSIGNED-PAYLOAD", ("X-Amz-Signature",))
    if not hmac.compare_digest(expected, asked.get("X-Amz-Signature", "")):
        raise Refused(403, "SignatureDoesNotMatch", "The presigned signature does not match.")
    return scope
