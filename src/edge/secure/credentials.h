#pragma once
// Certificates and keys of a listener, as read from their files at one moment.

#include "base/result.h"
#include "edge/config.h"
#include "net/tls/identity.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace edge {

/// By which a file that changed is known, also when it was replaced by one of the same size.
struct FileStamp {
    std::uint64_t inode = 0;
    std::int64_t changed_nanos = 0;
    std::int64_t bytes = -1;  ///< -1: there is no such file.

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct Credentials {
    std::vector<std::shared_ptr<const net::tls::Identity>> identities;  ///< In the config's order.
};

/// By the listener's name.
using AllCredentials = std::map<std::string, std::shared_ptr<const Credentials>>;

/// `rejected` when a file cannot be used, or when OpenSSL would refuse what is in it.
base::Result<std::shared_ptr<const Credentials>> load_credentials(const Tls& tls);
base::Result<AllCredentials> load_credentials(const Config& config);

/// Knows whether the files of a config's listeners changed since it looked last, and reads them
/// anew; what cannot be used (half of a pair is written) is left until it changes again.
class CredentialsWatch {
public:
    /// Forgets what was watched; the files are as `load_credentials` has just read them.
    void begin(const Config& config);
    struct Change {
        AllCredentials loaded;  ///< Of the listeners whose files changed.
        std::uint32_t failed = 0;
    };
    Change look(const Config& config);

private:
    std::map<std::string, std::vector<FileStamp>> stamps_;
};

}  // namespace edge
