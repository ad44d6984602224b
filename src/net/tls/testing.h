#pragma once
// For tests: certificates made on the spot, and a client that blocks.

#include "net/tls/own.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace net::tls::testing {

/// A self-signed certificate for `names` and its key, P-256, written as two PEM files.
struct MadeFiles {
    std::string certificate;
    std::string key;
};

inline void write_pair(const MadeFiles& files, const std::vector<std::string>& names) {
    static int serial = 0;
    const Own<EVP_PKEY> key(EVP_EC_gen("P-256"));
    const Own<X509> made(X509_new());
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_set_pubkey(made.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(made.get());
    const auto* common =
        static_cast<const unsigned char*>(static_cast<const void*>(names.front().c_str()));
    X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, common, -1, -1, 0);
    X509_set_issuer_name(made.get(), subject);
    std::string alternatives;
    for (const std::string& name : names) {
        alternatives += (alternatives.empty() ? "DNS:" : ",DNS:") + name;
    }
    X509_EXTENSION* extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternatives.c_str());
    X509_add_ext(made.get(), extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(made.get(), key.get(), EVP_sha256());
    const Own<BIO> certificate_out(BIO_new_file(files.certificate.c_str(), "w"));
    PEM_write_bio_X509(certificate_out.get(), made.get());
    const Own<BIO> key_out(BIO_new_file(files.key.c_str(), "w"));
    PEM_write_bio_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

inline MadeFiles make_pair(const std::filesystem::path& folder, const std::string& file,
                           const std::vector<std::string>& names) {
    const MadeFiles made{.certificate = (folder / (file + ".pem")).string(),
                         .key = (folder / (file + ".key")).string()};
    write_pair(made, names);
    return made;
}

/// The client's side on a connected, blocking socket that stays its owner's.
class Client {
public:
    struct Wish {
        std::string server_name{};
        std::string alpn{};  ///< As on the wire: `\x02h2`
        int version_max = TLS1_3_VERSION;
        SSL_SESSION* session = nullptr;
    };

    explicit Client(int socket) : Client(socket, Wish{}) {}
    Client(int socket, const Wish& wish)
        : context_(SSL_CTX_new(TLS_client_method())), ssl_(nullptr) {
        std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to the socket without MSG_NOSIGNAL
        SSL_CTX_set_max_proto_version(context_.get(), wish.version_max);
        ssl_.reset(SSL_new(context_.get()));
        if (!wish.server_name.empty()) {
            // NOLINTNEXTLINE: the macro casts
            SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     const_cast<char*>(wish.server_name.c_str()));
        }
        if (!wish.alpn.empty()) {
            SSL_set_alpn_protos(
                ssl_.get(),
                static_cast<const unsigned char*>(static_cast<const void*>(wish.alpn.data())),
                static_cast<unsigned int>(wish.alpn.size()));
        }
        if (wish.session != nullptr) SSL_set_session(ssl_.get(), wish.session);
        SSL_set_fd(ssl_.get(), socket);
        connected = SSL_connect(ssl_.get()) == 1;
        ERR_clear_error();
    }

    /// Else OpenSSL takes the end for a failure and never resumes the session again.
    ~Client() { SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    bool send(std::string_view bytes) {
        std::size_t put = 0;
        return bytes.empty() || SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &put) == 1;
    }
    /// What one record or less gives; empty at the end.
    std::string read() {
        std::array<char, 16384> bytes;
        std::size_t got = 0;
        if (SSL_read_ex(ssl_.get(), bytes.data(), bytes.size(), &got) != 1) {
            orderly_end = SSL_get_error(ssl_.get(), 0) == SSL_ERROR_ZERO_RETURN;
            ERR_clear_error();
            return {};
        }
        return {bytes.data(), got};
    }
    std::string read_until(std::string_view end) {
        std::string all;
        while (all.find(end) == std::string::npos) {
            const std::string more = read();
            if (more.empty()) break;
            all += more;
        }
        return all;
    }
    /// Whether the certificate shown stands for `name`.
    bool shows(const std::string& name) const {
        const Own<X509> shown(SSL_get1_peer_certificate(ssl_.get()));
        return shown && X509_check_host(shown.get(), name.data(), name.size(),
                                        X509_CHECK_FLAG_NO_WILDCARDS, nullptr) == 1;
    }
    std::string alpn() const {
        const unsigned char* chosen = nullptr;
        unsigned int size = 0;
        SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
        return {chosen, chosen + size};
    }
    bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
    std::string version() const { return SSL_get_version(ssl_.get()); }
    SSL_SESSION* session() { return SSL_get1_session(ssl_.get()); }
    void say_goodbye() { SSL_shutdown(ssl_.get()); }
    SSL* raw() { return ssl_.get(); }

    bool connected = false;
    bool orderly_end = false;

private:
    Own<SSL_CTX> context_;
    Own<SSL> ssl_;
};

}  // namespace net::tls::testing
