#pragma once
// OpenSSL's objects, each with an owner, and how they are read from text.

#include "base/secret.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string_view>

namespace net::tls {

struct Free {
    void operator()(X509* gone) const { X509_free(gone); }
    void operator()(EVP_PKEY* gone) const { EVP_PKEY_free(gone); }
    void operator()(BIO* gone) const { BIO_free_all(gone); }
    void operator()(BIO_METHOD* gone) const { BIO_meth_free(gone); }
    void operator()(SSL* gone) const { SSL_free(gone); }
    void operator()(SSL_CTX* gone) const { SSL_CTX_free(gone); }
    void operator()(GENERAL_NAMES* gone) const { GENERAL_NAMES_free(gone); }
    void operator()(EVP_CIPHER* gone) const { EVP_CIPHER_free(gone); }
};

template <typename T>
using Own = std::unique_ptr<T, Free>;

inline Own<BIO> reader_of(std::string_view text) {
    return Own<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// The first certificate of the text; nothing where there is none.
inline Own<X509> certificate_from(std::string_view pem) {
    const Own<BIO> reader = reader_of(pem);
    Own<X509> made(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    return made;
}

/// A key that no passphrase protects: nobody is there to be asked for one.
inline Own<EVP_PKEY> key_from(const base::Secret& pem) {
    const Own<BIO> reader = reader_of(pem.reveal());
    const auto nobody = [](char*, int, int, void*) { return 0; };
    Own<EVP_PKEY> made(PEM_read_bio_PrivateKey(reader.get(), nullptr, nobody, nullptr));
    ERR_clear_error();
    return made;
}

}  // namespace net::tls
