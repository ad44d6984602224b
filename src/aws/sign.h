#pragma once
// Signature Version 4: proof to AWS of who sent a request and that nobody changed it.
// Rules: "Signature Version 4 signing process" and "Authenticating Requests" of S3; shown by the
// signing suite of aws-c-auth. Pure: no clock, no I/O; libcurl's own signer cannot sign S3.

#include "aws/request.h"
#include "base/clock.h"
#include "base/secret.h"

#include <chrono>
#include <string>
#include <string_view>

namespace aws {

/// An access key. `session` is empty for keys that live until they are deleted.
struct Keys {
    std::string id;
    base::Secret secret;
    base::Secret session;
};

/// Where a signature counts: one service in one region on one day.
struct Scope {
    std::string region;
    std::string service;  ///< The signing name, as `elasticloadbalancing`.
};

/// How the path that is sent becomes the path that is signed.
enum class PathStyle {
    normalised,  ///< Dot segments and doubled slashes resolved, then encoded again: all but S3.
    encoded,     ///< Encoded again and else kept.
    as_sent,     ///< S3, whose keys may hold any bytes: encoded once, so as it is on the wire.
};

/// Whether the session token is part of what is signed; only a few old gateways want it beside.
enum class TokenPlace { signed_in, beside };

struct Signer {
    Keys keys;
    Scope scope;
    PathStyle path = PathStyle::normalised;
    TokenPlace token = TokenPlace::signed_in;
};

/// What the signature says of the body.
struct Payload {
    std::string hash;    ///< Hexadecimal SHA-256, or one of S3's words.
    bool shown = false;  ///< Sent as `x-amz-content-sha256`, which S3 demands.
};

/// The body as it stands; `payload_for_s3` shows the hash too.
Payload payload_of(std::string_view body);
Payload payload_for_s3(std::string_view body);
/// Where the request has `x-amz-checksum-sha256` that is taken for the body's hash:
/// S3 reads the body and refuses it where either is wrong.
Payload payload_for_s3(const Request& request);
/// S3 over TLS only: the body is not part of the signature. A presigned URL can say nothing else.
Payload unsigned_payload();
/// S3: the body is signed chunk by chunk as it is sent, see ChunkSigner.
Payload streamed_payload();

/// What was signed, as AWS quotes it back in a SignatureDoesNotMatch. `canonical` may hold the
/// session token: it is for comparing, never for a log (P11).
struct Signature {
    std::string canonical;
    std::string to_sign;
    std::string hex;
};

/// Adds `X-Amz-Date`, `X-Amz-Security-Token`, `X-Amz-Content-Sha256` and `Authorization`. All
/// headers are signed but those that proxies rewrite. A request is signed once: its copy is kept
/// where it may be sent again.
Signature sign_headers(Request& request, const Signer& signer, base::Instant at,
                       const Payload& payload);

/// Adds the signature to the query: whoever has the URL may send the request until `life` is over.
Signature sign_query(Request& request, const Signer& signer, base::Instant at,
                     const Payload& payload, std::chrono::seconds life);

/// Signs the chunks of a body after its head; each signature covers the one before it.
class ChunkSigner {
public:
    /// `head` is what sign_headers gave for the request, at the same moment.
    ChunkSigner(const Signer& signer, base::Instant at, std::string head);

    /// What goes on the wire: the chunk in its frame. An empty one ends the body.
    std::string frame(std::string_view chunk);

private:
    base::Secret key_;
    std::string lines_;
    std::string last_;
};

}  // namespace aws
