#include "aws/freight.h"

#include "aws/client.h"
#include "aws/crew.h"
#include "aws/key.h"
#include "aws/models/s3.h"
#include "aws/scalar.h"
#include "aws/value.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace aws {
namespace {

constexpr const char* kSha256 = "SHA256";
/// The member of an object's metadata that has its digest: S3's own checksum of an object that came
/// in parts is one of the parts'.
constexpr const char* kDigestName = "sha256";

std::string checksum_of(const base::Digest& digest) {
    return base::base64({reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()});
}

tl::unexpected<base::Error> changed(const std::string& name) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0834",
                       .what = fmt::format("{} changed while it was published", name),
                       .fix = "let nothing write into the folder, then release again"});
}

bool says_bad_body(const base::Error& error) {
    const std::string_view code = code_of_service(error);
    return code == "XAmzContentSHA256Mismatch" || code == "BadDigest" ||
           code == "XAmzContentChecksumMismatch";
}

base::Result<std::string> bytes_at(const Parcel& parcel, std::uint64_t from, std::uint64_t count) {
    std::ifstream in(parcel.file, std::ios::binary);
    std::string out(count, '\0');
    in.seekg(static_cast<std::streamoff>(from));
    in.read(out.data(), static_cast<std::streamsize>(count));
    if (!in || static_cast<std::uint64_t>(in.gcount()) != count) return changed(parcel.name);
    return out;
}

Entries condition_of(const std::string& replaces) {
    using namespace s3::PutObjectRequest;
    return {replaces.empty() ? if_none_match("*") : if_match(replaces)};
}

void add_manner(Entries& input, const Parcel& parcel) {
    using namespace s3::PutObjectRequest;  // CreateMultipartUpload has the same names
    input.push_back(content_type(parcel.manner.content_type));
    input.push_back(cache_control(parcel.manner.cache_control));
    if (!parcel.manner.content_encoding.empty())
        input.push_back(content_encoding(parcel.manner.content_encoding));
    input.push_back(metadata(Entries{{kDigestName, Value(parcel.digest.hex())}}));
    input.push_back(checksum_algorithm(kSha256));
}

// What is there after a condition did not hold, or after an answer was lost.
base::Result<std::string> looked_up(Client& bucket, const Parcel& parcel,
                                    const std::string& replaces, const Terms& terms,
                                    const base::Error& error) {
    const auto there = object_there(bucket, parcel.key, terms);
    if (!there) return base::fail(there);
    if (!*there)
        return base::fail(base::Failure::unavailable,
                          {.code = "CF0836",
                           .what = fmt::format("{} has not arrived", parcel.name),
                           .why = error.diagnostic.what});
    if ((*there)->digest == parcel.digest) return (*there)->e_tag;
    if (replaces.empty()) return name_taken(parcel.name);
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0836",
                       .what = fmt::format("{} was changed meanwhile", parcel.name),
                       .why = error.diagnostic.what});
}

bool may_stand(const base::Error& error) {
    return error.failure == base::Failure::conflict || error.failure == base::Failure::unknown;
}

}  // namespace

tl::unexpected<base::Error> name_taken(const std::string& name) {
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0833",
         .what = fmt::format("the asset {} is published with other content", name),
         .why = "users of the release that runs may be about to fetch the one that is there",
         .fix = "put a digest of the content into the name, as bundlers do, or name it in "
                "`aws.assets.unhashed`"});
}

base::Result<std::optional<ObjectThere>> object_there(Client& bucket, const std::string& key,
                                                      const Terms& terms) {
    const auto answer =
        bucket.call(s3::kHeadObject, Entries{s3::HeadObjectRequest::key(key)}, terms);
    if (!answer && answer.error().failure == base::Failure::not_found)
        return std::optional<ObjectThere>{};
    if (!answer) return base::fail(answer);
    ObjectThere out{.e_tag = s3::HeadObjectOutput::e_tag.of(*answer), .digest = {}};
    const auto digest =
        base::digest_from(inside(*answer, s3::HeadObjectOutput::metadata).text(kDigestName));
    if (digest) out.digest = *digest;
    return out;
}

