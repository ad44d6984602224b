#pragma once
// HTTP/1.1 as a strict sans-I/O codec (RFC 9112, RFC 9110): bytes in, events to a handler.
// Bodies are handed on by reference; the same bytes give the same events however they are cut.

#include "net/fields.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace net {

enum class Method : std::uint8_t {
    get,
    head,
    post,
    put,
    remove,
    connect,
    options,
    trace,
    patch,
    other,
};
std::string_view name_of(Method method);
Method method_from(std::string_view text);

/// Why a message is refused. Each is a violation that two parsers may read differently, or a
/// bound; there is no lenient mode.
enum class Fault : std::uint8_t {
    none,
    start_line_too_long,
    field_line_too_long,
    head_too_long,
    too_many_fields,
    bare_cr,
    bare_lf,
    bad_method,
    bad_target,
    bad_version,
    unsupported_version,
    bad_status,
    bad_reason,
    obs_fold,
    space_before_fields,
    space_before_colon,
    bad_field_name,
    bad_field_value,  ///< NUL or another control character.
    missing_host,
    several_hosts,
    bad_host,
    bad_content_length,
    several_content_lengths,
    length_and_encoding,
    bad_transfer_encoding,  ///< Not ending in chunked, chunked twice, or malformed.
    unsupported_transfer_encoding,
    encoding_in_http_1_0,
    bad_chunk_size,
    chunk_size_overflow,
    bad_chunk_extension,
    chunk_extensions_too_long,
    bad_chunk_end,
    framing_in_trailers,
    incomplete,  ///< The connection ended within the message.
};
std::string_view name_of(Fault fault);
/// What to answer a request with: 400, 414, 431, 501 or 505. For a response: 502 is due.
int status_of(Fault fault);

/// Bounds; a line counts without its CRLF, a head with everything.
struct HeadLimits {
    std::uint32_t start_line_bytes_max = 16 * 1024;
    std::uint16_t field_line_bytes_max = 16 * 1024;
    std::uint32_t head_bytes_max = 64 * 1024;
};
inline constexpr HeadLimits kRequestLimits{};
inline constexpr HeadLimits kResponseLimits{16 * 1024, 16 * 1024, 32 * 1024};
inline constexpr std::size_t kFieldsMax = 128;

/// How the end of a body is known.
enum class Framing : std::uint8_t {
    none,
    length,  ///< `content_length` bytes.
    chunked,
    until_close,  ///< Responses only.
    tunnel,       ///< No HTTP follows: 101, or 2xx to CONNECT.
};

struct RequestHead {
    std::string_view bytes;  ///< From the method to the empty line, inclusive.
    std::string_view method_text;
    std::string_view target;     ///< As received.
    std::string_view path;       ///< Without query; `*` and authority forms are in `target` alone.
    std::string_view query;      ///< Without the question mark.
    std::string_view authority;  ///< Of an absolute target, else the Host field's value.
    Fields fields;
    std::uint64_t content_length = 0;
    Method method = Method::get;
    Framing framing = Framing::none;
    std::uint8_t minor_version = 1;
    bool keep_alive = true;
    bool expects_continue = false;
    bool wants_upgrade = false;  ///< Upgrade is there and Connection lists it.

    /// A WebSocket handshake by its form: GET, HTTP/1.1, Upgrade lists websocket.
    bool wants_websocket() const;
};

struct ResponseHead {
    std::string_view bytes;
    std::string_view reason;
    Fields fields;
    std::uint64_t content_length = 0;  ///< Also where `framing` is `none` (answers to HEAD).
    int status = 0;
    Framing framing = Framing::none;
    std::uint8_t minor_version = 1;
    bool keep_alive = true;
    bool interim = false;  ///< 1xx other than 101: the real answer is still to come.
};

/// Takes what a parser finds. Views are valid during the call only.
class RequestHandler {
public:
    virtual ~RequestHandler() = default;
    virtual void on_head(const RequestHead& head) = 0;
    virtual void on_body(std::string_view bytes) = 0;
    virtual void on_trailers(const Fields&) {}
    virtual void on_end() = 0;
};

class ResponseHandler {
public:
    virtual ~ResponseHandler() = default;
    /// Once per interim answer, then once for the final one.
    virtual void on_head(const ResponseHead& head) = 0;
    virtual void on_body(std::string_view bytes) = 0;
    virtual void on_trailers(const Fields&) {}
    virtual void on_end() = 0;
};

