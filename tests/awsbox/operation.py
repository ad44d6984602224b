"""Which operation a request asks for, and how its service words an error."""
import functools
import json
import re
import urllib.parse

import botocore.loaders
import botocore.model

# By the name in the credential scope; the models of botocore have others.
MODELS = {"elasticloadbalancing": "elbv2", "monitoring": "cloudwatch"}
SERVICES = ("sts", "elasticloadbalancing", "autoscaling", "ec2", "s3", "cloudfront", "monitoring",
            "ssm", "rds", "iam", "acm")
READS = re.compile(r"^(Describe|Get|List|Head|Search|BatchGet|Assume)")


@functools.lru_cache(maxsize=None)
def model(service):
    name = MODELS.get(service, service)
    loader = botocore.loaders.Loader()
    return botocore.model.ServiceModel(loader.load_service_model(name, "service-2"), name)


@functools.lru_cache(maxsize=None)
def _templates(service):
    """(method, pattern of the path, needed query keys, operation) of a REST service."""
    made = []
    for name in model(service).operation_names:
        http = model(service).operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        pattern = re.sub(r"\\{(\w+)\\\+\\}", r".+", re.escape(path))
        pattern = re.sub(r"\\{\w+\\}", r"[^/]+", pattern)
        keys = {key for key, _ in urllib.parse.parse_qsl(query, keep_blank_values=True)}
        pairs = {key: value for key, value in urllib.parse.parse_qsl(query) if value}
        made.append((http["method"], re.compile(pattern + "/?$"), keys, pairs, name))
    return made


def _rest(service, method, path, query, headers):
    asked = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    best, score = "", -1
    for verb, pattern, keys, pairs, name in _templates(service):
        if verb != method or not pattern.match(path) or not keys <= asked.keys():
            continue
        if any(asked[key] != value for key, value in pairs.items()):
            continue
        rank = 10 * len(keys) + path.count("/") * (pattern.pattern.count(".+") > 0)
        if name in ("CopyObject", "UploadPartCopy") and "x-amz-copy-source" not in headers:
            continue
        if name in ("CopyObject", "UploadPartCopy"):
            rank += 100
        if service == "s3" and name == "ListObjects":
            rank += 1
        if service == "s3" and name in ("UploadPart", "UploadPartCopy", "ListParts",
                                        "AbortMultipartUpload", "CompleteMultipartUpload"):
            if "uploadId" not in asked:
                continue
            rank += 50
        if rank > score:
            best, score = name, rank
    return best


def name_of(service, method, path, query, headers, body):
    """`ModifyRule`; empty if it cannot be told."""
    target = headers.get("x-amz-target", "")
    if target:
        return target.rsplit(".", 1)[-1]
    if "/operation/" in path:
        return path.rsplit("/", 1)[-1]
    if service in ("s3", "cloudfront"):
        return _rest(service, method, path, query, headers)
    text = body.decode("utf-8", "replace") if body else query
    found = re.search(r"(?:^|&)Action=(\w+)", text) or re.search(r"(?:^|&)Action=(\w+)", query)
    return found.group(1) if found else ""


def _cbor_text(text):
    raw = text.encode()
    head = bytes([0x60 | len(raw)]) if len(raw) < 24 else b"\x79" + len(raw).to_bytes(2, "big")
    return head + raw


def worded(service, headers, status, code, message, request_id="awsbox"):
    """An error as the service would send it: status, headers, body."""
    kind = headers.get("content-type", "")
    if "cbor" in kind or "smithy-protocol" in headers:
        body = (b"\xa2" + _cbor_text("__type") + _cbor_text(f"com.amazonaws#{code}")
                + _cbor_text("message") + _cbor_text(message))
        return status, [("Content-Type", "application/cbor"),
                        ("smithy-protocol", "rpc-v2-cbor")], body
    if "json" in kind or "x-amz-target" in headers:
        body = json.dumps({"__type": code, "message": message}).encode()
        return status, [("Content-Type", "application/x-amz-json-1.1"),
                        ("x-amzn-ErrorType", code)], body
    code, message = _escaped(code), _escaped(message)
    if service == "ec2":
        text = (f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>"
                f"</Errors><RequestID>{request_id}</RequestID></Response>")
    elif service == "s3":
        text = (f"<Error><Code>{code}</Code><Message>{message}</Message>"
                f"<RequestId>{request_id}</RequestId></Error>")
    else:
        blame = "Sender" if status < 500 else "Receiver"
        text = (f"<ErrorResponse><Error><Type>{blame}</Type><Code>{code}</Code>"
                f"<Message>{message}</Message></Error><RequestId>{request_id}</RequestId>"
                f"</ErrorResponse>")
    return status, [("Content-Type", "text/xml")], b'<?xml version="1.0"?>\n' + text.encode()


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