base::Result<std::string> put(Client& bucket, const Parcel& parcel, std::string body,
                              const std::string& replaces, const Terms& terms) {
    using namespace s3::PutObjectRequest;
    Entries input = condition_of(replaces);
    input.push_back(key(parcel.key));
    input.push_back(s3::PutObjectRequest::body(std::move(body)));
    input.push_back(checksum_sha256(checksum_of(parcel.digest)));
    add_manner(input, parcel);
    Terms repeated = terms;
    repeated.repeat = Repeat::harmless;  // the second finds the first one's content
    const auto answer = bucket.call(s3::kPutObject, Value(std::move(input)), repeated);
    if (answer) return s3::PutObjectOutput::e_tag.of(*answer);
    if (may_stand(answer.error()))
        return looked_up(bucket, parcel, replaces, terms, answer.error());
    if (says_bad_body(answer.error())) return changed(parcel.name);
    return base::fail(answer);
}

/// One upload in parts; lost with the process, and then ended by the bucket's own rule.
struct Freight::Large {
    explicit Large(const Parcel& given)
        : parcel(given),
          parts((given.bytes + kPartBytes - 1) / kPartBytes),
          tags(parts),
          checksums(parts),
          left(parts) {}

    std::uint64_t size_of(std::size_t part) const {
        return std::min(kPartBytes, parcel.bytes - part * kPartBytes);
    }
    void forget() {
        id.clear();
        std::fill(tags.begin(), tags.end(), std::string{});
        left = parts;
    }

    Parcel parcel;
    std::size_t parts;
    std::mutex mutex;  ///< Of all below.
    std::string id;
    std::vector<std::string> tags;       ///< Empty: has not arrived.
    std::vector<std::string> checksums;  ///< Base64.
    std::size_t left;
    std::string e_tag;  ///< Of the whole, once it is one.
};

base::Result<void> Freight::begin(Client& bucket, Large& large, const Terms& terms) {
    Entries input{s3::CreateMultipartUploadRequest::key(large.parcel.key)};
    add_manner(input, large.parcel);
    const auto begun = bucket.call(s3::kCreateMultipartUpload, Value(std::move(input)), terms);
    if (!begun) return base::fail(begun);
    large.id = s3::CreateMultipartUploadOutput::upload_id.of(*begun);
    return {};
}

base::Result<void> Freight::send_part(Lane& lane, Large& large, std::size_t part,
                                      const Terms& terms) {
    std::string id;
    {
        const std::lock_guard lock(large.mutex);
        if (!large.tags[part].empty()) return {};
        if (large.id.empty())
            if (auto begun = begin(*lane.client, large, terms); !begun) return begun;
        id = large.id;
    }
    auto body = bytes_at(large.parcel, part * kPartBytes, large.size_of(part));
    if (!body) return base::fail(body);
    using namespace s3::UploadPartRequest;
    const std::string checksum = checksum_of(base::sha256(*body));
    Terms repeated = terms;
    repeated.repeat = Repeat::harmless;  // a part that is sent twice replaces itself
    const auto answer =
        lane.client->call(s3::kUploadPart,
                          Value(Entries{key(large.parcel.key), upload_id(id),
                                        part_number(static_cast<std::int64_t>(part + 1)),
                                        s3::UploadPartRequest::body(std::move(*body)),
                                        checksum_algorithm(kSha256), checksum_sha256(checksum)}),
                          repeated);
    const std::lock_guard lock(large.mutex);
    if (!answer) {
        if (answer.error().failure == base::Failure::not_found) large.forget();
        if (says_bad_body(answer.error())) return changed(large.parcel.name);
        return base::fail(answer);
    }
    if (large.id != id) return {};  // it began anew meanwhile
    large.tags[part] = s3::UploadPartOutput::e_tag.of(*answer);
    large.checksums[part] = checksum;
    if (--large.left > 0) return {};
    return complete(*lane.client, large, terms);
}

