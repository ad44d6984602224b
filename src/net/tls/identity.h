#pragma once
// Who a server is: a certificate with its chain, the key to it, and the names that it stands for.

#include "base/result.h"
#include "base/secret.h"

#include <string>
#include <vector>

namespace net::tls {

struct Identity {
    std::string certificate_pem;  ///< The leaf first, then its chain.
    base::Secret key_pem;
    std::vector<std::string> names;  ///< DNS names in lower case; `*.x` as it stands.
};

/// Reads both files, PEM. `rejected` when either cannot be understood, or when the key is another
/// certificate's; no text of a key is ever part of an error (P11).
base::Result<Identity> load_identity(const std::string& certificate_file,
                                     const std::string& key_file);

}  // namespace net::tls
