#include "net/tls/context.h"

#include "net/tls/connection.h"

#include <openssl/core_names.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <utility>

namespace net::tls {

namespace {

// Forward secrecy and authenticated encryption only: also what RFC 9113 §9.2.2 leaves for HTTP/2.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view kHttp2 = "\x02h2";
constexpr std::string_view kHttp1 = "\x08http/1.1";
// Long enough for a lunch break, shorter than what the ticket keys open.
constexpr long kSessionSeconds = 2 * 3600;

tl::unexpected<base::Error> refused(const char* what) {
    const unsigned long code = ERR_get_error();
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    ERR_clear_error();
    return base::fail(base::Failure::rejected,
                      {.code = "CF0571",
                       .what = std::string("OpenSSL refuses ") + what,
                       .why = text.data(),
                       .fix = "check the certificate: its chain, its key's size, its digest"});
}

bool add_chain(SSL_CTX* context, const std::string& pem) {
    const Own<BIO> reader = reader_of(pem);
    Own<X509> leaf(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr));
    if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) return false;
    while (Own<X509> next{PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)}) {
        if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) return false;
    }
    ERR_clear_error();  // the end of the text is no error
    return true;
}

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return made;
}

}  // namespace

base::Result<std::shared_ptr<Context>> Context::make(Settings settings) {
    const std::shared_ptr<Context> made(new Context(std::move(settings)));
    made->ticket_cipher_.reset(EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr));
    for (const auto& identity : made->settings_.identities) {
        auto context = made->made_for(*identity);
        if (!context) return base::fail(context);
        for (const std::string& name : identity->names) {
            made->by_name_.emplace(name, context->get());
        }
        made->contexts_.push_back(std::move(*context));
    }
    return made;
}

base::Result<Own<SSL_CTX>> Context::made_for(const Identity& identity) {
    ERR_clear_error();
    Own<SSL_CTX> made(SSL_CTX_new(TLS_server_method()));
    SSL_CTX* const context = made.get();
    const bool only_1_3 = settings_.minimum == Version::tls_1_3;
    SSL_CTX_set_min_proto_version(context, only_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
    if (SSL_CTX_set_cipher_list(context, kCiphers) != 1) return refused("the ciphers");
    // A client that ends without a farewell has ended all the same: HTTP and WebSocket frames say
    // themselves whether something is missing.
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout(context, kSessionSeconds);
    static constexpr std::array<unsigned char, 9> kSessions{'c', 'r', 'o', 's', 's',
                                                            'f', 'a', 'd', 'e'};
    SSL_CTX_set_session_id_context(context, kSessions.data(), kSessions.size());
    if (!add_chain(context, identity.certificate_pem)) return refused("the certificate");
    const Own<EVP_PKEY> key = key_from(identity.key_pem);
    if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1) return refused("the key");
    SSL_CTX_set_app_data(context, this);
    SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                          reinterpret_cast<void (*)()>(&choose_identity));
    SSL_CTX_set_tlsext_servername_arg(context, this);
    SSL_CTX_set_alpn_select_cb(context, &choose_protocol, this);
    if (settings_.tickets) {
        SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &seal_or_open);
        SSL_CTX_set_num_tickets(context, 1);
    } else {
        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(context, 0);
    }
    return made;
}

std::unique_ptr<Connection> Context::accept(int socket) {
    return std::make_unique<Connection>(shared_from_this(), contexts_.front().get(), socket);
}

SSL_CTX* Context::find(std::string_view name) const {
    const std::string asked = lower(name);
    if (const auto exact = by_name_.find(asked); exact != by_name_.end()) return exact->second;
    const std::size_t dot = asked.find('.');
    if (dot == std::string::npos) return nullptr;
    const auto wild = by_name_.find("*" + asked.substr(dot));
    return wild == by_name_.end() ? nullptr : wild->second;
}

int Context::choose_identity(SSL* ssl, int*, void* context) {
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (name == nullptr) return SSL_TLSEXT_ERR_NOACK;
    SSL_CTX* const found = static_cast<Context*>(context)->find(name);
    if (found == nullptr) return SSL_TLSEXT_ERR_NOACK;  // the default answers, as ALB's does
    if (found != SSL_get_SSL_CTX(ssl)) SSL_set_SSL_CTX(ssl, found);
    return SSL_TLSEXT_ERR_OK;
}

int Context::choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                             const unsigned char* offered, unsigned int offered_size,
                             void* context) {
    const bool http2 = static_cast<Context*>(context)->settings_.http2;
    const auto offers = [&](std::string_view wanted) {
        for (unsigned int at = 0; at < offered_size;) {
            const unsigned int size = offered[at];
            if (at + 1 + size > offered_size) return false;
            if (size + 1 == wanted.size() &&
                std::equal(wanted.begin() + 1, wanted.end(), offered + at + 1)) {
                *chosen = offered + at + 1;
                *chosen_size = static_cast<unsigned char>(size);
                return true;
            }
            at += 1 + size;
        }
        return false;
    };
    if ((http2 && offers(kHttp2)) || offers(kHttp1)) return SSL_TLSEXT_ERR_OK;
    // RFC 7301 §3.2. Going on would let a client's other protocol be spoken to us (ALPACA).
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

int Context::seal_or_open(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                          EVP_MAC_CTX* mac, int seals) {
    auto* const context = static_cast<Context*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    TicketKeys& keys = *context->settings_.tickets;
    TicketKey key;
    bool old = false;
    if (seals != 0) {
        key = keys.sealing();
        std::copy(key.name.begin(), key.name.end(), name);
        if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(context->ticket_cipher_.get())) != 1) return -1;
    } else {
        const auto found = keys.opening(std::span<const unsigned char, 16>(name, 16));
        if (!found) return 0;  // a full handshake
        key = found->key;
        // Under TLS 1.3 a ticket serves once: a new one goes with each resumption.
        old = found->old || SSL_version(ssl) >= TLS1_3_VERSION;
    }
    std::array<char, 7> digest{"SHA256"};
    std::array<OSSL_PARAM, 3> parameters{
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac.data(), key.mac.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    if (EVP_MAC_CTX_set_params(mac, parameters.data()) != 1) return -1;
    const auto begin = seals != 0 ? EVP_EncryptInit_ex : EVP_DecryptInit_ex;
    if (begin(cipher, context->ticket_cipher_.get(), nullptr, key.cipher.data(), iv) != 1)
        return -1;
    return old ? 2 : 1;
}

}  // namespace net::tls
