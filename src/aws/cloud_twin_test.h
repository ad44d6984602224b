#pragma once
// For tests: two buckets, a distribution's invalidations and the site that users see, behind the
// seam of the transport and for several threads. It checks bodies against what was signed and said
// of them, as S3 does.

#include "aws/client.h"
#include "aws/request.h"
#include "aws/scalar.h"
#include "aws/twin_test.h"
#include "base/digest.h"
#include "base/percent.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace aws {

struct ObjectTwin {
    std::string body;
    std::map<std::string, std::string> headers;  ///< Lower case.
    std::string e_tag;
};

class CloudTwin final : public Transport {
public:
    static constexpr const char* kState = "state.example";
    static constexpr const char* kAssets = "assets.example";
    static constexpr const char* kSite = "site.example";

    base::Result<Answer> send(const Request& request, Effect effect, base::Deadline) override {
        const std::lock_guard lock(mutex_);
        if (before) before(request);
        const Mishap mishap = misfortune.next();
        if (mishap == Mishap::unreached || mishap == Mishap::unanswered)
            return Misfortune::answer(mishap);
        if (effect == Effect::changes) once.insert(request.method + " " + request.path);
        Answer answer = request.host == kSite                     ? seen(request)
                        : request.path.starts_with("/2020-05-31") ? invalidation(request)
                                                                  : asked(request);
        return mishap == Mishap::none ? base::Result<Answer>(answer) : Misfortune::answer(mishap);
    }

    using Bucket = std::map<std::string, ObjectTwin>;
    Bucket& state() { return buckets_[kState]; }
    Bucket& assets() { return buckets_[kAssets]; }
    /// `PUT assets`, with what is counted of it.
    std::map<std::string, int> calls;
    std::map<std::string, std::string> cached;  ///< What the site serves instead, by key.
    std::vector<std::string> invalidated;       ///< References and paths.
    std::string status = "Completed";
    bool passes_digests_on = true;
    std::set<std::string> once;  ///< What was sent with the promise to leave once at most.
    std::function<void(const Request&)> before;
    Misfortune misfortune;

    void put_by_hand(const std::string& key, const std::string& body) {
        assets()[key] = {.body = body, .headers = {}, .e_tag = tag_of(body)};
    }
    std::size_t uploads_open() const { return uploads_.size(); }

private:
    struct Upload {
        std::string key;
        std::map<std::string, std::string> headers;
        std::map<int, std::string> parts;
    };
    static Answer refused(int status, const std::string& code) {
        return {.status = status,
                .headers = {},
                .body = "<Error><Code>" + code + "</Code><Message>no</Message></Error>"};
    }
    static std::string tag_of(const std::string& body) {
        return '"' + base::sha256(body).brief() + '"';
    }
    static std::string said(const Request& request, const char* name) {
        const std::string* const found = find_header(request.headers, name);
        return found != nullptr ? *found : std::string{};
    }
    static std::map<std::string, std::string> kept_headers(const Request& request) {
        std::map<std::string, std::string> out;
        for (const char* name :
             {"content-type", "content-encoding", "cache-control", "x-amz-meta-sha256"})
            if (!said(request, name).empty()) out[name] = said(request, name);
        return out;
    }
    // As S3: the body is what the signature says, and what the checksum says.
    static bool is_intact(const Request& request) {
        const base::Digest digest = base::sha256(request.body);
        const std::string checksum = said(request, "x-amz-checksum-sha256");
        return said(request, "x-amz-content-sha256") == digest.hex() &&
               (checksum.empty() ||
                bytes_of(checksum) == std::string(digest.bytes.begin(), digest.bytes.end()));
    }

