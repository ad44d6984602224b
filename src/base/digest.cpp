#include "base/digest.h"

#include "base/check.h"
#include "base/file.h"
#include "base/folder_digest.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

namespace base {

namespace fs = std::filesystem;

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() { CHECK(context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1); }
    ~State() { EVP_MD_CTX_free(context); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
    CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

Digest Sha256::finish() {
    Digest digest;
    unsigned length = 0;
    CHECK(EVP_DigestFinal_ex(state_->context, digest.bytes.data(), &length) == 1 && length == 32);
    return digest;
}

Digest sha256(std::string_view bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
}

std::string Digest::hex() const {
    std::string out;
    out.reserve(64);
    for (const std::uint8_t byte : bytes) out += fmt::format("{:02x}", byte);
    return out;
}

Result<Digest> digest_from(std::string_view hex) {
    Digest digest;
    const auto nibble = [](char c) { return c >= 'a' ? c - 'a' + 10 : c - '0'; };
    const bool well_formed =
        hex.size() == 64 && hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (!well_formed) {
        return fail(Failure::rejected, {.code = "CF0003",
                                        .what = "a digest is 64 lower-case hexadecimal digits",
                                        .why = fmt::format("this is `{}`", hex.substr(0, 80))});
    }
    for (std::size_t i = 0; i < 32; ++i) {
        digest.bytes[i] =
            static_cast<std::uint8_t>(nibble(hex[2 * i]) * 16 + nibble(hex[2 * i + 1]));
    }
    return digest;
}

namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;

/// Who else wants a file's bytes, and until when.
struct Beside {
    Sha256* file = nullptr;
    std::uint64_t bytes = 0;
    std::stop_token stop = {};
};

Result<void> add_file(const fs::path& path, Sha256& hash, Beside& beside) {
    const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return fail(system_error("cannot read", path, errno));
    std::string chunk(kChunkBytes, '\0');
    for (;;) {
        if (beside.stop.stop_requested())
            return fail(Failure::unavailable,
                        {.code = "CF0005",
                         .what = fmt::format("{} was not read to its end", path.string())});
        const ssize_t got = read(file.number(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(system_error("cannot read", path, errno));
        if (got == 0) return {};
        const std::string_view bytes(chunk.data(), static_cast<std::size_t>(got));
        hash.add(bytes);
        if (beside.file != nullptr) beside.file->add(bytes);
        beside.bytes += bytes.size();
    }
}

Result<void> add_entry(const fs::path& root, const fs::path& path, Sha256& hash, Beside& beside) {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    const std::string name = fs::relative(path, root).generic_string();
    if (fs::is_symlink(status) && beside.file == nullptr) {
        hash.add(
            fmt::format("link {}:{} {}\n", name.size(), name, fs::read_symlink(path).string()));
        return {};
    }
    if (!fs::is_regular_file(status)) {
        return fail(Failure::rejected,
                    {.code = "CF0004",
                     .what = fmt::format("{} is neither file nor folder", path.string())});
    }
    const bool runs = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
    hash.add(fmt::format("file {}:{} {} {}\n", name.size(), name, runs ? "x" : "-",
                         fs::file_size(path)));
    return add_file(path, hash, beside);
}

std::vector<fs::path> entries_of(const fs::path& root) {
    std::vector<fs::path> entries;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
        if (entry.is_symlink() || !entry.is_directory()) entries.push_back(entry.path());
    }
    std::sort(entries.begin(), entries.end(), [](const fs::path& a, const fs::path& b) {
        return a.generic_string() < b.generic_string();
    });
    return entries;
}

Result<Digest> digest_of_folder(const fs::path& root) {
    Sha256 hash;
    Beside nobody;
    for (const fs::path& entry : entries_of(root)) {
        if (auto added = add_entry(root, entry, hash, nobody); !added) return fail(added);
    }
    return hash.finish();
}

}  // namespace

Result<Digest> digest_of(const fs::path& path) {
    try {
        if (!fs::is_directory(path)) {
            Sha256 hash;
            Beside nobody;
            if (auto added = add_file(path, hash, nobody); !added) return fail(added);
            return hash.finish();
        }
        return digest_of_folder(path);
    } catch (const fs::filesystem_error& error) {
        return fail(system_error("cannot read", path, error.code().value()));
    }
}

Result<Digest> digest_of_files(const fs::path& folder,
                               const std::function<void(DigestedFile)>& seen,
                               const std::stop_token& stop) {
    try {
        Sha256 hash;
        for (const fs::path& entry : entries_of(folder)) {
            Sha256 alone;
            Beside beside{.file = &alone, .bytes = 0, .stop = stop};
            if (auto added = add_entry(folder, entry, hash, beside); !added) return fail(added);
            seen({.name = entry.lexically_relative(folder).generic_string(),
                  .digest = alone.finish(),
                  .bytes = beside.bytes});
        }
        return hash.finish();
    } catch (const fs::filesystem_error& error) {
        return fail(system_error("cannot read", folder, error.code().value()));
    }
}

}  // namespace base