enum class Progress : std::uint8_t {
    more,    ///< Everything was consumed; the message is not over.
    paused,  ///< `pause` was called; feed the rest when ready.
    ended,   ///< One message is over; what is left belongs to the next.
    tunnel,  ///< As `ended`, and what is left is no HTTP.
    failed,  ///< See `fault`; the connection is of no more use.
};

struct Fed {
    std::size_t consumed = 0;
    Progress progress = Progress::more;
};

/// What both parsers share: limits, chunks, and the part of a head that has arrived. Keeps memory
/// only while a head or trailer is cut across calls.
class MessageParser {
public:
    /// Called by a handler: `feed` returns right after the present event.
    void pause() { paused_ = true; }
    Fault fault() const { return fault_; }
    /// Nothing of a message has been consumed since the last one ended.
    bool idle() const { return stage_ == Stage::start_line && !partial_; }
    /// The head has been handed on and the end has not.
    bool in_body() const { return stage_ >= Stage::body; }
    /// What is still to come of a body whose length was told; 0 anywhere else.
    std::uint64_t body_left() const { return stage_ == Stage::body ? left_ : 0; }
    /// So many bytes of it, at most `body_left`, went another way. After the last one, `feed` of
    /// nothing ends the message.
    void body_passed(std::uint64_t bytes) {
        left_ -= bytes;
        if (left_ == 0) stage_ = Stage::end;
    }

protected:
    enum class Stage : std::uint8_t {
        start_line,
        failed,
        body,  // from here on the head is done
        chunk_size,
        chunk_extension,
        chunk_size_lf,
        chunk_bytes,
        chunk_cr,
        chunk_lf,
        trailers,
        until_close,
        end,
        tunnel,
    };
    struct Table;
    struct Partial;

    explicit MessageParser(const HeadLimits& limits);
    ~MessageParser();
    MessageParser(MessageParser&&) noexcept;
    MessageParser& operator=(MessageParser&&) noexcept;

    template <typename Parser, typename Handler>
    static Fed run(Parser& parser, std::string_view bytes, Handler& handler);
    template <typename Parser, typename Handler>
    static std::size_t head(Parser& parser, std::string_view bytes, Handler& handler);
    template <typename Parser, typename Handler>
    static std::size_t cut_head(Parser& parser, std::string_view bytes, Handler& handler);
    template <typename Handler>
    std::size_t body(std::string_view bytes, Handler& handler);
    std::size_t chunk_line(std::string_view bytes);
    template <typename Handler>
    void trailers_over(const Table& table, const char* bytes, Handler& handler);
    void begin_body(Framing framing, std::uint64_t length);
    void fail(Fault fault);

    const HeadLimits* limits_;
    std::unique_ptr<Partial> partial_;
    std::uint64_t left_ = 0;  ///< Of the body or the chunk.
    std::uint32_t extension_bytes_ = 0;
    std::uint8_t size_digits_ = 0;
    Stage stage_ = Stage::start_line;
    Fault fault_ = Fault::none;
    bool paused_ = false;
};

/// Requests as a server or proxy receives them. `limits` must outlive the parser.
class RequestParser : public MessageParser {
public:
    explicit RequestParser(const HeadLimits& limits = kRequestLimits);

    /// Consumes at most one message.
    Fed feed(std::string_view bytes, RequestHandler& handler);
    /// The peer sends no more: `more` if between messages, else `failed` with `incomplete`.
    Progress finish();

private:
    friend class MessageParser;
    static Fault start_line(Table& table, const char* bytes, std::uint32_t end);
    void head_over(const Table& table, const char* bytes, RequestHandler& handler);
};

/// Responses as a client or proxy receives them.
class ResponseParser : public MessageParser {
public:
    explicit ResponseParser(const HeadLimits& limits = kResponseLimits);

    /// To be called before each message: an answer's body depends on what was asked.
    void expect(Method request) { request_ = request; }

    Fed feed(std::string_view bytes, ResponseHandler& handler);
    /// The peer sends no more: ends a body that runs until close.
    Progress finish(ResponseHandler& handler);

private:
    friend class MessageParser;
    static Fault start_line(Table& table, const char* bytes, std::uint32_t end);
    void head_over(const Table& table, const char* bytes, ResponseHandler& handler);

    Method request_ = Method::get;
};

}  // namespace net
