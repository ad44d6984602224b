#include "net/tls/identity.h"

#include "base/file.h"
#include "net/tls/own.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <utility>

namespace net::tls {

namespace {

constexpr base::Bytes kFileMax{1024 * 1024};

void add_name(std::vector<std::string>& names, const ASN1_STRING* text) {
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, text);
    if (size <= 0) return;
    std::string name(utf8, utf8 + size);
    OPENSSL_free(utf8);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    // A NUL would let one name pass for another.
    if (name.find('\0') == std::string::npos) names.push_back(std::move(name));
}

std::vector<std::string> names_of(X509* leaf) {
    std::vector<std::string> names;
    const Own<GENERAL_NAMES> all(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
        if (name->type == GEN_DNS) add_name(names, name->d.dNSName);
    }
    if (!names.empty()) return names;
    const X509_NAME* subject = X509_get_subject_name(leaf);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at >= 0) add_name(names, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    return names;
}

tl::unexpected<base::Error> unusable(const std::string& file, std::string why) {
    return base::fail(base::Failure::rejected, {.code = "CF0570",
                                                .what = "cannot use " + file + " for TLS",
                                                .why = std::move(why),
                                                .fix = "give PEM files of a certificate with its "
                                                       "chain and of the key that belongs to it"});
}

}  // namespace

base::Result<Identity> load_identity(const std::string& certificate_file,
                                     const std::string& key_file) {
    auto certificate = base::read_file(certificate_file, kFileMax);
    if (!certificate) return unusable(certificate_file, certificate.error().line());
    auto key = base::read_file(key_file, kFileMax);
    if (!key) return unusable(key_file, key.error().line());
    Identity made{.certificate_pem = std::move(*certificate),
                  .key_pem = base::Secret(std::move(*key)),
                  .names = {}};
    const Own<X509> leaf = certificate_from(made.certificate_pem);
    if (!leaf) return unusable(certificate_file, "no certificate in PEM form is in it");
    const Own<EVP_PKEY> parsed = key_from(made.key_pem);
    if (!parsed) return unusable(key_file, "no key in PEM form without a passphrase is in it");
    if (X509_check_private_key(leaf.get(), parsed.get()) != 1) {
        ERR_clear_error();
        return unusable(key_file, "it is not the key of the certificate in " + certificate_file);
    }
    made.names = names_of(leaf.get());
    return made;
}

}  // namespace net::tls
