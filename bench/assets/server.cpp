// As much of S3 as publishing needs, on loopback: conditional PUT, parts, HEAD, GET, DELETE and
// listings. Bodies are counted and dropped but in buckets that begin with `state`; nothing is
// verified, as it is the clients that are measured. A thread a connection.
//
//     bench-s3 PORT
//
// GET /_counts tells requests by kind and bytes taken, and begins to count anew.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace {

struct Object {
    std::string body;
    std::uint64_t bytes = 0;
    std::string e_tag;
    std::map<std::string, std::string> fields;
};

struct Request {
    std::string method;
    std::string path;  ///< `/bucket/key`, decoded.
    std::map<std::string, std::string> query;
    std::map<std::string, std::string> fields;  ///< Names in lower case.
    std::string body;
    std::uint64_t bytes = 0;

    std::string field(const std::string& name) const {
        const auto found = fields.find(name);
        return found != fields.end() ? found->second : std::string{};
    }
    bool asks(const std::string& name) const { return query.contains(name); }
    std::string bucket() const { return path.substr(1, path.find('/', 1) - 1); }
    std::string key() const {
        const std::size_t slash = path.find('/', 1);
        return slash == std::string::npos ? "" : path.substr(slash + 1);
    }
};

struct Answer {
    int status = 200;
    std::string fields;
    std::string body;
    std::uint64_t claimed = 0;  ///< Content-Length of a HEAD.
};

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(
                std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// All buckets; used by every connection's thread.
class Buckets {
public:
    Answer answer(const Request& request) {
        const std::lock_guard lock(mutex_);
        if (request.path == "/_counts") return counts();
        const std::string kind = kind_of(request);
        ++counts_[kind + " " + request.bucket()];
        taken_ += request.bytes;
        auto& bucket = buckets_[request.bucket()];
        if (kind == "LIST") return list(request, bucket);
        if (kind == "BEGIN") {
            const std::string id = fmt::format("u{}", ++made_);
            uploads_[id] = {.body = {}, .bytes = 0, .e_tag = {}, .fields = kept(request)};
            return {.body = "<InitiateMultipartUploadResult><UploadId>" + id +
                            "</UploadId></InitiateMultipartUploadResult>"};
        }
        if (kind == "PART") {
            uploads_[request.query.at("uploadId")].bytes += size_of(request);
            return {.fields = "ETag: " + new_tag() + "\r\n"};
        }
        if (kind == "END") return end(request, bucket);
        if (kind == "PUT") return put(request, bucket);
        if (kind == "DELETE") {
            bucket.erase(request.key());
            return {.status = 204};
        }
        return look(request, bucket);
    }

private:
    using Bucket = std::map<std::string, Object>;

    static std::string kind_of(const Request& request) {
        if (request.asks("uploads")) return "BEGIN";
        if (request.asks("partNumber")) return "PART";
        if (request.asks("uploadId")) return request.method == "DELETE" ? "ABORT" : "END";
        if (request.method == "GET" && request.key().empty()) return "LIST";
        return request.method;
    }
    // A body in signed chunks is longer on the wire.
    static std::uint64_t size_of(const Request& request) {
        const std::string decoded_size = request.field("x-amz-decoded-content-length");
        return decoded_size.empty() ? request.bytes
                                    : std::strtoull(decoded_size.c_str(), nullptr, 10);
    }
    static std::map<std::string, std::string> kept(const Request& request) {
        std::map<std::string, std::string> out;
        for (const auto& [name, value] : request.fields)
            if (name.starts_with("x-amz-meta-") || name == "content-type" ||
                name == "cache-control")
                out.emplace(name, value);
        return out;
    }
    std::string new_tag() { return fmt::format("\"{:032x}\"", ++made_); }

    Answer counts() {
        std::string out = "{";
        for (const auto& [name, count] : counts_) out += fmt::format("\"{}\":{},", name, count);
        out += fmt::format("\"bytes\":{}}}", taken_);
        counts_.clear();
        taken_ = 0;
        return {.body = std::move(out)};
    }
    static bool stands(const Request& request, const Bucket& bucket) {
        const auto found = bucket.find(request.key());
        const std::string match = request.field("if-match");
        if (!request.field("if-none-match").empty() && found != bucket.end()) return false;
        return match.empty() || (found != bucket.end() && found->second.e_tag == match);
    }
    static Answer refused() {
        return {.status = 412, .body = "<Error><Code>PreconditionFailed</Code></Error>"};
    }
    Answer put(const Request& request, Bucket& bucket) {
        if (!stands(request, bucket)) return refused();
        Object& object = bucket[request.key()];
        object = {.body = request.body,
                  .bytes = size_of(request),
                  .e_tag = new_tag(),
                  .fields = kept(request)};
        return {.fields = "ETag: " + object.e_tag + "\r\n"};
    }
    Answer end(const Request& request, Bucket& bucket) {
        if (!stands(request, bucket)) return refused();
        const auto upload = uploads_.find(request.query.at("uploadId"));
        if (upload == uploads_.end())
            return {.status = 404, .body = "<Error><Code>NoSuchUpload</Code></Error>"};
        upload->second.e_tag = new_tag();
        const std::string tag = upload->second.e_tag;
        bucket[request.key()] = std::move(upload->second);
        uploads_.erase(upload);
        return {.body = "<CompleteMultipartUploadResult><ETag>" + tag +
                        "</ETag></CompleteMultipartUploadResult>"};
    }
    static Answer look(const Request& request, const Bucket& bucket) {
        const auto found = bucket.find(request.key());
        if (found == bucket.end())
            return {.status = 404, .body = "<Error><Code>NoSuchKey</Code></Error>"};
        Answer answer{.body = found->second.body, .claimed = found->second.bytes};
        answer.fields =
            "ETag: " + found->second.e_tag + "\r\nLast-Modified: Tue, 24 Nov 2026 02:00:00 GMT\r\n";
        for (const auto& [name, value] : found->second.fields)
            answer.fields += name + ": " + value + "\r\n";
        return answer;
    }
    static Answer list(const Request& request, const Bucket& bucket) {
        const auto value = [&](const char* name) {
            const auto found = request.query.find(name);
            return found != request.query.end() ? found->second : std::string{};
        };
        const std::string prefix = value("prefix");
        const std::string after = value("continuation-token");
        std::string out = "<ListBucketResult>";
        std::string last;
        int count = 0;
        bool more = false;
        for (auto at = bucket.upper_bound(std::max(after, prefix)); at != bucket.end(); ++at) {
            const auto& [key, object] = *at;
            if (!key.starts_with(prefix)) break;
            if (!value("delimiter").empty() &&
                key.find(value("delimiter"), prefix.size()) != std::string::npos)
                continue;
            if (++count > 1000) {
                more = true;
                break;
            }
            last = key;
            out += fmt::format(
                "<Contents><Key>{}</Key><LastModified>2027-11-24T02:00:00.000Z</LastModified>"
                "<ETag>{}</ETag><Size>{}</Size></Contents>",
                key, object.e_tag, object.bytes);
        }
        out += fmt::format("<KeyCount>{}</KeyCount><IsTruncated>{}</IsTruncated>",
                           std::min(count, 1000), more);
        if (more) out += "<NextContinuationToken>" + last + "</NextContinuationToken>";
        return {.body = out + "</ListBucketResult>"};
    }

    std::mutex mutex_;
    std::map<std::string, Bucket> buckets_;
    std::map<std::string, Object> uploads_;
    std::map<std::string, std::uint64_t> counts_;
    std::uint64_t taken_ = 0;
    std::uint64_t made_ = 0;
};

/// One client, request after request.
class Connection {
public:
    Connection(int socket, Buckets& buckets) : socket_(socket), buckets_(buckets) {}
    ~Connection() { close(socket_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void serve() {
        while (true) {
            Request request;
            if (!read_head(request) || !read_body(request)) return;
            const Answer answer = buckets_.answer(request);
            const bool head = request.method == "HEAD";
            const std::uint64_t length =
                head && answer.status == 200 ? answer.claimed : answer.body.size();
            std::string out = fmt::format("HTTP/1.1 {} -\r\nContent-Length: {}\r\n{}\r\n",
                                          answer.status, length, answer.fields);
            if (!head) out += answer.body;
            if (!send_all(out)) return;
        }
    }

private:
    bool fill() {
        const ssize_t got = recv(socket_, chunk_.data(), chunk_.size(), 0);
        if (got <= 0) return false;
        in_.append(chunk_.data(), static_cast<std::size_t>(got));
        return true;
    }
    bool send_all(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    bool read_head(Request& request) {
        std::size_t end = 0;
        while ((end = in_.find("\r\n\r\n")) == std::string::npos)
            if (!fill()) return false;
        const std::string head = in_.substr(0, end + 2);
        in_.erase(0, end + 4);
        std::size_t at = head.find("\r\n");
        const std::string line = head.substr(0, at);
        const std::size_t space = line.find(' ');
        request.method = line.substr(0, space);
        const std::string target = line.substr(space + 1, line.rfind(' ') - space - 1);
        const std::size_t question = std::min(target.find('?'), target.size());
        request.path = decoded(target.substr(0, question));
        for (std::size_t from = question + 1; from < target.size();) {
            const std::size_t to = std::min(target.find('&', from), target.size());
            const std::string part = target.substr(from, to - from);
            const std::size_t equals = std::min(part.find('='), part.size());
            request.query[decoded(part.substr(0, equals))] =
                equals < part.size() ? decoded(part.substr(equals + 1)) : "";
            from = to + 1;
        }
        for (at += 2; at < head.size();) {
            const std::size_t next = head.find("\r\n", at);
            const std::size_t colon = head.find(':', at);
            std::string name = head.substr(at, colon - at);
            std::transform(name.begin(), name.end(), name.begin(), [](char c) {
                return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            });
            const std::size_t value = head.find_first_not_of(' ', colon + 1);
            request.fields[name] = head.substr(value, next - value);
            at = next + 2;
        }
        return true;
    }
    bool read_body(Request& request) {
        if (request.field("expect") == "100-continue" && !send_all("HTTP/1.1 100 Continue\r\n\r\n"))
            return false;
        request.bytes = std::strtoull(request.field("content-length").c_str(), nullptr, 10);
        const bool keeps = request.bucket().starts_with("state") || request.method == "POST";
        std::uint64_t left = request.bytes;
        while (left > 0) {
            if (in_.empty() && !fill()) return false;
            const std::size_t some = std::min<std::uint64_t>(left, in_.size());
            if (keeps) request.body.append(in_, 0, some);
            in_.erase(0, some);
            left -= some;
        }
        return true;
    }

    int socket_;
    Buckets& buckets_;
    std::string in_;
    std::array<char, 256 * 1024> chunk_{};
};

}  // namespace

int main(int count, char** words) {
    if (count != 2) return 2;
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::strtoul(words[1], nullptr, 10)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* const place = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    if (bind(listener, place, sizeof address) != 0 || listen(listener, 256) != 0) {
        std::perror("bench-s3");
        return 1;
    }
    std::puts("ready");
    std::fflush(stdout);
    Buckets buckets;
    while (true) {
        const int client = accept(listener, nullptr, nullptr);
        if (client < 0) continue;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        std::thread([client, &buckets] { Connection(client, buckets).serve(); }).detach();
    }
}
