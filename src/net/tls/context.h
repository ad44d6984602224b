#pragma once
// What all TLS connections of one listener and one worker have in common.

#include "base/result.h"
#include "net/tls/identity.h"
#include "net/tls/own.h"
#include "net/tls/ticket_keys.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace net::tls {

enum class Version { tls_1_2, tls_1_3 };

struct Settings {
    std::vector<std::shared_ptr<const Identity>> identities;  ///< The first is the default.
    Version minimum = Version::tls_1_2;
    bool http2 = false;                   ///< Whether ALPN offers h2.
    std::shared_ptr<TicketKeys> tickets;  ///< None: sessions are not resumed.
};

class Connection;

/// Used by one thread: every worker makes its own, as OpenSSL 3.0 takes locks on what is shared.
/// Outlived by the connections that it began; a reload replaces it for those that come.
class Context : public std::enable_shared_from_this<Context> {
public:
    static base::Result<std::shared_ptr<Context>> make(Settings settings);
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    /// Of a socket just accepted, which the caller keeps: its handshake is to come.
    std::unique_ptr<Connection> accept(int socket);

private:
    explicit Context(Settings settings) : settings_(std::move(settings)) {}

    base::Result<Own<SSL_CTX>> made_for(const Identity& identity);
    /// By exact name, then by the wildcard of its first label (RFC 6125 §6.4.3).
    SSL_CTX* find(std::string_view name) const;
    static int choose_identity(SSL* ssl, int* alert, void* context);
    static int choose_protocol(SSL* ssl, const unsigned char** chosen, unsigned char* chosen_size,
                               const unsigned char* offered, unsigned int offered_size,
                               void* context);
    static int seal_or_open(SSL* ssl, unsigned char* name, unsigned char* iv,
                            EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int seals);

    Settings settings_;
    std::vector<Own<SSL_CTX>> contexts_;  ///< By identity.
    std::unordered_map<std::string, SSL_CTX*> by_name_;
    Own<EVP_CIPHER> ticket_cipher_;
};

}  // namespace net::tls
