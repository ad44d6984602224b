#include "report/figures.h"

#include <algorithm>

namespace report {
namespace {

using std::chrono::milliseconds;

milliseconds between(base::Instant from, base::Instant until) {
    return std::chrono::duration_cast<milliseconds>(until - from);
}

// A release that succeeded and was then left by a rollback to an earlier one has failed its users.
const Account* left_by(const std::vector<Account>& accounts, std::size_t at) {
    for (std::size_t next = at + 1; next < accounts.size(); ++next) {
        if (!accounts[next].succeeded()) continue;
        const auto& before = accounts[next].run.before;
        const bool leaves =
            accounts[next].run.is_rollback && before && before->id == accounts[at].run.release.id;
        return leaves ? &accounts[next] : nullptr;
    }
    return nullptr;
}

// When users were first given the release.
std::optional<base::Instant> exposed_at(const Account& account) {
    for (const Share& share : account.shares) {
        if (share.share > base::kNone) return share.at;
    }
    return std::nullopt;
}

}  // namespace

double Figures::a_week() const {
    const double weeks =
        std::chrono::duration<double, std::ratio<7L * 24 * 3600>>(until - from).count();
    return weeks > 0 ? static_cast<double>(succeeded) / weeks : 0;
}

std::optional<double> Figures::change_failure_rate() const {
    if (releases == 0) return std::nullopt;
    return static_cast<double>(failed) / static_cast<double>(releases);
}

std::optional<double> Figures::rework_rate() const {
    if (releases == 0) return std::nullopt;
    return static_cast<double>(reworked) / static_cast<double>(releases);
}

Figures figures_of(const std::vector<Account>& accounts, base::Instant from, base::Instant until) {
    Figures out{.from = from, .until = until};
    bool failed_before = false;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        const Account& account = accounts[i];
        if (account.run.begun < from || account.run.is_rollback || !account.run.ended) continue;
        const Account* left = account.succeeded() ? left_by(accounts, i) : nullptr;
        // Refused before anything was begun: no attempt.
        if (account.run.ending == engine::Ending::refused && account.shares.empty()) continue;
        ++out.releases;
        out.harm += account.run.harm;
        if (account.succeeded()) {
            ++out.succeeded;
            out.lengths.push_back(account.length());
            if (failed_before) ++out.reworked;
        }
        failed_before = !account.succeeded() || left != nullptr;
        if (!failed_before) continue;
        ++out.failed;
        out.exposed_user_minutes += user_minutes(account);
        const auto bad_since = exposed_at(account);
        if (!bad_since) continue;
        if (left != nullptr && left->run.ended) {
            out.recoveries.push_back(between(*bad_since, *left->run.ended));
        } else if (left == nullptr) {
            out.recoveries.push_back(between(*bad_since, *account.run.ended));
        }
    }
    return out;
}

std::optional<milliseconds> median_of(std::vector<milliseconds> lengths) {
    if (lengths.empty()) return std::nullopt;
    const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
    std::nth_element(lengths.begin(), middle, lengths.end());
    return *middle;
}

}  // namespace report
