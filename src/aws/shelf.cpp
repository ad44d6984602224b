#include "aws/shelf.h"

#include "aws/client.h"
#include "aws/key.h"
#include "aws/models/s3.h"
#include "aws/value.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace aws {
namespace {

/// S3 takes 10,000 parts: enough for 160 GB.
constexpr std::uint64_t kPartBytes = 16ULL * 1024 * 1024;

base::Result<std::string> bytes_of(const std::filesystem::path& file, std::uint64_t from,
                                   std::uint64_t count) {
    std::ifstream in(file, std::ios::binary);
    std::string out(count, '\0');
    in.seekg(static_cast<std::streamoff>(from));
    in.read(out.data(), static_cast<std::streamsize>(count));
    if (in && static_cast<std::uint64_t>(in.gcount()) == count) return out;
    return base::fail(
        base::Failure::unavailable,
        {.code = "CF0826", .what = fmt::format("{} changes while it is uploaded", file.string())});
}

base::Result<std::uint64_t> size_of(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return base::fail(base::Failure::not_found,
                          {.code = "CF0825",
                           .what = fmt::format("the artifact {} is nowhere", file.string()),
                           .why = "neither this file nor an object of its digest is there"});
    if (!std::filesystem::is_regular_file(file, error))
        return base::fail(
            base::Failure::rejected,
            {.code = "CF0826",
             .what = fmt::format("the artifact {} is no file", file.string()),
             .why = "instances fetch one object, whose digest they check",
             .fix = "name a .tar.gz: `tar -czf build/server.tar.gz -C build server`"});
    return std::filesystem::file_size(file, error);
}

}  // namespace

base::Result<bool> Shelf::has(const std::string& key, const Terms& terms) {
    const auto answer =
        bucket_->call(s3::kHeadObject, Entries{s3::HeadObjectRequest::key(key)}, terms);
    if (answer) return true;
    if (answer.error().failure == base::Failure::not_found) return false;
    return base::fail(answer);
}

// Whoever was first put the same content there: the name is its digest.
base::Result<void> Shelf::put(const std::string& key, std::string body, const Terms& terms) {
    const auto answer = bucket_->call(
        s3::kPutObject,
        Entries{s3::PutObjectRequest::key(key), s3::PutObjectRequest::body(std::move(body)),
                s3::PutObjectRequest::if_none_match("*")},
        terms);
    if (answer || answer.error().failure == base::Failure::conflict) return {};
    return base::fail(answer);
}

base::Result<void> Shelf::put_text(const std::string& key, const std::string& text,
                                   const Terms& terms) {
    const auto there = has(key, terms);
    if (!there) return base::fail(there);
    if (*there) return {};
    return put(key, text, terms);
}

base::Result<std::string> Shelf::text(const std::string& key, const Terms& terms) {
    const auto answer =
        bucket_->call(s3::kGetObject, Entries{s3::GetObjectRequest::key(key)}, terms);
    if (!answer) return base::fail(answer);
    return s3::GetObjectOutput::body.of(*answer);
}

base::Result<void> Shelf::put_file(const std::string& key, const std::filesystem::path& file,
                                   const base::Digest& digest, const Terms& terms) {
    const auto there = has(key, terms);
    if (!there) return base::fail(there);
    if (*there) return {};
    const auto size = size_of(file);
    if (!size) return base::fail(size);
    if (upload_.key != key) {
        const auto found = base::digest_of(file);
        if (!found) return base::fail(found);
        if (*found != digest)
            return base::fail(base::Failure::rejected,
                              {.code = "CF0826",
                               .what = fmt::format("{} is not what was released", file.string()),
                               .why = fmt::format("its digest is {}, {} is wanted", found->brief(),
                                                  digest.brief()),
                               .fix = "put the file back, or release it anew"});
    }
    if (*size > kPartBytes) return put_parts(key, file, *size, terms);
    auto body = bytes_of(file, 0, *size);
    if (!body) return base::fail(body);
    return put(key, std::move(*body), terms);
}

base::Result<void> Shelf::put_parts(const std::string& key, const std::filesystem::path& file,
                                    std::uint64_t size, const Terms& terms) {
    if (upload_.key != key) {
        const auto begun = bucket_->call(
            s3::kCreateMultipartUpload, Entries{s3::CreateMultipartUploadRequest::key(key)}, terms);
        if (!begun) return base::fail(begun);
        upload_ = {
            .key = key, .id = s3::CreateMultipartUploadOutput::upload_id.of(*begun), .tags = {}};
    }
    const std::uint64_t from = upload_.tags.size() * kPartBytes;
    if (from >= size) return complete(terms);
    auto body = bytes_of(file, from, std::min(kPartBytes, size - from));
    if (!body) return base::fail(body);
    // A part that is sent twice replaces itself.
    const auto answer = bucket_->call(
        s3::kUploadPart,
        Entries{
            s3::UploadPartRequest::key(key), s3::UploadPartRequest::upload_id(upload_.id),
            s3::UploadPartRequest::part_number(static_cast<std::int64_t>(upload_.tags.size() + 1)),
            s3::UploadPartRequest::body(std::move(*body))},
        terms);
    if (!answer) {
        if (answer.error().failure == base::Failure::not_found) upload_ = {};
        return base::fail(answer);
    }
    upload_.tags.push_back(s3::UploadPartOutput::e_tag.of(*answer));
    if (upload_.tags.size() * kPartBytes >= size) return complete(terms);
    return base::fail(
        base::Failure::unavailable,
        {.code = "CF0827",
         .what = fmt::format("{} of {} MB of the artifact are uploaded",
                             upload_.tags.size() * kPartBytes / 1'000'000, size / 1'000'000)});
}

base::Result<void> Shelf::complete(const Terms& terms) {
    List parts;
    for (std::size_t i = 0; i < upload_.tags.size(); ++i)
        parts.emplace_back(
            Entries{s3::CompletedPart::e_tag(upload_.tags[i]),
                    s3::CompletedPart::part_number(static_cast<std::int64_t>(i + 1))});
    const auto answer =
        bucket_->call(s3::kCompleteMultipartUpload,
                      Entries{s3::CompleteMultipartUploadRequest::key(upload_.key),
                              s3::CompleteMultipartUploadRequest::upload_id(upload_.id),
                              s3::CompleteMultipartUploadRequest::multipart_upload(
                                  {s3::CompletedMultipartUpload::parts(std::move(parts))})},
                      terms);
    // An answer that was lost is found by the next look at the object.
    if (!answer && answer.error().failure != base::Failure::not_found) return base::fail(answer);
    upload_ = {};
    if (answer) return {};
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0827", .what = "the upload of the artifact begins anew"});
}

}  // namespace aws
