#include "edge/secure/credentials.h"

#include "net/tls/context.h"

#include <sys/stat.h>

#include <utility>

namespace edge {

namespace {

FileStamp stamp_of(const std::string& file) {
    struct stat found{};
    if (::stat(file.c_str(), &found) != 0) return {};
    return {.inode = found.st_ino,
            .changed_nanos = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec,
            .bytes = found.st_size};
}

std::vector<FileStamp> stamps_of(const Tls& tls) {
    std::vector<FileStamp> made;
    for (const CertificateFiles& files : tls.certificates) {
        made.push_back(stamp_of(files.certificate));
        made.push_back(stamp_of(files.key));
    }
    return made;
}

}  // namespace

base::Result<std::shared_ptr<const Credentials>> load_credentials(const Tls& tls) {
    auto made = std::make_shared<Credentials>();
    for (const CertificateFiles& files : tls.certificates) {
        auto identity = net::tls::load_identity(files.certificate, files.key);
        if (!identity) return base::fail(identity);
        made->identities.push_back(
            std::make_shared<const net::tls::Identity>(std::move(*identity)));
    }
    // Tried here, so that no worker can fail with it later.
    const auto tried = net::tls::Context::make({.identities = made->identities, .tickets = {}});
    if (!tried) return base::fail(tried);
    return std::shared_ptr<const Credentials>(std::move(made));
}

base::Result<AllCredentials> load_credentials(const Config& config) {
    AllCredentials made;
    for (const Listener& listener : config.listeners) {
        if (!listener.tls) continue;
        auto loaded = load_credentials(*listener.tls);
        if (!loaded) return base::fail(loaded);
        made[listener.name] = std::move(*loaded);
    }
    return made;
}

void CredentialsWatch::begin(const Config& config) {
    stamps_.clear();
    for (const Listener& listener : config.listeners) {
        if (listener.tls) stamps_[listener.name] = stamps_of(*listener.tls);
    }
}

CredentialsWatch::Change CredentialsWatch::look(const Config& config) {
    Change change;
    for (const Listener& listener : config.listeners) {
        if (!listener.tls) continue;
        std::vector<FileStamp> now = stamps_of(*listener.tls);
        std::vector<FileStamp>& before = stamps_[listener.name];
        if (now == before) continue;
        // Stamped before it is read: what changes meanwhile is seen at the next look.
        before = std::move(now);
        if (auto loaded = load_credentials(*listener.tls)) {
            change.loaded[listener.name] = std::move(*loaded);
        } else {
            ++change.failed;
        }
    }
    return change;
}

}  // namespace edge