base::Result<void> Freight::complete(Client& bucket, Large& large, const Terms& terms) {
    using namespace s3::CompleteMultipartUploadRequest;
    std::error_code error;
    if (std::filesystem::last_write_time(large.parcel.file, error) != large.parcel.written ||
        std::filesystem::file_size(large.parcel.file, error) != large.parcel.bytes || error) {
        // Where this fails the bucket's own rule ends it.
        static_cast<void>(
            bucket.call(s3::kAbortMultipartUpload,
                        Entries{s3::AbortMultipartUploadRequest::key(large.parcel.key),
                                s3::AbortMultipartUploadRequest::upload_id(large.id)},
                        terms));
        large.forget();
        return changed(large.parcel.name);
    }
    List parts;
    for (std::size_t i = 0; i < large.parts; ++i)
        parts.emplace_back(
            Entries{s3::CompletedPart::e_tag(large.tags[i]),
                    s3::CompletedPart::checksum_sha256(large.checksums[i]),
                    s3::CompletedPart::part_number(static_cast<std::int64_t>(i + 1))});
    const auto answer = bucket.call(
        s3::kCompleteMultipartUpload,
        Value(Entries{key(large.parcel.key), upload_id(large.id), if_none_match("*"),
                      multipart_upload({s3::CompletedMultipartUpload::parts(std::move(parts))})}),
        terms);
    if (answer) {
        large.e_tag = s3::CompleteMultipartUploadOutput::e_tag.of(*answer);
        return {};
    }
    if (answer.error().failure == base::Failure::unavailable) {
        // Whoever sends the last part again completes it.
        large.tags.back().clear();
        large.left = 1;
        return base::fail(answer);
    }
    const bool is_gone = answer.error().failure == base::Failure::not_found;
    large.forget();
    if (!may_stand(answer.error()) && !is_gone) return base::fail(answer);
    auto there = looked_up(bucket, large.parcel, "", terms, answer.error());
    if (!there) return base::fail(there);
    large.e_tag = std::move(*there);
    return {};
}

base::Result<bool> Freight::send(const std::vector<Parcel>& parcels, base::Deadline deadline,
                                 std::map<std::string, std::string>& tags) {
    struct Part {
        std::shared_ptr<Large> large;
        std::size_t number = 0;
    };
    std::vector<Part> parts;
    std::vector<const Parcel*> whole;
    for (const Parcel& parcel : parcels) {
        if (parcel.bytes <= kPartBytes) {
            whole.push_back(&parcel);
            continue;
        }
        std::shared_ptr<Large>& large = begun_[parcel.key];
        if (large == nullptr || large->parcel.digest != parcel.digest)
            large = std::make_shared<Large>(parcel);
        for (std::size_t i = 0; i < large->parts; ++i)
            if (large->tags[i].empty()) parts.push_back({.large = large, .number = i});
    }
    // Long bodies first: few lanes take them, and none of them is to be the last alone.
    constexpr std::uint64_t kLightBytes = 1024ULL * 1024;
    const auto first_light = std::stable_partition(
        whole.begin(), whole.end(), [](const Parcel* each) { return each->bytes > kLightBytes; });
    const auto heavy = parts.size() + static_cast<std::size_t>(first_light - whole.begin());
    std::mutex mutex;
    const Terms terms{.deadline = deadline};
    const auto all = crew_->run(
        {.heavy = heavy, .light = parts.size() + whole.size() - heavy},
        [&](Lane& lane, std::size_t number) -> base::Result<void> {
            if (number < parts.size())
                return send_part(lane, *parts[number].large, parts[number].number, terms);
            const Parcel& parcel = *whole[number - parts.size()];
            auto body = bytes_at(parcel, 0, parcel.bytes);
            if (!body) return base::fail(body);
            auto e_tag = put(*lane.client, parcel, std::move(*body), "", terms);
            if (!e_tag) return base::fail(e_tag);
            const std::lock_guard lock(mutex);
            tags[parcel.key] = std::move(*e_tag);
            return {};
        },
        deadline);
    for (const Parcel& parcel : parcels) {
        const auto large = begun_.find(parcel.key);
        if (large == begun_.end() || large->second->e_tag.empty()) continue;
        tags[parcel.key] = large->second->e_tag;
        begun_.erase(large);
    }
    return all;
}

}  // namespace aws
