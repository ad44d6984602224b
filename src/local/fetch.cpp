#include "local/fetch.h"

#include "base/file.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

namespace local {

namespace {

struct CurlDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, CurlDeleter>;
using Headers = std::unique_ptr<curl_slist, CurlDeleter>;

CURL* new_easy() {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(once);
    return curl_easy_init();
}

void aim(CURL* handle, const std::string& url, base::Clock& clock, base::Deadline deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline.at - clock.tick());
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
                     static_cast<long>(std::max<std::int64_t>(left.count(), 1)));
}

Handle new_handle(const std::string& url, base::Clock& clock, base::Deadline deadline) {
    Handle handle(new_easy());
    aim(handle.get(), url, clock, deadline);
    return handle;
}

std::size_t to_digest(char* bytes, std::size_t size, std::size_t count, void* context) {
    static_cast<base::Sha256*>(context)->add({bytes, size * count});
    return size * count;
}

std::size_t to_descriptor(char* bytes, std::size_t size, std::size_t count, void* context) {
    std::size_t done = 0;
    while (done < size * count) {
        const ssize_t put =
            write(*static_cast<const int*>(context), bytes + done, size * count - done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) break;
        done += static_cast<std::size_t>(put);
    }
    return done;
}

struct Tail {
    std::string text;
    std::size_t limit = 0;
};

std::size_t to_tail(char* bytes, std::size_t size, std::size_t count, void* context) {
    auto& tail = *static_cast<Tail*>(context);
    tail.text.append(bytes, size * count);
    if (tail.text.size() > 2 * tail.limit) tail.text.erase(0, tail.text.size() - tail.limit);
    return size * count;
}

base::Failure failure_of(CURLcode code) {
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return base::Failure::rejected;
        case CURLE_COULDNT_CONNECT:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_SSL_CONNECT_ERROR:
            return base::Failure::unavailable;
        default:
            return base::Failure::unknown;
    }
}

tl::unexpected<base::Error> failed(const std::string& url, CURLcode code) {
    return base::fail(failure_of(code), {.code = "CF0423",
                                         .what = fmt::format("{} did not answer", shown(url)),
                                         .why = curl_easy_strerror(code)});
}

}  // namespace

std::string shown(const std::string& url) {
    std::string text = url.substr(0, url.find_first_of("?#"));
    const std::size_t host = text.find("://");
    if (host == std::string::npos) return text;
    const std::size_t path = std::min(text.find('/', host + 3), text.size());
    const std::size_t user = text.rfind('@', path);
    if (user != std::string::npos && user > host) text.erase(host + 3, user - host - 2);
    return text;
}

base::Result<void> fetch_to_file(const std::string& url, const std::filesystem::path& file,
                                 base::Clock& clock, base::Deadline deadline) {
    const base::Fd descriptor(open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!descriptor) return base::fail(base::system_error("cannot create", file, errno));
    int number = descriptor.number();
    const Handle handle = new_handle(url, clock, deadline);
    curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, to_descriptor);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &number);
    const CURLcode code = curl_easy_perform(handle.get());
    if (code == CURLE_OK) return {};
    if (code == CURLE_WRITE_ERROR) {
        return base::fail(base::system_error("cannot write", file, ENOSPC));
    }
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_HTTP_RETURNED_ERROR) {
        return base::fail(
            status == 404 || status == 410 ? base::Failure::not_found : base::Failure::unavailable,
            {.code = "CF0424", .what = fmt::format("{} answered {}", shown(url), status)});
    }
    auto error = failed(url, code);
    // A download changes nothing there, so it may always be repeated.
    if (error.value().failure == base::Failure::unknown) {
        error.value().failure = base::Failure::unavailable;
    }
    return error;
}

base::Result<Fetched> post_json(const std::string& url, const Post& post, std::size_t answer_max,
                                base::Clock& clock, base::Deadline deadline) {
    const Handle handle = new_handle(url, clock, deadline);
    Tail tail{.text = {}, .limit = answer_max};
    const Headers headers(curl_slist_append(nullptr, "Content-Type: application/json"));
    for (const std::string& each : post.headers) curl_slist_append(headers.get(), each.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, post.body.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(post.body.size()));
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, to_tail);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &tail);
    const CURLcode code = curl_easy_perform(handle.get());
    if (code != CURLE_OK) return failed(url, code);
    Fetched fetched;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &fetched.status);
    if (tail.text.size() > answer_max) tail.text.erase(0, tail.text.size() - answer_max);
    fetched.body = std::move(tail.text);
    return fetched;
}

namespace {

struct Capped {
    std::string text;
    std::size_t limit = 0;
};

std::size_t to_capped(char* bytes, std::size_t size, std::size_t count, void* context) {
    auto& capped = *static_cast<Capped*>(context);
    if (capped.text.size() + size * count > capped.limit) return 0;
    capped.text.append(bytes, size * count);
    return size * count;
}

int unless_stopped(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

}  // namespace

base::Result<Fetched> fetch_text(const Get& get, base::Clock& clock, base::Deadline deadline,
                                 const std::stop_token& stop) {
    const Handle handle = new_handle(get.url, clock, deadline);
    Capped capped{.text = {}, .limit = get.answer_max};
    std::stop_token token = stop;
    const Headers headers(curl_slist_append(nullptr, "Accept: application/json"));
    for (const std::string& each : get.headers) curl_slist_append(headers.get(), each.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, to_capped);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &capped);
    curl_easy_setopt(handle.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle.get(), CURLOPT_XFERINFOFUNCTION, unless_stopped);
    curl_easy_setopt(handle.get(), CURLOPT_XFERINFODATA, &token);
    const CURLcode code = curl_easy_perform(handle.get());
    if (code != CURLE_OK) {
        const bool too_long = code == CURLE_WRITE_ERROR;
        return base::fail(
            base::Failure::unavailable,
            {.code = "CF0480",
             .what = too_long ? fmt::format("its answer is longer than {} bytes", get.answer_max)
                              : std::string("it does not answer"),
             .why = too_long ? "" : curl_easy_strerror(code)});
    }
    Fetched fetched;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &fetched.status);
    fetched.body = std::move(capped.text);
    return fetched;
}

Fetcher::Fetcher(base::Clock& clock) : clock_(clock), handle_(new_easy()) {
    // Asked for over loopback: a proxy of the environment is not between us.
    curl_easy_setopt(handle_, CURLOPT_PROXY, "");
}

Fetcher::~Fetcher() {
    curl_easy_cleanup(handle_);
}

base::Result<base::Digest> Fetcher::digest_of(const std::string& url, base::Deadline deadline) {
    base::Sha256 sha;
    aim(handle_, url, clock_, deadline);
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, to_digest);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &sha);
    const CURLcode code = curl_easy_perform(handle_);
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK && status == 200) return sha.finish();
    return base::fail(
        base::Failure::unavailable,
        {.code = "CF0459",
         .what = fmt::format("{} is not served", shown(url)),
         .why = code == CURLE_OK ? fmt::format("status {}", status) : curl_easy_strerror(code)});
}

std::string escaped(const std::string& path) {
    std::string text;
    for (const char c : path) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                           std::string_view("/-_.~").find(c) != std::string_view::npos;
        if (plain) {
            text += c;
        } else {
            text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return text;
}

}  // namespace local
