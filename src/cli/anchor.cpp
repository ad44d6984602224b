#include "cli/anchor.h"

#include "cli/text.h"

#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string_view>

namespace cli {
namespace {

// A line a release: a thousand years of them.
constexpr base::Bytes kFileMax{64 * 1024 * 1024};

base::Result<engine::Head> parsed(std::string_view text, char between) {
    const std::size_t at = text.find(between);
    engine::Head head;
    const std::string_view number = text.substr(0, at);
    const auto read = std::from_chars(number.data(), number.data() + number.size(), head.index);
    const bool whole = read.ec == std::errc() && read.ptr == number.data() + number.size();
    const auto hash = at == std::string_view::npos ? base::Result<base::Digest>(base::Digest{})
                                                   : base::digest_from(text.substr(at + 1, 64));
    if (!whole || head.index == 0 || at == std::string_view::npos || !hash) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0751",
                           .what = fmt::format("`{}` is no head of a journal",
                                               harmless(std::string(text.substr(0, 80)))),
                           .fix = "write it like 120:HASH, as a report prints it"});
    }
    head.hash = *hash;
    return head;
}

}  // namespace

std::filesystem::path anchor_of(const Site& site, const release::Spec& spec) {
    if (spec.policy.anchor.empty()) return {};
    return (site.home / spec.policy.anchor).lexically_normal();
}

base::Result<void> note_head(const std::filesystem::path& file, const engine::Record& last,
                             base::Instant now) {
    const base::Fd out(
        ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!out)
        return base::fail(base::system_error("cannot note the journal's head in", file, errno));
    const std::string line =
        fmt::format("{} {} {} {}\n", last.index, last.hash.hex(), base::to_text(now), last.release);
    const bool written =
        write(out.number(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
        fdatasync(out.number()) == 0;
    if (!written)
        return base::fail(base::system_error("cannot note the journal's head in", file, errno));
    return {};
}

base::Result<engine::Head> head_from(const std::string& text) {
    return parsed(text, ':');
}

base::Result<std::vector<engine::Head>> noted_heads(const std::filesystem::path& file) {
    std::vector<engine::Head> heads;
    if (file.empty()) return heads;
    const auto text = base::read_file(file, kFileMax);
    if (!text && text.error().failure == base::Failure::not_found) return heads;
    if (!text) return base::fail(text);
    std::string_view rest = *text;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        const auto head = parsed(rest.substr(0, end), ' ');
        if (!head) return base::fail(head);
        heads.push_back(*head);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return heads;
}

}  // namespace cli
