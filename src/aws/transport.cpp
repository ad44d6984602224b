#include "aws/transport.h"

#include "aws/codec.h"
#include "aws/request.h"
#include "aws/scalar.h"
#include "aws/shape.h"
#include "base/clock.h"
#include "base/result.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aws {
namespace {

struct ListEnd {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListEnd>;

CURL* new_handle() {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(once);
    return curl_easy_init();
}

// Loopback, and where EC2, ECS and EKS tell credentials.
bool is_on_this_machine(std::string_view host) {
    if (host.starts_with('[')) {
        const std::string_view name = host.substr(0, host.find(']') + 1);
        return name == "[::1]" || name == "[fd00:ec2::254]" || name == "[fd00:ec2::23]";
    }
    const std::string_view name = host.substr(0, host.find(':'));
    const bool is_loopback =
        name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string::npos;
    return is_loopback || name == "localhost" || name == "169.254.169.254" ||
           name == "169.254.170.2" || name == "169.254.170.23";
}

struct Incoming {
    Answer answer;
    std::size_t bytes_max = 0;
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* context) {
    auto& incoming = *static_cast<Incoming*>(context);
    if (incoming.answer.body.size() + size * count > incoming.bytes_max) return 0;
    incoming.answer.body.append(bytes, size * count);
    return size * count;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* context) {
    auto& headers = static_cast<Incoming*>(context)->answer.headers;
    std::string_view line(bytes, size * count);
    // A 100 has a head of its own before that of the answer.
    if (line.starts_with("HTTP/")) headers.clear();
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' '))
        line.remove_suffix(1);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && !line.starts_with("HTTP/")) {
        std::string_view value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
        headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
    }
    return size * count;
}

void append(HeaderList& list, const std::string& line) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    static_cast<void>(list.release());
    list.reset(longer);
}

HeaderList headers_of(const Request& request) {
    HeaderList list;
    for (const Field& field : request.headers)
        append(list, field.value.empty() ? field.name + ";" : field.name + ": " + field.value);
    // What libcurl would add by itself: the answer to Expect costs a round, a type is the codec's.
    append(list, "Expect:");
    if (find_header(request.headers, "Content-Type") == nullptr) append(list, "Content-Type:");
    return list;
}

bool has_line_break(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

void aim(CURL* handle, const Request& request, const std::string& url) {
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    // The path that was signed is the path that is sent.
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    const bool has_body = !request.body.empty();
    if (request.method == "HEAD") {
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    } else if (has_body || request.method == "POST" || request.method == "PUT") {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
    }
    if (request.method != "HEAD")
        curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

// Before the connection stands, nothing of a request has left.
bool was_sent(CURL* handle, CURLcode code) {
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
        code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_SSL_CONNECT_ERROR ||
        code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_URL_MALFORMAT)
        return false;
    curl_off_t micros = 0;
    curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &micros);
    return micros > 0;
}

tl::unexpected<base::Error> failed(const Request& request, bool sent, std::string why) {
    if (sent)
        return base::fail(base::Failure::unknown,
                          {.code = "CF0805",
                           .what = fmt::format("{} did not answer", request.host),
                           .why = std::move(why)});
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0803",
                       .what = fmt::format("{} cannot be reached", request.host),
                       .why = std::move(why)});
}

}  // namespace

CurlTransport::CurlTransport(base::Clock& clock, std::size_t answer_bytes_max)
    : clock_(&clock), answer_bytes_max_(answer_bytes_max), handle_(new_handle()) {}

CurlTransport::~CurlTransport() {
    curl_easy_cleanup(static_cast<CURL*>(handle_));
}

base::Result<Answer> CurlTransport::send(const Request& request, Effect effect,
                                         base::Deadline deadline) {
    for (const Field& field : request.headers)
        if (has_line_break(field.name) || has_line_break(field.value))
            return does_not_fit(field.name, "a header cannot hold a line break");
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline.at - clock_->tick());
    if (left.count() <= 0) return failed(request, false, "the time for it is over");
    auto* const handle = static_cast<CURL*>(handle_);
    // Options go, connections stay.
    curl_easy_reset(handle);
    const bool plain = request.scheme == Scheme::http;
    if (plain && !is_on_this_machine(request.host))
        return base::fail(base::Failure::rejected,
                          {.code = "CF0807",
                           .what = fmt::format("{} is asked for over plain HTTP", request.host),
                           .why = "requests carry what stands for the keys, and anyone on the way "
                                  "could read them"});
    const std::string url = (plain ? "http://" : "https://") + request.host + request.path +
                            (request.query.empty() ? "" : "?" + request.query);
    aim(handle, request, url);
    // A proxy of the environment is for the world outside.
    if (plain) curl_easy_setopt(handle, CURLOPT_PROXY, "");
    // libcurl sends again by itself where a kept connection dies without an answer.
    if (effect == Effect::changes) curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    const HeaderList headers = headers_of(request);
    Incoming incoming{.answer = {}, .bytes_max = answer_bytes_max_};
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &incoming);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &incoming);
    const CURLcode code = curl_easy_perform(handle);
    if (code != CURLE_OK) return failed(request, was_sent(handle, code), curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    incoming.answer.status = static_cast<int>(status);
    return std::move(incoming.answer);
}

}  // namespace aws