    Answer asked(const Request& request) {
        const std::string key = base::percent_decoded(request.path.substr(1)).value();
        const auto query = form_from(request.query);
        const std::string host = request.host == kState ? "state" : "assets";
        const std::string what = query.contains("partNumber") ? "PART"
                                 : query.contains("uploadId") || query.contains("uploads")
                                     ? "MULTIPART"
                                     : request.method;
        ++calls[(request.method == "GET" && key.empty() ? "LIST" : what) + " " + host];
        Bucket& bucket = buckets_[request.host];
        if (what == "PART") return part(request, query);
        if (what == "MULTIPART") return multipart(request, key, query, bucket);
        if (request.method == "PUT") return put(request, key, bucket);
        if (request.method == "DELETE") return remove(request, key, bucket);
        if (key.empty()) return list(query, bucket);
        const auto found = bucket.find(key);
        if (found == bucket.end())
            return request.method == "HEAD" ? Answer{.status = 404, .headers = {}, .body = {}}
                                            : refused(404, "NoSuchKey");
        return told(found->second, request.method == "HEAD");
    }
    static Answer told(const ObjectTwin& object, bool head) {
        Answer answer{.status = 200, .headers = {{"ETag", object.e_tag}}, .body = {}};
        for (const auto& [name, value] : object.headers) answer.headers.push_back({name, value});
        answer.headers.push_back({"Content-Length", std::to_string(object.body.size())});
        if (!head) answer.body = object.body;
        return answer;
    }
    static const char* condition(const Request& request, const std::string& key,
                                 const Bucket& bucket) {
        const auto found = bucket.find(key);
        const std::string match = said(request, "If-Match");
        if (!said(request, "If-None-Match").empty() && found != bucket.end())
            return "PreconditionFailed";
        if (match.empty()) return nullptr;
        if (found == bucket.end()) return "NoSuchKey";
        return found->second.e_tag == match ? nullptr : "PreconditionFailed";
    }
    static Answer put(const Request& request, const std::string& key, Bucket& bucket) {
        if (!is_intact(request)) return refused(400, "XAmzContentSHA256Mismatch");
        if (const char* const code = condition(request, key, bucket))
            return refused(code == std::string("NoSuchKey") ? 404 : 412, code);
        bucket[key] = {
            .body = request.body, .headers = kept_headers(request), .e_tag = tag_of(request.body)};
        return {.status = 200, .headers = {{"ETag", tag_of(request.body)}}, .body = {}};
    }
    static Answer remove(const Request& request, const std::string& key, Bucket& bucket) {
        if (const char* const code = condition(request, key, bucket))
            return refused(code == std::string("NoSuchKey") ? 404 : 412, code);
        bucket.erase(key);
        return {.status = 204, .headers = {}, .body = {}};
    }
    Answer part(const Request& request, const std::map<std::string, std::string>& query) {
        if (!is_intact(request)) return refused(400, "XAmzContentSHA256Mismatch");
        const auto upload = uploads_.find(query.at("uploadId"));
        if (upload == uploads_.end()) return refused(404, "NoSuchUpload");
        upload->second.parts[std::stoi(query.at("partNumber"))] = request.body;
        return {.status = 200, .headers = {{"ETag", tag_of(request.body)}}, .body = {}};
    }
    Answer multipart(const Request& request, const std::string& key,
                     const std::map<std::string, std::string>& query, Bucket& bucket) {
        if (query.contains("uploads")) {
            const std::string id = fmt::format("upload-{}", ++last_upload_);
            uploads_[id] = {.key = key, .headers = kept_headers(request), .parts = {}};
            return {.status = 200,
                    .headers = {},
                    .body = "<InitiateMultipartUploadResult><UploadId>" + id +
                            "</UploadId></InitiateMultipartUploadResult>"};
        }
        const auto upload = uploads_.find(query.at("uploadId"));
        if (upload == uploads_.end()) return refused(404, "NoSuchUpload");
        if (request.method == "DELETE") {
            uploads_.erase(upload);
            return {.status = 204, .headers = {}, .body = {}};
        }
        // S3 says 200 and means an error.
        if (const char* const code = condition(request, key, bucket)) return refused(412, code);
        ObjectTwin object{.body = {}, .headers = upload->second.headers, .e_tag = {}};
        for (const auto& [number, body] : upload->second.parts) {
            EXPECT_NE(request.body.find(fmt::format("<PartNumber>{}</PartNumber>", number)),
                      std::string::npos);
            object.body += body;
        }
        object.e_tag = '"' + base::sha256(object.body).brief() + "-2\"";
        bucket[key] = object;
        uploads_.erase(upload);
        return {.status = 200,
                .headers = {},
                .body = "<CompleteMultipartUploadResult><ETag>" + object.e_tag +
                        "</ETag></CompleteMultipartUploadResult>"};
    }
    // Three a page, so that there are pages.
    static Answer list(const std::map<std::string, std::string>& query, const Bucket& bucket) {
        const auto value = [&](const char* key) {
            const auto found = query.find(key);
            return found != query.end() ? found->second : std::string{};
        };
        const std::string prefix = value("prefix");
        std::string out = "<ListBucketResult>";
        std::string last;
        int count = 0;
        bool more = false;
        for (const auto& [key, object] : bucket) {
            if (!key.starts_with(prefix) || key <= value("continuation-token")) continue;
            if (!value("delimiter").empty() &&
                key.find(value("delimiter"), prefix.size()) != std::string::npos)
                continue;
            if (++count > 3) {
                more = true;
                break;
            }
            last = key;
            out += fmt::format("<Contents><Key>{}</Key><ETag>{}</ETag><Size>{}</Size></Contents>",
                               key, object.e_tag, object.body.size());
        }
        out += more ? "<IsTruncated>true</IsTruncated><NextContinuationToken>" + last +
                          "</NextContinuationToken>"
                    : "<IsTruncated>false</IsTruncated>";
        return {.status = 200, .headers = {}, .body = out + "</ListBucketResult>"};
    }
    Answer seen(const Request& request) {
        EXPECT_EQ(find_header(request.headers, "Authorization"), nullptr);
        ++calls[request.method + " site"];
        const std::string key = base::percent_decoded(request.path.substr(1)).value();
        if (cached.contains(key)) return {.status = 200, .headers = {}, .body = cached.at(key)};
        const auto found = assets().find("chat/" + key);
        if (found == assets().end()) return {.status = 403, .headers = {}, .body = {}};
        ObjectTwin object = found->second;
        if (!passes_digests_on) object.headers.erase("x-amz-meta-sha256");
        return told(object, request.method == "HEAD");
    }
    Answer invalidation(const Request& request) {
        if (request.method == "POST") {
            const auto between = [&](const char* from, const char* to) {
                const std::size_t at = request.body.find(from);
                if (at == std::string::npos) return std::string{};
                const std::size_t begin = at + std::string(from).size();
                return request.body.substr(begin, request.body.find(to, begin) - begin);
            };
            const std::string made = between("<CallerReference>", "</CallerReference>") + " " +
                                     between("<Items><Path>", "</Path></Items>");
            if (std::find(invalidated.begin(), invalidated.end(), made) == invalidated.end())
                invalidated.push_back(made);
        } else {
            ++calls["GET invalidation"];
        }
        return {.status = request.method == "POST" ? 201 : 200,
                .headers = {},
                .body = "<Invalidation><Id>I1</Id><Status>" + status + "</Status></Invalidation>"};
    }

    std::mutex mutex_;
    std::map<std::string, Bucket> buckets_;
    std::map<std::string, Upload> uploads_;
    int last_upload_ = 0;
};

}  // namespace aws
